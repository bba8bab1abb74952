//! Apache Spark, with its default of escapes in string literals.

use chrono::NaiveDateTime;

use super::sql_dialect::SqlDialect;
use super::string_literal::without_nul;
use crate::segment::DataType;
use crate::sql::layout::{Fragment, is_hidden, sql};
use crate::sql::unsupported::Unsupported;

pub struct Spark;

impl SqlDialect for Spark {
    fn id(&self) -> &'static str {
        "spark"
    }

    fn title(&self) -> &'static str {
        "Spark"
    }

    fn column_types(&self) -> &'static str {
        "STRING, BIGINT, DOUBLE (no NaN), BOOLEAN, DATE, TIMESTAMP_NTZ (UTC); ANSI mode on"
    }

    fn string_type(&self) -> &'static str {
        "STRING"
    }

    fn type_name(&self, data_type: DataType) -> Option<&'static str> {
        Some(match data_type {
            DataType::String => "STRING",
            DataType::Integer => "BIGINT",
            DataType::Decimal => "DOUBLE",
            DataType::Boolean => "BOOLEAN",
            DataType::Date => "DATE",
            DataType::Datetime => "TIMESTAMP_NTZ",
        })
    }

    fn quoted_identifier(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    fn has_backslash_escapes(&self) -> bool {
        true
    }

    fn string_literal(&self, text: &str) -> Result<String, Unsupported> {
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

    /// Spark's own lower() has it.
    fn lower_final_sigma(&self, value: &Fragment) -> Fragment {
        value.clone()
    }

    fn is_not_blank(&self, value: &Fragment) -> Fragment {
        sql![value, " RLIKE '[^\\\\t-\\\\r\\\\x{85}\\\\p{Z}]'"]
    }

    /// In ANSI mode, what is too great is an error. Otherwise it would be NULL.
    fn exact_decimal(&self, value: &Fragment, data_type: DataType) -> Fragment {
        match data_type {
            DataType::Decimal => sql!["CAST(CAST(", value, " AS STRING) AS DECIMAL(38, 9))"],
            _ => sql!["CAST(", value, " AS DECIMAL(38, 0))"],
        }
    }

    /// A product of more than 38 digits would lose decimals.
    fn row_count_as_factor(&self, count: Fragment) -> Fragment {
        sql!["CAST(", count, " AS DECIMAL(10, 0))"]
    }

    fn timestamp_literal(&self, instant: NaiveDateTime) -> Fragment {
        format!("TIMESTAMP_NTZ '{instant}'").into()
    }

    fn anniversary(&self, date: &Fragment, new_year: &Fragment) -> Fragment {
        sql!["date_add(add_months(", new_year, ", month(", date, ") - 1), day(", date, ") - 1)"]
    }
}
