//! The values that pass a predicate, as a set.

use chrono::NaiveDate;

use super::ranges::{Cut, Ranges};
use super::text::Atom;
use crate::segment::checked::{AmountTest, Comparison, DateTest, NumberTest, Predicate};
use crate::segment::date::TimePoint;
use crate::segment::number::Number;
use crate::segment::vocabulary::DataType;

/// Longer lists of numbers are compared as wholes only.
const LONGEST_LIST: usize = 100_000;
/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// The day number of 1970-01-01 as chrono counts.
const EPOCH: i64 = 719_163;

/// Some values of one column, with NULL or without.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ValueSet<'c> {
    /// Whether NULL is one of them.
    pub null: bool,
    span: Span,
    /// What else must hold of them.
    tests: Vec<Atom<'c>>,
}

/// Values that have an order.
#[derive(Clone, Debug, PartialEq)]
enum Span {
    All,
    Empty,
    /// Whole numbers, microseconds, or 0 and 1 for false and true.
    Whole(Ranges<i64>),
    Decimal(Ranges<Number>),
}

impl<'c> ValueSet<'c> {
    /// Every value, and NULL.
    pub fn all() -> Self {
        Self { null: true, span: Span::All, tests: Vec::new() }
    }

    /// Every value but NULL.
    pub(crate) fn all_values() -> Self {
        Self { null: false, ..Self::all() }
    }

    /// The values of a column of this type for which a predicate holds.
    pub(crate) fn from_predicate(predicate: &'c Predicate, data_type: DataType) -> Self {
        let values = Self::all_values();
        let tested = |atom| Self { tests: vec![atom], ..Self::all_values() };
        match predicate {
            Predicate::Null => Self { null: true, span: Span::Empty, ..values },
            Predicate::NotNull => values,
            Predicate::Empty => Self { null: true, ..tested(Atom::blank(false)) },
            Predicate::NotEmpty => tested(Atom::blank(true)),
            Predicate::Boolean(wanted) => {
                let (low, high) =
                    if *wanted { (Cut::Before(1), Cut::End) } else { (Cut::Start, Cut::Before(1)) };
                Self { span: Span::Whole(Ranges::between(low, high)), ..values }
            }
            Predicate::Number(NumberTest::In { numbers, .. }) if numbers.len() > LONGEST_LIST => {
                tested(Atom::other(predicate))
            }
            Predicate::Number(test) if data_type == DataType::Integer => {
                Self { span: Span::Whole(numbers(test).whole()), ..values }
            }
            Predicate::Number(test) => Self { span: Span::Decimal(numbers(test)), ..values },
            Predicate::Text(test) => tested(Atom::text(test, predicate)),
            Predicate::Date(DateTest::Anniversary { .. }) => tested(Atom::other(predicate)),
            Predicate::Date(test) => Self::dates(test),
        }
    }

    /// The dates that pass; all of them for an anniversary, of which nothing is known here.
    pub fn dates(test: &DateTest) -> Self {
        Self { span: Span::Whole(dates(test)), ..Self::all_values() }
    }

    /// The amounts that pass.
    pub fn amounts(test: &AmountTest) -> Self {
        Self { span: Span::Decimal(amounts(test)), ..Self::all_values() }
    }

    /// The values in both.
    pub(crate) fn intersect(&self, other: &Self) -> Self {
        let span = match (&self.span, &other.span) {
            (Span::Empty, _) | (_, Span::Empty) => Span::Empty,
            (Span::All, span) | (span, Span::All) => span.clone(),
            (Span::Whole(a), Span::Whole(b)) => Span::Whole(a.intersect(b)),
            (Span::Decimal(a), Span::Decimal(b)) => Span::Decimal(a.intersect(b)),
            // A column has one type; of two, none is known to be left out.
            (span, _) => span.clone(),
        };
        let mut tests = self.tests.clone();
        tests.extend(other.tests.iter().filter(|test| !self.tests.contains(test)));
        Self { null: self.null && other.null, span, tests }
    }

