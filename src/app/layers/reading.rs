//! What a typed line comes to.

use crate::app::available_lists::AvailableLists;
use crate::app::view::View;
use crate::segment::parser::ParseError;
use crate::segment::{Condition, ConditionKind, ListSource};

/// What a line comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Nothing is typed yet.
    Empty,
    /// A condition.
    Understood(Condition),
    /// A condition that cannot be, and why.
    Refused(Condition, String),
    /// No condition.
    ParseError(ParseError),
}

/// What was read, as far as the open segment can take it.
pub(super) fn reading(said: Result<Condition, ParseError>, view: View<'_>) -> Reading {
    match said {
        Err(error) => Reading::ParseError(error),
        Ok(condition) => {
            let complaint = view.complaint(condition.clone());
            match complaint.or_else(|| list_disabled_reason(&condition, view)) {
                Some(complaint) => Reading::Refused(condition, complaint),
                None => Reading::Understood(condition),
            }
        }
    }
}

/// Why the open segment cannot refer to the segment that a condition names.
fn list_disabled_reason(condition: &Condition, view: View<'_>) -> Option<String> {
    let ConditionKind::List(list) = &condition.kind else { return None };
    let ListSource::Segment(id) = &list.source else { return None };
    let available = AvailableLists::new(view)?;
    let entry = available.listing.segment(id)?;
    available.disabled_reason(entry).map(|reason| format!("{}: {reason}", entry.name))
}
