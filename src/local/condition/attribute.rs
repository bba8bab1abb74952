//! Attribute conditions: customers by rows on which a test holds.

use crate::backend::BackendError;
use crate::database::Table;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::Bitmap;
use crate::local::index::customer_index::CustomerIndex;
use crate::local::predicate::column_predicate::ColumnPredicate;
use crate::local::predicate::row_filter::RowFilter;
use crate::local::predicate::row_mask::RowMask;
use crate::local::sets::customer_set::{CustomerSet, full_set, union};
use crate::local::sets::ternary_mask::TernaryMask;
use crate::segment::{ColumnTest, RowQuantifier};

/// For whom the condition holds. Only rows on which all filters hold count. The condition is
///
/// - with any row, unknown for those without a row where the test holds but with one where it is unknown;
/// - with no row, never unknown: it holds for all who have no row where the test holds;
/// - with every row, unknown for those without a row where the test fails but with one where it is
///   unknown.
pub fn evaluate(
    table: &Table,
    (test, quantifier, filters): (&ColumnTest, RowQuantifier, &[ColumnTest]),
    index: &CustomerIndex,
    universe_size: usize,
    reader: ChunkReader,
) -> Result<TernaryMask, BackendError> {
    index.customers.check_ids(universe_size)?;
    let predicate = ColumnPredicate::new(&test.predicate);
    let filter = RowFilter::new(table, filters, reader)?;
    let new = || Found::new(universe_size);
    let found =
        reader.fold(ReadableTable::new(table)?, [&*test.column], new, |found, number, [column]| {
            let RowMask { trues: mut holding, unknowns } = RowMask::new(&predicate, &column)?;
            let counted = if filter.is_empty() { None } else { Some(filter.rows(number)?) };
            if let Some(counted) = &counted {
                holding.and(counted)?;
            }
            let add = |rows: &Bitmap, found: &mut CustomerSet| match rows.is_zero() {
                true => Ok::<_, BackendError>(()),
                false => Ok(index.customers.chunk_with(number, rows, reader)?.add_to(rows, found)?),
            };
            add(&holding, &mut found.holds)?;
            if quantifier == RowQuantifier::Every {
                let mut failing = counted.clone().unwrap_or_else(|| Bitmap::ones(column.rows()));
                failing.and_not(&holding)?;
                if let Some(unknowns) = &unknowns {
                    failing.and_not(unknowns)?;
                }
                add(&failing, &mut found.fails)?;
            }
            if let Some(mut unknown) = unknowns.filter(|_| quantifier != RowQuantifier::None) {
                if let Some(counted) = &counted {
                    unknown.and(counted)?;
                }
                add(&unknown, &mut found.unknown)?;
            }
            Ok(())
        })?;
    let Found { mut holds, fails, mut unknown } = found.into_iter().reduce(Found::merge).unwrap_or_else(new);
    Ok(match quantifier {
        RowQuantifier::Any => TernaryMask::from_any_row(holds, unknown),
        RowQuantifier::None => {
            let mut without = full_set(universe_size);
            without.difference_with(&holds);
            TernaryMask::from_known(without)
        }
        RowQuantifier::Every => {
            holds.difference_with(&fails);
            holds.difference_with(&unknown);
            unknown.difference_with(&fails);
            TernaryMask { trues: holds, unknowns: unknown }
        }
    })
}

/// The customers with a row where the test holds, where it fails, and where it is unknown.
struct Found {
    holds: CustomerSet,
    fails: CustomerSet,
    unknown: CustomerSet,
}

impl Found {
    fn new(universe_size: usize) -> Self {
        let empty = || CustomerSet::with_capacity(universe_size);
        Self { holds: empty(), fails: empty(), unknown: empty() }
    }

    fn merge(self, other: Self) -> Self {
        Self {
            holds: union(self.holds, &other.holds),
            fails: union(self.fails, &other.fails),
            unknown: union(self.unknown, &other.unknown),
        }
    }
}
