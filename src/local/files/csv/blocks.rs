//! One CSV file as blocks of whole records: however long it is, only a block of it is held at a time.

use std::io::{Cursor, Read};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};
use memchr::memchr2;

use super::decompress::{self, CompressedBytes};
use super::dialect::Dialect;
use super::encoding::{DecodingReader, Malformed, encoding};
use super::error::{CsvError, CsvLine};
use super::line_ends::{count_lines, line_end, whole_line_end};
use super::record_boundary::RecordBoundary;
use super::settings::CsvSettings;
use crate::database::TableError;
use crate::diagnostic::{Diagnostic, FileLine};
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
    from: Box<dyn Read + Send + 'a>,
    compressed: CompressedBytes,
    /// What was read and is in no block yet: once the file is begun it begins with a record.
    buffer: Vec<u8>,
    boundary: RecordBoundary,
    line: u64,
    limits: ReadLimits,
    /// How the records are written; the first line may have said so.
    pub dialect: Dialect,
    /// The separator that the first line says.
    pub said_separator: Option<u8>,
    /// How the file is encoded.
    pub encoding: &'static Encoding,
}

impl<'a> BlockReader<'a> {
    /// Opens a file that is written in this dialect and goes to its first record. `settings` say how it is encoded
    /// and what stands before, as far as that is stated.
    pub fn open(
        file: &'a Path,
        dialect: &Dialect,
        settings: &CsvSettings,
        progress: &ReadProgress<'_>,
    ) -> Result<Self, ReadError> {
        let compressed = CompressedBytes::default();
        let from =
            decompress::open(file, &compressed).map_err(|error| TableError::unreadable(file, &error))?;
        let mut this = Self::new(file, from, compressed, dialect.clone());
        this.begin(settings, progress)?;
        Ok(this)
    }

    fn new(
        file: &'a Path,
        from: Box<dyn Read + Send + 'a>,
        compressed: CompressedBytes,
        dialect: Dialect,
    ) -> Self {
        Self {
            file,
            from,
            compressed,
            buffer: Vec::new(),
            boundary: RecordBoundary::default(),
            line: 1,
            limits: LIMITS,
            dialect,
            said_separator: None,
            encoding: UTF_8,
        }
    }

    /// Goes to the first record.
    fn begin(&mut self, settings: &CsvSettings, progress: &ReadProgress<'_>) -> Result<(), ReadError> {
        self.fill(progress)?;
        let (encoding, mark) = encoding(&self.buffer, settings.encoding);
        self.buffer.drain(..mark);
        self.encoding = encoding;
        if encoding != UTF_8 {
            let raw = Cursor::new(std::mem::take(&mut self.buffer));
            let rest = std::mem::replace(&mut self.from, Box::new(std::io::empty()));
            self.from = Box::new(DecodingReader::new(raw.chain(rest), encoding));
        }
        for _ in 0..settings.skip.unwrap_or_default() {
            if !self.pass_line(|_, _| true, progress)? {
                break;
            }
        }
        let mut said = None;
        self.pass_line(
            |_, line| {
                said = separator_line(line);
                said.is_some()
            },
            progress,
        )?;
        self.said_separator = said;
        self.dialect.separator = settings.separator.or(said).unwrap_or(self.dialect.separator);
        let is_none =
            |dialect: &Dialect, line: &[u8]| line.trim_ascii().is_empty() || dialect.is_comment(line);
        while self.pass_line(is_none, progress)? {}
        Ok(())
    }

    /// Passes over the next line, which is held without its end, if it is such a line; whether it was. Of a line that
    /// is longer than a record may be only its start is looked at.
    fn pass_line(
        &mut self,
        is_it: impl FnOnce(&Dialect, &[u8]) -> bool,
        progress: &ReadProgress<'_>,
    ) -> Result<bool, ReadError> {
        let mut is_over = false;
        let mut seen = 0;
        let (length, end) = loop {
            let new = self.buffer.get(seen..).unwrap_or_default();
            let at = memchr2(b'\n', b'\r', new).map(|ahead| seen + ahead);
            let from = at.and_then(|at| self.buffer.get(at..));
            let end = from.and_then(|from| if is_over { Some(whole_line_end(from)) } else { line_end(from) });
            match (at, end) {
                (Some(at), Some(end)) => break (at, at + end),
                (None, _) if is_over || self.buffer.len() > self.limits.record => {
                    break (self.buffer.len(), self.buffer.len());
                }
                (at, _) => {
                    seen = at.unwrap_or(self.buffer.len());
                    is_over = !self.fill(progress)?;
                }
            }
        };
        let line = self.buffer.get(..length).unwrap_or_default();
        if end == 0 || !is_it(&self.dialect, line) {
            return Ok(false);
        }
        self.line += u64::from(end > length);
        self.buffer.drain(..end);
        Ok(true)
    }

