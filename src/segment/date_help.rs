//! What to write in place of a text that is no date.

use super::date::DateValue;
use super::date_error::DateError;
use super::suggest;

impl DateError {
    /// The date that this was probably meant to be.
    #[must_use]
    pub(crate) fn suggestion(&self) -> Option<DateValue> {
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
        let suggestion = self.suggestion().map(|date| match date {
            DateValue::Absolute(time_point) => time_point.to_string(),
            DateValue::Relative(words) => words,
        });
        suggestion.map_or_else(|| RIGHT.to_owned(), |date| format!("did you mean {date}?"))
    }

    /// What would be right in a document.
    #[must_use]
    pub(crate) fn help_in_document(&self) -> String {
        self.suggestion().map_or_else(|| RIGHT.to_owned(), |date| format!("did you mean {}?", date.to_json()))
    }
}

/// What dates look like.
const RIGHT: &str = "write a day (2025-01-31), a time (2025-01-31 14:30:00) or words \
                     (today, yesterday, 3 months ago, in 2 weeks, today + 30 days, start of month)";
