//! The values of a whole column numbered without gaps: the same number for the same value.

use std::collections::HashMap;
use std::sync::Arc;

use hashbrown::DefaultHashBuilder;

use super::sort_keys::SortKeys;
use crate::backend::{BackendError, Cancel};
use crate::local::columns::{Chunk, ChunkSize, Keys, is_set};
use crate::local::memory::MemorySize;
use crate::local::parallel::parallel_map;

/// The number of a NULL.
pub const NULL: u32 = 0;
/// Up to here a piece's codes are numbered by a table.
const FEW: u64 = u16::MAX as u64;

type Numbers<K> = HashMap<K, u32, DefaultHashBuilder>;

/// For each row of a column the number of its value, or of a combination of values.
pub struct ValueIds {
    pieces: Vec<Keys>,
    size: ChunkSize,
    /// How many numbers there are, NULL's among them.
    count: u32,
    /// For each number but NULL's a piece and a code that have it; of combinations, none.
    examples: Vec<(usize, u64)>,
}

impl ValueIds {
    /// Of all pieces of a column.
    pub fn of(pieces: &[Arc<Chunk>], size: ChunkSize, cancel: &Cancel) -> Result<Self, BackendError> {
        let keys = SortKeys::from_chunks(pieces, false);
        let mut numbers: Numbers<u64> = HashMap::default();
        let mut examples = Vec::new();
        let mut number = |at: usize, piece: &Chunk, code: u64| {
            *numbers.entry(keys.key(at, piece, code)).or_insert_with(|| {
                examples.push((at, code));
                u32::try_from(examples.len()).unwrap_or(u32::MAX)
            })
        };
        let mut tables: Vec<Vec<u32>> = Vec::with_capacity(pieces.len());
        for (at, piece) in pieces.iter().enumerate() {
            cancel.check()?;
            let last = piece.domain.last();
            tables.push(if last <= FEW {
                // Only codes on rows have a number.
                let mut occurs = vec![false; usize::try_from(last).unwrap_or_default() + 1];
                rows(piece).flatten().for_each(|code| mark(&mut occurs, code));
                let codes = (0..).zip(&occurs);
                codes.map(|(code, occurs)| if *occurs { number(at, piece, code) } else { NULL }).collect()
            } else {
                rows(piece).map(|code| code.map_or(NULL, |code| number(at, piece, code))).collect()
            });
        }
        let count = u32::try_from(examples.len()).unwrap_or(u32::MAX).saturating_add(1);
        let codes = parallel_map(pieces.len(), cancel, |at| {
            let piece_and_table = pieces.get(at).zip(tables.get(at));
            Ok(piece_and_table.map(|(piece, table)| {
                if piece.domain.last() > FEW {
                    return Keys::collect(count.into(), table.iter().map(|number| u64::from(*number)));
                }
                let number = |code: u64| table.get(usize::try_from(code).unwrap_or(usize::MAX)).copied();
                let of_row = |code: Option<u64>| code.and_then(number).unwrap_or(NULL).into();
                Keys::collect(count.into(), rows(piece).map(of_row))
            }))
        })?;
        Ok(Self { pieces: codes.into_iter().flatten().collect(), size, count, examples })
    }

    /// Combinations with the values of another column of the same table.
    pub fn with(&self, other: &Self, cancel: &Cancel) -> Result<Self, BackendError> {
        let mut numbers: Numbers<(u64, u64)> = HashMap::default();
        let mut pieces = Vec::with_capacity(self.pieces.len());
        for (one, other) in self.pieces.iter().zip(&other.pieces) {
            cancel.check()?;
            let combined: Vec<u32> = (0..one.len())
                .map(|row| {
                    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                    *numbers.entry((one.get(row), other.get(row))).or_insert(next)
                })
                .collect();
            pieces.push(combined);
        }
        let count = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        let codes = |numbers: Vec<u32>| Keys::collect(count.into(), numbers.into_iter().map(u64::from));
        let pieces = pieces.into_iter().map(codes).collect();
        Ok(Self { pieces, size: self.size, count, examples: Vec::new() })
    }

    /// All the same value.
    pub fn one(rows: impl Iterator<Item = usize>, size: ChunkSize) -> Self {
        let pieces = rows.map(|rows| Keys::U8(vec![0; rows])).collect();
        Self { pieces, size, count: 1, examples: Vec::new() }
    }

    /// How many numbers there are, NULL's among them.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The numbers of the rows of a piece.
    pub fn piece(&self, number: usize) -> Option<&Keys> {
        self.pieces.get(number)
    }

    /// The number of a row.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // numbers are of 32 bits
    pub fn number(&self, row: usize) -> u32 {
        let (piece, row) = self.size.split(row);
        self.pieces.get(piece).map_or(NULL, |codes| codes.get(row) as u32)
    }

    /// A piece and a code that have a number, for each number from 1 on.
    pub fn examples(&self) -> &[(usize, u64)] {
        &self.examples
    }
}

impl MemorySize for ValueIds {
    fn memory_size(&self) -> usize {
        self.pieces.iter().map(Keys::memory_size).sum::<usize>() + size_of_val(self.examples.as_slice())
    }
}

/// The code of each row; `None` for a NULL.
fn rows(piece: &Chunk) -> impl Iterator<Item = Option<u64>> {
    let nulls = piece.nulls.as_deref();
    let is_null = move |row| nulls.is_some_and(|nulls| is_set(nulls, row));
    (0..piece.rows()).map(move |row| (!is_null(row)).then(|| piece.codes.get(row)))
}

fn mark(occurs: &mut [bool], code: u64) {
    if let Some(place) = usize::try_from(code).ok().and_then(|code| occurs.get_mut(code)) {
        *place = true;
    }
}
