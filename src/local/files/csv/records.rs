//! Splits CSV text into records and fields (RFC 4180 and its dialects), exactly.
//!
//! Own code, because what counts here is what readers of CSV like to smooth over (the crate csv among them): a quoted
//! empty field is not an empty field, and a record that is damaged has a line number.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::dialect::Dialect;
use super::error::{CsvError, CsvLine};
use super::line_ends::{count_lines, end_of_line, whole_line_end};
use crate::diagnostic::Diagnostic;

/// One field as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CsvField<'a> {
    /// Without the enclosing quotes.
    text: &'a str,
    quoting: Quoting,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quoting {
    Bare,
    Quoted,
    /// Quoted, with quotes inside that an escape makes part of the text.
    Escaped {
        quote: u8,
        escape: u8,
    },
}

impl<'a> CsvField<'a> {
    /// What stands where a record ends too early.
    pub const NULL: Self = Self { text: "", quoting: Quoting::Bare };

    /// The value; `None` for NULL, which is an empty field without quotes.
    pub fn value(&self) -> Option<Cow<'a, str>> {
        match self.quoting {
            Quoting::Bare if self.text.is_empty() => None,
            Quoting::Bare | Quoting::Quoted => Some(Cow::Borrowed(self.text)),
            Quoting::Escaped { quote, escape } => Some(Cow::Owned(unescaped(self.text, quote, escape))),
        }
    }

    /// Whether the field says nothing: NULL or empty.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether it is enclosed in quotes.
    pub fn is_quoted(&self) -> bool {
        self.quoting != Quoting::Bare
    }

    /// Whether quotes are a part of it that stands in quotes.
    pub fn is_escaped(&self) -> bool {
        matches!(self.quoting, Quoting::Escaped { .. })
    }
}

fn unescaped(text: &str, quote: u8, escape: u8) -> String {
    let [quote, escape] = [quote, escape].map(char::from);
    let mut unescaped = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let escaped = letters.next_if(|next| letter == escape && (*next == quote || *next == escape));
        unescaped.push(escaped.unwrap_or(letter));
    }
    unescaped
}

/// A field of a record; NULL of a file that lacks the column.
pub(crate) fn field_at<'a, 'b>(fields: &'b [CsvField<'a>], position: Option<usize>) -> &'b CsvField<'a> {
    position.and_then(|position| fields.get(position)).unwrap_or(&CsvField::NULL)
}

/// The records of a text, one after the other.
pub(crate) struct RecordReader<'a> {
    text: &'a str,
    position: usize,
    line: u64,
    dialect: &'a Dialect,
}

impl<'a> RecordReader<'a> {
    /// `line` is the number of the text's first line.
    pub fn new(text: &'a str, line: u64, dialect: &'a Dialect) -> Self {
        Self { text, position: 0, line, dialect }
    }

    /// Up to where the text was read.
    #[cfg(test)]
    pub fn position(&self) -> usize {
        self.position
    }

    /// Replaces `fields` by those of the next record and gives the line it begins on, or `None`
    /// after the last. An empty line is a record of one empty field.
    pub fn next(&mut self, fields: &mut Vec<CsvField<'a>>) -> Result<Option<u64>, CsvError> {
        fields.clear();
        if self.dialect.comment.is_some() {
            self.pass_comments();
        }
        if self.position >= self.text.len() {
            return Ok(None);
        }
        let line = self.line;
        loop {
            let field = if self.opens_quote() { self.quoted()? } else { self.bare() };
            fields.push(field);
            let rest = self.rest();
            match rest.first() {
                Some(byte) if *byte == self.dialect.separator => self.position += 1,
                _ => {
                    self.position += whole_line_end(rest);
                    self.line += 1;
                    return Ok(Some(line));
                }
            }
        }
    }

    fn pass_comments(&mut self) {
        while self.dialect.is_comment(self.rest()) {
            self.position += end_of_line(self.rest()).unwrap_or(self.rest().len());
            self.line += 1;
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.position..).unwrap_or_default()
    }

    /// Whether a quote stands here, be it behind blanks, and goes to it.
    fn opens_quote(&mut self) -> bool {
        let (Some(quote), rest) = (self.dialect.quote, self.rest()) else {
            return false;
        };
        match rest.first() {
            Some(byte) if *byte == quote => true,
            Some(byte) if self.dialect.is_blank(*byte) => {
                let blanks = self.blanks();
                let is_quote = rest.get(blanks) == Some(&quote);
                self.position += if is_quote { blanks } else { 0 };
                is_quote
            }
            _ => false,
        }
    }

    /// How many blanks stand here.
    fn blanks(&self) -> usize {
        self.rest().iter().take_while(|byte| self.dialect.is_blank(**byte)).count()
    }

