//! The rows that decide an aggregate condition.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::distance::{Gap, Steps, of_number, of_value};
use super::own_rows::OwnRows;
use super::rows::{Judged, Shown, evidence, no_row, worked_out};
use super::tested_rows::TestedRows;
use super::totals::{number_text, own_total};
use crate::backend::{BackendError, DroppedBy, NearestMiss, RowEvidence};
use crate::local::columns::{Bitmap, Chunk, Value};
use crate::local::condition::aggregate::DECIMALS;
use crate::local::condition::sort_keys::SortKeys;
use crate::local::condition::value_ids::{NULL_ID, ValueIds};
use crate::local::consistency::inconsistent;
use crate::local::members::text::exact_text;
use crate::local::sets::insights::InsightTables as _;
use crate::local::view::View;
use crate::segment::{Aggregate, ColumnTest, DataType, Number, Predicate};

impl View<'_> {
    /// Why an aggregate condition came to `result`.
    pub(super) fn aggregate(
        &self,
        own: &OwnRows<'_>,
        (aggregate, predicate, filters): (&Aggregate, &Predicate, &[ColumnTest]),
        result: Option<bool>,
    ) -> Result<RowEvidence, BackendError> {
        let tested = TestedRows::filters(filters, own)?;
        let failing = |at: usize| tested.iter().position(|filter| !filter.holds(at)).map(DroppedBy::Filter);
        let judged: Vec<Judged> = (0..own.len())
            .map(|at| Judged { result: Some(true), dropped: failing(at), decides: true })
            .collect();
        let counted: Vec<bool> = judged.iter().map(|row| row.dropped.is_none()).collect();
        let counted = Bitmap::from_values(&counted, |is_counted| is_counted);
        let (computed, gap) = self.computed(own, (aggregate, predicate), &counted)?;
        let nearest: Option<NearestMiss> = (result != Some(true)).then(|| match computed {
            None if counted.count_ones() == 0 => no_row(),
            _ => worked_out(computed.clone(), gap.distance),
        });
        let keys = self.keys(own.table).into_iter();
        let columns = keys.chain(aggregate.column()).chain(tested.iter().map(|of| of.column)).collect();
        evidence(own, &Shown { columns, flags: Vec::new() }, &judged, Some(computed), nearest)
    }

    /// The value that is compared, and how far it is from passing.
    fn computed(
        &self,
        own: &OwnRows<'_>,
        (aggregate, predicate): (&Aggregate, &Predicate),
        counted: &Bitmap,
    ) -> Result<(Option<String>, Gap), BackendError> {
        let column = aggregate.column().into_iter().collect::<Vec<_>>();
        let values = own.columns(&column)?;
        // Only the number of rows has none.
        let with_value = || -> Result<Bitmap, BackendError> {
            let mut rows = counted.clone();
            if let Some(nulls) = values.first().and_then(|values| values.nulls()) {
                rows.and_not(nulls)?;
            }
            Ok(rows)
        };
        let sum = |column: &str| own_total(own, column, counted);
        let (number, steps) = match aggregate {
            Aggregate::Rows | Aggregate::Count(_) => (Some(count(with_value()?.count_ones())), Steps::Of(0)),
            Aggregate::CountDistinct(_) => {
                (Some(count(self.count_distinct(&values, counted)?)), Steps::Of(0))
            }
            Aggregate::Sum(column) => {
                let data_type = own.table.column(column).map(|column| column.data_type);
                let is_whole = data_type == Some(DataType::Integer);
                (sum(column)?.rounded(DECIMALS), if is_whole { Steps::Of(0) } else { Steps::AtLeast(2) })
            }
            Aggregate::Average(column) => {
                let count = with_value()?.count_ones() as u64;
                let sum = sum(column)?;
                ((count > 0).then(|| sum.average(count, DECIMALS)).flatten(), Steps::AtLeast(2))
            }
            Aggregate::Minimum(_) | Aggregate::Maximum(_) => {
                let greatest = matches!(aggregate, Aggregate::Maximum(_));
                return extreme(&values, &with_value()?, greatest, predicate);
            }
        };
        let gap = match (number, predicate) {
            (None, _) => Gap::null(),
            (Some(number), Predicate::Number(test)) => of_number(test, number, steps),
            (Some(_), _) => Gap::other(),
        };
        Ok((number.map(number_text), gap))
    }

    fn count_distinct(&self, values: &[Arc<Chunk>], counted: &Bitmap) -> Result<usize, BackendError> {
        let ids = ValueIds::from_chunks(values, self.reader().chunk_size, self.cancel)?;
        let ids = ids.chunk(0)?;
        let different: BTreeSet<u64> = counted.iter_ones().map(|at| ids.get(at)).collect();
        Ok(different.iter().filter(|id| **id != u64::from(NULL_ID)).count())
    }
}

fn count(rows: usize) -> Number {
    Number::from_parts(rows as i128, 0)
}

/// The least or the greatest value of some rows.
fn extreme(
    values: &[Arc<Chunk>],
    rows: &Bitmap,
    greatest: bool,
    predicate: &Predicate,
) -> Result<(Option<String>, Gap), BackendError> {
    let sort_keys = SortKeys::new(values, true);
    let Some(chunk) = values.first() else { return Err(inconsistent("a column is missing")) };
    let keys = rows.iter_ones().map(|at| sort_keys.sort_key(0, chunk, chunk.keys().get(at)));
    let Some(key) = (if greatest { keys.max() } else { keys.min() }) else { return Ok((None, Gap::null())) };
    let value: Value<'_> =
        sort_keys.value(key, chunk).ok_or_else(|| inconsistent("a sort key has no value"))?;
    Ok((Some(exact_text(value)), of_value(predicate, Some(value))))
}
