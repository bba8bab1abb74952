//! Rows as JSON, an object a line.

use std::io;
use std::ops::Range;

use serde_json::Value;

use super::cells::{cell_error, date, decimal, instant, is_instant};
use crate::backend::{ColumnValues, MemberTable};
use crate::control::escape;
use crate::segment::Number;

/// A line for each of some rows, with the columns in their order.
pub(super) fn rows(table: &MemberTable, rows: Range<usize>, out: &mut Vec<u8>) -> io::Result<()> {
    let keys: Vec<String> = table.columns.iter().map(|column| text(&column.name)).collect();
    for row in rows {
        for (index, (column, key)) in table.columns.iter().zip(&keys).enumerate() {
            out.push(if index == 0 { b'{' } else { b',' });
            out.extend_from_slice(key.as_bytes());
            out.push(b':');
            cell(&column.values, row, out)?;
        }
        out.extend_from_slice(b"}\n");
    }
    Ok(())
}

fn cell(values: &ColumnValues, row: usize, out: &mut Vec<u8>) -> io::Result<()> {
    let json = match values {
        ColumnValues::String(values) => values.get(row).ok_or_else(cell_error)?.as_deref().map(text),
        ColumnValues::Integer(values) => {
            values.get(row).ok_or_else(cell_error)?.map(|value| value.to_string())
        }
        // What is no number of JSON is null.
        ColumnValues::Decimal(values) => {
            values.get(row).ok_or_else(cell_error)?.map(|value| Value::from(value).to_string())
        }
        ColumnValues::Exact { parts, decimals } => {
            let parts = *parts.get(row).ok_or_else(cell_error)?;
            parts.map(|parts| decimal(Number::from_parts(parts, *decimals)).to_string())
        }
        ColumnValues::Boolean(values) => {
            values.get(row).ok_or_else(cell_error)?.map(|value| value.to_string())
        }
        ColumnValues::Date(values) => values.get(row).ok_or_else(cell_error)?.map(|days| text(&date(days))),
        ColumnValues::Datetime(values) => {
            let micros = *values.get(row).ok_or_else(cell_error)?;
            micros.map(|micros| if is_instant(micros) { text(&instant(micros)) } else { micros.to_string() })
        }
    };
    out.extend_from_slice(json.as_deref().unwrap_or("null").as_bytes());
    Ok(())
}

fn text(text: &str) -> String {
    escape(Value::from(text).to_string())
}
