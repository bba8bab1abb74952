//! Dates: a day, a time, or words such as "3 months ago".

use serde_json::{Value, json};

use super::error::ParseError;
use super::expected::Expected;
use super::parser::{ParseResult, Parser};
use crate::segment::date::DateValue;
use crate::segment::date_error::DateError;
use crate::segment::name_matching::phrase_end;

/// The most words of a date: "today - 3 months", "3 days from now".
const MOST_WORDS: usize = 4;

impl Parser<'_> {
    /// The day after which a span of days lies that ends today: `in the last 30 days`, `past 3m`. Nothing is read where
    /// no span stands.
    pub(crate) fn days_until_today(&mut self) -> Option<Value> {
        let before = self.at;
        self.accept_longest([("in the", ()), ("in", ()), ("within the", ()), ("within", ())]);
        let is_span = self.peek("last") || self.peek("past") || self.is_short();
        let from = is_span.then(|| self.attempt(Self::date).ok()).flatten();
        if from.is_none() {
            self.at = before;
        }
        from
    }

    /// Whether a number of units stands here in its shortest form: `3m`.
    fn is_short(&mut self) -> bool {
        let (word, _) = self.word();
        let unit = word.trim_start_matches(|letter: char| letter.is_ascii_digit());
        unit.len() < word.len()
            && ["d", "w", "m", "q", "y"].iter().any(|known| unit.eq_ignore_ascii_case(known))
    }

    /// A date of a condition.
    pub fn date(&mut self) -> ParseResult<Value> {
        self.expect_next(Expected::Date);
        let start = self.at;
        if self.is_at_end() {
            return Err(self
                .missing("a date is missing")
                .with_help(DateError::NotADate(String::new()).help()));
        }
        let ends = self.word_ends();
        let said = |end: usize| self.text.get(start..end).unwrap_or_default().trim_end_matches(',');
        let found = ends
            .iter()
            .rev()
            .find_map(|end| DateValue::parse(said(*end)).ok().map(|date| (said(*end), date)));
        if let Some((words, date)) = found {
            self.at = start + words.len();
            return Ok(match date {
                DateValue::Absolute(_) => Value::String(words.to_owned()),
                DateValue::Relative(meant) => {
                    json!({ "relative": meant.split_whitespace().collect::<Vec<_>>().join(" ") })
                }
            });
        }
        // What is nearly a date says best what is wrong with it.
        let mut errors = ends.iter().filter_map(|end| Some((*end, DateValue::parse(said(*end)).err()?)));
        let nearly = errors.clone().find(|(_, error)| !matches!(error, DateError::NotADate(_)));
        let last = errors.next_back();
        let (end, error) = nearly.or(last).unwrap_or((start, DateError::NotADate(String::new())));
        let end = start + said(end).len();
        let suggestion = error.suggestion().map(|date| match date {
            DateValue::Absolute(time_point) => time_point.to_string(),
            DateValue::Relative(words) => words,
        });
        Err(ParseError::new(start..end, error.to_string())
            .with_help(error.help())
            .with_alternatives(suggestion.into_iter().collect()))
    }

    /// Where the next words end, up to one that cannot be of a date.
    fn word_ends(&self) -> Vec<usize> {
        let mut ends = Vec::new();
        let mut at = self.at;
        while ends.len() < MOST_WORDS {
            let rest = self.text.get(at..).unwrap_or_default();
            let start = at + (rest.len() - rest.trim_start().len());
            let is_over = ["and", "where", "(ends included)"]
                .iter()
                .any(|word| phrase_end(self.text, start, word).is_some());
            let word = self.text.get(start..).and_then(|rest| rest.split_whitespace().next());
            match word {
                Some(word) if !is_over => {
                    at = start + word.len();
                    ends.push(at);
                    if word.ends_with(',') {
                        break;
                    }
                }
                _ => break,
            }
        }
        ends
    }
}
