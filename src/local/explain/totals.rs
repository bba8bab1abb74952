//! Sums over a customer's rows, made as those of all customers are.

use super::own_rows::OwnRows;
use crate::backend::BackendError;
use crate::local::columns::{Bitmap, Value};
use crate::local::index::row_map_chunk::RowMapChunk;
use crate::local::members::text::exact_text;
use crate::local::sets::customer_set::CustomerSet;
use crate::local::sets::sum::Sum;
use crate::local::sets::totals::Totals;
use crate::segment::Number;

/// What a column comes to on some of the rows; NULL adds nothing.
pub(super) fn own_total(own: &OwnRows<'_>, column: &str, rows: &Bitmap) -> Result<Sum, BackendError> {
    let mut totals = Totals::new(1);
    // All rows are of the one customer.
    let customers = RowMapChunk::from_ids(&vec![0; own.len()]);
    for amounts in own.columns(&[column])? {
        totals.add(&amounts, rows, &customers, &mut CustomerSet::with_capacity(1))?;
    }
    Ok(totals.sum(0))
}

/// A number that was worked out, as values of columns are said.
pub(super) fn number_text(number: Number) -> String {
    match number {
        Number::Decimal(number) => exact_text(Value::Decimal(number)),
        number => number.to_string(),
    }
}
