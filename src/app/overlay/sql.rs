//! A segment as SQL, to be read and copied.

use std::sync::Arc;

use crate::app::effect::WantedSql;
use crate::app::event::{SegmentFailure, WrittenSql};
use crate::segment::Segment;
use crate::sql::{DateStyle, Dialect};

/// How many columns the SQL moves sideways at a time.
const PAN: usize = 8;
/// The farthest to the right that one can look, in columns.
const MOST_PAN: usize = 100_000;
/// Lines of the terminal that are not SQL: the program's head and bottom line, the border, the dialects.
const AROUND: u16 = 5;

/// A segment as SQL.
#[derive(Clone, Debug)]
pub struct SqlView {
    /// The segment.
    pub segment: Arc<Segment>,
    /// For which engine.
    pub dialect: Dialect,
    /// How relative dates are written.
    pub dates: DateStyle,
    /// What was written last, and which SQL it is.
    pub written: Option<(WantedSql, Result<Arc<WrittenSql>, SegmentFailure>)>,
    /// How many lines are above.
    pub scroll: usize,
    /// How many columns are on the left.
    pub pan: usize,
}

impl SqlView {
    /// A segment in a dialect, still to be written.
    #[must_use]
    pub fn new(segment: Arc<Segment>, dialect: Dialect, dates: DateStyle) -> Self {
        Self { segment, dialect, dates, written: None, scroll: 0, pan: 0 }
    }

    /// Which SQL is shown.
    #[must_use]
    pub fn wanted(&self) -> WantedSql {
        WantedSql::Shown(self.dialect, self.dates)
    }

    /// The SQL, if it could be written; of another dialect until that of this one is there.
    #[must_use]
    pub fn sql(&self) -> Option<&Arc<WrittenSql>> {
        self.written.as_ref().and_then(|(_, result)| result.as_ref().ok())
    }

    /// Whether what was written last is what is wanted.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.written.as_ref().is_some_and(|(written, _)| *written == self.wanted())
    }

    /// Scrolls by whole lines, in a terminal of so many; the last line stays at the bottom.
    pub fn step(&mut self, by: isize, terminal: u16) {
        let most = self.most_scroll(terminal);
        self.scroll = self.scroll.min(most).saturating_add_signed(by).min(most);
    }

    /// How far down one can scroll in a terminal of so many lines.
    #[must_use]
    pub fn most_scroll(&self, terminal: u16) -> usize {
        let lines = self.sql().map_or(0, |written| written.script.lines().len());
        lines.saturating_sub(usize::from(terminal.saturating_sub(AROUND)))
    }

    /// Looks further to the left or the right.
    pub fn sideways(&mut self, right: bool) {
        self.pan = if right { (self.pan + PAN).min(MOST_PAN) } else { self.pan.saturating_sub(PAN) };
    }
}
