//! Aggregate conditions: customers by a value worked out over their rows.

use std::sync::Arc;

use super::by_customer::{TableBitmap, each_customer};
use super::sort_keys::SortKeys;
use super::value_ids::{NULL, ValueIds};
use crate::backend::BackendError;
use crate::database::Table;
use crate::local::chunk_reader::ChunkReader;
use crate::local::columns::{Code as _, remove, with_keys};
use crate::local::index::customer_index::CustomerIndex;
use crate::local::index::rows_by_customer::RowsByCustomer;
use crate::local::predicate::column_predicate::ColumnPredicate;
use crate::local::predicate::interval::Interval;
use crate::local::predicate::row_filter::RowFilter;
use crate::local::sets::customer_set::{CustomerSet, TernaryMask, full_set, union};
use crate::local::sets::totals::Totals;
use crate::segment::{Aggregate, ColumnTest, Number, Predicate};

/// Decimals to which sums and averages are rounded.
const DECIMALS: u32 = 6;

/// What is known of the rows of the table.
pub struct AggregateIndexes<'a> {
    pub rows: &'a CustomerIndex,
    /// Made where it is needed.
    pub grouped: &'a (dyn Fn() -> Result<Arc<RowsByCustomer>, BackendError> + Sync),
}

/// For whom the condition holds. It is unknown where the result is NULL although there are rows.
pub fn evaluate(
    table: &Table,
    (aggregate, predicate, filters): (&Aggregate, &Predicate, &[ColumnTest]),
    indexes: &AggregateIndexes,
    universe_size: usize,
    pieces: ChunkReader,
) -> Result<TernaryMask, BackendError> {
    let matcher = ColumnPredicate::new(predicate);
    let rows = FilteredRows {
        table,
        filters: RowFilter::new(table, filters, pieces)?,
        indexes,
        universe_size,
        pieces,
    };
    let passes = |count: u32| matcher.number(Some(Number::Integer(i64::from(count))));
    match aggregate {
        Aggregate::Rows => rows.counts(None).map(|(counts, _)| truth(counts.into_iter().map(passes), None)),
        Aggregate::Count(column) => {
            rows.counts(Some(column)).map(|(counts, _)| truth(counts.into_iter().map(passes), None))
        }
        Aggregate::CountDistinct(column) => {
            rows.count_distinct(column).map(|counts| truth(counts.into_iter().map(passes), None))
        }
        Aggregate::Sum(column) => {
            let (totals, seen) = rows.totals(column)?;
            if let ColumnPredicate::Number(test) = matcher
                && let Some(interval) = Interval::of_number(test)
                && totals.is_whole()
            {
                return Ok(TernaryMask::known(totals.passing(&full_set(universe_size), DECIMALS, &interval)));
            }
            let sums =
                (0..universe_size).map(|customer| matcher.number(totals.sum(customer).rounded(DECIMALS)));
            Ok(truth(sums, Some(&seen)))
        }
        Aggregate::Average(column) => {
            let (totals, seen) = rows.totals(column)?;
            let (counts, _) = rows.counts(Some(column))?;
            let averages = counts.into_iter().enumerate().map(|(customer, count)| {
                let average = (count > 0).then(|| totals.sum(customer).average(u64::from(count), DECIMALS));
                matcher.number(average.flatten())
            });
            Ok(truth(averages, Some(&seen)))
        }
        Aggregate::Minimum(column) => rows.extremes(column, false, &matcher),
        Aggregate::Maximum(column) => rows.extremes(column, true, &matcher),
    }
}

/// From the result of each customer. Where that is unknown, it is so only for those who were seen.
fn truth(results: impl ExactSizeIterator<Item = Option<bool>>, seen: Option<&CustomerSet>) -> TernaryMask {
    let mut holds = CustomerSet::with_capacity(results.len());
    let mut unknown = holds.clone();
    for (customer, result) in results.enumerate() {
        match result {
            Some(true) => holds.insert(customer),
            None if seen.is_some_and(|seen| seen.contains(customer)) => unknown.insert(customer),
            _ => {}
        }
    }
    TernaryMask { holds, unknown }
}

/// The rows on which all filters hold.
struct FilteredRows<'a> {
    table: &'a Table,
    filters: RowFilter<'a>,
    indexes: &'a AggregateIndexes<'a>,
    universe_size: usize,
    pieces: ChunkReader<'a>,
}

