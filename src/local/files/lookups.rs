//! Columns that join in from another table (`lookups` of the manifest).
//!
//! A lookup is a mapping of the key column, not a join: rows keep order and count by construction,
//! and reading a column that does not come from the lookup costs nothing. The lookup table is held
//! in memory.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use polars::prelude::*;

use super::cast::csv_text;
use super::local_table::LocalContent;
use crate::database::Column as TableColumn;
use crate::segment::DataType as Type;

/// From a key to the row that has it.
#[derive(Debug)]
enum Index {
    Strings(HashMap<String, IdxSize>),
    /// Integers, days, microseconds.
    Numbers(HashMap<i64, IdxSize>),
}

/// Why a table cannot be looked up in.
#[derive(Debug)]
pub(crate) enum LookupFault {
    /// A key stands in several rows.
    Twice(String),
    /// Keys of this type cannot be compared exactly.
    Type(Type),
    /// The table cannot be read.
    Unreadable(PolarsError),
}

/// The columns of `table` as expressions over a frame with the key column `on`: all but the key and
/// those named in `own`.
pub fn columns(
    table: &LocalContent,
    on: &TableColumn,
    own: &[TableColumn],
) -> Result<Vec<(TableColumn, Expr)>, LookupFault> {
    let rows = table.frame.lazy().clone().collect().map_err(LookupFault::Unreadable)?;
    let key = rows.column(&on.name).map_err(LookupFault::Unreadable)?;
    let index = Arc::new(Index::new(key, on.data_type)?);
    let joined = table.content.columns.iter().filter(|column| !own.iter().any(|own| own.name == column.name));
    joined
        .map(|column| {
            let values = rows.column(&column.name).map_err(LookupFault::Unreadable)?.clone();
            Ok((column.clone(), looked_up(&on.name, &index, values)))
        })
        .collect()
}

/// For each key the value in the row that has it, else NULL.
fn looked_up(on: &str, index: &Arc<Index>, values: Column) -> Expr {
    let (index, field) = (Arc::clone(index), Field::new(values.name().clone(), values.dtype().clone()));
    let name = values.name().clone();
    let function = move |keys: Column| values.take(&index.rows(&keys)?);
    col(on).map(function, move |_, _| Ok(field.clone())).alias(name)
}

impl Index {
    fn new(key: &Column, data_type: Type) -> Result<Self, LookupFault> {
        if matches!(data_type, Type::Decimal | Type::Boolean) {
            return Err(LookupFault::Type(data_type));
        }
        let index = if data_type == Type::String {
            let keys = key.str().map_err(LookupFault::Unreadable)?;
            index(keys.iter().map(|key| key.map(str::to_owned))).map(Self::Strings)
        } else {
            let keys = numbers(key).map_err(LookupFault::Unreadable)?;
            index(keys.iter()).map(Self::Numbers)
        };
        index.map_err(|row| match key.get(row) {
            Ok(value) => LookupFault::Twice(csv_text(&value).unwrap_or_default()),
            Err(error) => LookupFault::Unreadable(error),
        })
    }

    fn rows(&self, keys: &Column) -> PolarsResult<IdxCa> {
        Ok(match self {
            Self::Strings(index) => keys.str()?.iter().map(|key| index.get(key?).copied()).collect(),
            Self::Numbers(index) => numbers(keys)?.iter().map(|key| index.get(&key?).copied()).collect(),
        })
    }
}

fn numbers(keys: &Column) -> PolarsResult<Int64Chunked> {
    Ok(keys.to_physical_repr().cast(&DataType::Int64)?.i64()?.clone())
}

/// NULL is no key.
///
/// # Errors
/// The row of a key that an earlier row has.
fn index<K: Hash + Eq>(keys: impl Iterator<Item = Option<K>>) -> Result<HashMap<K, IdxSize>, usize> {
    let mut index = HashMap::new();
    for ((row, number), key) in (0..).zip(0..).zip(keys) {
        if key.is_some_and(|key| index.insert(key, number).is_some()) {
            return Err(row);
        }
    }
    Ok(index)
}
