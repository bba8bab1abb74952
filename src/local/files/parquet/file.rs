//! One Parquet file: the values of its columns, fetched by their places, checked, and decoded out of harm's way.

use std::collections::HashMap;
use std::fs::File;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::Series;

use super::footer::{Chunk, Footer};
use super::pages::{Page, PageWalk};
use super::read_at::{read_at, read_into};
use super::schema::{Label, StoredColumn};
use super::small_file::{Content, SmallFile};
use crate::database::TableError;
use crate::diagnostic::Diagnostic;
use crate::file_system::open_regular;

/// Of a smaller chunk all bytes are read, whatever is wanted of it.
const SMALL_CHUNK: u64 = 1 << 20;

/// A file whose footer has been read.
pub(super) struct ParquetFile {
    pub path: PathBuf,
    pub footer: Footer,
    /// In bytes, when its footer was read.
    length: u64,
    /// Of large chunks of which a part was wanted, by row group and column.
    pages: Mutex<KnownPages>,
}

/// The pages of chunks.
type KnownPages = HashMap<(usize, usize), Arc<[Page]>>;

/// Some rows of a row group.
#[derive(Clone, Copy, Debug)]
pub(super) struct GroupRows {
    pub group: usize,
    /// The first of them, counted from the group's.
    pub first: u64,
    pub count: u64,
}

impl ParquetFile {
    pub fn open(path: &Path) -> Result<Self, TableError> {
        let unreadable = |error: &dyn std::fmt::Display| TableError::unreadable(path, &error);
        let file = open_regular(path).map_err(|error| unreadable(&error))?;
        let length = file.metadata().map_err(|error| unreadable(&error))?.len();
        let footer = Footer::read(path, &file, length)?;
        Ok(Self { path: path.to_owned(), footer, length, pages: Mutex::default() })
    }

    /// Which of its rows are in which row groups, of a range of them.
    pub fn groups(&self, rows: Range<u64>) -> Vec<GroupRows> {
        let mut start = 0;
        let mut wanted = Vec::new();
        for (group, stored) in self.footer.groups.iter().enumerate() {
            let end = start + stored.rows;
            let (first, last) = (rows.start.max(start), rows.end.min(end));
            if first < last {
                wanted.push(GroupRows { group, first: first - start, count: last - first });
            }
            start = end;
        }
        wanted
    }

    /// The values of a column in some rows, as polars decodes them when it is told that they are such.
    ///
    /// # Errors
    /// The file has changed, is damaged there, or cannot be read.
    pub fn values(&self, column: usize, label: &Label, rows: GroupRows) -> Result<Series, TableError> {
        let stored = self.footer.columns.get(column);
        let name = stored.map_or("", |column| column.name.as_str());
        let read = || {
            let stored = stored.ok_or_else(|| Diagnostic::new("it is not in the file"))?;
            self.read_values(column, stored, label, rows)
        };
        read().map_err(|error| self.fault(name, error))
    }

    /// What is wrong with a column.
    pub fn fault(&self, column: &str, error: Diagnostic) -> TableError {
        let help = "see that the file is whole; if it is damaged or cut short, export it again";
        let help = error.help.clone().unwrap_or_else(|| help.to_owned());
        let column = crate::diagnostic::shortened(column);
        Diagnostic::new(format!("column {column:?} cannot be read: {}", error.message))
            .with_help(help)
            .in_file(&self.path)
    }

    fn read_values(
        &self,
        column: usize,
        stored: &StoredColumn,
        label: &Label,
        rows: GroupRows,
    ) -> Result<Series, Diagnostic> {
        let lacking = || Diagnostic::new("it is not in the file");
        let group = self.footer.groups.get(rows.group).ok_or_else(lacking)?;
        let chunk = group.chunks.get(column).ok_or_else(lacking)?.as_ref().map_err(Clone::clone)?;
        let file = self.reopened()?;
        let part = if rows.count == group.rows || chunk.length <= SMALL_CHUNK {
            self.whole_chunk(&file, chunk, stored)?
        } else {
            let pages = self.pages(&file, (rows.group, column), chunk, stored)?;
            self.pages_with(&file, chunk, &pages, rows)?
        };
        let content = Content {
            label,
            values: part.values,
            is_nullable: stored.max_definition > 0,
            codec: chunk.codec,
            dictionary: part.dictionary,
        };
        decode(part, &content, rows)
    }

    fn reopened(&self) -> Result<File, Diagnostic> {
        let failed = |error: std::io::Error| Diagnostic::new(error.to_string());
        let file = open_regular(&self.path).map_err(failed)?;
        match file.metadata().map_err(failed)?.len() == self.length {
            true => Ok(file),
            false => Err(super::read_at::changed()),
        }
    }

