//! The lines of the criteria pane, and the cursor among them.

use std::collections::HashSet;

use crate::segment::{Group, Match, Node, NodePath, Segment, Side};

/// A line that the cursor can stand on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cursor {
    /// A side's heading.
    Side(Side),
    /// A group or a condition.
    Node(NodePath),
    /// A filter of a condition.
    Filter(NodePath, usize),
    /// The line at the end of a side on which things are added.
    Add(Side),
}

impl Cursor {
    /// The side that the line belongs to.
    #[must_use]
    pub fn side(&self) -> Side {
        match self {
            Self::Side(side) | Self::Add(side) => *side,
            Self::Node(path) | Self::Filter(path, _) => path.side,
        }
    }

    /// The node that the line belongs to; `None` for the lines of a side.
    #[must_use]
    pub fn node(&self) -> Option<&NodePath> {
        match self {
            Self::Node(path) | Self::Filter(path, _) => Some(path),
            Self::Side(_) | Self::Add(_) => None,
        }
    }
}

/// A line of the criteria pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it is.
    pub position: Cursor,
    /// Groups around it, the side not counted.
    pub depth: usize,
    /// The word between it and the node before it in the same group.
    pub joiner: Option<Match>,
    /// Whether it, or something around it, is switched off.
    pub off: bool,
    /// Whether it is a group whose nodes are not shown.
    pub folded: bool,
}

/// The cursor of the criteria pane and what is folded.
#[derive(Clone, Debug)]
pub struct Criteria {
    /// Where the cursor is.
    pub cursor: Cursor,
    /// Groups whose nodes are not shown.
    pub folded: HashSet<NodePath>,
}

impl Default for Criteria {
    fn default() -> Self {
        Self { cursor: Cursor::Add(Side::Include), folded: HashSet::new() }
    }
}

impl Criteria {
    /// The lines of a segment, top down.
    #[must_use]
    pub fn lines(&self, segment: &Segment) -> Vec<Line> {
        let mut lines = Vec::new();
        for side in Side::BOTH {
            let Some(group) = segment.side(side) else { continue };
            let off = group.off == Some(true);
            lines.push(Line { position: Cursor::Side(side), depth: 0, joiner: None, off, folded: false });
            self.nodes(group, &NodePath::root(side), 0, off, &mut lines);
            lines.push(Line { position: Cursor::Add(side), depth: 0, joiner: None, off, folded: false });
        }
        lines
    }

    fn nodes(&self, group: &Group, path: &NodePath, depth: usize, off: bool, lines: &mut Vec<Line>) {
        for (index, node) in group.nodes.iter().enumerate() {
            let path = path.child(index);
            let off = off || node.is_off();
            let folded = self.folded.contains(&path);
            let joiner = (index > 0).then_some(group.matching);
            lines.push(Line { position: Cursor::Node(path.clone()), depth, joiner, off, folded });
            match node {
                Node::Group(inner) if !folded => self.nodes(inner, &path, depth + 1, off, lines),
                Node::Condition(condition) => lines.extend((0..condition.filters().len()).map(|at| Line {
                    position: Cursor::Filter(path.clone(), at),
                    depth,
                    joiner: None,
                    off,
                    folded: false,
                })),
                Node::Group(_) | Node::Unreadable(_) => {}
            }
        }
    }

    /// Moves the cursor by whole lines.
    pub fn step(&mut self, segment: &Segment, by: isize) {
        let lines = self.lines(segment);
        let at = lines.iter().position(|line| line.position == self.cursor).unwrap_or(0);
        let to = at.saturating_add_signed(by).min(lines.len().saturating_sub(1));
        if let Some(line) = lines.get(to) {
            self.cursor = line.position.clone();
        }
    }

    /// Puts the cursor on a node or filter, or on the nearest line that is left of it, and in sight.
    pub(crate) fn clamp(&mut self, segment: &Segment) {
        self.nearest(segment);
        if let Some(path) = self.cursor.node().cloned() {
            self.folded.retain(|folded| *folded == path || !folded.contains(&path));
        }
    }

    fn nearest(&mut self, segment: &Segment) {
        let Some(path) = self.cursor.node() else { return };
        let mut path = path.clone();
        if let (Cursor::Filter(_, at), Some(Node::Condition(condition))) = (&self.cursor, segment.node(&path))
        {
            let last = condition.filters().len().checked_sub(1);
            self.cursor = match last {
                Some(last) => Cursor::Filter(path, last.min(*at)),
                None => Cursor::Node(path),
            };
            return;
        }
        loop {
            if segment.node(&path).is_some() {
                self.cursor = Cursor::Node(path);
                return;
            }
            let Some((parent, index)) = path.parent() else { break };
            path = match segment.group(&parent).map(|group| group.nodes.len()) {
                Some(count) if count > 0 => parent.child(index.min(count - 1)),
                _ => parent,
            };
        }
        self.cursor = Cursor::Add(path.side);
    }

    /// Folds or unfolds the group at the cursor; folding a line inside goes to what is around it first.
    pub fn fold(&mut self, segment: &Segment, fold: bool) {
        let path = match &self.cursor {
            Cursor::Node(path) => path,
            Cursor::Filter(path, _) if fold => {
                self.cursor = Cursor::Node(path.clone());
                return;
            }
            Cursor::Filter(..) | Cursor::Side(_) | Cursor::Add(_) => return,
        };
        match (segment.group(path).is_some(), fold) {
            (true, true) if !self.folded.contains(path) => drop(self.folded.insert(path.clone())),
            (true, false) => drop(self.folded.remove(path)),
            (_, true) => {
                if let Some((parent, _)) = path.parent().filter(|(parent, _)| !parent.steps.is_empty()) {
                    self.cursor = Cursor::Node(parent);
                }
            }
            (false, false) => {}
        }
    }

    /// The node at the cursor.
    #[must_use]
    pub fn path(&self) -> Option<&NodePath> {
        match &self.cursor {
            Cursor::Node(path) => Some(path),
            Cursor::Filter(..) | Cursor::Side(_) | Cursor::Add(_) => None,
        }
    }

    /// The filter at the cursor: its condition, and its position there.
    #[must_use]
    pub fn filter(&self) -> Option<(&NodePath, usize)> {
        match &self.cursor {
            Cursor::Filter(path, at) => Some((path, *at)),
            Cursor::Node(_) | Cursor::Side(_) | Cursor::Add(_) => None,
        }
    }

    /// The path whose numbers belong to the cursor: the node's, or the side's.
    #[must_use]
    pub(crate) fn counted_path(&self) -> NodePath {
        match &self.cursor {
            Cursor::Node(path) | Cursor::Filter(path, _) => path.clone(),
            Cursor::Side(side) | Cursor::Add(side) => NodePath::root(*side),
        }
    }
}
