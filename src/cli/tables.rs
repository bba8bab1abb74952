//! `segtui tables`: the tables and columns of the database.

use serde_json::{Value, json};

use super::failure::Failure;
use super::numbers;
use super::out::Out;
use super::session::{Opened, Session};
use super::sheet::{self, Align};
use crate::backend::{CountTable, TableCounts};
use crate::database::{Note, Origin, Table, shown_name};
use crate::diagnostic::{HelpPart, help_parts};
use crate::segment::Keyword;
use crate::ui::text::sanitize;

pub(super) fn run(session: &Session, out: &mut Out) -> Result<(), Failure> {
    let opened = session.open()?;
    let mut tables = Vec::new();
    for table in offered(&opened) {
        let counts = counts(&opened, table);
        tables.push((with_doubt(&opened, table, &counts)?, counts));
        opened.task().cancel.check()?;
    }
    opened.backend.check_unchanged()?;
    if out.is_json() {
        let tables: Vec<Value> = tables.iter().map(|(table, counts)| describe(table, counts)).collect();
        return out.json(&json!({
            "database": opened.database.name, "as_of": opened.as_of.to_string(),
            "activation_id": opened.database.default_id, "tables": tables,
            "notes": notes(&opened.database.notes),
        }));
    }
    let people = opened.database.words(&opened.database.default_id).plural;
    out.line(&format!(
        "{}, {}, {people} by {}",
        sanitize(&opened.database.name),
        opened.days(),
        sanitize(&opened.database.default_id)
    ))?;
    print_notes(&opened.database.notes, out)?;
    let rows = [String::new(), "ROWS".to_owned(), people.to_uppercase(), "ORPHAN ROWS".to_owned()];
    let mut rows = vec![rows.to_vec()];
    for (table, counts) in &tables {
        rows.push(match counts {
            Ok(Some(counts)) => {
                let numbers = [counts.rows, counts.customers, counts.orphan_rows].map(numbers::count);
                std::iter::once(table.name.clone()).chain(numbers).collect()
            }
            _ => {
                let rows = table.content.as_ref().ok().and_then(|content| content.rows).map(numbers::count);
                vec![table.name.clone(), rows.unwrap_or_default(), String::new(), String::new()]
            }
        });
    }
    out.line(&sheet::set(&rows, &[Align::Left, Align::Right, Align::Right, Align::Right]))?;
    for (table, counts) in &tables {
        out.line(&format!("\n{}", sanitize(&table.name)))?;
        match (&table.content, counts) {
            (Err(error), _) => out.line(&paragraph("✗", &error.to_string(), error.help_text()))?,
            (Ok(_), Err(error)) => out.line(&paragraph("✗", error, ""))?,
            _ => {}
        }
        let columns = table.content.iter().flat_map(|content| &content.columns);
        let columns = columns.map(|column| {
            let name = format!("  {}", shown_name(&column.name));
            vec![name, column.data_type.id().to_owned(), column.label.clone()]
        });
        let columns: Vec<Vec<String>> = columns.collect();
        if !columns.is_empty() {
            out.line(&sheet::set(&columns, &[Align::Left, Align::Left, Align::Left]))?;
        }
        print_notes(&table.notes, out)?;
    }
    Ok(())
}

/// What was noticed, each with the lines for `database.toml` below it.
fn print_notes(notes: &[Note], out: &mut Out) -> Result<(), Failure> {
    for note in notes {
        let column = note.place.as_deref().map(|column| format!("{}: ", shown_name(column)));
        let said = format!("{}{}", column.unwrap_or_default(), note.message);
        out.line(&paragraph("◦", &said, note.help_text()))?;
    }
    Ok(())
}

/// What is said, after a mark, and what to do below it.
fn paragraph(mark: &str, said: &str, help: &str) -> String {
    let mut text = format!("  {mark} {}", sanitize(said));
    for part in help_parts(help) {
        let (indent, lines) = match part {
            HelpPart::Words(words) => ("    ", words),
            HelpPart::Lines(lines) => ("      ", lines),
        };
        for line in lines.lines() {
            text.push_str(&format!("\n{indent}{}", sanitize(line)));
        }
    }
    text
}

/// The database's own tables, hidden or not, and those of the workspace that have the activation ID.
fn offered(opened: &Opened) -> impl Iterator<Item = &Table> {
    let id = &opened.database.default_id;
    let tables = opened.with_workspace().tables.iter();
    tables.filter(move |table| table.origin == Origin::Database || table.is_offered(id))
}

/// The numbers of a table; `None` where it has no activation ID.
fn counts(opened: &Opened, table: &Table) -> Result<Option<TableCounts>, String> {
    let id = &opened.database.default_id;
    match table.id_column(id) {
        None => Ok(None),
        Some(_) => {
            let question =
                CountTable { table: table.name.clone(), activation_id: id.clone(), as_of: opened.as_of };
            let counts = opened.backend.count_table(&question, opened.task());
            counts.map(Some).map_err(|error| error.to_string())
        }
    }
}

/// A table with what there is to say of its ids, where none of them is a customer's.
fn with_doubt(
    opened: &Opened,
    table: &Table,
    counts: &Result<Option<TableCounts>, String>,
) -> Result<Table, Failure> {
    let mut table = table.clone();
    if let Ok(Some(TableCounts { customers: 0, orphan_rows: 1.., .. })) = counts {
        let id = opened.database.default_id.clone();
        let question = CountTable { table: table.name.clone(), activation_id: id, as_of: opened.as_of };
        table.notes.extend(opened.backend.unmatched_ids(&question, opened.task())?);
    }
    Ok(table)
}

fn error(table: &Table, counts: &Result<Option<TableCounts>, String>) -> Option<String> {
    let damage = table.content.as_ref().err().map(|error| format!("{error}; {}", error.help_text()));
    damage.or_else(|| counts.clone().err())
}

fn describe(table: &Table, counts: &Result<Option<TableCounts>, String>) -> Value {
    let content = table.content.as_ref().ok();
    let columns: Vec<Value> = content
        .into_iter()
        .flat_map(|content| &content.columns)
        .map(|column| json!({"name": column.name, "label": column.label, "type": column.data_type.id()}))
        .collect();
    let numbers = counts.as_ref().ok().copied().flatten();
    // A query has run for its numbers.
    let rows = content.and_then(|content| content.rows).or(numbers.map(|counts| counts.rows));
    json!({
        "name": table.name, "label": table.label, "rows": rows,
        "customers": numbers.map(|counts| counts.customers),
        "orphan_rows": numbers.map(|counts| counts.orphan_rows),
        "error": error(table, counts), "columns": columns, "notes": notes(&table.notes),
    })
}

fn notes(notes: &[Note]) -> Vec<Value> {
    let note = |note: &Note| json!({"column": note.place, "message": note.message, "help": note.help});
    notes.iter().map(note).collect()
}
