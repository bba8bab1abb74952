//! How many rows have each value of a column, within some memory: of a column of very many values a part of them at
//! a time, told apart by their hashes.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use super::plain::Plain;
use crate::local::columns::StringArray;

/// The values whose hashes end with some bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    bits: u32,
    end: u64,
}

impl Part {
    /// Beyond so many parts it is the values that are great, not their number.
    const MOST_BITS: u32 = 16;

    #[inline]
    fn has(self, hash: u64) -> bool {
        // The lowest bits and the highest find the place in a table.
        (hash >> 24) & ((1 << self.bits) - 1) == self.end
    }

    /// Its halves.
    fn split(self) -> Option<(Self, Self)> {
        let bits = self.bits + 1;
        (bits <= Self::MOST_BITS)
            .then_some((Self { bits, ..self }, Self { bits, end: self.end | 1 << self.bits }))
    }
}

/// The values of a part of a column and their rows. One that grows beyond its room is cut in half, and the other
/// half is left for later.
pub(super) struct Tally {
    part: Part,
    room: usize,
    hasher: DefaultHashBuilder,
    texts: Texts,
    short: HashMap<u64, u32, DefaultHashBuilder>,
    long: HashMap<i128, u32, DefaultHashBuilder>,
}

impl Tally {
    /// Of a part, within so many bytes. Parts of one column have one hasher.
    pub fn new(part: Part, room: usize, hasher: DefaultHashBuilder) -> Self {
        let (short, long) = (HashMap::with_hasher(hasher.clone()), HashMap::with_hasher(hasher.clone()));
        Self { part, room, hasher, texts: Texts::default(), short, long }
    }

    /// Adds rows of a value, if it is of this part.
    #[inline]
    pub fn add(&mut self, value: Plain<'_>, rows: u32) {
        match value {
            Plain::Text(text) => {
                let hash = self.hasher.hash_one(text);
                if self.part.has(hash) {
                    self.texts.add(text, hash, rows);
                }
            }
            Plain::Short(bits) => {
                if self.part.bits == 0 || self.part.has(self.hasher.hash_one(bits)) {
                    *self.short.entry(bits).or_default() += rows;
                }
            }
            Plain::Long(parts) => {
                if self.part.bits == 0 || self.part.has(self.hasher.hash_one(parts)) {
                    *self.long.entry(parts).or_default() += rows;
                }
            }
        }
    }

    /// Makes room where it has grown beyond it; what is left for later.
    pub fn shrink(&mut self) -> Vec<Part> {
        let mut later = Vec::new();
        while self.memory_size() > self.room
            && let Some((part, other)) = self.part.split()
        {
            later.push(other);
            self.part = part;
            let hasher = &self.hasher;
            self.short.retain(|bits, _| part.has(hasher.hash_one(bits)));
            self.short.shrink_to_fit();
            self.long.retain(|parts, _| part.has(hasher.hash_one(parts)));
            self.long.shrink_to_fit();
            self.texts.retain(part, hasher);
        }
        later
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.texts.strings.len() + self.short.len() + self.long.len()
    }

    /// Each value and its rows.
    pub fn for_each(&self, mut act: impl FnMut(Plain<'_>, u32)) {
        self.short.iter().for_each(|(bits, rows)| act(Plain::Short(*bits), *rows));
        self.long.iter().for_each(|(parts, rows)| act(Plain::Long(*parts), *rows));
        self.texts
            .strings
            .iter()
            .zip(&self.texts.rows)
            .for_each(|(text, rows)| act(Plain::Text(text), *rows));
    }

    fn memory_size(&self) -> usize {
        self.short.allocation_size() + self.long.allocation_size() + self.texts.memory_size()
    }
}

/// Texts, each with its rows.
#[derive(Default)]
struct Texts {
    strings: StringArray,
    rows: Vec<u32>,
    /// A number, and a part of the hash of its string: most others are told apart by that.
    numbers: HashTable<(u32, u32)>,
}

impl Texts {
    #[allow(clippy::cast_possible_truncation)] // half of a hash; no more texts than rows, which a u32 counts
    fn add(&mut self, text: &str, hash: u64, rows: u32) {
        let short = (hash >> 32) as u32;
        let is_it = |entry: &(u32, u32)| entry.1 == short && self.strings.get(entry.0 as usize) == Some(text);
        match self.numbers.find(wide(short), is_it) {
            Some((number, _)) => {
                self.rows.get_mut(*number as usize).into_iter().for_each(|known| *known += rows);
            }
            None => {
                let number = self.strings.len() as u32;
                self.strings.push(text);
                self.rows.push(rows);
                self.numbers.insert_unique(wide(short), (number, short), |entry| wide(entry.1));
            }
        }
    }

    fn retain(&mut self, part: Part, hasher: &DefaultHashBuilder) {
        let before = std::mem::take(self);
        for (text, rows) in before.strings.iter().zip(&before.rows) {
            let hash = hasher.hash_one(text);
            if part.has(hash) {
                self.add(text, hash, *rows);
            }
        }
    }

    fn memory_size(&self) -> usize {
        self.strings.memory_size() + self.rows.capacity() * size_of::<u32>() + self.numbers.allocation_size()
    }
}

/// A hash table looks at the lowest bits of a hash and the highest ones.
fn wide(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::local::pages::profile::plain::OwnPlain;

    /// All values, however little room there is.
    fn tallied(values: &[OwnPlain], room: usize) -> (BTreeMap<OwnPlain, u32>, usize) {
        let hasher = DefaultHashBuilder::default();
        let (mut parts, mut found, mut ways) = (vec![Part::default()], BTreeMap::new(), 0);
        while let Some(part) = parts.pop() {
            ways += 1;
            let mut tally = Tally::new(part, room, hasher.clone());
            for some in values.chunks(100) {
                some.iter().for_each(|value| tally.add(value.as_plain(), 1));
                parts.extend(tally.shrink());
            }
            tally.for_each(|value, rows| {
                assert_eq!(found.insert(OwnPlain::from(value), rows), None, "of one part only");
            });
        }
        (found, ways)
    }

    #[test]
    fn with_little_room_a_part_of_the_values_comes_after_the_other() {
        let short = |n: u64| OwnPlain::Short(n % 3_000);
        let long = |n: u64| OwnPlain::Long(i128::from(n % 2_500) << 70);
        let text = |n: u64| OwnPlain::Text(format!("customer {}", n % 2_000));
        for make in [&short as &dyn Fn(u64) -> OwnPlain, &long, &text] {
            let values: Vec<OwnPlain> = (0..10_000).map(make).collect();
            let (all, ways) = tallied(&values, usize::MAX);
            assert_eq!((ways, all.values().sum::<u32>()), (1, 10_000));
            let (parts, ways) = tallied(&values, 20_000);
            assert!(ways > 2, "{ways}");
            assert_eq!(parts, all);
        }
    }
}