    /// The bytes from `start` up to the position. Both stand beside ASCII, so never inside a character.
    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.position).unwrap_or_default()
    }

    fn bare(&mut self) -> CsvField<'a> {
        let (start, rest, separator) = (self.position, self.rest(), self.dialect.separator);
        let ends = |byte: &u8| *byte == separator || matches!(byte, b'\n' | b'\r');
        self.position += rest.iter().position(ends).unwrap_or(rest.len());
        CsvField { text: self.since(start), quoting: Quoting::Bare }
    }

    fn quoted(&mut self) -> Result<CsvField<'a>, CsvError> {
        let (opened, escape) = (self.line, self.dialect.escape);
        let quote = self.dialect.quote.unwrap_or(escape);
        self.position += 1;
        let start = self.position;
        let mut quoting = Quoting::Quoted;
        loop {
            let rest = self.rest();
            let ahead = if quote == escape { memchr(quote, rest) } else { memchr2(quote, escape, rest) };
            let Some(ahead) = ahead else {
                return Err(Diagnostic::new("a quote opens here and never closes")
                    .with_help(self.help())
                    .at(CsvLine(opened)));
            };
            self.position += ahead;
            let (this, next) = (rest.get(ahead), rest.get(ahead + 1));
            if this == Some(&escape) && next.is_some_and(|next| *next == quote || *next == escape) {
                quoting = Quoting::Escaped { quote, escape };
                self.position += 2;
            } else if this == Some(&quote) {
                break;
            } else {
                self.position += 1;
            }
        }
        let text = self.since(start);
        self.line += count_lines(text.as_bytes()) as u64;
        self.position += 1;
        if !self.ends_field() {
            self.position += self.blanks();
        }
        if !self.ends_field() {
            return Err(Diagnostic::new("a field goes on after its closing quote")
                .with_help(self.help())
                .at(CsvLine(self.line)));
        }
        Ok(CsvField { text, quoting })
    }

    fn ends_field(&self) -> bool {
        self.rest()
            .first()
            .is_none_or(|byte| *byte == self.dialect.separator || matches!(byte, b'\n' | b'\r'))
    }

    fn help(&self) -> String {
        let quote = char::from(self.dialect.quote.unwrap_or(b'"'));
        if self.dialect.quote == Some(self.dialect.escape) {
            format!("close it, or write a quote inside a quoted field twice ({quote}{quote})")
        } else {
            format!(
                "close it, or write a quote inside a quoted field as {}{quote}",
                char::from(self.dialect.escape)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (u64, Vec<Option<String>>);

    fn read_as(text: &str, dialect: &Dialect) -> Result<Vec<Row>, CsvError> {
        let (mut records, mut fields) = (RecordReader::new(text, 1, dialect), Vec::new());
        let mut all = Vec::new();
        while let Some(line) = records.next(&mut fields)? {
            all.push((line, fields.iter().map(|field| field.value().map(Cow::into_owned)).collect()));
        }
        Ok(all)
    }

    fn read(text: &str) -> Result<Vec<Row>, CsvError> {
        read_as(text, &Dialect::default())
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn quoted_empty_is_not_null() {
        assert_eq!(read("a,,\"\"\n").unwrap(), [(1, vec![some("a"), None, some("")])]);
        assert_eq!(read(",").unwrap(), [(1, vec![None, None])]);
    }

    #[test]
    fn line_ends_of_any_kind_are_no_part_of_a_field() {
        let two = [(1, vec![some("a"), some("b")]), (2, vec![some("c"), some("d")])];
        for text in ["a,b\nc,d", "a,b\r\nc,d\r\n", "\"a\",b\r\nc,\"d\"\n", "a,b\rc,d\r", "a,b\r\r\nc,d\r\r\n"]
        {
            assert_eq!(read(text).unwrap(), two, "{text:?}");
        }
        assert_eq!(read("a\rb\n").unwrap(), [(1, vec![some("a")]), (2, vec![some("b")])]);
    }

    #[test]
    fn quoted_line_breaks_count_as_lines() {
        let text = "\"a\r\nb\",1\n\"say \"\"hi\"\"\",é\n\"c\rd\",2\r3,4";
        let expected = [
            (1, vec![some("a\r\nb"), some("1")]),
            (3, vec![some("say \"hi\""), some("é")]),
            (4, vec![some("c\rd"), some("2")]),
            (6, vec![some("3"), some("4")]),
        ];
        assert_eq!(read(text).unwrap(), expected);
    }

    #[test]
    fn a_quote_within_a_bare_field_is_text() {
        assert_eq!(read("5\" pipe,x\n").unwrap(), [(1, vec![some("5\" pipe"), some("x")])]);
        assert_eq!(read(" 5\" pipe, x \n").unwrap(), [(1, vec![some(" 5\" pipe"), some(" x ")])]);
    }

    #[test]
    fn blanks_around_quotes_are_no_part_of_a_field() {
        assert_eq!(read("1, \"b, c\" ,\t\"\"\n").unwrap(), [(1, vec![some("1"), some("b, c"), some("")])]);
        let tabs = Dialect { separator: b'\t', ..Dialect::default() };
        assert_eq!(read_as("1\t \"b\"\t\n", &tabs).unwrap(), [(1, vec![some("1"), some("b"), None])]);
    }

    #[test]
    fn every_dialect_has_its_own_quotes() {
        let single = Dialect { separator: b';', quote: Some(b'\''), escape: b'\'', comment: None };
        let expected = [(1, vec![some("it's; \"x\""), some("a,b")])];
        assert_eq!(read_as("'it''s; \"x\"';a,b", &single).unwrap(), expected);
        let escaped = Dialect { escape: b'\\', ..Dialect::default() };
        let expected = [(1, vec![some("\"hi\", \\ \\n"), some("")]), (2, vec![some("a\\"), None])];
        assert_eq!(read_as("\"\\\"hi\\\", \\\\ \\n\",\"\"\na\\,\n", &escaped).unwrap(), expected);
        let none = Dialect { quote: None, ..Dialect::default() };
        assert_eq!(read_as("\"a,b", &none).unwrap(), [(1, vec![some("\"a"), some("b")])]);
        let comments = Dialect { comment: Some("//".into()), ..Dialect::default() };
        let expected = [(2, vec![some("1")]), (4, vec![some("/2")])];
        assert_eq!(read_as("// \",\"\n1\n//\n/2\n//", &comments).unwrap(), expected);
    }

    #[test]
    fn errors_have_lines() {
        assert_eq!(read("a\n\"b\nc").unwrap_err().place.0, 2);
        assert_eq!(read("a\n\"b\"c\n").unwrap_err().place.0, 2);
        assert_eq!(read("a\r\r\n\"b\" c\n").unwrap_err().place.0, 2);
    }
}
