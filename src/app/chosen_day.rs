//! The day of evaluation that was chosen, where it is not to be the data's own.

use crate::segment::TypedDay;

/// The day of evaluation that was chosen; without one it is the data's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChosenDay {
    /// The one in force.
    pub now: Option<TypedDay>,
    /// The one of the command line, which is meant for all databases.
    at_start: Option<TypedDay>,
}

impl ChosenDay {
    /// The one of the command line, if it names one.
    pub(crate) fn new(at_start: Option<TypedDay>) -> Self {
        Self { now: at_start, at_start }
    }

    /// Another database is used: what was chosen for the one before is of no concern to it.
    pub(crate) fn forget(&mut self) {
        self.now = self.at_start;
    }
}
