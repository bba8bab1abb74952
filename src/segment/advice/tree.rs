//! The tree of facts: groups of one node are that node, groups of the same kind are one group.

use super::fact::Fact;
use super::population::Population;
use crate::segment::checked::{CheckedGroup, CheckedNode, Criterion};
use crate::segment::place::NodePath;
use crate::segment::schema::Schema;
use crate::segment::vocabulary::Match;

/// Facts and how they combine.
#[derive(Debug)]
pub(crate) enum Tree<'c> {
    /// A condition.
    Leaf(Leaf<'c>),
    /// At least two nodes, none of which is a group of the same kind.
    Group(&'c NodePath, Match, Vec<Tree<'c>>),
}

/// A condition.
#[derive(Debug)]
pub(crate) struct Leaf<'c> {
    /// Where it stands.
    pub path: &'c NodePath,
    /// What it asks; `None` for a customer list.
    pub criterion: Option<&'c Criterion>,
    /// What that means.
    pub fact: Fact<'c>,
}

impl<'c> Tree<'c> {
    /// The tree of a group; `None` without nodes.
    pub(crate) fn from_group(
        group: &'c CheckedGroup,
        schema: &dyn Schema,
        population: &dyn Population,
    ) -> Option<Self> {
        let mut nodes = Vec::new();
        for node in &group.nodes {
            let (criterion, fact) = match node {
                CheckedNode::Group(inner) => {
                    match Self::from_group(inner, schema, population) {
                        Some(Self::Group(_, matching, inner)) if matching == group.matching => {
                            nodes.extend(inner)
                        }
                        other => nodes.extend(other),
                    }
                    continue;
                }
                CheckedNode::Condition(_, criterion) => {
                    (Some(&**criterion), Fact::from_criterion(criterion, schema, population))
                }
                CheckedNode::List(_, list) => (None, Fact::List(list)),
            };
            nodes.push(Self::Leaf(Leaf { path: node.path(), criterion, fact }));
        }
        if nodes.len() > 1 { Some(Self::Group(&group.path, group.matching, nodes)) } else { nodes.pop() }
    }

    /// Where it stands.
    pub fn path(&self) -> &'c NodePath {
        match self {
            Self::Leaf(leaf) => leaf.path,
            Self::Group(path, ..) => path,
        }
    }

    /// How many conditions are in it.
    pub fn len(&self) -> usize {
        match self {
            Self::Leaf(_) => 1,
            Self::Group(_, _, nodes) => nodes.iter().map(Self::len).sum(),
        }
    }

    /// The conditions that hold of everybody for whom the node holds. Those that say nothing, or hold of
    /// nobody, are left out: everything would follow from the latter.
    pub(crate) fn necessary(&self) -> Vec<&Leaf<'c>> {
        match self {
            Self::Leaf(leaf) if leaf.fact.is_impossible() || leaf.fact.is_certain() => Vec::new(),
            Self::Leaf(leaf) => vec![leaf],
            Self::Group(_, Match::All, nodes) => nodes.iter().flat_map(Self::necessary).collect(),
            Self::Group(_, Match::Any, _) => Vec::new(),
        }
    }
}
