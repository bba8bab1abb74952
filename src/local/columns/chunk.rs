//! Consecutive rows of a column.

use serde::{Deserialize, Serialize};

use super::bitmap::Bitmap;
use super::dictionary::{Dictionary, LogicalType, Value};
use super::keys::Keys;

/// Consecutive rows of a column, each a key into the chunk's own dictionary.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(try_from = "StoredChunk")]
pub(crate) struct Chunk {
    dictionary: Dictionary,
    /// Of a NULL, any key.
    keys: Keys,
    nulls: Option<Bitmap>,
}

/// A chunk as it was stored; what is in a file need not fit together.
#[derive(Deserialize)]
struct StoredChunk {
    dictionary: Dictionary,
    keys: Keys,
    nulls: Option<Bitmap>,
}

impl TryFrom<StoredChunk> for Chunk {
    type Error = DamagedChunk;

    fn try_from(StoredChunk { dictionary, keys, nulls }: StoredChunk) -> Result<Self, DamagedChunk> {
        Self::new(dictionary, keys, nulls)
    }
}

/// Parts that make no chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DamagedChunk {
    /// A row has a key that stands for nothing.
    #[error("a row has key {0}, which is not in the dictionary")]
    KeyOutOfRange(u64),
    /// The bitmap of NULLs is of another length than the keys.
    #[error("NULLs of {nulls} rows do not fit with the keys of {rows} rows")]
    Nulls { nulls: usize, rows: usize },
    /// A range of numbers goes beyond what a number can be.
    #[error("the dictionary has numbers that do not exist")]
    Range,
}

impl Chunk {
    /// Checks once what no loop over the rows checks again: that every key is in the dictionary.
    pub fn new(dictionary: Dictionary, keys: Keys, nulls: Option<Bitmap>) -> Result<Self, DamagedChunk> {
        if let Some(nulls) = nulls.as_ref().filter(|nulls| nulls.len() != keys.len()) {
            return Err(DamagedChunk::Nulls { nulls: nulls.len(), rows: keys.len() });
        }
        if !has_numbers(&dictionary) {
            return Err(DamagedChunk::Range);
        }
        let is_all_null = || nulls.as_ref().is_some_and(|nulls| nulls.count_ones() == nulls.len());
        match (keys.max(), dictionary.last()) {
            (Some(key), Some(last)) if key > last => return Err(DamagedChunk::KeyOutOfRange(key)),
            (Some(key), None) if !is_all_null() => return Err(DamagedChunk::KeyOutOfRange(key)),
            _ => {}
        }
        Ok(Self { dictionary, keys, nulls })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// The key of each row; of a NULL, any key.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The rows with a NULL; `None` if there are none.
    pub fn nulls(&self) -> Option<&Bitmap> {
        self.nulls.as_ref()
    }

    pub fn is_null(&self, row: usize) -> bool {
        self.nulls.as_ref().is_some_and(|nulls| nulls.get(row))
    }

    /// The value of a row that is no NULL.
    pub fn value(&self, row: usize) -> Value<'_> {
        self.dictionary.value(self.keys.get(row))
    }

    /// How many bytes it takes.
    pub(crate) fn memory_size(&self) -> usize {
        let nulls = self.nulls.as_ref().map_or(0, Bitmap::memory_size);
        self.dictionary.memory_size() + self.keys.memory_size() + nulls
    }
}

/// Whether the last number of a range is one, and has no more decimals than sums are worked out with.
fn has_numbers(dictionary: &Dictionary) -> bool {
    /// Of no decimal are there more digits.
    const MOST_DIGITS: u32 = 38;
    let (logical_type, start, step, last) = match dictionary {
        Dictionary::Range { logical_type, start, step, last } => (logical_type, start, step, last),
        Dictionary::Exact { decimals, .. } => return *decimals <= MOST_DIGITS,
        Dictionary::Strings(_) | Dictionary::Doubles(_) => return true,
    };
    let most = i128::from(*step).checked_mul(i128::from(*last)).map(|beyond| i128::from(*start) + beyond);
    let is_in_range = most.is_some_and(|most| *step > 0 && i64::try_from(most).is_ok());
    is_in_range
        && match logical_type {
            LogicalType::Decimal(decimals) | LogicalType::Exact(decimals) => {
                *decimals <= LogicalType::MOST_DECIMALS
            }
            LogicalType::Integer | LogicalType::Boolean | LogicalType::Date | LogicalType::Datetime => true,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::columns::StringArray;

    fn range(step: i64, last: u64) -> Dictionary {
        Dictionary::Range { logical_type: LogicalType::Integer, start: 5, step, last }
    }

    #[test]
    fn a_key_out_of_range_is_an_error() {
        let keys = || Keys::U8(vec![0, 2, 1]);
        assert!(Chunk::new(range(1, 2), keys(), None).is_ok());
        assert_eq!(Chunk::new(range(1, 1), keys(), None), Err(DamagedChunk::KeyOutOfRange(2)));
        let doubles = || Dictionary::Doubles(vec![0.5, 1.5]);
        assert_eq!(Chunk::new(doubles(), keys(), None), Err(DamagedChunk::KeyOutOfRange(2)));
        let strings: StringArray = ["a", "b"].map(str::to_owned).into_iter().collect();
        let strings = Dictionary::Strings(strings);
        assert_eq!(Chunk::new(strings, keys(), None), Err(DamagedChunk::KeyOutOfRange(2)));
    }

    #[test]
    fn an_empty_dictionary_is_for_nulls_alone() {
        let none = || Dictionary::Strings(StringArray::default());
        let keys = || Keys::U8(vec![0, 0]);
        assert!(Chunk::new(none(), keys(), Some(Bitmap::ones(2))).is_ok());
        assert_eq!(Chunk::new(none(), keys(), None), Err(DamagedChunk::KeyOutOfRange(0)));
        let nulls = Bitmap::from_values(&[true, false], |is_null| is_null);
        assert_eq!(Chunk::new(none(), keys(), Some(nulls)), Err(DamagedChunk::KeyOutOfRange(0)));
    }

    #[test]
    fn nulls_of_other_rows_and_numbers_that_do_not_exist_are_an_error() {
        let nulls = Some(Bitmap::zeros(2));
        let chunk = Chunk::new(range(1, 2), Keys::U8(vec![0]), nulls);
        assert_eq!(chunk, Err(DamagedChunk::Nulls { nulls: 2, rows: 1 }));
        assert_eq!(Chunk::new(range(0, 2), Keys::U8(vec![]), None), Err(DamagedChunk::Range));
        assert_eq!(Chunk::new(range(1, u64::MAX), Keys::U8(vec![]), None), Err(DamagedChunk::Range));
        let logical_type = LogicalType::Decimal(10);
        let decimals = Dictionary::Range { logical_type, start: 0, step: 1, last: 0 };
        assert_eq!(Chunk::new(decimals, Keys::U8(vec![]), None), Err(DamagedChunk::Range));
    }
}
