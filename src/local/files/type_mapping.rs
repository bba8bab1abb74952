//! From the types that polars holds values in to those of segments.

use polars::prelude::*;

use super::column_builder::polars_type;
use crate::segment::DataType as Type;

/// The type that segments know a column by, if any.
pub(crate) fn segment_type(stored: &DataType) -> Option<Type> {
    Some(match stored {
        DataType::String | DataType::Categorical(..) | DataType::Enum(..) | DataType::Null => Type::String,
        DataType::Float32 | DataType::Float64 | DataType::Decimal(..) => Type::Decimal,
        DataType::Boolean => Type::Boolean,
        DataType::Date => Type::Date,
        DataType::Datetime(..) => Type::Datetime,
        stored if stored.is_integer() => Type::Integer,
        _ => return None,
    })
}

/// A column in the type that `Content::frame` documents.
pub(crate) fn normalized(name: &str, stored: &DataType, data_type: Type) -> Expr {
    let column = col(name);
    match stored {
        DataType::Categorical(..) | DataType::Enum(..) | DataType::Null => column.cast(DataType::String),
        DataType::Float32 | DataType::Float64 => {
            let number = column.clone().cast(DataType::Float64);
            when(column.is_not_nan()).then(number).otherwise(lit(NULL)).alias(name)
        }
        // Going through the bare number keeps the instant, whatever zone it is shown in.
        DataType::Datetime(unit, Some(_)) => column
            .cast(DataType::Int64)
            .cast(DataType::Datetime(*unit, None))
            .cast(DataType::Datetime(TimeUnit::Microseconds, None)),
        DataType::Datetime(TimeUnit::Microseconds, None) => column,
        DataType::Int64 if data_type == Type::Integer => column,
        DataType::Datetime(..) => column.cast(DataType::Datetime(TimeUnit::Microseconds, None)),
        stored if stored.is_integer() => column.strict_cast(polars_type(data_type)),
        _ => column,
    }
}
