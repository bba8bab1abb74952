//! What would have to change for the answer to be another one.

use crate::backend::{Evidence, ExplainedNode, MOST_FLIPS, SegmentVerdict};
use crate::segment::{Match, NodePath};

/// The smallest sets of conditions whose flip would change the answer, in document order: all of the smallest size, at
/// most [`MOST_FLIPS`]. None where no condition decides.
pub(super) fn smallest_flips(verdict: &SegmentVerdict) -> Vec<Vec<NodePath>> {
    let [include, exclude] = verdict.sides.as_slice() else { return Vec::new() };
    let sides = [(include, true), (exclude, false)];
    let flips = match verdict.is_member {
        // One side that turns is enough.
        true => one_of(sides.into_iter().filter_map(|(side, _)| of_side(side))),
        false => {
            let wrong = sides.into_iter().filter(|(side, wanted)| is_true(side) != *wanted);
            wrong.map(|(side, _)| of_side(side)).collect::<Option<Vec<_>>>().and_then(all_of)
        }
    };
    flips.map(|flips| flips.sets).unwrap_or_default()
}

/// The smallest sets that turn a node, the first of them in document order.
struct Flips {
    /// How many conditions each has.
    size: usize,
    sets: Vec<Vec<NodePath>>,
}

/// What is unknown is not true.
fn is_true(node: &ExplainedNode) -> bool {
    node.result == Some(true)
}

/// Of a side without nodes, none.
fn of_side(side: &ExplainedNode) -> Option<Flips> {
    match &side.evidence {
        Evidence::Group { of, .. } if of.is_empty() => None,
        _ => of_node(side),
    }
}

/// No condition stands twice in a tree, so the nodes of a group turn independently of one another.
fn of_node(node: &ExplainedNode) -> Option<Flips> {
    let Evidence::Group { matching, of } = &node.evidence else {
        return Some(Flips { size: 1, sets: vec![vec![node.path.clone()]] });
    };
    // Of a group that one node decides, each that decides so has to turn, otherwise any.
    let decisive = *matching == Match::Any;
    if is_true(node) == decisive {
        let deciding = of.iter().filter(|node| is_true(node) == decisive);
        deciding.map(of_node).collect::<Option<Vec<_>>>().and_then(all_of)
    } else {
        one_of(of.iter().filter_map(of_node))
    }
}

/// Any of these.
fn one_of(choices: impl Iterator<Item = Flips>) -> Option<Flips> {
    choices.reduce(|mut best, other| match other.size.cmp(&best.size) {
        std::cmp::Ordering::Less => other,
        std::cmp::Ordering::Greater => best,
        std::cmp::Ordering::Equal => {
            best.sets.extend(other.sets);
            best.sets.truncate(MOST_FLIPS);
            best
        }
    })
}

