//! Attribute conditions: customers by rows on which a test holds.

use crate::backend::BackendError;
use crate::database::Table;
use crate::local::chunk_reader::ChunkReader;
use crate::local::columns::{keep, remove};
use crate::local::index::customer_index::CustomerIndex;
use crate::local::predicate::column_predicate::ColumnPredicate;
use crate::local::predicate::key_set::tested;
use crate::local::predicate::row_filter::RowFilter;
use crate::local::sets::customer_set::{CustomerSet, TernaryMask, full_set, union};
use crate::segment::{ColumnTest, RowQuantifier};

/// For whom the condition holds. Only rows on which all filters hold count. The condition is
///
/// - with any row, unknown for those without a row where the test holds but with one where it is unknown;
/// - with no row, never unknown: it holds for all who have no row where the test holds;
/// - with every row, unknown for those without a row where the test fails but with one where it is
///   unknown.
pub fn evaluate(
    table: &Table,
    asked: (&ColumnTest, RowQuantifier, &[ColumnTest]),
    index: &CustomerIndex,
    universe_size: usize,
    pieces: ChunkReader,
) -> Result<TernaryMask, BackendError> {
    let (test, quantifier, filters) = asked;
    let matcher = ColumnPredicate::new(&test.predicate);
    let filters = RowFilter::new(table, filters, pieces)?;
    let nobody = || CustomerSet::with_capacity(universe_size);
    let found = pieces.fold(
        table,
        &[&test.column],
        || [nobody(), nobody(), nobody()],
        |[holds, fails, unknown], number, columns| {
            let Some(column) = columns.first() else { return Ok(()) };
            let index = index.customers.piece(number, pieces)?;
            let tested = tested(&matcher, column);
            let counts = if filters.is_empty() { None } else { Some(filters.rows(number)?) };
            let mut holding = tested.holds;
            if let Some(counts) = &counts {
                keep(&mut holding, counts);
            }
            index.mark(&holding, holds);
            if quantifier == RowQuantifier::Every {
                let mut failing = counts.clone().unwrap_or_else(|| crate::local::columns::all(column.rows()));
                remove(&mut failing, &holding);
                tested.unknown.iter().for_each(|unknown| remove(&mut failing, unknown));
                index.mark(&failing, fails);
            }
            if let Some(mut rows) = tested.unknown.filter(|_| quantifier != RowQuantifier::None) {
                counts.iter().for_each(|counts| keep(&mut rows, counts));
                index.mark(&rows, unknown);
            }
            Ok(())
        },
    )?;
    let [mut holds, fails, mut unknown] = found
        .into_iter()
        .reduce(|[a, b, c], [x, y, z]| [union(a, &x), union(b, &y), union(c, &z)])
        .unwrap_or_else(|| [nobody(), nobody(), nobody()]);
    Ok(match quantifier {
        RowQuantifier::Any => TernaryMask::of_any_row(holds, unknown),
        RowQuantifier::None => {
            let mut without = full_set(universe_size);
            without.difference_with(&holds);
            TernaryMask::known(without)
        }
        RowQuantifier::Every => {
            holds.difference_with(&fails);
            holds.difference_with(&unknown);
            unknown.difference_with(&fails);
            TernaryMask { holds, unknown }
        }
    })
}
