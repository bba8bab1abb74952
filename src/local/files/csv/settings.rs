//! How the CSV files of a table are written, as far as the manifest says (`docs/files.md`, Manifest).
//!
//! What is `None` is found out from the file, or is as RFC 4180 has it.

use std::fmt;

use encoding_rs::Encoding;
use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::date_format::DateFormat;

/// The key `csv` of the manifest: for all tables, or of one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CsvSettings {
    /// What stands between fields: one ASCII character.
    pub separator: Option<u8>,
    /// What encloses fields.
    pub quote: Option<Quote>,
    /// What makes a quote within quotes part of the text; a quote written twice where this is the quote.
    pub escape: Option<u8>,
    pub encoding: Option<&'static Encoding>,
    pub header: Option<Header>,
    /// How many lines stand before the header.
    pub skip: Option<u64>,
    /// What lines begin with that are none of the table's.
    pub comment: Option<String>,
    /// What comes of records with fewer fields than the header; an error where nothing is said.
    pub short_rows: Option<ShortRows>,
    /// What comes of records with another number of fields than the header; an error where nothing is said.
    pub bad_lines: Option<BadLines>,
    pub values: ValueSettings,
}

/// How the values between separators are written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ValueSettings {
    /// What stands before the fraction of numbers.
    pub decimal: Option<char>,
    /// What stands between groups of three digits.
    pub thousands: Option<char>,
    /// Words that mean NULL where they are not quoted.
    pub null: Option<OneOrMore>,
    /// Words that mean true.
    pub yes: Option<OneOrMore>,
    /// Words that mean false.
    pub no: Option<OneOrMore>,
    /// How dates are written, in the letters of `strftime`.
    pub date: Option<OneOrMore>,
    /// How datetimes are written.
    pub datetime: Option<OneOrMore>,
    /// Whether blanks around values are no part of them.
    pub trim: Option<bool>,
}

/// What encloses fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quote {
    /// Nothing does: quotes are text.
    None,
    /// This ASCII character.
    Byte(u8),
}

/// Where the names of the columns come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "header is true, false or a list of names")]
pub(crate) enum Header {
    /// Whether they stand in the first line.
    InFile(bool),
    /// The manifest gives them; the first line is one of values.
    Names(Vec<String>),
}

/// Records with fewer fields than the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ShortRows {
    /// What is missing is NULL.
    Null,
}

/// Records with another number of fields than the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BadLines {
    /// They are left out, and counted in a note.
    Skip,
}

/// One word or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "OneOrMoreWords")]
pub(crate) struct OneOrMore(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged, expecting = "write a text or a list of texts")]
enum OneOrMoreWords {
    One(String),
    More(Vec<String>),
}

impl From<OneOrMoreWords> for OneOrMore {
    fn from(words: OneOrMoreWords) -> Self {
        Self(match words {
            OneOrMoreWords::One(word) => vec![word],
            OneOrMoreWords::More(words) => words,
        })
    }
}

impl CsvSettings {
    /// These, and what they do not say as the others have it.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        Self {
            separator: self.separator.or(other.separator),
            quote: self.quote.or(other.quote),
            escape: self.escape.or(other.escape),
            encoding: self.encoding.or(other.encoding),
            header: self.header.or_else(|| other.header.clone()),
            skip: self.skip.or(other.skip),
            comment: self.comment.or_else(|| other.comment.clone()),
            short_rows: self.short_rows.or(other.short_rows),
            bad_lines: self.bad_lines.or(other.bad_lines),
            values: self.values.or(&other.values),
        }
    }
}

impl ValueSettings {
    fn or(self, other: &Self) -> Self {
        Self {
            decimal: self.decimal.or(other.decimal),
            thousands: self.thousands.or(other.thousands),
            null: self.null.or_else(|| other.null.clone()),
            yes: self.yes.or_else(|| other.yes.clone()),
            no: self.no.or_else(|| other.no.clone()),
            date: self.date.or_else(|| other.date.clone()),
            datetime: self.datetime.or_else(|| other.datetime.clone()),
            trim: self.trim.or(other.trim),
        }
    }
}

/// A key of `csv`.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    Separator,
    Quote,
    Escape,
    Encoding,
    Header,
    Skip,
    Comment,
    ShortRows,
    BadLines,
    Decimal,
    Thousands,
    Null,
    Yes,
    No,
    Date,
    Datetime,
    Trim,
}

impl<'de> Deserialize<'de> for CsvSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Keys)
    }
}

