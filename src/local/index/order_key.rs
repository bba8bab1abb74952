//! What tells the orders of a customer apart.

/// The id of an order in a form that takes no more memory than need be.
///
/// Short ids are their own keys, and stand to each other as their texts do. Of longer ones the key is a part of their
/// BLAKE3 hash: nobody knows two texts that share so much of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct OrderKey([u64; 2]);

/// The longest id that is its own key, in bytes: the sixteenth byte has its length.
const LONGEST: usize = 15;
/// What stands there instead of a length.
const HASHED: u8 = u8::MAX;

impl OrderKey {
    /// The key of an order's id.
    pub fn new(id: &str) -> Self {
        let mut bytes = [0; LONGEST + 1];
        let mark = match bytes.get_mut(..id.len()).filter(|place| place.len() <= LONGEST) {
            Some(place) => {
                place.copy_from_slice(id.as_bytes());
                // At most 15.
                u8::try_from(id.len()).unwrap_or(HASHED)
            }
            None => {
                bytes
                    .iter_mut()
                    .zip(blake3::hash(id.as_bytes()).as_bytes())
                    .for_each(|(to, from)| *to = *from);
                HASHED
            }
        };
        let value = u128::from_be_bytes(bytes) & !u128::from(HASHED) | u128::from(mark);
        #[allow(clippy::cast_possible_truncation)] // its two halves
        Self([(value >> u64::BITS) as u64, value as u64])
    }

    /// Whether it says the whole id, so that keys stand to each other as the ids do.
    pub fn is_whole(self) -> bool {
        let Self([_, low]) = self;
        low & u64::from(HASHED) != u64::from(HASHED)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_stand_to_each_other_as_ids_do(one in "[\0-\u{1}aé]{0,18}", other in "[\0-\u{1}aé]{0,18}") {
            let (key, other_key) = (OrderKey::new(&one), OrderKey::new(&other));
            prop_assert_eq!(key == other_key, one == other);
            prop_assert_eq!(key.is_whole(), one.len() <= LONGEST);
            if key.is_whole() && other_key.is_whole() {
                prop_assert_eq!(key.cmp(&other_key), one.cmp(&other));
            }
        }
    }
}
