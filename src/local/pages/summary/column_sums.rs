//! The rows of each customer in a table, counted and added up, for averages and custom metrics.

use std::sync::Arc;

use super::both::{Both, Members};
use crate::backend::BackendError;
use crate::database::Table;
use crate::local::cache_key::CacheKey;
use crate::local::chunk_reader::ReadableTable;
use crate::local::columns::Bitmap;
use crate::local::consistency::{check_length, checked, checked_mut};
use crate::local::index::customer_index::CustomerIndex;
use crate::local::memory::MemorySize;
use crate::local::sets::block::{Block, count_and};
use crate::local::sets::customer_set::{CustomerSet, union};
use crate::local::sets::insights::{InsightTables as _, is_numeric};
use crate::local::sets::sum::Sum;
use crate::local::sets::totals::Totals;
use crate::local::view::View;

/// For each customer how many rows there are, or values of a column, and what those add up to.
pub(crate) struct ColumnSums {
    counts: Counts,
    /// Of numbers.
    totals: Option<Totals>,
}

enum Counts {
    /// Nobody has more than one.
    One(CustomerSet),
    Many(Vec<u32>),
}

/// What some customers come to: how many rows or values, and their sum.
#[derive(Clone, Copy, Default)]
pub(super) struct CountAndSum {
    pub count: u64,
    pub sum: Sum,
}

impl View<'_> {
    /// The rows of a table, or the values of one of its columns, for each customer; kept from one answer to the next.
    pub(super) fn column_sums(
        &self,
        (table, index): (&Table, &CustomerIndex),
        column: Option<&str>,
    ) -> Result<Arc<ColumnSums>, BackendError> {
        let key = CacheKey::ColumnSums {
            id: self.activation_id.to_owned(),
            table: table.key().into_owned(),
            column: column.map(str::to_owned),
        };
        self.engine.memory.get_or_make(key, self.cancel, || {
            index.customers.check_ids(self.size())?;
            let (source, reader) = (ReadableTable::new(table)?, self.reader());
            let has_numbers = column.is_some_and(|column| is_numeric(table, column));
            let is_multi_row = index.counts(reader)?.is_multi_row;
            let new = || (Counts::new(self.size(), is_multi_row), Totals::new(self.size()));
            let columns: Vec<&str> = column.into_iter().collect();
            let found = reader.fold_columns(source, &columns, new, |(counts, totals), number, chunks| {
                let customers = index.customers.chunk(number, reader)?;
                let mut rows = Bitmap::ones(customers.rows());
                if let Some(nulls) = chunks.first().and_then(|chunk| chunk.nulls()) {
                    rows.and_not(nulls)?;
                }
                match (counts, chunks.first().filter(|_| has_numbers)) {
                    (Counts::One(has), Some(amounts)) => totals.add(amounts, &rows, &customers, has)?,
                    (Counts::One(has), None) => customers.add_to(&rows, has)?,
                    (Counts::Many(counts), amounts) => {
                        customers.for_each(&rows, |_, customer| {
                            checked_mut(counts, customer).into_iter().for_each(|count| *count += 1);
                        })?;
                        if let Some(amounts) = amounts {
                            let mut seen = CustomerSet::with_capacity(self.size());
                            totals.add(amounts, &rows, &customers, &mut seen)?;
                        }
                    }
                }
                Ok(())
            })?;
            let merge =
                |one: (Counts, Totals), other: (Counts, Totals)| (one.0.merge(other.0), one.1.merge(other.1));
            let (counts, totals) = found.into_iter().reduce(merge).unwrap_or_else(new);
            Ok(ColumnSums { counts, totals: has_numbers.then_some(totals) })
        })
    }
}

impl ColumnSums {
    /// What those of a segment and all come to.
    pub(super) fn of(&self, members: &Members<'_>) -> Result<Both<CountAndSum>, BackendError> {
        check_length("rows of customers", self.counts.customers(), members.all.len())?;
        if let Some(totals) = &self.totals {
            check_length("sums of customers", totals.customers(), members.all.len())?;
        }
        members.fold(
            |sums: &mut CountAndSum, of, block| {
                sums.count += self.counts.of(of, block);
                if let Some(totals) = &self.totals {
                    sums.sum += totals.total(of, block);
                }
            },
            |mut one, other| {
                one.count += other.count;
                one.sum += other.sum;
                one
            },
        )
    }
}

impl Counts {
    fn new(universe_size: usize, is_multi_row: bool) -> Self {
        match is_multi_row {
            true => Self::Many(vec![0; universe_size]),
            false => Self::One(CustomerSet::with_capacity(universe_size)),
        }
    }

    fn customers(&self) -> usize {
        match self {
            Self::One(has) => has.len(),
            Self::Many(counts) => counts.len(),
        }
    }

    fn merge(self, other: Self) -> Self {
        match (self, other) {
            (Self::One(one), Self::One(other)) => Self::One(union(one, &other)),
            (Self::Many(mut counts), Self::Many(more)) => {
                counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
                Self::Many(counts)
            }
            // Both are of one index, and of one kind.
            (one, _) => one,
        }
    }

    fn of(&self, customers: &[usize], block: Block) -> u64 {
        match self {
            Self::One(has) => count_and(customers, block.words(has)),
            Self::Many(counts) => {
                block.customers(customers).map(|customer| u64::from(checked(counts, customer))).sum()
            }
        }
    }
}

impl MemorySize for ColumnSums {
    fn memory_size(&self) -> usize {
        let counts = match &self.counts {
            Counts::One(has) => size_of_val(has.as_slice()),
            Counts::Many(counts) => size_of_val(counts.as_slice()),
        };
        counts + self.totals.as_ref().map_or(0, Totals::memory_size)
    }
}
