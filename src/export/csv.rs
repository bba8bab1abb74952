//! Rows as CSV.

use std::io::{self, Write};
use std::ops::Range;

use super::cells::{cell_error, date, decimal, instant};
use crate::backend::{ColumnValues, MemberTable};
use crate::segment::Number;

/// The line with the titles.
pub(super) fn header(table: &MemberTable, out: &mut Vec<u8>) {
    for (index, column) in table.columns.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        quoted(&column.name, out);
    }
    out.push(b'\n');
}

/// A line for each of some rows.
pub(super) fn rows(table: &MemberTable, rows: Range<usize>, out: &mut Vec<u8>) -> io::Result<()> {
    for row in rows {
        for (index, column) in table.columns.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            cell(&column.values, row, out)?;
        }
        out.push(b'\n');
    }
    Ok(())
}

/// NULL is nothing at all, an empty string is quoted: databases tell them apart.
fn cell(values: &ColumnValues, row: usize, out: &mut Vec<u8>) -> io::Result<()> {
    match values {
        ColumnValues::String(values) => {
            if let Some(text) = values.get(row).ok_or_else(cell_error)? {
                quoted(text, out);
            }
        }
        ColumnValues::Integer(values) => {
            if let Some(number) = values.get(row).ok_or_else(cell_error)? {
                write!(out, "{number}")?;
            }
        }
        ColumnValues::Decimal(values) => {
            if let Some(number) = values.get(row).ok_or_else(cell_error)?.filter(|number| number.is_finite())
            {
                serde_json::to_writer(&mut *out, &number)?;
            }
        }
        ColumnValues::Exact { parts, decimals } => {
            if let Some(parts) = *parts.get(row).ok_or_else(cell_error)? {
                write!(out, "{}", decimal(Number::from_parts(parts, *decimals)))?;
            }
        }
        ColumnValues::Boolean(values) => {
            if let Some(value) = values.get(row).ok_or_else(cell_error)? {
                write!(out, "{value}")?;
            }
        }
        ColumnValues::Date(values) => {
            if let Some(days) = *values.get(row).ok_or_else(cell_error)? {
                out.extend_from_slice(date(days).as_bytes());
            }
        }
        ColumnValues::Datetime(values) => {
            if let Some(micros) = *values.get(row).ok_or_else(cell_error)? {
                out.extend_from_slice(instant(micros).as_bytes());
            }
        }
    }
    Ok(())
}

/// A text as a CSV field; quoted where it would be read as something else.
fn quoted(text: &str, out: &mut Vec<u8>) {
    let is_special = text.is_empty()
        || text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n'))
        || text.starts_with(char::is_whitespace)
        || text.ends_with(char::is_whitespace);
    if !is_special {
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}
