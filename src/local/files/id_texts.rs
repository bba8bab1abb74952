//! Ids as text.

use std::borrow::Cow;

use polars::prelude::{Column, DataType, PolarsResult, StringChunked};

use crate::segment::Number;

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
        DataType::Decimal(_, scale) => {
            let decimals = u32::try_from(*scale).unwrap_or(u32::MAX);
            let text = |parts| Number::text_of_parts(parts, decimals);
            Cow::Owned(column.decimal()?.physical().iter().map(|parts| parts.map(text)).collect())
        }
        DataType::Boolean => {
            Cow::Owned(column.bool()?.iter().map(|value| value.map(|value| value.to_string())).collect())
        }
        _ => Cow::Owned(column.cast(&DataType::String)?.str()?.clone()),
    })
}
