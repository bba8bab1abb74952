//! Turning conditions into SQL, and copying SQL to the clipboard.

use std::sync::Arc;

use super::confirm::Confirm;
use crate::app::command::Command;
use crate::app::copying::copy;
use crate::app::layer::Cx;
use crate::app::session::Session;
use crate::segment::Segment;
use crate::sql::Script;

/// Whether a segment that was written as SQL is the open one as it is now.
pub(super) fn is_of(segment: &Arc<Segment>, cx: &Cx<'_>) -> bool {
    cx.segment.as_ref().is_some_and(|open| Arc::ptr_eq(open, segment))
}

/// Asks whether the conditions are to become a query.
pub(super) fn question(script: &Script) -> Confirm {
    let count = script.lines().len();
    let lines = vec![
        format!(
            "The query is {count} lines long and has the same members. In it :as_of stands for the day of evaluation."
        ),
        "From SQL there is no way back to conditions but to undo it (u).".to_owned(),
    ];
    let answers = vec![
        ('n', "Keep the conditions", Command::Cancel),
        ('y', "Turn them into SQL", Command::ConvertToSql(script.text())),
    ];
    Confirm::new("Turn the conditions into SQL?", lines, answers)
}

/// Copies SQL to the clipboard, if there is any and it fits.
pub(super) fn copy_sql(text: Option<String>, session: &mut Session) {
    match text {
        Some(text) => copy(text, "segtui sql writes it to a file", session),
        None => session.note("there is no SQL to copy yet"),
    }
}