    /// The values in either, where that is a set of this kind.
    pub fn union(&self, other: &Self) -> Option<Self> {
        let null = self.null || other.null;
        let span = match (&self.span, &other.span) {
            _ if self.has_no_values() => return Some(Self { null, ..other.clone() }),
            _ if other.has_no_values() => return Some(Self { null, ..self.clone() }),
            _ if self.covers_values_with(other) => Span::All,
            (Span::Whole(a), Span::Whole(b)) if self.tests.is_empty() && other.tests.is_empty() => {
                Span::Whole(a.union(b))
            }
            (Span::Decimal(a), Span::Decimal(b)) if self.tests.is_empty() && other.tests.is_empty() => {
                Span::Decimal(a.union(b))
            }
            _ => return None,
        };
        Some(Self { null, span, tests: Vec::new() })
    }

    /// Whether every value is in one of the two.
    fn covers_values_with(&self, other: &Self) -> bool {
        self.complement().is_some_and(|rest| {
            let rest = Self { null: false, ..rest };
            rest.is_subset(other)
        })
    }

    /// All other values, and NULL if it is not here; `None` if that is no set of this kind.
    pub(crate) fn complement(&self) -> Option<Self> {
        let null = !self.null;
        let span = match (&self.span, self.tests.as_slice()) {
            (Span::All, [test]) => {
                return Some(Self { null, span: Span::All, tests: vec![test.not()] });
            }
            (_, [_, ..]) => return None,
            (Span::All, []) => Span::Empty,
            (Span::Empty, []) => Span::All,
            (Span::Whole(ranges), []) => Span::Whole(ranges.complement()),
            (Span::Decimal(ranges), []) => Span::Decimal(ranges.complement()),
        };
        Some(Self { null, span, tests: Vec::new() })
    }

    /// Whether certainly nothing is in, not even NULL.
    pub fn is_empty(&self) -> bool {
        !self.null && self.has_no_values()
    }

    /// Whether certainly no value is in.
    fn has_no_values(&self) -> bool {
        let is_empty = match &self.span {
            Span::All => false,
            Span::Empty => true,
            Span::Whole(ranges) => ranges.is_empty(),
            Span::Decimal(ranges) => ranges.is_empty(),
        };
        is_empty || Atom::are_empty(&self.tests)
    }

    /// Whether certainly every value is in, whatever of NULL.
    pub(crate) fn has_all_values(&self) -> bool {
        let is_all = match &self.span {
            Span::All => true,
            Span::Empty => false,
            Span::Whole(ranges) => ranges.is_all(),
            Span::Decimal(ranges) => ranges.is_all(),
        };
        is_all && self.tests.iter().all(Atom::is_all)
    }

    /// Whether certainly everything is in.
    pub(crate) fn is_all(&self) -> bool {
        self.null && self.has_all_values()
    }

    /// Whether certainly all of it is in `other` too.
    pub fn is_subset(&self, other: &Self) -> bool {
        if self.null && !other.null {
            return false;
        }
        let span = match (&self.span, &other.span) {
            (_, Span::All) | (Span::Empty, _) => true,
            (Span::Whole(a), Span::Whole(b)) => a.is_subset(b),
            (Span::Decimal(a), Span::Decimal(b)) => a.is_subset(b),
            (_, Span::Whole(b)) => b.is_all(),
            (_, Span::Decimal(b)) => b.is_all(),
            (_, Span::Empty) => false,
        };
        let tests = || other.tests.iter().all(|test| Atom::all_imply(&self.tests, test));
        self.has_no_values() || span && tests()
    }

    /// Whether certainly nothing is in both.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.intersect(other).is_empty()
    }
}

/// The points that stand so to what lies between two cuts.
fn compare<T: Ord + Copy>(comparison: Comparison, before: Cut<T>, after: Cut<T>) -> Ranges<T> {
    match comparison {
        Comparison::Equal => Ranges::between(before, after),
        Comparison::NotEqual => Ranges::between(before, after).complement(),
        Comparison::Less => Ranges::between(Cut::Start, before),
        Comparison::LessOrEqual => Ranges::between(Cut::Start, after),
        Comparison::Greater => Ranges::between(after, Cut::End),
        Comparison::GreaterOrEqual => Ranges::between(before, Cut::End),
    }
}

