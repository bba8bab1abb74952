//! A SQL segment.

use crate::segment::Query;
use crate::sql::dialect::Dialect;
use crate::sql::layout::comment;
use crate::sql::request::ExportRequest;

/// The query as it was written, with a comment that says for whom.
pub(crate) fn write_sql_segment(request: &ExportRequest, query: &Query, dialect: Dialect) -> String {
    let text = query.text().trim_end().trim_end_matches(';');
    let name = comment(&request.segment.name);
    let mut head = "This is a SQL segment, written for segtui's embedded engine".to_owned();
    if text.contains(":as_of") {
        head.push_str(&format!(", in which :as_of stands for the day of evaluation, {}", request.as_of));
    }
    if dialect != Dialect::Embedded {
        head.push_str(&format!(". It is shown as it is and may need changes for {}", dialect.title()));
    }
    format!("{name}{}{text}\n", comment(&format!("{head}.")))
}
