//! What the segment would be with each value of the picker that is in sight, and with all that are ticked.

use serde_json::Value;

use super::values::{ValueRow, Values};
use crate::app::what_if::{Line, WhatIf};
use crate::segment::Segment;

/// How many lines above and below the cursor are counted at least: those that are seen.
const NEAR: usize = 24;
/// After how many lines others are counted.
const STEP: usize = 16;

impl Values {
    /// The first of the lines that are counted.
    fn first_near(&self) -> usize {
        (self.cursor / STEP * STEP).saturating_sub(NEAR)
    }

    /// The line with all values that are ticked, then with each of the values near the cursor alone.
    pub(super) fn lines_near(&self, segment: &Segment) -> Vec<Option<Line>> {
        let line = |value: Value| {
            let ends = self.prompt.before.inclusive == Some(true);
            self.prompt.line(self.prompt.answer(Some(value), self.match_case, ends), segment)
        };
        let of_row = |row: &ValueRow| {
            let value = self.json(&row.value).ok()?;
            line(if self.is_many() { Value::Array(vec![value]) } else { value })
        };
        let ticked = self.answer().ok().filter(|_| self.is_many() && !self.ticked().is_empty());
        let near = self.rows.iter().skip(self.first_near()).take(2 * NEAR + STEP);
        std::iter::once(ticked.and_then(line)).chain(near.map(of_row)).collect()
    }

    /// How many customers the segment would have with the value of a line alone, once that is known.
    #[must_use]
    pub fn would_be(&self, at: usize) -> Option<u64> {
        let place = at.checked_sub(self.first_near())? + 1;
        self.what_if.get(place)?.ok().map(|counts| counts.members)
    }

    /// What the segment would be with all that is ticked: its place is the first.
    #[must_use]
    pub fn with_ticked(&self) -> &WhatIf {
        &self.what_if
    }
}
