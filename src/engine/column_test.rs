//! Predicates over the values of a column: true, false, or unknown where the value is NULL.

use polars::prelude::{BooleanChunked, Column, DataType, NewChunkedArray, PolarsResult, polars_err};

use super::date_test::DateMatcher;
use super::text_test::TextMatcher;
use super::values::{is_blank, points};
use crate::segment::{Number, NumberTest, Predicate};

/// A predicate made ready for many values.
pub enum ColumnMatcher<'a> {
    /// The value is NULL, or is not.
    Null(bool),
    /// The value is blank or NULL, or is not.
    Empty(bool),
    Boolean(bool),
    Number(&'a NumberTest),
    Text(TextMatcher<'a>),
    Date(DateMatcher<'a>),
}

impl<'a> ColumnMatcher<'a> {
    pub fn new(predicate: &'a Predicate) -> Self {
        match predicate {
            Predicate::Null => Self::Null(true),
            Predicate::NotNull => Self::Null(false),
            Predicate::Empty => Self::Empty(true),
            Predicate::NotEmpty => Self::Empty(false),
            Predicate::Boolean(wanted) => Self::Boolean(*wanted),
            Predicate::Number(test) => Self::Number(test),
            Predicate::Text(test) => Self::Text(TextMatcher::new(test)),
            Predicate::Date(test) => Self::Date(DateMatcher::new(test)),
        }
    }

    /// Whether the predicate holds of a number, or of NULL; `None` where that is unknown.
    pub fn number(&self, number: Option<Number>) -> Option<bool> {
        match self {
            Self::Null(wanted) => Some(number.is_none() == *wanted),
            Self::Number(test) => number.map(|number| test.holds(number)),
            Self::Empty(_) | Self::Boolean(_) | Self::Text(_) | Self::Date(_) => None,
        }
    }

    /// For each row whether the predicate holds; NULL where that is unknown.
    pub fn rows(&self, column: &Column) -> PolarsResult<BooleanChunked> {
        Ok(match self {
            Self::Null(true) => column.is_null(),
            Self::Null(false) => column.is_not_null(),
            Self::Empty(wanted) => {
                let is_empty = |value: Option<&str>| value.is_none_or(is_blank);
                column.str()?.iter().map(|value| Some(is_empty(value) == *wanted)).collect()
            }
            Self::Boolean(wanted) => {
                column.bool()?.iter().map(|value| value.map(|value| value == *wanted)).collect()
            }
            Self::Number(test) => match column.dtype() {
                DataType::Int64 => {
                    let holds = |value| test.holds(Number::Integer(value));
                    column.i64()?.iter().map(|value| value.map(holds)).collect()
                }
                _ => {
                    let holds = |value| test.holds(Number::Decimal(value));
                    column.f64()?.iter().map(|value| value.map(holds)).collect()
                }
            },
            Self::Text(matcher) => {
                let mut buffer = String::new();
                let values = column.str()?;
                let rows = values.iter().map(|value| value.map(|value| matcher.holds(value, &mut buffer)));
                BooleanChunked::from_iter_options(values.name().clone(), rows)
            }
            Self::Date(matcher) => {
                let points = points(column).ok_or_else(
                    || polars_err!(SchemaMismatch: "{} is {}, not a date", column.name(), column.dtype()),
                )?;
                points?.into_iter().map(|point| point.map(|point| matcher.holds(point))).collect()
            }
        })
    }
}
