//! Some rows of a column.

use super::bitmap::Bitmap;
use super::dictionary::{Dictionary, Value};
use super::keys::Keys;

/// Consecutive rows of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk {
    /// What the codes stand for.
    pub domain: Dictionary,
    /// The code of each row; of a NULL, any code.
    pub codes: Keys,
    /// The rows with a NULL; `None` if there are none.
    pub nulls: Option<Bitmap>,
}

impl Chunk {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.codes.len()
    }

    /// The value of a row that is no NULL.
    pub fn value(&self, row: usize) -> Value<'_> {
        self.domain.value(self.codes.get(row))
    }

    /// How many bytes it takes.
    pub fn memory_size(&self) -> usize {
        let nulls = self.nulls.as_deref().map_or(0, size_of_val);
        self.domain.memory_size() + self.codes.memory_size() + nulls
    }
}
