//! Aggregate conditions: customers by a value worked out over their rows.

use std::sync::Arc;

use super::by_customer::for_each_customer;
use super::sort_keys::SortKeys;
use super::table_bitmap::TableBitmap;
use super::value_bits::{ValueBits, merge_bits};
use super::value_ids::{NULL_ID, ValueIds};
use crate::backend::BackendError;
use crate::database::Table;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::{KeyType as _, same_length, with_keys};
use crate::local::consistency::{check_length, checked_mut, inconsistent};
use crate::local::index::customer_index::CustomerIndex;
use crate::local::index::rows_by_customer::RowsByCustomer;
use crate::local::parallel::parallel_fold;
use crate::local::predicate::column_predicate::ColumnPredicate;
use crate::local::predicate::interval::Interval;
use crate::local::predicate::row_filter::RowFilter;
use crate::local::sets::customer_set::{CustomerSet, full_set, union};
use crate::local::sets::ternary_mask::TernaryMask;
use crate::local::sets::totals::Totals;
use crate::segment::{Aggregate, ColumnTest, Number, Predicate};

/// Decimals to which sums and averages are rounded.
pub(crate) const DECIMALS: u32 = 6;

/// Below this it is known beforehand whether a count passes.
const FEW: u32 = 64;

/// What is known of the rows of the table.
pub(crate) struct AggregateIndexes<'a> {
    pub customers: &'a CustomerIndex,
    /// Made where it is needed.
    pub rows: &'a (dyn Fn() -> Result<Arc<RowsByCustomer>, BackendError> + Sync),
}

/// For whom the condition holds. It is unknown where the result is NULL although there are rows.
pub fn evaluate(
    table: &Table,
    (aggregate, predicate, filters): (&Aggregate, &Predicate, &[ColumnTest]),
    indexes: &AggregateIndexes,
    universe_size: usize,
    reader: ChunkReader,
) -> Result<TernaryMask, BackendError> {
    indexes.customers.customers.check_ids(universe_size)?;
    let predicate = ColumnPredicate::new(predicate);
    let filter = RowFilter::new(table, filters, reader)?;
    let rows = FilteredRows { table, filter, indexes, universe_size, reader };
    let passes = |count: u32| predicate.number(Some(Number::Integer(i64::from(count))));
    // What most customers have is asked of the predicate once.
    let few: Vec<Option<bool>> = (0..FEW).map(passes).collect();
    let passes = |count: u32| few.get(count as usize).copied().unwrap_or_else(|| passes(count));
    match aggregate {
        Aggregate::Rows => rows.counts(None).map(|(counts, _)| mask(counts.into_iter().map(passes), None)),
        Aggregate::Count(column) => {
            rows.counts(Some(column)).map(|(counts, _)| mask(counts.into_iter().map(passes), None))
        }
        Aggregate::CountDistinct(column) => {
            rows.count_distinct(column).map(|counts| mask(counts.into_iter().map(passes), None))
        }
        Aggregate::Sum(column) => {
            let (totals, seen) = rows.totals(column)?;
            if let ColumnPredicate::Number(test) = &predicate
                && let Some(interval) = Interval::from_number_test(test.of_exact())
                && totals.is_whole()
            {
                let passing = totals.passing(&full_set(universe_size), DECIMALS, &interval)?;
                return Ok(TernaryMask::from_known(passing));
            }
            let sums =
                (0..universe_size).map(|customer| predicate.number(totals.sum(customer).rounded(DECIMALS)));
            Ok(mask(sums, Some(&seen)))
        }
        Aggregate::Average(column) => {
            let (totals, seen) = rows.totals(column)?;
            let (counts, _) = rows.counts(Some(column))?;
            let averages = counts.into_iter().enumerate().map(|(customer, count)| {
                let average = (count > 0).then(|| totals.sum(customer).average(u64::from(count), DECIMALS));
                predicate.number(average.flatten())
            });
            Ok(mask(averages, Some(&seen)))
        }
        Aggregate::Minimum(column) => rows.extremes(column, false, &predicate),
        Aggregate::Maximum(column) => rows.extremes(column, true, &predicate),
    }
}

