//! The files of a table as one sequence of blocks.

use std::path::Path;
use std::sync::Arc;

use encoding_rs::Encoding;

use super::blocks::{BlockReader, RecordBlock};
use super::detect::{Shape, detect, misfits};
use super::dialect::Dialect;
use super::error::{CsvError, CsvLine};
use super::header::{FileHeader, looks_like_values};
use super::records::CsvField;
use super::request::CsvRequest;
use super::shape::{RecordRules, Tally, for_each_row};
use super::text::utf8;
use crate::database::TableError;
use crate::diagnostic::{Diagnostic, shortened};
use crate::local::files::manifest::setting;
use crate::local::files::read_task::{ReadError, ReadProgress};

/// One file of a table.
#[derive(Debug)]
pub(crate) struct CsvFile<'a> {
    pub file: &'a Path,
    /// Which of the table's files it is.
    pub part: usize,
    pub dialect: Dialect,
    pub rules: RecordRules,
    /// The columns of the table that are known by then.
    pub columns: Vec<String>,
    /// For each column of the table, where it stands in this file; `None` for one that it lacks.
    pub column_order: Vec<Option<usize>>,
    pub encoding: &'static Encoding,
    /// The separator that the first line says.
    pub said_separator: Option<u8>,
    /// Columns whose name was taken, or that have none: what they were called, what they are called.
    pub renamed: Vec<(String, String)>,
    /// How many fields without a name stand behind the last column.
    pub nameless: usize,
    /// Whether the names of the columns look like a row.
    pub looks_like_values: bool,
    table: Option<&'a str>,
}

impl CsvFile<'_> {
    /// Calls `each` with line and fields of every row of a block.
    pub fn for_each(
        &self,
        block: &RecordBlock,
        each: impl FnMut(u64, &[CsvField<'_>]) -> Result<(), CsvError>,
    ) -> Result<Tally, CsvError> {
        let text = utf8(&block.bytes, block.line, self.table)?;
        let tally = for_each_row(text, block.line, &self.dialect, self.rules, each)?;
        block.check_end().map(|()| tally)
    }
}

/// What to do with a part that begins with a row.
const NO_HEADER: &str =
    "its first line looks like a row: write the names of the columns above it, as in the other parts";

/// What is left of the files, in the order of the rows.
pub(crate) struct CsvFiles<'a> {
    wanted: CsvRequest<'a>,
    /// What the files are like, as far as that is known.
    pub shapes: Vec<Shape>,
    next: usize,
    names: Vec<String>,
    current: Option<(Arc<CsvFile<'a>>, BlockReader<'a>)>,
    mismatch: Option<TableError>,
    /// The files that were opened so far.
    pub opened: Vec<Arc<CsvFile<'a>>>,
    /// Those in which nothing stands.
    pub empty: Vec<&'a Path>,
}

impl<'a> CsvFiles<'a> {
    /// Opens the first file. The columns of the table are those given, else those of the files.
    pub fn open(
        wanted: CsvRequest<'a>,
        shapes: Vec<Shape>,
        names: Vec<String>,
        progress: &ReadProgress<'_>,
    ) -> Result<Self, ReadError> {
        let (opened, empty) = (Vec::new(), Vec::new());
        let mut this = Self { wanted, shapes, next: 0, names, current: None, mismatch: None, opened, empty };
        this.open_next(progress)?;
        Ok(this)
    }

