//! The manifest of a case, which leaves nothing to be guessed.

use std::fmt::Write;

use chrono::NaiveDate;

use crate::database::{Database, Lookup, Table, toml_key, toml_text};
use crate::segment::{DataType, Keyword as _};

/// A table as it is written.
pub(super) struct WrittenTable<'a> {
    pub table: &'a Table,
    /// Its file in the case.
    pub file: String,
    /// Its columns with their types.
    pub columns: Vec<(String, DataType)>,
    /// What it looks up in other tables of the case.
    pub lookups: Vec<Lookup>,
}

/// The manifest of a database of these tables.
pub(super) fn text(
    database: &Database,
    activation_id: &str,
    data_day: NaiveDate,
    tables: &[WrittenTable<'_>],
) -> String {
    let mut text = format!(
        "name = {}\nas_of = \"{data_day}\"\ncurrency = {}\nid = {}\n",
        toml_text(&database.name),
        toml_text(&database.currency),
        toml_text(activation_id),
    );
    // A String takes whatever is written to it.
    for id in database.ids.iter().filter(|id| id.column == activation_id) {
        let (singular, plural) = (toml_text(&id.singular), toml_text(&id.plural));
        let column = toml_key(&id.column);
        let _ = write!(text, "\n[ids.{column}]\nsingular = {singular}\nplural = {plural}\n");
    }
    tables.iter().for_each(|table| one_table(&mut text, table, activation_id));
    roles(&mut text, database, tables);
    text
}

fn one_table(text: &mut String, written: &WrittenTable<'_>, activation_id: &str) {
    let WrittenTable { table, file, columns, lookups } = written;
    let _ = write!(text, "\n[tables.{}]\nfile = {}\n", toml_key(&table.name), toml_text(file));
    let _ = writeln!(text, "label = {}", toml_text(&table.label));
    if table.hidden {
        text.push_str("hidden = true\n");
    }
    let named = table.id_columns.iter().filter(|(id, _)| id == activation_id);
    let ids: Vec<String> = named.map(|(id, column)| entry(id, column)).collect();
    if !ids.is_empty() {
        let _ = writeln!(text, "id = {{ {} }}", ids.join(", "));
    }
    let types: Vec<String> = columns.iter().map(|(name, data_type)| entry(name, data_type.id())).collect();
    let _ = writeln!(text, "types = {{ {} }}", types.join(", "));
    let label = |(name, _): &(String, DataType)| Some(entry(name, &table.column(name)?.label));
    let labels: Vec<String> = columns.iter().filter_map(label).collect();
    let _ = writeln!(text, "columns = {{ {} }}", labels.join(", "));
    let lookups: Vec<String> = lookups
        .iter()
        .map(|lookup| format!("{{ table = {}, on = {} }}", toml_text(&lookup.table), toml_text(&lookup.on)))
        .collect();
    if !lookups.is_empty() {
        let _ = writeln!(text, "lookups = [ {} ]", lookups.join(", "));
    }
}

fn entry(key: &str, value: &str) -> String {
    format!("{} = {}", toml_key(key), toml_text(value))
}

fn roles(text: &mut String, database: &Database, tables: &[WrittenTable<'_>]) {
    let roles = &database.roles;
    let there = |name: &&String| tables.iter().any(|written| written.table.name == **name);
    text.push_str("\n[roles]\n");
    for (role, table) in roles.named() {
        if let Some(table) = table.filter(there) {
            let _ = writeln!(text, "{role} = {}", toml_text(table));
        }
    }
    let items = tables.iter().find(|written| Some(&written.table.name) == roles.items.as_ref());
    let Some(items) = items else { return };
    let has = |name: &str| items.columns.iter().any(|(column, _)| column == name);
    text.push_str("\n[roles.items_columns]\n");
    for (part, column) in roles.items_columns.named() {
        if has(column) {
            let _ = writeln!(text, "{part} = {}", toml_text(column));
        }
    }
}