    /// The first record, which is not passed over where it does not name the columns; `None` where there is none.
    pub fn first(
        &mut self,
        is_header: bool,
        progress: &ReadProgress<'_>,
    ) -> Result<Option<RecordBlock>, ReadError> {
        let first = self.next(1, progress)?;
        if let Some(first) = first.as_ref().filter(|_| !is_header) {
            self.line = first.line;
            self.buffer.splice(..0, first.bytes.iter().copied());
        }
        Ok(first)
    }

    /// What was read and comes next, as far as it is held.
    pub fn ahead(&self) -> &[u8] {
        &self.buffer
    }

    /// The number of the next line.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next block: records of so many bytes in all, or those that are left.
    pub fn next(
        &mut self,
        least: usize,
        progress: &ReadProgress<'_>,
    ) -> Result<Option<RecordBlock>, ReadError> {
        let mut is_cut = false;
        let end = loop {
            if let Some(end) = self.boundary.end_of_record(&self.buffer, least, &self.dialect) {
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
        match self.from.by_ref().take(self.limits.read as u64).read_to_end(&mut self.buffer) {
            Ok(read) => Ok(read > 0),
            Err(error) if error.get_ref().is_some_and(|error| error.is::<Malformed>()) => {
                let line = Some(self.line + count_lines(&self.buffer) as u64);
                let error = Diagnostic::new(format!("a character is not {}", self.encoding.name()))
                    .with_help("say in database.toml how the file is encoded, or save it as UTF-8");
                Err(error.at(FileLine { file: self.file.to_owned(), line }).into())
            }
            Err(error) => Err(TableError::unreadable(self.file, &error).into()),
        }
    }
}

/// The separator that a line says which is none of the table's: `sep=;`.
fn separator_line(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [s, e, p, b'=', separator] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => {
            Some(*separator).filter(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric() && *byte != b'"')
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::files::csv::shape::{RecordRules, Tally, for_each_row};
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
    fn reader(text: impl AsRef<[u8]>, read: usize) -> BlockReader<'static> {
        let from = Box::new(Cursor::new(text.as_ref().to_vec()));
        let reader =
            BlockReader::new(Path::new("t.csv"), from, CompressedBytes::default(), Dialect::default());
        BlockReader { limits: ReadLimits { read, ..LIMITS }, ..reader }
    }

    fn all(reader: &mut BlockReader<'_>, least: usize) -> Vec<RecordBlock> {
        std::iter::from_fn(|| reader.next(least, &ReadProgress::silent()).unwrap()).collect()
    }

    fn text(block: &RecordBlock) -> &str {
        std::str::from_utf8(&block.bytes).unwrap()
    }

    fn each(
        block: &RecordBlock,
        width: usize,
        each: impl FnMut(u64, &[crate::local::files::csv::records::CsvField<'_>]) -> Result<(), CsvError>,
    ) -> Result<Tally, CsvError> {
        let rules = RecordRules { width, may_be_short: false };
        let tally = for_each_row(text(block), block.line, &Dialect::default(), rules, each)?;
        block.check_end().map(|()| tally)
    }

    #[test]
    fn blocks_hold_whole_records() {
        let texts = |blocks: &[RecordBlock]| -> Vec<(String, u64)> {
            blocks.iter().map(|block| (text(block).to_owned(), block.line)).collect()
        };
        let whole = "a\n\"b\n\"\"c\",d\ne\"\rf\r\r\ng";
        let cut = texts(&all(&mut reader(whole, 3), 1));
        let expected = [("a\n", 1), ("\"b\n\"\"c\",d\n", 2), ("e\"\r", 4), ("f\r\r\n", 5), ("g", 6)];
        assert_eq!(cut, expected.map(|(text, line)| (text.to_owned(), line)));
        assert_eq!(texts(&all(&mut reader(whole, 100), 1000)), [(whole.to_owned(), 1)]);
        assert!(all(&mut reader("", 1), 10).is_empty());
    }

    #[test]
    fn what_stands_before_the_first_record_is_passed_over() {
        let first = |text: &[u8], settings: &CsvSettings, is_header| {
            let mut reader = BlockReader { dialect: Dialect::stated(settings), ..reader(text, 3) };
            reader.begin(settings, &ReadProgress::silent()).unwrap();
            let first = reader.first(is_header, &ReadProgress::silent()).unwrap();
            let rest: Vec<u8> = all(&mut reader, 100).into_iter().flat_map(|block| block.bytes).collect();
            let first = first.map(|first| (first.line, text_of(&first)));
            (first, String::from_utf8(rest).unwrap(), reader.dialect.separator)
        };
        let found = |line, text: &str, rest: &str, separator| {
            (Some((line, text.to_owned())), rest.to_owned(), separator)
        };
        let none = CsvSettings::default();
        let text = "\u{FEFF}a,\"b\nc\"\n1,2\n".as_bytes();
        assert_eq!(first(text, &none, true), found(1, "a,\"b\nc\"\n", "1,2\n", b','));
        assert_eq!(first(text, &none, false), found(1, "a,\"b\nc\"\n", "a,\"b\nc\"\n1,2\n", b','));
        assert_eq!(first(b"\n \r\n\ra\n\n1\n", &none, true), found(4, "a\n", "\n1\n", b','));
        assert_eq!(first(b"sep=;\r\na;b\n", &none, true), found(2, "a;b\n", "", b';'));
        assert_eq!(first(b"\"SEP=\t\"\na\r1", &none, true), found(2, "a\r", "1", b'\t'));
        assert_eq!(first(b"sep=a\n", &none, true), found(1, "sep=a\n", "", b','));
        let skip = CsvSettings { skip: Some(2), comment: Some("#".to_owned()), ..CsvSettings::default() };
        assert_eq!(first(b"A \"\r\r\nb\n\n#x\na\n1\n", &skip, true), found(5, "a\n", "1\n", b','));
        assert_eq!(first(b"x", &skip, true).0, None);
        for blank in ["", "\u{FEFF}", " ", "\n\r\n \n"] {
            assert_eq!(first(blank.as_bytes(), &none, true).0, None, "{blank:?}");
        }
    }

    fn text_of(block: &RecordBlock) -> String {
        text(block).to_owned()
    }

    #[test]
    fn other_encodings_are_read_as_utf_8() {
        let read = |bytes: &[u8], settings: &CsvSettings| {
            let mut reader = reader(bytes, 3);
            reader.begin(settings, &ReadProgress::silent())?;
            let mut blocks = Vec::new();
            while let Some(block) = reader.next(1, &ReadProgress::silent())? {
                blocks.push(text_of(&block));
            }
            Ok::<_, ReadError>(blocks.concat())
        };
        let text = "id,ł😀\r\n1,é\n";
        let units = || text.encode_utf16();
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = [0xFEFF].into_iter().chain(units()).flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&big, &CsvSettings::default()).unwrap(), text);
        let stated = |encoding| CsvSettings { encoding: Some(encoding), ..CsvSettings::default() };
        assert_eq!(read(&little, &stated(encoding_rs::UTF_16LE)).unwrap(), text);
        assert_eq!(read(b"a,\x80\n", &stated(encoding_rs::WINDOWS_1252)).unwrap(), "a,€\n");
        let error = read(b"a\n\x82\xA0\n\x81", &stated(encoding_rs::SHIFT_JIS)).unwrap_err();
        let error = TableError::from(error);
        assert_eq!((error.place.line, error.message.as_str()), (Some(3), "a character is not Shift_JIS"));
    }

    #[test]
    fn a_quote_that_never_closes_is_found_without_holding_what_follows() {
        let error = |text: &str, width: usize| {
            let mut reader = reader(text, 1);
            reader.limits.record = 40;
            let blocks = all(&mut reader, 10);
            assert!(blocks.iter().all(|block| block.bytes.len() <= 50));
            let error = blocks.iter().find_map(|block| each(block, width, |_, _| Ok(())).err());
            error.map(|error| (error.place.0, error.message))
        };
        let never = "a quote opens here and never closes".to_owned();
        let text = format!("1,2\n3,4\n5,\"{}", "é,1\n".repeat(100));
        assert_eq!(error(&text, 2), Some((3, never.clone())));
        let too_long = Some((2, format!("a record is longer than {} MB", LIMITS.record >> 20)));
        assert_eq!(error(&format!("1234567890\n{}\n", "x".repeat(100)), 1), too_long);
        assert_eq!(error(&format!("12345,{}\n", "x".repeat(30)), 2), None);
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again_in_blocks_of_any_size(
            rows in prop::collection::vec(prop::array::uniform3(prop::option::of("[a,\"\n\ré ]{0,4}")), 0..20),
            line_end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r"), Just("\r\r\n")],
            size in 1_usize..60,
            step in 1_usize..9,
        ) {
            let text = written(&rows, line_end);
            let (mut found, mut bytes, mut line) = (Vec::new(), 0, 1);
            for block in all(&mut reader(&text, step), size) {
                prop_assert_eq!(block.line, line);
                prop_assert!(!block.is_cut);
                bytes += block.bytes.len();
                prop_assert!(block.bytes.len() >= size || bytes == text.len());
                line += count_lines(&block.bytes) as u64;
                each(&block, 3, |_, fields| {
                    found.push(std::array::from_fn(|at| fields[at].value().map(|value| value.into_owned())));
                    Ok(())
                }).unwrap();
            }
            prop_assert_eq!(bytes, text.len());
            prop_assert_eq!(found, rows);
        }
    }
}
