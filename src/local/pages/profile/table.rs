//! What a table holds as a whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::NaiveDate;

use super::stored::{StoredIds, StoredTable};
use crate::backend::{BackendError, Cancel};
use crate::database::Table;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::{Bitmap, Dictionary};
use crate::local::consistency::checked_mut;
use crate::local::index::customer_index::CustomerIndex;
use crate::local::unmatched_ids;
use crate::local::values;
use crate::local::view::View;
use crate::segment::DataType;

/// Looks into a table as a whole. `view` is of its activation ID, where it has that.
pub(super) fn look_into(
    table: &Table,
    view: Option<(&View<'_>, &CustomerIndex)>,
    reader: ChunkReader<'_>,
) -> Result<StoredTable, BackendError> {
    let (mut ids, mut would_match) = (None, None);
    if let Some((view, index)) = view {
        ids = Some(ids_of(index, view.size(), reader)?);
        let note = unmatched_ids::of_table(view, table, index.counts(reader)?)?;
        would_match = note.map(|note| (note.message, note.help));
    }
    Ok(StoredTable { ids, newest_day: newest_day(table, reader)?, would_match })
}

fn ids_of(
    index: &CustomerIndex,
    universe_size: usize,
    reader: ChunkReader<'_>,
) -> Result<StoredIds, BackendError> {
    let counts = index.counts(reader)?;
    let (mut rows, mut matched) = (vec![0_u32; universe_size], 0);
    index.customers.check_ids(universe_size)?;
    for number in 0..index.customers.chunks() {
        reader.cancel.check()?;
        let chunk = index.customers.chunk(number, reader)?;
        matched += chunk.rows_with_id() as u64;
        chunk.for_each(&Bitmap::ones(chunk.rows()), |_, customer| {
            checked_mut(&mut rows, customer).into_iter().for_each(|rows| *rows += 1);
        })?;
    }
    Ok(StoredIds {
        customers: counts.customers,
        rows_without_id: counts.rows.saturating_sub(matched).saturating_sub(counts.orphan_rows),
        orphan_rows: counts.orphan_rows,
        most_rows: rows.into_iter().max().unwrap_or(0).into(),
    })
}

/// The newest day in any column of dates.
fn newest_day(table: &Table, reader: ChunkReader<'_>) -> Result<Option<NaiveDate>, BackendError> {
    let source = ReadableTable::new(table)?;
    let mut newest = None;
    for column in table.columns() {
        if !matches!(column.data_type, DataType::Date | DataType::Datetime) {
            continue;
        }
        for number in 0..reader.chunk_count(source) {
            let chunk = reader.passing_chunk(source, &column.name, number)?;
            let is_empty = chunk.nulls().is_some_and(|nulls| nulls.count_ones() == nulls.len());
            // The greatest key is on a row: keys of dates go from the least to the greatest date there is.
            if let Dictionary::Range { last, .. } = chunk.dictionary()
                && !is_empty
                && chunk.rows() > 0
            {
                let day = chunk.dictionary().value(*last).timestamp().map(|timestamp| timestamp.day);
                newest = newest.max(day);
            }
        }
    }
    Ok(newest.and_then(values::date))
}

/// The files of a table as its folder has them, their size together, and when one of them was written last.
pub(super) struct TableFiles {
    pub names: Vec<String>,
    pub bytes: u64,
    pub modified: Option<SystemTime>,
}

impl TableFiles {
    /// As they are now.
    pub fn look(files: &[PathBuf], folder: &Path, cancel: &Cancel) -> Result<Self, BackendError> {
        let mut found = Self { names: Vec::with_capacity(files.len()), bytes: 0, modified: None };
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        for file in files {
            cancel.check()?;
            found.names.push(relative(file, &folder));
            // A file that is gone is noticed by the answer as a whole.
            if let Ok(metadata) = fs::metadata(file) {
                found.bytes = found.bytes.saturating_add(metadata.len());
                found.modified = found.modified.max(metadata.modified().ok());
            }
        }
        Ok(found)
    }
}

/// A file as seen from a folder, with `/` between its parts.
fn relative(file: &Path, folder: &Path) -> String {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let common = file.components().zip(folder.components()).take_while(|(one, other)| one == other).count();
    let up = folder.components().skip(common).map(|_| "..".to_owned());
    // On another disk there is no way from one to the other.
    if common == 0 {
        return file.to_string_lossy().into_owned();
    }
    let down = file.components().skip(common).map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_as_seen_from_the_database() {
        let of = |file: &str| relative(Path::new(file), Path::new("/data/shop"));
        assert_eq!(of("/data/shop/Orders.csv"), "Orders.csv");
        assert_eq!(of("/data/shop/items/part-0.parquet"), "items/part-0.parquet");
        assert_eq!(of("/data/lists/a.csv"), "../lists/a.csv");
    }
}
