//! The lines of an explanation: both sides as a tree, with the trees of segments that are unfolded inside it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::backend::{Evidence, ExplainedNode, SegmentVerdict};
use crate::diagnostic::Diagnostic;
use crate::segment::{Group, Match, Node, NodePath, Segment, Side};

/// Where a line stands: its path, after the paths of the lines that lead to the segment that it is of. Nothing is the
/// verdict.
pub type LinePlace = Vec<NodePath>;

/// The documents of segments that others refer to, by id.
pub type Documents = HashMap<String, Result<Arc<Segment>, Diagnostic>>;

/// A line of an explanation.
#[derive(Clone, Debug)]
pub struct ExplainedLine<'a> {
    /// Where it stands.
    pub place: LinePlace,
    /// Groups around it.
    pub depth: usize,
    /// The word between it and the node before it in the same group.
    pub joiner: Option<Match>,
    /// What it says.
    pub kind: LineKind<'a>,
    /// What it comes to; `None` where it takes no part.
    pub explained: Option<&'a ExplainedNode>,
}

/// What a line says.
#[derive(Clone, Copy, Debug)]
pub enum LineKind<'a> {
    /// The answer as a whole.
    Verdict,
    /// A side.
    Side(Side, &'a Group),
    /// A group, or a condition.
    Node(&'a Node),
    /// In place of the lines of a segment: why there are none.
    Instead(&'a str),
}

impl ExplainedLine<'_> {
    /// The line's number in its own segment, as the editor counts: `2.1`.
    #[must_use]
    pub fn number(&self) -> String {
        self.place.last().map(number).unwrap_or_default()
    }

    /// On which side of the open segment what stands here comes to count: what is excluded from an excluded segment is
    /// not.
    #[must_use]
    pub fn side(&self) -> Side {
        side_of(&self.place)
    }

    /// What it comes to, in the open segment's lines or inside; none of a side that excludes nobody.
    #[must_use]
    pub fn result(&self) -> Option<Option<bool>> {
        self.explained.filter(|node| !excludes_nothing(node)).map(|node| node.result)
    }

    /// The segment that the line asks of, with what it comes to.
    #[must_use]
    pub fn nested(&self) -> Option<(&str, &SegmentVerdict)> {
        match &self.explained?.evidence {
            Evidence::Segment { id, verdict } => Some((id, verdict)),
            _ => None,
        }
    }

    /// Whether it stands in the open segment itself.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.place.len() == 1
    }
}

/// On which side of the open segment a place comes to count.
#[must_use]
pub fn side_of(place: &LinePlace) -> Side {
    let excluded = place.iter().filter(|path| path.side == Side::Exclude).count();
    if excluded % 2 == 0 { Side::Include } else { Side::Exclude }
}

/// Whether an explained node is an exclude side without a line that takes part.
pub(super) fn excludes_nothing(node: &ExplainedNode) -> bool {
    let is_empty = matches!(&node.evidence, Evidence::Group { of, .. } if of.is_empty());
    is_empty && node.path == NodePath::root(Side::Exclude)
}

/// `2.1`
#[must_use]
pub fn number(path: &NodePath) -> String {
    path.steps.iter().map(|step| (step + 1).to_string()).collect::<Vec<_>>().join(".")
}

/// Makes the lines.
pub(super) struct Tree<'a> {
    /// The lines whose own segments are shown.
    pub unfolded: &'a HashSet<LinePlace>,
    /// What those are.
    pub documents: &'a Documents,
}

