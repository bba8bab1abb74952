//! Writes a segment as SQL.

use chrono::NaiveDate;

use crate::app::effect::WantedSql;
use crate::app::event::{SegmentFailure, WrittenSql};
use crate::backend::{Backend, Cancel, Task};
use crate::database::DatabaseView;
use crate::segment::{Problem, Segment, Severity};
use crate::sql::{self, Card, ExportRequest, Script};

/// A segment, or its figures on a card, as SQL, ready to be shown.
pub(crate) fn export_sql(
    backend: &dyn Backend,
    segment: &Segment,
    as_of: NaiveDate,
    (wanted, card): (WantedSql, Option<&Card>),
    cancel: &Cancel,
) -> Result<WrittenSql, SegmentFailure> {
    let refused = |problem: Problem| SegmentFailure::Refused(Box::new(problem));
    let task = Task::new(cancel);
    let (checked, database) = backend.check_readable(segment, as_of, task)?;
    let mut errors = checked.problems.iter().filter(|problem| problem.severity == Severity::Error);
    if wanted == WantedSql::Converted
        && let Some(problem) = errors.next()
    {
        return Err(refused(problem.clone()));
    }
    let left_out = errors.count();
    let view = DatabaseView { database: &database, activation_id: database.activation_id(segment) };
    let request = ExportRequest { segment, checked: &checked, view, as_of, backend, task };
    let (dialect, dates) = wanted.form();
    let text = match card {
        None => sql::write(&request, dialect, dates),
        Some(card) => sql::write_card(&request, card, dialect, dates),
    };
    let text = text.map_err(refused)?;
    Ok(WrittenSql { script: Script::new(text.trim_end(), dialect), left_out })
}
