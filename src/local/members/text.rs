//! Values as the texts that say them exactly.

use chrono::DateTime;

use crate::local::columns::Value;
use crate::local::values::day_text;
use crate::segment::Number;

/// A value as [`TextRow`](crate::backend::TextRow) has it.
pub(crate) fn exact_text(value: Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(f64::INFINITY) => "Infinity".to_owned(),
        Value::Decimal(f64::NEG_INFINITY) => "-Infinity".to_owned(),
        Value::Decimal(number) => number.to_string(),
        Value::Exact { parts, decimals } => Number::text_of_parts(parts, decimals),
        Value::Boolean(value) => value.to_string(),
        Value::Date(day) => day_text(day),
        Value::Datetime(micros) => DateTime::from_timestamp_micros(micros).map_or_else(
            || micros.to_string(),
            |instant| instant.naive_utc().format("%Y-%m-%d %H:%M:%S%.6f").to_string(),
        ),
    }
}
