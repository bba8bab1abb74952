//! Values that are typed, and how documents write them.

use chrono::NaiveDate;
use serde_json::Value;

use crate::segment::DateValue;

/// Reads a typed number, digits kept as they are.
pub(crate) fn parse_number(text: &str) -> Result<Value, String> {
    let text = text.trim();
    let parsed = serde_json::from_str::<serde_json::Number>(text)
        .ok()
        .filter(|number| crate::segment::Number::from_json(number).is_some());
    parsed
        .map(Value::Number)
        .ok_or_else(|| format!("{text:?} is no number: write digits with a point, such as 1250.50"))
}

/// A typed date as documents write it.
pub(crate) fn parse_date(text: &str) -> Result<Value, String> {
    DateValue::parse(text).map(|date| date.to_json()).map_err(|error| format!("{error}: {}", error.help()))
}

/// The day that a typed date means.
pub(crate) fn resolve_day(text: &str, as_of: NaiveDate) -> Result<String, String> {
    let resolved = DateValue::parse(text).and_then(|date| date.resolve(as_of));
    resolved.map(|date| date.at.to_string()).map_err(|error| format!("{error}: {}", error.help()))
}

pub(crate) fn typed_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(map) => map.get("relative").and_then(Value::as_str).unwrap_or_default().to_owned(),
        other => other.to_string(),
    }
}
