//! A segment that has been checked.

use std::collections::HashSet;
use std::sync::Arc;

use super::criterion::Criterion;
use crate::segment::lists::Ids;
use crate::segment::place::NodePath;
use crate::segment::problem::Problem;
use crate::segment::query::Query;
use crate::segment::vocabulary::Match;

/// A checked segment. Nodes that are off, empty or have a problem are left out.
#[derive(Clone, Debug)]
pub struct CheckedSegment {
    /// Whom it means.
    pub meaning: CheckedDefinition,
    /// What was left out because of an error, and advice, in document order.
    pub problems: Vec<Problem>,
}

impl CheckedSegment {
    /// Its conditions and lists, in document order.
    pub(crate) fn leaves(&self) -> Vec<&CheckedNode> {
        fn within<'c>(group: &'c CheckedGroup, leaves: &mut Vec<&'c CheckedNode>) {
            for node in &group.nodes {
                match node {
                    CheckedNode::Group(inner) => within(inner, leaves),
                    CheckedNode::Condition(..) | CheckedNode::List(..) => leaves.push(node),
                }
            }
        }
        let mut leaves = Vec::new();
        if let CheckedDefinition::Visual { include, exclude } = &self.meaning {
            within(include, &mut leaves);
            within(exclude, &mut leaves);
        }
        leaves
    }

    /// It and the segments that it refers to, over any number of steps; each once.
    pub(crate) fn with_nested(&self) -> Vec<&Self> {
        let (mut found, mut ids) = (vec![self], HashSet::new());
        let mut at = 0;
        while let Some(segment) = found.get(at).copied() {
            for leaf in segment.leaves() {
                if let CheckedNode::List(_, CheckedList { members: ListMembers::Segment(id, nested), .. }) =
                    leaf
                    && ids.insert(id.as_str())
                {
                    found.push(nested);
                }
            }
            at += 1;
        }
        found
    }
}

/// Whom a segment means.
#[derive(Clone, Debug)]
pub enum CheckedDefinition {
    /// Customers by conditions.
    Visual {
        /// Who is in; without nodes it is the universe.
        include: CheckedGroup,
        /// Who is taken out; without nodes it is nobody.
        exclude: CheckedGroup,
    },
    /// Whom a query of the embedded engine returns.
    Query(Arc<Query>),
    /// It cannot be told: the problems say why.
    Unknown,
}

/// A group with at least one node, except for the two sides.
#[derive(Clone, Debug)]
pub struct CheckedGroup {
    /// Where it stands.
    pub path: NodePath,
    /// How its nodes combine.
    pub matching: Match,
    pub nodes: Vec<CheckedNode>,
}

/// A node of a checked segment.
#[derive(Clone, Debug)]
pub enum CheckedNode {
    /// Nodes that combine.
    Group(CheckedGroup),
    /// One criterion and where it stands.
    Condition(NodePath, Arc<Criterion>),
    /// A customer list and where it stands.
    List(NodePath, CheckedList),
}

impl CheckedNode {
    /// Where it stands.
    #[must_use]
    pub fn path(&self) -> &NodePath {
        match self {
            Self::Group(group) => &group.path,
            Self::Condition(path, _) | Self::List(path, _) => path,
        }
    }
}

/// A customer list that has been found. It is no [`Criterion`]: what it stands for is outside of the
/// database and changes on its own.
#[derive(Clone, Debug)]
pub struct CheckedList {
    pub members: ListMembers,
    /// Everybody else is wanted.
    pub negated: bool,
}

#[derive(Clone, Debug)]
pub enum ListMembers {
    /// The members of the segment with this id, on the same day and activation ID.
    Segment(String, Arc<CheckedSegment>),
    /// The ids in this file, as they stand in it.
    Ids(String, Ids),
    /// Whom the query in this file returns.
    Query(String, Arc<Query>),
}