/// From the result of each customer. Where that is unknown, it is so only for those who were seen.
fn mask(results: impl ExactSizeIterator<Item = Option<bool>>, seen: Option<&CustomerSet>) -> TernaryMask {
    let mut trues = CustomerSet::with_capacity(results.len());
    let mut unknowns = trues.clone();
    for (customer, result) in results.enumerate() {
        match result {
            Some(true) => trues.insert(customer),
            None if seen.is_some_and(|seen| seen.contains(customer)) => unknowns.insert(customer),
            Some(false) | None => {}
        }
    }
    TernaryMask { trues, unknowns }
}

/// The rows on which all filters hold. Their customers are below the size of the universe, which was checked.
struct FilteredRows<'a> {
    table: &'a Table,
    filter: RowFilter<'a>,
    indexes: &'a AggregateIndexes<'a>,
    universe_size: usize,
    reader: ChunkReader<'a>,
}

impl FilteredRows<'_> {
    /// For each customer the number of rows, or of values in a column; and who has a row.
    fn counts(&self, column: Option<&str>) -> Result<(Vec<u32>, CustomerSet), BackendError> {
        let columns = column.as_slice();
        let none = || (vec![0_u32; self.universe_size], self.empty_set());
        let source = ReadableTable::new(self.table)?;
        let found = self.reader.fold_columns(source, columns, none, |(counts, seen), number, chunks| {
            let customers = self.indexes.customers.customers.chunk(number, self.reader)?;
            let mut rows = self.filter.rows(number)?;
            customers.add_to(&rows, seen)?;
            if let Some(nulls) = chunks.first().and_then(|chunk| chunk.nulls()) {
                rows.and_not(nulls)?;
            }
            customers.for_each(&rows, |_, customer| {
                if let Some(count) = checked_mut(counts, customer) {
                    *count += 1;
                }
            })?;
            Ok(())
        })?;
        let both = |(mut counts, seen): (Vec<u32>, CustomerSet), (more, others): (Vec<u32>, CustomerSet)| {
            counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
            (counts, union(seen, &others))
        };
        Ok(found.into_iter().reduce(both).unwrap_or_else(none))
    }

    /// For each customer the sum of a column; and who has a row.
    fn totals(&self, column: &str) -> Result<(Totals, CustomerSet), BackendError> {
        let none = || (Totals::new(self.universe_size), self.empty_set());
        let source = ReadableTable::new(self.table)?;
        let found = self.reader.fold(source, [column], none, |(totals, seen), number, [amounts]| {
            let customers = self.indexes.customers.customers.chunk(number, self.reader)?;
            totals.add(&amounts, &self.filter.rows(number)?, &customers, seen)
        })?;
        let both = found
            .into_iter()
            .reduce(|(totals, seen), (more, others)| (totals.merge(more), union(seen, &others)));
        Ok(both.unwrap_or_else(none))
    }

    fn count_distinct(&self, column: &str) -> Result<Vec<u32>, BackendError> {
        let values = ValueIds::of_column(self.table, column, self.reader)?;
        let counted = self.counted()?;
        match values.count() {
            ..=8 => return self.count_few::<u8>(&values, &counted),
            9..=16 => return self.count_few::<u16>(&values, &counted),
            17..=32 => return self.count_few::<u32>(&values, &counted),
            33..=64 => return self.count_few::<u64>(&values, &counted),
            65.. => {}
        }
        let rows = (self.indexes.rows)()?;
        let (size, cancel) = (self.universe_size, self.reader.cancel);
        let new = || (Vec::new(), Vec::new());
        let found = for_each_customer(size, &rows, cancel, new, |part, customer, rows| {
            let (counts, ids): &mut (Vec<(usize, u32)>, Vec<u32>) = part;
            ids.clear();
            ids.extend(rows.filter(|row| counted.contains(*row)).map(|row| values.id(row)));
            ids.retain(|id| *id != NULL_ID);
            ids.sort_unstable();
            ids.dedup();
            #[allow(clippy::cast_possible_truncation)] // no more than rows, which a u32 counts
            counts.push((customer, ids.len() as u32));
        })?;
        let mut counts = vec![0; self.universe_size];
        for (customer, count) in found.into_iter().flat_map(|(counts, _)| counts) {
            checked_mut(&mut counts, customer).into_iter().for_each(|place| *place = count);
        }
        Ok(counts)
    }

    /// The same where the values of a customer fit into one number, a bit each.
    fn count_few<B: ValueBits>(
        &self,
        values: &ValueIds,
        counted: &TableBitmap,
    ) -> Result<Vec<u32>, BackendError> {
        let none = || vec![B::default(); self.universe_size];
        let found = parallel_fold(counted.chunks(), self.reader.cancel, none, |bits, number| {
            let (rows, ids) = (counted.chunk(number)?, values.chunk(number)?);
            let customers = self.indexes.customers.customers.chunk(number, self.reader)?;
            let bits = bits.as_mut_slice();
            with_keys!(ids, ids => customers.for_each_value(rows, ids, move |customer, id| {
                if let Some(bits) = checked_mut(bits, customer) {
                    *bits |= B::of_value(id.widen());
                }
            })?);
            Ok(())
        })?;
        let bits = found.into_iter().reduce(merge_bits).unwrap_or_else(none);
        Ok(bits.into_iter().map(|bits| (bits.widen() & !(1 << NULL_ID)).count_ones()).collect())
    }

    /// Whether the least or the greatest value of a column passes.
    fn extremes(
        &self,
        column: &str,
        greatest: bool,
        predicate: &ColumnPredicate,
    ) -> Result<TernaryMask, BackendError> {
        let chunks = self.reader.column(ReadableTable::new(self.table)?, column)?;
        let counted = self.counted()?;
        check_length("chunks of a column", chunks.len(), counted.chunks())?;
        let sort_keys = SortKeys::new(&chunks, true);
        let mut best: Vec<Option<u64>> = vec![None; self.universe_size];
        let mut seen = self.empty_set();
        for (number, chunk) in chunks.iter().enumerate() {
            self.reader.cancel.check()?;
            let customers = self.indexes.customers.customers.chunk(number, self.reader)?;
            let mut rows = counted.chunk(number)?.clone();
            same_length(chunk.rows(), rows.len())?;
            customers.add_to(&rows, &mut seen)?;
            if let Some(nulls) = chunk.nulls() {
                rows.and_not(nulls)?;
            }
            customers.for_each(&rows, |row, customer| {
                let key = sort_keys.sort_key(number, chunk, chunk.keys().get(row));
                if let Some(best) = checked_mut(&mut best, customer) {
                    let better = |known: u64| if greatest { known.max(key) } else { known.min(key) };
                    *best = Some(best.map_or(key, better));
                }
            })?;
        }
        // A table without rows has no chunk, and nobody has a value.
        let Some(like) = chunks.first() else {
            return Ok(mask(best.into_iter().map(|_| predicate.of_null()), Some(&seen)));
        };
        let mut results = Vec::with_capacity(best.len());
        let mut buffer = String::new();
        for key in best {
            results.push(match key {
                None => predicate.of_null(),
                Some(key) => {
                    let value = sort_keys.value(key, like);
                    let value = value.ok_or_else(|| inconsistent("a sort key has no value"))?;
                    Some(predicate.holds(value, &mut buffer))
                }
            });
        }
        Ok(mask(results.into_iter(), Some(&seen)))
    }

    fn counted(&self) -> Result<TableBitmap, BackendError> {
        TableBitmap::new(&self.filter, self.indexes.customers.customers.chunks(), self.reader)
    }

    fn empty_set(&self) -> CustomerSet {
        CustomerSet::with_capacity(self.universe_size)
    }
}
