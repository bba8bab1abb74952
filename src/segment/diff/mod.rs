//! What differs between two definitions, as changes that can be applied one after another.
//!
//! The nodes of the two trees are matched first (`matching.rs`); what is left over was removed or added, and what is
//! matched was changed, moved, or switched on or off. The changes are applied singly (`script.rs`), removals first,
//! then in the order of the second definition, so that each has a document before and a document after it.

mod change;
mod matching;
mod script;
mod text;
mod tree;

use std::sync::Arc;

use super::document::{Definition, Segment};
use super::node::MAX_GROUP_DEPTH;
use super::place::Place;
use super::schema::Schema;
pub use change::{Change, ChangeKind, Difference};
use matching::Matching;
use tree::Tree;

/// Finds what differs between the definitions of two segments; everything else in the documents is left alone.
#[must_use]
pub fn diff(a: &Arc<Segment>, b: &Arc<Segment>, schema: &dyn Schema) -> Difference {
    let (Some(of_a), Some(of_b)) = (Tree::of(a), Tree::of(b)) else {
        return whole(a, b);
    };
    let matching = matching::matched(&of_a, &of_b);
    let mut difference = script::apply((&of_a, &of_b), &matching, (a, b), schema);
    let deepest = depth(a).max(depth(b)).max(MAX_GROUP_DEPTH);
    if difference.steps.iter().any(|step| depth(step) > deepest) {
        // Moving groups about went too deep on the way: without moves nothing can.
        difference = script::apply((&of_a, &of_b), &Matching::of_sides(&of_a, &of_b), (a, b), schema);
    }
    if let (Some(last), true) = (difference.steps.last_mut(), !difference.changes.is_empty()) {
        *last = Arc::clone(b);
    }
    difference
}

/// Definitions that are not both trees differ as a whole.
fn whole(a: &Arc<Segment>, b: &Arc<Segment>) -> Difference {
    if a.definition == b.definition {
        return Difference { changes: Vec::new(), steps: vec![Arc::clone(a)] };
    }
    let place = |segment: &Segment| match &segment.definition {
        Definition::Sql(_) => Place::Sql,
        Definition::Visual { .. } | Definition::Unreadable { .. } => Place::Document,
    };
    let change = Change {
        kind: ChangeKind::Changed,
        place_a: Some(place(a)),
        place_b: Some(place(b)),
        text: text::whole(a, b),
    };
    Difference { changes: vec![change], steps: vec![Arc::clone(a), Arc::clone(b)] }
}

/// How deep groups nest below a side.
fn depth(segment: &Segment) -> usize {
    let groups = segment.walk().into_iter().filter(|(_, node)| node.as_group().is_some());
    groups.map(|(path, _)| path.steps.len()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests;
