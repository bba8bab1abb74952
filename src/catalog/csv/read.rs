//! Reads the files of a CSV table in two passes over their bytes: the first checks the shape and
//! settles the types, the second builds the columns. Both go by chunk, side by side.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use polars::prelude::{Column, DataFrame, PolarsResult, Series};
use rayon::prelude::*;

use super::file::{self, Chunk};
use super::header::{self, lines, utf8};
use super::records::{Fault, for_each};
use super::typing::Guess;
use crate::catalog::TableError;
use crate::catalog::cells::Cells;
use crate::catalog::work::{Halt, Meter};
use crate::segment::DataType;

/// Bytes that are read in one go: between two chunks the work can be stopped.
const CHUNK: usize = 1 << 20;
/// How many stages [`read`] takes.
pub const STAGES: u64 = 4;

/// What is to be read.
pub struct Wanted<'a> {
    /// The parts of the table, in the order of its rows.
    pub files: &'a [PathBuf],
    /// The columns whose type is stated; all others have the type that their values look like.
    pub types: &'a BTreeMap<String, DataType>,
}

/// The rows of a table and the types of its columns. The rows of a chunk are one piece of memory.
///
/// # Errors
/// A file cannot be read, is no CSV, or has other columns than the first; a value does not fit the
/// type that is stated for its column. The work was stopped.
pub fn read(
    wanted: &Wanted<'_>,
    meter: &mut Meter<'_>,
) -> Result<(DataFrame, Vec<(String, DataType)>), Halt> {
    let sizes = wanted.files.iter().map(|file| file.metadata().map_or(0, |file| file.len()));
    meter.begin(sizes.sum());
    let mut parts = wanted.files.iter().map(|file| Part::read(file, meter)).collect::<Result<Vec<_>, _>>()?;
    let bytes = parts.iter().map(|part| part.bytes.len() as u64).sum();
    meter.begin(bytes);
    for part in &mut parts {
        part.chunks = file::split(&part.bytes, part.start, part.line(), CHUNK, |run| meter.advance(run))?;
    }
    let Some(first) = parts.first() else {
        return Ok((DataFrame::empty(), Vec::new()));
    };
    let names = &first.names;
    for part in &parts {
        TableError::check_same_columns(first.file, names, part.file, &part.names)?;
    }
    meter.begin(bytes);
    let guesses = guess(&parts, names, meter)?;
    let columns: Vec<(String, DataType)> = names
        .iter()
        .zip(&guesses)
        .map(|(name, guess)| {
            (name.clone(), wanted.types.get(name).copied().unwrap_or_else(|| guess.data_type()))
        })
        .collect();
    meter.begin(bytes);
    let frame = build(&parts, &columns, meter)?;
    Ok((frame, columns))
}

/// One file.
struct Part<'a> {
    file: &'a Path,
    bytes: Vec<u8>,
    names: Vec<String>,
    /// Where the first record after the names begins.
    start: usize,
    chunks: Vec<Chunk>,
}

impl<'a> Part<'a> {
    fn read(file: &'a Path, meter: &Meter<'_>) -> Result<Self, Halt> {
        let read = file::read(file, |bytes| meter.advance(bytes).map_err(|_| io::Error::other("stopped")));
        meter.check()?;
        let bytes = read.map_err(|error| TableError::unreadable(file, &error))?;
        let (names, start) = header::parse(&bytes).map_err(|fault| fault.at(file))?;
        Ok(Self { file, bytes, names, start, chunks: Vec::new() })
    }

    /// The line of the first record after the names.
    fn line(&self) -> u64 {
        1 + lines(self.bytes.get(..self.start).unwrap_or_default())
    }

    /// For each name, its position in this file.
    fn order(&self, names: impl Iterator<Item = impl AsRef<str>>) -> Vec<usize> {
        names.filter_map(|name| self.names.iter().position(|own| own == name.as_ref())).collect()
    }

    fn text(&self, chunk: &Chunk) -> Result<&str, Fault> {
        utf8(self.bytes.get(chunk.bytes.clone()).unwrap_or_default(), chunk.line)
    }
}

