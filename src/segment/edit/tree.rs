//! Edits of nodes.

use crate::segment::document::Segment;
use crate::segment::node::{Condition, Group, MAX_GROUP_DEPTH, Node};
use crate::segment::place::{NodePath, Side};
use crate::segment::vocabulary::Match;

/// A direction in the list of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Towards the top.
    Up,
    /// Towards the bottom.
    Down,
}

/// Puts a node into the group at `group`, before the node that stands at `index` now.
pub fn insert(segment: &mut Segment, group: &NodePath, index: usize, node: Node) -> Option<NodePath> {
    let of = &mut segment.group_mut(group)?.nodes;
    let index = index.min(of.len());
    of.insert(index, node);
    Some(group.child(index))
}

/// Adds a node at the end of the group at `group`.
pub fn append(segment: &mut Segment, group: &NodePath, node: Node) -> Option<NodePath> {
    insert(segment, group, usize::MAX, node)
}

/// Puts a new condition into the group at `group`, before the node that stands at `index`; on a side whose index is
/// `usize::MAX` into its last section, which is made where there is none.
pub(crate) fn insert_condition(
    segment: &mut Segment,
    group: &NodePath,
    index: usize,
    condition: Condition,
) -> Option<NodePath> {
    let node = Node::Condition(condition);
    if group.steps.is_empty() && index == usize::MAX {
        let section = last_section(segment, group.side)?;
        return append(segment, &section, node);
    }
    insert(segment, group, index, node)
}

/// Takes the node at `path` out.
pub fn remove(segment: &mut Segment, path: &NodePath) -> Option<Node> {
    let (parent, index) = path.parent()?;
    let of = &mut segment.group_mut(&parent)?.nodes;
    (index < of.len()).then(|| of.remove(index))
}

/// Puts a copy of the node at `path` after it.
pub fn duplicate(segment: &mut Segment, path: &NodePath) -> Option<NodePath> {
    let copy = segment.node(path)?.clone();
    let (parent, index) = path.parent()?;
    insert(segment, &parent, index + 1, copy)
}

/// Switches the node at `path`, or a whole side, on or off.
pub(crate) fn toggle_off(segment: &mut Segment, path: &NodePath) -> Option<NodePath> {
    if path.steps.is_empty() {
        let side = segment.side_mut(path.side)?;
        side.off = (side.off != Some(true)).then_some(true);
    } else {
        let node = segment.node_mut(path)?;
        let off = node.is_off();
        node.set_off(!off);
    }
    Some(path.clone())
}

/// Turns ALL into ANY and back, of the group at `path` or the group around the condition there.
pub(crate) fn toggle_match(segment: &mut Segment, path: &NodePath) -> Option<NodePath> {
    let path = match segment.group(path) {
        Some(_) => path.clone(),
        None => path.parent()?.0,
    };
    let group = segment.group_mut(&path)?;
    group.matching = match group.matching {
        Match::All => Match::Any,
        Match::Any => Match::All,
    };
    Some(path)
}

/// Puts the node at `path` into a group of its own, of the other kind than the group around it.
pub fn nest(segment: &mut Segment, path: &NodePath) -> Option<NodePath> {
    let (parent, index) = path.parent()?;
    if path.steps.len() + segment.node(path)?.depth() > MAX_GROUP_DEPTH {
        return None;
    }
    let around = segment.group_mut(&parent)?;
    let matching = match around.matching {
        Match::All => Match::Any,
        Match::Any => Match::All,
    };
    let slot = around.nodes.get_mut(index)?;
    let inner = std::mem::replace(slot, Node::Group(Group::empty(matching)));
    *slot = Node::Group(Group::new(matching, vec![inner]));
    Some(path.child(0))
}

/// Dissolves the group at `path`, or the group around the condition there, into the group around it.
/// The sections of a side stay.
pub(crate) fn unnest(segment: &mut Segment, path: &NodePath) -> Option<NodePath> {
    let path = if segment.group(path).is_some() { path.clone() } else { path.parent()?.0 };
    if path.steps.len() < 2 {
        return None;
    }
    let (parent, index) = path.parent()?;
    let around = segment.group_mut(&parent)?;
    let Some(Node::Group(group)) = around.nodes.get_mut(index) else { return None };
    let inner = std::mem::take(&mut group.nodes);
    around.nodes.splice(index..=index, inner);
    let last = around.nodes.len().checked_sub(1);
    Some(last.map_or(parent.clone(), |last| parent.child(index.min(last))))
}

/// Moves the node at `path` one place up or down. A condition passes from the edge of its group
/// into the next one; a section changes places with its neighbour.
pub fn shift(segment: &mut Segment, path: &NodePath, direction: Direction) -> Option<NodePath> {
    let (parent, index) = path.parent()?;
    let is_condition = segment.group(path).is_none();
    let siblings = segment.group(&parent)?.nodes.len();
    let neighbour = match direction {
        Direction::Up => index.checked_sub(1),
        Direction::Down => Some(index + 1).filter(|next| *next < siblings),
    };
    if let Some(neighbour) = neighbour {
        let target = parent.child(neighbour);
        if let (true, Some(inner)) = (is_condition, segment.group(&target)) {
            let at = if direction == Direction::Down { 0 } else { inner.nodes.len() };
            let node = remove(segment, path)?;
            // Taking the node out moves what stands after it one place up.
            let group = if direction == Direction::Down { path.clone() } else { target };
            return insert(segment, &group, at, node);
        }
        segment.group_mut(&parent)?.nodes.swap(index, neighbour);
        return Some(target);
    }
    leave(segment, path, &parent, direction, is_condition)
}