/// Each of these, of which there is at least one.
fn all_of(parts: Vec<Flips>) -> Option<Flips> {
    parts.into_iter().reduce(|before, part| {
        let both = |one: &Vec<NodePath>, other: &Vec<NodePath>| [one.as_slice(), other].concat();
        let sets = before.sets.iter().flat_map(|one| part.sets.iter().map(move |other| both(one, other)));
        Flips { size: before.size + part.size, sets: sets.take(MOST_FLIPS).collect() }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::local::explain::sets::combined;
    use crate::segment::Side;

    /// A tree: conditions with what they come to, and groups.
    #[derive(Clone, Debug)]
    enum Tree {
        Condition(Option<bool>),
        Group(Match, Vec<Tree>),
    }

    impl Tree {
        fn explained(&self, path: NodePath) -> ExplainedNode {
            match self {
                Self::Condition(result) => {
                    let evidence = Evidence::List { path: String::new(), is_in: *result == Some(true) };
                    ExplainedNode { path, result: *result, evidence }
                }
                Self::Group(matching, nodes) => {
                    let of: Vec<_> =
                        (0..).zip(nodes).map(|(at, node)| node.explained(path.child(at))).collect();
                    let result = combined(*matching, of.iter().map(|node| node.result));
                    ExplainedNode { path, result, evidence: Evidence::Group { matching: *matching, of } }
                }
            }
        }
    }

    fn verdict(include: &Tree, exclude: &Tree) -> SegmentVerdict {
        let sides = [(Side::Include, include), (Side::Exclude, exclude)];
        let mut sides = sides.map(|(side, tree)| tree.explained(NodePath::root(side)));
        for side in &mut sides {
            if matches!(&side.evidence, Evidence::Group { of, .. } if of.is_empty()) {
                side.result = Some(side.path.side == Side::Include);
            }
        }
        SegmentVerdict { is_member: is_member(&sides, &[]), sides: sides.into() }
    }

    /// The answer with some conditions flipped, of two values.
    fn is_member(sides: &[ExplainedNode; 2], flipped: &[NodePath]) -> bool {
        fn holds(node: &ExplainedNode, flipped: &[NodePath]) -> bool {
            match &node.evidence {
                Evidence::Group { of, .. } if of.is_empty() => node.path.side == Side::Include,
                Evidence::Group { matching: Match::All, of } => of.iter().all(|node| holds(node, flipped)),
                Evidence::Group { matching: Match::Any, of } => of.iter().any(|node| holds(node, flipped)),
                _ => (node.result == Some(true)) != flipped.contains(&node.path),
            }
        }
        holds(&sides[0], flipped) && !holds(&sides[1], flipped)
    }

    fn conditions(node: &ExplainedNode, found: &mut Vec<NodePath>) {
        match &node.evidence {
            Evidence::Group { of, .. } => of.iter().for_each(|node| conditions(node, found)),
            _ => found.push(node.path.clone()),
        }
    }

    /// Every subset is tried, the smaller ones first.
    fn by_trying(verdict: &SegmentVerdict) -> Vec<Vec<NodePath>> {
        let sides = [verdict.sides[0].clone(), verdict.sides[1].clone()];
        let mut all = Vec::new();
        sides.iter().for_each(|side| conditions(side, &mut all));
        for size in 1..=all.len() {
            let chosen = (0_u32..1 << all.len()).filter(|bits| bits.count_ones() as usize == size);
            let set = |bits: u32| {
                (0..).zip(&all).filter(|(at, _)| bits >> at & 1 == 1).map(|(_, path)| path.clone()).collect()
            };
            let mut found: Vec<Vec<NodePath>> = chosen.map(set).collect();
            found.retain(|set| is_member(&sides, set) != verdict.is_member);
            if !found.is_empty() {
                found.sort();
                found.truncate(MOST_FLIPS);
                return found;
            }
        }
        Vec::new()
    }

    fn results() -> impl Strategy<Value = Option<bool>> {
        prop::sample::select(vec![Some(true), Some(false), None])
    }

    fn matchings() -> impl Strategy<Value = Match> {
        prop::sample::select(vec![Match::All, Match::Any])
    }

    /// Groups within a side are not empty.
    fn sides(most: usize) -> impl Strategy<Value = Tree> {
        let node = results().prop_map(Tree::Condition).prop_recursive(2, 4, 3, |inner| {
            (matchings(), prop::collection::vec(inner, 1..4)).prop_map(|(of, nodes)| Tree::Group(of, nodes))
        });
        (matchings(), prop::collection::vec(node, 0..=most)).prop_map(|(of, nodes)| Tree::Group(of, nodes))
    }

    fn count(tree: &Tree) -> usize {
        match tree {
            Tree::Condition(_) => 1,
            Tree::Group(_, nodes) => nodes.iter().map(count).sum(),
        }
    }

    proptest! {
        #[test]
        fn the_smallest_sets_are_those_that_trying_all_finds(include in sides(3), exclude in sides(2)) {
            prop_assume!(count(&include) + count(&exclude) <= 10);
            let verdict = verdict(&include, &exclude);
            prop_assert_eq!(smallest_flips(&verdict), by_trying(&verdict));
        }
    }

    fn words(flips: &[Vec<NodePath>]) -> Vec<String> {
        let set = |set: &Vec<NodePath>| set.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        flips.iter().map(set).collect()
    }

    #[test]
    fn sides_without_nodes_do_not_turn() {
        let none = || Tree::Group(Match::All, Vec::new());
        assert!(smallest_flips(&verdict(&none(), &none())).is_empty());
        let out = Tree::Group(Match::Any, vec![Tree::Condition(Some(true)), Tree::Condition(Some(false))]);
        assert_eq!(words(&smallest_flips(&verdict(&none(), &out))), ["exclude.0"]);
        let in_both = Tree::Group(Match::All, vec![Tree::Condition(None), Tree::Condition(Some(true))]);
        assert_eq!(words(&smallest_flips(&verdict(&in_both, &out))), ["include.0 exclude.0"]);
    }

    #[test]
    fn no_more_than_twenty_sets_are_named() {
        let pair = || Tree::Group(Match::Any, vec![Tree::Condition(None), Tree::Condition(Some(false))]);
        let include = Tree::Group(Match::All, (0..5).map(|_| pair()).collect());
        let flips = smallest_flips(&verdict(&include, &Tree::Group(Match::Any, Vec::new())));
        assert_eq!(flips.len(), MOST_FLIPS);
        assert!(flips.is_sorted() && flips.iter().all(|set| set.len() == 5));
    }

    #[test]
    fn a_sql_segment_has_no_conditions() {
        assert!(smallest_flips(&SegmentVerdict { is_member: true, sides: Vec::new() }).is_empty());
    }
}
