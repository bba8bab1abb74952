//! One CSV file as blocks of whole records: however long it is, only a block of it is held at a time.

use std::io::Read;
use std::path::Path;

use super::decompress::{self, CompressedBytes};
use super::error::{CsvError, CsvLine};
use super::record_boundary::RecordBoundary;
use super::records::{CsvField, for_each_record};
use super::text::{BOM, count_lines, utf8};
use crate::database::TableError;
use crate::diagnostic::Diagnostic;
use crate::local::files::read_task::{ReadError, ReadProgress};

/// How much is held.
#[derive(Clone, Copy)]
struct ReadLimits {
    /// What is decompressed in one go: in between the work can be cancelled.
    read: usize,
    /// A record that is longer is cut: a quote that was forgotten would have the whole file held.
    record: usize,
}

const LIMITS: ReadLimits = ReadLimits { read: 1 << 18, record: 1 << 26 };

/// Consecutive whole records.
#[derive(Debug)]
pub(crate) struct RecordBlock {
    pub bytes: Vec<u8>,
    /// The number of their first line.
    pub line: u64,
    /// How many lines end in it.
    pub lines: usize,
    /// Whether the last of them is longer than a record may be, and goes on in the next block.
    pub is_cut: bool,
    /// How much of the file was read for them, as it is on disk.
    pub compressed: u64,
}

impl RecordBlock {
    pub fn text(&self) -> Result<&str, CsvError> {
        utf8(&self.bytes, self.line)
    }

    /// Calls `each` with line and fields of every record, all of which must have `width` fields
    /// ([`for_each_record`]).
    pub fn for_each(
        &self,
        width: usize,
        each: impl FnMut(u64, &[CsvField<'_>]) -> Result<(), CsvError>,
    ) -> Result<(), CsvError> {
        for_each_record(self.text()?, self.line, width, each)?;
        self.check_end()
    }

    /// Whether the last record is whole.
    pub(crate) fn check_end(&self) -> Result<(), CsvError> {
        if !self.is_cut {
            return Ok(());
        }
        Err(Diagnostic::new(format!("a record is longer than {} MB", LIMITS.record >> 20))
            .with_help("close the quote that opens in it, or end lines with line feeds")
            .at(CsvLine(self.line + self.lines as u64)))
    }
}

/// What is left of a file.
pub(crate) struct BlockReader<'a> {
    file: &'a Path,
    from: Box<dyn Read + Send>,
    compressed: CompressedBytes,
    /// What was read and is in no block yet: it begins with a record.
    buffer: Vec<u8>,
    boundary: RecordBoundary,
    line: u64,
    limits: ReadLimits,
}

impl<'a> BlockReader<'a> {
    pub fn open(file: &'a Path) -> Result<Self, TableError> {
        let compressed = CompressedBytes::default();
        let from =
            decompress::open(file, &compressed).map_err(|error| TableError::unreadable(file, &error))?;
        Ok(Self::new(file, from, compressed))
    }

    fn new(file: &'a Path, from: Box<dyn Read + Send>, compressed: CompressedBytes) -> Self {
        let (buffer, boundary) = (Vec::new(), RecordBoundary::default());
        Self { file, from, compressed, buffer, boundary, line: 1, limits: LIMITS }
    }

    /// The first record, which names the columns; `None` where the file has nothing but blanks.
    pub fn first(&mut self, progress: &ReadProgress<'_>) -> Result<Option<RecordBlock>, ReadError> {
        self.fill(progress)?;
        if self.buffer.starts_with(BOM) {
            self.buffer.drain(..BOM.len());
        }
        let first = self.next(1, progress)?;
        let is_blank = first.as_ref().is_none_or(|first| first.bytes.trim_ascii().is_empty());
        Ok(if is_blank && self.is_blank(progress)? { None } else { first })
    }

    /// The next block: records of so many bytes in all, or those that are left.
    pub fn next(
        &mut self,
        least: usize,
        progress: &ReadProgress<'_>,
    ) -> Result<Option<RecordBlock>, ReadError> {
        let mut is_cut = false;
        let end = loop {
            if let Some(end) = self.boundary.end_of_record(&self.buffer, least) {
                break end;
            }
            if self.buffer.len() > self.limits.record {
                is_cut = true;
                // Not within a character.
                break self.buffer.iter().rposition(u8::is_ascii).map_or(self.buffer.len(), |last| last + 1);
            }
            if !self.fill(progress)? {
                break self.buffer.len();
            }
        };
        if end == 0 {
            return Ok(None);
        }
        let rest = self.buffer.get(end..).unwrap_or_default();
        let mut buffer = Vec::with_capacity(rest.len().max(least) + self.limits.read);
        buffer.extend_from_slice(rest);
        let mut bytes = std::mem::replace(&mut self.buffer, buffer);
        bytes.truncate(end);
        self.boundary = RecordBoundary::default();
        let line = self.line;
        let lines = count_lines(&bytes);
        self.line += lines as u64;
        Ok(Some(RecordBlock { bytes, line, lines, is_cut, compressed: self.compressed.take() }))
    }

    /// Reads on; false at the end of the file.
    fn fill(&mut self, progress: &ReadProgress<'_>) -> Result<bool, ReadError> {
        progress.check()?;
        self.buffer.reserve(self.limits.read);
        let read = self.from.by_ref().take(self.limits.read as u64).read_to_end(&mut self.buffer);
        Ok(read.map_err(|error| TableError::unreadable(self.file, &error))? > 0)
    }

