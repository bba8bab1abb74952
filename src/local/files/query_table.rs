//! What a query returns, as a table.

use std::path::PathBuf;

use polars::prelude::{LazyFrame, Schema};

use super::local_table::LocalContent;
use super::type_mapping::{normalized, segment_type};
use crate::database::Content;

/// What a query returns as rows of the types that tables have, and the content of its table until these are
/// read. Columns of types that segments do not know are left out, and those that no name of polars means alone.
/// `file` is where the query stands.
pub(crate) fn query_table(frame: LazyFrame, schema: &Schema, file: PathBuf) -> (LazyFrame, Content) {
    let mut columns = Vec::new();
    let mut selected = Vec::new();
    for (name, stored) in schema.iter() {
        if let Some(data_type) = segment_type(stored).filter(|_| !is_pattern(name)) {
            columns.push((name.to_string(), data_type));
            selected.push(normalized(name, stored, data_type));
        }
    }
    let frame = frame.select(selected);
    let LocalContent { content, frame, .. } = LocalContent::new(0, columns, frame.into(), &[file]);
    (frame.lazy().clone(), Content { rows: None, ..content })
}

/// Whether polars takes a name for that of several columns.
fn is_pattern(name: &str) -> bool {
    name == "*" || name.starts_with('^') && name.ends_with('$')
}