    /// The names of the columns, as far as files were opened.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// One of the files.
    pub fn file(&self, part: usize) -> &'a Path {
        self.wanted.files.get(part).map_or(Path::new(""), |file| file.as_path())
    }

    /// What is wrong with a file as a part of this table; the rows are those of no table then.
    pub(crate) fn mismatch(&self) -> Option<&TableError> {
        self.mismatch.as_ref()
    }

    /// The next block, of so many bytes if the file has as many, and the file that it is of.
    pub fn next(
        &mut self,
        least: usize,
        progress: &ReadProgress<'_>,
    ) -> Result<Option<(Arc<CsvFile<'a>>, RecordBlock)>, ReadError> {
        loop {
            let Some((file, blocks)) = &mut self.current else {
                return Ok(None);
            };
            if let Some(block) = blocks.next(least, progress)? {
                return Ok(Some((Arc::clone(file), block)));
            }
            self.open_next(progress)?;
        }
    }

    /// Opens the next file in which something stands.
    fn open_next(&mut self, progress: &ReadProgress<'_>) -> Result<(), ReadError> {
        self.current = None;
        while let Some(file) = self.wanted.files.get(self.next) {
            let part = self.next;
            self.next += 1;
            let Some((blocks, header)) = self.header(file, part, progress)? else {
                self.empty.push(file);
                continue;
            };
            let shape = self.shape(part);
            if shape.dialect != blocks.dialect {
                self.set_shape(part, Shape { dialect: blocks.dialect.clone(), ..shape });
            }
            let looks_like_values =
                self.wanted.settings.header.is_none() && looks_like_values(&header.names, &blocks);
            let column_order = self.column_order(file, &header.names, looks_like_values);
            let opened = Arc::new(CsvFile {
                file,
                part,
                columns: self.names.clone(),
                dialect: blocks.dialect.clone(),
                rules: RecordRules {
                    width: header.names.len(),
                    may_be_short: self.wanted.settings.short_rows.is_some(),
                },
                column_order,
                encoding: blocks.encoding,
                said_separator: blocks.said_separator,
                renamed: header.renamed,
                nameless: header.nameless,
                looks_like_values,
                table: self.wanted.table,
            });
            self.opened.push(Arc::clone(&opened));
            self.current = Some((opened, blocks));
            return Ok(());
        }
        match self.empty.first() {
            Some(file) if self.opened.is_empty() => Err(empty(file).into()),
            _ => Ok(()),
        }
    }

    fn shape(&self, part: usize) -> Shape {
        self.shapes.get(part).cloned().unwrap_or_else(|| Shape::stated(self.wanted.settings))
    }

    fn set_shape(&mut self, part: usize, shape: Shape) {
        if let Some(known) = self.shapes.get_mut(part) {
            *known = shape;
        }
    }

    /// The header of a file, and its rows; `None` where nothing stands in it. Where separators stand in the name of the
    /// only column the dialect is looked for.
    fn header(
        &mut self,
        file: &'a Path,
        part: usize,
        progress: &ReadProgress<'_>,
    ) -> Result<Option<(BlockReader<'a>, FileHeader)>, ReadError> {
        loop {
            let shape = self.shape(part);
            let settings = self.wanted.settings;
            let mut blocks = BlockReader::open(file, &shape.dialect, settings, progress)?;
            let read =
                FileHeader::read(&mut blocks, settings, self.wanted.table, shape.has_nameless, progress)?;
            let Some((first, header)) = read else {
                return Ok(None);
            };
            let is_doubtful = header.as_ref().map_or(true, |header| header.may_be_more);
            if is_doubtful && !shape.is_settled && blocks.said_separator.is_none() {
                // Of a file that cannot be read to its end nobody knows what it says.
                while header.is_err() && blocks.next(1, progress)?.is_some() {}
                self.set_shape(part, detect(&self.wanted, file, false, progress)?);
                continue;
            }
            progress.advance(first.compressed)?;
            match header {
                Ok(header) => return Ok(Some((blocks, header))),
                Err(error) => {
                    while blocks.next(1, progress)?.is_some() {}
                    return Err(error.in_file(file).into());
                }
            }
        }
    }

    /// Where the columns of the table stand in a file; those that are new are added to the table.
    fn column_order(&mut self, file: &Path, names: &[String], looks_like_values: bool) -> Vec<Option<usize>> {
        let is_first = self.names.is_empty();
        if is_first {
            self.names = names.to_vec();
        } else if self.wanted.parts.is_some() {
            let known: std::collections::HashSet<&String> = self.names.iter().collect();
            let new: Vec<String> = names.iter().filter(|name| !known.contains(name)).cloned().collect();
            self.names.extend(new);
        } else {
            let first = self.opened.first().map_or(file, |first| first.file);
            let same = TableError::check_same_columns(first, &self.names, file, names);
            let same = same.map_err(|error| match self.wanted.table {
                Some(_) if looks_like_values => error.with_help(NO_HEADER),
                Some(table) => error.with_help(setting(table, "parts", "\"union\"")),
                None => error,
            });
            self.mismatch = self.mismatch.take().or(same.err());
        }
        let places: std::collections::HashMap<&String, usize> = names.iter().zip(0..).collect();
        self.names.iter().map(|name| places.get(name).copied()).collect()
    }

    /// What is wrong with the files that were read: records that are no rows, unless they may be left out, or an ID that
    /// stands in a header twice.
    pub(crate) fn check(&self, tallies: &[Tally]) -> Result<(), TableError> {
        for file in self.opened.iter().filter(|_| self.wanted.settings.bad_lines.is_none()) {
            if let Some(tally) = tallies.get(file.part).filter(|tally| tally.misfits.count > 0) {
                let error = misfits(tally, file.rules.width, &file.dialect, &self.wanted);
                return Err(error.in_file(file.file));
            }
        }
        for file in &self.opened {
            let ids = &self.wanted.ids;
            if let Some((twice, _)) = file.renamed.iter().find(|(name, _)| ids.contains(name.as_str())) {
                let message = format!("two columns are named {:?}, which is an ID", shortened(twice));
                return Err(Diagnostic::new(message)
                    .with_help("give every column a name of its own")
                    .at(CsvLine(1))
                    .in_file(file.file));
            }
        }
        Ok(())
    }
}

/// That a file has no columns.
fn empty(file: &Path) -> TableError {
    Diagnostic::new("the file is empty")
        .with_help("write the names of the columns into the first line")
        .at(CsvLine(1))
        .in_file(file)
}
