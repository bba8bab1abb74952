//! Uploaded lists and saved queries that are tables, as values: no other engine has them.

use super::attribute::{Refusal, used, whole};
use super::piece::filled;
use super::tongue::Unsupported;
use super::writer::Writer;
use crate::local::files::{Origin, Table};
use crate::segment::Criterion;

impl Writer<'_> {
    /// Adds the columns that a condition reads of a table of the workspace, if it reads one.
    pub fn inline_table(&mut self, criterion: &Criterion) -> Result<(), Refusal> {
        let (key, columns) = match criterion {
            Criterion::Attribute { table, test, filters, .. } => (table, used(filters, Some(&test.column))),
            Criterion::Aggregate { table, aggregate, filters, .. } => {
                (table, used(filters, aggregate.column()))
            }
            Criterion::Purchase { .. } => return Ok(()),
        };
        let view = self.asked.view;
        let Some(table) = view.database.table_by_key(key).filter(|table| table.origin != Origin::Database)
        else {
            return Ok(());
        };
        let id = table.id_column(view.activation_id).unwrap_or_default();
        let mut read = vec![id];
        for column in columns {
            if !read.contains(&column) {
                read.push(column);
            }
        }
        let body = self.values(table, &read).map_err(whole)?;
        let comment = format!("The rows of {}", table.name);
        let name = self.with.add(&table.name, &comment, body);
        self.lists.insert(key.clone(), name);
        Ok(())
    }

    /// The rows of some columns as values, each made of its text.
    fn values(&self, table: &Table, columns: &[&str]) -> Result<String, Unsupported> {
        let mut selected = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            let data_type = table.column(column).map(|column| column.data_type);
            let Some(held) = data_type.and_then(|data_type| self.tongue.type_of(data_type)) else {
                let (what, help) = match table.origin {
                    Origin::Query(_) => ("a saved query", "write what it selects into a query of your own"),
                    Origin::Database | Origin::List(_) => {
                        ("an uploaded list", "add its columns to a table of the database")
                    }
                };
                let message = format!("{:?} is {what}, which a SQL segment cannot read", table.name);
                return Err(Unsupported { message, help: help.to_owned() });
            };
            selected.push(format!("CAST(c{} AS {held}) AS {}", at + 1, self.tongue.name(column)));
        }
        let unreadable = |message: String| Unsupported { message, help: "check the file".to_owned() };
        let mut rows = table.texts(columns).map_err(|error| unreadable(error.to_string()))?;
        if matches!(table.origin, Origin::Query(_)) {
            // What a query returns may come in any order; what is written does not.
            rows.sort_unstable();
        }
        let mut written = Vec::new();
        for row in &rows {
            let values = row.iter().map(|value| match value {
                Some(text) => self.tongue.text(text),
                None => Ok("NULL".to_owned()),
            });
            written.push(format!("({})", values.collect::<Result<Vec<_>, _>>()?.join(", ")));
        }
        let end = if written.is_empty() { "\nWHERE 1 = 0" } else { "" };
        if written.is_empty() {
            written.push(format!("({})", vec!["NULL"; columns.len()].join(", ")));
        }
        let names: Vec<String> = (1..=columns.len()).map(|at| format!("c{at}")).collect();
        Ok(format!(
            "SELECT\n    {}\nFROM (\n    VALUES\n        {}\n) AS listed ({}){end}",
            selected.join(",\n    "),
            filled(&written).join("\n        "),
            names.join(", ")
        ))
    }
}
