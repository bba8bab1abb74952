//! Which column says whom a row is about (`docs/reference/database.md`, The activation ID).

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::Manifest;
use crate::database::DatabaseError;
use crate::database::{did_you_mean, quoted_list};
use crate::diagnostic::Diagnostic;

/// The columns that are ids where nothing else is said, in order.
const STANDARD: [&str; 2] = ["amperity_id", "customer_id"];

/// The names of each table's columns; of damaged tables, none.
pub(crate) type Headers = BTreeMap<String, Option<Vec<String>>>;

/// The activation ID in force by default: the manifest's, else a standard one, else the only column
/// that every table shares.
///
/// # Errors
/// There is none; the message names the candidates.
pub fn default_id(manifest: &Manifest, headers: &Headers) -> Result<String, DatabaseError> {
    check_declared(manifest, headers)?;
    if let Some(id) = &manifest.values.id {
        return Ok(id.clone());
    }
    if let Some(id) = STANDARD.into_iter().find(|id| is_id_of_a_table(id, manifest, headers)) {
        return Ok(id.to_owned());
    }
    let readable: Vec<BTreeSet<&str>> =
        headers.values().flatten().map(|names| names.iter().map(String::as_str).collect()).collect();
    let Some(first) = readable.first() else {
        // Nothing can be read; what there is to say stands beside each table.
        return Ok(STANDARD.map(str::to_owned).into_iter().next().unwrap_or_default());
    };
    let shared: Vec<&str> =
        first.iter().copied().filter(|name| readable.iter().all(|names| names.contains(name))).collect();
    if let [only] = shared.as_slice() {
        return Ok((*only).to_owned());
    }
    let candidates = if shared.is_empty() { most_common(&readable) } else { shared };
    let help = format!("write id = \"...\" into database.toml; candidates are {}", quoted_list(candidates));
    let message = "no column says whom a row is about: none is named amperity_id or customer_id, \
                   and no single column is in every table";
    Err(Diagnostic::new(message).with_help(help).in_file(&manifest.path))
}

/// The columns of a table that are read as strings from CSV because they are activation IDs.
pub fn id_columns<'a>(manifest: &'a Manifest, table: &str, default: &'a str) -> BTreeSet<&'a str> {
    let values = &manifest.values;
    let mapped = values.tables.get(table).into_iter().flat_map(|values| values.id.values());
    let names = STANDARD.into_iter().chain([default]);
    names.chain(values.ids.keys().map(String::as_str)).chain(mapped.map(String::as_str)).collect()
}

/// Whether any table has this activation ID, be it under another name.
fn is_id_of_a_table(id: &str, manifest: &Manifest, headers: &Headers) -> bool {
    headers.iter().any(|(table, names)| {
        let values = manifest.values.tables.get(table);
        let column = values.and_then(|values| values.id.get(id)).map_or(id, String::as_str);
        names.iter().flatten().any(|name| name == column)
    })
}

/// The manifest may only name ids that some table has. A damaged table might have any.
fn check_declared(manifest: &Manifest, headers: &Headers) -> Result<(), DatabaseError> {
    if headers.values().any(Option::is_none) {
        return Ok(());
    }
    let values = &manifest.values;
    let declared =
        values.id.iter().map(|id| (vec!["id"], id)).chain(values.ids.keys().map(|id| (vec!["ids", id], id)));
    for (keys, id) in declared {
        if !is_id_of_a_table(id, manifest, headers) {
            let names = headers.values().flatten().flatten().map(String::as_str);
            let help = did_you_mean(id, names).unwrap_or_else(|| "name a column of a table".to_owned());
            return Err(manifest.fault(&keys, format!("no table has a column {id:?}"), help));
        }
    }
    Ok(())
}

/// All names, those that most tables have first.
fn most_common<'a>(tables: &[BTreeSet<&'a str>]) -> Vec<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in tables.iter().flatten() {
        *counts.entry(name).or_default() += 1;
    }
    let mut names: Vec<_> = counts.into_iter().collect();
    names.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    names.into_iter().map(|(name, _)| name).collect()
}
