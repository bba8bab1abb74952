//! The rows of a table as a sum for each id, which is the same for the same rows in any order.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::backend::{BackendError, Cancel};
use crate::database::Table;
use crate::local::chunk_reader::ReadableTable;
use crate::local::columns::{Chunk, Value};
use crate::local::engine::Engine;
use crate::local::error::unreadable;
use crate::local::files::id_texts;
use crate::local::parallel::parallel_fold;
use crate::local::values::is_blank;

/// What the rows of each id add up to. Hashes have 128 bits: different rows with one sum are not met in practice.
#[derive(Debug, Default)]
pub(super) struct RowSums {
    /// By the hash of the id; none for rows without one.
    sums: HashMap<Option<u128>, (u128, i64)>,
}

impl RowSums {
    fn add(&mut self, id: Option<u128>, row: u128) {
        let (sum, rows) = self.sums.entry(id).or_default();
        *sum = sum.wrapping_add(row);
        *rows += 1;
    }

    fn merge(&mut self, other: Self) {
        if self.sums.is_empty() {
            *self = other;
            return;
        }
        for (id, (more, rows_more)) in other.sums {
            let (sum, rows) = self.sums.entry(id).or_default();
            *sum = sum.wrapping_add(more);
            *rows += rows_more;
        }
    }

    /// Turns sums around: what is added from here on cancels out what is the same.
    pub(super) fn negate(&mut self) {
        for (sum, rows) in self.sums.values_mut() {
            (*sum, *rows) = (sum.wrapping_neg(), -*rows);
        }
    }

    /// How many ids are left whose rows differ, and whether rows without an id do.
    pub(super) fn differing(&self) -> (u64, bool) {
        let differing = self.sums.iter().filter(|(_, sum)| **sum != (0, 0));
        let without_id = self.sums.get(&None).is_some_and(|sum| *sum != (0, 0));
        (differing.count() as u64 - u64::from(without_id), without_id)
    }
}

impl Engine {
    /// Adds the rows of one of the database's own tables.
    pub(super) fn add_rows(
        &self,
        table: &Table,
        activation_id: &str,
        sums: &mut RowSums,
        cancel: &Cancel,
    ) -> Result<(), BackendError> {
        let source = ReadableTable::new(table)?;
        let reader = self.chunk_reader(cancel);
        let content = table.content.as_ref().ok();
        let columns = content.into_iter().flat_map(|content| content.columns.iter());
        let mut columns: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
        columns.sort_unstable();
        let id = table.id_column(activation_id);
        let found = parallel_fold(reader.chunk_count(source), cancel, RowSums::default, |sums, number| {
            let mut rows = vec![0_u128; reader.chunk_rows(source, number)];
            for column in &columns {
                cancel.check()?;
                add_column(&mut rows, &*reader.passing_chunk(source, column, number)?);
            }
            let Some(id) = id else {
                rows.into_iter().for_each(|row| sums.add(None, mixed(row)));
                return Ok(());
            };
            let mut rows = rows.into_iter();
            for frame in reader.frames(source, &[id], number) {
                let (frame, unreadable) = (frame?, unreadable(&table.name));
                let texts = id_texts(frame.column(id).map_err(&unreadable)?).map_err(&unreadable)?;
                for (text, row) in texts.iter().zip(rows.by_ref()) {
                    let text = text.filter(|text| !is_blank(text));
                    sums.add(text.map(|text| digest(&Value::Text(text))), mixed(row));
                }
            }
            Ok(())
        })?;
        found.into_iter().for_each(|part| sums.merge(part));
        Ok(())
    }
}

/// Adds the values of a column to the hashes of rows.
fn add_column(rows: &mut [u128], chunk: &Chunk) {
    const NULL: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
    // The digests of few different values are made once.
    let few = chunk.dictionary().last().filter(|last| *last < rows.len() as u64);
    let known: Vec<u128> = few
        .map_or_else(Vec::new, |last| (0..=last).map(|key| digest(&chunk.dictionary().value(key))).collect());
    for (at, row) in rows.iter_mut().enumerate() {
        let value = if chunk.is_null(at) {
            NULL
        } else {
            let known = usize::try_from(chunk.keys().get(at)).ok().and_then(|key| known.get(key));
            known.copied().unwrap_or_else(|| digest(&chunk.value(at)))
        };
        *row = mixed(row.rotate_left(7) ^ value);
    }
}

/// A value as a number: the same for values that compare as equal, whatever they are kept as.
fn digest(value: &Value<'_>) -> u128 {
    let half = |part: u8| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(part);
        match value {
            Value::Text(text) => text.hash(&mut hasher),
            Value::Integer(_) | Value::Decimal(_) | Value::Exact { .. } => value.number().hash(&mut hasher),
            Value::Boolean(flag) => flag.hash(&mut hasher),
            Value::Date(number) | Value::Datetime(number) => number.hash(&mut hasher),
        }
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

/// Spreads a number over all its bits.
fn mixed(number: u128) -> u128 {
    const ODD: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;
    let number = (number ^ number >> 67).wrapping_mul(ODD);
    let number = (number ^ number >> 61).wrapping_mul(ODD);
    number ^ number >> 64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_compared_whatever_their_order() {
        let sums = |rows: &[(Option<u128>, u128)]| {
            let mut sums = RowSums::default();
            rows.iter().for_each(|(id, row)| sums.add(*id, *row));
            sums
        };
        let differing = |before: &[(Option<u128>, u128)], after: &[(Option<u128>, u128)]| {
            let mut all = sums(before);
            all.negate();
            all.merge(sums(after));
            all.differing()
        };
        let rows = [(Some(1), 5), (Some(2), 6), (Some(1), 7), (None, 8)];
        let turned = [(None, 8), (Some(1), 7), (Some(1), 5), (Some(2), 6)];
        assert_eq!(differing(&rows, &turned), (0, false));
        // A row less, a row twice, a row of somebody else, a row that is new.
        assert_eq!(differing(&rows, &turned[1..]), (0, true));
        assert_eq!(differing(&rows, &[(None, 8), (Some(1), 7), (Some(1), 7), (Some(2), 6)]), (1, false));
        assert_eq!(differing(&rows, &[(None, 8), (Some(2), 7), (Some(1), 5), (Some(2), 6)]), (2, false));
        assert_eq!(differing(&rows, &[turned.as_slice(), &[(Some(3), 0)]].concat()), (1, false));
    }

    #[test]
    fn values_that_compare_as_equal_have_one_digest() {
        let exact = Value::Exact { parts: 250, decimals: 2 };
        assert_eq!(digest(&exact), digest(&Value::Decimal(2.5)));
        assert_ne!(digest(&exact), digest(&Value::Decimal(2.6)));
        assert_ne!(digest(&Value::Text("a")), digest(&Value::Text("A")));
    }
}
