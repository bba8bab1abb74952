//! Builds a typed column from texts.

use polars::prelude::*;

use super::values;
use crate::segment::DataType as Type;

/// The type in which a column is held (`Content::frame`).
pub fn held_as(data_type: Type) -> DataType {
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
pub enum Cells {
    String(StringChunkedBuilder),
    Integer(PrimitiveChunkedBuilder<Int64Type>),
    Decimal(PrimitiveChunkedBuilder<Float64Type>),
    Boolean(BooleanChunkedBuilder),
    Date(PrimitiveChunkedBuilder<Int32Type>),
    Datetime(PrimitiveChunkedBuilder<Int64Type>),
}

impl Cells {
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
        let is_string = matches!(self, Self::String(_));
        let Some(text) = text.filter(|text| is_string || !text.is_empty()) else {
            self.push_null();
            return true;
        };
        match self {
            Self::String(cells) => fits(Some(text), |value| cells.append_value(value)),
            Self::Integer(cells) => fits(values::integer(text), |value| cells.append_value(value)),
            Self::Decimal(cells) => fits(values::decimal(text), |value| cells.append_value(value)),
            Self::Boolean(cells) => fits(values::boolean(text), |value| cells.append_value(value)),
            Self::Date(cells) => fits(values::date(text), |value| cells.append_value(value)),
            Self::Datetime(cells) => fits(values::datetime(text), |value| cells.append_value(value)),
        }
    }

    fn push_null(&mut self) {
        match self {
            Self::String(cells) => cells.append_null(),
            Self::Integer(cells) | Self::Datetime(cells) => cells.append_null(),
            Self::Decimal(cells) => cells.append_null(),
            Self::Boolean(cells) => cells.append_null(),
            Self::Date(cells) => cells.append_null(),
        }
    }

    pub fn finish(self) -> Series {
        match self {
            Self::String(cells) => cells.finish().into_series(),
            Self::Integer(cells) => cells.finish().into_series(),
            Self::Decimal(cells) => cells.finish().into_series(),
            Self::Boolean(cells) => cells.finish().into_series(),
            Self::Date(cells) => cells.finish().into_date().into_series(),
            Self::Datetime(cells) => cells.finish().into_datetime(TimeUnit::Microseconds, None).into_series(),
        }
    }
}

/// Adds a value that there is, and says whether there is one.
fn fits<T>(value: Option<T>, add: impl FnOnce(T)) -> bool {
    value.map(add).is_some()
}