    /// Whether nothing but blanks is left, as far as a record may be long.
    fn is_blank(&mut self, progress: &ReadProgress<'_>) -> Result<bool, ReadError> {
        let mut seen = 0;
        loop {
            let new = self.buffer.get(seen..).unwrap_or_default();
            if !new.trim_ascii().is_empty() || self.buffer.len() > self.limits.record {
                return Ok(false);
            }
            seen = self.buffer.len();
            if !self.fill(progress)? {
                return Ok(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::files::csv::header::names;
    use proptest::prelude::*;

    type Row = [Option<String>; 3];

    fn written(rows: &[Row], line_end: &str) -> String {
        let field = |field: &Option<String>| match field {
            None => String::new(),
            Some(text) if text.is_empty() || text.contains([',', '"', '\n', '\r']) => {
                format!("\"{}\"", text.replace('"', "\"\""))
            }
            Some(text) => text.clone(),
        };
        rows.iter().map(|row| row.each_ref().map(field).join(",") + line_end).collect()
    }

    /// Of a text that comes in little by little.
    fn reader(text: &str, read: usize) -> BlockReader<'static> {
        let from = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        let reader = BlockReader::new(Path::new("t.csv"), from, CompressedBytes::default());
        BlockReader { limits: ReadLimits { read, ..LIMITS }, ..reader }
    }

    fn all(reader: &mut BlockReader<'_>, least: usize) -> Vec<RecordBlock> {
        std::iter::from_fn(|| reader.next(least, &ReadProgress::silent()).unwrap()).collect()
    }

    fn texts(blocks: &[RecordBlock]) -> Vec<(&str, u64)> {
        blocks.iter().map(|block| (block.text().unwrap(), block.line)).collect()
    }

    #[test]
    fn blocks_hold_whole_records() {
        let text = "a\n\"b\n\"\"c\",d\ne\"\nf";
        let cut = all(&mut reader(text, 3), 1);
        assert_eq!(texts(&cut), [("a\n", 1), ("\"b\n\"\"c\",d\n", 2), ("e\"\n", 4), ("f", 5)]);
        assert_eq!(texts(&all(&mut reader(text, 100), 1000)), [(text, 1)]);
        assert!(all(&mut reader("", 1), 10).is_empty());
    }

    #[test]
    fn the_first_record_is_that_of_a_file_that_says_anything() {
        let first = |text: &str| {
            let mut reader = reader(text, 3);
            let first = reader.first(&ReadProgress::silent()).unwrap();
            let names = names(first.as_ref()).map_err(|error| (error.place.0, error.message));
            (names, all(&mut reader, 100).pop().map(|rest| (rest.line, rest.bytes)))
        };
        let names = |names: &[&str]| Ok(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(first("\u{FEFF}a,\"b\nc\"\n1,2\n"), (names(&["a", "b\nc"]), Some((3, b"1,2\n".to_vec()))));
        assert_eq!(first("\n\n1\n"), (names(&["column_1"]), Some((2, b"\n1\n".to_vec()))));
        for blank in ["", "\u{FEFF}", " ", "\n\r\n \n"] {
            assert_eq!(first(blank).0, Err((1, "the file is empty".to_owned())), "{blank:?}");
        }
        assert_eq!(first("a,b,a\n").0, Err((1, "two columns are named \"a\"".to_owned())));
    }

    #[test]
    fn a_quote_that_never_closes_is_found_without_holding_what_follows() {
        let error = |text: &str, width: usize| {
            let mut reader = reader(text, 1);
            reader.limits.record = 40;
            let blocks = all(&mut reader, 10);
            assert!(blocks.iter().all(|block| block.bytes.len() <= 50));
            let error = blocks.iter().find_map(|block| block.for_each(width, |_, _| Ok(())).err());
            error.map(|error| (error.place.0, error.message))
        };
        let never = "a quote opens here and never closes".to_owned();
        let text = format!("1,2\n3,4\n5,\"{}", "é,1\n".repeat(100));
        assert_eq!(error(&text, 2), Some((3, never.clone())));
        let text = format!("1,2\n3\n5,\"{}", "é,1\n".repeat(100));
        assert_eq!(error(&text, 2), Some((2, "1 field, where the header has 2".to_owned())));
        let too_long = Some((2, format!("a record is longer than {} MB", LIMITS.record >> 20)));
        assert_eq!(error(&format!("1234567890\n{}\n", "x".repeat(100)), 1), too_long);
        assert_eq!(error(&format!("12345,{}\n", "x".repeat(30)), 2), None);
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again_in_blocks_of_any_size(
            rows in prop::collection::vec(prop::array::uniform3(prop::option::of("[a,\"\n\ré ]{0,4}")), 0..20),
            crlf: bool,
            size in 1_usize..60,
            step in 1_usize..9,
        ) {
            let text = written(&rows, if crlf { "\r\n" } else { "\n" });
            let (mut found, mut bytes, mut line) = (Vec::new(), 0, 1);
            for block in all(&mut reader(&text, step), size) {
                prop_assert_eq!(block.line, line);
                prop_assert!(!block.is_cut);
                bytes += block.bytes.len();
                prop_assert!(block.bytes.len() >= size || bytes == text.len());
                line += block.text().unwrap().matches('\n').count() as u64;
                block.for_each(3, |_, fields| {
                    found.push(std::array::from_fn(|at| fields[at].value().map(|value| value.into_owned())));
                    Ok(())
                }).unwrap();
            }
            prop_assert_eq!(bytes, text.len());
            prop_assert_eq!(found, rows);
        }
    }
}
