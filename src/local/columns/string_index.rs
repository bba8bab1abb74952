//! Finds the numbers of strings.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

use super::strings::StringArray;

/// A hash table of the strings of a [`StringArray`].
///
/// Unlike a common one it looks for many strings at once, step by step: where there are millions of them every step
/// waits for memory, and the processor waits for several at a time only if none depends on the one before.
#[derive(Clone, Debug, Default)]
pub(crate) struct StringIndex {
    /// A power of two of them, of which at most half are taken; none at all before the first string. Who finds its
    /// slot taken is in one of the next.
    slots: Vec<Slot>,
    hasher: DefaultHashBuilder,
}

/// The number of a string, and a part of its hash: most others are told apart by that.
#[derive(Clone, Copy, Debug)]
struct Slot {
    number: u32,
    hash: u32,
}

impl Slot {
    const EMPTY: Self = Self { number: u32::MAX, hash: 0 };

    fn is_empty(self) -> bool {
        self.number == u32::MAX
    }
}

/// How many strings are looked for at once.
const AT_ONCE: usize = 256;
/// The fewest slots there are, if any.
const FEWEST: usize = 16;

impl StringIndex {
    /// Of strings of which no two are the same.
    pub(crate) fn from_strings(strings: &StringArray) -> Self {
        let mut all = Self::default();
        all.reserve(strings.len());
        for (number, text) in (0..).zip(strings.iter()) {
            all.insert(Slot { number, hash: all.hash(text) });
        }
        all
    }

    /// The number of a text, if it is among `strings`.
    pub fn find(&self, strings: &StringArray, text: &str) -> Option<u32> {
        self.find_hashed(strings, text, self.hash(text))
    }

    /// Adds the number of each of many texts, if it is among `strings`.
    pub fn find_all(&self, strings: &StringArray, texts: &[&str], numbers: &mut Vec<Option<u32>>) {
        let (mut hashes, mut slots) = ([0; AT_ONCE], [Slot::EMPTY; AT_ONCE]);
        for texts in texts.chunks(AT_ONCE) {
            hashes.iter_mut().zip(texts).for_each(|(hash, text)| *hash = self.hash(text));
            for (slot, hash) in slots.iter_mut().zip(&hashes).take(texts.len()) {
                *slot = self.slot(self.place(*hash));
            }
            for (slot, hash) in slots.iter_mut().zip(&hashes).take(texts.len()) {
                *slot = self.slot_of_hash(*slot, *hash);
            }
            // Reads them all, so that they are at hand when they are compared.
            let ends = slots.iter().take(texts.len()).map(|slot| {
                let bytes = strings.bytes(slot.number as usize).unwrap_or_default();
                bytes.first().copied().unwrap_or(0) ^ bytes.last().copied().unwrap_or(0)
            });
            std::hint::black_box(ends.fold(0, |all, byte| all ^ byte));
            numbers.extend(texts.iter().zip(slots.iter().zip(&hashes)).map(|(text, (slot, hash))| {
                if slot.is_empty() {
                    return None;
                }
                match strings.bytes(slot.number as usize) == Some(text.as_bytes()) {
                    true => Some(slot.number),
                    // Another text has the same part of its hash.
                    false => self.find_hashed(strings, text, *hash),
                }
            }));
        }
    }

    /// The number of a text, which is added to `strings` if it is not there yet.
    pub(crate) fn find_or_add(&mut self, strings: &mut StringArray, text: &str) -> u32 {
        self.reserve(strings.len() + 1);
        self.add_hashed(strings, text, self.hash(text))
    }

    /// The same where there is room for one more.
    fn add_hashed(&mut self, strings: &mut StringArray, text: &str, hash: u32) -> u32 {
        if let Some(number) = self.find_hashed(strings, text, hash) {
            return number;
        }
        debug_assert!(u32::try_from(strings.len()).is_ok());
        #[allow(clippy::cast_possible_truncation)]
        // no table has more rows than a u32 counts, which is checked
        let number = strings.len() as u32;
        strings.push(text);
        self.insert(Slot { number, hash });
        number
    }

    /// Adds those of many texts to `strings` that are not there yet, and the number of each to `numbers`.
    pub(crate) fn add_all(&mut self, strings: &mut StringArray, texts: &[&str], numbers: &mut Vec<u32>) {
        let mut hashes = [0; AT_ONCE];
        for texts in texts.chunks(AT_ONCE) {
            self.reserve(strings.len() + texts.len());
            hashes.iter_mut().zip(texts).for_each(|(hash, text)| *hash = self.hash(text));
            // Reads where they belong, so that it is at hand when they are put there.
            let slots = hashes.iter().take(texts.len()).map(|hash| self.slot(self.place(*hash)).hash);
            std::hint::black_box(slots.fold(0, |all, hash| all ^ hash));
            for (text, hash) in texts.iter().zip(&hashes) {
                numbers.push(self.add_hashed(strings, text, *hash));
            }
        }
    }

