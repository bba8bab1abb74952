//! A day as a person types it.

use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use super::date::{DateValue, RelativeDate, TimePoint};

/// A day as a person types it: a date, or words such as `3 months ago`, which count from a day that is known later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypedDay {
    /// This day.
    Day(NaiveDate),
    /// In words.
    Relative(RelativeDate),
}

/// Nobody writes the day of another year in four digits.
const YEARS: std::ops::RangeInclusive<i32> = 0..=9999;

impl TypedDay {
    /// The day that is meant, counted from another one.
    ///
    /// # Errors
    /// It is beyond the years that are written in four digits; the text says so.
    pub fn on(self, day: NaiveDate) -> Result<NaiveDate, String> {
        let found = match self {
            Self::Day(day) => Some(day),
            Self::Relative(words) => words.on(day),
        };
        found.filter(|found| YEARS.contains(&found.year())).ok_or_else(|| {
            format!("{self}, counted from {day}, is beyond the years 0 to 9999: name a nearer day")
        })
    }
}

impl FromStr for TypedDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match DateValue::parse(text) {
            Ok(DateValue::Absolute(TimePoint::Day(day))) => Ok(Self::Day(day)),
            Ok(DateValue::Absolute(TimePoint::Instant(instant))) => {
                Err(format!("{instant} is a time: write a day, such as {}", instant.date()))
            }
            Ok(DateValue::Relative(words)) => RelativeDate::parse(&words)
                .map(Self::Relative)
                .map_err(|error| format!("{error}: write {RIGHT}")),
            Err(error) => Err(match error.suggestion() {
                Some(_) => format!("{error}: {} A day is {RIGHT}", error.help()),
                None => format!("{error}: write {RIGHT}"),
            }),
        }
    }
}

/// What days look like.
const RIGHT: &str = "YYYY-MM-DD, or words: today, yesterday, 3 months ago, in 2 weeks, today + 30 days, \
                     start of month";

/// As it can be typed.
impl std::fmt::Display for TypedDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Relative(words) => words.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str, day: &str) -> Result<String, String> {
        let day = text.parse::<TypedDay>()?.on(day.parse().unwrap())?;
        Ok(day.to_string())
    }

    #[test]
    fn a_day_is_a_date_or_words() {
        let is = |day: &str| Ok(day.to_owned());
        assert_eq!(on(" 2025-01-31 ", "2025-12-31"), is("2025-01-31"));
        assert_eq!(on("3 Months  AGO", "2024-05-31"), is("2024-02-29"));
        assert_eq!(on("today", "2024-05-31"), is("2024-05-31"));
        assert_eq!(on("start of month", "2024-05-31"), is("2024-05-01"));
        assert_eq!(on("in 2 weeks", "2024-05-31"), is("2024-06-14"));
    }

    #[test]
    fn what_is_no_day_says_what_would_be_one() {
        let problem = |text: &str| on(text, "2025-12-31").unwrap_err();
        assert_eq!(
            problem("soon"),
            "\"soon\" is no date: write YYYY-MM-DD, or words: today, yesterday, 3 months ago, in 2 weeks, \
             today + 30 days, start of month"
        );
        assert_eq!(
            problem("2025-01-31 10:00:00"),
            "2025-01-31 10:00:00 is a time: write a day, such as 2025-01-31"
        );
        assert!(problem("2025-02-30").contains("no such date"));
        assert!(problem("10001 days ago").contains("10,000"));
        assert!(problem("10000 years ago").contains("counted from 2025-12-31"));
        assert!(problem("").contains("write YYYY-MM-DD"));
        let suggested = problem("2025-1-31");
        assert!(suggested.contains("did you mean 2025-01-31?") && suggested.contains("YYYY-MM-DD"));
    }
}
