//! The rows that decide an attribute condition.

use super::distance::Gap;
use super::own_rows::OwnRows;
use super::rows::{Judged, Shown, evidence, no_row, worked_out};
use super::tested_rows::{TestedRows, nearest_row, only_failing};
use crate::backend::{BackendError, DroppedBy, NearestMiss, RowEvidence};
use crate::segment::{ColumnTest, Predicate, RowQuantifier};

/// Why the condition came to `result`.
pub(super) fn attribute(
    own: &OwnRows<'_>,
    keys: Vec<&str>,
    (test, quantifier, filters): (&ColumnTest, RowQuantifier, &[ColumnTest]),
    result: Option<bool>,
) -> Result<RowEvidence, BackendError> {
    // The test after the filters: so they are one list.
    let all: Vec<(&str, &Predicate)> =
        filters.iter().chain([test]).map(|test| (test.column.as_str(), &test.predicate)).collect();
    let tests = TestedRows::all(&all, own)?;
    let Some((tested, filters)) = tests.split_last() else { return Ok(RowEvidence::default()) };
    let judged: Vec<Judged> = (0..own.len())
        .map(|at| {
            let on_row = tested.result(at);
            let failing = filters.iter().position(|filter| !filter.holds(at));
            Judged {
                result: on_row,
                dropped: failing.map(DroppedBy::Filter),
                decides: decides(quantifier, result, on_row),
            }
        })
        .collect();
    let nearest = match result {
        Some(true) => None,
        _ => Some(nearest(own, (quantifier, result), &tests, &judged)),
    };
    let columns = keys.into_iter().chain([test.column.as_str()]).chain(filters.iter().map(|of| of.column));
    evidence(own, &Shown { columns: columns.collect(), flags: Vec::new() }, &judged, None, nearest)
}

/// Whether a row on which the filters hold tells why a condition came to `result`.
fn decides(quantifier: RowQuantifier, result: Option<bool>, on_row: Option<bool>) -> bool {
    match (quantifier, result) {
        (RowQuantifier::Any, Some(true)) | (RowQuantifier::None, Some(false)) => on_row == Some(true),
        (RowQuantifier::Every, Some(false)) => on_row == Some(false),
        (RowQuantifier::Any | RowQuantifier::Every, None) => on_row.is_none(),
        // All of them do.
        (RowQuantifier::Any, Some(false)) | (RowQuantifier::None, _) | (RowQuantifier::Every, Some(true)) => {
            true
        }
    }
}

fn nearest(
    own: &OwnRows<'_>,
    (quantifier, result): (RowQuantifier, Option<bool>),
    tests: &[TestedRows<'_>],
    judged: &[Judged],
) -> NearestMiss {
    let Some(tested) = tests.last() else { return no_row() };
    let counted = || judged.iter().enumerate().filter(|(_, row)| row.dropped.is_none() && row.decides);
    if quantifier == RowQuantifier::None {
        #[allow(clippy::cast_possible_wrap)] // the rows of a table are counted in 32 bits
        let count = counted().count() as i64;
        return worked_out(Some(count.to_string()), Gap::count(-count).distance);
    }
    if result.is_none() || counted().next().is_some() {
        let nearest = nearest_row(counted().map(|(at, _)| (at, tested)), own);
        return nearest.unwrap_or_else(no_row);
    }
    // No row passes the filters: perhaps one nearly does.
    nearest_row(only_failing(tests, 0..own.len()), own).unwrap_or_else(no_row)
}
