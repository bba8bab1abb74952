//! Reads both sides top down and notes what is certain of each line.

use super::finding::{Claim, Finding, Reason};
use super::reason::reason;
use super::tree::{Leaf, Tree};
use super::verdict::{Verdict, verdict, with_siblings};
use crate::segment::place::{ConditionPart, NodePath, Side};
use crate::segment::schema::Schema;
use crate::segment::vocabulary::Match;

/// What is certain of the lines of both sides, in document order.
pub(crate) fn analyze(include: Option<&Tree>, exclude: Option<&Tree>, schema: &dyn Schema) -> Vec<Finding> {
    let mut analysis = Analysis { schema, exclude, found: Vec::new() };
    if let Some(include) = include {
        analysis.node(include, Around::Root, &[]);
    }
    if let Some(exclude) = exclude {
        // Whom the exclusions are asked of.
        let given = include.map(Tree::necessary).unwrap_or_default();
        analysis.node(exclude, Around::Root, &given);
    }
    once(analysis.found)
}

/// What a node stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Around {
    /// It is all that a side has.
    Root,
    /// A group with others.
    Group(Match),
}

struct Analysis<'t, 'c> {
    schema: &'t dyn Schema,
    exclude: Option<&'t Tree<'c>>,
    found: Vec<Finding>,
}

impl<'t, 'c> Analysis<'t, 'c> {
    /// Notes what is certain of a node and those in it. `given` holds of all for whom it matters.
    fn node(&mut self, tree: &'t Tree<'c>, around: Around, given: &[&'t Leaf<'c>]) {
        match tree {
            Tree::Leaf(leaf) => self.leaf(tree, leaf, around, given),
            Tree::Group(_, Match::All, nodes) => {
                for (at, node) in nodes.iter().enumerate() {
                    self.node(node, Around::Group(Match::All), &with_siblings(nodes, at, given));
                }
            }
            Tree::Group(_, Match::Any, nodes) => {
                for (at, node) in nodes.iter().enumerate() {
                    self.node(node, Around::Group(Match::Any), given);
                    self.branch(nodes, at, given);
                }
                self.cover(nodes);
            }
        }
    }

    fn leaf(&mut self, tree: &Tree, leaf: &Leaf, around: Around, given: &[&Leaf]) {
        let Some(Verdict { holds, by }) = verdict(tree, given) else { return };
        let excludes = leaf.path.side == Side::Exclude;
        let changes_nothing = match around {
            Around::Root => holds != excludes,
            Around::Group(Match::All) => holds,
            Around::Group(Match::Any) => !holds,
        };
        let of_include = by.iter().all(|by| by.side == Side::Include);
        let (claim, part) = match (holds, by.is_empty()) {
            (_, true) => {
                let (why, part) =
                    leaf.criterion.map_or((Reason::Number, ConditionPart::Whole), |criterion| {
                        reason(criterion, self.schema)
                    });
                (if holds { Claim::Always(why) } else { Claim::Never(why) }, part)
            }
            (false, false) if excludes && of_include => (Claim::ExcludesNone, ConditionPart::Whole),
            (false, false) => (Claim::Contradicts, ConditionPart::Whole),
            (true, false) if excludes && of_include && self.excludes_alone(leaf.path) => {
                (Claim::ExcludesAll, ConditionPart::Whole)
            }
            (true, false) => (Claim::Implied, ConditionPart::Whole),
        };
        self.found.push(Finding { path: leaf.path.clone(), part, claim, by, changes_nothing });
    }

    /// Whether passing this one exclusion is enough to be taken out.
    fn excludes_alone(&self, path: &NodePath) -> bool {
        match self.exclude {
            Some(Tree::Group(_, Match::Any, nodes)) => nodes.iter().any(|node| node.path() == path),
            Some(Tree::Leaf(leaf)) => leaf.path == path,
            Some(Tree::Group(_, Match::All, _)) | None => false,
        }
    }

    /// A node of which one of several is enough: does another one, or an exclusion, take in all of it?
    fn branch(&mut self, nodes: &'t [Tree<'c>], at: usize, given: &[&'t Leaf<'c>]) {
        let Some(node) = nodes.get(at) else { return };
        if verdict(node, given).is_some() {
            return;
        }
        let necessary = node.necessary();
        if necessary.is_empty() {
            return;
        }
        let with: Vec<&Leaf> = given.iter().copied().chain(necessary.iter().copied()).collect();
        let own = |by: &NodePath| node.path().contains(by) || necessary.iter().any(|leaf| leaf.path == by);
        let others = nodes.iter().enumerate().filter(|(other, _)| *other != at);
        let takes_in = |(_, other): (usize, &'t Tree<'c>)| {
            let verdict = verdict(other, &with)?;
            (verdict.holds && verdict.by.iter().any(own)).then(|| other.path().clone())
        };
        let place = |claim, by| Finding {
            path: node.path().clone(),
            part: ConditionPart::Whole,
            claim,
            by,
            changes_nothing: true,
        };
        if let Some(other) = others.into_iter().find_map(takes_in) {
            self.found.push(place(Claim::Subsumed, vec![other]));
        } else if node.path().side == Side::Include
            && let Some(exclude) = self.exclude
            && let Some(taken) = verdict(exclude, &with).filter(|verdict| verdict.holds)
            && taken.by.iter().any(own)
        {
            self.found.push(place(Claim::Excluded, vec![exclude.path().clone()]));
        }
    }

    /// Does everybody pass one of two conditions, or everybody with a value?
    fn cover(&mut self, nodes: &[Tree]) {
        let leaves = || {
            nodes.iter().filter_map(|node| match node {
                Tree::Leaf(leaf) if leaf.fact.is_certain() || leaf.fact.is_impossible() => None,
                Tree::Leaf(leaf) => Some(leaf),
                Tree::Group(..) => None,
            })
        };
        for (at, leaf) in leaves().enumerate() {
            for earlier in leaves().take(at) {
                let claim = if earlier.fact.covers_with(&leaf.fact) {
                    Claim::Covers
                } else {
                    let Some((count, column)) = earlier.fact.rows_with(&leaf.fact) else { continue };
                    let values = count.rows.values(Some(column));
                    if values.is_all() && count.rows.is_all() && count.covers_all_customers {
                        Claim::Covers
                    } else if values.has_all_values() && count.rows.is_only(column) {
                        Claim::CoversValues { table: count.table.to_owned(), column: column.to_owned() }
                    } else {
                        continue;
                    }
                };
                self.found.push(Finding {
                    path: leaf.path.clone(),
                    part: ConditionPart::Whole,
                    claim,
                    by: vec![earlier.path.clone()],
                    changes_nothing: false,
                });
                return;
            }
        }
    }
}

/// Leaves out what is said at another line already: of lines that contradict, imply or take in each
/// other the last one is told.
fn once(mut found: Vec<Finding>) -> Vec<Finding> {
    let lines = |finding: &Finding| {
        let mut lines = finding.by.clone();
        lines.push(finding.path.clone());
        lines.sort();
        lines
    };
    let is_mutual = |finding: &Finding, other: &Finding| {
        let is_kind = matches!(finding.claim, Claim::Contradicts | Claim::Implied | Claim::Subsumed);
        is_kind && finding.claim == other.claim && other.path > finding.path && lines(other) == lines(finding)
    };
    let all = found.clone();
    found.retain(|finding| !all.iter().any(|other| is_mutual(finding, other)));
    found.sort_by(|a, b| a.path.cmp(&b.path).then(a.part.cmp(&b.part)));
    found
}
