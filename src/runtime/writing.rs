//! Writes a segment as SQL.

use chrono::NaiveDate;

use crate::app::effect::WantedSql;
use crate::app::event::{SegmentFailure, WrittenSql};
use crate::catalog::DatabaseView;
use crate::engine::Engine;
use crate::segment::{Lists, Missing, Problem, Query, Segment, Severity};
use crate::sql::{self, Asked, Script};

/// A segment as SQL, ready to be shown.
pub fn write_sql(
    engine: &Engine,
    lists: &dyn Lists,
    segment: &Segment,
    as_of: NaiveDate,
    wanted: WantedSql,
) -> Result<WrittenSql, SegmentFailure> {
    let refused = |problem: Problem| SegmentFailure::Refused(Box::new(problem));
    let checked = engine.check(segment, as_of);
    let mut errors = checked.problems.iter().filter(|problem| problem.severity == Severity::Error);
    if wanted == WantedSql::Converted
        && let Some(problem) = errors.next()
    {
        return Err(refused(problem.clone()));
    }
    let left_out = errors.count();
    let database = &engine.database_of(segment);
    let view = DatabaseView { database, activation_id: database.activation_id(segment) };
    let asked = Asked { segment, checked: &checked, view, as_of, lists, ids: &no_queries };
    let (dialect, dates) = wanted.ways();
    let text = sql::write(&asked, dialect, dates).map_err(refused)?;
    Ok(WrittenSql { script: Script::new(text.trim_end(), dialect), left_out })
}

fn no_queries(_: &Query) -> Result<Vec<String>, Missing> {
    Err(Missing {
        message: "this version does not evaluate SQL yet".to_owned(),
        help: "build it from conditions instead".to_owned(),
    })
}
