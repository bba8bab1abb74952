//! Trino, once Presto.

use super::duckdb::without_nul;
use super::{SqlDialect, Unsupported, is_hidden};
use crate::segment::DataType;

/// The ways of Trino.
pub struct Trino;

impl SqlDialect for Trino {
    fn column_types(&self) -> &'static str {
        "VARCHAR, BIGINT, DOUBLE (no NaN), BOOLEAN, DATE, TIMESTAMP (UTC)"
    }

    /// Without a precision, times would be cut to milliseconds.
    fn type_of(&self, data_type: DataType) -> Option<&'static str> {
        Some(match data_type {
            DataType::String => "VARCHAR",
            DataType::Integer => "BIGINT",
            DataType::Decimal => "DOUBLE",
            DataType::Boolean => "BOOLEAN",
            DataType::Date => "DATE",
            DataType::Datetime => "TIMESTAMP(6)",
        })
    }

    fn text(&self, text: &str) -> Result<String, Unsupported> {
        let quoted = without_nul(text, "Trino")?.replace('\'', "''");
        if !text.contains(is_hidden) {
            return Ok(format!("'{quoted}'"));
        }
        let letters = quoted.chars().map(|c| match c {
            '\\' => r"\\".to_owned(),
            c if is_hidden(c) => format!("\\{:04X}", u32::from(c)),
            c => c.to_string(),
        });
        Ok(format!("U&'{}'", letters.collect::<String>()))
    }

    fn final_sigma(&self, value: &str) -> String {
        format!("regexp_replace({value}, {}, '$1ς$2')", super::final_sigma_pattern())
    }

    fn has_text(&self, value: &str) -> String {
        format!("regexp_like({value}, '[^\\t-\\r\\x{{85}}\\p{{Z}}]')")
    }

    /// Through text, as a double says more or less than it means; whole numbers would overflow.
    fn exact(&self, value: &str, data_type: DataType) -> String {
        match data_type {
            DataType::Decimal => format!("CAST(CAST({value} AS VARCHAR) AS DECIMAL(38, 9))"),
            _ => format!("CAST({value} AS DECIMAL(38, 0))"),
        }
    }

    fn anniversary(&self, date: &str, new_year: &str) -> String {
        let month = format!("date_add('month', month({date}) - 1, {new_year})");
        format!("date_add('day', day({date}) - 1, {month})")
    }
}
