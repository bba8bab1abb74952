//! A SQL segment as SQL.

use super::with::commented;
use super::{Dialect, ExportRequest};
use crate::segment::Query;

/// The query as it was written, with a comment that says for whom.
pub fn as_it_is(asked: &ExportRequest, query: &Query, dialect: Dialect) -> String {
    let text = query.text().trim_end().trim_end_matches(';');
    let name = commented(&asked.segment.name);
    let mut head = "This is a SQL segment, written for segtui's embedded engine".to_owned();
    if text.contains(":as_of") {
        head.push_str(&format!(", in which :as_of stands for the day of evaluation, {}", asked.as_of));
    }
    if dialect != Dialect::Embedded {
        head.push_str(&format!(". It is shown as it is and may need changes for {}", dialect.title()));
    }
    format!("{name}{}{text}\n", commented(&format!("{head}.")))
}