    fn whole_chunk(&self, file: &File, chunk: &Chunk, column: &StoredColumn) -> Result<Part, Diagnostic> {
        let mut small = SmallFile::new(chunk.length)?;
        read_into(file, small.pages(), chunk.start)?;
        let bytes: &[u8] = small.pages();
        let mut walk = PageWalk::new(chunk, column);
        let mut dictionary = 0;
        while let Some(at) = walk.next_at() {
            let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
            if let Some(page) = walk.step(rest)? {
                page_bytes(&page, bytes, 0).map_or(Ok(()), |bytes| page.check_bytes(bytes))?;
                if page.is_dictionary {
                    dictionary = page.end();
                }
            }
        }
        Ok(Part { small, dictionary, values: chunk.values, first: 0 })
    }

    /// The pages of a chunk, by their headers alone.
    fn pages(
        &self,
        file: &File,
        key: (usize, usize),
        chunk: &Chunk,
        column: &StoredColumn,
    ) -> Result<Arc<[Page]>, Diagnostic> {
        /// Most headers are shorter.
        const HEADER: u64 = 256;
        let known = || self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pages) = known().get(&key) {
            return Ok(Arc::clone(pages));
        }
        let mut walk = PageWalk::new(chunk, column);
        let (mut pages, mut window) = (Vec::new(), HEADER);
        while let Some(at) = walk.next_at() {
            let length = window.min(chunk.length.saturating_sub(at));
            match walk.step(&read_at(file, chunk.start + at, length)?)? {
                Some(page) => {
                    pages.push(page);
                    window = HEADER;
                }
                None => window *= 4,
            }
        }
        let pages: Arc<[Page]> = pages.into();
        known().insert(key, Arc::clone(&pages));
        Ok(pages)
    }

    /// The dictionary and those pages that have some of the rows.
    fn pages_with(
        &self,
        file: &File,
        chunk: &Chunk,
        pages: &[Page],
        rows: GroupRows,
    ) -> Result<Part, Diagnostic> {
        let dictionary = pages.first().filter(|page| page.is_dictionary);
        let dictionary_end = dictionary.map_or(0, Page::end);
        let (mut first_row, mut values, mut bytes) = (0, 0, 0..0);
        let mut before = 0;
        let mut wanted = Vec::new();
        for page in pages.iter().filter(|page| !page.is_dictionary) {
            let end = before + page.values;
            if end > rows.first && before < rows.first + rows.count {
                if wanted.is_empty() {
                    (first_row, bytes.start) = (before, page.start);
                }
                bytes.end = page.end();
                values += page.values;
                wanted.push(page);
            }
            before = end;
        }
        let mut small = SmallFile::new(dictionary_end + (bytes.end - bytes.start))?;
        let split =
            usize::try_from(dictionary_end).ok().and_then(|at| small.pages().split_at_mut_checked(at));
        let Some((head, tail)) = split else {
            return Err(Diagnostic::new("its pages make no sense"));
        };
        read_into(file, head, chunk.start)?;
        read_into(file, tail, chunk.start + bytes.start)?;
        for page in wanted {
            page_bytes(page, tail, bytes.start).map_or(Ok(()), |bytes| page.check_bytes(bytes))?;
        }
        if let Some(page) = dictionary {
            page_bytes(page, head, 0).map_or(Ok(()), |bytes| page.check_bytes(bytes))?;
        }
        Ok(Part { small, dictionary: dictionary_end, values, first: first_row })
    }
}

/// What stands behind the header of a page, of bytes that begin somewhere in its chunk.
fn page_bytes<'a>(page: &Page, bytes: &'a [u8], begin: u64) -> Option<&'a [u8]> {
    let start = usize::try_from((page.start + page.header).checked_sub(begin)?).ok()?;
    bytes.get(start..start.checked_add(usize::try_from(page.length).ok()?)?)
}

/// Some pages of a chunk.
struct Part {
    small: SmallFile,
    /// In bytes.
    dictionary: u64,
    values: u64,
    /// The row of its first value, counted from the row group's.
    first: u64,
}

/// Decodes pages that have the rows.
fn decode(part: Part, content: &Content<'_>, rows: GroupRows) -> Result<Series, Diagnostic> {
    let too_many = || Diagnostic::new("it has more rows than can be read");
    let first = usize::try_from(rows.first.saturating_sub(part.first)).map_err(|_| too_many())?;
    let count = usize::try_from(rows.count).map_err(|_| too_many())?;
    check_room(count)?;
    let decoded = quietly(|| part.small.decode(content, first, count));
    match decoded {
        Ok(Ok(series)) if series.len() == count => Ok(series),
        Ok(Ok(series)) => Err(Diagnostic::new(format!("its pages have {} of {count} values", series.len()))),
        Ok(Err(error)) => Err(Diagnostic::new(error.to_string())),
        Err(words) => Err(Diagnostic::new(format!("its bytes make no sense ({words})"))),
    }
}

/// Nothing can be done about memory that is not there once a library asks for it.
fn check_room(values: usize) -> Result<(), Diagnostic> {
    /// What a value takes at most beside its bytes, twice.
    const EACH: usize = 40;
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(values.saturating_mul(EACH))
        .map_err(|_| Diagnostic::new("there is not enough memory for its values"))
}

/// What some work gives, or the words with which it panicked.
pub(super) fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        crate::diagnostic::shortened(text.unwrap_or("they cannot be decoded")).into_owned()
    })
}
