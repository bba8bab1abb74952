//! Whether a node holds of everybody or of nobody, where other conditions hold.

use super::fact::Fact;
use super::tree::{Leaf, Tree};
use crate::segment::place::NodePath;
use crate::segment::vocabulary::Match;

/// What is certain of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// It holds of everybody, or else of nobody.
    pub holds: bool,
    /// The other conditions because of which; none if it is so anyway.
    pub by: Vec<NodePath>,
}

impl Verdict {
    fn new(holds: bool, by: Vec<NodePath>) -> Option<Self> {
        Some(Self { holds, by })
    }
}

/// What is certain of a node where all of `given` hold.
pub(crate) fn verdict(tree: &Tree, given: &[&Leaf]) -> Option<Verdict> {
    match tree {
        Tree::Leaf(leaf) => of_fact(&leaf.fact, given),
        Tree::Group(_, matching, nodes) => {
            // What decides the group alone.
            let decisive = *matching == Match::Any;
            let of_node = |(at, node): (usize, &Tree)| match matching {
                Match::Any => verdict(node, given),
                Match::All => {
                    verdict(node, &with_siblings(nodes, at, given)).filter(|verdict| !verdict.holds)
                }
            };
            if let Some(decided) =
                nodes.iter().enumerate().filter_map(of_node).find(|verdict| verdict.holds == decisive)
            {
                return Some(decided);
            }
            let all: Option<Vec<Verdict>> = nodes.iter().map(|node| verdict(node, given)).collect();
            let mut by: Vec<NodePath> = all?.into_iter().flat_map(|verdict| verdict.by).collect();
            by.sort();
            by.dedup();
            Verdict::new(!decisive, by)
        }
    }
}

/// What is given for one node of an ALL group: the nodes beside it too.
pub(crate) fn with_siblings<'t, 'c>(
    nodes: &'t [Tree<'c>],
    at: usize,
    given: &[&'t Leaf<'c>],
) -> Vec<&'t Leaf<'c>> {
    let others = nodes.iter().enumerate().filter(|(other, _)| *other != at);
    given.iter().copied().chain(others.flat_map(|(_, node)| node.necessary())).collect()
}

fn of_fact(fact: &Fact, given: &[&Leaf]) -> Option<Verdict> {
    if fact.is_impossible() {
        return Verdict::new(false, Vec::new());
    }
    if fact.is_certain() {
        return Verdict::new(true, Vec::new());
    }
    for leaf in given {
        if leaf.fact.is_disjoint(fact) {
            return Verdict::new(false, vec![leaf.path.clone()]);
        }
        if leaf.fact.implies(fact) {
            return Verdict::new(true, vec![leaf.path.clone()]);
        }
    }
    together(fact, given)
}

/// What several of the given conditions say together.
fn together(fact: &Fact, given: &[&Leaf]) -> Option<Verdict> {
    let mut left: Vec<&Leaf> = given.to_vec();
    while let Some((first, rest)) = left.split_first() {
        let (mut joint, mut by, mut others) = (first.fact.clone(), vec![*first], Vec::new());
        for leaf in rest {
            match joint.and(&leaf.fact) {
                Some(both) => {
                    joint = both;
                    by.push(leaf);
                }
                None => others.push(*leaf),
            }
        }
        // What cannot be together is said there; everything would follow from it.
        if by.len() > 1 && !joint.is_impossible() {
            let decides = |joint: &Fact| {
                if joint.is_disjoint(fact) { Some(false) } else { joint.implies(fact).then_some(true) }
            };
            if let Some(holds) = decides(&joint) {
                let by = fewest(by, |joint| decides(joint) == Some(holds));
                return Verdict::new(holds, by.into_iter().map(|leaf| leaf.path.clone()).collect());
            }
        }
        left = others;
    }
    None
}

/// Leaves out what is not needed.
fn fewest<'t, 'c>(mut by: Vec<&'t Leaf<'c>>, is_enough: impl Fn(&Fact) -> bool) -> Vec<&'t Leaf<'c>> {
    let mut at = 0;
    while at < by.len() {
        let mut fewer = by.clone();
        fewer.remove(at);
        let mut facts = fewer.iter().map(|leaf| &leaf.fact);
        let first = facts.next().cloned();
        let joint = first.and_then(|first| facts.try_fold(first, |joint, fact| joint.and(fact)));
        if joint.is_some_and(|joint| is_enough(&joint)) { by = fewer } else { at += 1 }
    }
    by
}
