//! What a query returns, as a table.

use std::path::PathBuf;

use polars::prelude::{DataFrame, IntoLazy, LazyFrame, Schema};

use super::held::{known, normal};
use super::{Content, table};

/// What a query returns as rows of the types that tables have, and the content of its table until these are
/// read. Columns of types that segments do not know are left out, and those that no name of polars means alone.
/// `file` is where the query stands.
pub fn returned(frame: LazyFrame, schema: &Schema, file: PathBuf) -> (LazyFrame, Content) {
    let mut columns = Vec::new();
    let mut selected = Vec::new();
    for (name, held) in schema.iter() {
        if let Some(data_type) = known(held).filter(|_| !is_pattern(name)) {
            columns.push((name.to_string(), data_type));
            selected.push(normal(name, held, data_type));
        }
    }
    let unread = table::content(0, columns, LazyFrame::default(), &[file]);
    (frame.select(selected), Content { rows: None, ..unread })
}

/// Whether polars takes a name for that of several columns.
fn is_pattern(name: &str) -> bool {
    name == "*" || name.starts_with('^') && name.ends_with('$')
}

impl Content {
    /// The same with its rows.
    #[must_use]
    pub fn with_rows(&self, rows: DataFrame) -> Self {
        Self { rows: Some(rows.height() as u64), frame: rows.lazy(), ..self.clone() }
    }
}
