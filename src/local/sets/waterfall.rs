//! The numbers of each line of a segment (`insights.md`, Per condition).

use super::block::{Block, shared, size};
use super::insights::{self, Prepared};
use super::tree::{EvaluatedNode, SetNode, SetTree, Sides, combine};
use crate::backend::{BackendError, Cancel, Insights, WaterfallLine};
use crate::local::columns::{add, keep, remove};
use crate::local::parallel::parallel_fold;
use crate::segment::{Match, NodePath};

/// The insights of the members, and a line for both sides and every node in them, in document order.
pub fn insights_and_waterfall(
    sides: &Sides,
    prepared: &Prepared,
    cancel: &Cancel,
) -> Result<(Insights, Vec<WaterfallLine>), BackendError> {
    let mut paths = Vec::new();
    for tree in [&sides.include, &sides.exclude] {
        add_paths(tree, &mut paths);
    }
    let none = || WaterfallSums {
        members: insights::InsightSums::default(),
        lines: vec![Line::default(); paths.len()],
    };
    let found = parallel_fold(Block::count(sides.size()), cancel, none, |sums, number| {
        sums.add(sides, prepared, Block::new(number));
        Ok(())
    })?;
    let WaterfallSums { members, lines } = found.into_iter().reduce(WaterfallSums::and).unwrap_or_else(none);
    let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let line = |(path, line): (&NodePath, Line)| WaterfallLine {
        path: path.clone(),
        alone: line.alone,
        here: line.here,
        only: signed(line.without) - signed(members.customers),
        null: line.null,
    };
    Ok((members.insights(prepared), paths.into_iter().zip(lines).map(line).collect()))
}

fn add_paths<'a>(tree: &'a SetTree, paths: &mut Vec<&'a NodePath>) {
    paths.push(&tree.path);
    if let SetNode::Group(_, nodes) = &tree.node {
        nodes.iter().for_each(|node| add_paths(node, paths));
    }
}

/// What some stretches come to.
struct WaterfallSums {
    members: insights::InsightSums,
    lines: Vec<Line>,
}

#[derive(Clone, Copy, Default)]
struct Line {
    alone: u64,
    here: u64,
    /// The members there would be without it.
    without: u64,
    null: u64,
}

impl WaterfallSums {
    fn and(mut self, other: Self) -> Self {
        self.members = self.members.and(other.members);
        for (line, more) in self.lines.iter_mut().zip(other.lines) {
            line.alone += more.alone;
            line.here += more.here;
            line.without += more.without;
            line.null += more.null;
        }
        self
    }

    fn add(&mut self, sides: &Sides, prepared: &Prepared, stretch: Block) {
        let everybody = stretch.of(&sides.everybody);
        let [include, exclude] = [&sides.include, &sides.exclude].map(|tree| tree.valued(stretch));
        let mut members = include.holds.to_vec();
        remove(&mut members, &exclude.holds);
        self.members.add(prepared, &members, stretch);
        let mut reader = LineReader { sums: self, at: 0, excludes: false, other: &exclude.holds };
        // Without any node a side takes everybody in, or nobody out.
        let without = reader.members(everybody);
        reader.side(&include, everybody, everybody, without);
        let mut reader = LineReader { excludes: true, other: &include.holds, ..reader };
        let without = size(&include.holds);
        reader.side(&exclude, &include.holds, everybody, without);
    }
}

/// What a side comes to, whomever one of its nodes is true for: at least `least`, at most `most`, and of those
/// between whom the node is true for.
struct Rest {
    least: Vec<usize>,
    most: Vec<usize>,
}

impl Rest {
    /// The side where the node is true for these.
    fn with(&self, set: &[usize]) -> Vec<usize> {
        let mut side = self.most.clone();
        keep(&mut side, set);
        add(&mut side, &self.least);
        side
    }
}

/// Reads a stretch top down.
struct LineReader<'a> {
    sums: &'a mut WaterfallSums,
    /// The next line.
    at: usize,
    /// An exclusion leaves those for whom it does not hold; so an `any` of exclusions narrows down as
    /// an `all` of inclusions does, and the other way round.
    excludes: bool,
    /// What the other side comes to.
    other: &'a [usize],
}

