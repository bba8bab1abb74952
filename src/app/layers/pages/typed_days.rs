//! The days whose orders count, as they are typed.

use chrono::NaiveDate;

use crate::backend::DayRange;
use crate::segment::TypedDay;

/// The days whose orders count, as they are typed: dates, or words such as `3 months ago`. What is left empty is not
/// said; by default it is the past year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedDays {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
}

impl TypedDays {
    /// The days that are meant on the day of evaluation.
    ///
    /// # Errors
    /// One of them is no day, or they are no range.
    pub fn range(&self, as_of: NaiveDate) -> Result<DayRange, String> {
        let (from, to) = (day(&self.from, as_of), day(&self.to, as_of));
        DayRange::new(from.transpose()?, to.transpose()?, as_of).map_err(|error| error.to_string())
    }

    /// Whether nothing is said.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.from.trim().is_empty() && self.to.trim().is_empty()
    }
}

/// The day that a text means; `None` for an empty one.
pub(crate) fn day(text: &str, as_of: NaiveDate) -> Option<Result<NaiveDate, String>> {
    let is_empty = text.trim().is_empty();
    (!is_empty).then(|| text.parse::<TypedDay>().and_then(|day| day.on(as_of)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(from: &str, to: &str) -> Result<(String, String), String> {
        let days = TypedDays { from: from.to_owned(), to: to.to_owned() };
        let range = days.range("2025-12-31".parse().unwrap())?;
        Ok((range.from.to_string(), range.to.to_string()))
    }

    fn is(from: &str, to: &str) -> Result<(String, String), String> {
        Ok((from.to_owned(), to.to_owned()))
    }

    #[test]
    fn days_are_dates_or_words() {
        assert_eq!(range("", " "), is("2025-01-01", "2025-12-31"));
        assert_eq!(range("3 months ago", ""), is("2025-09-30", "2025-12-31"));
        assert_eq!(range("2024-01-01", "yesterday"), is("2024-01-01", "2025-12-30"));
        assert_eq!(range("", "2024-12-31"), is("2024-01-01", "2024-12-31"));
    }

    #[test]
    fn what_is_no_range_says_why() {
        assert!(range("soon", "").unwrap_err().contains("soon"));
        assert!(range("2025-01-01 10:00:00", "").unwrap_err().contains("write a day"));
        assert_eq!(
            range("tomorrow", "").unwrap_err(),
            "2026-01-01 is after 2025-12-31, the day of evaluation"
        );
        assert!(range("2025-05-01", "2025-04-01").unwrap_err().contains("before it begins"));
    }
}
