//! Which nodes of two definitions are the same ones.
//!
//! Equal content comes first, then groups by what is in them, then conditions on the same subject, then what stands
//! in the same position.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::tree::{Tree, says_same};
use crate::segment::node::{ConditionKind, ListSource, Node};
use crate::segment::vocabulary::Keyword as _;

/// The pairs of nodes.
#[derive(Clone, Debug)]
pub(super) struct Matching {
    of_a: Vec<Option<usize>>,
    of_b: Vec<Option<usize>>,
}

/// How well two nodes fit that could be a pair: around them is a pair, at the same place, on the same side.
type Fit = (bool, bool, bool);

impl Matching {
    /// Only the sides are pairs.
    pub(super) fn of_sides(a: &Tree, b: &Tree) -> Self {
        let mut matching = Self { of_a: vec![None; a.items.len()], of_b: vec![None; b.items.len()] };
        let sides = |tree: &Tree| {
            let of_side = tree.items.iter().enumerate().filter(|(_, item)| item.parent.is_none());
            of_side.map(|(at, _)| at).collect::<Vec<_>>()
        };
        sides(a).into_iter().zip(sides(b)).for_each(|(one, other)| matching.pair(one, other));
        matching
    }

    /// What a node of the second tree is in the first one.
    pub(super) fn in_a(&self, of_b: usize) -> Option<usize> {
        self.of_b.get(of_b).copied().flatten()
    }

    /// What a node of the first tree is in the second one.
    pub(super) fn in_b(&self, of_a: usize) -> Option<usize> {
        self.of_a.get(of_a).copied().flatten()
    }

    fn pair(&mut self, one: usize, other: usize) {
        if let (Some(of_a), Some(of_b)) = (self.of_a.get_mut(one), self.of_b.get_mut(other)) {
            (*of_a, *of_b) = (Some(other), Some(one));
        }
    }

    fn fit(&self, (a, one): (&Tree, usize), (b, other): (&Tree, usize)) -> Fit {
        let (Some(of_a), Some(of_b)) = (a.get(one), b.get(other)) else { return (false, false, false) };
        let around = of_a.parent.is_some() && of_a.parent.and_then(|parent| self.in_b(parent)) == of_b.parent;
        (around, of_a.path == of_b.path, of_a.path.side == of_b.path.side)
    }

    /// The best of some nodes of the first tree for one of the second; of several the first.
    fn best(&self, a: &Tree, of: impl Iterator<Item = usize>, to: (&Tree, usize)) -> Option<(usize, Fit)> {
        let free = of.filter(|one| self.in_b(*one).is_none());
        free.map(|one| (one, self.fit((a, one), to))).max_by_key(|(one, fit)| (*fit, Reverse(*one)))
    }
}

/// Finds the pairs of two trees.
pub(super) fn matched(a: &Tree, b: &Tree) -> Matching {
    let mut matching = Matching::of_sides(a, b);
    equal_groups(&mut matching, a, b);
    equal_lines(&mut matching, a, b);
    groups_by_content(&mut matching, a, b);
    same_subjects(&mut matching, a, b);
    groups_by_content(&mut matching, a, b);
    by_position(&mut matching, a, b);
    matching
}

fn by_hash(tree: &Tree, hash: impl Fn(usize) -> Option<u64>) -> HashMap<u64, Vec<usize>> {
    let mut found: HashMap<u64, Vec<usize>> = HashMap::new();
    for at in 0..tree.items.len() {
        if let Some(hash) = hash(at) {
            found.entry(hash).or_default().push(at);
        }
    }
    found
}

/// Groups that are the same with all inside them, the outermost first.
fn equal_groups(matching: &mut Matching, a: &Tree, b: &Tree) {
    let with_lines =
        |tree: &Tree, at| tree.get(at).filter(|item| !item.children.is_empty()).map(|i| i.deep_hash);
    let groups = by_hash(a, |at| with_lines(a, at));
    for other in 0..b.items.len() {
        if matching.in_a(other).is_some() {
            continue;
        }
        let alike = with_lines(b, other).and_then(|hash| groups.get(&hash)).into_iter().flatten().copied();
        let same = alike.filter(|one| {
            let is_free = a.inside(*one).iter().all(|inner| matching.in_b(*inner).is_none());
            is_free && a.is_same(*one, b, other)
        });
        if let Some((one, _)) = matching.best(a, same, (b, other)) {
            let pairs: Vec<(usize, usize)> = a.inside(one).into_iter().zip(b.inside(other)).collect();
            pairs.into_iter().for_each(|(one, other)| matching.pair(one, other));
        }
    }
}

/// Lines that say the same, also those that were switched on or off. First where they stood, then elsewhere.
fn equal_lines(matching: &mut Matching, a: &Tree, b: &Tree) {
    let own = |tree: &Tree, at| tree.get(at).filter(|_| !tree.is_group(at)).map(|item| item.own_hash);
    let lines = by_hash(a, |at| own(a, at));
    for is_in_place in [true, false] {
        for other in 0..b.items.len() {
            let Some(of_b) = b.get(other).filter(|_| matching.in_a(other).is_none()) else { continue };
            let alike = own(b, other).and_then(|hash| lines.get(&hash)).into_iter().flatten().copied();
            let same = alike.filter(|one| a.get(*one).is_some_and(|of_a| says_same(&of_a.node, &of_b.node)));
            match matching.best(a, same, (b, other)) {
                Some((one, fit)) if fit.1 || !is_in_place => matching.pair(one, other),
                _ => {}
            }
        }
    }
}

