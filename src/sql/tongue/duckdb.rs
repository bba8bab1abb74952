//! DuckDB.

use super::{SqlDialect, Unsupported, is_hidden};
use crate::segment::DataType;

/// The ways of DuckDB.
pub struct DuckDb;

impl SqlDialect for DuckDb {
    fn column_types(&self) -> &'static str {
        "VARCHAR, BIGINT, DOUBLE (no NaN), BOOLEAN, DATE, TIMESTAMP (UTC)"
    }

    fn text(&self, text: &str) -> Result<String, Unsupported> {
        escaped(text, "DuckDB")
    }

    /// Through text, as a double says more or less than it means.
    fn exact(&self, value: &str, data_type: DataType) -> String {
        match data_type {
            DataType::Decimal => format!("{value}::VARCHAR::DECIMAL(38, 9)"),
            _ => value.to_owned(),
        }
    }

    fn anniversary(&self, date: &str, new_year: &str) -> String {
        format!("{new_year} + to_months(month({date}) - 1) + to_days(day({date}) - 1)")
    }
}

/// A text with its control characters escaped as PostgreSQL and its kin do.
pub fn escaped(text: &str, engine: &str) -> Result<String, Unsupported> {
    let quoted = without_nul(text, engine)?.replace('\'', "''");
    if !text.contains(is_hidden) {
        return Ok(format!("'{quoted}'"));
    }
    let letters = quoted.chars().map(|c| match c {
        '\\' => r"\\".to_owned(),
        '\n' => r"\n".to_owned(),
        '\r' => r"\r".to_owned(),
        '\t' => r"\t".to_owned(),
        c if is_hidden(c) => c.to_string().bytes().map(|byte| format!("\\x{byte:02x}")).collect(),
        c => c.to_string(),
    });
    Ok(format!("E'{}'", letters.collect::<String>()))
}

/// A text, unless it holds what ends texts in some engines.
pub fn without_nul<'a>(text: &'a str, engine: &str) -> Result<&'a str, Unsupported> {
    if text.contains('\0') {
        return Err(Unsupported {
            message: format!("a text of {engine} cannot hold the character U+0000"),
            help: "take it out of the value".to_owned(),
        });
    }
    Ok(text)
}
