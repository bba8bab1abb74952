//! Which column says whom a row is about (`docs/reference/database.md`, The activation ID).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::csv::is_like_a_value;
use super::manifest::{Manifest, setting, toml_text};
use crate::database::{DatabaseError, Note, did_you_mean, quoted_list};
use crate::diagnostic::{Diagnostic, shortened};
use crate::segment::{DataType, Keyword};

/// The columns that are ids where nothing else is said, in order.
const STANDARD: [&str; 2] = ["amperity_id", USUAL];

/// What an ID is called in suggestions.
pub(crate) const USUAL: &str = "customer_id";

/// The names of each table's columns; of damaged tables, none.
pub(crate) type Headers = BTreeMap<String, Option<Vec<String>>>;

/// Names that any table may have for something of its own, in small letters.
const SAYS_NOTHING: [&str; 6] = ["id", "name", "key", "index", "row", "value"];

/// Why there is no activation ID by default.
#[derive(Debug)]
pub(crate) enum NoId {
    /// The manifest names one that there is not.
    Unknown(DatabaseError),
    /// Nothing says which of the columns it is.
    Doubt(DatabaseError),
}

/// The activation ID in force by default: the manifest's, else a standard one, else the only column that every
/// table shares, if its type and name let it be one. `type_of` has the type of a table's column.
///
/// # Errors
/// There is none; the error names the candidates.
pub fn default_id(
    manifest: &Manifest,
    headers: &Headers,
    type_of: &dyn Fn(&str, &str) -> Option<DataType>,
) -> Result<String, NoId> {
    check_declared(manifest, headers).map_err(NoId::Unknown)?;
    if let Some(id) = &manifest.values.id {
        return Ok(id.clone());
    }
    if let Some(id) = STANDARD.into_iter().find(|id| is_id_of_a_table(id, manifest, headers)) {
        return Ok(id.to_owned());
    }
    let readable: Vec<(&str, BTreeSet<&str>)> = headers
        .iter()
        .filter_map(|(table, names)| {
            Some((table.as_str(), names.as_ref()?.iter().map(String::as_str).collect()))
        })
        .collect();
    let Some((_, first)) = readable.first() else {
        // Nothing can be read; what there is to say stands beside each table.
        return Ok(STANDARD.map(str::to_owned).into_iter().next().unwrap_or_default());
    };
    let is_shared = |name: &&str| readable.iter().all(|(_, names)| names.contains(name));
    let shared: Vec<&str> = first.iter().copied().filter(is_shared).collect();
    let unfit = |name: &str| {
        if headers.len() > 1 && SAYS_NOTHING.contains(&name.to_lowercase().as_str()) {
            return Some("may mean something else in each".to_owned());
        }
        let types = readable.iter().filter_map(|(table, _)| Some((table, type_of(table, name)?)));
        let mut others = types.filter(|(_, found)| !matches!(found, DataType::String | DataType::Integer));
        others.next().map(|(table, found)| format!("is a {} in {table:?}", found.id()))
    };
    let reason = match shared.as_slice() {
        [only] => match unfit(only) {
            None => return Ok((*only).to_owned()),
            Some(reason) => {
                format!("the only column that every table shares, {:?}, {reason}", shortened(only))
            }
        },
        _ => "no single column is in every table".to_owned(),
    };
    let fit: Vec<&str> = shared.into_iter().filter(|name| unfit(name).is_none()).collect();
    Err(NoId::Doubt(doubt(manifest, &reason, &readable, fit)))
}

/// What to say where a table that cannot be read may have had another ID than the one that was found.
pub fn doubt_of_damaged(manifest: &Manifest, headers: &Headers, id: &str) -> Option<Note> {
    let is_certain = manifest.values.id.is_some() || STANDARD.first() == Some(&id);
    let (damaged, _) = headers.iter().find(|(_, names)| names.is_none()).filter(|_| !is_certain)?;
    if headers.values().all(Option::is_none) {
        return None;
    }
    let message = format!(
        "table {damaged:?} cannot be read, so that it is not known whether it has another activation ID than {id:?}"
    );
    Some(Diagnostic::new(message).with_help(format!("id = {}", toml_text(id))).at(None))
}

