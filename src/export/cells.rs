//! Values as texts that both CSV and JSON write.

use std::io;

use chrono::{DateTime, Days, NaiveDate};
use serde_json::Value;

use crate::segment::Number;

pub(super) fn cell_error() -> io::Error {
    io::Error::other("a column is shorter than the others")
}

/// Like a double where one says it, otherwise by its digits.
pub(super) fn decimal(number: Number) -> Value {
    let nearest = number.as_f64();
    if Number::Decimal(nearest) == number {
        return nearest.into();
    }
    number.to_string().parse().map_or(nearest.into(), Value::Number)
}

pub(super) fn date(days: i32) -> String {
    let (epoch, distance) = (NaiveDate::default(), Days::new(u64::from(days.unsigned_abs())));
    let day = if days < 0 { epoch.checked_sub_days(distance) } else { epoch.checked_add_days(distance) };
    day.map_or_else(|| days.to_string(), |day| day.to_string())
}

/// Whether calendars go as far.
pub(super) fn is_instant(micros: i64) -> bool {
    DateTime::from_timestamp_micros(micros).is_some()
}

pub(super) fn instant(micros: i64) -> String {
    match DateTime::from_timestamp_micros(micros) {
        Some(instant) => instant.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string(),
        None => micros.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_instants_are_written_as_people_write_them() {
        assert_eq!([date(0), date(-1), date(19_782)], ["1970-01-01", "1969-12-31", "2024-02-29"]);
        assert_eq!(instant(250_000), "1970-01-01T00:00:00.250Z");
    }
}
