//! Stated types over those that a Parquet file has (`types` of the manifest).

use polars::prelude::*;

use super::column_builder::{ColumnBuilder, polars_type};
use crate::segment::{DataType as Type, Keyword, Number};

/// A value that does not fit a stated type.
#[derive(Debug)]
pub(crate) struct CastError {
    /// Counted from 1.
    pub row: usize,
    /// As text.
    pub value: String,
}

/// A column as another type: through text, by the rules for CSV.
pub(crate) fn cast_column(column: &Column, data_type: Type) -> PolarsResult<Result<Column, CastError>> {
    let mut values = ColumnBuilder::new(column.name(), data_type, column.len());
    for (row, value) in column.as_materialized_series().iter().enumerate() {
        let text = csv_text(&value);
        if !values.push(text.as_deref()) {
            return Ok(Err(CastError { row: row + 1, value: text.unwrap_or_default() }));
        }
    }
    Ok(Ok(values.finish().into()))
}

/// The column `name` as another type, worked out when it is read.
pub(crate) fn cast_expr(name: &str, data_type: Type) -> Expr {
    let function = move |column: Column| {
        cast_column(&column, data_type)?.map_err(|error| {
            polars_err!(ComputeError: "{:?} in column {:?} is no {}", error.value, column.name(), data_type.id())
        })
    };
    col(name).map(function, move |_, field| Ok(Field::new(field.name().clone(), polars_type(data_type))))
}

/// A value as CSV would write it; `None` for NULL.
pub(crate) fn csv_text(value: &AnyValue<'_>) -> Option<String> {
    /// Below 2^53 every whole double is exactly one integer.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        AnyValue::Null => None,
        // Whole numbers that are held as decimals because some are missing: no ".0".
        AnyValue::Float64(number) if number.fract() == 0.0 && number.abs() < EXACT => {
            Some(format!("{number:.0}"))
        }
        AnyValue::Decimal(parts, _, scale) => {
            let decimals = u32::try_from(*scale).unwrap_or(u32::MAX);
            Some(Number::text_of_parts(*parts, decimals))
        }
        AnyValue::Datetime(micros, ..) => {
            let timestamp = chrono::DateTime::from_timestamp_micros(*micros)?;
            Some(timestamp.format("%Y-%m-%d %H:%M:%S%.f").to_string())
        }
        AnyValue::Date(days) => {
            let seconds = i64::from(*days) * 86_400;
            Some(chrono::DateTime::from_timestamp(seconds, 0)?.format("%Y-%m-%d").to_string())
        }
        AnyValue::String(text) => Some((*text).to_owned()),
        other => Some(other.to_string()),
    }
}