/// Works on every chunk, side by side; the results are in the order of the rows. Of several faults
/// the first in that order counts.
fn by_chunk<T: Send>(
    parts: &[Part<'_>],
    meter: &Meter<'_>,
    work: impl Fn(&Part<'_>, &Chunk) -> Result<T, Fault> + Sync,
) -> Result<Vec<T>, Halt> {
    let chunks: Vec<_> =
        parts.iter().flat_map(|part| part.chunks.iter().map(move |chunk| (part, chunk))).collect();
    let done: Vec<_> = chunks
        .into_par_iter()
        .map(|(part, chunk)| {
            meter.check()?;
            let done = work(part, chunk).map_err(|fault| fault.at(part.file))?;
            meter.advance(chunk.bytes.len() as u64)?;
            Ok(done)
        })
        .collect();
    done.into_iter().collect()
}

fn guess(parts: &[Part<'_>], names: &[String], meter: &Meter<'_>) -> Result<Vec<Guess>, Halt> {
    let guesses = by_chunk(parts, meter, |part, chunk| {
        let mut guesses = vec![Guess::new(); names.len()];
        let order = part.order(names.iter());
        for_each(part.text(chunk)?, chunk.line, names.len(), |_, fields| {
            for (guess, position) in guesses.iter_mut().zip(&order) {
                if let Some(field) = fields.get(*position) {
                    guess.see(field);
                }
            }
            Ok(())
        })?;
        Ok(guesses)
    })?;
    let start = vec![Guess::new(); names.len()];
    Ok(guesses.into_iter().fold(start, |all, chunk| {
        all.into_iter().zip(&chunk).map(|(guess, other)| guess.and(other)).collect()
    }))
}

fn build(parts: &[Part<'_>], columns: &[(String, DataType)], meter: &Meter<'_>) -> Result<DataFrame, Halt> {
    let mut chunks = by_chunk(parts, meter, |part, chunk| {
        let text = part.text(chunk)?;
        // A guess at the number of rows, only to reserve about the right room.
        let capacity = usize::try_from(lines(text.as_bytes())).unwrap_or_default();
        let mut cells: Vec<_> =
            columns.iter().map(|(name, data_type)| Cells::new(name, *data_type, capacity)).collect();
        let order = part.order(columns.iter().map(|(name, _)| name));
        for_each(text, chunk.line, columns.len(), |line, fields| {
            for ((cells, position), (name, data_type)) in cells.iter_mut().zip(&order).zip(columns) {
                let value = fields.get(*position).and_then(super::records::Field::value);
                if !cells.push(value.as_deref()) {
                    return Err(misfit(line, name, *data_type, &value.unwrap_or_default()));
                }
            }
            Ok(())
        })?;
        Ok(cells.into_iter().map(Cells::finish).collect::<Vec<_>>())
    })?;
    if chunks.is_empty() {
        chunks.push(columns.iter().map(|(name, kind)| Cells::new(name, *kind, 0).finish()).collect());
    }
    let file = parts.first().map(|part| part.file).unwrap_or(Path::new(""));
    stack(chunks).map_err(|error| TableError::unreadable(file, &error).into())
}

fn misfit(line: u64, name: &str, data_type: DataType, value: &str) -> Fault {
    use crate::segment::Word as _;
    Fault {
        line,
        message: format!("{value:?} in column {name:?} is no {}", data_type.id()),
        help: format!("correct the value, or the type of {name:?} in database.toml"),
    }
}

/// The columns of all chunks below one another.
fn stack(chunks: Vec<Vec<Series>>) -> PolarsResult<DataFrame> {
    let mut chunks = chunks.into_iter();
    let mut columns = chunks.next().unwrap_or_default();
    for chunk in chunks {
        for (column, below) in columns.iter_mut().zip(chunk) {
            column.append_owned(below)?;
        }
    }
    let height = columns.first().map_or(0, |column| column.len());
    DataFrame::new(height, columns.into_iter().map(Column::from).collect())
}
