//! A segment with the set of every condition, worked out for a block of customers at a time.
//!
//! All sets of a block fit into a core's cache together. So a segment of many lines takes little longer
//! than one of few, and all cores take part.

use std::borrow::Cow;
use std::sync::Arc;

use super::block::{Block, and, and_not, or};
use super::customer_set::{CustomerSet, full_set};
use super::ternary_mask::TernaryMask;
use crate::backend::{BackendError, Cancel};
use crate::local::parallel::parallel_map;
use crate::segment::{CheckedGroup, CheckedList, CheckedNode, Criterion, Match, NodePath, Side};

/// Where the sets of conditions come from.
pub(crate) trait MaskSource {
    /// For whom a criterion holds.
    fn criterion(&self, criterion: &Arc<Criterion>) -> Result<Arc<TernaryMask>, BackendError>;
    /// Who is wanted of the list at `path`.
    fn list(&self, path: &NodePath, list: &CheckedList) -> Result<Arc<TernaryMask>, BackendError>;
}

/// The two sides of a segment.
pub(crate) struct Sides {
    pub include: SetTree,
    /// Who is taken out.
    pub exclude: SetTree,
    pub universe: CustomerSet,
}

/// A node and all below it.
pub(crate) struct SetTree {
    /// Where it stands.
    pub path: NodePath,
    pub node: SetNode,
}

pub(crate) enum SetNode {
    /// A condition, or a side without nodes.
    Set(Arc<TernaryMask>),
    /// At least one node.
    Group(Match, Vec<SetTree>),
}

/// A node for a block of customers.
pub(crate) struct EvaluatedNode<'a> {
    pub tree: &'a SetTree,
    pub trues: Cow<'a, [usize]>,
    pub unknowns: Cow<'a, [usize]>,
    /// Those below it.
    pub nodes: Vec<EvaluatedNode<'a>>,
}

impl Sides {
    /// Finds the sets of all conditions. A side without nodes takes all in and none out.
    pub(crate) fn build(
        [include, exclude]: [&CheckedGroup; 2],
        universe_size: usize,
        masks: &dyn MaskSource,
    ) -> Result<Self, BackendError> {
        let (universe, empty) = (full_set(universe_size), CustomerSet::with_capacity(universe_size));
        Ok(Self {
            include: side(include, universe.clone(), masks)?,
            exclude: side(exclude, empty, masks)?,
            universe,
        })
    }

    /// Of a segment without nodes that has these members.
    pub(crate) fn from_members(members: CustomerSet) -> Self {
        let universe = full_set(members.len());
        let empty = CustomerSet::with_capacity(members.len());
        let [include, exclude] = [(Side::Include, members), (Side::Exclude, empty)].map(|(side, set)| {
            let mask = Arc::new(TernaryMask::from_known(set));
            SetTree { path: NodePath::root(side), node: SetNode::Set(mask) }
        });
        Self { include, exclude, universe }
    }

    /// How many customers there are.
    pub fn size(&self) -> usize {
        self.universe.len()
    }

    /// The members: who is in and not taken out.
    pub fn members(&self, cancel: &Cancel) -> Result<CustomerSet, BackendError> {
        self.by_block(cancel, |block| self.members_in(block))
    }

    pub(crate) fn members_in(&self, block: Block) -> Vec<usize> {
        let mut members = self.include.evaluate(block).trues.into_owned();
        and_not(&mut members, &self.exclude.evaluate(block).trues);
        members
    }

    /// The members if the node at `path` were not there. A path to no node changes nothing.
    pub(crate) fn members_without(
        &self,
        path: &NodePath,
        cancel: &Cancel,
    ) -> Result<CustomerSet, BackendError> {
        self.by_block(cancel, |block| {
            let include = self.include.evaluate(block).without(path);
            let mut members = include.unwrap_or_else(|| block.words(&self.universe).to_vec());
            if let Some(exclude) = self.exclude.evaluate(block).without(path) {
                and_not(&mut members, &exclude);
            }
            members
        })
    }

    fn by_block(
        &self,
        cancel: &Cancel,
        work: impl Fn(Block) -> Vec<usize> + Sync,
    ) -> Result<CustomerSet, BackendError> {
        let blocks = Block::count(self.size());
        let blocks = parallel_map(blocks, cancel, |number| Ok(work(Block::new(number))))?;
        Ok(CustomerSet::with_capacity_and_blocks(self.size(), blocks.into_iter().flatten()))
    }
}

