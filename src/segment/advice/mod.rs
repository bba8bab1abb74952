//! Advice on a segment that is right as it stands but probably means something else: lines that nobody
//! or everybody passes, lines that contradict each other, lines that change nothing.
//!
//! A condition becomes a `Fact` of sets of values; what follows from what is told from those
//! sets alone, without data. Where the data matters (several rows for a customer, customers without a row)
//! what is known of it comes in as [`Population`]. Nothing is claimed that is not certain.

mod certain;
mod fact;
mod finding;
mod follow;
mod ranges;
mod read;
mod reason;
mod render;
mod rows;
mod text;
mod tree;
mod values;

pub use finding::{Claim, Finding, Reason};

use super::checked::{CheckedDefinition, CheckedSegment};
use super::document::Segment;
use super::problem::Problem;
use super::schema::Schema;
use tree::Tree;

/// Segments with more conditions are not compared line by line.
const MOST_CONDITIONS: usize = 200;

/// What advice needs to know of the data.
pub trait Population {
    /// How many rows of a table customers have; `None` if that is not known.
    fn rows(&self, table: &str) -> Option<RowsPerCustomer>;
}

/// How many rows of a table each customer has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowsPerCustomer {
    /// Nobody has more than one.
    pub at_most_one: bool,
    /// Nobody has none.
    pub at_least_one: bool,
}

/// What is certain of the lines of a checked segment, in document order.
#[must_use]
pub fn findings(checked: &CheckedSegment, schema: &dyn Schema, population: &dyn Population) -> Vec<Finding> {
    let CheckedDefinition::Visual { include, exclude } = &checked.meaning else { return Vec::new() };
    let [include, exclude] = [include, exclude].map(|side| Tree::of(side, schema, population));
    let conditions: usize = [&include, &exclude].into_iter().flatten().map(Tree::len).sum();
    if conditions > MOST_CONDITIONS {
        return Vec::new();
    }
    read::read(include.as_ref(), exclude.as_ref(), schema)
}

/// The same in words, each beside its line.
#[must_use]
pub fn advise(
    segment: &Segment,
    checked: &CheckedSegment,
    schema: &dyn Schema,
    population: &dyn Population,
) -> Vec<Problem> {
    let findings = findings(checked, schema, population);
    findings.iter().map(|finding| render::render(finding, segment, schema)).collect()
}
