//! Ids as text.

use std::borrow::Cow;

use polars::prelude::{Column, DataType, PolarsResult, StringChunked};

/// A column as the texts by which ids compare (`docs/reference/database.md`, The universe): strings as they are, numbers
/// in decimal notation without exponent and without ".0".
///
/// # Errors
/// The column is of a type that has no text.
pub(crate) fn id_texts(column: &Column) -> PolarsResult<Cow<'_, StringChunked>> {
    Ok(match column.dtype() {
        DataType::String => Cow::Borrowed(column.str()?),
        DataType::Int64 => {
            Cow::Owned(column.i64()?.iter().map(|value| value.map(|value| value.to_string())).collect())
        }
        // Adding zero turns -0 into 0.
        DataType::Float64 => Cow::Owned(
            column.f64()?.iter().map(|value| value.map(|value| (value + 0.0).to_string())).collect(),
        ),
        DataType::Boolean => {
            Cow::Owned(column.bool()?.iter().map(|value| value.map(|value| value.to_string())).collect())
        }
        _ => Cow::Owned(column.cast(&DataType::String)?.str()?.clone()),
    })
}
