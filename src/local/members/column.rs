//! Columns with one value for each customer.

use std::sync::Arc;

use super::picked_rows::PickedRows;
use crate::backend::{BackendError, MemberColumn, RowPick};
use crate::database::Table;
use crate::diagnostic::Diagnostic;
use crate::local::cache_key::{CacheKey, ColumnKey};
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::{Chunk, ChunkSize};
use crate::local::index::customer_index::CustomerIndex;
use crate::local::query_scope::key;
use crate::local::sets::insights::InsightTables as _;
use crate::local::view::View;
use crate::segment::DataType;

/// A column that was asked for, found in the database.
pub(super) struct FoundColumn<'a> {
    pub table: ReadableTable<'a>,
    pub index: Arc<CustomerIndex>,
    pub key: ColumnKey,
    /// `None` where rows are counted.
    pub data_type: Option<DataType>,
    /// The row of each customer, or how many there are.
    pub rows: Arc<PickedRows>,
    chunk_size: ChunkSize,
}

impl<'a> FoundColumn<'a> {
    /// # Errors
    /// There is no such table or column, or the table has not the activation ID; cancelled.
    pub fn find(column: &MemberColumn, view: &'a View<'_>) -> Result<Self, BackendError> {
        let table_key = key(view.database(), &column.table);
        let (table, index) = view.table_and_index(&table_key)?;
        let (name, data_type) = match &column.pick {
            RowPick::Count => (String::new(), None),
            _ => (column.column.clone(), Some(data_type(table, &column.column)?)),
        };
        let pick = match &column.pick {
            RowPick::Count => RowPick::Count,
            RowPick::Only => RowPick::First(None),
            // Of one row any is the first; a column that is none of dates is an error all the same.
            pick => pick.clone(),
        };
        let rows = CacheKey::PickedRows {
            id: view.activation_id.to_owned(),
            table: table_key.clone(),
            pick: pick.clone(),
        };
        let reader = view.reader();
        let rows = view
            .engine
            .memory
            .get_or_make(rows, view.cancel, || PickedRows::read(table, &index, &pick, view.size(), reader))?;
        let chunk_size = reader.chunk_size;
        let key = ColumnKey { table: table_key, column: name, pick };
        Ok(Self { table: ReadableTable::new(table)?, index, key, data_type, rows, chunk_size })
    }

    /// Whether its values are numbers of rows.
    pub fn is_count(&self) -> bool {
        self.data_type.is_none()
    }

    /// All of its chunks; none where rows are counted.
    pub fn chunks(&self, reader: ChunkReader<'_>) -> Result<Vec<Arc<Chunk>>, BackendError> {
        if self.is_count() { Ok(Vec::new()) } else { reader.column(self.table, &self.key.column) }
    }

    /// The chunk of a customer's value and which row of that it is, as numbers; `None` without a row.
    #[inline]
    pub fn split(&self, customer: usize) -> Option<(usize, usize)> {
        Some(self.chunk_size.split(self.rows.row(customer)?))
    }

    /// The chunk of a customer's value, its number, and which row of it that is; `None` for NULL.
    #[inline]
    pub fn place<'c>(&self, customer: usize, chunks: &'c [Arc<Chunk>]) -> Option<(usize, &'c Chunk, usize)> {
        let (number, row) = self.split(customer)?;
        debug_assert!(number < chunks.len());
        let chunk = chunks.get(number)?;
        (!chunk.is_null(row)).then_some((number, &**chunk, row))
    }
}

fn data_type(table: &Table, column: &str) -> Result<DataType, BackendError> {
    let found = table.column(column).map(|column| column.data_type);
    found.ok_or_else(|| {
        let message = format!("table {:?} has no column {column:?}", table.name);
        BackendError::Missing(Diagnostic::new(message).with_help("choose another column"))
    })
}
