//! The fields of the purchase form as values of a document, and back.

use crossterm::event::{KeyCode, KeyEvent};
use serde_json::Value;

use crate::app::field::Field;
use crate::app::typed::typed_text;
use crate::segment::Keyword;

pub(super) fn flag(now: bool, before: Option<bool>) -> Option<bool> {
    if now { Some(true) } else { before.map(|_| false) }
}

pub(super) fn fields(value: &Value) -> [Field; 2] {
    match value.as_array().map(Vec::as_slice) {
        Some([low, high, ..]) => [Field::with(&typed_text(low)), Field::with(&typed_text(high))],
        Some([one]) => [Field::with(&typed_text(one)), Field::default()],
        Some([]) => Default::default(),
        None => [Field::with(&typed_text(value)), Field::default()],
    }
}

/// What the fields say; an end that was left as it was stays as it was written.
pub(super) fn value(
    fields: &[Field; 2],
    before: Option<&Value>,
    is_range: bool,
    read: impl Fn(&str) -> Result<Value, String>,
) -> Result<Option<Value>, String> {
    let read = |at: usize, field: &Field| -> Result<Value, String> {
        let before = match before {
            Some(Value::Array(ends)) => ends.get(at),
            one => one.filter(|_| at == 0),
        };
        if field.text().trim().is_empty() {
            return Ok(Value::Null);
        }
        let now = read(field.text())?;
        let is_as_written = |before: &&Value| {
            typed_text(before) == field.text()
                && std::mem::discriminant(*before) == std::mem::discriminant(&now)
        };
        Ok(before.filter(is_as_written).cloned().unwrap_or(now))
    };
    let [low, high] = fields;
    Ok(match (read(0, low)?, is_range) {
        (low, true) => Some(Value::Array(vec![low, read(1, high)?])),
        (Value::Null, false) => None,
        (low, false) => Some(low),
    })
}

pub(super) fn neighbour<W: Keyword + PartialEq>(word: W, forward: bool) -> W {
    let at = W::ALL.iter().position(|candidate| *candidate == word).unwrap_or(0);
    let by = if forward { 1 } else { W::ALL.len().saturating_sub(1) };
    W::ALL.iter().copied().cycle().nth(at + by).unwrap_or(word)
}

pub(super) fn typed_word<W: Keyword + PartialEq>(word: W, key: KeyEvent) -> W {
    let KeyCode::Char(letter) = key.code else { return word };
    if letter == ' ' {
        return neighbour(word, true);
    }
    let at = W::ALL.iter().position(|candidate| *candidate == word).unwrap_or(0);
    let after = W::ALL.iter().copied().cycle().skip(at + 1).take(W::ALL.len());
    let mut starting = after.filter(|candidate| candidate.id().starts_with(letter.to_ascii_lowercase()));
    starting.next().unwrap_or(word)
}
