//! What a comparison comes to.

use crate::segment::Comparison;
use crate::sql::layout::{Fragment, sql};
use crate::sql::predicate::operators::comparison_operator;

pub enum Outcome {
    /// It holds of every number.
    Always,
    /// It holds of none.
    Never,
    /// It holds where this does.
    Where(Fragment),
}

impl Outcome {
    pub fn of(value: &Fragment, comparison: Comparison, literal: String) -> Self {
        Self::Where(compare(value, comparison, literal))
    }

    /// Of a comparison with a number beyond all numbers there are.
    pub fn beyond(comparison: Comparison, is_above: bool) -> Self {
        let holds = match comparison {
            Comparison::Equal => false,
            Comparison::NotEqual => true,
            Comparison::Less | Comparison::LessOrEqual => is_above,
            Comparison::Greater | Comparison::GreaterOrEqual => !is_above,
        };
        if holds { Self::Always } else { Self::Never }
    }
}

pub fn compare(value: &Fragment, comparison: Comparison, other: impl Into<Fragment>) -> Fragment {
    sql![value, " ", comparison_operator(comparison), " ", other.into()]
}
