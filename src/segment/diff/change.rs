//! Changes from one definition to another.

use std::sync::Arc;

use crate::segment::document::Segment;
use crate::segment::place::Place;

/// What becomes of a part of a definition, or of what it is evaluated on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something else.
    Changed,
    /// It stands elsewhere.
    Moved,
    /// It counts again.
    On,
    /// It is kept but counts no more.
    Off,
    /// The rows of a table.
    Data,
}

impl ChangeKind {
    /// The word for programs.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Moved => "moved",
            Self::On => "on",
            Self::Off => "off",
            Self::Data => "data",
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What becomes of it.
    pub kind: ChangeKind,
    /// Where it stands in the first definition, if it does.
    pub place_a: Option<Place>,
    /// Where it stands in the second one, if it does.
    pub place_b: Option<Place>,
    /// The change in words.
    pub text: String,
}

/// What differs between two definitions.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The changes, in the order in which they are applied.
    pub changes: Vec<Change>,
    /// The documents on the way: the first one, then one after each change. The last has the second definition.
    pub steps: Vec<Arc<Segment>>,
}
