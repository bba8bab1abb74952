//! A segment with the set of every condition, worked out for a stretch of customers at a time.
//!
//! All sets of a stretch fit into a core's cache together. So a segment of many lines takes little longer
//! than one of few, and all cores take part.

use std::borrow::Cow;
use std::sync::Arc;

use super::block::Block;
use super::customer_set::{CustomerSet, TernaryMask, full_set};
use crate::backend::{BackendError, Cancel};
use crate::local::columns::{add, keep, remove};
use crate::local::parallel::parallel_map;
use crate::segment::{CheckedGroup, CheckedList, CheckedNode, Criterion, Match, NodePath, Side};

/// Where the sets of conditions come from.
pub trait MaskSource {
    /// For whom a criterion holds.
    fn criterion(&self, criterion: &Arc<Criterion>) -> Result<Arc<TernaryMask>, BackendError>;
    /// Who is wanted of the list at `path`.
    fn list(&self, path: &NodePath, list: &CheckedList) -> Result<Arc<TernaryMask>, BackendError>;
}

/// The two sides of a segment.
pub struct Sides {
    /// Who is in.
    pub include: SetTree,
    /// Who is taken out.
    pub exclude: SetTree,
    /// Everybody.
    pub everybody: CustomerSet,
}

/// A node and all below it.
pub struct SetTree {
    /// Where it stands.
    pub path: NodePath,
    pub node: SetNode,
}

/// What a node is.
pub enum SetNode {
    /// A condition, or a side without nodes.
    Set(Arc<TernaryMask>),
    /// At least one node.
    Group(Match, Vec<SetTree>),
}

/// A node for a stretch of customers.
pub struct EvaluatedNode<'a> {
    pub tree: &'a SetTree,
    /// For whom it is true.
    pub holds: Cow<'a, [usize]>,
    /// For whom it is unknown.
    pub unknown: Cow<'a, [usize]>,
    /// Those below it.
    pub nodes: Vec<EvaluatedNode<'a>>,
}

impl Sides {
    /// Finds the sets of all conditions. A side without nodes takes everybody in and nobody out.
    pub fn build(
        [include, exclude]: [&CheckedGroup; 2],
        universe_size: usize,
        truths: &dyn MaskSource,
    ) -> Result<Self, BackendError> {
        let (everybody, nobody) = (full_set(universe_size), CustomerSet::with_capacity(universe_size));
        Ok(Self {
            include: side(include, everybody.clone(), truths)?,
            exclude: side(exclude, nobody, truths)?,
            everybody,
        })
    }

    /// Of a segment without nodes that has these members.
    pub fn of(members: CustomerSet) -> Self {
        let everybody = full_set(members.len());
        let nobody = CustomerSet::with_capacity(members.len());
        let [include, exclude] = [(Side::Include, members), (Side::Exclude, nobody)].map(|(side, set)| {
            SetTree { path: NodePath::root(side), node: SetNode::Set(Arc::new(TernaryMask::known(set))) }
        });
        Self { include, exclude, everybody }
    }

    /// How many customers there are.
    pub fn size(&self) -> usize {
        self.everybody.len()
    }

    /// The members: who is in and not taken out.
    pub fn members(&self, cancel: &Cancel) -> Result<CustomerSet, BackendError> {
        self.by_stretch(cancel, |stretch| self.members_in(stretch))
    }

    /// The members in a stretch.
    pub fn members_in(&self, stretch: Block) -> Vec<usize> {
        let mut members = self.include.valued(stretch).holds.into_owned();
        remove(&mut members, &self.exclude.valued(stretch).holds);
        members
    }

    /// The members if the node at `path` were not there. A path to no node changes nothing.
    pub fn members_without(&self, path: &NodePath, cancel: &Cancel) -> Result<CustomerSet, BackendError> {
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
        work: impl Fn(Block) -> Vec<usize> + Sync,
    ) -> Result<CustomerSet, BackendError> {
        let stretches = Block::count(self.size());
        let blocks = parallel_map(stretches, cancel, |number| Ok(work(Block::new(number))))?;
        Ok(CustomerSet::with_capacity_and_blocks(self.size(), blocks.into_iter().flatten()))
    }
}

impl SetTree {
    /// The node and all below it, for a stretch of customers.
    pub fn valued(&self, stretch: Block) -> EvaluatedNode<'_> {
        let (matching, nodes) = match &self.node {
            SetNode::Set(truth) => {
                let (holds, unknown) = (stretch.of(&truth.holds).into(), stretch.of(&truth.unknown).into());
                return EvaluatedNode { tree: self, holds, unknown, nodes: Vec::new() };
            }
            SetNode::Group(matching, nodes) => (*matching, nodes),
        };
        let nodes: Vec<EvaluatedNode<'_>> = nodes.iter().map(|node| node.valued(stretch)).collect();
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
        EvaluatedNode { tree: self, holds: holds.into(), unknown: not_false.into(), nodes }
    }
}

impl EvaluatedNode<'_> {
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
            SetNode::Group(matching, _) if self.tree.path.contains(path) => {
                let sets = self.nodes.iter().filter_map(|node| node.without(path));
                sets.reduce(|mut combined, set| {
                    combine(*matching, &mut combined, &set);
                    combined
                })
            }
            SetNode::Group(..) | SetNode::Set(_) => Some(self.holds.to_vec()),
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

fn side(
    group: &CheckedGroup,
    without_nodes: CustomerSet,
    truths: &dyn MaskSource,
) -> Result<SetTree, BackendError> {
    let tree = build(group, truths)?;
    let empty = || SetNode::Set(Arc::new(TernaryMask::known(without_nodes)));
    Ok(tree.unwrap_or_else(|| SetTree { path: group.path.clone(), node: empty() }))
}

/// `None` for a group without nodes.
fn build(group: &CheckedGroup, truths: &dyn MaskSource) -> Result<Option<SetTree>, BackendError> {
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
        nodes.push(SetTree { path: node.path().clone(), node: SetNode::Set(truth) });
    }
    let group = |nodes| SetTree { path: group.path.clone(), node: SetNode::Group(group.matching, nodes) };
    Ok(if nodes.is_empty() { None } else { Some(group(nodes)) })
}
