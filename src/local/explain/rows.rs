//! The rows that decide a condition for a customer.

use super::own_rows::OwnRows;
use crate::backend::{BackendError, Distance, DroppedBy, ExplainedRow, MOST_ROWS, NearestMiss, RowEvidence};
use crate::database::Table;
use crate::local::view::View;

/// What is said of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged {
    /// Whether the test holds on it.
    pub result: Option<bool>,
    pub dropped: Option<DroppedBy>,
    /// Whether it tells why the condition came to what it did; of rows that are dropped nobody asks.
    pub decides: bool,
}

/// Columns that are shown of rows.
pub(super) struct Shown<'a> {
    /// Of all rows, keys first.
    pub columns: Vec<&'a str>,
    /// Of returns and cancellations also these.
    pub flags: Vec<&'a str>,
}

impl View<'_> {
    /// The columns that tell the rows of a table apart, if it is one of orders or of their items.
    pub(super) fn keys<'t>(&self, table: &'t Table) -> Vec<&'t str> {
        let roles = &self.engine.database.roles;
        let is = |role: &Option<String>| role.as_ref() == Some(&table.name);
        if !is(&roles.items) && !is(&roles.orders) {
            return Vec::new();
        }
        let names = [&roles.items_columns.order_id, "product_id", &roles.items_columns.order_datetime];
        names.into_iter().filter_map(|name| table.column(name)).map(|column| column.name.as_str()).collect()
    }
}

/// The rows that decided, then those that were dropped.
pub(super) fn evidence(
    own: &OwnRows<'_>,
    shown: &Shown<'_>,
    judged: &[Judged],
    computed: Option<Option<String>>,
    nearest: Option<NearestMiss>,
) -> Result<RowEvidence, BackendError> {
    let all = || judged.iter().enumerate();
    let deciding = all().filter(|(_, row)| row.dropped.is_none() && row.decides);
    let dropped = all().filter(|(_, row)| row.dropped.is_some());
    let mut order: Vec<(usize, Judged)> = deciding.chain(dropped).map(|(at, row)| (at, *row)).collect();
    let rows_left_out = order.len().saturating_sub(MOST_ROWS) as u64;
    order.truncate(MOST_ROWS);
    Ok(RowEvidence {
        table: own.table.name.clone(),
        rows: explained(own, shown, &order)?,
        rows_left_out,
        computed,
        nearest,
    })
}

fn explained(
    own: &OwnRows<'_>,
    shown: &Shown<'_>,
    order: &[(usize, Judged)],
) -> Result<Vec<ExplainedRow>, BackendError> {
    let is_return = |row: &Judged| row.dropped == Some(DroppedBy::Return);
    let with_flags = order.iter().any(|(_, row)| is_return(row));
    let mut names: Vec<&str> = Vec::new();
    for name in shown.columns.iter().chain(shown.flags.iter().filter(|_| with_flags)) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let mut at: Vec<usize> = order.iter().map(|(at, _)| *at).collect();
    at.sort_unstable();
    let texts = own.texts(&names, &at)?;
    let row = |(row, judged): &(usize, Judged)| {
        let place = at.binary_search(row).unwrap_or_default();
        let values =
            names.iter().zip(&texts).filter(|(name, _)| is_return(judged) || shown.columns.contains(name));
        let values = values.map(|(name, texts)| ((*name).to_owned(), texts.get(place).cloned().flatten()));
        ExplainedRow {
            row: own.row(*row) as u64,
            values: values.collect(),
            result: judged.result,
            dropped: judged.dropped,
        }
    };
    Ok(order.iter().map(row).collect())
}

/// A miss without a row.
pub(super) fn no_row() -> NearestMiss {
    NearestMiss { row: None, column: None, value: None, distance: Distance::NoRow }
}

/// A miss of what was worked out over rows.
pub(super) fn worked_out(value: Option<String>, distance: Distance) -> NearestMiss {
    NearestMiss { row: None, column: None, value, distance }
}
