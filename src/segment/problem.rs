//! What is wrong with a segment, where, and what to do.

use std::fmt;

use super::place::{ConditionPart, NodePath, Place, TextPosition};
use crate::diagnostic::Diagnostic;

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

/// One problem, displayed as its diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether it stands in the way.
    pub severity: Severity,
    /// Missing, wrong, or not yet possible.
    pub kind: ProblemKind,
    /// What is wrong, where in the segment, and what to do.
    pub diagnostic: Diagnostic<Place>,
    /// Where in the text of a query it is.
    pub text_position: Option<TextPosition>,
}

impl Problem {
    /// An error of a kind.
    #[must_use]
    pub fn error(kind: ProblemKind, diagnostic: Diagnostic<Place>) -> Self {
        Self { severity: Severity::Error, kind, diagnostic, text_position: None }
    }

    /// A part of the node at `path` is wrong.
    #[must_use]
    pub(crate) fn in_node(path: &NodePath, error: Diagnostic<ConditionPart>) -> Self {
        Self::error(ProblemKind::Invalid, error.map_place(|part| Place::Node(path.clone(), part)))
    }

    /// A part is missing at `place`.
    pub fn incomplete(place: Place, message: impl Into<String>) -> Self {
        Self::error(ProblemKind::Incomplete, Diagnostic::new(message).at(place))
    }

    /// A part is wrong at `place`.
    pub fn invalid(place: Place, message: impl Into<String>) -> Self {
        Self::error(ProblemKind::Invalid, Diagnostic::new(message).at(place))
    }

    /// A part is right but cannot be evaluated by this version.
    pub fn unsupported(place: Place, message: impl Into<String>) -> Self {
        Self::error(ProblemKind::Unsupported, Diagnostic::new(message).at(place))
    }

    /// Advice on what is right as it stands but probably means something else.
    pub fn advice(place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Advice, ..Self::invalid(place, message) }
    }

    /// Adds where in the text of a query it is.
    #[must_use]
    pub fn with_text_position(self, text_position: Option<TextPosition>) -> Self {
        Self { text_position, ..self }
    }

    /// Adds what to do.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { diagnostic: self.diagnostic.with_help(help), ..self }
    }

    /// The same problem as seen from another place.
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        Self { diagnostic: self.diagnostic.at(place), ..self }
    }

    /// The same problem in other words.
    #[must_use]
    pub(crate) fn with_message(mut self, message: impl Into<String>) -> Self {
        self.diagnostic.message = message.into();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.diagnostic.fmt(f)
    }
}

impl std::error::Error for Problem {}