impl LineReader<'_> {
    /// How many members there are if this side comes to these.
    fn members(&self, side: &[usize]) -> u64 {
        let both = shared(side, self.other);
        if self.excludes { size(self.other) - both } else { size(side) - both }
    }

    fn side(&mut self, valued: &EvaluatedNode<'_>, context: &[usize], everybody: &[usize], without: u64) {
        let rest = Rest { least: vec![0; everybody.len()], most: everybody.to_vec() };
        let line = self.at;
        let left = self.read(valued, context, &rest, without);
        self.add(line, |line| line.here += size(&left));
    }

    /// Adds up the lines of a node and all below it, but for what has accumulated after it. `context` is what
    /// the groups around it leave, `without` how many members there are without it. Returns what the node
    /// leaves of the context.
    fn read(
        &mut self,
        valued: &EvaluatedNode<'_>,
        context: &[usize],
        rest: &Rest,
        without: u64,
    ) -> Vec<usize> {
        let mut left = context.to_vec();
        if self.excludes {
            remove(&mut left, &valued.holds);
        } else {
            keep(&mut left, &valued.holds);
        }
        self.add(self.at, |line| {
            line.alone += size(&valued.holds);
            line.without += without;
            line.null += size(&valued.unknown);
        });
        self.at += 1;
        if let SetNode::Group(matching, _) = &valued.tree.node {
            self.group(*matching, &valued.nodes, context, rest, without);
        }
        left
    }

    fn group(
        &mut self,
        matching: Match,
        nodes: &[EvaluatedNode<'_>],
        context: &[usize],
        rest: &Rest,
        without: u64,
    ) {
        let narrows = (matching == Match::All) != self.excludes;
        let mut so_far = if narrows { context.to_vec() } else { vec![0; context.len()] };
        for (node, siblings) in nodes.iter().zip(siblings(matching, nodes)) {
            let line = self.at;
            let left = match siblings {
                // A group without nodes would be none.
                None => self.read(node, if narrows { &so_far } else { context }, rest, without),
                Some(siblings) => {
                    let side = rest.with(&siblings);
                    let without = self.members(&side);
                    let within = match matching {
                        Match::All => Rest { least: rest.least.clone(), most: side },
                        Match::Any => Rest { least: side, most: rest.most.clone() },
                    };
                    self.read(node, if narrows { &so_far } else { context }, &within, without)
                }
            };
            // A group's own line shows the group's result, a condition's what it adds up to.
            let is_group = matches!(node.tree.node, SetNode::Group(..));
            let own = is_group.then(|| size(&left));
            if narrows {
                so_far = left;
            } else {
                add(&mut so_far, &left);
            }
            let here = own.unwrap_or_else(|| size(&so_far));
            self.add(line, |line| line.here += here);
        }
    }

    fn add(&mut self, line: usize, add: impl FnOnce(&mut Line)) {
        if let Some(line) = self.sums.lines.get_mut(line) {
            add(line);
        }
    }
}

/// For each node what all others of its group come to; `None` where there are no others.
fn siblings(matching: Match, nodes: &[EvaluatedNode<'_>]) -> Vec<Option<Vec<usize>>> {
    let and = |set: Option<Vec<usize>>, other: &[usize]| match set {
        None => other.to_vec(),
        Some(mut set) => {
            combine(matching, &mut set, other);
            set
        }
    };
    // Those after each node, from the last one on.
    let mut after = Vec::with_capacity(nodes.len());
    let mut set = None;
    for node in nodes.iter().rev() {
        after.push(set.clone());
        set = Some(and(set, &node.holds));
    }
    let mut before = None;
    let mut all = Vec::with_capacity(nodes.len());
    for (node, after) in nodes.iter().zip(after.into_iter().rev()) {
        all.push(match &after {
            None => before.clone(),
            Some(after) => Some(and(before.clone(), after)),
        });
        before = Some(and(before, &node.holds));
    }
    all
}
