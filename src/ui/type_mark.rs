//! The marks of types.

use crate::segment::DataType;

/// Three letters for a type.
pub(crate) fn type_mark(data_type: DataType) -> &'static str {
    match data_type {
        DataType::String => "abc",
        DataType::Integer => "123",
        DataType::Decimal => "1.5",
        DataType::Boolean => "y/n",
        DataType::Date => "day",
        DataType::Datetime => "d+t",
    }
}
