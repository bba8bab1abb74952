//! The end of a Parquet file, which says what is where: read, checked, and as plain data.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use super::arrow;
use super::read_at::read_at;
use super::schema::{Field, Label, Physical, StoredColumn, fields};
use super::thrift::{Thrift, Value};
use crate::database::TableError;
use crate::diagnostic::Diagnostic;

/// Begins and ends a file.
const MAGIC: &[u8] = b"PAR1";
/// The same, of a file whose footer is encrypted.
const ENCRYPTED: &[u8] = b"PARE";
/// Length and magic behind the footer.
const TAIL: u64 = 8;

/// What the end of a file says of the rest.
#[derive(Clone, Debug)]
pub(crate) struct Footer {
    /// What the file's rows are made of, in its order.
    pub fields: Vec<Field>,
    /// All columns, also those within fields that hold others. A chunk of each is in each row group.
    pub columns: Vec<StoredColumn>,
    /// The rows, in groups that follow one another.
    pub groups: Vec<RowGroup>,
    /// Those of all groups.
    pub rows: u64,
}

/// Rows that are stored together.
#[derive(Clone, Debug)]
pub(crate) struct RowGroup {
    pub rows: u64,
    /// One for each column; where it cannot be read, why.
    pub chunks: Vec<Result<Chunk, Diagnostic>>,
}

/// The values of a column in a row group. It lies within the file, before the footer.
#[derive(Clone, Debug)]
pub(crate) struct Chunk {
    /// Its first byte.
    pub start: u64,
    /// In bytes.
    pub length: u64,
    /// How its pages are packed, as the format numbers it.
    pub codec: i32,
    /// How many values it has, NULLs among them.
    pub values: u64,
}

impl Footer {
    /// The footer of a file of so many bytes.
    pub fn read(path: &Path, file: &File, length: u64) -> Result<Self, TableError> {
        let read = read_footer(file, length).and_then(|(bytes, start)| parse(&bytes, start));
        read.map_err(|error| {
            let error =
                Diagnostic { message: format!("{}: the file cannot be read", error.message), ..error };
            if error.help.is_some() {
                error
            } else {
                error.with_help("see that the file is whole; if it is damaged or cut short, export it again")
            }
            .in_file(path)
        })
    }
}

/// The bytes of the footer, and where it begins.
fn read_footer(file: &File, length: u64) -> Result<(Vec<u8>, u64), Diagnostic> {
    /// Of most files this holds the whole footer.
    const AT_ONCE: u64 = 64 << 10;
    let cut_short = || Diagnostic::new("it is cut short or no Parquet: it does not end with PAR1");
    if length < TAIL + MAGIC.len() as u64 {
        return Err(cut_short());
    }
    let mut end = read_at(file, length - length.min(AT_ONCE), length.min(AT_ONCE))?;
    let (size, magic) = end.last_chunk::<8>().map(|tail| tail.split_at(4)).ok_or_else(cut_short)?;
    if magic == ENCRYPTED {
        return Err(Diagnostic::new("it is encrypted").with_help("write it without encryption"));
    }
    if magic != MAGIC {
        return Err(cut_short());
    }
    let size = size.try_into().map(u32::from_le_bytes).map_or(0, u64::from);
    let Some(start) = (length - TAIL).checked_sub(size).filter(|start| *start >= MAGIC.len() as u64) else {
        return Err(Diagnostic::new("its footer is said to be longer than the file"));
    };
    end.truncate(end.len() - usize::try_from(TAIL).unwrap_or_default());
    match usize::try_from(size).ok().and_then(|size| end.len().checked_sub(size)) {
        Some(before) => Ok((end.split_off(before), start)),
        None => Ok((read_at(file, start, size)?, start)),
    }
}

/// What a footer says that begins at `start`.
fn parse(bytes: &[u8], start: u64) -> Result<Footer, Diagnostic> {
    let damaged =
        |error: Diagnostic| Diagnostic { message: format!("its footer: {}", error.message), ..error };
    let (mut elements, mut groups, mut rows) = (Vec::new(), None, None);
    let mut durations = BTreeSet::new();
    let mut input = Thrift::new(bytes);
    let read = input.fields(|input, number, value| {
        match (number, value) {
            (2, Value::List) => elements = input.structs(super::schema::element)?,
            (3, Value::Number(number)) => rows = Some(number),
            (4, Value::List) => groups = Some(input.structs(read_group)?),
            (5, Value::List) => durations = input.structs(read_note)?.into_iter().flatten().collect(),
            _ => return Ok(false),
        }
        Ok(true)
    });
    read.map_err(damaged)?;
    let (fields, mut columns) = fields(elements).map_err(damaged)?;
    let groups = groups.ok_or_else(|| damaged(Diagnostic::new("it has no row groups")))?;
    for (number, column) in columns.iter_mut().enumerate() {
        let chunks = groups.iter().filter_map(|group| group.chunks.get(number));
        column.is_encrypted = chunks.into_iter().any(|chunk| chunk.is_encrypted);
        let is_bare = column.label == Label { physical: Physical::Int64, logical: None };
        column.is_duration = is_bare && durations.contains(&column.name);
    }
    let groups = groups.into_iter().map(|group| group.checked(&columns, start));
    let groups = groups.collect::<Result<Vec<_>, _>>().map_err(damaged)?;
    let sum = groups.iter().try_fold(0_u64, |sum, group| sum.checked_add(group.rows));
    let sum = sum.ok_or_else(|| damaged(Diagnostic::new("it has more rows than can be counted")))?;
    match rows.and_then(|rows| u64::try_from(rows).ok()) {
        // Some writers leave it at nothing.
        Some(0) => {}
        Some(rows) if rows == sum => {}
        Some(rows) => {
            let message = format!("it says {rows} rows, its row groups have {sum}");
            return Err(damaged(Diagnostic::new(message)));
        }
        None => return Err(damaged(Diagnostic::new("it does not say how many rows there are"))),
    }
    Ok(Footer { fields, columns, groups, rows: sum })
}

