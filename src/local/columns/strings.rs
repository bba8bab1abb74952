//! Many texts in one piece of memory.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use serde::{Deserialize, Serialize};

use crate::local::cache::persisted::packed;

/// StringArray one after the other, each known by its number.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(try_from = "StoredStrings")]
pub struct StringArray {
    letters: String,
    /// Where each text ends.
    #[serde(serialize_with = "packed::serialize")]
    ends: Vec<usize>,
}

/// Strings as they were stored; what is in a file need not fit together.
#[derive(Deserialize)]
struct StoredStrings {
    letters: String,
    #[serde(deserialize_with = "packed::deserialize")]
    ends: Vec<usize>,
}

impl TryFrom<StoredStrings> for StringArray {
    type Error = &'static str;

    fn try_from(StoredStrings { letters, ends }: StoredStrings) -> Result<Self, Self::Error> {
        let fit = ends.is_sorted()
            && ends.last().copied().unwrap_or_default() == letters.len()
            && ends.iter().all(|end| letters.is_char_boundary(*end));
        if fit { Ok(Self { letters, ends }) } else { Err("strings do not end where they should") }
    }
}

impl StringArray {
    /// Adds a text, whose number is how many there were.
    pub fn push(&mut self, text: &str) {
        self.letters.push_str(text);
        self.ends.push(self.letters.len());
    }

    /// Takes all of them out; the room stays.
    pub fn clear(&mut self) {
        self.letters.clear();
        self.ends.clear();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a number; an empty one where there is none.
    #[inline]
    pub fn get(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before));
        let range = start.zip(self.ends.get(number));
        range.and_then(|(start, end)| self.letters.get(*start..*end)).unwrap_or_default()
    }

    /// All of them, by number.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|number| self.get(number))
    }

    /// Gives back room that is not needed.
    pub fn shrink(&mut self) {
        self.letters.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// How many bytes they take.
    pub fn memory_size(&self) -> usize {
        self.letters.capacity() + self.ends.capacity() * size_of::<usize>()
    }

    /// Adds all of some texts.
    pub fn append(&mut self, others: &Self) {
        let start = self.letters.len();
        self.letters.push_str(&others.letters);
        self.ends.extend(others.ends.iter().map(|end| start + end));
    }

    /// Some of them, from a number on.
    pub fn part(&self, from: usize, count: usize) -> Self {
        let mut part = Self::default();
        (from..self.len()).take(count).for_each(|number| part.push(self.get(number)));
        part
    }
}

impl FromIterator<String> for StringArray {
    fn from_iter<I: IntoIterator<Item = String>>(texts: I) -> Self {
        let mut all = Self::default();
        texts.into_iter().for_each(|text| all.push(&text));
        all
    }
}

/// Finds the numbers of texts.
#[derive(Clone, Debug, Default)]
pub struct StringIndex {
    /// A number, and a part of the hash of its text: most other texts are told apart by that.
    numbers: HashTable<(u32, u32)>,
    hasher: DefaultHashBuilder,
}

impl StringIndex {
    /// Of texts of which no two are the same.
    pub fn of(texts: &StringArray) -> Self {
        let mut all = Self::default();
        all.numbers.reserve(texts.len(), |entry| u64::from(entry.1));
        for (number, text) in (0..).zip(texts.iter()) {
            let hash = all.hash(text);
            all.numbers.insert_unique(wide(hash), (number, hash), |entry| wide(entry.1));
        }
        all
    }

    /// The number of a text, if it is among `texts`.
    pub fn find(&self, texts: &StringArray, text: &str) -> Option<u32> {
        let hash = self.hash(text);
        let is_it = |entry: &(u32, u32)| entry.1 == hash && texts.get(entry.0 as usize) == text;
        self.numbers.find(wide(hash), is_it).map(|entry| entry.0)
    }

    /// The number of a text, which is added to `texts` if it is not there yet.
    pub fn find_or_add(&mut self, texts: &mut StringArray, text: &str) -> u32 {
        let hash = self.hash(text);
        let is_it = |entry: &(u32, u32)| entry.1 == hash && texts.get(entry.0 as usize) == text;
        if let Some(entry) = self.numbers.find(wide(hash), is_it) {
            return entry.0;
        }
        let number = u32::try_from(texts.len()).unwrap_or(u32::MAX);
        texts.push(text);
        self.numbers.insert_unique(wide(hash), (number, hash), |entry| wide(entry.1));
        number
    }

    /// How many bytes they take.
    pub fn memory_size(&self) -> usize {
        self.numbers.allocation_size()
    }

    #[allow(clippy::cast_possible_truncation)] // half of a hash is a hash
    fn hash(&self, text: &str) -> u32 {
        self.hasher.hash_one(text) as u32
    }
}

/// A table looks at the lowest bits and the highest ones.
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
        assert_eq!((texts.get(1), texts.get(3)), ("é", ""));
        let again = StringIndex::of(&texts);
        assert_eq!((again.find(&texts, "b"), again.find(&texts, "c")), (Some(2), None));
        let mut twice = texts.part(1, 5);
        twice.append(&texts.part(0, 2));
        assert_eq!(twice.iter().collect::<Vec<_>>(), ["é", "b", "", "é"]);
        let stored = |letters: &str, ends: &[usize]| {
            StringArray::try_from(StoredStrings { letters: letters.to_owned(), ends: ends.to_vec() })
        };
        assert_eq!(stored(&texts.letters, &texts.ends), Ok(texts.clone()));
        assert!(stored("é", &[1, 2]).is_err() && stored("ab", &[2, 1]).is_err());
    }
}
