//! Tests on columns in SQL.

use super::date::{Point, date_test};
use super::dialect::DateStyle;
use super::number::Measure;
use super::piece::any;
use super::text::text_test;
use super::tongue::{SqlDialect, Unsupported};
use crate::segment::{DataType, Predicate};

/// A value and what it is called.
#[derive(Clone, Debug)]
pub struct Value {
    /// The SQL.
    pub sql: String,
    /// Its type.
    pub data_type: DataType,
}

/// A predicate as a condition that is true where it holds, and elsewhere false or unknown. It may stand
/// beside others with AND.
pub fn predicate(
    value: &Value,
    predicate: &Predicate,
    dates: DateStyle,
    tongue: &dyn SqlDialect,
) -> Result<String, Unsupported> {
    let Value { sql, data_type } = value;
    Ok(match predicate {
        Predicate::Null => format!("{sql} IS NULL"),
        Predicate::NotNull => format!("{sql} IS NOT NULL"),
        Predicate::Empty => any([format!("{sql} IS NULL"), format!("NOT {}", tongue.has_text(sql))]),
        Predicate::NotEmpty => tongue.has_text(sql),
        Predicate::Boolean(true) => sql.clone(),
        Predicate::Boolean(false) => format!("NOT {sql}"),
        Predicate::Number(test) => match data_type {
            DataType::Integer => Measure::Integer(sql.clone()).test(test, tongue),
            _ => Measure::Double(sql.clone()).test(test, tongue),
        },
        Predicate::Text(test) => text_test(sql, test, tongue)?,
        Predicate::Date(test) => {
            let point = Point { value: sql, has_time: *data_type == DataType::Datetime };
            date_test(point, test, dates, tongue)?
        }
    })
}
