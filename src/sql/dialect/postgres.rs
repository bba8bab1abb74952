//! PostgreSQL.

use super::lower_case::{DOTTED_CAPITAL_I, LowerCaseFixes};
use super::sql_dialect::SqlDialect;
use super::string_literal::postgres_literal;
use crate::segment::DataType;
use crate::sql::layout::{Fragment, sql};
use crate::sql::unsupported::Unsupported;

pub struct Postgres;

impl SqlDialect for Postgres {
    fn id(&self) -> &'static str {
        "postgres"
    }

    fn title(&self) -> &'static str {
        "PostgreSQL"
    }

    fn column_types(&self) -> &'static str {
        "text, bigint, double precision (no NaN), boolean, date, timestamp (UTC)"
    }

    fn string_type(&self) -> &'static str {
        "text"
    }

    fn type_name(&self, data_type: DataType) -> Option<&'static str> {
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

    fn string_literal(&self, text: &str) -> Result<String, Unsupported> {
        postgres_literal(text, "PostgreSQL")
    }

    /// By Unicode's rules, whatever the language of the database; final sigma and İ are as they should be.
    fn lower(&self, value: &Fragment, fixes: &LowerCaseFixes) -> Fragment {
        let mut value = value.clone();
        for (upper, lower) in fixes.replaced.iter().filter(|(upper, _)| *upper != DOTTED_CAPITAL_I) {
            value = sql!["replace(", value, format!(", '{upper}', '{lower}')")];
        }
        sql!["lower(", value, " COLLATE \"und-x-icu\")"]
    }

    fn is_not_blank(&self, value: &Fragment) -> Fragment {
        sql![value, " ~ '[^\\t-\\r \\u0085\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000]'"]
    }

    fn by_code_point(&self, value: &Fragment) -> Fragment {
        sql![value, " COLLATE \"C\""]
    }

    fn exact_decimal(&self, value: &Fragment, data_type: DataType) -> Fragment {
        match data_type {
            DataType::Decimal => sql![value, "::text::numeric(38, 9)"],
            _ => value.clone(),
        }
    }

    fn anniversary(&self, date: &Fragment, new_year: &Fragment) -> Fragment {
        let less_one = |part: &'static str| sql![part, "s => extract(", part, " FROM ", date, ")::int - 1"];
        let parts = sql![less_one("month"), ",", Fragment::LineBreak, less_one("day")];
        sql![new_year, " + make_interval", parts.in_parentheses()]
    }
}
