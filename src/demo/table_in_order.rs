//! A table of the demo database that is written in the order that was asked for.

use anyhow::{Result, bail};
use polars::prelude::DataFrame;

use super::reorder::Reordered;
use super::write::{Encoded, TableFile};

/// A table in the making.
pub(crate) struct TableInOrder {
    pub file: TableFile,
    /// Where its rows wait to be sorted, unless they stay in the order of the customers.
    pub reordered: Option<Reordered>,
}

/// What a chunk of customers adds to a table.
pub(crate) enum TableChunk {
    /// To be written as it is.
    Encoded(Encoded),
    /// To be sorted.
    Rows(DataFrame),
}

impl TableInOrder {
    /// Does with rows what can be done by many threads.
    pub fn prepare(&self, rows: DataFrame) -> Result<TableChunk> {
        match self.reordered {
            Some(_) => Ok(TableChunk::Rows(rows)),
            None => self.file.encode(rows).map(TableChunk::Encoded),
        }
    }

    /// Takes the chunks in the order of the customers.
    pub fn append(&mut self, chunk: TableChunk) -> Result<()> {
        match (chunk, &mut self.reordered) {
            (TableChunk::Encoded(rows), None) => self.file.append(rows),
            (TableChunk::Rows(rows), Some(reordered)) => reordered.append(rows),
            _ => bail!("rows of another order"),
        }
    }

    /// Completes the file.
    pub fn finish(mut self) -> Result<()> {
        if let Some(reordered) = self.reordered {
            reordered.finish(&mut self.file)?;
        }
        self.file.finish()
    }
}
