//! How far values are from passing tests.

use crate::backend::Distance;
use crate::local::columns::Value;
use crate::local::predicate::column_predicate::ColumnPredicate;
use crate::local::values::{DAY, Timestamp, day_number};
use crate::segment::{AmountTest, DateTest, Number, NumberTest, Predicate, TimePoint};

/// How far a value is from passing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Gap {
    pub distance: Distance,
    /// Without its sign; `None` where there is no telling how far.
    pub size: Option<Number>,
}

impl Gap {
    /// It is another value.
    pub fn other() -> Self {
        Self { distance: Distance::Value, size: None }
    }

    /// It is NULL.
    pub fn null() -> Self {
        Self { distance: Distance::Null, size: None }
    }

    /// So many more, or fewer.
    pub fn count(count: i64) -> Self {
        let size = Number::from_parts(i128::from(count).abs(), 0);
        Self { distance: Distance::Number(count.to_string()), size: Some(size) }
    }
}

/// Of a value of a column that does not pass.
pub(super) fn of_value(predicate: &Predicate, value: Option<Value<'_>>) -> Gap {
    let Some(value) = value else { return Gap::null() };
    let column_predicate = ColumnPredicate::new(predicate);
    let holds = |value: Value<'_>| column_predicate.holds(value, &mut String::new());
    match (predicate, value) {
        (Predicate::Number(test), Value::Integer(number)) => {
            let candidate = |parts: i128| i64::try_from(parts).map(Value::Integer).ok();
            let start = Digits { parts: number.into(), decimals: 0 };
            let holds = |at: Digits| candidate(at.parts).is_some_and(holds);
            of_digits(start, Steps::Of(0), &ends(test, start, Steps::Of(0)), holds)
        }
        (Predicate::Number(test), Value::Exact { parts, decimals }) => {
            let start = Digits { parts, decimals };
            let holds = |at: Digits| holds(Value::Exact { parts: at.parts, decimals });
            let steps = Steps::Of(decimals);
            of_digits(start, steps, &ends(test, start, steps), holds)
        }
        (Predicate::Number(test), Value::Decimal(number)) => {
            let nearest = test.nearest();
            let test = nearest.as_ref().unwrap_or(test);
            let Some(start) = Digits::parse(&number.to_string()) else { return Gap::other() };
            let holds = |at: Digits| at.text().parse().is_ok_and(|number| holds(Value::Decimal(number)));
            of_digits(start, Steps::AtLeast(2), &ends(test, start, Steps::AtLeast(2)), holds)
        }
        (Predicate::Date(test), Value::Date(day)) => {
            let point = Timestamp { day, micros: 0 };
            of_point(test, point, |days| day.checked_add(days).map(Value::Date).is_some_and(holds))
        }
        (Predicate::Date(test), Value::Datetime(micros)) => {
            let later = |days: i64| micros.checked_add(days.checked_mul(DAY)?).map(Value::Datetime);
            of_point(test, Timestamp::from_micros(micros), |days| later(days).is_some_and(holds))
        }
        _ => Gap::other(),
    }
}

/// Of a number that was worked out and does not pass.
pub(super) fn of_number(test: &NumberTest, number: Number, steps: Steps) -> Gap {
    let Some(start) = Digits::parse(&number.to_string()) else { return Gap::other() };
    of_digits(start, steps, &ends(test, start, steps), |at| test.holds(at.number()))
}

/// The same of an amount; one below `least` does not pass either.
pub(super) fn of_amount(test: &AmountTest, number: Number, steps: Steps, least: Option<i64>) -> Gap {
    let Some(start) = Digits::parse(&number.to_string()) else { return Gap::other() };
    let ends = match test {
        AmountTest::Compare(_, number) => vec![*number],
        AmountTest::Between { low, high, .. } => vec![*low, *high],
    };
    let least = least.map(Number::Integer);
    let holds = |at: Digits| {
        let number = at.number();
        test.holds(number) && least.is_none_or(|least| number >= least)
    };
    of_digits(start, steps, &[ends, Vec::from_iter(least)].concat(), holds)
}

/// To how many decimals numbers go.
#[derive(Clone, Copy, Debug)]
pub(super) enum Steps {
    /// So many.
    Of(u32),
    /// As many as are written, but no fewer than these.
    AtLeast(u32),
}

