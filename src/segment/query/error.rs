//! What is wrong with a query.

use sqlparser::tokenizer::Location;

use crate::segment::place::Place;
use crate::segment::problem::{Problem, Severity, TextPosition};

/// How many characters a message has at most.
const LONGEST: usize = 300;

/// What is wrong with a query, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}{message}", self.where_it_is())]
pub struct QueryError {
    /// Where it is, if that is known.
    pub at: Option<TextPosition>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
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
        Self { at, message, help: help.into(), is_incomplete: false }
    }

    /// There is no query yet.
    pub(super) fn empty() -> Self {
        let help = "write SELECT, the activation ID, FROM and a table";
        Self { is_incomplete: true, ..Self::new(None, "the query is empty", help) }
    }

    /// As a problem of the segment that is this query. The message says the position too, for whoever shows
    /// nothing but messages.
    #[must_use]
    pub fn in_segment(self) -> Problem {
        let message = self.to_string();
        let problem = match self.is_incomplete {
            true => Problem::incomplete(Place::Sql, message),
            false => Problem::invalid(Place::Sql, message),
        };
        problem.help(self.help).at(self.at)
    }

    /// As a problem of the line at `place` that names the file of this query.
    #[must_use]
    pub fn behind(self, file: &str, place: Place) -> Problem {
        let at = self.at.map(|at| format!(", {}", told(at))).unwrap_or_default();
        let message = format!("in the query {file:?}{at}: {}", self.message);
        Problem::invalid(place, message).help(self.help).at(self.at)
    }

    /// As advice on the segment that is this query.
    #[must_use]
    pub fn advice(self) -> Problem {
        Problem { severity: Severity::Advice, ..self.in_segment() }
    }

    fn where_it_is(&self) -> String {
        self.at.map(|at| format!("{}: ", told(at))).unwrap_or_default()
    }
}

fn told(at: TextPosition) -> String {
    format!("line {}, column {}", at.line, at.column)
}

/// The parser's word for a position; its 0 is none.
pub fn position(location: Location) -> Option<TextPosition> {
    let line = usize::try_from(location.line).ok().filter(|line| *line > 0)?;
    let column = usize::try_from(location.column).ok().filter(|column| *column > 0)?;
    Some(TextPosition { line, column })
}
