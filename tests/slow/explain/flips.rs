//! Which lines to turn round for another answer: all sets of up to ten lines are tried.

use segtui::backend::{Evidence, ExplainedNode, MOST_FLIPS, SegmentVerdict};
use segtui::segment::{Match, NodePath, Side};

use super::{Checked, ensure, same};

/// Of how many lines all sets are tried.
const MOST_LINES: usize = 10;

/// Whether the sets are all of the smallest that change the answer.
pub fn check(verdict: &SegmentVerdict, flips: &[Vec<NodePath>]) -> Checked {
    let mut lines = Vec::new();
    verdict.sides.iter().for_each(|side| collect(side, &mut lines));
    let as_it_is = |path: &NodePath| lines.iter().find(|(line, _)| line == path).map(|(_, is)| *is);
    let answer = is_member(verdict, &|path| as_it_is(path).unwrap());
    same("the answer of the lines", answer, verdict.is_member)?;
    let with = |set: &[NodePath]| is_member(verdict, &|path| as_it_is(path).unwrap() != set.contains(path));
    for set in flips {
        ensure(with(set) != verdict.is_member, || format!("{set:?} changes nothing"))?;
        ensure(set.is_sorted(), || format!("{set:?} is in no order"))?;
    }
    ensure(flips.is_sorted() && flips.len() <= MOST_FLIPS, || format!("{flips:?} are in no order"))?;
    if lines.len() > MOST_LINES {
        let size = flips.first().map(Vec::len);
        return ensure(flips.iter().all(|set| Some(set.len()) == size), || {
            format!("{flips:?} differ in size")
        });
    }
    let paths: Vec<&NodePath> = lines.iter().map(|(path, _)| path).collect();
    let set = |bits: u32| -> Vec<NodePath> {
        let chosen = paths.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
        chosen.map(|(_, path)| (*path).clone()).collect()
    };
    let mut smallest: Vec<Vec<NodePath>> = Vec::new();
    for size in 1..=paths.len() as u32 {
        let of_size = (1_u32..1 << paths.len()).filter(|bits| bits.count_ones() == size).map(set);
        smallest = of_size.filter(|set| with(set) != verdict.is_member).collect();
        if !smallest.is_empty() {
            break;
        }
    }
    smallest.sort();
    smallest.truncate(MOST_FLIPS);
    same("the smallest sets", flips, &smallest)
}

/// The lines, and whether each is true.
fn collect(node: &ExplainedNode, lines: &mut Vec<(NodePath, bool)>) {
    match &node.evidence {
        Evidence::Group { of, .. } => of.iter().for_each(|inner| collect(inner, lines)),
        _ => lines.push((node.path.clone(), node.result == Some(true))),
    }
}

/// The answer if lines are as said.
fn is_member(verdict: &SegmentVerdict, is_true: &dyn Fn(&NodePath) -> bool) -> bool {
    let holds = |side: Side| holds(&verdict.sides[side as usize], is_true);
    holds(Side::Include).unwrap_or(true) && !holds(Side::Exclude).unwrap_or(false)
}

/// `None` of a group without lines.
fn holds(node: &ExplainedNode, is_true: &dyn Fn(&NodePath) -> bool) -> Option<bool> {
    let Evidence::Group { matching, of } = &node.evidence else { return Some(is_true(&node.path)) };
    let mut truths = of.iter().map(|inner| holds(inner, is_true).unwrap());
    match matching {
        _ if of.is_empty() => None,
        Match::All => Some(truths.all(|is| is)),
        Match::Any => Some(truths.any(|is| is)),
    }
}
