//! A place in a text, and the small steps of reading on from there.

use std::ops::Range;
use std::sync::Arc;

use super::catalog::Catalog;
use super::error::ParseError;
use super::expected::Expected;
use crate::segment::name_matching::phrase_end;
use crate::segment::node::Condition;
use crate::segment::schema::Schema;

/// What reading comes to.
pub(crate) type ParseResult<T> = Result<T, ParseError>;

/// A way to read a line.
pub(crate) type ConditionResult = ParseResult<Condition>;

/// A text that is being read.
pub struct Parser<'a> {
    pub schema: &'a dyn Schema,
    /// The tables and columns, to be looked up.
    pub catalog: Arc<Catalog>,
    pub text: &'a str,
    /// How far it has been read, in bytes.
    pub at: usize,
    /// What could have stood at each place that was reached.
    pub expected: Vec<(usize, Expected)>,
    /// Whether a filter is being read, which another one may follow after "and".
    pub in_filter: bool,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, schema: &'a dyn Schema, catalog: Arc<Catalog>) -> Self {
        Self { schema, catalog, text, at: 0, expected: Vec::new(), in_filter: false }
    }

    /// What has not been read yet.
    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Reads over blanks.
    pub fn skip(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Notes what may stand here.
    pub(crate) fn expect_next(&mut self, expected: Expected) {
        self.skip();
        self.expected.push((self.at, expected));
    }

    /// Whether there is nothing more to read.
    pub(crate) fn is_at_end(&mut self) -> bool {
        self.skip();
        self.at == self.text.len()
    }

    /// Whether these words stand here.
    pub fn peek(&mut self, phrase: &str) -> bool {
        self.skip();
        phrase_end(self.text, self.at, phrase).is_some()
    }

    /// Reads these words if they stand here.
    pub(crate) fn accept(&mut self, phrase: &str) -> bool {
        self.skip();
        let end = phrase_end(self.text, self.at, phrase);
        self.at = end.unwrap_or(self.at);
        end.is_some()
    }

    /// Reads the longest of several phrases that stands here.
    pub(crate) fn accept_longest<T: Copy>(
        &mut self,
        phrases: impl IntoIterator<Item = (&'static str, T)>,
    ) -> Option<T> {
        self.skip();
        let said = phrases
            .into_iter()
            .filter_map(|(phrase, meaning)| phrase_end(self.text, self.at, phrase).map(|end| (end, meaning)));
        // Of equals the first.
        let (end, meaning) = said.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        self.at = end;
        Some(meaning)
    }

    /// The word at the place, up to a blank.
    pub fn word(&mut self) -> (&'a str, Range<usize>) {
        self.skip();
        self.word_at(self.at)
    }

    /// The word at another place.
    pub fn word_at(&self, at: usize) -> (&'a str, Range<usize>) {
        let rest = self.text.get(at..).unwrap_or_default();
        let word = rest.split(char::is_whitespace).next().unwrap_or_default();
        (word, at..at + word.len())
    }

    /// Something is missing here.
    pub fn missing(&mut self, message: impl Into<String>) -> ParseError {
        self.skip();
        ParseError::new(self.at..self.at, message)
    }

    /// Goes on from here in one way; where that fails, the place is as it was.
    pub(crate) fn attempt<T>(&mut self, way: impl FnOnce(&mut Self) -> ParseResult<T>) -> ParseResult<T> {
        let (at, in_filter) = (self.at, self.in_filter);
        way(self).inspect_err(|_| (self.at, self.in_filter) = (at, in_filter))
    }

    /// A text in double quotes.
    pub fn quoted(&mut self) -> ParseResult<String> {
        self.skip();
        let start = self.at;
        let mut letters = self.rest().char_indices().skip(1);
        let mut text = String::new();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.at = start + at + 1;
                    return Ok(text);
                }
                '\\' => {
                    let escaped = match letters.next().map(|(_, escaped)| escaped) {
                        Some(escaped @ ('"' | '\\')) => Some(escaped),
                        Some('n') => Some('\n'),
                        Some('r') => Some('\r'),
                        Some('t') => Some('\t'),
                        Some('u') => {
                            let code: String = letters
                                .by_ref()
                                .map(|(_, letter)| letter)
                                .skip_while(|letter| *letter == '{')
                                .take_while(|letter| *letter != '}')
                                .collect();
                            u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)
                        }
                        _ => None,
                    };
                    let place = start + at..self.text.len().min(start + at + 1);
                    text.push(escaped.ok_or_else(|| {
                        ParseError::new(
                            place,
                            "a backslash in quotes stands before \" or \\, or is n, r, t or u{…}",
                        )
                        .with_help("write \\\\ for a backslash")
                    })?);
                }
                letter => text.push(letter),
            }
        }
        Err(ParseError::new(start..self.text.len(), "the quotes are not closed")
            .with_help("write \" at the end"))
    }
}
