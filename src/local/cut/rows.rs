//! The rows of a few customers in a table: which they are, and what is in them.

use std::ops::Range;

use polars::prelude::{AnyValue, Column, DataFrame, DataType, IntoColumn, PolarsResult, Series, TimeUnit};

use super::wanted::Wanted;
use crate::backend::BackendError;
use crate::database::{Origin, Table};
use crate::local::cache_key::CacheKey;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::{Bitmap, Chunk, Value};
use crate::local::error::unreadable;
use crate::local::files::id_texts;
use crate::local::index::customer_index::CustomerIndex;
use crate::local::parallel::{parallel_fold, parallel_map};
use crate::local::sets::insights::InsightTables as _;
use crate::local::view::View;

/// Rows so near to one another are read at once.
const NEAR: usize = 64;
/// The rows of no more customers are looked for one customer after the other.
const FEW: usize = 8;

/// The rows of customers, and of ids that are none, in the order of the table.
pub(super) fn find_rows(view: &View<'_>, table: &Table, wanted: &Wanted) -> Result<Vec<usize>, BackendError> {
    let key = table.key();
    let (table, index) = view.table_and_index(&key)?;
    let reader = view.reader();
    let mut rows = match known_rows(view, &key, wanted) {
        Some(rows) => rows,
        None => {
            let customers: Vec<usize> = wanted.customers.ones().collect();
            let found = parallel_fold(index.customers.chunks(), view.cancel, Vec::new, |rows, number| {
                let (chunk, first) =
                    (index.customers.chunk(number, reader)?, reader.chunk_size.first_row(number));
                if customers.len() <= FEW {
                    for customer in &customers {
                        let own = chunk.rows_of(*customer)?;
                        rows.extend(own.iter().flat_map(|own| own.iter_ones()).map(|row| first + row));
                    }
                    return Ok(());
                }
                let all = Bitmap::ones(chunk.rows());
                Ok(chunk.for_each(&all, |row, customer| {
                    if wanted.customers.contains(customer) {
                        rows.push(first + row);
                    }
                })?)
            })?;
            found.concat()
        }
    };
    let may_have_others = match table.origin {
        Origin::Database => wanted.tables_of_others.contains(&table.name),
        Origin::List(_) | Origin::Query(_) => !wanted.others.is_empty(),
    };
    if may_have_others && index.counts(reader)?.orphan_rows > 0 {
        rows.extend(orphan_rows(view, table, &index, wanted)?);
    }
    rows.sort_unstable();
    Ok(rows)
}

/// The rows of customers, where it is known which they are.
fn known_rows(view: &View<'_>, key: &str, wanted: &Wanted) -> Option<Vec<usize>> {
    let rows = view.known_rows_by_customer(key)?;
    Some(wanted.customers.ones().flat_map(|customer| rows.rows(customer)).collect())
}

/// The rows with ids that are no customers.
fn orphan_rows(
    view: &View<'_>,
    table: &Table,
    index: &CustomerIndex,
    wanted: &Wanted,
) -> Result<Vec<usize>, BackendError> {
    let Some(id) = table.id_column(view.activation_id) else { return Ok(Vec::new()) };
    let (source, reader, unreadable) = (ReadableTable::new(table)?, view.reader(), unreadable(&table.name));
    let found = parallel_fold(reader.chunk_count(source), view.cancel, Vec::new, |rows, number| {
        if index.customers.chunk(number, reader)?.without().is_none() {
            return Ok(());
        }
        let mut next = reader.chunk_size.first_row(number);
        for frame in reader.frames(source, &[id], number) {
            let frame = frame?;
            let texts = id_texts(frame.column(id).map_err(&unreadable)?).map_err(&unreadable)?;
            for text in texts.iter() {
                if text.is_some_and(|text| wanted.others.contains(text)) {
                    rows.push(next);
                }
                next += 1;
            }
        }
        Ok(())
    })?;
    Ok(found.concat())
}

/// Some rows of some columns: from chunks that are at hand, else from the files.
pub(crate) fn read(
    source: ReadableTable<'_>,
    columns: &[&str],
    rows: &[usize],
    reader: ChunkReader<'_>,
) -> Result<DataFrame, BackendError> {
    let failed = unreadable(&source.table.name);
    let empty = reader.rows(source, columns, 0, 0)?;
    if rows.is_empty() {
        return Ok(empty);
    }
    let at_hand = empty.columns().iter().map(|column| column_at_hand(source, column, rows, reader));
    let at_hand = at_hand.collect::<PolarsResult<Vec<Option<Column>>>>().map_err(&failed)?;
    let missing = columns.iter().zip(&at_hand).filter(|(_, known)| known.is_none());
    let missing: Vec<&str> = missing.map(|(name, _)| *name).collect();
    let mut from_files = read_files(source, &missing, rows, reader)?.into_iter();
    let all = at_hand.into_iter().filter_map(|known| known.or_else(|| from_files.next()));
    DataFrame::new(rows.len(), all.collect()).map_err(&failed)
}

