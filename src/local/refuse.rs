//! Segments that have no answer as they stand.

use crate::backend::{BackendError, WrongConditions};
use crate::segment::{Definition, Problem, Segment, Severity};

/// As a question says.
pub(crate) fn refuse(
    segment: &Segment,
    problems: &[Problem],
    wrong: WrongConditions,
) -> Result<(), BackendError> {
    match wrong {
        WrongConditions::LeaveOut => refuse_what_is_no_tree(segment, problems),
        WrongConditions::Refuse => refuse_errors(problems),
    }
}

/// Every part counts: any error is one.
pub(crate) fn refuse_errors(problems: &[Problem]) -> Result<(), BackendError> {
    match problems.iter().find(|problem| problem.severity == Severity::Error) {
        Some(problem) => Err(BackendError::Refused(Box::new(problem.clone()))),
        None => Ok(()),
    }
}

/// Leaving a condition out leaves the rest; leaving the whole out would leave everybody.
pub(crate) fn refuse_what_is_no_tree(segment: &Segment, problems: &[Problem]) -> Result<(), BackendError> {
    match &segment.definition {
        Definition::Visual { .. } => {
            let of_the_whole: Vec<Problem> = problems
                .iter()
                .filter(|problem| problem.diagnostic.place.node().is_none())
                .cloned()
                .collect();
            refuse_errors(&of_the_whole)
        }
        Definition::Sql(_) | Definition::Unreadable { .. } => refuse_errors(problems),
    }
}