/// Puts each key where it belongs: in the manifest they stand side by side.
struct Keys;

impl<'de> Visitor<'de> for Keys {
    type Value = CsvSettings;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("settings, such as { separator = \";\" }")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CsvSettings, A::Error> {
        let mut settings = CsvSettings::default();
        while let Some(key) = map.next_key()? {
            let values = &mut settings.values;
            match key {
                Key::Separator => settings.separator = Some(map.next_value_seed(Parsed(separator))?),
                Key::Quote => settings.quote = Some(map.next_value_seed(Parsed(quote))?),
                Key::Escape => settings.escape = Some(map.next_value_seed(Parsed(escape))?),
                Key::Encoding => settings.encoding = Some(map.next_value_seed(Parsed(encoding))?),
                Key::Header => settings.header = Some(map.next_value()?),
                Key::Skip => settings.skip = Some(map.next_value()?),
                Key::Comment => settings.comment = Some(map.next_value_seed(Parsed(comment))?),
                Key::ShortRows => settings.short_rows = Some(map.next_value()?),
                Key::BadLines => settings.bad_lines = Some(map.next_value()?),
                Key::Decimal => values.decimal = Some(map.next_value_seed(Parsed(decimal))?),
                Key::Thousands => values.thousands = Some(map.next_value_seed(Parsed(thousands))?),
                Key::Null => values.null = Some(map.next_value()?),
                Key::Yes => values.yes = Some(map.next_value()?),
                Key::No => values.no = Some(map.next_value()?),
                Key::Date => values.date = Some(map.next_value_seed(Parsed(dates))?),
                Key::Datetime => values.datetime = Some(map.next_value_seed(Parsed(datetimes))?),
                Key::Trim => values.trim = Some(map.next_value()?),
            }
        }
        Ok(settings)
    }
}

/// A value that is read and then checked, so that an error has the place of the value.
struct Parsed<T, V>(fn(T) -> Result<V, String>);

impl<'de, T: Deserialize<'de>, V> DeserializeSeed<'de> for Parsed<T, V> {
    type Value = V;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V, D::Error> {
        (self.0)(T::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

fn separator(text: String) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | b'"') => Ok(*byte),
        _ => Err(format!("{text:?} is no separator; write one character, such as \";\"")),
    }
}

fn quote(text: String) -> Result<Quote, String> {
    match text.as_bytes() {
        [] => Ok(Quote::None),
        [byte] if byte.is_ascii_punctuation() => Ok(Quote::Byte(*byte)),
        _ => Err(format!("{text:?} is no quote; write one character, such as \"'\", or \"\"")),
    }
}

fn escape(text: String) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] if byte.is_ascii_punctuation() => Ok(*byte),
        _ => Err(format!("{text:?} is no escape; write one character, such as '\\'")),
    }
}

fn encoding(name: String) -> Result<&'static Encoding, String> {
    Encoding::for_label(name.as_bytes())
        .ok_or_else(|| format!("{name:?} is no encoding; write one such as \"windows-1252\" or \"utf-16le\""))
}

fn comment(text: String) -> Result<String, String> {
    if text.is_empty() || text.contains(['\n', '\r']) {
        return Err("write what comments begin with, such as \"#\"".to_owned());
    }
    Ok(text)
}

fn decimal(text: String) -> Result<char, String> {
    number_mark(&text, "decimal mark", &[',', '.', '·', '٫'])
}

fn thousands(text: String) -> Result<char, String> {
    let marks = &['.', ',', ' ', '\'', '_', '\u{a0}', '\u{202f}', '\u{2009}', '’', '٬'];
    number_mark(&text, "mark between thousands", marks)
}

fn number_mark(text: &str, what: &str, known: &[char]) -> Result<char, String> {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(mark), None) if known.contains(&mark) => Ok(mark),
        _ => {
            let known: Vec<_> = known.iter().map(|mark| format!("{:?}", mark.to_string())).collect();
            Err(format!("{text:?} is no {what}; write one of {}", known.join(", ")))
        }
    }
}

fn dates(formats: OneOrMore) -> Result<OneOrMore, String> {
    checked(formats, false)
}

fn datetimes(formats: OneOrMore) -> Result<OneOrMore, String> {
    checked(formats, true)
}

fn checked(formats: OneOrMore, is_datetime: bool) -> Result<OneOrMore, String> {
    for format in &formats.0 {
        DateFormat::new(format, is_datetime).map_err(|error| error.to_string())?;
    }
    Ok(formats)
}
