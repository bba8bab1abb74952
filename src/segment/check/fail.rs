//! What is wrong with a part of a condition, before it is known which part that is.

use crate::segment::date_error::DateError;
use crate::segment::place::Place;
use crate::segment::problem::Problem;
use crate::segment::schema::Missing;

/// A problem that does not know its place yet.
pub struct Fail {
    is_incomplete: bool,
    message: String,
    help: Option<String>,
}

impl Fail {
    pub fn invalid(message: impl Into<String>) -> Self {
        Self { is_incomplete: false, message: message.into(), help: None }
    }

    pub fn incomplete(message: impl Into<String>) -> Self {
        Self { is_incomplete: true, message: message.into(), help: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn at(self, place: Place) -> Problem {
        let problem = if self.is_incomplete {
            Problem::incomplete(place, self.message)
        } else {
            Problem::invalid(place, self.message)
        };
        Problem { help: self.help, ..problem }
    }
}

impl From<Missing> for Fail {
    fn from(missing: Missing) -> Self {
        Self::invalid(missing.message).help(missing.help)
    }
}

impl From<DateError> for Fail {
    fn from(error: DateError) -> Self {
        Self::invalid(error.to_string()).help(error.help_in_document())
    }
}
