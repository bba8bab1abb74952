//! A segment with the set of every node.

use std::borrow::Cow;
use std::sync::Arc;

use super::EngineError;
use super::truth::{Customers, Truth, everybody};
use crate::segment::{CheckedGroup, CheckedList, CheckedNode, Criterion, Match, NodePath, Side};

/// Where the sets of conditions come from.
pub trait Truths {
    /// For whom a criterion holds.
    fn criterion(&self, criterion: &Arc<Criterion>) -> Result<Arc<Truth>, EngineError>;
    /// Who is wanted of the list at `path`.
    fn list(&self, path: &NodePath, list: &CheckedList) -> Result<Arc<Truth>, EngineError>;
}

/// The two sides of a segment with the sets of all their nodes.
pub struct Sides {
    /// Who is in.
    pub include: Tree,
    /// Who is taken out.
    pub exclude: Tree,
}

/// A node with its set.
pub struct Tree {
    /// Where it stands.
    pub path: NodePath,
    /// For whom it is true, and for whom unknown.
    pub truth: Arc<Truth>,
    /// What it combines, if it is a group.
    pub group: Option<(Match, Vec<Tree>)>,
}

impl Sides {
    /// Works out every node of `include` and `exclude` from the sets of its conditions. A side without
    /// nodes takes everybody in and nobody out.
    pub fn build(
        [include, exclude]: [&CheckedGroup; 2],
        universe_size: usize,
        truths: &dyn Truths,
    ) -> Result<Self, EngineError> {
        let nobody = Customers::with_capacity(universe_size);
        Ok(Self {
            include: side(include, everybody(universe_size), truths)?,
            exclude: side(exclude, nobody, truths)?,
        })
    }

    /// Of a segment without nodes that has these members.
    pub fn of(members: Customers) -> Self {
        let nobody = Customers::with_capacity(members.len());
        let [include, exclude] = [(Side::Include, members), (Side::Exclude, nobody)].map(|(side, set)| {
            Tree { path: NodePath::root(side), truth: Arc::new(Truth::known(set)), group: None }
        });
        Self { include, exclude }
    }

    /// The members: who is in and not taken out.
    pub fn members(&self) -> Customers {
        let mut members = self.include.truth.holds.clone();
        members.difference_with(&self.exclude.truth.holds);
        members
    }

    /// The members if the node at `path` were not there. A path to no node changes nothing.
    pub fn members_without(&self, path: &NodePath) -> Customers {
        let include = self.include.without(path).map(Cow::into_owned);
        let mut members = include.unwrap_or_else(|| everybody(self.include.truth.holds.len()));
        if let Some(exclude) = self.exclude.without(path) {
            members.difference_with(&exclude);
        }
        members
    }
}

impl Tree {
    /// The set if the node at `path` were not there; `None` if then there is nothing left, and the
    /// group around ignores it.
    fn without(&self, path: &NodePath) -> Option<Cow<'_, Customers>> {
        if self.path == *path {
            return None;
        }
        match &self.group {
            Some((matching, nodes)) if self.path.contains(path) => {
                let mut sets = nodes.iter().filter_map(|node| node.without(path));
                let mut combined = sets.next()?.into_owned();
                for set in sets {
                    match matching {
                        Match::All => combined.intersect_with(&set),
                        Match::Any => combined.union_with(&set),
                    }
                }
                Some(Cow::Owned(combined))
            }
            Some((_, nodes)) if nodes.is_empty() => None,
            _ => Some(Cow::Borrowed(&self.truth.holds)),
        }
    }
}

fn side(group: &CheckedGroup, without_nodes: Customers, truths: &dyn Truths) -> Result<Tree, EngineError> {
    let tree = build(group, truths)?;
    Ok(tree.unwrap_or_else(|| Tree {
        path: group.path.clone(),
        truth: Arc::new(Truth::known(without_nodes)),
        group: Some((group.matching, Vec::new())),
    }))
}

/// `None` for a group without nodes.
fn build(group: &CheckedGroup, truths: &dyn Truths) -> Result<Option<Tree>, EngineError> {
    let mut nodes = Vec::with_capacity(group.nodes.len());
    for node in &group.nodes {
        let truth = match node {
            CheckedNode::Group(inner) => {
                nodes.extend(build(inner, truths)?);
                continue;
            }
            CheckedNode::Condition(_, criterion) => truths.criterion(criterion)?,
            CheckedNode::List(path, list) => truths.list(path, list)?,
        };
        nodes.push(Tree { path: node.path().clone(), truth, group: None });
    }
    let combined = Truth::combine(group.matching, nodes.iter().map(|node| &*node.truth));
    Ok(combined.map(|truth| Tree {
        path: group.path.clone(),
        truth: Arc::new(truth),
        group: Some((group.matching, nodes)),
    }))
}
