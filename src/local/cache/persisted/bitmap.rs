//! Bitmaps as their length in bits and their blocks.

use fixedbitset::FixedBitSet;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::packed;

const BLOCK: usize = usize::BITS as usize;

/// For `#[serde(with = "…")]`.
pub(crate) fn serialize<S: Serializer>(bitmap: &FixedBitSet, serializer: S) -> Result<S::Ok, S::Error> {
    Borrowed { bits: bitmap.len(), blocks: bitmap.as_slice() }.serialize(serializer)
}

/// For `#[serde(with = "…")]`.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FixedBitSet, D::Error> {
    let Owned { bits, blocks } = Owned::deserialize(deserializer)?;
    let beyond = blocks.last().filter(|_| bits % BLOCK != 0).map_or(0, |last| last >> (bits % BLOCK));
    if blocks.len() != bits.div_ceil(BLOCK) || beyond != 0 {
        return Err(D::Error::custom(format!("{} blocks for {bits} bits", blocks.len())));
    }
    Ok(FixedBitSet::with_capacity_and_blocks(bits, blocks))
}

/// The same of a bitmap that there may be.
pub mod option {
    use super::{Deserialize, Deserializer, FixedBitSet, Serialize, Serializer};

    /// For `#[serde(with = "…")]`.
    pub(crate) fn serialize<S: Serializer>(
        bitmap: &Option<FixedBitSet>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        bitmap.as_ref().map(Borrowed).serialize(serializer)
    }

    /// For `#[serde(with = "…")]`.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<FixedBitSet>, D::Error> {
        Ok(Option::<Owned>::deserialize(deserializer)?.map(|Owned(bitmap)| bitmap))
    }

    #[derive(Serialize)]
    struct Borrowed<'a>(#[serde(serialize_with = "super::serialize")] &'a FixedBitSet);

    #[derive(Deserialize)]
    struct Owned(#[serde(deserialize_with = "super::deserialize")] FixedBitSet);
}

#[derive(Serialize)]
struct Borrowed<'a> {
    bits: usize,
    #[serde(serialize_with = "packed::serialize")]
    blocks: &'a [usize],
}

#[derive(Deserialize)]
struct Owned {
    bits: usize,
    #[serde(deserialize_with = "packed::deserialize")]
    blocks: Vec<usize>,
}
