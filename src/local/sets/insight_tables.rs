//! The tables that insights and pages are worked out from.

use std::sync::Arc;

use crate::backend::BackendError;
use crate::database::Table;
use crate::local::chunk_reader::ChunkReader;
use crate::local::index::customer_index::CustomerIndex;
use crate::local::index::orders::OrderIndex;
use crate::segment::DataType;

/// What preparing takes: the tables with the activation ID, and their indexes.
pub(crate) trait InsightTables: Sync {
    /// A table with the activation ID, by name, and its index.
    fn table(&self, name: &str) -> Option<Result<(&Table, Arc<CustomerIndex>), BackendError>>;
    /// The purchases of the items table.
    fn orders(&self, items: &Table) -> Result<Arc<OrderIndex>, BackendError>;
    /// Reads the columns of all of them.
    fn reader(&self) -> ChunkReader<'_>;
}

/// The table of a role and its index, if it has the activation ID.
pub(crate) fn role<'a>(
    tables: &'a dyn InsightTables,
    name: Option<&String>,
) -> Result<Option<(&'a Table, Arc<CustomerIndex>)>, BackendError> {
    name.and_then(|name| tables.table(name)).transpose()
}

/// Whether a table has a column of dates of this name.
pub(crate) fn is_dated(table: &Table, column: &str) -> bool {
    let data_type = table.column(column).map(|column| column.data_type);
    matches!(data_type, Some(DataType::Date | DataType::Datetime))
}

/// Whether a table has a column of numbers of this name.
pub(crate) fn is_numeric(table: &Table, column: &str) -> bool {
    let data_type = table.column(column).map(|column| column.data_type);
    matches!(data_type, Some(DataType::Integer | DataType::Decimal))
}