    /// Makes room for so many strings in all.
    pub(crate) fn reserve(&mut self, strings: usize) {
        if strings * 2 > self.slots.len() {
            self.grow_to((strings * 2).next_power_of_two().max(FEWEST));
        }
    }

    /// How many bytes it takes.
    pub(crate) fn memory_size(&self) -> usize {
        size_of_val(self.slots.as_slice())
    }

    fn find_hashed(&self, strings: &StringArray, text: &str, hash: u32) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mut place = self.place(hash);
        loop {
            let slot = self.slot(place);
            if slot.is_empty() {
                return None;
            }
            if slot.hash == hash && strings.bytes(slot.number as usize) == Some(text.as_bytes()) {
                return Some(slot.number);
            }
            place = self.after(place);
        }
    }

    /// The first slot with a hash, or else the empty one where looking for it ends; `first` is the one where it belongs.
    #[inline]
    fn slot_of_hash(&self, first: Slot, hash: u32) -> Slot {
        let (mut slot, mut place) = (first, self.place(hash));
        while slot.hash != hash && !slot.is_empty() {
            place = self.after(place);
            slot = self.slot(place);
        }
        slot
    }

    /// Puts it into the first free slot: there is always one.
    fn insert(&mut self, new: Slot) {
        let mut place = self.place(new.hash);
        while !self.slot(place).is_empty() {
            place = self.after(place);
        }
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = new;
        }
    }

    fn grow_to(&mut self, slots: usize) {
        let before = std::mem::replace(&mut self.slots, vec![Slot::EMPTY; slots]);
        before.into_iter().filter(|slot| !slot.is_empty()).for_each(|slot| self.insert(slot));
    }

    /// Where a hash belongs: its highest bits say it.
    #[inline]
    fn place(&self, hash: u32) -> usize {
        let place = (u64::from(hash) * self.slots.len() as u64) >> u32::BITS;
        usize::try_from(place).unwrap_or_default()
    }

    #[inline]
    fn after(&self, place: usize) -> usize {
        (place + 1) & self.slots.len().wrapping_sub(1)
    }

    /// A place beyond the last one, of which there is none, is empty.
    #[inline]
    fn slot(&self, place: usize) -> Slot {
        self.slots.get(place).copied().unwrap_or(Slot::EMPTY)
    }

    #[allow(clippy::cast_possible_truncation)] // half of a hash is a hash
    #[inline]
    fn hash(&self, text: &str) -> u32 {
        (self.hasher.hash_one(text) >> u32::BITS) as u32
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_are_found_as_a_map_finds_them(
            added in prop::collection::vec("[a-zé]{0,3}", 0..200),
            wanted in prop::collection::vec("[a-zé]{0,3}", 0..100),
        ) {
            let (mut texts, mut index, mut map) = (StringArray::default(), StringIndex::default(), HashMap::new());
            for text in &added {
                let next = u32::try_from(map.len()).unwrap();
                prop_assert_eq!(index.find_or_add(&mut texts, text), *map.entry(text.as_str()).or_insert(next));
            }
            let (mut at_once, mut index_at_once) = (StringArray::default(), StringIndex::default());
            let mut numbers = Vec::new();
            for some in added.iter().map(String::as_str).collect::<Vec<_>>().chunks(70) {
                index_at_once.add_all(&mut at_once, some, &mut numbers);
            }
            prop_assert_eq!(&at_once, &texts);
            let expected: Vec<u32> = added.iter().map(|text| map[text.as_str()]).collect();
            prop_assert_eq!(numbers, expected);
            let again = StringIndex::from_strings(&texts);
            let wanted: Vec<&str> = wanted.iter().chain(&added).map(String::as_str).collect();
            let expected: Vec<Option<u32>> = wanted.iter().map(|text| map.get(text).copied()).collect();
            for index in [index, again, index_at_once] {
                let mut found = Vec::new();
                index.find_all(&texts, &wanted, &mut found);
                prop_assert_eq!(found, expected.clone());
                let one_by_one: Vec<_> = wanted.iter().map(|text| index.find(&texts, text)).collect();
                prop_assert_eq!(one_by_one, expected.clone());
            }
        }
    }
}
