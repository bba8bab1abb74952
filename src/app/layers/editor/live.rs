//! What is known of the definition by asking the database: numbers and advice, each with what it is of.

use std::sync::Arc;

use crate::backend::Evaluation;
use crate::segment::{Problem, Segment};

/// The last numbers and whether they are of the current definition.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// The numbers that were worked out last, and of which definition they are.
    pub evaluation: Option<Numbers>,
    /// Why the current definition has none.
    pub failure: Option<String>,
    /// The advice that was found last.
    pub advice: Option<Advice>,
}

/// Advice and what it is on.
#[derive(Clone, Debug)]
pub struct Advice {
    /// Which definition.
    pub definition: u64,
    /// The document as it was then.
    pub segment: Arc<Segment>,
    /// The advice, in document order.
    pub problems: Arc<Vec<Problem>>,
}

/// Numbers and what they are of.
#[derive(Clone, Debug)]
pub struct Numbers {
    /// Which definition.
    pub definition: u64,
    /// The document as it was then.
    pub segment: Arc<Segment>,
    /// The numbers.
    pub evaluation: Arc<Evaluation>,
}
