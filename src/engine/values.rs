//! Values of columns in the forms that the engine compares.

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use polars::prelude::{Column, DataType, PolarsResult, StringChunked, TimeUnit};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// The day number of 1970-01-01 as chrono counts.
const EPOCH: i32 = 719_163;

/// A point on the calendar: the day since 1970-01-01, then the microseconds into it. Every date and
/// datetime that polars can hold is one of these, without overflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// Days since 1970-01-01.
    pub day: i64,
    /// Microseconds since midnight.
    pub micros: i64,
}

impl Point {
    /// Midnight of a day.
    pub fn of_day(day: i32) -> Self {
        Self { day: i64::from(day), micros: 0 }
    }

    /// Microseconds since 1970-01-01.
    pub fn of_micros(micros: i64) -> Self {
        Self { day: micros.div_euclid(DAY), micros: micros.rem_euclid(DAY) }
    }

    /// The calendar's name for the day; `None` beyond what calendars are made for.
    pub fn date(self) -> Option<NaiveDate> {
        date(self.day)
    }
}

impl From<NaiveDateTime> for Point {
    fn from(instant: NaiveDateTime) -> Self {
        Self::of_micros(instant.and_utc().timestamp_micros())
    }
}

/// Days since 1970-01-01.
pub fn day_number(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce() - EPOCH)
}

/// The day so many days after 1970-01-01; `None` beyond what calendars are made for.
pub fn date(day: i64) -> Option<NaiveDate> {
    i32::try_from(day).ok()?.checked_add(EPOCH).and_then(NaiveDate::from_num_days_from_ce_opt)
}

/// The points of a date or datetime column; `None` for a column of another type.
pub fn points(column: &Column) -> Option<PolarsResult<Vec<Option<Point>>>> {
    let points = match column.dtype() {
        DataType::Date => {
            column.date().map(|days| days.physical().iter().map(|day| day.map(Point::of_day)).collect())
        }
        DataType::Datetime(TimeUnit::Microseconds, _) => column
            .datetime()
            .map(|instants| instants.physical().iter().map(|micros| micros.map(Point::of_micros)).collect()),
        _ => return None,
    };
    Some(points)
}

/// A column as the texts by which ids compare (`database.md`, The universe): strings as they are, numbers
/// in decimal notation without exponent and without ".0".
///
/// # Errors
/// The column is of a type that has no text.
pub fn id_texts(column: &Column) -> PolarsResult<Cow<'_, StringChunked>> {
    Ok(match column.dtype() {
        DataType::String => Cow::Borrowed(column.str()?),
        DataType::Int64 => {
            Cow::Owned(column.i64()?.iter().map(|value| value.map(|value| value.to_string())).collect())
        }
        // Adding zero turns -0 into 0.
        DataType::Float64 => Cow::Owned(
            column.f64()?.iter().map(|value| value.map(|value| (value + 0.0).to_string())).collect(),
        ),
        DataType::Boolean => {
            Cow::Owned(column.bool()?.iter().map(|value| value.map(|value| value.to_string())).collect())
        }
        _ => Cow::Owned(column.cast(&DataType::String)?.str()?.clone()),
    })
}

/// A day as documents write it.
pub fn day_text(day: i64) -> String {
    date(day).map_or_else(|| day.to_string(), |date| date.to_string())
}

/// Whether a text has nothing in it but white space.
pub fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// An amount of a column in billionths, so that sums are exact: every amount up to four million with
/// up to nine decimals is what it says, not the nearest double.
pub fn billionths(column: &Column) -> Option<PolarsResult<Vec<Option<i128>>>> {
    const BILLION: f64 = 1e9;
    #[allow(clippy::cast_possible_truncation)] // saturates, beyond any amount of money
    let of_decimal = |amount: f64| (amount * BILLION).round() as i128;
    let amounts = match column.dtype() {
        DataType::Int64 => column.i64().map(|amounts| {
            amounts.iter().map(|amount| amount.map(|amount| i128::from(amount) * 1_000_000_000)).collect()
        }),
        DataType::Float64 => {
            column.f64().map(|amounts| amounts.iter().map(|amount| amount.map(of_decimal)).collect())
        }
        _ => return None,
    };
    Some(amounts)
}

/// How a point stands to a moment of a document: to a day by its calendar day, to an instant exactly.
pub fn compare(point: Point, moment: crate::segment::Moment) -> Ordering {
    use crate::segment::Moment;
    match moment {
        Moment::Day(day) => point.day.cmp(&day_number(day)),
        Moment::Instant(instant) => point.cmp(&Point::from(instant)),
    }
}
