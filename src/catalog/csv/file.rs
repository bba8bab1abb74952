//! A CSV file as bytes: unpacked, without byte order mark.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::Range;
use std::path::Path;

/// Opens a file and unpacks it as its name says: `.gz`, `.zst` or plain.
pub fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    unpacked(path, File::open(path)?)
}

fn unpacked<'a>(path: &Path, file: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    Ok(match extension.as_deref() {
        Some("gz") => Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(file))),
        Some("zst") => Box::new(zstd::Decoder::new(file)?),
        _ => Box::new(file),
    })
}

/// The whole file. `each` is told how much was read of it, as it is packed, and ends the reading with an
/// error.
pub fn read(path: &Path, each: impl FnMut(u64) -> io::Result<()>) -> io::Result<Vec<u8>> {
    // Exact for a plain file, a beginning for a packed one.
    let size = usize::try_from(path.metadata()?.len()).unwrap_or_default();
    let mut bytes = Vec::with_capacity(size.saturating_add(1));
    let file = Watched { from: File::open(path)?, each };
    unpacked(path, file)?.read_to_end(&mut bytes)?;
    if bytes.starts_with(BOM) {
        bytes.drain(..BOM.len());
    }
    Ok(bytes)
}

/// Tells how much is read.
struct Watched<R, F> {
    from: R,
    each: F,
}

impl<R: Read, F: FnMut(u64) -> io::Result<()>> Read for Watched<R, F> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        // A plain file would be read in one go.
        let most = to.len().min(1 << 20);
        let read = self.from.read(to.get_mut(..most).unwrap_or_default())?;
        (self.each)(read as u64)?;
        Ok(read)
    }
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
/// read side by side. Where quotes are damaged, the reading of a run reports it. `each` is told the length
/// of every run, and ends it with an error.
pub fn split<E>(
    bytes: &[u8],
    start: usize,
    first_line: u64,
    size: usize,
    mut each: impl FnMut(u64) -> Result<(), E>,
) -> Result<Vec<Chunk>, E> {
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
                    each(chunk.bytes.len() as u64)?;
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
        each(chunk.bytes.len() as u64)?;
        chunks.push(chunk);
    }
    Ok(chunks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn split(bytes: &[u8], start: usize, line: u64, size: usize) -> Vec<Chunk> {
        super::split(bytes, start, line, size, |_| Ok::<_, Infallible>(())).unwrap()
    }

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

    use crate::catalog::csv::records::for_each;
    use proptest::prelude::*;

    fn written(rows: &[[Option<String>; 3]], line_end: &str) -> String {
        let field = |field: &Option<String>| match field {
            None => String::new(),
            Some(text) if text.is_empty() || text.contains([',', '"', '\n', '\r']) => {
                format!("\"{}\"", text.replace('"', "\"\""))
            }
            Some(text) => text.clone(),
        };
        rows.iter().map(|row| row.each_ref().map(field).join(",") + line_end).collect()
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again_in_chunks_of_any_size(
            rows in prop::collection::vec(prop::array::uniform3(prop::option::of("[a,\"\n\ré ]{0,4}")), 0..20),
            crlf: bool,
            size in 1_usize..60,
        ) {
            let text = written(&rows, if crlf { "\r\n" } else { "\n" });
            let mut found = Vec::new();
            for chunk in split(text.as_bytes(), 0, 1, size) {
                let before = text.get(..chunk.bytes.start).unwrap();
                let begins = 1 + before.matches('\n').count() as u64;
                prop_assert_eq!(chunk.line, begins);
                for_each(text.get(chunk.bytes).unwrap(), chunk.line, 3, |_, fields| {
                    found.push(std::array::from_fn(|at| fields[at].value().map(|value| value.into_owned())));
                    Ok(())
                }).unwrap();
            }
            prop_assert_eq!(found, rows);
        }
    }
}
