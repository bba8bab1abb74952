//! Trino, once Presto.

use super::lower_case::final_sigma_pattern;
use super::sql_dialect::SqlDialect;
use super::string_literal::without_nul;
use crate::segment::DataType;
use crate::sql::layout::{Fragment, is_hidden, sql};
use crate::sql::unsupported::Unsupported;

pub struct Trino;

impl SqlDialect for Trino {
    fn id(&self) -> &'static str {
        "trino"
    }

    fn title(&self) -> &'static str {
        "Trino"
    }

    fn column_types(&self) -> &'static str {
        "VARCHAR, BIGINT, DOUBLE (no NaN), BOOLEAN, DATE, TIMESTAMP (UTC)"
    }

    /// Without a precision, times would be cut to milliseconds.
    fn type_name(&self, data_type: DataType) -> Option<&'static str> {
        Some(match data_type {
            DataType::String => "VARCHAR",
            DataType::Integer => "BIGINT",
            DataType::Decimal => "DOUBLE",
            DataType::Boolean => "BOOLEAN",
            DataType::Date => "DATE",
            DataType::Datetime => "TIMESTAMP(6)",
        })
    }

    fn string_literal(&self, text: &str) -> Result<String, Unsupported> {
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

    fn lower_final_sigma(&self, value: &Fragment) -> Fragment {
        sql!["regexp_replace(", value, ", ", final_sigma_pattern(), ", '$1ς$2')"]
    }

    fn is_not_blank(&self, value: &Fragment) -> Fragment {
        sql!["regexp_like(", value, ", '[^\\t-\\r\\x{85}\\p{Z}]')"]
    }

    /// Through text, as a double says more or less than it means; whole numbers would overflow.
    fn exact_decimal(&self, value: &Fragment, data_type: DataType) -> Fragment {
        match data_type {
            DataType::Decimal => sql!["CAST(CAST(", value, " AS VARCHAR) AS DECIMAL(38, 9))"],
            _ => sql!["CAST(", value, " AS DECIMAL(38, 0))"],
        }
    }

    fn anniversary(&self, date: &Fragment, new_year: &Fragment) -> Fragment {
        let month = sql!["date_add('month', month(", date, ") - 1, ", new_year, ")"];
        sql!["date_add('day', day(", date, ") - 1, ", month, ")"]
    }
}