impl<'a> Tree<'a> {
    /// All lines, the verdict first.
    pub(super) fn lines(
        &self,
        segment: &'a Segment,
        verdict: Option<&'a SegmentVerdict>,
    ) -> Vec<ExplainedLine<'a>> {
        let place = Vec::new();
        let mut lines =
            vec![ExplainedLine { place, depth: 0, joiner: None, kind: LineKind::Verdict, explained: None }];
        self.segment(segment, verdict, (&Vec::new(), 0), &mut lines);
        lines
    }

    fn segment(
        &self,
        segment: &'a Segment,
        verdict: Option<&'a SegmentVerdict>,
        (around, depth): (&LinePlace, usize),
        lines: &mut Vec<ExplainedLine<'a>>,
    ) {
        for side in Side::BOTH {
            let Some(group) = segment.side(side) else { continue };
            if side == Side::Exclude && !has_criteria(group) {
                continue;
            }
            let path = NodePath::root(side);
            let explained = verdict.and_then(|verdict| verdict.sides.iter().find(|node| node.path == path));
            let mut place = around.clone();
            place.push(path.clone());
            let kind = LineKind::Side(side, group);
            lines.push(ExplainedLine { place, depth, joiner: None, kind, explained });
            self.nodes(group, &path, explained, (around, depth + 1), lines);
        }
        if segment.side(Side::Include).is_none() {
            let kind = LineKind::Instead("it is written as SQL and has no lines");
            lines.push(ExplainedLine { place: around.clone(), depth, joiner: None, kind, explained: None });
        }
    }

    fn nodes(
        &self,
        group: &'a Group,
        path: &NodePath,
        explained: Option<&'a ExplainedNode>,
        (around, depth): (&LinePlace, usize),
        lines: &mut Vec<ExplainedLine<'a>>,
    ) {
        let shown = group.nodes.iter().enumerate();
        let shown = shown.filter(|(_, node)| node.as_group().is_none_or(has_criteria));
        for (at, (index, node)) in shown.enumerate() {
            let path = path.child(index);
            let explained = explained.and_then(|group| child(group, &path));
            // A section of one criterion is that criterion.
            let (node, path, explained) = only_inside(node, path, explained);
            let mut place = around.clone();
            place.push(path.clone());
            let joiner = (at > 0).then_some(group.matching);
            let kind = LineKind::Node(node);
            let line = ExplainedLine { place: place.clone(), depth, joiner, kind, explained };
            let nested = line.nested().filter(|_| self.unfolded.contains(&place));
            let nested = nested.map(|(id, _)| self.documents.get(id));
            lines.push(line);
            if let Node::Group(inner) = node {
                self.nodes(inner, &path, explained, (around, depth + 1), lines);
            }
            if let Some(document) = nested {
                self.nested(document, explained, (&place, depth + 1), lines);
            }
        }
    }

    fn nested(
        &self,
        document: Option<&'a Result<Arc<Segment>, Diagnostic>>,
        explained: Option<&'a ExplainedNode>,
        (place, depth): (&LinePlace, usize),
        lines: &mut Vec<ExplainedLine<'a>>,
    ) {
        let instead = match document {
            Some(Ok(segment)) => {
                let verdict = match explained.map(|node| &node.evidence) {
                    Some(Evidence::Segment { verdict, .. }) => Some(&**verdict),
                    _ => None,
                };
                return self.segment(segment, verdict, (place, depth), lines);
            }
            Some(Err(failure)) => failure.message.as_str(),
            None => "…",
        };
        let kind = LineKind::Instead(instead);
        lines.push(ExplainedLine { place: place.clone(), depth, joiner: None, kind, explained: None });
    }
}

fn child<'a>(group: &'a ExplainedNode, path: &NodePath) -> Option<&'a ExplainedNode> {
    match &group.evidence {
        Evidence::Group { of, .. } => of.iter().find(|node| node.path == *path),
        _ => None,
    }
}

/// The only criterion of a group without a title, or the node itself.
fn only_inside<'a>(
    node: &'a Node,
    path: NodePath,
    explained: Option<&'a ExplainedNode>,
) -> (&'a Node, NodePath, Option<&'a ExplainedNode>) {
    let Node::Group(group) = node else { return (node, path, explained) };
    if group.title.is_some() || group.off == Some(true) {
        return (node, path, explained);
    }
    let inside = group.nodes.iter().enumerate();
    let mut inside = inside.filter(|(_, node)| node.as_group().is_none_or(has_criteria));
    match (inside.next(), inside.next()) {
        (Some((index, only)), None) => {
            let path = path.child(index);
            let explained = explained.and_then(|group| child(group, &path));
            only_inside(only, path, explained)
        }
        _ => (node, path, explained),
    }
}

fn has_criteria(group: &Group) -> bool {
    group.nodes.iter().any(|node| match node {
        Node::Group(inner) => has_criteria(inner),
        Node::Condition(_) | Node::Unreadable(_) => true,
    })
}

/// The conditions that decide what a node comes to: those of an `all` group that are not true, or all of them; those
/// of an `any` group that are true, or all of them.
#[must_use]
pub fn deciding(node: &ExplainedNode) -> Vec<&ExplainedNode> {
    let Evidence::Group { matching, of } = &node.evidence else { return vec![node] };
    let holds = node.result == Some(true);
    let decides = |inner: &&ExplainedNode| match matching {
        Match::All => holds || inner.result != Some(true),
        Match::Any => !holds || inner.result == Some(true),
    };
    of.iter().filter(decides).flat_map(deciding).collect()
}

/// The explained node at a path.
pub(super) fn node_at<'a>(node: &'a ExplainedNode, path: &NodePath) -> Option<&'a ExplainedNode> {
    if node.path == *path {
        return Some(node);
    }
    match &node.evidence {
        Evidence::Group { of, .. } if node.path.contains(path) => {
            of.iter().find_map(|inner| node_at(inner, path))
        }
        _ => None,
    }
}
