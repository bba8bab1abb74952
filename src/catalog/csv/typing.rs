//! What type a CSV column has: the first in order that every value fits (`database.md`, Types).

use super::records::Field;
use crate::catalog::values::looks_like;
use crate::segment::DataType;

/// The types that a column may turn out to have, in order of preference.
const ORDER: [DataType; 5] =
    [DataType::Boolean, DataType::Integer, DataType::Decimal, DataType::Date, DataType::Datetime];

/// What is still possible for a column after the values seen so far.
#[derive(Clone, Copy, Debug)]
pub struct Guess {
    open: [bool; ORDER.len()],
    has_value: bool,
}

impl Guess {
    /// Before any value.
    pub fn new() -> Self {
        Self { open: [true; ORDER.len()], has_value: false }
    }

    /// Takes one more value into account.
    pub fn see(&mut self, field: &Field<'_>) {
        if field.is_empty() || self.is_string() {
            return;
        }
        self.has_value = true;
        let value = field.value().unwrap_or_default();
        for (open, data_type) in self.open.iter_mut().zip(ORDER) {
            *open = *open && looks_like(&value, data_type);
        }
    }

    /// What is possible after the values of both.
    pub fn and(mut self, other: &Self) -> Self {
        self.has_value |= other.has_value;
        for (open, other) in self.open.iter_mut().zip(other.open) {
            *open &= other;
        }
        self
    }

    /// The type if there are no more values.
    pub fn data_type(&self) -> DataType {
        let first = self.open.iter().zip(ORDER).find(|(open, _)| **open).map(|(_, data_type)| data_type);
        first.filter(|_| self.has_value).unwrap_or(DataType::String)
    }

    fn is_string(&self) -> bool {
        !self.open.contains(&true)
    }
}
