//! The numbers of each line of a segment (`insights.md`, Per condition).

use super::tree::{Sides, Tree};
use super::truth::{Customers, count};
use super::{Cancel, EngineError, WaterfallLine};
use crate::segment::Match;

/// A line for both sides and every node in them, in document order.
pub fn waterfall(sides: &Sides, cancel: &Cancel) -> Result<Vec<WaterfallLine>, EngineError> {
    let members = count(&sides.members());
    let everybody = super::truth::everybody(sides.include.truth.holds.len());
    let mut lines = Vec::new();
    for (tree, context, excludes) in
        [(&sides.include, &everybody, false), (&sides.exclude, &sides.include.truth.holds, true)]
    {
        Reader { sides, members, excludes, cancel, lines: &mut lines }.read(tree, context)?;
    }
    Ok(lines)
}

/// Reads one side top down.
struct Reader<'a> {
    sides: &'a Sides,
    members: u64,
    /// An exclusion leaves those for whom it does not hold; so an `any` of exclusions narrows down as
    /// an `all` of inclusions does, and the other way round.
    excludes: bool,
    cancel: &'a Cancel,
    lines: &'a mut Vec<WaterfallLine>,
}

impl Reader<'_> {
    /// Adds the lines of a node and all below it. `context` is what the groups around it leave. Returns
    /// what the node leaves of that.
    fn read(&mut self, tree: &Tree, context: &Customers) -> Result<Customers, EngineError> {
        self.cancel.check()?;
        let mut left = context.clone();
        if self.excludes {
            left.difference_with(&tree.truth.holds);
        } else {
            left.intersect_with(&tree.truth.holds);
        }
        self.lines.push(WaterfallLine {
            path: tree.path.clone(),
            alone: count(&tree.truth.holds),
            here: count(&left),
            only: self.only(tree),
            null: count(&tree.truth.unknown),
        });
        let Some((matching, nodes)) = &tree.group else { return Ok(left) };
        if (*matching == Match::All) != self.excludes {
            let mut so_far = context.clone();
            for node in nodes {
                so_far = self.read(node, &so_far)?;
            }
        } else {
            let mut so_far = Customers::with_capacity(context.len());
            for node in nodes {
                let line = self.lines.len();
                so_far.union_with(&self.read(node, context)?);
                // A group's own line shows the group's result, a condition's what it adds up to.
                if let (None, Some(line)) = (&node.group, self.lines.get_mut(line)) {
                    line.here = count(&so_far);
                }
            }
        }
        Ok(left)
    }

    fn only(&self, tree: &Tree) -> i64 {
        let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        signed(count(&self.sides.members_without(&tree.path))) - signed(self.members)
    }
}
