//! The rows of a table, still to be read.

use std::ops::Range;
use std::sync::Arc;

use polars::prelude::{DataFrame, Expr, IdxSize, LazyFrame, PolarsResult, col, polars_err};

use super::carried_error::carry;
use super::parquet::ParquetRows;

/// The rows of a table: what polars makes queries of, and where they are.
#[derive(Clone)]
pub struct TableFrame {
    lazy: LazyFrame,
    /// Where the rows are, if they are in Parquet files.
    rows: Option<Arc<ParquetRows>>,
    /// Columns that replace those of the files or are added, a step after the other.
    steps: Vec<Vec<Expr>>,
}

impl From<LazyFrame> for TableFrame {
    fn from(lazy: LazyFrame) -> Self {
        Self { lazy, rows: None, steps: Vec::new() }
    }
}

impl TableFrame {
    /// Rows in Parquet files.
    pub(super) fn in_files(rows: Arc<ParquetRows>) -> PolarsResult<Self> {
        Ok(Self { lazy: rows.lazy(None)?, rows: Some(rows), steps: Vec::new() })
    }

    /// For queries. However it is collected, the rows are in the same order.
    pub fn lazy(&self) -> &LazyFrame {
        &self.lazy
    }

    /// The same with other columns, each worked out from those of its row.
    pub(super) fn with_columns(self, columns: Vec<Expr>) -> Self {
        let lazy = self.lazy.with_columns(columns.clone());
        let mut steps = self.steps;
        steps.push(columns);
        Self { lazy, steps, ..self }
    }

    /// The rows of some columns, in order.
    ///
    /// # Errors
    /// A file has changed, is damaged there, or cannot be read.
    pub(crate) fn read(&self, columns: &[&str]) -> PolarsResult<DataFrame> {
        match &self.rows {
            Some(rows) => self.read_of(rows, columns, 0..rows.height()),
            None => self.lazy.clone().select(selected(columns)).collect(),
        }
    }

    /// So many of the rows from one on, or as many as there are.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) fn read_rows(&self, columns: &[&str], first: usize, count: usize) -> PolarsResult<DataFrame> {
        let first = first as u64;
        if let Some(rows) = &self.rows {
            let end = first.saturating_add(count as u64).min(rows.height());
            return self.read_of(rows, columns, first.min(end)..end);
        }
        let too_many = |_| polars_err!(ComputeError: "it has more rows than can be read");
        let (first, count) = (i64::try_from(first), IdxSize::try_from(count));
        let (first, count) = (first.map_err(too_many)?, count.map_err(too_many)?);
        self.lazy.clone().select(selected(columns)).slice(first, count).collect()
    }

    fn read_of(
        &self,
        rows: &Arc<ParquetRows>,
        columns: &[&str],
        range: Range<u64>,
    ) -> PolarsResult<DataFrame> {
        if self.steps.is_empty() {
            return rows.read(columns, range).map_err(carry);
        }
        let mut lazy = rows.lazy(Some(range))?;
        for step in &self.steps {
            lazy = lazy.with_columns(step.clone());
        }
        lazy.select(selected(columns)).collect()
    }
}

fn selected(columns: &[&str]) -> Vec<Expr> {
    columns.iter().map(|name| col(*name)).collect()
}
