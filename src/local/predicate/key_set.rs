//! The keys of a dictionary whose values pass a predicate.

use crate::local::columns::{Bitmap, Keys, LengthMismatch};

/// Which keys pass.
#[derive(Debug, PartialEq)]
pub(crate) enum KeySet {
    None,
    All,
    /// Those from `first` to `last`.
    Within {
        first: u64,
        last: u64,
    },
    /// All others.
    Outside {
        first: u64,
        last: u64,
    },
    /// Those that are true here. Every key of the dictionary has its place.
    Table(Vec<bool>),
}

impl KeySet {
    /// What is true of each key, as simple as it can be said.
    pub(crate) fn from_table(table: Vec<bool>) -> Self {
        let ends = |wanted: bool| {
            let first = table.iter().position(|passes| *passes == wanted)?;
            let last = table.iter().rposition(|passes| *passes == wanted)?;
            let is_all =
                table.get(first..=last).is_some_and(|within| within.iter().all(|passes| *passes == wanted));
            Some((first as u64, last as u64, is_all))
        };
        match (ends(true), ends(false)) {
            (None, _) => Self::None,
            (_, None) => Self::All,
            (Some((first, last, true)), _) => Self::Within { first, last },
            (_, Some((first, last, true))) => Self::Outside { first, last },
            _ => Self::Table(table),
        }
    }

    #[inline]
    pub fn contains(&self, key: u64) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Within { first, last } => (*first..=*last).contains(&key),
            Self::Outside { first, last } => !(*first..=*last).contains(&key),
            Self::Table(table) => {
                let passes = usize::try_from(key).ok().and_then(|key| table.get(key));
                debug_assert!(passes.is_some());
                passes.copied().unwrap_or_default()
            }
        }
    }

    /// The rows with a key that passes, whether or not their value is NULL.
    pub fn rows(&self, keys: &Keys) -> Result<Bitmap, LengthMismatch> {
        Ok(match self {
            Self::None => Bitmap::zeros(keys.len()),
            Self::All => Bitmap::ones(keys.len()),
            Self::Within { first, last } => keys.within(*first, *last),
            Self::Outside { first, last } => {
                let mut rows = Bitmap::ones(keys.len());
                rows.and_not(&keys.within(*first, *last))?;
                rows
            }
            Self::Table(table) => keys.among(table),
        })
    }
}
