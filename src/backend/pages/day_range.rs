//! A range of days.

use chrono::{Days, Months, NaiveDate};

/// A range of days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DayRange {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

/// Why two days are no range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DayRangeError {
    /// It ends before it begins.
    #[error("the range ends on {to}, before it begins on {from}")]
    Reversed {
        /// The first day.
        from: NaiveDate,
        /// The last day.
        to: NaiveDate,
    },
    /// A day lies after the day of evaluation.
    #[error("{day} is after {as_of}, the day of evaluation")]
    Future {
        /// The day.
        day: NaiveDate,
        /// The day of evaluation.
        as_of: NaiveDate,
    },
}

impl DayRange {
    /// The year that ends on a day: after the same day a year ago, and not after it.
    #[must_use]
    pub fn past_year(to: NaiveDate) -> Self {
        let before = to.checked_sub_months(Months::new(12)).unwrap_or(NaiveDate::MIN);
        Self { from: before.checked_add_days(Days::new(1)).unwrap_or(before), to }
    }

    /// From what is said of it: without an end it ends at the day of evaluation, without a beginning it begins a year
    /// before its end.
    ///
    /// # Errors
    /// It ends before it begins, or a day lies after that of evaluation.
    pub fn new(
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
        as_of: NaiveDate,
    ) -> Result<Self, DayRangeError> {
        if let Some(day) = [from, to].into_iter().flatten().find(|day| *day > as_of) {
            return Err(DayRangeError::Future { day, as_of });
        }
        let to = to.unwrap_or(as_of);
        let from = from.unwrap_or(Self::past_year(to).from);
        if from > to { Err(DayRangeError::Reversed { from, to }) } else { Ok(Self { from, to }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_not_said_is_the_past_year() {
        let as_of = day("2025-12-31");
        let range = |from: Option<&str>, to: Option<&str>| DayRange::new(from.map(day), to.map(day), as_of);
        let is = |from: &str, to: &str| Ok(DayRange { from: day(from), to: day(to) });
        assert_eq!(range(None, None), is("2025-01-01", "2025-12-31"));
        assert_eq!(range(Some("2025-06-01"), None), is("2025-06-01", "2025-12-31"));
        assert_eq!(range(None, Some("2024-02-29")), is("2023-03-01", "2024-02-29"));
        assert!(matches!(range(Some("2026-01-01"), None), Err(DayRangeError::Future { .. })));
        assert!(matches!(range(Some("2025-02-01"), Some("2025-01-31")), Err(DayRangeError::Reversed { .. })));
    }
}
