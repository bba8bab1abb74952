//! Some rows of a column.

use serde::{Deserialize, Serialize};

use super::bitmap::{Bitmap, is_bitmap_of};
use super::dictionary::{Dictionary, Value};
use super::keys::Keys;
use crate::local::cache::persisted::packed;

/// Consecutive rows of a column.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(try_from = "StoredChunk")]
pub struct Chunk {
    /// What the codes stand for.
    pub domain: Dictionary,
    /// The code of each row; of a NULL, any code.
    pub codes: Keys,
    /// The rows with a NULL; `None` if there are none.
    #[serde(serialize_with = "packed::option::serialize")]
    pub nulls: Option<Bitmap>,
}

/// A chunk as it was stored; what is in a file need not fit together.
#[derive(Deserialize)]
struct StoredChunk {
    domain: Dictionary,
    codes: Keys,
    #[serde(deserialize_with = "packed::option::deserialize")]
    nulls: Option<Bitmap>,
}

impl TryFrom<StoredChunk> for Chunk {
    type Error = &'static str;

    fn try_from(StoredChunk { domain, codes, nulls }: StoredChunk) -> Result<Self, Self::Error> {
        let rows = codes.len();
        if nulls.as_deref().is_some_and(|nulls| !is_bitmap_of(nulls, rows)) {
            return Err("the bitmap of NULLs is not that of the rows");
        }
        let null_rows: usize = nulls.iter().flatten().map(|word| word.count_ones() as usize).sum();
        let is_empty = match &domain {
            Dictionary::Strings(strings) => strings.len() == 0,
            Dictionary::Range { .. } => false,
            Dictionary::Doubles(numbers) => numbers.is_empty(),
        };
        let is_beyond = codes.max().is_some_and(|key| key > domain.last());
        if is_beyond || (is_empty && null_rows < rows) {
            return Err("a key is beyond the dictionary");
        }
        Ok(Self { domain, codes, nulls })
    }
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
