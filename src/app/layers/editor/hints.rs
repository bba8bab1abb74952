//! What the bottom line says of the line at the cursor.

use super::criteria::Cursor;
use super::state::{Editor, Pane};
use crate::app::action::Action;
use crate::segment::{Node, Side};

impl Editor {
    /// The actions that matter most at this line. What does nothing here has no word.
    pub(super) fn line_hints(&self) -> Vec<(Action, &'static str)> {
        if self.pane != Pane::Criteria || self.sql().is_some() {
            return Vec::new();
        }
        match self.cursor() {
            Cursor::Add(side) => {
                [ADDING, &[exclude(*side)], NOT_A_LINE, &[(Action::ToggleMatch, "")]].concat()
            }
            Cursor::Side(side) => [OF_SIDE, &[exclude(*side)], NOT_A_LINE].concat(),
            Cursor::Filter(..) => OF_FILTER.to_vec(),
            Cursor::Node(path) => match self.segment().node(path) {
                Some(Node::Group(_)) => OF_GROUP.to_vec(),
                _ => OF_CONDITION.to_vec(),
            },
        }
    }
}

/// On the exclude side adding excludes already.
fn exclude(side: Side) -> (Action, &'static str) {
    (Action::AddExclusion, if side == Side::Include { "exclude" } else { "" })
}

/// What is of conditions and groups only.
const NOT_A_LINE: &[(Action, &str)] =
    &[(Action::Edit, ""), (Action::EditOperator, ""), (Action::ToggleOff, ""), (Action::AddFilter, "")];

const ADDING: &[(Action, &str)] =
    &[(Action::Add, "add"), (Action::QuickAdd, "type"), (Action::AddSection, "section")];

const OF_SIDE: &[(Action, &str)] = &[
    (Action::ToggleMatch, "AND/OR"),
    (Action::Add, "add"),
    (Action::QuickAdd, "type"),
    (Action::AddSection, "section"),
];

const OF_GROUP: &[(Action, &str)] = &[
    (Action::ToggleMatch, "AND/OR"),
    (Action::ToggleOff, "on/off"),
    (Action::Add, "add"),
    (Action::QuickAdd, "type"),
    (Action::Delete, "delete"),
    (Action::Edit, ""),
    (Action::EditOperator, ""),
    (Action::AddFilter, ""),
];

const OF_CONDITION: &[(Action, &str)] = &[
    (Action::Edit, "edit"),
    (Action::EditOperator, "operator"),
    (Action::ToggleOff, "on/off"),
    (Action::Add, "add"),
    (Action::QuickAdd, "type"),
    (Action::AddFilter, "filter"),
    (Action::Delete, "delete"),
    (Action::ToggleMatch, "AND/OR"),
];

const OF_FILTER: &[(Action, &str)] = &[
    (Action::Edit, "edit"),
    (Action::EditOperator, "operator"),
    (Action::Delete, "delete"),
    (Action::AddFilter, "filter"),
    (Action::Add, "add"),
    (Action::ToggleOff, ""),
    (Action::ToggleMatch, ""),
];
