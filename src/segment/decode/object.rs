//! Takes the known keys out of an object, and notes those that do not have their shape.

use serde_json::{Map, Value};

use crate::diagnostic::Diagnostic;
use crate::segment::document::Stamp;
use crate::segment::json::brief;
use crate::segment::node::*;
use crate::segment::place::ConditionPart;
use crate::segment::suggest;

use crate::segment::vocabulary::Keyword;

/// A key that does not have its shape.
pub(crate) struct KeyError {
    pub key: &'static str,
    pub diagnostic: Diagnostic<ConditionPart>,
}

impl KeyError {
    /// The same error in another part of the condition.
    pub fn at(self, part: ConditionPart) -> Self {
        Self { diagnostic: self.diagnostic.at(part), ..self }
    }
}

/// Takes known keys out of an object and notes those of a wrong shape. What is below the object is copied only
/// where it is kept: a list may have a million values.
pub(crate) struct ObjectDecoder<'a> {
    map: &'a Map<String, Value>,
    taken: Vec<&'static str>,
    pub errors: Vec<KeyError>,
}

impl<'a> ObjectDecoder<'a> {
    pub fn new(map: &'a Map<String, Value>) -> Self {
        Self { map, taken: Vec::new(), errors: Vec::new() }
    }

    /// The keys that are not taken yet.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.map.keys().map(String::as_str).filter(|key| !self.taken.contains(key))
    }

    /// What was not taken.
    pub fn rest(&self) -> Extra {
        let rest = self.map.iter().filter(|(key, _)| !self.taken.contains(&key.as_str()));
        rest.map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    pub fn take(&mut self, key: &'static str) -> Option<&'a Value> {
        self.taken.push(key);
        self.map.get(key)
    }

    pub fn error(&mut self, key: &'static str, message: String, help: String) {
        let diagnostic = Diagnostic::new(message).with_help(help).at(ConditionPart::Whole);
        self.errors.push(KeyError { key, diagnostic });
    }

    /// The unknown key that is `key` with a slip in it.
    pub(crate) fn misspelled(&self, key: &str) -> Option<&'a str> {
        self.keys().find(|own| suggest::key(own, std::iter::once(key)).is_some())
    }

    pub fn missing(&mut self, key: &'static str, message: &str, help: &str) {
        let near = self.misspelled(key).map(|own| instead(own, key));
        self.error(key, message.to_owned(), near.unwrap_or_else(|| help.to_owned()));
    }

    pub(crate) fn has_error(&self, key: &str) -> bool {
        self.errors.iter().any(|error| error.key == key)
    }

    fn wrong(&mut self, key: &'static str, value: &Value, wanted: &str) {
        self.error(key, format!("{key:?} is {wanted}, not {}", brief(value)), format!("write {wanted}"));
    }

    pub fn text(&mut self, key: &'static str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) => Some(text.clone()),
            other => {
                self.wrong(key, other, "a text");
                None
            }
        }
    }

    pub fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        let value = self.take(key)?;
        let texts = value
            .as_array()
            .and_then(|values| values.iter().map(|value| value.as_str().map(str::to_owned)).collect());
        if texts.is_none() {
            self.wrong(key, value, if value.is_array() { "an array of texts" } else { "an array" });
        }
        texts
    }

    pub fn whole(&mut self, key: &'static str) -> Option<u64> {
        let value = self.take(key)?;
        let number = value.as_u64().filter(|number| *number <= u64::from(u32::MAX));
        if number.is_none() {
            self.wrong(key, value, "a whole number up to 4294967295");
        }
        number
    }

    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        match self.take(key)? {
            Value::Bool(flag) => Some(*flag),
            other => {
                self.wrong(key, other, "true or false");
                None
            }
        }
    }

    pub fn array(&mut self, key: &'static str) -> Option<&'a [Value]> {
        match self.take(key)? {
            Value::Array(values) => Some(values),
            other => {
                self.wrong(key, other, "an array");
                None
            }
        }
    }

    pub fn object(&mut self, key: &'static str) -> Option<&'a Map<String, Value>> {
        match self.take(key)? {
            Value::Object(map) => Some(map),
            other => {
                self.wrong(key, other, "an object");
                None
            }
        }
    }

    pub fn word<W: Keyword>(&mut self, key: &'static str) -> Option<W> {
        let text = self.text(key)?;
        let word = W::from_id(&text);
        if word.is_none() {
            let ids: Vec<&str> = W::ALL.iter().map(|word| word.id()).collect();
            let said = match text.as_str() {
                // As screens say it.
                "has" => "contains",
                "does not have" | "does_not_have" => "does_not_contain",
                "average" => "avg",
                other => other,
            };
            let near = suggest::nearest(said, ids.iter().copied());
            let help = match near {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("write one of {}", ids.join(", ")),
            };
            self.error(key, format!("{text:?} is no known {key:?}"), help);
        }
        word
    }

    pub fn stamp(&mut self, key: &'static str) -> Option<Stamp> {
        let mut inner = ObjectDecoder::new(self.object(key)?);
        let (at, by) = (inner.text("at").unwrap_or_default(), inner.text("by").unwrap_or_default());
        if !inner.errors.is_empty() {
            let help = r#"write {"at": "2025-11-02T09:30:00Z", "by": "ana"}"#;
            self.missing(key, "a stamp says when and who, as texts", help);
        }
        Some(Stamp { at, by, extra: inner.rest() })
    }
}

/// Advice to write a known key in place of another.
pub(crate) fn instead(own: &str, known: &str) -> String {
    format!("did you mean {known:?} where it says {own:?}?")
}
