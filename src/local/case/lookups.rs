//! The rows of tables that others look up in, of which a case has those with keys in use.

use std::collections::HashSet;

use polars::prelude::{AnyValue, BooleanChunked, DataFrame};

use super::hide::Hiding;
use crate::backend::BackendError;
use crate::database::{Origin, Table};
use crate::local::error::unreadable;
use crate::local::view::View;

/// A table that others look up in.
pub(super) struct LookupRows {
    /// Its name.
    pub table: String,
    /// The names of the tables that look up in it.
    pub tables: Vec<String>,
    /// The rows with keys in use.
    pub frame: DataFrame,
}

/// What the tables of a case look up. What comes from a table of customers is no row of these customers; it stands in
/// the columns of the table that looks it up.
pub(super) fn rows(
    view: &View<'_>,
    frames: &[(&Table, DataFrame)],
    hiding: &Hiding,
) -> Result<Vec<LookupRows>, BackendError> {
    let mut found: Vec<LookupRows> = Vec::new();
    for (table, frame) in frames {
        for lookup in table.content.iter().flat_map(|content| &content.lookups) {
            let source = view.database.table(&lookup.table).filter(|source| is_plain(source, view));
            let Some(source) = source else { continue };
            let Ok(keys) = frame.column(&lookup.on) else { continue };
            let keys: HashSet<String> =
                (0..keys.len()).filter_map(|row| keys.get(row).ok()).filter_map(|key| text(&key)).collect();
            let rows = hiding.frame(&source.name, rows_of(view, source, &lookup.on, frame.height())?)?;
            let own = rows.column(&lookup.on).map_err(unreadable(&source.name))?;
            let is_in_use: BooleanChunked = (0..own.len())
                .map(|row| {
                    own.get(row).ok().and_then(|key| text(&key)).is_some_and(|key| keys.contains(&key))
                })
                .collect();
            let rows = rows.filter(&is_in_use).map_err(unreadable(&source.name))?;
            match found.iter_mut().find(|known| known.table == source.name) {
                // By another key, or with other keys in use: the rows of both.
                Some(known) => {
                    let both = known.frame.vstack(&rows).map_err(unreadable(&source.name))?;
                    known.frame = without_doubles(&both, &source.name)?;
                    known.tables.push(table.name.clone());
                }
                None => found.push(LookupRows {
                    table: source.name.clone(),
                    tables: vec![table.name.clone()],
                    frame: rows,
                }),
            }
        }
    }
    Ok(found)
}

/// Whether a table is about no customers.
fn is_plain(source: &Table, view: &View<'_>) -> bool {
    source.origin == Origin::Database && source.id_column(view.activation_id).is_none()
}

/// All rows of a table without what it looks up itself.
fn rows_of(view: &View<'_>, source: &Table, on: &str, wanted: usize) -> Result<DataFrame, BackendError> {
    let joined = |name: &str| {
        let lookups = source.content.iter().flat_map(|content| &content.lookups);
        lookups.into_iter().any(|lookup| lookup.columns.iter().any(|column| column == name))
    };
    let names = source.columns().map(|column| column.name.as_str());
    let names: Vec<&str> = names.filter(|name| *name == on || !joined(name)).collect();
    let frame = view.database.read(source, &names).map_err(unreadable(&source.name))?;
    Ok(if wanted == 0 { frame.clear() } else { frame })
}

fn without_doubles(frame: &DataFrame, table: &str) -> Result<DataFrame, BackendError> {
    let mut seen = HashSet::new();
    let is_first: BooleanChunked = (0..frame.height())
        .map(|row| {
            let values = frame.columns().iter().map(|column| format!("{:?}", column.get(row)));
            seen.insert(values.collect::<Vec<_>>())
        })
        .collect();
    frame.filter(&is_first).map_err(unreadable(table))
}

/// A key to be compared; NULL is none.
fn text(key: &AnyValue<'_>) -> Option<String> {
    (!key.is_null()).then(|| format!("{key:?}"))
}
