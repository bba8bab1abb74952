//! What is wrong with a segment, where, and what to do.

use super::place::Place;

/// Whether a problem stands in the way of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The segment cannot be evaluated as it stands.
    Error,
    /// It can, but probably something else was meant.
    Advice,
}

/// What kind of error it is. The editor treats a condition that is still being written more gently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// A part is still missing.
    Incomplete,
    /// A part is wrong.
    Invalid,
    /// Right, but this version cannot evaluate it.
    Unsupported,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether it stands in the way.
    pub severity: Severity,
    /// Missing, wrong, or not yet possible.
    pub kind: ProblemKind,
    /// Where it is.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// A part is missing at `place`.
    pub fn incomplete(place: Place, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            kind: ProblemKind::Incomplete,
            place,
            message: message.into(),
            help: None,
        }
    }

    /// A part is wrong at `place`.
    pub fn invalid(place: Place, message: impl Into<String>) -> Self {
        Self { kind: ProblemKind::Invalid, ..Self::incomplete(place, message) }
    }

    /// A part is right but cannot be evaluated by this version.
    pub fn unsupported(place: Place, message: impl Into<String>) -> Self {
        Self { kind: ProblemKind::Unsupported, ..Self::incomplete(place, message) }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
