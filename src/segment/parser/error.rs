//! Why a text is no condition.

use std::ops::Range;

use crate::diagnostic::Diagnostic;

/// Where a text stops making sense, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", diagnostic.message)]
pub struct ParseError {
    /// What is wrong and what to do. The place is in bytes of the text; empty where something is missing.
    pub diagnostic: Diagnostic<Range<usize>>,
    /// What could stand at the place instead.
    pub alternatives: Vec<String>,
    /// The name that no column has, of which it was not searched for yet what was meant.
    pub(super) unknown: Option<UnknownColumn>,
}

/// A name that no column has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownColumn {
    pub(super) said: String,
    /// The table of which it should be a column; `None` for any that is offered.
    pub(super) table: Option<String>,
}

impl ParseError {
    pub(super) fn new(place: Range<usize>, message: impl Into<String>) -> Self {
        Self::from_diagnostic(Diagnostic::new(message), place)
    }

    pub(super) fn from_diagnostic(diagnostic: Diagnostic, place: Range<usize>) -> Self {
        Self { diagnostic: diagnostic.at(place), alternatives: Vec::new(), unknown: None }
    }

    pub(super) fn with_help(self, help: impl Into<String>) -> Self {
        Self { diagnostic: self.diagnostic.with_help(help), ..self }
    }

    pub(super) fn with_alternatives(self, alternatives: Vec<String>) -> Self {
        Self { alternatives, ..self }
    }

    /// Where the text stops making sense.
    #[must_use]
    pub fn place(&self) -> &Range<usize> {
        &self.diagnostic.place
    }

    /// Of two ways in which a text makes no sense, the one that gets further.
    pub(super) fn furthest(self, other: Self) -> Self {
        if other.place().start > self.place().start { other } else { self }
    }
}
