//! Writes a segment as SQL.

use chrono::NaiveDate;

use crate::app::effect::WantedSql;
use crate::app::event::{SegmentFailure, WrittenSql};
use crate::diagnostic::Diagnostic;
use crate::local::files::{DatabaseView, text_rows};
use crate::local::{Cancel, Engine};
use crate::segment::{Lists, Problem, Query, Segment, Severity};
use crate::sql::{self, ExportRequest, Script};

/// A segment as SQL, ready to be shown.
pub fn export_sql(
    engine: &Engine,
    lists: &dyn Lists,
    segment: &Segment,
    as_of: NaiveDate,
    wanted: WantedSql,
    cancel: &Cancel,
) -> Result<WrittenSql, SegmentFailure> {
    let refused = |problem: Problem| SegmentFailure::Refused(Box::new(problem));
    let (checked, database) = engine.check_with_rows(segment, as_of, cancel)?;
    let mut errors = checked.problems.iter().filter(|problem| problem.severity == Severity::Error);
    if wanted == WantedSql::Converted
        && let Some(problem) = errors.next()
    {
        return Err(refused(problem.clone()));
    }
    let left_out = errors.count();
    let activation_id = database.activation_id(segment);
    let view = DatabaseView { database: &database, activation_id };
    let ids = |query: &Query| engine.customers_of(query, activation_id, cancel).map_err(Diagnostic::from);
    let request =
        ExportRequest { segment, checked: &checked, view, as_of, lists, ids: &ids, rows: &text_rows };
    let (dialect, dates) = wanted.form();
    let text = sql::write(&request, dialect, dates).map_err(refused)?;
    Ok(WrittenSql { script: Script::new(text.trim_end(), dialect), left_out })
}