impl SetTree {
    /// The node and all below it, for a block of customers.
    pub fn evaluate(&self, block: Block) -> EvaluatedNode<'_> {
        let (matching, nodes) = match &self.node {
            SetNode::Set(mask) => {
                let (trues, unknowns) = (block.words(&mask.trues).into(), block.words(&mask.unknowns).into());
                return EvaluatedNode { tree: self, trues, unknowns, nodes: Vec::new() };
            }
            SetNode::Group(matching, nodes) => (*matching, nodes),
        };
        let nodes: Vec<EvaluatedNode<'_>> = nodes.iter().map(|node| node.evaluate(block)).collect();
        let mut all = nodes.iter();
        let (mut trues, mut not_false) = match all.next() {
            Some(first) => (first.trues.to_vec(), first.not_false()),
            // A group without nodes is none: `build` leaves it out.
            None => (Vec::new(), Vec::new()),
        };
        // What is not false is true or unknown; both sets combine like plain ones.
        for node in all {
            combine(matching, &mut trues, &node.trues);
            combine(matching, &mut not_false, &node.not_false());
        }
        and_not(&mut not_false, &trues);
        EvaluatedNode { tree: self, trues: trues.into(), unknowns: not_false.into(), nodes }
    }
}

impl EvaluatedNode<'_> {
    fn not_false(&self) -> Vec<usize> {
        let mut not_false = self.trues.to_vec();
        or(&mut not_false, &self.unknowns);
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
            SetNode::Group(..) | SetNode::Set(_) => Some(self.trues.to_vec()),
        }
    }
}

/// Combines a set with another one as groups do.
pub(crate) fn combine(matching: Match, set: &mut [usize], other: &[usize]) {
    match matching {
        Match::All => and(set, other),
        Match::Any => or(set, other),
    }
}

fn side(
    group: &CheckedGroup,
    without_nodes: CustomerSet,
    masks: &dyn MaskSource,
) -> Result<SetTree, BackendError> {
    let tree = build(group, without_nodes.len(), masks)?;
    let empty = || SetNode::Set(Arc::new(TernaryMask::from_known(without_nodes)));
    Ok(tree.unwrap_or_else(|| SetTree { path: group.path.clone(), node: empty() }))
}

/// `None` for a group without nodes. All sets are of so many customers.
fn build(
    group: &CheckedGroup,
    universe_size: usize,
    masks: &dyn MaskSource,
) -> Result<Option<SetTree>, BackendError> {
    let mut nodes = Vec::with_capacity(group.nodes.len());
    for node in &group.nodes {
        let mask = match node {
            CheckedNode::Group(inner) => {
                nodes.extend(build(inner, universe_size, masks)?);
                continue;
            }
            CheckedNode::Condition(_, criterion) => masks.criterion(criterion)?,
            CheckedNode::List(path, list) => masks.list(path, list)?,
        };
        mask.check_size(universe_size)?;
        nodes.push(SetTree { path: node.path().clone(), node: SetNode::Set(mask) });
    }
    let group = |nodes| SetTree { path: group.path.clone(), node: SetNode::Group(group.matching, nodes) };
    Ok(if nodes.is_empty() { None } else { Some(group(nodes)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct OfSize(usize);

    impl MaskSource for OfSize {
        fn criterion(&self, _: &Arc<Criterion>) -> Result<Arc<TernaryMask>, BackendError> {
            Ok(Arc::new(TernaryMask::from_known(full_set(self.0))))
        }

        fn list(&self, _: &NodePath, _: &CheckedList) -> Result<Arc<TernaryMask>, BackendError> {
            Ok(Arc::new(TernaryMask::from_known(full_set(self.0))))
        }
    }

    #[test]
    fn sets_of_other_customers_are_an_error() {
        let members = crate::segment::ListMembers::Ids(String::new(), crate::segment::Ids::from(Vec::new()));
        let list = CheckedList { members, negated: false };
        let group = |side, nodes| CheckedGroup { path: NodePath::root(side), matching: Match::All, nodes };
        let path = NodePath::root(Side::Include).child(0);
        let include = group(Side::Include, vec![CheckedNode::List(path, list)]);
        let exclude = group(Side::Exclude, Vec::new());
        let size = |of: usize| Sides::build([&include, &exclude], 70, &OfSize(of)).map(|sides| sides.size());
        assert_eq!(size(70), Ok(70));
        assert!(size(71).is_err_and(|error| error.to_string().contains("71 rows do not fit with 70")));
        assert!(size(69).is_err());
    }
}
