//! Whether a date passes a test (`docs/reference/segment-language.md`, Attribute conditions).

use chrono::{Datelike, NaiveDate};

use crate::local::values::{Timestamp, compare};
use crate::segment::{Comparison, DateTest, ResolvedDate, TimePoint};

/// A test made ready for many dates.
pub(crate) enum DatePredicate<'a> {
    Range(&'a DateTest),
    /// The months and days that pass.
    Anniversary(Vec<(u32, u32)>),
}

impl<'a> DatePredicate<'a> {
    pub fn new(test: &'a DateTest) -> Self {
        match test {
            DateTest::Anniversary { first, last } => Self::Anniversary(anniversaries(first.at, last.at)),
            DateTest::Compare(..) | DateTest::Between { .. } | DateTest::NotBetween { .. } => {
                Self::Range(test)
            }
        }
    }

    pub fn holds(&self, point: Timestamp) -> bool {
        let is = |comparison: Comparison, date: &ResolvedDate<TimePoint>| {
            comparison.holds(compare(point, date.at))
        };
        match self {
            Self::Range(DateTest::Compare(comparison, date)) => is(*comparison, date),
            Self::Range(DateTest::Between { low, high, inclusive: true }) => {
                is(Comparison::GreaterOrEqual, low) && is(Comparison::LessOrEqual, high)
            }
            Self::Range(DateTest::Between { low, high, inclusive: false }) => {
                is(Comparison::Greater, low) && is(Comparison::Less, high)
            }
            Self::Range(DateTest::NotBetween { low, high }) => {
                is(Comparison::Less, low) || is(Comparison::Greater, high)
            }
            Self::Range(DateTest::Anniversary { .. }) => false,
            Self::Anniversary(days) => {
                point.date().is_some_and(|date| days.binary_search(&(date.month(), date.day())).is_ok())
            }
        }
    }
}

/// The months and days, in order, that fall on a day of the range, ends included.
fn anniversaries(first: NaiveDate, last: NaiveDate) -> Vec<(u32, u32)> {
    let mut days: Vec<(u32, u32)> = first
        .iter_days()
        .take_while(|day| *day <= last)
        .flat_map(|day| {
            // 29 February falls on 1 March in other years.
            let is_stand_in = (day.month(), day.day()) == (3, 1) && !day.leap_year();
            std::iter::once((day.month(), day.day())).chain(is_stand_in.then_some((2, 29)))
        })
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(at: TimePoint) -> ResolvedDate<TimePoint> {
        ResolvedDate { at, relative: None }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn leap_days_fall_on_the_first_of_march() {
        let range = |first, last| anniversaries(day(first), day(last));
        assert_eq!(range("2023-02-28", "2023-02-28"), [(2, 28)]);
        assert_eq!(range("2023-03-01", "2023-03-01"), [(2, 29), (3, 1)]);
        assert_eq!(range("2024-02-28", "2024-03-01"), [(2, 28), (2, 29), (3, 1)]);
        assert_eq!(range("2024-03-01", "2024-03-01"), [(3, 1)]);
        assert_eq!(range("2023-12-31", "2024-01-01"), [(1, 1), (12, 31)]);
        assert_eq!(range("2023-01-01", "2024-01-01").len(), 366);
    }

    #[test]
    fn each_end_compares_by_its_own_kind() {
        let test = DateTest::Between {
            low: fixed(TimePoint::Instant(day("2024-01-01").and_hms_opt(12, 0, 0).unwrap())),
            high: fixed(TimePoint::Day(day("2024-01-02"))),
            inclusive: true,
        };
        let matcher = DatePredicate::new(&test);
        let at = |text: &str| Timestamp::from(text.parse::<chrono::NaiveDateTime>().unwrap());
        assert!(matcher.holds(at("2024-01-01T12:00:00")) && !matcher.holds(at("2024-01-01T11:59:59.999999")));
        assert!(matcher.holds(at("2024-01-02T23:59:59.999999")) && !matcher.holds(at("2024-01-03T00:00:00")));
        assert!(
            !matcher.holds(Timestamp { day: 19_723, micros: 0 })
                && matcher.holds(Timestamp { day: 19_724, micros: 0 })
        );
    }

    #[test]
    fn instants_before_1970_have_the_right_day() {
        let point = Timestamp::from(day("1969-12-31").and_hms_opt(23, 59, 59).unwrap());
        assert_eq!((point.day, point.date()), (-1, Some(day("1969-12-31"))));
    }
}
