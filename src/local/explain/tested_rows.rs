//! What a test says of each of a customer's rows.

use std::sync::Arc;

use super::distance::{Gap, of_value};
use super::own_rows::OwnRows;
use crate::backend::{BackendError, NearestMiss};
use crate::local::columns::{Chunk, Value};
use crate::local::members::text::exact_text;
use crate::local::predicate::column_predicate::ColumnPredicate;
use crate::local::predicate::row_mask::RowMask;
use crate::segment::{ColumnTest, Predicate};

/// A test of a column, and what it says of each of a customer's rows.
pub(super) struct TestedRows<'a> {
    pub column: &'a str,
    predicate: &'a Predicate,
    values: Arc<Chunk>,
    mask: RowMask,
}

impl<'a> TestedRows<'a> {
    /// Several tests, each of a column of the same rows.
    pub fn all(
        tests: &[(&'a str, &'a Predicate)],
        own: &OwnRows<'_>,
    ) -> Result<Vec<TestedRows<'a>>, BackendError> {
        let columns: Vec<&str> = tests.iter().map(|(column, _)| *column).collect();
        let tested = tests.iter().zip(own.columns(&columns)?).map(|((column, predicate), values)| {
            let mask = RowMask::new(&ColumnPredicate::new(predicate), &values)?;
            Ok(Self { column, predicate, values, mask })
        });
        tested.collect()
    }

    /// The same of filters.
    pub fn filters(filters: &'a [ColumnTest], own: &OwnRows<'_>) -> Result<Vec<Self>, BackendError> {
        let tests: Vec<(&str, &Predicate)> =
            filters.iter().map(|filter| (filter.column.as_str(), &filter.predicate)).collect();
        Self::all(&tests, own)
    }

    /// Whether the test holds on a row; `None` where that is unknown.
    pub fn result(&self, at: usize) -> Option<bool> {
        match &self.mask.unknowns {
            Some(unknowns) if unknowns.get(at) => None,
            _ => Some(self.mask.trues.get(at)),
        }
    }

    /// Whether it holds; what is unknown does not.
    pub fn holds(&self, at: usize) -> bool {
        self.mask.trues.get(at)
    }

    fn value(&self, at: usize) -> Option<Value<'_>> {
        (!self.values.is_null(at)).then(|| self.values.value(at))
    }
}

/// Of rows on which a test does not hold the one that comes nearest; the first of several.
pub(super) fn nearest_row<'a>(
    candidates: impl Iterator<Item = (usize, &'a TestedRows<'a>)>,
    own: &OwnRows<'_>,
) -> Option<NearestMiss> {
    let gaps = candidates.map(|(at, tested)| (at, tested, of_value(tested.predicate, tested.value(at))));
    let is_nearer = |gap: &Gap, than: &Gap| match (gap.size, than.size) {
        (Some(size), Some(than)) => size < than,
        (Some(_), None) => true,
        (None, _) => false,
    };
    let (at, tested, gap) =
        gaps.reduce(|best, next| if is_nearer(&next.2, &best.2) { next } else { best })?;
    Some(NearestMiss {
        row: Some(own.row(at) as u64),
        column: Some(tested.column.to_owned()),
        value: tested.value(at).map(exact_text),
        distance: gap.distance,
    })
}

/// Of each row the only one of several tests that does not hold on it, if it is one.
pub(super) fn only_failing<'a>(
    tests: &'a [TestedRows<'a>],
    rows: impl Iterator<Item = usize> + 'a,
) -> impl Iterator<Item = (usize, &'a TestedRows<'a>)> + 'a {
    rows.filter_map(|at| {
        let mut failing = tests.iter().filter(|test| !test.holds(at));
        failing.next().filter(|_| failing.next().is_none()).map(|test| (at, test))
    })
}
