//! What is under way between the open segment and the workspace: one thing at a time.

use super::command::After;
use super::drafts::DraftName;
use super::event::SlowWrite;
use crate::workspace::{Edits, Target};

/// What is under way.
#[derive(Clone, Debug, Default)]
pub(crate) enum Lifecycle {
    /// Nothing.
    #[default]
    Idle,
    /// A segment is being read to be opened.
    Loading {
        id: String,
        /// The kept edits of it that are gone on with then.
        draft: Option<DraftName>,
    },
    /// A name is asked for.
    Naming {
        /// What comes after the save.
        then: Option<After>,
    },
    /// A save is under way.
    Saving {
        /// The id of the open segment when it was sent off.
        id: String,
        target: Target,
        /// What comes after it.
        then: Option<After>,
        /// What takes so long that a person is told.
        slow: Option<SlowWrite>,
    },
    /// Edits are being kept as a draft, to be left then.
    Keeping(Keeping),
    /// A save was refused because someone else saved; a person is asked.
    Conflict {
        /// Where it was to go.
        target: Target,
        /// What comes after the save.
        then: Option<After>,
    },
}

/// Edits that are being kept as a draft.
#[derive(Clone, Debug)]
pub(crate) struct Keeping {
    pub edits: Edits,
    /// What comes after it.
    pub after: After,
    /// The folder for them, as it was typed; `None` for their own.
    pub typed: Option<String>,
    /// Whether it takes so long that a person is asked.
    pub is_slow: bool,
}

impl Lifecycle {
    /// Whether a save is under way.
    pub(crate) fn is_saving(&self) -> bool {
        matches!(self, Self::Saving { .. })
    }

    /// Whether a save is under way that takes so long that a person was told.
    pub(crate) fn is_saving_long(&self) -> bool {
        matches!(self, Self::Saving { slow: Some(_), .. })
    }

    /// Whether a save is under way, or edits are being kept.
    pub(crate) fn is_writing(&self) -> bool {
        matches!(self, Self::Saving { .. } | Self::Keeping(_))
    }

    /// What comes after a save that is still to be sent off.
    pub(crate) fn then(&self) -> Option<After> {
        match self {
            Self::Naming { then } | Self::Conflict { then, .. } | Self::Saving { then, .. } => *then,
            Self::Idle | Self::Loading { .. } | Self::Keeping(_) => None,
        }
    }

    /// Nothing comes after the save any more.
    pub(crate) fn forget_then(&mut self) {
        match self {
            Self::Naming { .. } | Self::Conflict { .. } | Self::Keeping(_) => *self = Self::Idle,
            Self::Saving { then, .. } => *then = None,
            Self::Idle | Self::Loading { .. } => {}
        }
    }
}