/// A number by its digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Digits {
    parts: i128,
    decimals: u32,
}

impl Digits {
    /// `None` of what has no digits, or too many.
    fn parse(text: &str) -> Option<Self> {
        const MOST: usize = 30;
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        if whole.len() + decimals.len() > MOST {
            return None;
        }
        let parts = format!("{whole}{decimals}").parse().ok()?;
        Some(Self { parts, decimals: u32::try_from(decimals.len()).ok()? })
    }

    fn text(self) -> String {
        Number::text_of_parts(self.parts, self.decimals)
    }

    fn number(self) -> Number {
        Number::from_parts(self.parts, self.decimals)
    }

    /// With other decimals, the next such number that is not greater.
    fn floor(self, decimals: u32) -> Option<Self> {
        let parts = match decimals.checked_sub(self.decimals) {
            Some(more) => self.parts.checked_mul(10_i128.checked_pow(more)?)?,
            None => self.parts.div_euclid(10_i128.checked_pow(self.decimals - decimals)?),
        };
        Some(Self { parts, decimals })
    }
}

/// The numbers near which a test turns. Of a list those next to a number, of those that have no more decimals.
fn ends(test: &NumberTest, of: Digits, steps: Steps) -> Vec<Number> {
    /// How far they are sought.
    const MOST: usize = 1 << 12;
    match test {
        NumberTest::Compare(_, number) => vec![*number],
        NumberTest::Between { low, high, .. } | NumberTest::NotBetween { low, high } => vec![*low, *high],
        NumberTest::In { numbers, .. } => {
            let is_step = |number: &&Number| match (Digits::parse(&number.to_string()), steps) {
                (Some(digits), Steps::Of(decimals)) => digits.decimals <= decimals,
                (digits, Steps::AtLeast(_)) => digits.is_some(),
                (None, Steps::Of(_)) => false,
            };
            let (below, above) = numbers.split_at(numbers.partition_point(|number| *number < of.number()));
            let below = below.iter().rev().take(MOST).find(is_step);
            below.into_iter().chain(above.iter().take(MOST).find(is_step)).copied().collect()
        }
    }
}

/// The nearest number that passes: it is an end or stands beside one; or beside the number itself, which may be one of
/// several that do not pass.
fn of_digits(start: Digits, steps: Steps, ends: &[Number], holds: impl Fn(Digits) -> bool) -> Gap {
    const BESIDE: i128 = 64;
    let ends: Vec<Digits> = ends.iter().filter_map(|end| Digits::parse(&end.to_string())).collect();
    let decimals = match steps {
        Steps::Of(decimals) => decimals,
        Steps::AtLeast(decimals) => {
            ends.iter().map(|end| end.decimals).fold(start.decimals.max(decimals), u32::max)
        }
    };
    let Some(start) = start.floor(decimals) else { return Gap::other() };
    let near_ends = ends
        .iter()
        .filter_map(|end| end.floor(decimals))
        .flat_map(|end| (-1..=2).filter_map(move |step| end.parts.checked_add(step)));
    let beside = (-BESIDE..=BESIDE).filter_map(|step| start.parts.checked_add(step));
    let mut steps: Vec<i128> =
        near_ends.chain(beside).filter_map(|parts| parts.checked_sub(start.parts)).collect();
    // Of two that are as near the one above.
    steps.sort_unstable_by_key(|step| (step.unsigned_abs(), *step < 0));
    let nearest = steps.into_iter().find(|step| holds(Digits { parts: start.parts + step, decimals }));
    nearest.map_or_else(Gap::other, |step| Gap {
        distance: Distance::Number(Number::text_of_parts(step, decimals)),
        size: Some(Number::from_parts(step.saturating_abs(), decimals)),
    })
}

