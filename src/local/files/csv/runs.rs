//! One CSV file as runs of whole records: however long it is, only a run of it is held at a time.

use std::io::Read;
use std::path::Path;

use super::file::{self, BOM, Packed};
use super::header::{lines, utf8};
use super::quotes::Quotes;
use super::records::{self, Fault, Field};
use crate::local::files::TableError;
use crate::local::files::work::{Halt, Meter};

/// How much is held.
#[derive(Clone, Copy)]
struct Sizes {
    /// What is unpacked in one go: in between the work can be stopped.
    block: usize,
    /// A record that is longer is cut: a quote that was forgotten would have the whole file held.
    longest: usize,
}

const SIZES: Sizes = Sizes { block: 1 << 18, longest: 1 << 26 };

/// A run of whole records.
#[derive(Debug)]
pub struct Run {
    /// The records.
    pub bytes: Vec<u8>,
    /// The number of their first line.
    pub line: u64,
    /// How many lines end in it.
    pub lines: usize,
    /// Whether the last of them is longer than a record may be, and goes on in the next run.
    pub is_cut: bool,
    /// How much of the file was read for them, as it is packed.
    pub packed: u64,
}

impl Run {
    /// The records as text.
    pub fn text(&self) -> Result<&str, Fault> {
        utf8(&self.bytes, self.line)
    }

    /// Calls `each` with line and fields of every record, all of which must have `width` fields
    /// ([`records::for_each`]).
    pub fn for_each(
        &self,
        width: usize,
        each: impl FnMut(u64, &[Field<'_>]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        records::for_each(self.text()?, self.line, width, each)?;
        self.check_end()
    }

    /// Whether the last record is whole.
    pub fn check_end(&self) -> Result<(), Fault> {
        if !self.is_cut {
            return Ok(());
        }
        Err(Fault {
            line: self.line + self.lines as u64,
            message: format!("a record is longer than {} MB", SIZES.longest >> 20),
            help: "close the quote that opens in it, or end lines with line feeds".to_owned(),
        })
    }
}

/// What is left of a file.
pub struct Runs<'a> {
    file: &'a Path,
    from: Box<dyn Read + Send>,
    packed: Packed,
    /// What was read and is in no run yet: it begins with a record.
    held: Vec<u8>,
    quotes: Quotes,
    line: u64,
    sizes: Sizes,
}

impl<'a> Runs<'a> {
    /// Opens a file.
    pub fn open(file: &'a Path) -> Result<Self, TableError> {
        let packed = Packed::default();
        let from = file::open(file, &packed).map_err(|error| TableError::unreadable(file, &error))?;
        Ok(Self::new(file, from, packed))
    }

    fn new(file: &'a Path, from: Box<dyn Read + Send>, packed: Packed) -> Self {
        let (held, quotes) = (Vec::new(), Quotes::default());
        Self { file, from, packed, held, quotes, line: 1, sizes: SIZES }
    }

    /// The first record, which names the columns; `None` where the file has nothing but blanks.
    pub fn first(&mut self, meter: &Meter<'_>) -> Result<Option<Run>, Halt> {
        self.fill(meter)?;
        if self.held.starts_with(BOM) {
            self.held.drain(..BOM.len());
        }
        let first = self.next(1, meter)?;
        let is_blank = first.as_ref().is_none_or(|first| first.bytes.trim_ascii().is_empty());
        Ok(if is_blank && self.is_blank(meter)? { None } else { first })
    }

    /// The next run: records of so many bytes in all, or those that are left.
    pub fn next(&mut self, least: usize, meter: &Meter<'_>) -> Result<Option<Run>, Halt> {
        let mut is_cut = false;
        let end = loop {
            if let Some(end) = self.quotes.end_of_record(&self.held, least) {
                break end;
            }
            if self.held.len() > self.sizes.longest {
                is_cut = true;
                // Not within a character.
                break self.held.iter().rposition(u8::is_ascii).map_or(self.held.len(), |last| last + 1);
            }
            if !self.fill(meter)? {
                break self.held.len();
            }
        };
        if end == 0 {
            return Ok(None);
        }
        let rest = self.held.get(end..).unwrap_or_default();
        let mut held = Vec::with_capacity(rest.len().max(least) + self.sizes.block);
        held.extend_from_slice(rest);
        let mut bytes = std::mem::replace(&mut self.held, held);
        bytes.truncate(end);
        self.quotes = Quotes::default();
        let line = self.line;
        let lines = lines(&bytes);
        self.line += lines as u64;
        Ok(Some(Run { bytes, line, lines, is_cut, packed: self.packed.take() }))
    }