/// The points between two ends, each given by the cuts before and after it.
fn between<T: Ord + Copy>(low: (Cut<T>, Cut<T>), high: (Cut<T>, Cut<T>), inclusive: bool) -> Ranges<T> {
    if inclusive { Ranges::between(low.0, high.1) } else { Ranges::between(low.1, high.0) }
}

fn around(number: Number) -> (Cut<Number>, Cut<Number>) {
    (Cut::Before(number), Cut::After(number))
}

/// The numbers that pass a test.
pub fn numbers(test: &NumberTest) -> Ranges<Number> {
    match test {
        NumberTest::Compare(comparison, number) => {
            compare(*comparison, Cut::Before(*number), Cut::After(*number))
        }
        NumberTest::Between { low, high, inclusive } => between(around(*low), around(*high), *inclusive),
        NumberTest::NotBetween { low, high } => between(around(*low), around(*high), true).complement(),
        NumberTest::In { numbers, negated } => {
            let listed = Ranges::points(numbers.iter().copied());
            if *negated { listed.complement() } else { listed }
        }
    }
}

/// The amounts that pass a test.
pub fn amounts(test: &AmountTest) -> Ranges<Number> {
    match test {
        AmountTest::Compare(comparison, number) => {
            compare(*comparison, Cut::Before(*number), Cut::After(*number))
        }
        AmountTest::Between { low, high, inclusive } => between(around(*low), around(*high), *inclusive),
    }
}

/// The microseconds before a time point and after it.
fn time_point(time_point: TimePoint) -> (Cut<i64>, Cut<i64>) {
    let (first, length) = match time_point {
        TimePoint::Day(day) => (day_start(day), DAY),
        TimePoint::Instant(instant) => (instant.and_utc().timestamp_micros(), 1),
    };
    (Cut::Before(first), first.checked_add(length).map_or(Cut::End, Cut::Before))
}

fn day_start(day: NaiveDate) -> i64 {
    use chrono::Datelike;
    (i64::from(day.num_days_from_ce()) - EPOCH).saturating_mul(DAY)
}

fn dates(test: &DateTest) -> Ranges<i64> {
    match test {
        DateTest::Compare(comparison, date) => {
            let (before, after) = time_point(date.at);
            compare(*comparison, before, after)
        }
        DateTest::Between { low, high, inclusive } => {
            between(time_point(low.at), time_point(high.at), *inclusive)
        }
        // A range may end before it begins: each end compares by its own kind.
        DateTest::NotBetween { low, high } => {
            let before = Ranges::between(Cut::Start, time_point(low.at).0);
            before.union(&Ranges::between(time_point(high.at).1, Cut::End))
        }
        DateTest::Anniversary { .. } => Ranges::all(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::date::ResolvedDate;

    fn day(text: &str) -> ResolvedDate<TimePoint> {
        ResolvedDate { at: TimePoint::Day(text.parse().unwrap()), relative: None }
    }

    #[test]
    fn days_are_whole() {
        let between = |low: &str, high: &str, inclusive| {
            ValueSet::dates(&DateTest::Between { low: day(low), high: day(high), inclusive })
        };
        assert!(between("2024-01-01", "2024-01-02", false).is_empty());
        assert!(between("2024-01-01", "2024-01-01", false).is_empty());
        assert!(!between("2024-01-01", "2024-01-01", true).is_empty());
        let after = |text: &str| ValueSet::dates(&DateTest::Compare(Comparison::Greater, day(text)));
        assert!(after("2024-01-02").is_subset(&after("2024-01-01")));
        assert!(after("2024-01-02").is_disjoint(&between("2024-01-01", "2024-01-02", true)));
    }

    #[test]
    fn what_is_not_one_is_the_other() {
        let flags = [true, false].map(Predicate::Boolean);
        let [yes, no] = flags.each_ref().map(|flag| ValueSet::from_predicate(flag, DataType::Boolean));
        assert!(yes.is_disjoint(&no) && yes.union(&no).unwrap().has_all_values());
        assert!(!yes.union(&no).unwrap().is_all());
        let null = ValueSet::from_predicate(&Predicate::Null, DataType::Boolean);
        assert!(null.union(&ValueSet::all_values()).unwrap().is_all());
        assert!(null.is_disjoint(&yes) && yes.is_subset(&null.complement().unwrap()));
    }
}
