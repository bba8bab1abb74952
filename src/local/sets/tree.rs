//! A segment with the set of every condition, worked out for a stretch of customers at a time.
//!
//! All sets of a stretch fit into a core's cache together. So a segment of many lines takes little longer
//! than one of few, and all cores take part.

use std::borrow::Cow;
use std::sync::Arc;

use super::stretch::Stretch;
use super::truth::{Customers, Truth, everybody};
use crate::local::columns::{add, keep, remove};
use crate::local::jobs::jobs_in_order;
use crate::local::{Cancel, EngineError};
use crate::segment::{CheckedGroup, CheckedList, CheckedNode, Criterion, Match, NodePath, Side};

/// Where the sets of conditions come from.
pub trait Truths {
    /// For whom a criterion holds.
    fn criterion(&self, criterion: &Arc<Criterion>) -> Result<Arc<Truth>, EngineError>;
    /// Who is wanted of the list at `path`.
    fn list(&self, path: &NodePath, list: &CheckedList) -> Result<Arc<Truth>, EngineError>;
}

/// The two sides of a segment.
pub struct Sides {
    /// Who is in.
    pub include: Tree,
    /// Who is taken out.
    pub exclude: Tree,
    /// Everybody.
    pub everybody: Customers,
}

/// A node and all below it.
pub struct Tree {
    /// Where it stands.
    pub path: NodePath,
    pub node: Node,
}

/// What a node is.
pub enum Node {
    /// A condition, or a side without nodes.
    Set(Arc<Truth>),
    /// At least one node.
    Group(Match, Vec<Tree>),
}

/// A node for a stretch of customers.
pub struct Valued<'a> {
    pub tree: &'a Tree,
    /// For whom it is true.
    pub holds: Cow<'a, [usize]>,
    /// For whom it is unknown.
    pub unknown: Cow<'a, [usize]>,
    /// Those below it.
    pub nodes: Vec<Valued<'a>>,
}

impl Sides {
    /// Finds the sets of all conditions. A side without nodes takes everybody in and nobody out.
    pub fn build(
        [include, exclude]: [&CheckedGroup; 2],
        universe_size: usize,
        truths: &dyn Truths,
    ) -> Result<Self, EngineError> {
        let (everybody, nobody) = (everybody(universe_size), Customers::with_capacity(universe_size));
        Ok(Self {
            include: side(include, everybody.clone(), truths)?,
            exclude: side(exclude, nobody, truths)?,
            everybody,
        })
    }

    /// Of a segment without nodes that has these members.
    pub fn of(members: Customers) -> Self {
        let everybody = everybody(members.len());
        let nobody = Customers::with_capacity(members.len());
        let [include, exclude] = [(Side::Include, members), (Side::Exclude, nobody)].map(|(side, set)| {
            Tree { path: NodePath::root(side), node: Node::Set(Arc::new(Truth::known(set))) }
        });
        Self { include, exclude, everybody }
    }

    /// How many customers there are.
    pub fn size(&self) -> usize {
        self.everybody.len()
    }

    /// The members: who is in and not taken out.
    pub fn members(&self, cancel: &Cancel) -> Result<Customers, EngineError> {
        self.by_stretch(cancel, |stretch| self.members_in(stretch))
    }

    /// The members in a stretch.
    pub fn members_in(&self, stretch: Stretch) -> Vec<usize> {
        let mut members = self.include.valued(stretch).holds.into_owned();
        remove(&mut members, &self.exclude.valued(stretch).holds);
        members
    }

    /// The members if the node at `path` were not there. A path to no node changes nothing.
    pub fn members_without(&self, path: &NodePath, cancel: &Cancel) -> Result<Customers, EngineError> {
        self.by_stretch(cancel, |stretch| {
            let include = self.include.valued(stretch).without(path);
            let mut members = include.unwrap_or_else(|| stretch.of(&self.everybody).to_vec());
            if let Some(exclude) = self.exclude.valued(stretch).without(path) {
                remove(&mut members, &exclude);
            }
            members
        })
    }

    fn by_stretch(
        &self,
        cancel: &Cancel,
        work: impl Fn(Stretch) -> Vec<usize> + Sync,
    ) -> Result<Customers, EngineError> {
        let stretches = Stretch::count(self.size());
        let blocks = jobs_in_order(stretches, cancel, |number| Ok(work(Stretch::new(number))))?;
        Ok(Customers::with_capacity_and_blocks(self.size(), blocks.into_iter().flatten()))
    }
}

impl Tree {
    /// The node and all below it, for a stretch of customers.
    pub fn valued(&self, stretch: Stretch) -> Valued<'_> {
        let (matching, nodes) = match &self.node {
            Node::Set(truth) => {
                let (holds, unknown) = (stretch.of(&truth.holds).into(), stretch.of(&truth.unknown).into());
                return Valued { tree: self, holds, unknown, nodes: Vec::new() };
            }
            Node::Group(matching, nodes) => (*matching, nodes),
        };
        let nodes: Vec<Valued<'_>> = nodes.iter().map(|node| node.valued(stretch)).collect();
        let mut all = nodes.iter();
        let (mut holds, mut not_false) = match all.next() {
            Some(first) => (first.holds.to_vec(), first.not_false()),
            None => (Vec::new(), Vec::new()),
        };
        // What is not false is true or unknown; both sets combine like plain ones.
        for node in all {
            combine(matching, &mut holds, &node.holds);
            combine(matching, &mut not_false, &node.not_false());
        }
        remove(&mut not_false, &holds);
        Valued { tree: self, holds: holds.into(), unknown: not_false.into(), nodes }
    }
}

impl Valued<'_> {
    fn not_false(&self) -> Vec<usize> {
        let mut not_false = self.holds.to_vec();
        add(&mut not_false, &self.unknown);
        not_false
    }

    /// The set if the node at `path` were not there; `None` if then there is nothing left, and the
    /// group around ignores it.
    fn without(&self, path: &NodePath) -> Option<Vec<usize>> {
        if self.tree.path == *path {
            return None;
        }
        match &self.tree.node {
            Node::Group(matching, _) if self.tree.path.contains(path) => {
                let sets = self.nodes.iter().filter_map(|node| node.without(path));
                sets.reduce(|mut combined, set| {
                    combine(*matching, &mut combined, &set);
                    combined
                })
            }
            Node::Group(..) | Node::Set(_) => Some(self.holds.to_vec()),
        }
    }
}

/// Combines a set with another one as groups do.
pub fn combine(matching: Match, set: &mut [usize], other: &[usize]) {
    match matching {
        Match::All => keep(set, other),
        Match::Any => add(set, other),
    }
}

fn side(group: &CheckedGroup, without_nodes: Customers, truths: &dyn Truths) -> Result<Tree, EngineError> {
    let tree = build(group, truths)?;
    let empty = || Node::Set(Arc::new(Truth::known(without_nodes)));
    Ok(tree.unwrap_or_else(|| Tree { path: group.path.clone(), node: empty() }))
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
        nodes.push(Tree { path: node.path().clone(), node: Node::Set(truth) });
    }
    let group = |nodes| Tree { path: group.path.clone(), node: Node::Group(group.matching, nodes) };
    Ok(if nodes.is_empty() { None } else { Some(group(nodes)) })
}
