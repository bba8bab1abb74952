//! Splits CSV text into records and fields (RFC 4180), exactly.
//!
//! Own code, because what counts here is what readers of CSV like to smooth over: a quoted empty
//! field is not an empty field, and a record that is damaged has a line number.

use std::borrow::Cow;

use super::error::{CsvError, CsvLine};
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
    /// Quoted, with doubled quotes inside.
    Escaped,
}

impl<'a> CsvField<'a> {
    /// The value; `None` for NULL, which is an empty field without quotes.
    pub fn value(&self) -> Option<Cow<'a, str>> {
        match self.quoting {
            Quoting::Bare if self.text.is_empty() => None,
            Quoting::Bare | Quoting::Quoted => Some(Cow::Borrowed(self.text)),
            Quoting::Escaped => Some(Cow::Owned(self.text.replace("\"\"", "\""))),
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
}

/// The records of a text, one after the other.
pub(crate) struct RecordReader<'a> {
    text: &'a str,
    position: usize,
    line: u64,
}

impl<'a> RecordReader<'a> {
    /// `line` is the number of the text's first line.
    pub fn new(text: &'a str, line: u64) -> Self {
        Self { text, position: 0, line }
    }

    /// Replaces `fields` by those of the next record and gives the line it begins on, or `None`
    /// after the last. An empty line is a record of one empty field.
    pub fn next(&mut self, fields: &mut Vec<CsvField<'a>>) -> Result<Option<u64>, CsvError> {
        fields.clear();
        if self.position >= self.text.len() {
            return Ok(None);
        }
        let line = self.line;
        loop {
            let field = if self.peek(0) == Some(b'"') { self.quoted()? } else { self.bare() };
            fields.push(field);
            match self.peek(0) {
                Some(b',') => self.position += 1,
                end => {
                    self.position += if end == Some(b'\r') { 2 } else { 1 };
                    self.line += 1;
                    return Ok(Some(line));
                }
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.position + ahead).copied()
    }

    /// Whether a record ends here, by LF, CRLF or the end of the text.
    fn at_end(&self) -> bool {
        match self.peek(0) {
            None | Some(b'\n') => true,
            Some(b'\r') => self.peek(1) == Some(b'\n'),
            Some(_) => false,
        }
    }

    /// The bytes from `start` up to the position. Both stand beside ASCII, so never inside a character.
    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.position).unwrap_or_default()
    }

    fn bare(&mut self) -> CsvField<'a> {
        let start = self.position;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let ends = |byte: &u8| matches!(byte, b',' | b'\n');
        let end = rest.iter().position(ends).unwrap_or(rest.len());
        let has_return =
            rest.get(end) == Some(&b'\n') && rest.get(..end).is_some_and(|text| text.ends_with(b"\r"));
        self.position += end - usize::from(has_return);
        CsvField { text: self.since(start), quoting: Quoting::Bare }
    }

    fn quoted(&mut self) -> Result<CsvField<'a>, CsvError> {
        let opened = self.line;
        self.position += 1;
        let start = self.position;
        let mut quoting = Quoting::Quoted;
        loop {
            match self.peek(0) {
                Some(b'"') if self.peek(1) == Some(b'"') => {
                    quoting = Quoting::Escaped;
                    self.position += 2;
                }
                Some(b'"') => break,
                Some(byte) => {
                    self.line += u64::from(byte == b'\n');
                    self.position += 1;
                }
                None => {
                    return Err(Diagnostic::new("a quote opens here and never closes")
                        .with_help("close it, or write a quote inside a quoted field twice (\"\")")
                        .at(CsvLine(opened)));
                }
            }
        }
        let text = self.since(start);
        self.position += 1;
        if self.peek(0) != Some(b',') && !self.at_end() {
            return Err(Diagnostic::new("a field goes on after its closing quote")
                .with_help("write a quote inside a quoted field twice (\"\")")
                .at(CsvLine(self.line)));
        }
        Ok(CsvField { text, quoting })
    }
}

/// Calls `each` with line and fields of every record, all of which must have `width` fields. Empty
/// lines are passed over, except in a table of one column, where they are NULL.
pub(crate) fn for_each_record<'a>(
    text: &'a str,
    line: u64,
    width: usize,
    mut each: impl FnMut(u64, &[CsvField<'a>]) -> Result<(), CsvError>,
) -> Result<(), CsvError> {
    let mut records = RecordReader::new(text, line);
    let mut fields = Vec::with_capacity(width);
    while let Some(line) = records.next(&mut fields)? {
        if fields.len() == width {
            each(line, &fields)?;
        } else if !matches!(fields.as_slice(), [CsvField { text: "", quoting: Quoting::Bare }]) {
            let plural = |count| if count == 1 { "1 field".to_owned() } else { format!("{count} fields") };
            return Err(Diagnostic::new(format!("{}, where the header has {width}", plural(fields.len())))
                .with_help("give every line as many fields as the header; quote fields that hold commas")
                .at(CsvLine(line)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (u64, Vec<Option<String>>);

    fn read(text: &str) -> Result<Vec<Row>, CsvError> {
        let (mut records, mut fields, mut all) = (RecordReader::new(text, 1), Vec::new(), Vec::new());
        while let Some(line) = records.next(&mut fields)? {
            all.push((line, fields.iter().map(|field| field.value().map(Cow::into_owned)).collect()));
        }
        Ok(all)
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
        for text in ["a,b\nc,d", "a,b\r\nc,d\r\n", "\"a\",b\r\nc,\"d\"\n"] {
            assert_eq!(read(text).unwrap(), two, "{text:?}");
        }
        assert_eq!(read("a\rb\n").unwrap(), [(1, vec![some("a\rb")])]);
    }

    #[test]
    fn quoted_line_breaks_count_as_lines() {
        let text = "\"a\r\nb\",1\n\"say \"\"hi\"\"\",é\n";
        let expected = [(1, vec![some("a\r\nb"), some("1")]), (3, vec![some("say \"hi\""), some("é")])];
        assert_eq!(read(text).unwrap(), expected);
    }

    #[test]
    fn a_quote_within_a_bare_field_is_text() {
        assert_eq!(read("5\" pipe,x\n").unwrap(), [(1, vec![some("5\" pipe"), some("x")])]);
    }

    #[test]
    fn errors_have_lines() {
        assert_eq!(read("a\n\"b\nc").unwrap_err().place.0, 2);
        assert_eq!(read("a\n\"b\"c\n").unwrap_err().place.0, 2);
        let ragged = for_each_record("1,2\n\n3\n", 5, 2, |_, _| Ok(())).unwrap_err();
        assert_eq!((ragged.place.0, ragged.message.as_str()), (7, "1 field, where the header has 2"));
    }

    #[test]
    fn empty_lines_count_in_a_table_of_one_column() {
        let count = |text, width| {
            let mut rows = 0;
            for_each_record(text, 1, width, |_, _| {
                rows += 1;
                Ok(())
            })
            .map(|()| rows)
        };
        assert_eq!(count("a\n\nb\n", 1), Ok(3));
        assert_eq!(count("a,b\n\nc,d\n", 2), Ok(2));
    }
}
