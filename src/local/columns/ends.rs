//! Where each of many strings ends, one after the other.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::local::cache::persisted::packed;

/// The ends of strings in bytes, counted from where the first begins. Ids are mostly of one length: then that says them all.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) enum Ends {
    /// Of so many strings of so many bytes each.
    Even {
        width: usize,
        count: usize,
    },
    Each(#[serde(with = "packed")] Vec<usize>),
}

impl Default for Ends {
    fn default() -> Self {
        Self::Even { width: 0, count: 0 }
    }
}

impl Ends {
    pub fn len(&self) -> usize {
        match self {
            Self::Even { count, .. } => *count,
            Self::Each(ends) => ends.len(),
        }
    }

    /// The end of the last one.
    pub fn total(&self) -> usize {
        self.start(self.len())
    }

    /// Adds a string of so many bytes.
    #[inline]
    pub fn push(&mut self, length: usize) {
        match self {
            Self::Even { width, count } if *count == 0 => (*width, *count) = (length, 1),
            Self::Even { width, count } if *width == length => *count += 1,
            Self::Even { width, count } => {
                let mut ends: Vec<usize> = (1..=*count).map(|number| number * *width).collect();
                ends.push(*width * *count + length);
                *self = Self::Each(ends);
            }
            Self::Each(ends) => ends.push(ends.last().copied().unwrap_or(0) + length),
        }
    }

    /// Where a string is; `None` if there is none of this number.
    #[inline]
    pub fn range(&self, number: usize) -> Option<Range<usize>> {
        match self {
            Self::Even { width, count } => {
                let start = number.checked_mul(*width).filter(|_| number < *count)?;
                Some(start..start + width)
            }
            Self::Each(ends) => {
                let start = number.checked_sub(1).map_or(Some(&0), |before| ends.get(before))?;
                Some(*start..*ends.get(number)?)
            }
        }
    }

    /// Where a string begins; of the number after the last, where that ends.
    pub fn start(&self, number: usize) -> usize {
        match self {
            Self::Even { width, count } => number.min(*count) * width,
            Self::Each(ends) => {
                number.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0)
            }
        }
    }

    /// The number of the string that has this byte, which is one of `numbers`.
    pub fn number_at(&self, byte: usize, numbers: Range<usize>) -> usize {
        match self {
            Self::Even { width, .. } => byte.checked_div(*width).unwrap_or(numbers.start),
            Self::Each(ends) => {
                let ends = ends.get(numbers.clone()).unwrap_or_default();
                numbers.start + ends.partition_point(|end| *end <= byte)
            }
        }
    }

    /// Whether they are in order, and `holds` of each.
    pub fn are(&self, holds: impl Fn(usize) -> bool) -> bool {
        match self {
            // Any number of empty strings takes no bytes: nobody stores more than one.
            Self::Even { width: 0, count } => *count <= 1,
            Self::Even { width, count } => {
                width.checked_mul(*count).is_some() && (1..=*count).all(|number| holds(number * width))
            }
            Self::Each(ends) => ends.is_sorted() && ends.iter().all(|end| holds(*end)),
        }
    }

    pub fn shrink_to_fit(&mut self) {
        match self {
            Self::Even { .. } => {}
            Self::Each(ends) => ends.shrink_to_fit(),
        }
    }

    pub fn memory_size(&self) -> usize {
        match self {
            Self::Even { .. } => 0,
            Self::Each(ends) => ends.capacity() * size_of::<usize>(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn strings_are_where_they_were_put(lengths in prop::collection::vec(0_usize..3, 0..20), same: bool) {
            let lengths: Vec<usize> = if same { lengths.iter().map(|_| 2).collect() } else { lengths };
            let (mut ends, mut start) = (Ends::default(), 0);
            for (number, length) in lengths.iter().enumerate() {
                prop_assert_eq!((ends.range(number), ends.start(number)), (None, start));
                ends.push(*length);
                prop_assert_eq!(ends.range(number), Some(start..start + length));
                start += length;
            }
            prop_assert_eq!((ends.len(), ends.total()), (lengths.len(), start));
            for byte in 0..start {
                let number = ends.number_at(byte, 0..lengths.len());
                prop_assert!(ends.range(number).unwrap().contains(&byte));
            }
            prop_assert_eq!(ends.are(|end| end <= start), start > 0 || lengths.len() <= 1);
        }
    }
}
