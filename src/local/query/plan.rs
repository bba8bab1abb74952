//! From a query to its rows.

use polars::error::set_warning_function;
use polars::prelude::{DataFrame, DataType as Stored, LazyFrame, PolarsResult, SchemaRef, col};
use polars::sql::SQLContext;

use super::Stopped;
use super::isolated_run::{NoResult, run_isolated};
use super::message::{failed, panicked};
use crate::backend::Cancel;
use crate::database::{Column, Content, Database, Table};
use crate::diagnostic::Diagnostic;
use crate::local::files::{LocalDatabase, nearest_doubles};
use crate::segment::{DataType, Query, QueryError, nearest};

/// A query that can run: its tables and columns are there, and their types fit.
#[derive(Clone)]
pub struct Plan {
    query: Query,
    frame: LazyFrame,
    schema: SchemaRef,
}

/// How a query runs over a database. Reads no rows.
///
/// # Errors
/// A table that it names is missing or cannot be used; polars cannot do what it says.
pub fn plan(database: &LocalDatabase, query: &Query) -> Result<Plan, QueryError> {
    let mut tables = Vec::new();
    let mut columns: Vec<&Column> = Vec::new();
    for name in query.tables() {
        let (table, content) = content(database, query, &name.text)
            .map_err(|missing| QueryError::new(name.at, missing.message, missing.help.unwrap_or_default()))?;
        let frame = database.frame(table).map_err(|error| failed(query, &error, &[]))?;
        let frame = as_queried(frame, table).map_err(|error| failed(query, &error, &[]))?;
        tables.push((name.text.clone(), frame));
        columns.extend(&content.columns);
    }
    let of = |types: &'static [DataType]| {
        columns
            .iter()
            .filter(move |column| types.contains(&column.data_type))
            .map(|column| column.name.as_str())
    };
    query.check_dates(
        of(&[DataType::Date, DataType::Datetime]),
        of(&[DataType::Integer, DataType::Decimal]),
    )?;
    let columns: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let sql = query.sql().to_owned();
    let planned = run_isolated(&Cancel::default(), move || planned(&sql, tables));
    let (frame, schema) = match planned {
        Ok(planned) => planned.map_err(|error| failed(query, &error, &columns))?,
        Err(NoResult::Panicked(words)) => return Err(panicked(&words)),
        Err(NoResult::Cancelled) => return Err(panicked("")),
    };
    Ok(Plan { query: query.clone(), frame, schema })
}

/// Decimals are doubles in queries, as they are in those that other engines run, but for whole numbers that are ids.
fn as_queried(frame: &LazyFrame, table: &Table) -> PolarsResult<LazyFrame> {
    let schema = frame.clone().collect_schema()?;
    let is_id = |name: &str| table.id_columns.iter().any(|(_, column)| column == name);
    let is_whole = |stored: &Stored| matches!(stored, Stored::Decimal(_, 0));
    let stays = |name: &str, stored| is_whole(stored) && is_id(name);
    let decimals = schema.iter().filter(|(name, stored)| stored.is_decimal() && !stays(name, stored));
    let doubles: Vec<_> = decimals.map(|(name, _)| nearest_doubles(name)).collect();
    Ok(if doubles.is_empty() { frame.clone() } else { frame.clone().with_columns(doubles) })
}

fn planned(sql: &str, tables: Vec<(String, LazyFrame)>) -> PolarsResult<(LazyFrame, SchemaRef)> {
    // Polars writes warnings to the terminal, in whatever is drawn there.
    set_warning_function(|_, _| {});
    let mut context = SQLContext::new();
    for (name, frame) in tables {
        context.register(&name, frame);
    }
    let mut frame = context.execute(sql)?;
    let schema = frame.collect_schema()?;
    // Only now types are compared.
    frame.clone().to_alp_optimized()?;
    Ok((frame, schema))
}

/// The content of a table that a query names; what is wrong with it, and what to do.
fn content<'a>(
    database: &'a Database,
    query: &Query,
    name: &str,
) -> Result<(&'a Table, &'a Content), Diagnostic> {
    let Some(table) = database.table(name) else {
        let known = database.tables.iter().map(|table| table.name.as_str()).chain(query.with_names());
        let help = match nearest(name, known) {
            Some(near) => format!("did you mean {near:?}?"),
            None => "name a table of the database, as it is written there".to_owned(),
        };
        return Err(Diagnostic::new(format!("there is no table {name:?}")).with_help(help));
    };
    match &table.content {
        Err(error) => {
            let message = format!("table {name:?} cannot be used: {error}");
            Err(Diagnostic::new(message).with_help(error.help_text()))
        }
        Ok(content) if content.columns.is_empty() => {
            Err(Diagnostic::new(format!("table {name:?} has no columns")).with_help("leave it out"))
        }
        Ok(content) => Ok((table, content)),
    }
}

impl Plan {
    #[must_use]
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// What it returns, without its rows.
    #[must_use]
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// What it returns, still to be read.
    pub fn frame(&self) -> &LazyFrame {
        &self.frame
    }

    /// Its rows; of the columns named, or of all.
    ///
    /// # Errors
    /// Cancelled; a value does not fit what the query does with it, or a file cannot be read any more.
    pub fn rows(&self, columns: Option<&[&str]>, cancel: &Cancel) -> Result<DataFrame, Stopped> {
        let frame = match columns {
            Some(columns) => {
                let selected: Vec<_> = columns.iter().map(|name| col(*name)).collect();
                self.frame.clone().select(selected)
            }
            None => self.frame.clone(),
        };
        let collected = run_isolated(cancel, move || frame.collect())?;
        collected.map_err(|error| Stopped::Fault(failed(&self.query, &error, &[])))
    }
}
