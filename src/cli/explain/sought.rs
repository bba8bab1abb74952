//! What both forms of an explanation are made from.

use crate::backend::{Explanation, NearestChange};
use crate::segment::{Problem, Severity};

/// On which days the answer for a customer is another one, or why that cannot be told; `None` if it is not sought.
pub(super) type SoughtChange = Option<Result<NearestChange, String>>;

pub(super) fn errors(explanation: &Explanation) -> impl Iterator<Item = &Problem> {
    explanation.problems.iter().filter(|problem| problem.severity == Severity::Error)
}
