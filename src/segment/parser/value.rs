//! Values: texts in quotes or without, numbers, lists.

use serde_json::Value;

use super::error::ParseError;
use super::expected::Expected;
use super::parser::{ParseResult, Parser};
use super::subject::Subject;
use crate::segment::name_matching::{phrase_end, quote};
use crate::segment::number::Number;
use crate::segment::vocabulary::DataType;

/// Words that end a value which stands without quotes, somewhere.
const ENDINGS: [&str; 16] = [
    "and", "or", "where", "on", "in", "since", "after", "before", "until", "between", "more", "less",
    "exactly", "at", "not", "was",
];

/// A text as it can be written as a value everywhere: without quotes where nothing in it has a meaning.
#[must_use]
pub(crate) fn value_literal(text: &str) -> String {
    let is_plain = text.split(' ').all(|word| {
        !word.is_empty() && !ENDINGS.iter().any(|ending| word.eq_ignore_ascii_case(ending)) && word != "any"
    });
    let is_plain = is_plain
        && !text.chars().any(|letter| letter.is_control() || "\"\\,()=<>!~…".contains(letter))
        && text.chars().all(|letter| letter == ' ' || !letter.is_whitespace());
    if is_plain { text.to_owned() } else { quote(text) }
}

impl Parser<'_> {
    /// A value of what is compared.
    pub fn value(&mut self, subject: &Subject, in_list: bool) -> ParseResult<Value> {
        match subject.data_type {
            DataType::String => {
                self.expect_text(subject);
                let start = self.at;
                let text = self.text_value(in_list)?;
                if text.is_empty() && !in_list {
                    return Err(ParseError::new(start..self.at, "an empty text is no value to compare with")
                        .with_help("write: is empty"));
                }
                Ok(Value::String(text))
            }
            DataType::Integer | DataType::Decimal => {
                self.expect_next(Expected::Number);
                self.number(in_list)
            }
            DataType::Date | DataType::Datetime => self.date(),
            DataType::Boolean => Err(self.missing("what is true or false takes no value")),
        }
    }

    /// Values with commas between them.
    pub fn values(&mut self, subject: &Subject) -> ParseResult<Value> {
        let mut values = Vec::new();
        loop {
            values.push(self.value(subject, true)?);
            let before = self.at;
            if !self.accept(",") {
                break;
            }
            // A comma may also stand before the filters.
            if self.peek("where") {
                self.at = before;
                break;
            }
        }
        Ok(Value::Array(values))
    }

    fn expect_text(&mut self, subject: &Subject) {
        self.expect_next(match &subject.column {
            Some(column) => Expected::Text { table: subject.table.clone(), column: column.clone() },
            None => Expected::Number,
        });
    }

    /// A text in quotes, or what stands there up to the end of the value.
    pub(crate) fn text_value(&mut self, in_list: bool) -> ParseResult<String> {
        self.skip();
        if self.rest().starts_with('"') { self.quoted() } else { self.bare(in_list) }
    }

    fn bare(&mut self, in_list: bool) -> ParseResult<String> {
        let start = self.at;
        let said = |at: usize, phrase: &str| phrase_end(self.text, at, phrase).is_some();
        let mut end = self.text.len();
        let mut starts_word = true;
        for (at, letter) in self.rest().char_indices().map(|(at, letter)| (start + at, letter)) {
            if letter == ',' {
                let after = self.text.get(at + 1..).unwrap_or_default().trim_start();
                if in_list || phrase_end(after, 0, "where").is_some() {
                    end = at;
                    break;
                }
            }
            if starts_word {
                let is_flag = said(at, "(matching case)") || said(at, "(ends included)");
                if is_flag || said(at, "where") || at > start && self.in_filter && said(at, "and") {
                    end = at;
                    break;
                }
                // Where a value begins, a word is one: OR is Oregon.
                if at > start && (said(at, "and") || said(at, "or")) {
                    let length = if said(at, "or") { 2 } else { 3 };
                    return Err(self.second_condition(at..at + length));
                }
            }
            starts_word = letter.is_whitespace();
        }
        let text = self.text.get(start..end).unwrap_or_default().trim_end();
        self.at = start + text.len();
        match text {
            "" => {
                Err(self.missing("a value is missing").with_help("type one; in quotes it can have any signs"))
            }
            "(empty)" => Err(ParseError::new(start..self.at, "(empty) can be a value or none")
                .with_help(r#"write "" for the empty text, or "(empty)" in quotes"#)
                .with_alternatives(vec!["\"\"".to_owned(), quote("(empty)")])),
            "…" => {
                Err(ParseError::new(start..self.at, "a value is missing").with_help("type one in place of …"))
            }
            text => Ok(text.to_owned()),
        }
    }

    /// A number with its digits as they are.
    pub fn number(&mut self, in_list: bool) -> ParseResult<Value> {
        self.skip();
        let start = self.at;
        let word = self.rest().split(|letter: char| letter.is_whitespace() || letter == '(').next();
        let word = word.unwrap_or_default();
        let first = word.split(',').next().unwrap_or_default();
        let is_grouped = !in_list && word.len() > first.len() + 1;
        let said = if is_grouped { word } else { first };
        if said.is_empty() {
            return Err(self.missing("a number is missing").with_help("write digits, such as 1250.50"));
        }
        let number = serde_json::from_str::<serde_json::Number>(said).ok();
        let Some(number) = number else {
            return Err(ParseError::new(start..start + said.len(), format!("{said:?} is no number"))
                .with_help("write digits with a point and without commas, such as 1250.50"));
        };
        if Number::from_json(&number).is_none() {
            return Err(ParseError::new(start..start + said.len(), format!("{said} is out of range"))
                .with_help("write a smaller number"));
        }
        self.at = start + said.len();
        Ok(Value::Number(number))
    }
}
