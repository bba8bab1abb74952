//! Where records end: at line breaks that do not stand in quotes.

use memchr::memchr;

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
    pub(crate) fn end_of_record(&mut self, bytes: &[u8], least: usize) -> Option<usize> {
        loop {
            let rest = bytes.get(self.at..).unwrap_or_default();
            let quote = memchr(b'"', rest).map(|ahead| self.at + ahead);
            if !self.is_open {
                let from = self.at.max(least.saturating_sub(1));
                let bare = bytes.get(from..quote.unwrap_or(bytes.len())).unwrap_or_default();
                if let Some(ahead) = memchr(b'\n', bare) {
                    return Some(from + ahead + 1);
                }
            }
            let Some(quote) = quote else {
                self.at = bytes.len();
                return None;
            };
            self.at = quote + 1;
            if self.is_open {
                self.is_open = false;
                self.closed = Some(self.at);
            } else {
                self.is_open = self.closed == Some(quote) || begins_field(bytes, quote);
            }
        }
    }
}

/// Whether a field begins here, outside of quotes.
fn begins_field(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    matches!(before, None | Some(b',' | b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Byte by byte.
    fn ends(bytes: &[u8]) -> Vec<usize> {
        #[derive(Clone, Copy)]
        enum State {
            Start,
            Bare,
            Quoted,
            Closed,
        }
        let (mut state, mut ends) = (State::Start, Vec::new());
        for (at, byte) in bytes.iter().enumerate() {
            state = match (state, byte) {
                (State::Start | State::Closed, b'"') => State::Quoted,
                (State::Quoted, b'"') => State::Closed,
                (State::Quoted, _) => State::Quoted,
                (_, b',') => State::Start,
                (_, b'\n') => {
                    ends.push(at + 1);
                    State::Start
                }
                _ => State::Bare,
            };
        }
        ends
    }

    #[test]
    fn line_breaks_in_quotes_end_no_record() {
        let text = b"a\n\"b\n\"\"c\",d\ne\"\nf";
        assert_eq!(ends(text), [2, 12, 15]);
        assert_eq!(RecordBoundary::default().end_of_record(text, 3), Some(12));
        assert_eq!(RecordBoundary::default().end_of_record(text, 16), None);
    }

    proptest! {
        #[test]
        fn records_end_where_they_do_byte_by_byte(
            text in "[a,\"\n\r]{0,30}", least in 0_usize..20, step in 1_usize..9,
        ) {
            let bytes = text.as_bytes();
            let wanted = ends(bytes).into_iter().find(|end| *end >= least);
            let mut quotes = RecordBoundary::default();
            // The bytes come in little by little.
            let lengths = (0..bytes.len()).step_by(step).chain([bytes.len()]);
            let found = lengths.into_iter().find_map(|length| quotes.end_of_record(&bytes[..length], least));
            prop_assert_eq!(found, wanted);
        }
    }
}