    /// Reads on; false at the end of the file.
    fn fill(&mut self, meter: &Meter<'_>) -> Result<bool, Halt> {
        meter.check()?;
        self.held.reserve(self.sizes.block);
        let read = self.from.by_ref().take(self.sizes.block as u64).read_to_end(&mut self.held);
        Ok(read.map_err(|error| TableError::unreadable(self.file, &error))? > 0)
    }

    /// Whether nothing but blanks is left, as far as a record may be long.
    fn is_blank(&mut self, meter: &Meter<'_>) -> Result<bool, Halt> {
        let mut seen = 0;
        loop {
            let new = self.held.get(seen..).unwrap_or_default();
            if !new.trim_ascii().is_empty() || self.held.len() > self.sizes.longest {
                return Ok(false);
            }
            seen = self.held.len();
            if !self.fill(meter)? {
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
    fn runs(text: &str, block: usize) -> Runs<'static> {
        let from = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        let runs = Runs::new(Path::new("t.csv"), from, Packed::default());
        Runs { sizes: Sizes { block, ..SIZES }, ..runs }
    }

    fn all(runs: &mut Runs<'_>, least: usize) -> Vec<Run> {
        std::iter::from_fn(|| runs.next(least, &Meter::silent()).unwrap()).collect()
    }

    fn texts(runs: &[Run]) -> Vec<(&str, u64)> {
        runs.iter().map(|run| (run.text().unwrap(), run.line)).collect()
    }

    #[test]
    fn runs_hold_whole_records() {
        let text = "a\n\"b\n\"\"c\",d\ne\"\nf";
        let cut = all(&mut runs(text, 3), 1);
        assert_eq!(texts(&cut), [("a\n", 1), ("\"b\n\"\"c\",d\n", 2), ("e\"\n", 4), ("f", 5)]);
        assert_eq!(texts(&all(&mut runs(text, 100), 1000)), [(text, 1)]);
        assert!(all(&mut runs("", 1), 10).is_empty());
    }

    #[test]
    fn the_first_record_is_that_of_a_file_that_says_anything() {
        let first = |text: &str| {
            let mut runs = runs(text, 3);
            let first = runs.first(&Meter::silent()).unwrap();
            let names = names(first.as_ref()).map_err(|fault| (fault.line, fault.message));
            (names, all(&mut runs, 100).pop().map(|rest| (rest.line, rest.bytes)))
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
        let fault = |text: &str, width: usize| {
            let mut runs = runs(text, 1);
            runs.sizes.longest = 40;
            let runs = all(&mut runs, 10);
            assert!(runs.iter().all(|run| run.bytes.len() <= 50));
            let fault = runs.iter().find_map(|run| run.for_each(width, |_, _| Ok(())).err());
            fault.map(|fault| (fault.line, fault.message))
        };
        let never = "a quote opens here and never closes".to_owned();
        let text = format!("1,2\n3,4\n5,\"{}", "é,1\n".repeat(100));
        assert_eq!(fault(&text, 2), Some((3, never.clone())));
        let text = format!("1,2\n3\n5,\"{}", "é,1\n".repeat(100));
        assert_eq!(fault(&text, 2), Some((2, "1 field, where the header has 2".to_owned())));
        let too_long = Some((2, format!("a record is longer than {} MB", SIZES.longest >> 20)));
        assert_eq!(fault(&format!("1234567890\n{}\n", "x".repeat(100)), 1), too_long);
        assert_eq!(fault(&format!("12345,{}\n", "x".repeat(30)), 2), None);
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again_in_runs_of_any_size(
            rows in prop::collection::vec(prop::array::uniform3(prop::option::of("[a,\"\n\ré ]{0,4}")), 0..20),
            crlf: bool,
            size in 1_usize..60,
            step in 1_usize..9,
        ) {
            let text = written(&rows, if crlf { "\r\n" } else { "\n" });
            let (mut found, mut bytes, mut line) = (Vec::new(), 0, 1);
            for run in all(&mut runs(&text, step), size) {
                prop_assert_eq!(run.line, line);
                prop_assert!(!run.is_cut);
                bytes += run.bytes.len();
                prop_assert!(run.bytes.len() >= size || bytes == text.len());
                line += run.text().unwrap().matches('\n').count() as u64;
                run.for_each(3, |_, fields| {
                    found.push(std::array::from_fn(|at| fields[at].value().map(|value| value.into_owned())));
                    Ok(())
                }).unwrap();
            }
            prop_assert_eq!(bytes, text.len());
            prop_assert_eq!(found, rows);
        }
    }
}
