//! Numbers, texts and lists as plain bytes. Every number is written in the same order of bytes on every
//! machine.

use fixedbitset::FixedBitSet;

/// What can be written as bytes and read again.
pub trait Stored: Sized {
    /// Appends it.
    fn write(&self, to: &mut Vec<u8>);
    /// Reads what was written; `None` if the bytes are something else.
    fn read(from: &mut Bytes<'_>) -> Option<Self>;
}

/// Bytes that are read from the front.
pub struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }
}

/// As bytes.
pub fn write<S: Stored>(stored: &S) -> Vec<u8> {
    let mut bytes = Vec::new();
    stored.write(&mut bytes);
    bytes
}

/// The bytes of a text.
pub fn write_text(text: &str, to: &mut Vec<u8>) {
    text.len().write(to);
    to.extend_from_slice(text.as_bytes());
}

/// Out of all of some bytes.
pub fn read<S: Stored>(bytes: &[u8]) -> Option<S> {
    let mut bytes = Bytes(bytes);
    let stored = S::read(&mut bytes)?;
    bytes.0.is_empty().then_some(stored)
}

macro_rules! numbers {
    ($($number:ty),*) => { $(
        impl Stored for $number {
            fn write(&self, to: &mut Vec<u8>) {
                to.extend_from_slice(&self.to_le_bytes());
            }

            fn read(from: &mut Bytes<'_>) -> Option<Self> {
                let (bytes, _) = from.take(size_of::<Self>())?.as_chunks();
                bytes.first().map(|bytes| Self::from_le_bytes(*bytes))
            }
        }

        impl Stored for Vec<$number> {
            fn write(&self, to: &mut Vec<u8>) {
                (self.len() as u64).write(to);
                let bytes: Vec<_> = self.iter().map(|number| number.to_le_bytes()).collect();
                to.extend_from_slice(bytes.as_flattened());
            }

            fn read(from: &mut Bytes<'_>) -> Option<Self> {
                let count = usize::read(from)?;
                let (bytes, _) = from.take(count.checked_mul(size_of::<$number>())?)?.as_chunks();
                Some(bytes.iter().map(|bytes| <$number>::from_le_bytes(*bytes)).collect())
            }
        }
    )* };
}

numbers!(u8, u16, u32, u64, i64, i128);

impl Stored for usize {
    fn write(&self, to: &mut Vec<u8>) {
        (*self as u64).write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        u64::read(from)?.try_into().ok()
    }
}

impl Stored for bool {
    fn write(&self, to: &mut Vec<u8>) {
        u8::from(*self).write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        match u8::read(from)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Stored for String {
    fn write(&self, to: &mut Vec<u8>) {
        write_text(self, to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        let length = usize::read(from)?;
        Self::from_utf8(from.take(length)?.to_vec()).ok()
    }
}

impl<S: Stored> Stored for std::sync::Arc<S> {
    fn write(&self, to: &mut Vec<u8>) {
        (**self).write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        S::read(from).map(Self::new)
    }
}

impl<S: Stored> Stored for Option<S> {
    fn write(&self, to: &mut Vec<u8>) {
        self.is_some().write(to);
        self.iter().for_each(|stored| stored.write(to));
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        Some(if bool::read(from)? { Some(S::read(from)?) } else { None })
    }
}

impl<S: Stored, T: Stored> Stored for (S, T) {
    fn write(&self, to: &mut Vec<u8>) {
        self.0.write(to);
        self.1.write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        Some((S::read(from)?, T::read(from)?))
    }
}

/// A list of anything but numbers, which have a quicker way.
pub fn write_list<S: Stored>(list: &[S], to: &mut Vec<u8>) {
    list.len().write(to);
    list.iter().for_each(|stored| stored.write(to));
}

/// Reads a list.
pub fn read_list<S: Stored>(from: &mut Bytes<'_>) -> Option<Vec<S>> {
    (0..usize::read(from)?).map(|_| S::read(from)).collect()
}

impl Stored for FixedBitSet {
    fn write(&self, to: &mut Vec<u8>) {
        self.len().write(to);
        self.as_slice().iter().map(|block| *block as u64).collect::<Vec<u64>>().write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        let length = usize::read(from)?;
        let blocks: Option<Vec<usize>> =
            Vec::<u64>::read(from)?.into_iter().map(|block| block.try_into().ok()).collect();
        let blocks = blocks.filter(|blocks| blocks.len() == length.div_ceil(usize::BITS as usize))?;
        Some(Self::with_capacity_and_blocks(length, blocks))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            numbers: Vec<u32>,
            text: Option<String>,
            is: bool,
            set in prop::collection::vec(0_usize..200, 0..20),
            noise: Vec<u8>,
        ) {
            let mut bits = FixedBitSet::with_capacity(200);
            bits.extend(set);
            let all = ((numbers, text), (is, bits));
            let bytes = write(&all);
            prop_assert_eq!(read::<((Vec<u32>, Option<String>), (bool, FixedBitSet))>(&bytes), Some(all));
            // Nothing else panics, or takes more memory than it has bytes.
            let _ = read::<((Vec<u32>, Option<String>), (bool, FixedBitSet))>(&noise);
        }
    }
}
