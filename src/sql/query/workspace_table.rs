//! Uploaded lists and saved queries that are tables, as values: no other engine has them.

use super::attribute::columns_used;
use super::writer::QueryWriter;
use crate::database::{Origin, Table};
use crate::segment::Criterion;
use crate::sql::layout::{Fragment, sql, wrapped};
use crate::sql::unsupported::{Unsupported, UnsupportedPart};

impl QueryWriter<'_> {
    /// Adds the columns that a condition reads of a table of the workspace, if it reads one.
    pub(crate) fn add_workspace_table(&mut self, criterion: &Criterion) -> Result<(), UnsupportedPart> {
        let (key, columns) = match criterion {
            Criterion::Attribute { table, test, filters, .. } => {
                (table, columns_used(filters, Some(&test.column)))
            }
            Criterion::Aggregate { table, aggregate, filters, .. } => {
                (table, columns_used(filters, aggregate.column()))
            }
            Criterion::Purchase { .. } => return Ok(()),
        };
        let view = self.request.view;
        let Some(table) = view.database.table_by_key(key).filter(|table| table.origin != Origin::Database)
        else {
            return Ok(());
        };
        let mut read = vec![table.id_column(view.activation_id).unwrap_or_default()];
        for column in columns {
            if !read.contains(&column) {
                read.push(column);
            }
        }
        let body = self.select_values(table, &read)?;
        let name = self.with.add(&table.name, &format!("The rows of {}", table.name), &body);
        self.workspace_tables.insert(key.clone(), name);
        Ok(())
    }

    /// The rows of some columns as values, each cast from its text.
    fn select_values(&self, table: &Table, columns: &[&str]) -> Result<Fragment, Unsupported> {
        let columns_cast = self.cast_columns(table, columns)?;
        let mut rows = self.request.rows(table, columns).map_err(Unsupported::from)?;
        if matches!(table.origin, Origin::Query(_)) {
            // What a query returns may come in any order; what is written does not.
            rows.sort_unstable();
        }
        let mut literals = Vec::new();
        for row in &rows {
            let values = row.iter().map(|value| match value {
                Some(text) => self.dialect.string_literal(text),
                None => Ok("NULL".to_owned()),
            });
            literals.push(format!("({})", values.collect::<Result<Vec<_>, _>>()?.join(", ")));
        }
        let mut end = sql![""];
        if literals.is_empty() {
            literals.push(format!("({})", vec!["NULL"; columns.len()].join(", ")));
            end = sql![Fragment::LineBreak, "WHERE 1 = 0"];
        }
        let line = || Fragment::LineBreak;
        let columns_cast = Fragment::join(columns_cast, &sql![",", line()]);
        let literals = sql![line(), Fragment::lines_of(&wrapped(&literals))].indented(4);
        let names: Vec<String> = (1..=columns.len()).map(|at| format!("c{at}")).collect();
        let names = format!(" AS listed ({})", names.join(", "));
        let from = sql!["VALUES", literals].in_parentheses();
        Ok(sql!["SELECT", sql![line(), columns_cast].indented(4), line(), "FROM ", from, names, end])
    }

    fn cast_columns(&self, table: &Table, columns: &[&str]) -> Result<Vec<Fragment>, Unsupported> {
        let cast = |(at, column): (usize, &&str)| {
            let data_type = table.column(column).map(|column| column.data_type);
            let Some(type_name) = data_type.and_then(|data_type| self.dialect.type_name(data_type)) else {
                return Err(unsupported_table(table));
            };
            let name = self.dialect.identifier(column);
            Ok(format!("CAST(c{} AS {type_name}) AS {name}", at + 1).into())
        };
        columns.iter().enumerate().map(cast).collect()
    }
}

fn unsupported_table(table: &Table) -> Unsupported {
    let (what, help) = match table.origin {
        Origin::Query(_) => ("a saved query", "write what it selects into a query of your own"),
        Origin::Database | Origin::List(_) => {
            ("an uploaded list", "add its columns to a table of the database")
        }
    };
    Unsupported::new(format!("{:?} is {what}, which a SQL segment cannot read", table.name), help)
}