/// A row group as it is written.
struct WrittenGroup {
    rows: i64,
    chunks: Vec<WrittenChunk>,
}

/// A column chunk as it is written.
#[derive(Default)]
struct WrittenChunk {
    is_elsewhere: bool,
    is_encrypted: bool,
    metadata: Option<Metadata>,
}

#[derive(Default)]
struct Metadata {
    physical: Option<i64>,
    codec: Option<i64>,
    values: Option<i64>,
    length: Option<i64>,
    data_page: Option<i64>,
    dictionary_page: Option<i64>,
}

/// The columns that hold durations, if a pair of key and value says so.
fn read_note(input: &mut Thrift<'_>) -> Result<BTreeSet<String>, Diagnostic> {
    let (mut is_schema, mut durations) = (false, BTreeSet::new());
    input.fields(|_, number, value| {
        match (number, value) {
            (1, Value::Bytes(key)) => is_schema = key == arrow::KEY,
            (2, Value::Bytes(text)) if is_schema => durations = arrow::durations(text),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(durations)
}

fn read_group(input: &mut Thrift<'_>) -> Result<WrittenGroup, Diagnostic> {
    let (mut rows, mut chunks) = (None, None);
    input.fields(|input, number, value| {
        match (number, value) {
            (1, Value::List) => chunks = Some(input.structs(read_chunk)?),
            (3, Value::Number(number)) => rows = Some(number),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    match (rows, chunks) {
        (Some(rows), Some(chunks)) => Ok(WrittenGroup { rows, chunks }),
        _ => Err(Diagnostic::new("a row group lacks its columns or its count of rows")),
    }
}

fn read_chunk(input: &mut Thrift<'_>) -> Result<WrittenChunk, Diagnostic> {
    let mut chunk = WrittenChunk::default();
    input.fields(|input, number, value| {
        match (number, value) {
            (1, Value::Bytes(path)) => chunk.is_elsewhere = !path.is_empty(),
            (3, Value::Struct) => chunk.metadata = Some(read_metadata(input)?),
            (8, Value::Struct) => {
                chunk.is_encrypted = true;
                return Ok(false);
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(chunk)
}

fn read_metadata(input: &mut Thrift<'_>) -> Result<Metadata, Diagnostic> {
    let mut metadata = Metadata::default();
    input.fields(|_, number, value| {
        if let Value::Number(value) = value {
            match number {
                1 => metadata.physical = Some(value),
                4 => metadata.codec = Some(value),
                5 => metadata.values = Some(value),
                7 => metadata.length = Some(value),
                9 => metadata.data_page = Some(value),
                11 => metadata.dictionary_page = Some(value),
                _ => {}
            }
        }
        Ok(false)
    })?;
    Ok(metadata)
}

impl WrittenGroup {
    /// # Errors
    /// It makes no sense as a whole.
    fn checked(self, columns: &[StoredColumn], end: u64) -> Result<RowGroup, Diagnostic> {
        let rows = u64::try_from(self.rows)
            .map_err(|_| Diagnostic::new(format!("a row group of {} rows", self.rows)))?;
        if self.chunks.len() != columns.len() {
            let (chunks, columns) = (self.chunks.len(), columns.len());
            return Err(Diagnostic::new(format!("a row group has {chunks} of {columns} columns")));
        }
        let checked = |(chunk, column): (WrittenChunk, &StoredColumn)| {
            let chunk = chunk.checked(column, end)?;
            if column.max_repetition == 0 && chunk.values != rows {
                let values = chunk.values;
                return Err(Diagnostic::new(format!("{values} values are said to be in {rows} rows")));
            }
            Ok(chunk)
        };
        let chunks = self.chunks.into_iter().zip(columns).map(checked).collect();
        Ok(RowGroup { rows, chunks })
    }
}

impl WrittenChunk {
    /// # Errors
    /// It cannot be read, or cannot be where it is said to be, which is before `end`.
    fn checked(self, column: &StoredColumn, end: u64) -> Result<Chunk, Diagnostic> {
        if self.is_encrypted {
            let encrypted = Diagnostic::new("it is encrypted");
            return Err(encrypted.with_help("write it without encryption"));
        }
        if self.is_elsewhere {
            return Err(Diagnostic::new("its values are in another file"));
        }
        let lacks = || Diagnostic::new("the footer does not say where its values are");
        let metadata = self.metadata.ok_or_else(lacks)?;
        let physical = metadata.physical.ok_or_else(lacks)?;
        if physical != column.label.physical.number() {
            return Err(Diagnostic::new("the footer gives it two types"));
        }
        let count = |number: Option<i64>| {
            let number = number.ok_or_else(lacks)?;
            u64::try_from(number)
                .map_err(|_| Diagnostic::new(format!("the footer has {number} for a place or size")))
        };
        let first = count(metadata.data_page)?;
        // Some writers put 0 where there is none.
        let dictionary = metadata.dictionary_page.filter(|at| *at != 0);
        let start = dictionary.map_or(Ok(first), |at| count(Some(at)))?.min(first);
        let (length, values) = (count(metadata.length)?, count(metadata.values)?);
        if start < MAGIC.len() as u64 || start.checked_add(length).is_none_or(|chunk_end| chunk_end > end) {
            return Err(Diagnostic::new("it is said to lie outside the file"));
        }
        let codec = metadata.codec.and_then(|codec| i32::try_from(codec).ok()).ok_or_else(lacks)?;
        Ok(Chunk { start, length, codec, values })
    }
}
