//! What is wrong with a part of a condition, before it is known which part that is.

use crate::diagnostic::Diagnostic;
use crate::segment::date_error::DateError;
use crate::segment::place::Place;
use crate::segment::problem::{Problem, ProblemKind};

/// A problem that does not know its place yet.
pub(crate) struct CheckError {
    kind: ProblemKind,
    diagnostic: Diagnostic,
}

impl CheckError {
    pub fn invalid(message: impl Into<String>) -> Self {
        Self { kind: ProblemKind::Invalid, diagnostic: Diagnostic::new(message) }
    }

    pub fn incomplete(message: impl Into<String>) -> Self {
        Self { kind: ProblemKind::Incomplete, diagnostic: Diagnostic::new(message) }
    }

    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { diagnostic: self.diagnostic.with_help(help), ..self }
    }

    pub fn at(self, place: Place) -> Problem {
        Problem::error(self.kind, self.diagnostic.at(place))
    }
}

impl From<Diagnostic> for CheckError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { kind: ProblemKind::Invalid, diagnostic }
    }
}

impl From<DateError> for CheckError {
    fn from(error: DateError) -> Self {
        Self::invalid(error.to_string()).with_help(error.help_in_document())
    }
}
