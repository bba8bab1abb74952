//! Builds a typed column from texts.

use polars::prelude::*;

use super::csv::{DateReading, ValueRules};
use super::value_parser;
use crate::segment::DataType as Type;

/// The type in which a column is held (`Content::frame`).
pub(crate) fn polars_type(data_type: Type) -> DataType {
    match data_type {
        Type::String => DataType::String,
        Type::Integer => DataType::Int64,
        Type::Decimal => DataType::Float64,
        Type::Boolean => DataType::Boolean,
        Type::Date => DataType::Date,
        Type::Datetime => DataType::Datetime(TimeUnit::Microseconds, None),
    }
}

/// A column that grows by one value at a time.
pub(crate) enum ColumnBuilder {
    String(StringChunkedBuilder),
    Integer(PrimitiveChunkedBuilder<Int64Type>),
    Decimal(PrimitiveChunkedBuilder<Float64Type>),
    Boolean(BooleanChunkedBuilder),
    Date(PrimitiveChunkedBuilder<Int32Type>),
    Datetime(PrimitiveChunkedBuilder<Int64Type>),
}

impl ColumnBuilder {
    pub fn new(name: &str, data_type: Type, capacity: usize) -> Self {
        let name = PlSmallStr::from_str(name);
        match data_type {
            Type::String => Self::String(StringChunkedBuilder::new(name, capacity)),
            Type::Integer => Self::Integer(PrimitiveChunkedBuilder::new(name, capacity)),
            Type::Decimal => Self::Decimal(PrimitiveChunkedBuilder::new(name, capacity)),
            Type::Boolean => Self::Boolean(BooleanChunkedBuilder::new(name, capacity)),
            Type::Date => Self::Date(PrimitiveChunkedBuilder::new(name, capacity)),
            Type::Datetime => Self::Datetime(PrimitiveChunkedBuilder::new(name, capacity)),
        }
    }

    /// Adds a value; an empty text is NULL unless the column is of strings. False, and nothing is
    /// added, where the text does not fit the type.
    pub fn push(&mut self, text: Option<&str>) -> bool {
        let Some(text) = self.said(text) else {
            self.push_null();
            return true;
        };
        match self {
            Self::String(values) => fits(Some(text), |value| values.append_value(value)),
            Self::Integer(values) => {
                fits(value_parser::parse_integer(text), |value| values.append_value(value))
            }
            Self::Decimal(values) => {
                fits(value_parser::parse_decimal(text), |value| values.append_value(value))
            }
            Self::Boolean(values) => {
                fits(value_parser::parse_boolean(text), |value| values.append_value(value))
            }
            Self::Date(values) => fits(value_parser::parse_date(text), |value| values.append_value(value)),
            Self::Datetime(values) => {
                fits(value_parser::parse_datetime(text), |value| values.append_value(value))
            }
        }
    }

    /// The same where something is declared of the values.
    pub fn push_by(&mut self, text: Option<&str>, rules: &ValueRules, dates: DateReading) -> bool {
        let Some(text) = self.said(text) else {
            self.push_null();
            return true;
        };
        match self {
            Self::String(values) => fits(Some(text), |value| values.append_value(value)),
            Self::Integer(values) => fits(rules.integer(text), |value| values.append_value(value)),
            Self::Decimal(values) => fits(rules.decimal(text), |value| values.append_value(value)),
            Self::Boolean(values) => fits(rules.boolean(text), |value| values.append_value(value)),
            Self::Date(values) => fits(rules.date(text, dates), |value| values.append_value(value)),
            Self::Datetime(values) => fits(rules.datetime(text, dates), |value| values.append_value(value)),
        }
    }

    /// A text, unless it says nothing in a column of this type.
    fn said<'a>(&self, text: Option<&'a str>) -> Option<&'a str> {
        text.filter(|text| !text.is_empty() || matches!(self, Self::String(_)))
    }

    fn push_null(&mut self) {
        match self {
            Self::String(values) => values.append_null(),
            Self::Integer(values) | Self::Datetime(values) => values.append_null(),
            Self::Decimal(values) => values.append_null(),
            Self::Boolean(values) => values.append_null(),
            Self::Date(values) => values.append_null(),
        }
    }

    pub fn finish(self) -> Series {
        match self {
            Self::String(values) => values.finish().into_series(),
            Self::Integer(values) => values.finish().into_series(),
            Self::Decimal(values) => values.finish().into_series(),
            Self::Boolean(values) => values.finish().into_series(),
            Self::Date(values) => values.finish().into_date().into_series(),
            Self::Datetime(values) => {
                values.finish().into_datetime(TimeUnit::Microseconds, None).into_series()
            }
        }
    }
}

/// Adds a value that there is, and says whether there is one.
fn fits<T>(value: Option<T>, add: impl FnOnce(T)) -> bool {
    value.map(add).is_some()
}
