//! Whether the rows of a member agree, where there is to be one.

use std::sync::Arc;

use super::column::FoundColumn;
use crate::backend::BackendError;
use crate::diagnostic::Diagnostic;
use crate::local::chunk_reader::ChunkReader;
use crate::local::columns::{Bitmap, Chunk, Value};
use crate::local::index::universe::CustomerIds;
use crate::local::sets::customer_set::CustomerSet;

/// # Errors
/// Several rows of a member differ in one of these columns of one table, each with all of its chunks.
pub(super) fn check(
    columns: &[(&FoundColumn<'_>, &[Arc<Chunk>])],
    members: &CustomerSet,
    ids: &CustomerIds,
    reader: ChunkReader<'_>,
) -> Result<(), BackendError> {
    let Some((first, _)) = columns.first() else { return Ok(()) };
    if !first.index.counts(reader)?.is_multi_row {
        return Ok(());
    }
    let customers = &first.index.customers;
    for number in 0..customers.chunks() {
        reader.cancel.check()?;
        let chunk = customers.chunk(number, reader)?;
        let mut differs = None;
        chunk.for_each(&Bitmap::ones(chunk.rows()), |row, customer| {
            if differs.is_some() || !members.contains(customer) {
                return;
            }
            let (mut columns, customer_row) = (columns.iter(), first.split(customer));
            if customer_row == Some((number, row)) {
                return;
            }
            let is_other = |(column, chunks): &&(&FoundColumn<'_>, &[Arc<Chunk>])| {
                let this = value(chunks, (number, row));
                let known = column.split(customer).and_then(|place| value(chunks, place));
                this != known
            };
            differs = columns.find(is_other).map(|(column, _)| (customer, &column.key.column));
        })?;
        if let Some((customer, column)) = differs {
            let (table, id) = (&first.table.table.name, ids.get(customer).unwrap_or_default());
            let message = format!("table {table:?} has several rows for {id:?}, which differ in {column:?}");
            let help = "take columns of a table with one row for each id, or say which of the rows counts";
            return Err(BackendError::Data(Diagnostic::new(message).with_help(help)));
        }
    }
    Ok(())
}

fn value(chunks: &[Arc<Chunk>], (number, row): (usize, usize)) -> Option<Value<'_>> {
    let chunk = chunks.get(number)?;
    (!chunk.is_null(row)).then(|| chunk.value(row))
}
