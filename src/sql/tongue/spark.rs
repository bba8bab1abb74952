//! Apache Spark, with its default of escapes in texts.

use chrono::NaiveDateTime;

use super::duckdb::without_nul;
use super::{SqlDialect, Unsupported, is_hidden};
use crate::segment::DataType;

/// The ways of Spark.
pub struct Spark;

impl SqlDialect for Spark {
    fn column_types(&self) -> &'static str {
        "STRING, BIGINT, DOUBLE (no NaN), BOOLEAN, DATE, TIMESTAMP_NTZ (UTC); ANSI mode on"
    }

    fn text_type(&self) -> &'static str {
        "STRING"
    }

    fn type_of(&self, data_type: DataType) -> Option<&'static str> {
        Some(match data_type {
            DataType::String => "STRING",
            DataType::Integer => "BIGINT",
            DataType::Decimal => "DOUBLE",
            DataType::Boolean => "BOOLEAN",
            DataType::Date => "DATE",
            DataType::Datetime => "TIMESTAMP_NTZ",
        })
    }

    fn quoted(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    fn text(&self, text: &str) -> Result<String, Unsupported> {
        let letters = without_nul(text, "Spark")?.chars().map(|c| match c {
            '\\' => r"\\".to_owned(),
            '\'' => r"\'".to_owned(),
            '\n' => r"\n".to_owned(),
            '\r' => r"\r".to_owned(),
            '\t' => r"\t".to_owned(),
            c if is_hidden(c) => format!("\\u{:04x}", u32::from(c)),
            c => c.to_string(),
        });
        Ok(format!("'{}'", letters.collect::<String>()))
    }

    fn final_sigma(&self, value: &str) -> String {
        // Spark's own lower() has it.
        value.to_owned()
    }

    fn has_text(&self, value: &str) -> String {
        format!("{value} RLIKE '[^\\\\t-\\\\r\\\\x{{85}}\\\\p{{Z}}]'")
    }

    /// In ANSI mode, what is too great is an error. Otherwise it would be NULL.
    fn exact(&self, value: &str, data_type: DataType) -> String {
        match data_type {
            DataType::Decimal => format!("CAST(CAST({value} AS STRING) AS DECIMAL(38, 9))"),
            _ => format!("CAST({value} AS DECIMAL(38, 0))"),
        }
    }

    /// A product of more than 38 digits would lose decimals.
    fn factor(&self, count: &str) -> String {
        format!("CAST({count} AS DECIMAL(10, 0))")
    }

    fn instant(&self, instant: NaiveDateTime) -> String {
        format!("TIMESTAMP_NTZ '{instant}'")
    }

    fn anniversary(&self, date: &str, new_year: &str) -> String {
        format!("date_add(add_months({new_year}, month({date}) - 1), day({date}) - 1)")
    }
}
