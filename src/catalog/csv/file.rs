//! A CSV file as bytes: unpacked, without byte order mark.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::Range;
use std::path::Path;

/// Opens a file and unpacks it as its name says: `.gz`, `.zst` or plain.
pub fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    let file = File::open(path)?;
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    Ok(match extension.as_deref() {
        Some("gz") => Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(file))),
        Some("zst") => Box::new(zstd::Decoder::new(file)?),
        _ => Box::new(file),
    })
}

/// The whole file.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    if bytes.starts_with(BOM) {
        bytes.drain(..BOM.len());
    }
    Ok(bytes)
}

/// The byte order mark of UTF-8.
pub const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A run of whole records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Where it stands.
    pub bytes: Range<usize>,
    /// The number of its first line.
    pub line: u64,
}

/// Cuts bytes into runs of whole records, each of `size` bytes or a little more, so that they can be
/// read side by side. Where quotes are damaged, the reading of a run reports it.
pub fn split(bytes: &[u8], start: usize, first_line: u64, size: usize) -> Vec<Chunk> {
    enum State {
        Start,
        Bare,
        Quoted,
        Closed,
    }
    let mut chunks = Vec::new();
    let mut chunk = Chunk { bytes: start..start, line: first_line };
    let (mut state, mut line) = (State::Start, first_line);
    for (position, byte) in bytes.iter().enumerate().skip(start) {
        line += u64::from(*byte == b'\n');
        state = match (state, byte) {
            (State::Start | State::Closed, b'"') => State::Quoted,
            (State::Quoted, b'"') => State::Closed,
            (State::Quoted, _) => State::Quoted,
            (_, b',') => State::Start,
            (_, b'\n') => {
                chunk.bytes.end = position + 1;
                if chunk.bytes.len() >= size {
                    let next = Chunk { bytes: position + 1..position + 1, line };
                    chunks.push(std::mem::replace(&mut chunk, next));
                }
                State::Start
            }
            _ => State::Bare,
        };
    }
    chunk.bytes.end = bytes.len();
    if !chunk.bytes.is_empty() {
        chunks.push(chunk);
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_hold_whole_records() {
        let text = b"a\n\"b\n\"\"c\",d\ne\"\nf";
        let cut: Vec<_> = split(text, 0, 1, 1)
            .into_iter()
            .map(|chunk| (std::str::from_utf8(&text[chunk.bytes]).unwrap(), chunk.line))
            .collect();
        assert_eq!(cut, [("a\n", 1), ("\"b\n\"\"c\",d\n", 2), ("e\"\n", 4), ("f", 5)]);
        assert_eq!(split(text, 2, 2, 1000), [Chunk { bytes: 2..text.len(), line: 2 }]);
        assert_eq!(split(b"a\n", 2, 2, 10), []);
    }
}
