//! What the compared segments share: where the cursor is, and what is ticked.

use std::collections::BTreeSet;

use super::from_overlap::Part;
use crate::app::action::Action;
use crate::backend::Comparison;

/// What the compared segments share.
#[derive(Clone, Debug, Default)]
pub struct Overlaps {
    /// Whether it is shown in place of the figures.
    pub is_shown: bool,
    /// Whether the cursor is on the pairs, not on the regions.
    pub in_pairs: bool,
    /// The region that the cursor is on.
    pub region: usize,
    /// The pair that the cursor is on: row and column.
    pub pair: (usize, usize),
    /// What is ticked.
    pub ticked: BTreeSet<Part>,
}

impl Overlaps {
    /// What the cursor is on.
    #[must_use]
    pub fn at_cursor(&self, comparison: &Comparison) -> Option<Part> {
        if self.in_pairs {
            let (row, column) = self.pair;
            return Some(Part::Pair(row.min(column), row.max(column)));
        }
        let region = comparison.regions.get(self.region.min(comparison.regions.len().saturating_sub(1)))?;
        Some(Part::Region(region.within.clone()))
    }

    /// What is ticked, or else what the cursor is on.
    #[must_use]
    pub fn chosen(&self, comparison: &Comparison) -> Vec<Part> {
        match self.ticked.is_empty() {
            true => self.at_cursor(comparison).into_iter().collect(),
            false => self.ticked.iter().cloned().collect(),
        }
    }

    /// Ticks or unticks what the cursor is on.
    pub(super) fn tick(&mut self, comparison: &Comparison) {
        if let Some(part) = self.at_cursor(comparison)
            && !self.ticked.remove(&part)
        {
            self.ticked.insert(part);
        }
    }

    /// Moves the cursor by lines.
    pub(super) fn step(&mut self, by: isize, comparison: &Comparison) {
        let segments = comparison.columns.len().saturating_sub(1);
        let moved = |at: usize, count: usize| {
            at.min(count.saturating_sub(1)).saturating_add_signed(by).min(count.saturating_sub(1))
        };
        match self.in_pairs {
            true => self.pair.0 = moved(self.pair.0, segments),
            false => self.region = moved(self.region, comparison.regions.len()),
        }
    }

    /// Moves the cursor to the left or the right: the regions stand right of the pairs.
    pub(super) fn sideways(&mut self, action: Action, comparison: &Comparison) {
        let last = comparison.columns.len().saturating_sub(2);
        match (action, self.in_pairs) {
            (Action::Left, true) => self.pair.1 = self.pair.1.min(last).saturating_sub(1),
            (Action::Left, false) => (self.in_pairs, self.pair.1) = (true, last),
            (_, true) if self.pair.1 >= last => self.in_pairs = false,
            (_, true) => self.pair.1 += 1,
            (_, false) => {}
        }
    }

    /// Other segments are compared: what was ticked is not there any more.
    pub(super) fn reset(&mut self) {
        *self = Self { is_shown: self.is_shown, ..Self::default() };
    }
}
