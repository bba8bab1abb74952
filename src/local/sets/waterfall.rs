//! The numbers of each line of a segment (`docs/reference/insights.md`, Per condition).

use super::block::{Block, and, and_not, count_and, count_ones, or};
use super::insights::{InsightSums, PreparedInsights};
use super::tree::{EvaluatedNode, SetNode, SetTree, Sides, combine};
use crate::backend::{BackendError, Cancel, Insights, WaterfallLine};
use crate::local::consistency::checked_mut;
use crate::local::parallel::parallel_fold;
use crate::segment::{Match, NodePath};

/// The insights of the members, and a line for both sides and every node in them, in document order.
pub(crate) fn insights_and_waterfall(
    sides: &Sides,
    prepared: &PreparedInsights,
    cancel: &Cancel,
) -> Result<(Insights, Vec<WaterfallLine>), BackendError> {
    let mut paths = Vec::new();
    for tree in [&sides.include, &sides.exclude] {
        add_paths(tree, &mut paths);
    }
    prepared.check_size(sides.size())?;
    let none =
        || WaterfallSums { members: InsightSums::default(), lines: vec![Line::default(); paths.len()] };
    let found = parallel_fold(Block::count(sides.size()), cancel, none, |sums, number| {
        sums.add(sides, prepared, Block::new(number));
        Ok(())
    })?;
    let WaterfallSums { members, lines } =
        found.into_iter().reduce(WaterfallSums::merge).unwrap_or_else(none);
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

/// What some blocks come to.
struct WaterfallSums {
    members: InsightSums,
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
    fn merge(mut self, other: Self) -> Self {
        self.members = self.members.merge(other.members);
        for (line, more) in self.lines.iter_mut().zip(other.lines) {
            line.alone += more.alone;
            line.here += more.here;
            line.without += more.without;
            line.null += more.null;
        }
        self
    }

    fn add(&mut self, sides: &Sides, prepared: &PreparedInsights, block: Block) {
        let universe = block.words(&sides.universe);
        let [include, exclude] = [&sides.include, &sides.exclude].map(|tree| tree.evaluate(block));
        let mut members = include.trues.to_vec();
        and_not(&mut members, &exclude.trues);
        self.members.add(prepared, &members, block);
        let mut counter = LineCounter { sums: self, at: 0, excludes: false, other: &exclude.trues };
        // Without any node a side takes all in, or none out.
        let without = counter.members(universe);
        counter.side(&include, universe, universe, without);
        let mut counter = LineCounter { excludes: true, other: &include.trues, ..counter };
        let without = count_ones(&include.trues);
        counter.side(&exclude, &include.trues, universe, without);
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
        and(&mut side, set);
        or(&mut side, &self.least);
        side
    }
}

/// Counts the lines of a block top down.
struct LineCounter<'a> {
    sums: &'a mut WaterfallSums,
    /// The next line.
    at: usize,
    /// An exclusion leaves those for whom it does not hold; so an `any` of exclusions narrows down as
    /// an `all` of inclusions does, and the other way round.
    excludes: bool,
    /// What the other side comes to.
    other: &'a [usize],
}

impl LineCounter<'_> {
    /// How many members there are if this side comes to these.
    fn members(&self, side: &[usize]) -> u64 {
        let both = count_and(side, self.other);
        if self.excludes { count_ones(self.other) - both } else { count_ones(side) - both }
    }

    fn side(&mut self, node: &EvaluatedNode<'_>, context: &[usize], universe: &[usize], without: u64) {
        let rest = Rest { least: vec![0; universe.len()], most: universe.to_vec() };
        let line = self.at;
        let left = self.read(node, context, &rest, without);
        self.add(line, |line| line.here += count_ones(&left));
    }

    /// Adds up the lines of a node and all below it, but for what has accumulated after it. `context` is what
    /// the groups around it leave, `without` how many members there are without it. Returns what the node
    /// leaves of the context.
    fn read(&mut self, node: &EvaluatedNode<'_>, context: &[usize], rest: &Rest, without: u64) -> Vec<usize> {
        let mut left = context.to_vec();
        if self.excludes {
            and_not(&mut left, &node.trues);
        } else {
            and(&mut left, &node.trues);
        }
        self.add(self.at, |line| {
            line.alone += count_ones(&node.trues);
            line.without += without;
            line.null += count_ones(&node.unknowns);
        });
        self.at += 1;
        if let SetNode::Group(matching, _) = &node.tree.node {
            self.group(*matching, &node.nodes, context, rest, without);
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
            let own = is_group.then(|| count_ones(&left));
            if narrows {
                so_far = left;
            } else {
                or(&mut so_far, &left);
            }
            let here = own.unwrap_or_else(|| count_ones(&so_far));
            self.add(line, |line| line.here += here);
        }
    }

    fn add(&mut self, line: usize, add: impl FnOnce(&mut Line)) {
        // There is a line for every node, in the same order.
        if let Some(line) = checked_mut(&mut self.sums.lines, line) {
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
        set = Some(and(set, &node.trues));
    }
    let mut before = None;
    let mut all = Vec::with_capacity(nodes.len());
    for (node, after) in nodes.iter().zip(after.into_iter().rev()) {
        all.push(match &after {
            None => before.clone(),
            Some(after) => Some(and(before.clone(), after)),
        });
        before = Some(and(before, &node.trues));
    }
    all
}
