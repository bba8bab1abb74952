//! CSV in other encodings than UTF-8, as UTF-8.

use std::fmt;
use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::line_ends::end_of_line;

/// How many bytes are decoded in one go.
const BLOCK: usize = 1 << 16;
/// How many bytes are looked at where no mark says how they are encoded.
const LOOKED_AT: usize = 2000;

/// How bytes are encoded that begin a file, and how long the mark is that says so. Marks go before what is stated.
pub(crate) fn encoding(bytes: &[u8], stated: Option<&'static Encoding>) -> (&'static Encoding, usize) {
    match Encoding::for_bom(bytes) {
        Some(found) => found,
        None => (stated.unwrap_or_else(|| without_mark(bytes)), 0),
    }
}

/// UTF-16 where every second byte of the first line is NUL, which text in UTF-8 does not have.
fn without_mark(bytes: &[u8]) -> &'static Encoding {
    let bytes = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    // Blank lines say nothing.
    let is_line_end = |unit: &[u8]| matches!(unit, [b'\n' | b'\r', 0] | [0, b'\n' | b'\r']);
    let blank = bytes.chunks_exact(2).take_while(|unit| is_line_end(unit)).count() * 2;
    let bytes = bytes.get(blank..).unwrap_or_default();
    let line = bytes.get(..end_of_line(bytes).unwrap_or(bytes.len())).unwrap_or(bytes);
    let units: Vec<&[u8]> = line.chunks_exact(2).collect();
    let all_are = |wanted: [bool; 2]| {
        let nul = units.iter().map(|unit| [unit.first() == Some(&0), unit.get(1) == Some(&0)]);
        units.len() > 1 && nul.into_iter().all(|nul| nul == wanted)
    };
    match [[false, true], [true, false]].map(all_are) {
        [true, _] => UTF_16LE,
        [_, true] => UTF_16BE,
        _ => UTF_8,
    }
}

/// Bytes were read that are none in the encoding they should be in.
#[derive(Debug)]
pub(crate) struct Malformed;

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("malformed")
    }
}

impl std::error::Error for Malformed {}

/// Gives bytes of any encoding as UTF-8, and fails with [`Malformed`] where they cannot be decoded, after all that
/// stands before.
pub(crate) struct DecodingReader<R> {
    from: R,
    decoder: Decoder,
    raw: Vec<u8>,
    decoded: Vec<u8>,
    /// How much of that was given.
    given: usize,
    is_malformed: bool,
    is_over: bool,
}

impl<R: Read> DecodingReader<R> {
    pub fn new(from: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        let (raw, decoded) = (Vec::new(), Vec::new());
        Self { from, decoder, raw, decoded, given: 0, is_malformed: false, is_over: false }
    }

    fn decode_more(&mut self) -> io::Result<()> {
        self.raw.clear();
        self.from.by_ref().take(BLOCK as u64).read_to_end(&mut self.raw)?;
        self.is_over = self.raw.len() < BLOCK;
        let most = self.decoder.max_utf8_buffer_length_without_replacement(self.raw.len());
        self.decoded.clear();
        self.decoded.resize(most.ok_or_else(|| io::Error::other(Malformed))?, 0);
        self.given = 0;
        let (result, _, written) =
            self.decoder.decode_to_utf8_without_replacement(&self.raw, &mut self.decoded, self.is_over);
        self.decoded.truncate(written);
        self.is_malformed = !matches!(result, DecoderResult::InputEmpty);
        Ok(())
    }
}

impl<R: Read> Read for DecodingReader<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.given == self.decoded.len() && !to.is_empty() {
            if self.is_malformed {
                return Err(io::Error::other(Malformed));
            }
            if self.is_over {
                return Ok(0);
            }
            self.decode_more()?;
        }
        let read = self.decoded.get(self.given..).unwrap_or_default().read(to)?;
        self.given += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::WINDOWS_1252;

    #[test]
    fn marks_decide() {
        assert_eq!(encoding(b"\xEF\xBB\xBFa", Some(WINDOWS_1252)), (UTF_8, 3));
        assert_eq!(encoding(b"\xFF\xFEa\0", None), (UTF_16LE, 2));
        assert_eq!(encoding(b"\xFE\xFF\0a", None), (UTF_16BE, 2));
        assert_eq!(encoding(b"abc", Some(WINDOWS_1252)), (WINDOWS_1252, 0));
        assert_eq!(encoding(b"i\0d\0\n\0\x42\x01", None), (UTF_16LE, 0));
        assert_eq!(encoding(b"\0i\0d\0\n\x01\x42", None), (UTF_16BE, 0));
        for text in [&b""[..], b"a", b"ab", b"a\0b", b"\0\0\0\0"] {
            assert_eq!(encoding(text, None), (UTF_8, 0), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_decoded_fails_after_what_can() {
        let mut bytes = b"a\0".repeat(BLOCK);
        bytes.extend(b"\x00\xD8b\0");
        let mut text = Vec::new();
        let error = DecodingReader::new(&bytes[..], UTF_16LE).read_to_end(&mut text).unwrap_err();
        assert!(error.get_ref().is_some_and(|error| error.is::<Malformed>()));
        assert_eq!(text.len(), BLOCK);
    }
}
