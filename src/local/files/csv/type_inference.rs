//! What type a CSV column has: the first in order that every value fits (`docs/reference/database.md`, Types).

use super::records::CsvField;
use crate::local::files::value_parser::looks_like;
use crate::segment::DataType;

/// The types that a column may turn out to have, in order of preference.
const ORDER: [DataType; 5] =
    [DataType::Boolean, DataType::Integer, DataType::Decimal, DataType::Date, DataType::Datetime];

/// What is still possible for a column after the values seen so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeInference {
    possible: [bool; ORDER.len()],
    has_value: bool,
}

impl TypeInference {
    /// Before any value.
    pub fn new() -> Self {
        Self { possible: [true; ORDER.len()], has_value: false }
    }

    /// Takes one more value into account.
    pub(crate) fn observe(&mut self, field: &CsvField<'_>) {
        if field.is_empty() || self.is_string() {
            return;
        }
        self.has_value = true;
        let value = field.value().unwrap_or_default();
        let mut possible = self.possible.iter().zip(ORDER).filter(|(possible, _)| **possible);
        let first = possible.find_map(|(_, data_type)| looks_like(&value, data_type).then_some(data_type));
        for (possible, data_type) in self.possible.iter_mut().zip(ORDER) {
            // No text looks like two types, but for integers, which are decimals too.
            let is_integer = (first, data_type) == (Some(DataType::Integer), DataType::Decimal);
            *possible &= first == Some(data_type) || is_integer;
        }
    }

    /// What is possible after the values of both.
    pub(crate) fn merge(mut self, other: &Self) -> Self {
        self.has_value |= other.has_value;
        for (possible, other) in self.possible.iter_mut().zip(other.possible) {
            *possible &= other;
        }
        self
    }

    /// The type if there are no more values.
    pub fn data_type(&self) -> DataType {
        let first =
            self.possible.iter().zip(ORDER).find(|(possible, _)| **possible).map(|(_, data_type)| data_type);
        first.filter(|_| self.has_value).unwrap_or(DataType::String)
    }

    fn is_string(&self) -> bool {
        !self.possible.contains(&true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::files::csv::dialect::Dialect;
    use crate::local::files::csv::shape::{RecordRules, for_each_row};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_type_is_open_as_long_as_every_value_looks_like_it(
            values in prop::collection::vec(
                "true|FALSE|-?[0-9]{1,2}|[0-9]{19}|0[0-9]|[0-9]?\\.[0-9]?(e9{1,3})?|2024-0[1-9]-3[01]( 12:00)?|",
                1..4,
            ),
        ) {
            let mut inference = TypeInference::new();
            let rules = RecordRules { width: 1, may_be_short: false };
            for_each_row(&values.join("\n"), 1, &Dialect::default(), rules, |_, fields| {
                inference.observe(&fields[0]);
                Ok(())
            }).unwrap();
            let looks = |data_type| values.iter().all(|value| value.is_empty() || looks_like(value, data_type));
            prop_assert_eq!(inference.possible, ORDER.map(looks));
        }
    }
}
