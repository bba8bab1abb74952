//! What is worked out over the rows of the members anew for each segment.

use fixedbitset::FixedBitSet;

use super::both::{Both, Members};
use crate::backend::BackendError;
use crate::database::Table;
use crate::local::chunk_reader::ReadableTable;
use crate::local::columns::{Bitmap, Chunk, same_length};
use crate::local::condition::value_ids::{NULL_ID, ValueIds};
use crate::local::index::customer_index::CustomerIndex;
use crate::local::parallel::parallel_fold;
use crate::local::sets::customer_set::union;
use crate::local::sets::insights::InsightTables as _;
use crate::local::view::View;
use crate::segment::Number;

/// The least and the greatest number.
type Extremes = (Option<Number>, Option<Number>);

impl View<'_> {
    /// How many different values there are on the rows of both; NULL is none.
    pub(super) fn distinct(
        &self,
        (table, index): (&Table, &CustomerIndex),
        column: &str,
        members: &Members<'_>,
    ) -> Result<Both<u64>, BackendError> {
        let reader = self.reader();
        let values = ValueIds::of_column(table, column, reader)?;
        index.customers.check_ids(members.segment.len())?;
        let none = || Both::<FixedBitSet> {
            segment: FixedBitSet::with_capacity(values.count() as usize),
            all: FixedBitSet::with_capacity(values.count() as usize),
        };
        let found = parallel_fold(index.customers.chunks(), self.cancel, none, |seen, number| {
            let (ids, customers) = (values.chunk(number)?, index.customers.chunk(number, reader)?);
            same_length(ids.len(), customers.rows())?;
            customers.for_each(&Bitmap::ones(customers.rows()), |row, customer| {
                let id = usize::try_from(ids.get(row)).unwrap_or_default();
                seen.all.insert(id);
                if members.segment.contains(customer) {
                    seen.segment.insert(id);
                }
            })?;
            Ok(())
        })?;
        let both = |one: Both<FixedBitSet>, other: Both<FixedBitSet>| Both {
            segment: union(one.segment, &other.segment),
            all: union(one.all, &other.all),
        };
        let found = found.into_iter().reduce(both).unwrap_or_else(none);
        Ok(found.map(|mut seen| {
            seen.remove(NULL_ID as usize);
            seen.count_ones(..) as u64
        }))
    }

    /// The least and the greatest number on the rows of both.
    pub(super) fn extremes(
        &self,
        (table, index): (&Table, &CustomerIndex),
        column: &str,
        members: &Members<'_>,
    ) -> Result<Both<Extremes>, BackendError> {
        let (source, reader) = (ReadableTable::new(table)?, self.reader());
        index.customers.check_ids(members.segment.len())?;
        let found =
            reader.fold(source, [column], Both::default, |best: &mut Both<Extremes>, number, [chunk]| {
                let customers = index.customers.chunk(number, reader)?;
                let mut rows = Bitmap::ones(chunk.rows());
                if let Some(nulls) = chunk.nulls() {
                    rows.and_not(nulls)?;
                }
                // The keys of numbers are in their order.
                let (mut all, mut segment) = (Keys::default(), Keys::default());
                customers.for_each(&rows, |row, customer| {
                    let key = chunk.keys().get(row);
                    all.add(key);
                    if members.segment.contains(customer) {
                        segment.add(key);
                    }
                })?;
                best.all = merge(best.all, all.numbers(&chunk));
                best.segment = merge(best.segment, segment.numbers(&chunk));
                Ok(())
            })?;
        let both = |one: Both<Extremes>, other: Both<Extremes>| Both {
            segment: merge(one.segment, other.segment),
            all: merge(one.all, other.all),
        };
        Ok(found.into_iter().reduce(both).unwrap_or_default())
    }
}

/// The least and the greatest key.
#[derive(Default)]
struct Keys(Option<(u64, u64)>);

impl Keys {
    #[inline]
    fn add(&mut self, key: u64) {
        self.0 = Some(self.0.map_or((key, key), |(least, greatest)| (least.min(key), greatest.max(key))));
    }

    fn numbers(&self, chunk: &Chunk) -> Extremes {
        let number = |key| chunk.dictionary().value(key).number();
        (self.0.and_then(|(least, _)| number(least)), self.0.and_then(|(_, greatest)| number(greatest)))
    }
}

fn merge(one: Extremes, other: Extremes) -> Extremes {
    let least = [one.0, other.0].into_iter().flatten().min();
    (least, [one.1, other.1].into_iter().flatten().max())
}
