//! Where records end: at line ends that do not stand in quotes.

use memchr::{memchr, memchr2, memchr3};

use super::dialect::Dialect;
use super::line_ends::{end_of_line, line_end};

/// What is known of the quotes at the beginning of some bytes, to which more are added until a record ends.
/// Where quotes are damaged the records are not right, but they are the same ones every time.
#[derive(Default)]
pub(crate) struct RecordBoundary {
    /// Up to where the bytes were looked at.
    at: usize,
    /// Whether a quote is open there.
    is_open: bool,
    /// Behind the quote that closed last: one more here makes both part of the text.
    closed: Option<usize>,
}

impl RecordBoundary {
    /// The first end of a record after so many bytes, which begin with a record; `None` where there is none
    /// so far.
    pub(crate) fn end_of_record(&mut self, bytes: &[u8], least: usize, dialect: &Dialect) -> Option<usize> {
        if dialect.comment.is_some() {
            return self.end_among_comments(bytes, least, dialect);
        }
        loop {
            let quote = self.next_quote(bytes, dialect);
            if !self.is_open {
                let from = self.at.max(least.saturating_sub(1));
                let bare = bytes.get(from..quote.unwrap_or(bytes.len())).unwrap_or_default();
                if let Some(ahead) = memchr2(b'\n', b'\r', bare) {
                    let end = from + ahead;
                    return line_end(bytes.get(end..)?).map(|length| end + length);
                }
            }
            let Some(quote) = quote else {
                self.at = bytes.len();
                return None;
            };
            self.pass_quote(bytes, quote, dialect)?;
        }
    }

    /// The next quote, or within quotes what makes one part of the text.
    fn next_quote(&self, bytes: &[u8], dialect: &Dialect) -> Option<usize> {
        let (quote, rest) = (dialect.quote?, bytes.get(self.at..)?);
        let ahead = if self.is_open && dialect.escape != quote {
            memchr2(quote, dialect.escape, rest)
        } else {
            memchr(quote, rest)
        };
        ahead.map(|ahead| self.at + ahead)
    }

    /// Goes on behind a quote; `None` where more bytes would be needed to say what it is.
    fn pass_quote(&mut self, bytes: &[u8], at: usize, dialect: &Dialect) -> Option<()> {
        if self.is_open && dialect.quote != Some(dialect.escape) {
            if bytes.get(at) == Some(&dialect.escape) {
                let escaped = *bytes.get(at + 1)?;
                self.at = at + if dialect.is_escapable(escaped) { 2 } else { 1 };
            } else {
                (self.at, self.is_open) = (at + 1, false);
            }
            return Some(());
        }
        self.at = at + 1;
        if self.is_open {
            self.is_open = false;
            self.closed = Some(self.at);
        } else {
            self.is_open = self.closed == Some(at) || begins_field(bytes, at, dialect);
        }
        Some(())
    }

    /// The same record by record: quotes in comments are none.
    fn end_among_comments(&mut self, bytes: &[u8], least: usize, dialect: &Dialect) -> Option<usize> {
        loop {
            let rest = bytes.get(self.at..)?;
            if !self.is_open && self.is_line_start(bytes) && dialect.is_comment(rest) {
                self.at += end_of_line(rest)?;
                continue;
            }
            let found = match dialect.quote {
                Some(_) if self.is_open => self.next_quote(bytes, dialect)?,
                Some(quote) => self.at + memchr3(quote, b'\n', b'\r', rest)?,
                None => self.at + memchr2(b'\n', b'\r', rest)?,
            };
            if self.is_open || bytes.get(found).copied() == dialect.quote {
                self.pass_quote(bytes, found, dialect)?;
                continue;
            }
            self.at = found + line_end(bytes.get(found..)?)?;
            if self.at >= least {
                return Some(self.at);
            }
        }
    }

    fn is_line_start(&self, bytes: &[u8]) -> bool {
        let before = self.at.checked_sub(1).and_then(|before| bytes.get(before));
        matches!(before, None | Some(b'\n' | b'\r'))
    }
}

/// Whether a field begins with this quote, outside of quotes.
fn begins_field(bytes: &[u8], at: usize, dialect: &Dialect) -> bool {
    let before = bytes.get(..at).unwrap_or_default().iter().rev();
    match before.copied().find(|byte| !dialect.is_blank(*byte)) {
        None | Some(b'\n' | b'\r') => true,
        Some(other) => other == dialect.separator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::files::csv::records::RecordReader;
    use proptest::prelude::*;

    /// By reading one record after the other.
    fn ends(text: &str, dialect: &Dialect) -> Vec<usize> {
        let (mut records, mut fields, mut ends) =
            (RecordReader::new(text, 1, dialect), Vec::new(), Vec::new());
        while let Ok(Some(_)) = records.next(&mut fields) {
            ends.push(records.position());
        }
        ends
    }

    #[test]
    fn line_ends_in_quotes_end_no_record() {
        let (text, dialect) = ("a\n\"b\n\"\"c\",d\ne\"\nf", Dialect::default());
        assert_eq!(ends(text, &dialect), [2, 12, 15, 16]);
        let end = |least| RecordBoundary::default().end_of_record(text.as_bytes(), least, &dialect);
        assert_eq!((end(3), end(16)), (Some(12), None));
    }

    #[test]
    fn of_a_line_end_that_may_go_on_more_is_wanted() {
        let end =
            |text: &str| RecordBoundary::default().end_of_record(text.as_bytes(), 1, &Dialect::default());
        assert_eq!([end("a\r"), end("a\r\r"), end("a\r\r\nb")], [None, None, Some(4)]);
        assert_eq!([end("a\rb"), end("a\r\n"), end("a\r\rb")], [Some(2), Some(3), Some(2)]);
    }

    fn dialects() -> impl Strategy<Value = Dialect> {
        let quotes = prop_oneof![4 => Just(Some(b'"')), 1 => Just(Some(b'\'')), 1 => Just(None)];
        let comment = prop::option::weighted(0.3, Just(Box::from("#")));
        (quotes, prop::bool::weighted(0.7), comment, any::<bool>()).prop_map(
            |(quote, doubled, comment, comma)| {
                let escape = if doubled { quote.unwrap_or(b'"') } else { b'\\' };
                Dialect { separator: if comma { b',' } else { b'\t' }, quote, escape, comment }
            },
        )
    }

    proptest! {
        #[test]
        fn records_end_where_their_reader_finds_the_end(
            text in "[a,\"\n\r '#\t\\\\]{0,30}", dialect in dialects(), least in 0_usize..20, step in 1_usize..9,
        ) {
            let whole = ends(&text, &dialect);
            let bytes = text.as_bytes();
            let mut quotes = RecordBoundary::default();
            // The bytes come in little by little.
            let lengths = (0..bytes.len()).step_by(step).chain([bytes.len()]);
            let found = lengths.into_iter().find_map(|length| quotes.end_of_record(&bytes[..length], least, &dialect));
            // The last record ends with the text, for all that is known here; behind damage the reader knows none.
            let is_damaged = whole.last().copied().unwrap_or_default() < bytes.len();
            let wanted = whole.into_iter().find(|end| *end >= least.max(1));
            match wanted {
                // At the end of the text these may be the beginning of one longer line end.
                Some(end) if bytes.get(end - 1..) == Some(b"\r\r") => prop_assert_eq!(found, None),
                Some(end) if end < bytes.len() => prop_assert_eq!(found, Some(end)),
                Some(end) => prop_assert!(found.is_none_or(|found| found == end)),
                None => prop_assert!(is_damaged || found.is_none()),
            }
        }
    }
}