impl FilteredRows<'_> {
    /// For each customer the number of rows, or of values in a column; and who has a row.
    fn counts(&self, column: Option<&str>) -> Result<(Vec<u32>, CustomerSet), BackendError> {
        let columns = column.as_slice();
        let none = || (vec![0_u32; self.universe_size], self.nobody());
        let found = self.pieces.fold(self.table, columns, none, |(counts, seen), number, pieces| {
            let customers = self.indexes.rows.customers.piece(number, self.pieces)?;
            let mut rows = self.filters.rows(number)?;
            customers.mark(&rows, seen);
            let nulls = pieces.first().and_then(|piece| piece.nulls.as_ref());
            nulls.iter().for_each(|nulls| remove(&mut rows, nulls));
            customers.each(&rows, |_, customer| {
                counts.get_mut(customer).into_iter().for_each(|count| *count += 1);
            });
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
        let none = || (Totals::new(self.universe_size), self.nobody());
        let found = self.pieces.fold(self.table, &[column], none, |(totals, seen), number, pieces| {
            if let Some(amounts) = pieces.first() {
                let customers = self.indexes.rows.customers.piece(number, self.pieces)?;
                let rows = self.filters.rows(number)?;
                totals.add(amounts, &rows, &customers, seen);
            }
            Ok(())
        })?;
        let both = found
            .into_iter()
            .reduce(|(totals, seen), (more, others)| (totals.and(more), union(seen, &others)));
        Ok(both.unwrap_or_else(none))
    }

    fn count_distinct(&self, column: &str) -> Result<Vec<u32>, BackendError> {
        let values = self.pieces.dense(self.table, column)?;
        let counting = self.counting()?;
        if values.count() <= u64::BITS {
            return self.count_few(&values, &counting);
        }
        let grouped = (self.indexes.grouped)()?;
        let new = || (Vec::new(), Vec::new());
        let found =
            each_customer(self.universe_size, &grouped, self.pieces.cancel, new, |part, customer, rows| {
                let (counts, numbers): &mut (Vec<(usize, u32)>, Vec<u32>) = part;
                numbers.clear();
                numbers.extend(rows.filter(|row| counting.has(*row)).map(|row| values.number(row)));
                numbers.retain(|number| *number != NULL);
                numbers.sort_unstable();
                numbers.dedup();
                counts.push((customer, u32::try_from(numbers.len()).unwrap_or(u32::MAX)));
            })?;
        let mut counts = vec![0; self.universe_size];
        for (customer, count) in found.into_iter().flat_map(|(counts, _)| counts) {
            counts.get_mut(customer).into_iter().for_each(|place| *place = count);
        }
        Ok(counts)
    }

    /// The same where the values of a customer fit into one number, a bit each.
    fn count_few(&self, values: &ValueIds, counting: &TableBitmap) -> Result<Vec<u32>, BackendError> {
        let mut bits = vec![0_u64; self.universe_size];
        for (number, rows) in counting.pieces.iter().enumerate() {
            self.pieces.cancel.check()?;
            let Some(numbers) = values.piece(number) else { continue };
            let customers = self.indexes.rows.customers.piece(number, self.pieces)?;
            with_keys!(numbers, numbers => customers.each(rows, |row, customer| {
                if let (Some(bits), Some(number)) = (bits.get_mut(customer), numbers.get(row)) {
                    *bits |= 1 << number.wide();
                }
            }));
        }
        Ok(bits.into_iter().map(|bits| (bits & !(1 << NULL)).count_ones()).collect())
    }

    /// Whether the least or the greatest value of a column passes.
    fn extremes(
        &self,
        column: &str,
        greatest: bool,
        matcher: &ColumnPredicate,
    ) -> Result<TernaryMask, BackendError> {
        let (pieces, counting) = (self.pieces.all(self.table, column)?, self.counting()?);
        let keys = SortKeys::from_chunks(&pieces, true);
        let mut best: Vec<Option<u64>> = vec![None; self.universe_size];
        let mut seen = self.nobody();
        for (number, (piece, rows)) in pieces.iter().zip(&counting.pieces).enumerate() {
            self.pieces.cancel.check()?;
            let customers = self.indexes.rows.customers.piece(number, self.pieces)?;
            customers.mark(rows, &mut seen);
            let mut rows = rows.clone();
            piece.nulls.iter().for_each(|nulls| remove(&mut rows, nulls));
            customers.each(&rows, |row, customer| {
                let key = keys.key(number, piece, piece.codes.get(row));
                if let Some(best) = best.get_mut(customer) {
                    let better = |known: u64| if greatest { known.max(key) } else { known.min(key) };
                    *best = Some(best.map_or(key, better));
                }
            });
        }
        let mut buffer = String::new();
        let results = best.into_iter().map(|key| {
            let value = key.zip(pieces.first()).map(|(key, like)| keys.value(key, like));
            matcher.result(value, &mut buffer)
        });
        Ok(truth(results, Some(&seen)))
    }

    /// Which rows count.
    fn counting(&self) -> Result<TableBitmap, BackendError> {
        TableBitmap::of(&self.filters, self.indexes.rows.customers.pieces(), self.pieces)
    }

    fn nobody(&self) -> CustomerSet {
        CustomerSet::with_capacity(self.universe_size)
    }
}