/// The nearest day on which a test passes, at the same time of the day.
fn of_point(test: &DateTest, point: Timestamp, holds: impl Fn(i64) -> bool) -> Gap {
    let days_to = |at: TimePoint| match at {
        TimePoint::Day(day) => day_number(day) - point.day,
        TimePoint::Instant(instant) => Timestamp::from(instant).day - point.day,
    };
    let mut days: Vec<i64> = match test {
        DateTest::Compare(_, date) => vec![days_to(date.at)],
        DateTest::Between { low, high, .. } | DateTest::NotBetween { low, high } => {
            vec![days_to(low.at), days_to(high.at)]
        }
        DateTest::Anniversary { .. } => {
            // A 29 February comes again after eight years at the latest.
            const YEARS: i64 = 8 * 366 + 1;
            let nearest = (1..=YEARS).flat_map(|days| [days, -days]).find(|days| holds(*days));
            return nearest.map_or_else(Gap::other, Gap::days);
        }
    };
    days = days.into_iter().flat_map(|days| (-1..=1).map(move |step| days + step)).collect();
    days.sort_unstable_by_key(|days| (days.unsigned_abs(), *days < 0));
    days.into_iter().find(|days| holds(*days)).map_or_else(Gap::other, Gap::days)
}

impl Gap {
    /// So many days later, or earlier.
    fn days(days: i64) -> Self {
        Self { size: Some(Number::from_parts(i128::from(days).abs(), 0)), distance: Distance::Days(days) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::segment::{Comparison, ResolvedDate, Sorted};

    fn number(text: &str) -> Number {
        Number::from_json(&text.parse().unwrap()).unwrap()
    }

    fn compare(comparison: Comparison, text: &str) -> Predicate {
        Predicate::Number(NumberTest::Compare(comparison, number(text)))
    }

    fn distance(predicate: &Predicate, value: Value<'_>) -> String {
        match of_value(predicate, Some(value)).distance {
            Distance::Number(number) => number,
            Distance::Days(days) => format!("{days} days"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn numbers_step_in_the_smallest_unit_that_passes() {
        use Comparison as C;
        let whole = Value::Integer(7);
        assert_eq!(distance(&compare(C::Greater, "10"), whole), "4");
        assert_eq!(distance(&compare(C::GreaterOrEqual, "10"), whole), "3");
        assert_eq!(distance(&compare(C::Less, "2.5"), whole), "-5");
        assert_eq!(distance(&compare(C::Greater, "9.5"), whole), "3");
        assert_eq!(distance(&compare(C::NotEqual, "7"), whole), "1");
        // No whole number is 2.5.
        assert_eq!(distance(&compare(C::Equal, "2.5"), whole), "Value");
        let double = Value::Decimal(12.5);
        assert_eq!(distance(&compare(C::GreaterOrEqual, "20"), double), "7.5");
        assert_eq!(distance(&compare(C::Greater, "20"), double), "7.51");
        assert_eq!(distance(&compare(C::Less, "12.4995"), double), "-0.0006");
        let exact = Value::Exact { parts: 12_500, decimals: 3 };
        assert_eq!(distance(&compare(C::Greater, "20"), exact), "7.501");
        assert_eq!(distance(&compare(C::Greater, "1"), Value::Decimal(f64::NEG_INFINITY)), "Value");
        let list = |numbers: &[i64], negated| {
            let numbers = numbers.iter().copied().map(Number::Integer).collect::<Vec<_>>();
            Predicate::Number(NumberTest::In { numbers: Sorted::from(numbers), negated })
        };
        assert_eq!(distance(&list(&[1, 5, 10, 40], false), whole), "-2");
        assert_eq!(distance(&list(&[6, 7, 8], true), whole), "2");
        assert_eq!(of_value(&compare(C::Less, "2"), None).distance, Distance::Null);
    }

    fn day(text: &str) -> ResolvedDate<TimePoint> {
        ResolvedDate { at: TimePoint::Day(text.parse().unwrap()), relative: None }
    }

    fn instant(text: &str) -> ResolvedDate<TimePoint> {
        ResolvedDate { at: TimePoint::Instant(text.parse().unwrap()), relative: None }
    }

    #[test]
    fn dates_step_in_days() {
        use Comparison as C;
        let test = |comparison, date| Predicate::Date(DateTest::Compare(comparison, date));
        let date = |text: &str| Value::Date(day_number(text.parse().unwrap()));
        let time = |text: &str| {
            let time: chrono::NaiveDateTime = text.parse().unwrap();
            Value::Datetime(time.and_utc().timestamp_micros())
        };
        assert_eq!(distance(&test(C::Greater, day("2024-03-01")), date("2024-02-28")), "3 days");
        assert_eq!(distance(&test(C::Less, day("2024-03-01")), time("2024-03-01T00:00:00")), "-1 days");
        let noon = instant("2024-03-01T12:00:00");
        assert_eq!(distance(&test(C::Greater, noon), time("2024-02-29T12:00:00")), "2 days");
        assert_eq!(distance(&test(C::GreaterOrEqual, noon), time("2024-02-29T12:00:00")), "1 days");
        assert_eq!(distance(&test(C::Less, noon), time("2024-03-01T13:00:00")), "-1 days");
        assert_eq!(distance(&test(C::Equal, noon), time("2024-03-04T12:00:00")), "-3 days");
        assert_eq!(distance(&test(C::Equal, noon), time("2024-03-04T11:00:00")), "Value");
        let fixed = |text: &str| ResolvedDate { at: text.parse().unwrap(), relative: None };
        let birthday =
            Predicate::Date(DateTest::Anniversary { first: fixed("2024-02-28"), last: fixed("2024-02-29") });
        assert_eq!(distance(&birthday, date("1990-03-02")), "-2 days");
    }

    fn numbers() -> impl Strategy<Value = Number> {
        (-400_i128..400, 0_u32..4).prop_map(|(parts, decimals)| Number::from_parts(parts, decimals))
    }

    fn tests() -> impl Strategy<Value = NumberTest> {
        use Comparison as C;
        let comparison = prop::sample::select(vec![
            C::Equal,
            C::NotEqual,
            C::Less,
            C::LessOrEqual,
            C::Greater,
            C::GreaterOrEqual,
        ]);
        let ends = || (numbers(), numbers()).prop_map(|(a, b)| (a.min(b), a.max(b)));
        prop_oneof![
            (comparison, numbers()).prop_map(|(of, number)| NumberTest::Compare(of, number)),
            (ends(), any::<bool>()).prop_map(|((low, high), inclusive)| NumberTest::Between {
                low,
                high,
                inclusive
            }),
            ends().prop_map(|(low, high)| NumberTest::NotBetween { low, high }),
            (prop::collection::vec(numbers(), 1..6), any::<bool>()).prop_map(|(numbers, negated)| {
                NumberTest::In { numbers: Sorted::from(numbers), negated }
            }),
        ]
    }

    proptest! {
        /// Of whole numbers and decimals nothing nearer passes, and what is named does.
        #[test]
        fn no_number_nearer_passes(test in tests(), parts in -600_i64..600, decimals in 0_u32..3) {
            let value = |parts: i64| match decimals {
                0 => Value::Integer(parts),
                _ => Value::Exact { parts: parts.into(), decimals },
            };
            let predicate = Predicate::Number(test);
            let holds = |parts| ColumnPredicate::new(&predicate).holds(value(parts), &mut String::new());
            prop_assume!(!holds(parts));
            let nearest = (1..100_000).flat_map(|step| [step, -step]).find(|step| holds(parts + step));
            let expected = nearest.map_or("Value".to_owned(), |step| Number::text_of_parts(step.into(), decimals));
            prop_assert_eq!(distance(&predicate, value(parts)), expected);
        }

        #[test]
        fn doubles_pass_with_what_is_added(test in tests(), parts in -600_i128..600, decimals in 0_u32..4) {
            let start = Number::from_parts(parts, decimals);
            let predicate = Predicate::Number(test);
            let column_predicate = ColumnPredicate::new(&predicate);
            let holds = |number| column_predicate.holds(Value::Decimal(number), &mut String::new());
            prop_assume!(!holds(start.as_f64()));
            match of_value(&predicate, Some(Value::Decimal(start.as_f64()))).distance {
                Distance::Number(distance) => {
                    let added = Digits::parse(&distance).unwrap().floor(9).unwrap().parts;
                    let sum = Digits { parts: parts * 10_i128.pow(9 - decimals) + added, decimals: 9 };
                    prop_assert!(holds(sum.text().parse().unwrap()), "{} {}", start, distance);
                }
                other => prop_assert_eq!(other, Distance::Value),
            }
        }
    }
}