/// Groups that share lines, those that share most first.
fn groups_by_content(matching: &mut Matching, a: &Tree, b: &Tree) {
    let mut shared: HashMap<(usize, usize), usize> = HashMap::new();
    for (other, item) in b.items.iter().enumerate() {
        let Some(one) = matching.in_a(other).filter(|_| !matches!(item.node, Node::Group(_))) else {
            continue;
        };
        for around_a in around(a, one).filter(|group| matching.in_b(*group).is_none()) {
            for around_b in around(b, other).filter(|group| matching.in_a(*group).is_none()) {
                *shared.entry((around_a, around_b)).or_default() += 1;
            }
        }
    }
    let (lines_a, lines_b) = (line_counts(a), line_counts(b));
    let of = |counts: &[usize], at: usize| counts.get(at).copied().unwrap_or(0);
    let mut ranked: Vec<_> = shared
        .into_iter()
        .map(|((one, other), common)| {
            // In millionths, as a share of the lines of both.
            let share = common * 2_000_000 / (of(&lines_a, one) + of(&lines_b, other)).max(1);
            (Reverse((share, matching.fit((a, one), (b, other)))), other, one)
        })
        .collect();
    ranked.sort_unstable();
    for (_, other, one) in ranked {
        if matching.in_b(one).is_none() && matching.in_a(other).is_none() {
            matching.pair(one, other);
        }
    }
}

/// The groups around a node, without the side.
fn around(tree: &Tree, at: usize) -> impl Iterator<Item = usize> {
    let groups = std::iter::successors(tree.parent(at), |group| tree.parent(*group));
    groups.filter(|group| tree.parent(*group).is_some())
}

/// How many lines there are in each node.
fn line_counts(tree: &Tree) -> Vec<usize> {
    let mut counts = vec![0; tree.items.len()];
    for (at, item) in tree.items.iter().enumerate() {
        if !matches!(item.node, Node::Group(_)) {
            for group in around(tree, at) {
                if let Some(count) = counts.get_mut(group) {
                    *count += 1;
                }
            }
        }
    }
    counts
}

/// Lines that ask something else of the same, within a pair of groups or at least on the same side.
fn same_subjects(matching: &mut Matching, a: &Tree, b: &Tree) {
    let mut lines: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, item) in a.items.iter().enumerate() {
        if let Some(subject) = subject(&item.node) {
            lines.entry(subject).or_default().push(at);
        }
    }
    for is_around in [true, false] {
        for (other, item) in b.items.iter().enumerate() {
            if matching.in_a(other).is_some() {
                continue;
            }
            let alike = subject(&item.node).and_then(|subject| lines.get(&subject));
            match matching.best(a, alike.into_iter().flatten().copied(), (b, other)) {
                Some((one, (true, ..))) if is_around => matching.pair(one, other),
                Some((one, (_, _, true))) if !is_around => matching.pair(one, other),
                _ => {}
            }
        }
    }
}

/// What a condition asks of; none of what cannot be read.
fn subject(node: &Node) -> Option<String> {
    let Node::Condition(condition) = node else { return None };
    Some(match &condition.kind {
        ConditionKind::Attribute(attribute) => format!("{:?}", (&attribute.table, &attribute.column)),
        ConditionKind::Purchase(purchase) => purchase.behaviour.id().to_owned(),
        ConditionKind::Aggregate(aggregate) => {
            format!("{:?}", (&aggregate.table, aggregate.function.id(), &aggregate.column))
        }
        ConditionKind::List(list) => match &list.source {
            ListSource::Segment(id) => format!("segment {id:?}"),
            ListSource::File(path) => format!("file {path:?}"),
            ListSource::Query(path) => format!("query {path:?}"),
        },
    })
}

/// What stands after the same neighbour in a pair of groups: first groups, then lines.
fn by_position(matching: &mut Matching, a: &Tree, b: &Tree) {
    for group in 0..b.items.len() {
        let Some(of_a) = matching.in_a(group).filter(|_| b.is_group(group)) else { continue };
        for is_group in [true, false] {
            let mut before = Some(0);
            for other in b.children(group) {
                if matching.in_a(*other).is_none() && b.is_group(*other) == is_group {
                    let beside = before.and_then(|at| a.children(of_a).get(at)).copied();
                    let fits = |one: &usize| matching.in_b(*one).is_none() && a.is_group(*one) == is_group;
                    if let Some(one) = beside.filter(fits) {
                        matching.pair(one, *other);
                    }
                }
                let place = |at| a.children(of_a).iter().position(|one| *one == at);
                before = matching.in_a(*other).and_then(place).map(|at| at + 1);
            }
        }
    }
}