/// Moves a node over the edge of its group.
fn leave(
    segment: &mut Segment,
    path: &NodePath,
    parent: &NodePath,
    direction: Direction,
    is_condition: bool,
) -> Option<NodePath> {
    let (around, at) = parent.parent()?;
    let next = match direction {
        Direction::Up => at.checked_sub(1),
        Direction::Down => Some(at + 1),
    };
    let next = next.map(|next| around.child(next)).filter(|next| segment.group(next).is_some());
    match next {
        Some(next) if is_condition => {
            let node = remove(segment, path)?;
            let at = if direction == Direction::Down { 0 } else { usize::MAX };
            insert(segment, &next, at, node)
        }
        // Conditions stay inside the sections of a side.
        _ if parent.steps.len() < 2 => None,
        _ => {
            let node = remove(segment, path)?;
            insert(segment, &around, if direction == Direction::Down { at + 1 } else { at }, node)
        }
    }
}

/// Moves the node at `path` to the end of the other side, a condition into its last section.
pub(crate) fn to_other_side(segment: &mut Segment, path: &NodePath) -> Option<NodePath> {
    let side = match path.side {
        Side::Include => Side::Exclude,
        Side::Exclude => Side::Include,
    };
    let is_group = matches!(segment.node(path)?, Node::Group(_));
    let node = remove(segment, path)?;
    let target = if is_group { NodePath::root(side) } else { last_section(segment, side)? };
    append(segment, &target, node)
}

/// The last section of a side; one is made where there is none.
pub(crate) fn last_section(segment: &mut Segment, side: Side) -> Option<NodePath> {
    let root = NodePath::root(side);
    let last = segment.side(side)?.nodes.iter().rposition(|node| matches!(node, Node::Group(_)));
    match last {
        Some(index) => Some(root.child(index)),
        None => {
            let matching = if side == Side::Include { Match::All } else { Match::Any };
            append(segment, &root, Node::Group(Group::empty(matching)))
        }
    }
}

impl Node {
    /// Levels of groups in this node: 0 for a condition.
    fn depth(&self) -> usize {
        match self {
            Self::Group(group) => 1 + group.nodes.iter().map(Self::depth).max().unwrap_or(0),
            Self::Condition(_) | Self::Unreadable(_) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::{Condition, Operator, Test};

    fn condition(column: &str) -> Node {
        Node::Condition(Condition::attribute("T", column, Test::new(Operator::IsNull, None)))
    }

    fn segment(sections: &[&[&str]]) -> Segment {
        let mut segment = Segment::new("s", "D", "id");
        let of = sections.iter().map(|columns| {
            Node::Group(Group::new(Match::All, columns.iter().map(|column| condition(column)).collect()))
        });
        segment.side_mut(Side::Include).unwrap().nodes = of.collect();
        segment
    }

    /// `a b | c` for two sections, `(…)` for groups further in.
    fn shape(segment: &Segment) -> String {
        fn show(node: &Node) -> String {
            match node {
                Node::Group(group) => {
                    format!("({})", group.nodes.iter().map(show).collect::<Vec<_>>().join(" "))
                }
                Node::Condition(Condition { kind: crate::segment::ConditionKind::Attribute(a), .. }) => {
                    a.column.clone()
                }
                _ => "?".to_owned(),
            }
        }
        segment.side(Side::Include).unwrap().nodes.iter().map(show).collect::<Vec<_>>().join(" ")
    }

    fn path(steps: &[usize]) -> NodePath {
        NodePath { side: Side::Include, steps: steps.to_vec() }
    }

    #[test]
    fn conditions_walk_through_sections() {
        let mut s = segment(&[&["a", "b"], &["c"]]);
        let mut at = path(&[0, 0]);
        let mut seen = Vec::new();
        while let Some(next) = shift(&mut s, &at, Direction::Down) {
            at = next;
            seen.push(shape(&s));
        }
        assert_eq!(seen, ["(b a) (c)", "(b) (a c)", "(b) (c a)"]);
        while let Some(next) = shift(&mut s, &at, Direction::Up) {
            at = next;
        }
        assert_eq!((shape(&s).as_str(), at), ("(a b) (c)", path(&[0, 0])));
    }

    #[test]
    fn conditions_enter_and_leave_inner_groups() {
        let mut s = segment(&[&["a", "b"]]);
        assert_eq!(nest(&mut s, &path(&[0, 1])), Some(path(&[0, 1, 0])));
        assert_eq!(shape(&s), "(a (b))");
        assert_eq!(shift(&mut s, &path(&[0, 0]), Direction::Down), Some(path(&[0, 0, 0])));
        assert_eq!(shape(&s), "((a b))");
        assert_eq!(shift(&mut s, &path(&[0, 0, 1]), Direction::Down), Some(path(&[0, 1])));
        assert_eq!(shape(&s), "((a) b)");
        assert_eq!(unnest(&mut s, &path(&[0, 0, 0])), Some(path(&[0, 0])));
        assert_eq!(shape(&s), "(a b)");
        assert_eq!(unnest(&mut s, &path(&[0, 0])), None);
    }

    #[test]
    fn groups_nest_eight_levels_at_most() {
        let mut s = segment(&[&["a"]]);
        let mut at = path(&[0, 0]);
        while let Some(next) = nest(&mut s, &at) {
            at = next;
        }
        assert_eq!(at.steps.len(), 9);
        assert_eq!(nest(&mut s, &path(&[0])), None);
    }

    #[test]
    fn the_other_side_gets_a_section() {
        let mut s = segment(&[&["a", "b"]]);
        let moved = to_other_side(&mut s, &path(&[0, 0])).unwrap();
        assert_eq!(moved, NodePath { side: Side::Exclude, steps: vec![0, 0] });
        assert_eq!(to_other_side(&mut s, &moved), Some(path(&[0, 1])));
        assert_eq!(shape(&s), "(b a)");
    }
}
