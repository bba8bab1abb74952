//! Values as bytes.

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A value as bytes.
///
/// # Errors
/// The value is of a type that has no form in postcard.
pub(crate) fn encode<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(io::Error::other)
}

/// The value that all of some bytes are.
///
/// # Errors
/// They are something else. Lengths are checked against what is left before anything is allocated.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, postcard::Error> {
    match postcard::take_from_bytes(bytes)? {
        (value, []) => Ok(value),
        _ => Err(postcard::Error::DeserializeBadEncoding),
    }
}

#[cfg(test)]
mod tests {
    use fixedbitset::FixedBitSet;
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::super::persisted::{bitmap, packed};
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Everything {
        #[serde(with = "packed")]
        bytes: Vec<u8>,
        #[serde(with = "packed")]
        numbers: Vec<u32>,
        #[serde(with = "packed")]
        decimals: Vec<f64>,
        #[serde(with = "packed")]
        words: Vec<u64>,
        text: Option<String>,
        is_so: bool,
        #[serde(with = "bitmap")]
        members: FixedBitSet,
        #[serde(with = "bitmap::option")]
        others: Option<FixedBitSet>,
    }

    fn bitmap_of(members: &[usize]) -> FixedBitSet {
        let mut bits = FixedBitSet::with_capacity(200);
        bits.extend(members.iter().copied());
        bits
    }

    prop_compose! {
        fn everything()(
            (bytes, numbers, words) in any::<(Vec<u8>, Vec<u32>, Vec<u64>)>(),
            decimals in prop::collection::vec(-1e9..1e9, 0..9),
            (text, is_so) in any::<(Option<String>, bool)>(),
            members in prop::collection::vec(0_usize..200, 0..20),
            others in prop::option::of(prop::collection::vec(0_usize..200, 0..20)),
        ) -> Everything {
            let (members, others) = (bitmap_of(&members), others.as_deref().map(bitmap_of));
            Everything { bytes, numbers, decimals, words, text, is_so, members, others }
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded_again(value in everything(), noise: Vec<u8>, at: prop::sample::Index) {
            let bytes = encode(&value).unwrap();
            prop_assert_eq!(decode::<Everything>(&bytes).unwrap(), value);
            prop_assert!(decode::<Everything>(&bytes[..at.index(bytes.len())]).is_err(), "cut short");
            prop_assert!(decode::<Everything>(&[&bytes[..], b"x"].concat()).is_err(), "longer");
            // Nothing else panics, or takes more memory than it has bytes.
            let _ = decode::<Everything>(&noise);
        }
    }

    #[test]
    fn lengths_that_nothing_stands_behind_allocate_nothing() {
        let endless = [[0xff; 9].as_slice(), &[0x01], &[0; 64]].concat();
        assert!(decode::<Vec<u64>>(&endless).is_err());
        assert!(decode::<Everything>(&endless).is_err());
        assert!(decode::<String>(&endless).is_err());
    }

    #[test]
    fn numbers_that_are_cut_and_bits_beyond_the_end_are_damage() {
        #[derive(Debug, Deserialize, Serialize)]
        struct Numbers(#[serde(with = "packed")] Vec<u32>);
        #[derive(Debug, Deserialize, Serialize)]
        struct Bits(#[serde(with = "bitmap")] FixedBitSet);
        assert!(decode::<Numbers>(&[5, 1, 0, 0, 0, 2]).is_err());
        let eight = [8, 8, 0xff, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(decode::<Bits>(&eight).unwrap().0.count_ones(..), 8);
        let mut seven = eight;
        seven[0] = 7;
        assert!(decode::<Bits>(&seven).is_err());
        let mut seventy = eight;
        seventy[0] = 70;
        assert!(decode::<Bits>(&seventy).is_err());
    }
}
