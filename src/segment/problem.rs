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

/// A character in a text of several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextPosition {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
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
    /// Where in the text of a query it is.
    pub at: Option<TextPosition>,
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
            at: None,
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

    /// Advice on what is right as it stands but probably means something else.
    pub fn advice(place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Advice, ..Self::invalid(place, message) }
    }

    /// Adds where in the text of a query it is.
    #[must_use]
    pub fn at(mut self, at: Option<TextPosition>) -> Self {
        self.at = at;
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
