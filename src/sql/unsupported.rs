//! What SQL cannot say.

use crate::diagnostic::Diagnostic;
use crate::segment::{ConditionPart, Place, Problem};

/// What a dialect cannot say, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported(Diagnostic);

impl Unsupported {
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self(Diagnostic::new(message).with_help(help))
    }

    pub fn at(self, place: Place) -> Problem {
        Problem::unsupported(place, self.0.message).with_help(self.0.help.unwrap_or_default())
    }

    pub(crate) fn in_part(self, part: ConditionPart) -> UnsupportedPart {
        UnsupportedPart { part, reason: self }
    }
}

/// The part of a condition that a dialect cannot say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnsupportedPart {
    pub part: ConditionPart,
    pub reason: Unsupported,
}

impl From<Unsupported> for UnsupportedPart {
    fn from(reason: Unsupported) -> Self {
        reason.in_part(ConditionPart::Whole)
    }
}

impl From<Diagnostic> for Unsupported {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(diagnostic)
    }
}
