//! Advice on a checked segment.

use super::analysis::analyze;
use super::finding::Finding;
use super::population::Population;
use super::render::render;
use super::tree::Tree;
use crate::segment::checked::{CheckedDefinition, CheckedSegment};
use crate::segment::document::Segment;
use crate::segment::problem::Problem;
use crate::segment::schema::Schema;

/// Segments with more conditions are not compared line by line.
const MOST_CONDITIONS: usize = 200;

/// What is certain of the lines of a checked segment, in document order.
#[must_use]
pub fn findings(checked: &CheckedSegment, schema: &dyn Schema, population: &dyn Population) -> Vec<Finding> {
    let CheckedDefinition::Visual { include, exclude } = &checked.meaning else { return Vec::new() };
    let [include, exclude] = [include, exclude].map(|side| Tree::from_group(side, schema, population));
    let conditions: usize = [&include, &exclude].into_iter().flatten().map(Tree::len).sum();
    if conditions > MOST_CONDITIONS {
        return Vec::new();
    }
    analyze(include.as_ref(), exclude.as_ref(), schema)
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
    findings.iter().map(|finding| render(finding, segment, schema)).collect()
}
