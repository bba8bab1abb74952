//! How the CSV files of a table are written, as far as the manifest says (`docs/reference/files.md`, Manifest).
//!
//! What is `None` is found out from the file, or is as RFC 4180 has it.

use encoding_rs::Encoding;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::date_format::DateFormat;

/// The key `csv` of the manifest: for all tables, or of one.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CsvSettings {
    /// What stands between fields: one ASCII character.
    #[serde(default, deserialize_with = "separator")]
    pub separator: Option<u8>,
    /// What encloses fields.
    #[serde(default, deserialize_with = "quote")]
    pub quote: Option<Quote>,
    /// What makes a quote within quotes part of the text; a quote written twice where this is the quote.
    #[serde(default, deserialize_with = "escape")]
    pub escape: Option<u8>,
    #[serde(default, deserialize_with = "encoding")]
    pub encoding: Option<&'static Encoding>,
    pub header: Option<Header>,
    /// How many lines stand before the header.
    pub skip: Option<u64>,
    /// What lines begin with that are none of the table's.
    #[serde(default, deserialize_with = "comment")]
    pub comment: Option<String>,
    /// What stands before the fraction of numbers.
    #[serde(default, deserialize_with = "decimal")]
    pub decimal: Option<char>,
    /// What stands between groups of three digits.
    #[serde(default, deserialize_with = "thousands")]
    pub thousands: Option<char>,
    /// Words that mean NULL where they are not quoted.
    pub null: Option<OneOrMore>,
    /// Words that mean true.
    pub yes: Option<OneOrMore>,
    /// Words that mean false.
    pub no: Option<OneOrMore>,
    /// How dates are written, in the letters of `strftime`.
    #[serde(default, deserialize_with = "dates")]
    pub date: Option<OneOrMore>,
    /// How datetimes are written.
    #[serde(default, deserialize_with = "datetimes")]
    pub datetime: Option<OneOrMore>,
    /// Whether blanks around values are no part of them.
    pub trim: Option<bool>,
    /// What comes of records with fewer fields than the header; an error where nothing is said.
    pub short_rows: Option<ShortRows>,
    /// What comes of records with another number of fields than the header; an error where nothing is said.
    pub bad_lines: Option<BadLines>,
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
            decimal: self.decimal.or(other.decimal),
            thousands: self.thousands.or(other.thousands),
            null: self.null.or_else(|| other.null.clone()),
            yes: self.yes.or_else(|| other.yes.clone()),
            no: self.no.or_else(|| other.no.clone()),
            date: self.date.or_else(|| other.date.clone()),
            datetime: self.datetime.or_else(|| other.datetime.clone()),
            trim: self.trim.or(other.trim),
            short_rows: self.short_rows.or(other.short_rows),
            bad_lines: self.bad_lines.or(other.bad_lines),
        }
    }
}

fn separator<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | b'"') => Ok(Some(*byte)),
        _ => Err(D::Error::custom(format!("{text:?} is no separator; write one character, such as \";\""))),
    }
}

fn quote<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Quote>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.as_bytes() {
        [] => Ok(Some(Quote::None)),
        [byte] if byte.is_ascii_punctuation() => Ok(Some(Quote::Byte(*byte))),
        _ => Err(D::Error::custom(format!(
            "{text:?} is no quote; write one character, such as \"'\", or \"\""
        ))),
    }
}

fn escape<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.as_bytes() {
        [byte] if byte.is_ascii_punctuation() => Ok(Some(*byte)),
        _ => Err(D::Error::custom(format!("{text:?} is no escape; write one character, such as '\\'"))),
    }
}

fn encoding<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'static Encoding>, D::Error> {
    let name = String::deserialize(deserializer)?;
    Encoding::for_label(name.as_bytes()).map(Some).ok_or_else(|| {
        D::Error::custom(format!(
            "{name:?} is no encoding; write one such as \"windows-1252\" or \"utf-16le\""
        ))
    })
}

fn comment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() || text.contains(['\n', '\r']) {
        return Err(D::Error::custom("write what comments begin with, such as \"#\""));
    }
    Ok(Some(text))
}

fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<char>, D::Error> {
    number_mark(deserializer, "decimal mark", &[',', '.', '·', '٫'])
}

fn thousands<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<char>, D::Error> {
    let marks = &['.', ',', ' ', '\'', '_', '\u{a0}', '\u{202f}', '\u{2009}', '’', '٬'];
    number_mark(deserializer, "mark between thousands", marks)
}

fn dates<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OneOrMore>, D::Error> {
    formats(deserializer, false)
}

fn datetimes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OneOrMore>, D::Error> {
    formats(deserializer, true)
}

fn formats<'de, D: Deserializer<'de>>(
    deserializer: D,
    is_datetime: bool,
) -> Result<Option<OneOrMore>, D::Error> {
    let formats = OneOrMore::deserialize(deserializer)?;
    for format in &formats.0 {
        DateFormat::new(format, is_datetime).map_err(D::Error::custom)?;
    }
    Ok(Some(formats))
}

fn number_mark<'de, D: Deserializer<'de>>(
    deserializer: D,
    what: &str,
    known: &[char],
) -> Result<Option<char>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(mark), None) if known.contains(&mark) => Ok(Some(mark)),
        _ => {
            let known: Vec<_> = known.iter().map(|mark| format!("{:?}", mark.to_string())).collect();
            Err(D::Error::custom(format!("{text:?} is no {what}; write one of {}", known.join(", "))))
        }
    }
}
