//! DuckDB.

use super::sql_dialect::SqlDialect;
use super::string_literal::postgres_literal;
use crate::segment::DataType;
use crate::sql::layout::{Fragment, sql};
use crate::sql::unsupported::Unsupported;

pub struct DuckDb;

impl SqlDialect for DuckDb {
    fn id(&self) -> &'static str {
        "duckdb"
    }

    fn title(&self) -> &'static str {
        "DuckDB"
    }

    fn column_types(&self) -> &'static str {
        "VARCHAR, BIGINT, DOUBLE (no NaN), BOOLEAN, DATE, TIMESTAMP (UTC)"
    }

    fn string_literal(&self, text: &str) -> Result<String, Unsupported> {
        postgres_literal(text, "DuckDB")
    }

    /// Through text, as a double says more or less than it means.
    fn exact_decimal(&self, value: &Fragment, data_type: DataType) -> Fragment {
        match data_type {
            DataType::Decimal => sql![value, "::VARCHAR::DECIMAL(38, 9)"],
            _ => value.clone(),
        }
    }

    fn anniversary(&self, date: &Fragment, new_year: &Fragment) -> Fragment {
        sql![new_year, " + to_months(month(", date, ") - 1) + to_days(day(", date, ") - 1)"]
    }
}
