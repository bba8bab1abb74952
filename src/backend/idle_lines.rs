//! Lines that change nothing (`docs/reference/insights.md`, Per condition).

use super::answer::{Evaluation, WaterfallLine};
use crate::segment::Segment;

/// Whether a line of a segment changes nothing: without it there would be as many members. Where there are none it is
/// not asked; of a group around one line the line tells.
#[must_use]
pub(crate) fn changes_nothing(segment: &Segment, evaluation: &Evaluation, line: &WaterfallLine) -> bool {
    let is_side = line.path.steps.is_empty();
    let is_shell = segment.group(&line.path).is_some_and(|group| group.nodes.len() < 2);
    !is_side && !is_shell && line.only == 0 && evaluation.insights.unique_customers > 0
}