/// Some rows of some columns from the files: rows near to one another at once.
fn read_files(
    source: ReadableTable<'_>,
    columns: &[&str],
    rows: &[usize],
    reader: ChunkReader<'_>,
) -> Result<Vec<Column>, BackendError> {
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let failed = unreadable(&source.table.name);
    let places = places(rows);
    let frames = parallel_map(places.len(), reader.cancel, |job| {
        let Some((range, wanted)) = places.get(job) else { return Ok(None) };
        let frame = reader.rows(source, columns, range.start, range.len())?;
        if wanted.len() == range.len() {
            return Ok(Some(frame));
        }
        let is_wanted = range.clone().map(|row| wanted.binary_search(&row).is_ok()).collect();
        frame.filter(&is_wanted).map(Some).map_err(&failed)
    })?;
    let mut frames = frames.into_iter().flatten();
    let Some(mut whole) = frames.next() else { return Ok(Vec::new()) };
    for frame in frames {
        whole.vstack_mut_owned(frame).map_err(&failed)?;
    }
    whole.rechunk_mut();
    Ok(whole.into_columns())
}

/// Ranges that hold all of some rows in ascending order, each with those that are in it.
fn places(rows: &[usize]) -> Vec<(Range<usize>, &[usize])> {
    let runs = rows.chunk_by(|one, other| other - one <= NEAR);
    runs.filter_map(|run| Some((*run.first()?..run.last()? + 1, run))).collect()
}

/// Some rows of a column, if all their chunks are in memory. `like` has its name and type.
fn column_at_hand(
    source: ReadableTable<'_>,
    like: &Column,
    rows: &[usize],
    reader: ChunkReader<'_>,
) -> PolarsResult<Option<Column>> {
    let (table, column) = (source.table.key().into_owned(), like.name().to_string());
    let mut values = Vec::with_capacity(rows.len());
    let mut chunk: Option<(usize, std::sync::Arc<Chunk>)> = None;
    let mut chunks = Vec::new();
    for row in rows {
        let (number, at) = reader.chunk_size.split(*row);
        if chunk.as_ref().is_none_or(|(known, _)| *known != number) {
            let key = CacheKey::Chunk { table: table.clone(), column: column.clone(), number };
            let Some(found) = reader.memory.get::<Chunk>(&key) else { return Ok(None) };
            chunk = Some((number, found));
        }
        chunks.extend(chunk.clone().map(|(_, chunk)| (chunk, at)));
    }
    for (chunk, row) in &chunks {
        if *row >= chunk.rows() {
            return Ok(None);
        }
        let value = if chunk.is_null(*row) {
            Some(AnyValue::Null)
        } else {
            any_value(chunk.value(*row), like.dtype())
        };
        let Some(value) = value else { return Ok(None) };
        values.push(value);
    }
    let series = Series::from_any_values_and_dtype(like.name().clone(), &values, like.dtype(), true)?;
    Ok(Some(series.into_column()))
}

/// A value as polars has it in a column of this type; `None` if it does not fit.
fn any_value<'a>(value: Value<'a>, data_type: &DataType) -> Option<AnyValue<'a>> {
    Some(match (value, data_type) {
        (Value::Text(text), DataType::String) => AnyValue::String(text),
        (Value::Integer(number), DataType::Int64) => AnyValue::Int64(number),
        (Value::Decimal(number), DataType::Float64) => AnyValue::Float64(number),
        (Value::Exact { parts, decimals }, DataType::Decimal(precision, scale))
            if decimals as usize == *scale =>
        {
            AnyValue::Decimal(parts, *precision, *scale)
        }
        (Value::Boolean(value), DataType::Boolean) => AnyValue::Boolean(value),
        (Value::Date(day), DataType::Date) => AnyValue::Date(i32::try_from(day).ok()?),
        (Value::Datetime(micros), DataType::Datetime(TimeUnit::Microseconds, None)) => {
            AnyValue::Datetime(micros, TimeUnit::Microseconds, None)
        }
        _ => return None,
    })
}
