//! Many strings in one allocation.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::ends::Ends;

/// Strings one after the other, each known by its number.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(try_from = "StoredStrings")]
pub(crate) struct StringArray {
    data: String,
    ends: Ends,
}

/// Strings as they were stored; what is in a file need not fit together.
#[derive(Deserialize)]
struct StoredStrings {
    data: String,
    ends: Ends,
}

impl TryFrom<StoredStrings> for StringArray {
    type Error = &'static str;

    fn try_from(StoredStrings { data, ends }: StoredStrings) -> Result<Self, Self::Error> {
        let fit = ends.are(|end| data.is_char_boundary(end)) && ends.total() == data.len();
        if fit { Ok(Self { data, ends }) } else { Err("strings do not end where they should") }
    }
}

impl StringArray {
    /// Adds a string, whose number is how many there were.
    pub fn push(&mut self, text: &str) {
        self.data.push_str(text);
        self.ends.push(text.len());
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    #[inline]
    pub fn get(&self, number: usize) -> Option<&str> {
        self.data.get(self.ends.range(number)?)
    }

    /// The bytes of a string.
    #[inline]
    pub(super) fn bytes(&self, number: usize) -> Option<&[u8]> {
        self.data.as_bytes().get(self.ends.range(number)?)
    }

    /// Where a string begins in all of them one after the other; of the number after the last, where that ends.
    pub fn start(&self, number: usize) -> usize {
        self.ends.start(number)
    }

    /// Some of them, one after the other.
    pub fn joined(&self, numbers: Range<usize>) -> &str {
        self.data.get(self.start(numbers.start)..self.start(numbers.end)).unwrap_or_default()
    }

    /// The number of the string that has this byte of all of them, which is one of `numbers`.
    pub fn number_at(&self, byte: usize, numbers: Range<usize>) -> usize {
        self.ends.number_at(byte, numbers)
    }

    /// All of them, by number.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.iter_from(0)
    }

    /// Every number up to how many there are has a string.
    pub fn iter_from(&self, first: usize) -> impl Iterator<Item = &str> {
        (first..self.len()).map_while(|number| self.get(number))
    }

    /// Makes room for so many strings in all that are about as long as those that are there.
    pub(crate) fn reserve(&mut self, strings: usize) {
        let each = self.data.len().div_ceil(self.len().max(1));
        // It only saves time: without room it grows as strings are added.
        let _ = self.data.try_reserve(each.saturating_mul(strings.saturating_sub(self.len())));
    }

    /// Gives back memory that is not needed.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.data.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// How many bytes they take.
    pub(crate) fn memory_size(&self) -> usize {
        self.data.capacity() + self.ends.memory_size()
    }

    pub fn append(&mut self, others: &Self) {
        self.data.push_str(&others.data);
        (0..others.len())
            .filter_map(|number| others.ends.range(number))
            .for_each(|of| self.ends.push(of.len()));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_number() {
        let mut texts = StringArray::default();
        ["", "é", "b"].iter().for_each(|text| texts.push(text));
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["", "é", "b"]);
        assert_eq!((texts.get(1), texts.get(3)), (Some("é"), None));
        let mut twice = texts.slice(1, 5);
        twice.append(&texts.slice(0, 2));
        assert_eq!(twice.iter().collect::<Vec<_>>(), ["é", "b", "", "é"]);
        let stored =
            |data: &str, ends: Ends| StringArray::try_from(StoredStrings { data: data.to_owned(), ends });
        assert_eq!(stored(&texts.data, texts.ends.clone()), Ok(texts.clone()));
        let each = |ends: &[usize]| Ends::Each(ends.to_vec());
        assert!(stored("é", each(&[1, 2])).is_err() && stored("ab", each(&[2, 1])).is_err());
        let even = |width, count| Ends::Even { width, count };
        assert!(stored("éé", even(2, 2)).is_ok() && stored("éé", even(1, 4)).is_err());
        assert!(stored("ab", even(1, 1)).is_err() && stored("", even(usize::MAX, 2)).is_err());
        assert!(stored("", even(0, 1)).is_ok() && stored("", even(0, usize::MAX)).is_err());
    }
}