/// A refusal with the candidates: `fit` ones, else all columns.
fn doubt(
    manifest: &Manifest,
    reason: &str,
    tables: &[(&str, BTreeSet<&str>)],
    fit: Vec<&str>,
) -> DatabaseError {
    let message =
        format!("no column says whom a row is about: none is named amperity_id or customer_id, and {reason}");
    let candidates =
        if fit.is_empty() { ranked(tables.iter().flat_map(|(_, names)| names)) } else { ranked(&fit) };
    let is_short = |name: &&&str| shortened(name) == **name;
    let first = candidates.iter().find(is_short).map_or("...", |name| name);
    let mut help = format!("id = {}", toml_text(first));
    let sections: Vec<String> = tables
        .iter()
        .filter_map(|(table, names)| {
            let is_one = |name: &&str| {
                let speaks = SAYS_NOTHING.contains(&name.to_lowercase().as_str());
                ends_in_id(name) && is_short(&name) && speaks_of_people(if speaks { table } else { name })
            };
            let own = ranked(names).into_iter().find(is_one)?;
            Some(setting(table, "id", &format!("{{ {USUAL} = {} }}", toml_text(own))))
        })
        .take(MOST_SECTIONS)
        .collect();
    if !sections.is_empty() {
        help.push_str(&format!("\nor\n{}", sections.join("\n")));
    }
    let headless = tables.iter().find(|(_, names)| names.iter().any(|name| is_like_a_value(name)));
    if let Some((table, _)) = headless {
        help = format!("{}\nor\n{help}", setting(table, "csv", "{ header = false }"));
    }
    help.push_str(&format!("\n# candidates are {}", quoted_list(candidates)));
    Diagnostic::new(message).with_help(help).in_file(&manifest.path)
}

/// The most tables for which a line is suggested.
const MOST_SECTIONS: usize = 5;

/// Names in the order in which they may be IDs: those that end in id, those that say something, those that most
/// tables have.
fn ranked<'a>(names: impl IntoIterator<Item = &'a &'a str>) -> Vec<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut names: Vec<_> = counts.into_iter().collect();
    names.sort_by_key(|(name, count)| {
        let says_nothing = SAYS_NOTHING.contains(&name.to_lowercase().as_str());
        (!ends_in_id(name), !speaks_of_people(name), says_nothing, Reverse(*count))
    });
    names.into_iter().map(|(name, _)| name).collect()
}

fn ends_in_id(name: &str) -> bool {
    name.to_lowercase().ends_with("id")
}

/// Only for what is suggested first.
fn speaks_of_people(name: &str) -> bool {
    let name = name.to_lowercase();
    ["customer", "client", "user", "member", "person", "contact", "household", "account", "shopper", "buyer"]
        .into_iter()
        .any(|word| name.contains(word))
}

/// The columns of a table that are read as strings from CSV because they are activation IDs.
pub fn id_columns<'a>(manifest: &'a Manifest, table: &str, default: &'a str) -> BTreeSet<&'a str> {
    let names = STANDARD.into_iter().chain([default]).chain(manifest.values.ids.keys().map(String::as_str));
    names.chain(mapped(manifest, table).map(|(_, column)| column)).collect()
}

/// The columns of a table that hold the activation ID in force or a declared one, where it has them: no other may
/// stand in for them.
pub fn needed_columns<'a>(manifest: &'a Manifest, table: &str, default: &'a str) -> BTreeSet<&'a str> {
    let ids = manifest.values.ids.keys().map(String::as_str).chain([default]);
    let is_mapped = |id: &str| mapped(manifest, table).any(|(mapped, _)| mapped == id);
    let own = ids.filter(|id| !is_mapped(id));
    own.chain(mapped(manifest, table).map(|(_, column)| column)).collect()
}

/// The activation IDs that a table has under another name, and that name.
fn mapped<'a>(manifest: &'a Manifest, table: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let mapped = manifest.values.tables.get(table).into_iter().flat_map(|values| &values.id);
    mapped.map(|(id, column)| (id.as_str(), column.as_str()))
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
