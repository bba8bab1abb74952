//! Stated types over those that a Parquet file has (`types` of the manifest).

use polars::prelude::*;

use super::cells::{Cells, held_as};
use crate::segment::{DataType as Type, Keyword};

/// A value that does not fit a stated type.
#[derive(Debug)]
pub struct Misfit {
    /// Counted from 1.
    pub row: usize,
    /// As text.
    pub value: String,
}

/// A column as another type: through text, by the rules for CSV.
pub fn convert(column: &Column, data_type: Type) -> PolarsResult<Result<Column, Misfit>> {
    let mut cells = Cells::new(column.name(), data_type, column.len());
    for (row, value) in column.as_materialized_series().iter().enumerate() {
        let text = text(&value);
        if !cells.push(text.as_deref()) {
            return Ok(Err(Misfit { row: row + 1, value: text.unwrap_or_default() }));
        }
    }
    Ok(Ok(cells.finish().into()))
}

/// The column `name` as another type, worked out when it is read.
pub fn retyped(name: &str, data_type: Type) -> Expr {
    let function = move |column: Column| {
        convert(&column, data_type)?.map_err(|misfit| {
            polars_err!(ComputeError: "{:?} in column {:?} is no {}", misfit.value, column.name(), data_type.id())
        })
    };
    col(name).map(function, move |_, field| Ok(Field::new(field.name().clone(), held_as(data_type))))
}

/// A value as CSV would write it; `None` for NULL.
pub fn text(value: &AnyValue<'_>) -> Option<String> {
    /// Below 2^53 every whole double is exactly one integer.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        AnyValue::Null => None,
        // Whole numbers that are held as decimals because some are missing: no ".0".
        AnyValue::Float64(number) if number.fract() == 0.0 && number.abs() < EXACT => {
            Some(format!("{number:.0}"))
        }
        AnyValue::Datetime(micros, ..) => {
            let moment = chrono::DateTime::from_timestamp_micros(*micros)?;
            Some(moment.format("%Y-%m-%d %H:%M:%S%.f").to_string())
        }
        AnyValue::Date(days) => {
            let seconds = i64::from(*days) * 86_400;
            Some(chrono::DateTime::from_timestamp(seconds, 0)?.format("%Y-%m-%d").to_string())
        }
        AnyValue::String(text) => Some((*text).to_owned()),
        other => Some(other.to_string()),
    }
}
