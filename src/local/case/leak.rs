//! What is hidden is nowhere in a case.

use std::collections::BTreeSet;

use super::hide::{Hiding, refused};
use crate::backend::{BackendError, CaseFile};
use crate::database::{Content, Table};
use crate::local::error::unreadable;
use crate::local::files::LocalDatabase;
use crate::segment::DataType;

/// Shorter values stand everywhere by chance.
const SHORTEST: usize = 3;

/// Checks that no value of a hidden column stands anywhere in the files: in texts, or in other columns. `cut` is the
/// database with all values.
///
/// # Errors
/// One does.
pub(super) fn check(files: &[CaseFile], cut: &LocalDatabase, hiding: &Hiding) -> Result<(), BackendError> {
    let (mut hidden, mut shown) = (BTreeSet::new(), Vec::new());
    for table in &cut.tables {
        let Ok(Content { rows: Some(_), .. }) = &table.content else { continue };
        for column in table.columns() {
            let is_hidden = hiding.hides(&table.name, &column.name);
            if is_hidden {
                hidden.extend(texts(cut, table, &column.name)?.into_iter().filter(|text| is_telling(text)));
            } else if column.data_type == DataType::String {
                shown.push((table, column.name.as_str()));
            }
        }
    }
    if hidden.is_empty() {
        return Ok(());
    }
    for (table, column) in shown {
        let values = texts(cut, table, column)?;
        if values.iter().any(|value| hidden.iter().any(|hidden| value.contains(hidden.as_str()))) {
            let name = format!("{}.{column}", table.name);
            return Err(refused(
                format!("{name:?} has a value that is to be hidden"),
                &format!("hide {name} too"),
            ));
        }
    }
    let is_text = |file: &&CaseFile| !file.path.ends_with(".parquet");
    for file in files.iter().filter(is_text) {
        let text = String::from_utf8_lossy(&file.bytes);
        if hidden.iter().any(|value| text.contains(value.as_str())) {
            let what =
                if file.path.ends_with(".sql") { "a query" } else { "the segment, or a list that it names," };
            return Err(refused(
                format!("{what} has a value that is to be hidden ({})", file.path),
                "hide other columns, or change the segment",
            ));
        }
    }
    Ok(())
}

/// Whether a value tells something.
fn is_telling(text: &str) -> bool {
    text.trim().len() >= SHORTEST && !matches!(text, "true" | "false")
}

fn texts(cut: &LocalDatabase, table: &Table, column: &str) -> Result<BTreeSet<String>, BackendError> {
    let rows = cut.texts(table, &[column]).map_err(|error| {
        unreadable(&table.name)(polars::prelude::PolarsError::ComputeError(error.to_string().into()))
    })?;
    Ok(rows.into_iter().flatten().flatten().collect())
}
