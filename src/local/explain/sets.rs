//! What each node of a segment comes to: from the same sets that all numbers come from.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::backend::BackendError;
use crate::local::sets::customer_set::CustomerSet;
use crate::local::sets::ternary_mask::TernaryMask;
use crate::local::sets::tree::MaskSource as _;
use crate::local::view::View;
use crate::segment::{
    CheckedDefinition, CheckedGroup, CheckedList, CheckedNode, CheckedSegment, Criterion, ListMembers, Match,
    NodePath, Side,
};

/// A segment with the sets of all its lines, for any number of customers.
pub(super) enum SegmentSets<'a> {
    /// Include and exclude.
    Sides([GroupSets<'a>; 2]),
    /// Its members; no tree says why.
    Members(CustomerSet),
}

/// A group with the sets of its lines.
pub(super) struct GroupSets<'a> {
    pub path: &'a NodePath,
    pub matching: Match,
    pub nodes: Vec<NodeSets<'a>>,
}

pub(super) enum NodeSets<'a> {
    Group(GroupSets<'a>),
    Line { path: &'a NodePath, set: Arc<TernaryMask>, source: LineSource<'a> },
}

/// Where a line looks.
pub(super) enum LineSource<'a> {
    Rows(&'a Arc<Criterion>),
    Segment(&'a str, Rc<SegmentSets<'a>>),
    /// A file or a query; whether everybody else is wanted.
    List(String, bool),
}

/// Finds the sets of a segment, and once those of each segment that it refers to.
pub(super) struct SetFinder<'a> {
    pub view: &'a View<'a>,
    pub segments: HashMap<&'a str, Rc<SegmentSets<'a>>>,
}

impl<'a> SetFinder<'a> {
    pub fn segment(&mut self, checked: &'a CheckedSegment) -> Result<SegmentSets<'a>, BackendError> {
        let CheckedDefinition::Visual { include, exclude } = &checked.meaning else {
            let members = self.view.sides(checked)?.members(self.view.cancel)?;
            return Ok(SegmentSets::Members(members));
        };
        Ok(SegmentSets::Sides([self.group(include)?, self.group(exclude)?]))
    }

    fn group(&mut self, group: &'a CheckedGroup) -> Result<GroupSets<'a>, BackendError> {
        let nodes = group.nodes.iter().map(|node| self.node(node)).collect::<Result<_, _>>()?;
        Ok(GroupSets { path: &group.path, matching: group.matching, nodes })
    }

    fn node(&mut self, node: &'a CheckedNode) -> Result<NodeSets<'a>, BackendError> {
        let (path, set, source) = match node {
            CheckedNode::Group(group) => return self.group(group).map(NodeSets::Group),
            CheckedNode::Condition(path, criterion) => {
                (path, self.view.criterion(criterion)?, LineSource::Rows(criterion))
            }
            CheckedNode::List(path, list) => (path, self.view.list(path, list)?, self.list(list)?),
        };
        set.check_size(self.view.size())?;
        Ok(NodeSets::Line { path, set, source })
    }

    fn list(&mut self, list: &'a CheckedList) -> Result<LineSource<'a>, BackendError> {
        Ok(match &list.members {
            ListMembers::Ids(file, _) => LineSource::List(format!("lists/{file}"), list.negated),
            ListMembers::Query(file, _) => LineSource::List(format!("queries/{file}"), list.negated),
            ListMembers::Segment(id, checked) => {
                let known = self.segments.get(id.as_str()).map(Rc::clone);
                let sets = match known {
                    Some(known) => known,
                    None => {
                        let sets = Rc::new(self.segment(checked)?);
                        self.segments.insert(id, Rc::clone(&sets));
                        sets
                    }
                };
                LineSource::Segment(id, sets)
            }
        })
    }
}

impl SegmentSets<'_> {
    /// Whether a customer is a member.
    pub fn contains(&self, customer: usize) -> bool {
        match self {
            Self::Members(members) => members.contains(customer),
            Self::Sides([include, exclude]) => {
                include.of_side(Side::Include, customer) == Some(true)
                    && exclude.of_side(Side::Exclude, customer) != Some(true)
            }
        }
    }
}

impl GroupSets<'_> {
    /// What a side comes to: without nodes it takes all in, or none out.
    pub fn of_side(&self, side: Side, customer: usize) -> Option<bool> {
        if self.nodes.is_empty() { Some(side == Side::Include) } else { self.result(customer) }
    }

    /// What it comes to for a customer.
    pub fn result(&self, customer: usize) -> Option<bool> {
        combined(self.matching, self.nodes.iter().map(|node| node.result(customer)))
    }
}

impl NodeSets<'_> {
    /// What it comes to for a customer.
    pub fn result(&self, customer: usize) -> Option<bool> {
        match self {
            Self::Group(group) => group.result(customer),
            Self::Line { set, .. } => of_customer(set, customer),
        }
    }
}

/// What a set says of a customer.
fn of_customer(set: &TernaryMask, customer: usize) -> Option<bool> {
    match (set.trues.contains(customer), set.unknowns.contains(customer)) {
        (true, _) => Some(true),
        (false, true) => None,
        (false, false) => Some(false),
    }
}

/// What a group comes to: unknown where it depends on what is unknown.
pub(super) fn combined(matching: Match, results: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let decisive = matching == Match::Any;
    let mut is_unknown = false;
    for result in results {
        match result {
            Some(value) if value == decisive => return Some(decisive),
            Some(_) => {}
            None => is_unknown = true,
        }
    }
    (!is_unknown).then_some(!decisive)
}
