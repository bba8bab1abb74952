//! Some rows of a table, chosen at random.

use std::collections::BTreeSet;

use crate::backend::{BackendError, SampleRows, SampledRows, TextRow};
use crate::database::Table;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::encode;
use crate::local::error::unreadable;

use super::plain::{Plain, PlainType};

/// A table with so many values is looked through as a whole.
const SHORT: u64 = 1 << 20;
/// Of a longer one, rows are chosen from so many places.
const PLACES: u64 = 8;
/// So many rows are read at each of them.
const ROWS_AT_PLACE: u64 = 1 << 10;

/// Some rows of a table, in its order.
pub(super) fn sample(
    table: &Table,
    question: &SampleRows,
    reader: ChunkReader<'_>,
) -> Result<SampledRows, BackendError> {
    let source = ReadableTable::new(table)?;
    let columns: Vec<&str> = table.columns().map(|column| column.name.as_str()).collect();
    let rows = table.content.as_ref().ok().and_then(|content| content.rows).unwrap_or(0);
    let mut sampled = Vec::new();
    for (first, numbers) in places(rows, columns.len() as u64, question) {
        reader.cancel.check()?;
        let end = numbers.iter().next_back().map_or(first, |last| last + 1);
        sampled.extend(read(source, &columns, (first, end), &numbers, reader)?);
    }
    let columns = columns.into_iter().map(str::to_owned).collect();
    Ok(SampledRows { table: table.name.clone(), columns, rows: sampled })
}

/// The rows to be read, each place by its first row.
fn places(rows: u64, columns: u64, question: &SampleRows) -> Vec<(u64, BTreeSet<u64>)> {
    let wanted = (question.rows as u64).min(rows);
    let mut random = fastrand::Rng::with_seed(question.seed);
    let choose = |random: &mut fastrand::Rng, count: u64, first: u64, end: u64| {
        let mut chosen = BTreeSet::new();
        while (chosen.len() as u64) < count.min(end - first) {
            chosen.insert(random.u64(first..end));
        }
        chosen
    };
    if rows.saturating_mul(columns.max(1)) <= SHORT || wanted >= rows / 2 {
        let chosen = if wanted == rows { (0..rows).collect() } else { choose(&mut random, wanted, 0, rows) };
        return chosen.first().copied().map(|first| (first, chosen)).into_iter().collect();
    }
    let mut chosen = Vec::new();
    for place in 0..PLACES {
        let (start, next) = (rows * place / PLACES, rows * (place + 1) / PLACES);
        let count = wanted * (place + 1) / PLACES - wanted * place / PLACES;
        let length = ROWS_AT_PLACE.max(2 * count).min(next - start);
        let first = start + random.u64(0..=next - start - length);
        let rows = choose(&mut random, count, first, first + length);
        chosen.extend(rows.first().copied().map(|first| (first, rows)));
    }
    chosen
}

/// Some of the rows from one row to another.
#[allow(clippy::cast_possible_truncation)] // the rows of a table are counted in 32 bits
fn read(
    source: ReadableTable<'_>,
    columns: &[&str],
    (first, end): (u64, u64),
    wanted: &BTreeSet<u64>,
    reader: ChunkReader<'_>,
) -> Result<Vec<(u64, TextRow)>, BackendError> {
    let unreadable = unreadable(&source.table.name);
    let frame = reader.rows(source, columns, first as usize, (end - first) as usize)?;
    let mut rows: Vec<(u64, TextRow)> =
        wanted.iter().map(|row| (*row, Vec::with_capacity(columns.len()))).collect();
    for column in columns {
        reader.cancel.check()?;
        let chunk = frame.column(column).and_then(encode).map_err(&unreadable)?;
        let plain = PlainType::of(chunk.dictionary());
        for (row, values) in &mut rows {
            let row = (*row - first) as usize;
            let text = || plain.text(Plain::new(chunk.value(row)));
            values.push((!chunk.is_null(row)).then(text));
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(rows: u64, columns: u64, wanted: usize, seed: u64) -> Vec<u64> {
        let as_of = chrono::NaiveDate::default();
        let question = SampleRows { table: String::new(), rows: wanted, seed, as_of };
        places(rows, columns, &question).into_iter().flat_map(|(_, rows)| rows).collect()
    }

    #[test]
    fn the_same_seed_chooses_the_same_rows_in_order() {
        for (rows, columns, wanted) in
            [(0, 3, 5), (3, 3, 5), (100, 3, 5), (11_000_000, 37, 50), (9, 1 << 20, 4)]
        {
            let some = chosen(rows, columns, wanted, 1);
            assert_eq!(some, chosen(rows, columns, wanted, 1));
            assert_eq!(some.len() as u64, rows.min(wanted as u64), "{rows} {columns}");
            assert!(some.is_sorted_by(|one, other| one < other) && some.iter().all(|row| *row < rows));
        }
        assert_ne!(chosen(1000, 3, 5, 1), chosen(1000, 3, 5, 2));
        assert_ne!(chosen(11_000_000, 37, 50, 1), chosen(11_000_000, 37, 50, 2));
    }
}
