//! What would have to change for the answer to be another one.

use crate::backend::SegmentVerdict;
use crate::segment::NodePath;

/// The smallest sets of conditions whose flip would change the answer, in document order.
pub(super) fn smallest_flips(_verdict: &SegmentVerdict) -> Vec<Vec<NodePath>> {
    Vec::new()
}
