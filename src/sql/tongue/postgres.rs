//! PostgreSQL.

use super::duckdb::escaped;
use super::{Letters, SqlDialect, Unsupported};
use crate::segment::DataType;

/// The ways of PostgreSQL.
pub struct Postgres;

impl SqlDialect for Postgres {
    fn column_types(&self) -> &'static str {
        "text, bigint, double precision (no NaN), boolean, date, timestamp (UTC)"
    }

    fn text_type(&self) -> &'static str {
        "text"
    }

    fn type_of(&self, data_type: DataType) -> Option<&'static str> {
        Some(match data_type {
            DataType::String => "text",
            DataType::Integer => "bigint",
            DataType::Decimal => "double precision",
            DataType::Boolean => "boolean",
            DataType::Date => "date",
            DataType::Datetime => "timestamp",
        })
    }

    fn keeps_capitals(&self) -> bool {
        false
    }

    fn text(&self, text: &str) -> Result<String, Unsupported> {
        escaped(text, "PostgreSQL")
    }

    /// By Unicode's rules, whatever the language of the database; final sigma and İ are as they should be.
    fn lower(&self, value: &str, asked: &Letters) -> String {
        let mut value = value.to_owned();
        for (upper, lower) in asked.replaced.iter().filter(|(upper, _)| *upper != 'İ') {
            value = format!("replace({value}, '{upper}', '{lower}')");
        }
        format!("lower({value} COLLATE \"und-x-icu\")")
    }

    fn has_text(&self, value: &str) -> String {
        format!(
            "{value} ~ '[^\\t-\\r \\u0085\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000]'"
        )
    }

    fn by_code_point(&self, value: &str) -> String {
        format!("{value} COLLATE \"C\"")
    }

    fn exact(&self, value: &str, data_type: DataType) -> String {
        match data_type {
            DataType::Decimal => format!("{value}::text::numeric(38, 9)"),
            _ => value.to_owned(),
        }
    }

    fn anniversary(&self, date: &str, new_year: &str) -> String {
        let part = |part: &str| format!("{part}s => extract({part} FROM {date})::int - 1");
        let (months, days) = (part("month"), part("day"));
        format!("{new_year} + make_interval(\n    {months},\n    {days}\n)")
    }
}
