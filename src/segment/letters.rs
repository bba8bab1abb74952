//! Which letters a text has, in a few bits: to pass over most texts before they are compared.

/// How many classes of letters there are.
const CLASSES: u32 = 32;
/// How often a letter is counted at most.
const MOST: u32 = 4;
/// The lowest bit of each class.
const PRESENT: u128 = 0x1111_1111_1111_1111_1111_1111_1111_1111;

/// The letters of a text without regard to case: for each of 32 classes as many bits as there are letters, up to four.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Letters {
    bits: u128,
    /// Letters that found no bit.
    beyond: u32,
    /// How many there are.
    count: u32,
    /// Whether there are others than ASCII ones, which may stand for any.
    has_others: bool,
}

/// What the letters of several texts come to, to pass over all of these at once.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AllLetters {
    /// Letters that have those of each.
    pub together: Letters,
    /// How many letters the shortest has.
    pub fewest: u32,
}

impl AllLetters {
    /// Those of texts with these letters.
    pub(super) fn of(texts: &[Letters]) -> Self {
        let together = texts.iter().fold(Letters::default(), |all, text| Letters {
            bits: all.bits | text.bits,
            beyond: all.beyond.max(text.beyond),
            count: all.count.max(text.count),
            has_others: all.has_others || text.has_others,
        });
        Self { together, fewest: texts.iter().map(|text| text.count).min().unwrap_or(0) }
    }
}

impl Letters {
    /// Those of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut letters = Self::default();
        for letter in text.chars() {
            letters.has_others |= !letter.is_ascii();
            letters.count += 1;
            let class = class(letter) * MOST;
            match (0..MOST).map(|nth| 1 << (class + nth)).find(|bit| letters.bits & bit == 0) {
                Some(bit) => letters.bits |= bit,
                None => letters.beyond += 1,
            }
        }
        letters
    }

    /// How many letters there are.
    pub(super) fn count(self) -> u32 {
        self.count
    }

    /// How many letters two texts have in common at most.
    pub(super) fn common(self, other: Self) -> u32 {
        let bits = self.bits & other.bits;
        // Mostly there are none, and counting bits takes longer.
        let counted = if bits == 0 { 0 } else { bits.count_ones() };
        counted + self.beyond.min(other.beyond)
    }

    /// Whether a text with these letters, or one of two, may have all of those in some order.
    #[must_use]
    pub(crate) fn may_have(self, also: Self, wanted: Self) -> bool {
        let has_others = self.has_others || also.has_others;
        has_others || wanted.bits & PRESENT & !(self.bits | also.bits) == 0
    }
}

fn class(letter: char) -> u32 {
    let letter = u32::from(letter.to_ascii_lowercase());
    match letter {
        0x61..=0x7a => letter - 0x61,
        0x30..=0x39 => 26 + (letter - 0x30) / 2,
        _ => CLASSES - 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_has_the_letters_is_passed_over() {
        let has = |text: &str, also: &str, wanted: &str| {
            Letters::of(text).may_have(Letters::of(also), Letters::of(wanted))
        };
        assert!(
            has("C005 T017", "", "t0c") && has("City", "Customer 360", "cmy3") && has("Größe", "", "grosse")
        );
        assert!(!has("City", "", "cx") && !has("C005", "T017", "c9"));
        let common = |a: &str, b: &str| Letters::of(a).common(Letters::of(b));
        assert_eq!((common("aaaaaab", "baaaaaaa"), common("abc", "cab"), common("abc", "")), (7, 3, 0));
    }
}
