//! What is wrong with a query.

use sqlparser::tokenizer::Location;

use crate::diagnostic::Diagnostic;
use crate::segment::place::{Place, TextPosition};
use crate::segment::problem::{Problem, ProblemKind, Severity};

/// How many characters a message has at most.
const LONGEST: usize = 300;

/// What is wrong with a query, and where in its text if that is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{diagnostic}")]
pub struct QueryError {
    /// What is wrong, where, and what to do.
    pub diagnostic: Diagnostic<Option<TextPosition>>,
    is_incomplete: bool,
}

impl QueryError {
    /// Something is wrong.
    pub fn new(at: Option<TextPosition>, message: impl Into<String>, help: impl Into<String>) -> Self {
        let mut message = message.into();
        // What is quoted may be of any length.
        if let Some((end, _)) = message.char_indices().nth(LONGEST) {
            message.truncate(end);
            message.push('…');
        }
        Self { diagnostic: Diagnostic::new(message).with_help(help).at(at), is_incomplete: false }
    }

    /// There is no query yet.
    pub(super) fn empty() -> Self {
        let help = "write SELECT, the activation ID, FROM and a table";
        Self { is_incomplete: true, ..Self::new(None, "the query is empty", help) }
    }

    /// As a problem of the segment that is this query. The message says the position too, for whoever shows
    /// nothing but messages.
    #[must_use]
    pub(crate) fn in_segment(self) -> Problem {
        let message = self.to_string();
        let kind = if self.is_incomplete { ProblemKind::Incomplete } else { ProblemKind::Invalid };
        let text_position = self.diagnostic.place;
        let problem = Problem::error(kind, self.diagnostic.at(Place::Sql));
        problem.with_message(message).with_text_position(text_position)
    }

    /// As a problem of the line at `place` that names the file of this query.
    #[must_use]
    pub(crate) fn in_file(self, file: &str, place: Place) -> Problem {
        let text_position = self.diagnostic.place;
        let position = text_position.map(|at| format!(", {at}")).unwrap_or_default();
        let message = format!("in the query {file:?}{position}: {}", self.diagnostic.message);
        let problem = Problem::error(ProblemKind::Invalid, self.diagnostic.at(place));
        problem.with_message(message).with_text_position(text_position)
    }

    /// As advice on the segment that is this query.
    #[must_use]
    pub fn advice(self) -> Problem {
        Problem { severity: Severity::Advice, ..self.in_segment() }
    }
}

/// The parser's word for a position; its 0 is none.
pub fn position(location: Location) -> Option<TextPosition> {
    let line = usize::try_from(location.line).ok().filter(|line| *line > 0)?;
    let column = usize::try_from(location.column).ok().filter(|column| *column > 0)?;
    Some(TextPosition { line, column })
}
