//! Why a text is no date, and what was probably meant.

use serde_json::Value;

use super::date::DateValue;
use super::suggest;
use super::value::brief;

/// Why a text is no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Looks like a calendar date but there is no such day or time.
    #[error("there is no such date as {0:?}")]
    NoSuchDate(String),
    /// Neither a date nor words that this language knows.
    #[error("{0:?} is no date")]
    NotADate(String),
    /// More than 10,000 units.
    #[error("{0:?} goes too far: a relative date takes at most 10,000 units")]
    TooFar(String),
    /// An object that is no relative date.
    #[error("{} is no date", brief(.0))]
    NotRelative(Value),
}

impl DateError {
    /// The date that was probably meant.
    #[must_use]
    pub fn meant(&self) -> Option<DateValue> {
        match self {
            Self::NoSuchDate(text) | Self::NotADate(text) => suggest::date(text),
            Self::TooFar(_) => None,
            Self::NotRelative(value) => {
                let mut keys = value.as_object()?.iter();
                let words = keys.find_map(|(key, words)| {
                    suggest::key(key, std::iter::once("relative")).and_then(|_| words.as_str())
                });
                suggest::date(words?)
            }
        }
    }

    /// What would be right, for whoever types it.
    #[must_use]
    pub fn help(&self) -> String {
        let meant = self.meant().map(|date| match date {
            DateValue::Absolute(moment) => moment.to_string(),
            DateValue::Relative(words) => words,
        });
        meant.map_or_else(|| RIGHT.to_owned(), |meant| format!("did you mean {meant}?"))
    }

    /// What would be right in a document.
    #[must_use]
    pub fn help_in_document(&self) -> String {
        self.meant().map_or_else(|| RIGHT.to_owned(), |meant| format!("did you mean {}?", meant.to_json()))
    }
}

/// What dates look like.
const RIGHT: &str = "write a day (2025-01-31), a time (2025-01-31 14:30:00) or words \
                     (today, yesterday, 3 months ago, in 2 weeks, today + 30 days, start of month)";
