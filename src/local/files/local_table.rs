//! A table with its rows, still to be read.

use std::path::PathBuf;

use polars::prelude::{DataFrame, IntoLazy};

use super::parquet::Scan;
use super::table_frame::TableFrame;
use crate::database::{Column, Content, Note, Table, TableError};
use crate::segment::DataType;

/// A table, and its rows where it can be read.
#[derive(Clone)]
pub struct LocalTable {
    /// What it is.
    pub table: Table,
    /// Its rows; `None` if it cannot be read, or is a query that has not run.
    pub frame: Option<TableFrame>,
}

/// What a readable table holds, and its rows.
#[derive(Clone)]
pub struct LocalContent {
    /// What it holds.
    pub content: Content,
    /// Its rows, as [`LocalDatabase::frame`](super::LocalDatabase::frame) documents them.
    pub frame: TableFrame,
    /// What was left out, renamed or detected in its files.
    pub notes: Vec<Note>,
}

impl LocalTable {
    /// A table whose content is this, if it can be read.
    #[must_use]
    pub fn new(table: Table, content: Result<LocalContent, TableError>) -> Self {
        match content {
            Ok(LocalContent { content, frame, notes }) => {
                let notes = [table.notes, notes].concat();
                Self { table: Table { content: Ok(content), notes, ..table }, frame: Some(frame) }
            }
            Err(error) => Self { table: Table { content: Err(error), ..table }, frame: None },
        }
    }
}

impl LocalContent {
    /// What was read of files as a table's, under labels made from the columns' names.
    #[must_use]
    pub(crate) fn of_scan(scan: Scan, files: &[PathBuf]) -> Self {
        let Scan { frame, columns, rows, notes, .. } = scan;
        Self { notes, ..Self::new(rows, columns, frame, files) }
    }

    /// Rows and columns as a table's, under labels made from the columns' names.
    #[must_use]
    pub fn new(rows: u64, columns: Vec<(String, DataType)>, frame: TableFrame, files: &[PathBuf]) -> Self {
        let columns = columns.into_iter().map(|(name, data_type)| Column::new(name, data_type)).collect();
        let content = Content { rows: Some(rows), columns, files: files.to_vec(), lookups: Vec::new() };
        Self { content, frame, notes: Vec::new() }
    }

    /// The content of a query's table with the rows that it returned.
    #[must_use]
    pub fn of_query(unread: &Content, rows: DataFrame) -> Self {
        let content = Content { rows: Some(rows.height() as u64), ..unread.clone() };
        Self { content, frame: rows.lazy().into(), notes: Vec::new() }
    }
}
