//! Some rows of a column.

use super::bits::Words;
use super::codes::Codes;
use super::domain::{Domain, Value};

/// Consecutive rows of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// What the codes stand for.
    pub domain: Domain,
    /// The code of each row; of a NULL, any code.
    pub codes: Codes,
    /// The rows with a NULL; `None` if there are none.
    pub nulls: Option<Words>,
}

impl Piece {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.codes.len()
    }

    /// The value of a row that is no NULL.
    pub fn value(&self, row: usize) -> Value<'_> {
        self.domain.value(self.codes.get(row))
    }

    /// How many bytes it takes.
    pub fn weight(&self) -> usize {
        let nulls = self.nulls.as_deref().map_or(0, size_of_val);
        self.domain.weight() + self.codes.weight() + nulls
    }
}
