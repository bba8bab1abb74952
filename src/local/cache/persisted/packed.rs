//! Lists of numbers as one run of bytes, the least significant byte of each number first, on every machine.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};

/// A number of a fixed count of bytes.
pub(crate) trait Packed: Copy {
    /// Numbers as bytes.
    fn pack(numbers: &[Self]) -> Cow<'_, [u8]>;
    /// The numbers that some bytes are; `None` if they are cut short or too great for this machine.
    fn unpack(bytes: &[u8]) -> Option<Vec<Self>>;
}

impl Packed for u8 {
    fn pack(numbers: &[Self]) -> Cow<'_, [u8]> {
        Cow::Borrowed(numbers)
    }

    fn unpack(bytes: &[u8]) -> Option<Vec<Self>> {
        Some(bytes.to_vec())
    }
}

macro_rules! packed {
    ($($number:ty),*) => { $(
        impl Packed for $number {
            fn pack(numbers: &[Self]) -> Cow<'_, [u8]> {
                let bytes: Vec<_> = numbers.iter().map(|number| number.to_le_bytes()).collect();
                Cow::Owned(bytes.into_flattened())
            }

            fn unpack(bytes: &[u8]) -> Option<Vec<Self>> {
                let (numbers, rest) = bytes.as_chunks();
                rest.is_empty().then(|| numbers.iter().map(|bytes| Self::from_le_bytes(*bytes)).collect())
            }
        }
    )* };
}

packed!(u16, u32, u64, i32, i64, i128, f64);

/// In 8 bytes, whatever the machine's own width.
impl Packed for usize {
    fn pack(numbers: &[Self]) -> Cow<'_, [u8]> {
        let bytes: Vec<_> = numbers.iter().map(|number| (*number as u64).to_le_bytes()).collect();
        Cow::Owned(bytes.into_flattened())
    }

    fn unpack(bytes: &[u8]) -> Option<Vec<Self>> {
        let (numbers, rest) = bytes.as_chunks();
        let number = |bytes: &[u8; 8]| Self::try_from(u64::from_le_bytes(*bytes)).ok();
        if rest.is_empty() { numbers.iter().map(number).collect() } else { None }
    }
}

/// For `#[serde(with = "…")]`.
pub(crate) fn serialize<N: Packed, S: Serializer>(numbers: &[N], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(&N::pack(numbers))
}

/// For `#[serde(with = "…")]`.
pub(crate) fn deserialize<'de, N: Packed, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<N>, D::Error> {
    deserializer.deserialize_bytes(Unpack(PhantomData))
}

/// Makes numbers of bytes.
struct Unpack<N>(PhantomData<N>);

impl<N: Packed> Visitor<'_> for Unpack<N> {
    type Value = Vec<N>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "numbers of {} bytes each", size_of::<N>())
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        N::unpack(bytes).ok_or_else(|| E::invalid_length(bytes.len(), &self))
    }
}
