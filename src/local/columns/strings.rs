//! Many strings in one allocation.

use std::hash::BuildHasher;
use std::ops::Range;

use hashbrown::{DefaultHashBuilder, HashTable};
use serde::{Deserialize, Serialize};

use crate::local::cache::persisted::packed;

/// Strings one after the other, each known by its number.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(try_from = "StoredStrings")]
pub(crate) struct StringArray {
    data: String,
    #[serde(serialize_with = "packed::serialize")]
    ends: Vec<usize>,
}

/// Strings as they were stored; what is in a file need not fit together.
#[derive(Deserialize)]
struct StoredStrings {
    data: String,
    #[serde(deserialize_with = "packed::deserialize")]
    ends: Vec<usize>,
}

impl TryFrom<StoredStrings> for StringArray {
    type Error = &'static str;

    fn try_from(StoredStrings { data, ends }: StoredStrings) -> Result<Self, Self::Error> {
        let fit = ends.is_sorted()
            && ends.last().map_or(0, |end| *end) == data.len()
            && ends.iter().all(|end| data.is_char_boundary(*end));
        if fit { Ok(Self { data, ends }) } else { Err("strings do not end where they should") }
    }
}

impl StringArray {
    /// Adds a string, whose number is how many there were.
    pub fn push(&mut self, text: &str) {
        self.data.push_str(text);
        self.ends.push(self.data.len());
    }

    /// Takes all of them out; the memory stays.
    pub fn clear(&mut self) {
        self.data.clear();
        self.ends.clear();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    #[inline]
    pub fn get(&self, number: usize) -> Option<&str> {
        let start = number.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before))?;
        self.data.get(*start..*self.ends.get(number)?)
    }

    /// Where a string begins in all of them one after the other; of the number after the last, where that ends.
    pub fn start(&self, number: usize) -> usize {
        number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0)
    }

    /// Some of them, one after the other.
    pub fn joined(&self, numbers: Range<usize>) -> &str {
        self.data.get(self.start(numbers.start)..self.start(numbers.end)).unwrap_or_default()
    }

    /// The number of the string that has this byte of all of them, which is one of `numbers`.
    pub fn number_at(&self, byte: usize, numbers: Range<usize>) -> usize {
        let ends = self.ends.get(numbers.clone()).unwrap_or_default();
        numbers.start + ends.partition_point(|end| *end <= byte)
    }

    /// All of them, by number.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.iter_from(0)
    }

    /// Every number up to how many there are has a string.
    pub fn iter_from(&self, first: usize) -> impl Iterator<Item = &str> {
        (first..self.len()).map_while(|number| self.get(number))
    }

    /// Gives back memory that is not needed.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.data.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// How many bytes they take.
    pub(crate) fn memory_size(&self) -> usize {
        self.data.capacity() + self.ends.capacity() * size_of::<usize>()
    }

    pub fn append(&mut self, others: &Self) {
        let start = self.data.len();
        self.data.push_str(&others.data);
        self.ends.extend(others.ends.iter().map(|end| start + end));
    }

    /// So many of them, from a number on; fewer where there are no more.
    pub fn slice(&self, from: usize, count: usize) -> Self {
        let mut slice = Self::default();
        self.iter_from(from).take(count).for_each(|text| slice.push(text));
        slice
    }
}

impl FromIterator<String> for StringArray {
    fn from_iter<I: IntoIterator<Item = String>>(texts: I) -> Self {
        let mut all = Self::default();
        texts.into_iter().for_each(|text| all.push(&text));
        all
    }
}

/// Finds the numbers of strings.
#[derive(Clone, Debug, Default)]
pub(crate) struct StringIndex {
    /// A number, and a part of the hash of its string: most others are told apart by that.
    numbers: HashTable<(u32, u32)>,
    hasher: DefaultHashBuilder,
}

impl StringIndex {
    /// Of strings of which no two are the same.
    pub(crate) fn from_strings(strings: &StringArray) -> Self {
        let mut all = Self::default();
        all.numbers.reserve(strings.len(), |entry| u64::from(entry.1));
        for (number, text) in (0..).zip(strings.iter()) {
            let hash = all.hash(text);
            all.numbers.insert_unique(wide(hash), (number, hash), |entry| wide(entry.1));
        }
        all
    }

    /// The number of a text, if it is among `strings`.
    pub fn find(&self, strings: &StringArray, text: &str) -> Option<u32> {
        let hash = self.hash(text);
        let is_it = |entry: &(u32, u32)| entry.1 == hash && strings.get(entry.0 as usize) == Some(text);
        self.numbers.find(wide(hash), is_it).map(|entry| entry.0)
    }

    /// The number of a text, which is added to `strings` if it is not there yet.
    pub(crate) fn find_or_add(&mut self, strings: &mut StringArray, text: &str) -> u32 {
        let hash = self.hash(text);
        let is_it = |entry: &(u32, u32)| entry.1 == hash && strings.get(entry.0 as usize) == Some(text);
        if let Some(entry) = self.numbers.find(wide(hash), is_it) {
            return entry.0;
        }
        debug_assert!(u32::try_from(strings.len()).is_ok());
        #[allow(clippy::cast_possible_truncation)]
        // no table has more rows than a u32 counts, which is checked
        let number = strings.len() as u32;
        strings.push(text);
        self.numbers.insert_unique(wide(hash), (number, hash), |entry| wide(entry.1));
        number
    }

    /// How many bytes they take.
    pub(crate) fn memory_size(&self) -> usize {
        self.numbers.allocation_size()
    }

    #[allow(clippy::cast_possible_truncation)] // half of a hash is a hash
    fn hash(&self, text: &str) -> u32 {
        self.hasher.hash_one(text) as u32
    }
}

/// A hash table looks at the lowest bits and the highest ones.
fn wide(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_number_and_by_text() {
        let (mut texts, mut numbers) = (StringArray::default(), StringIndex::default());
        let mut number = |text: &str| numbers.find_or_add(&mut texts, text);
        assert_eq!(["", "é", "", "b", "é"].map(&mut number), [0, 1, 0, 2, 1]);
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["", "é", "b"]);
        assert_eq!((texts.get(1), texts.get(3)), (Some("é"), None));
        let again = StringIndex::from_strings(&texts);
        assert_eq!((again.find(&texts, "b"), again.find(&texts, "c")), (Some(2), None));
        let mut twice = texts.slice(1, 5);
        twice.append(&texts.slice(0, 2));
        assert_eq!(twice.iter().collect::<Vec<_>>(), ["é", "b", "", "é"]);
        let stored = |data: &str, ends: &[usize]| {
            StringArray::try_from(StoredStrings { data: data.to_owned(), ends: ends.to_vec() })
        };
        assert_eq!(stored(&texts.data, &texts.ends), Ok(texts.clone()));
        assert!(stored("é", &[1, 2]).is_err() && stored("ab", &[2, 1]).is_err());
    }
}
