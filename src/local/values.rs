//! Values of columns in the forms that the engine compares.

use std::cmp::Ordering;

use chrono::{Datelike, NaiveDate, NaiveDateTime};

/// Microseconds of a day.
pub(crate) const DAY: i64 = 86_400_000_000;
/// The day number of 1970-01-01 as chrono counts.
const EPOCH: i32 = 719_163;

/// A point on the calendar: the day since 1970-01-01, then the microseconds into it. Every date and
/// datetime that polars can hold is one of these, without overflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timestamp {
    /// Days since 1970-01-01.
    pub day: i64,
    /// Microseconds since midnight.
    pub micros: i64,
}

impl Timestamp {
    /// Microseconds since 1970-01-01.
    pub(crate) fn from_micros(micros: i64) -> Self {
        Self { day: micros.div_euclid(DAY), micros: micros.rem_euclid(DAY) }
    }

    /// The calendar's name for the day; `None` beyond what calendars are made for.
    pub fn date(self) -> Option<NaiveDate> {
        date(self.day)
    }
}

impl From<NaiveDateTime> for Timestamp {
    fn from(instant: NaiveDateTime) -> Self {
        Self::from_micros(instant.and_utc().timestamp_micros())
    }
}

/// Days since 1970-01-01.
pub(crate) fn day_number(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce() - EPOCH)
}

/// The day so many days after 1970-01-01; `None` beyond what calendars are made for.
pub fn date(day: i64) -> Option<NaiveDate> {
    i32::try_from(day).ok()?.checked_add(EPOCH).and_then(NaiveDate::from_num_days_from_ce_opt)
}

/// A day as documents write it.
pub(crate) fn day_text(day: i64) -> String {
    date(day).map_or_else(|| day.to_string(), |date| date.to_string())
}

/// Whether a text has nothing in it but white space.
pub(crate) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// An amount in billionths: what it says in decimal notation, not the nearest double.
#[allow(clippy::cast_possible_truncation)] // saturates, beyond any amount of money
pub(crate) fn billionths_of(amount: f64) -> i128 {
    const BILLION: f64 = 1e9;
    // Up to here the product is less than half a billionth away from what the amount says.
    const NEAR: f64 = 4e6;
    let product = (amount * BILLION).round() as i128;
    if amount.abs() <= NEAR {
        return product;
    }
    let text = amount.abs().to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    // Ten decimals, of which the last one rounds.
    let digits: String = whole.chars().chain(format!("{decimals:0<10}").chars().take(10)).collect();
    let magnitude = digits.parse::<i128>().map(|tenths| (tenths + 5) / 10);
    magnitude.map_or(product, |magnitude| if amount < 0.0 { -magnitude } else { magnitude })
}

/// How a point stands to a time point of a document: to a day by its calendar day, to an instant exactly.
pub fn compare(point: Timestamp, time_point: crate::segment::TimePoint) -> Ordering {
    use crate::segment::TimePoint;
    match time_point {
        TimePoint::Day(day) => point.day.cmp(&day_number(day)),
        TimePoint::Instant(instant) => point.cmp(&Timestamp::from(instant)),
    }
}

#[cfg(test)]
mod tests {
    use super::billionths_of;

    #[test]
    fn amounts_are_what_they_say() {
        assert_eq!(billionths_of(0.1), 100_000_000);
        assert_eq!(billionths_of(3_999_999.123_456_789), 3_999_999_123_456_789);
        assert_eq!(billionths_of(-12_345_678.91), -12_345_678_910_000_000);
        assert_eq!(billionths_of(9_007_199_254_740_993.0), 9_007_199_254_740_992_000_000_000);
        assert_eq!(billionths_of(f64::INFINITY), i128::MAX);
        assert_eq!(billionths_of(-1e300), i128::MIN);
    }
}
