//! Sample rows of the table that is looked at.

use std::sync::Arc;

use crate::app::event::Event;
use crate::app::session::Session;
use crate::backend::{PageAnswer, PageQuestion, SampleRows, SampledRows};

/// How many rows are wanted.
const ROWS: usize = 50;

/// Sample rows and the cell of the cursor.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// What chooses the rows.
    seed: u64,
    /// Of which table, and by which seed.
    asked: Option<(String, u64)>,
    request: Option<u64>,
    rows: Option<Arc<PageAnswer>>,
    failure: Option<String>,
    /// The row of the cursor.
    pub row: usize,
    /// The column of the cursor.
    pub column: usize,
}

impl Sample {
    /// Asks for rows of a table, unless it has.
    pub(super) fn want(&mut self, table: &str, session: &mut Session) {
        let wanted = (table.to_owned(), self.seed);
        if self.asked.as_ref() == Some(&wanted) {
            return;
        }
        if self.asked.as_ref().is_none_or(|(of, _)| of != table) {
            (self.rows, self.row, self.column) = (None, 0, 0);
        }
        let question =
            SampleRows { table: table.to_owned(), rows: ROWS, seed: self.seed, as_of: session.as_of() };
        self.request = session.ask_page(PageQuestion::Sample(question));
        (self.asked, self.failure) = (Some(wanted), None);
    }

    /// Other rows.
    pub(super) fn change(&mut self) {
        self.seed = self.seed.wrapping_add(1);
    }

    /// Nothing is shown, as of a table that cannot be read.
    pub(super) fn clear(&mut self) {
        *self = Self { seed: self.seed, ..Self::default() };
    }

    /// What is shown is asked for once more.
    pub(super) fn forget(&mut self) {
        self.asked = None;
    }

    /// Takes what is about its question; whether it was.
    pub(super) fn receive(&mut self, event: &Event) -> bool {
        let Event::PageAnswered { request, result } = event else { return false };
        if self.request != Some(*request) {
            return false;
        }
        self.request = None;
        match result {
            Ok(answer) => self.rows = Some(Arc::clone(answer)),
            Err(failure) => self.failure = Some(failure.to_string()),
        }
        self.step(0, 0);
        true
    }

    /// The rows, if they have come.
    #[must_use]
    pub fn rows(&self) -> Option<&SampledRows> {
        match self.rows.as_deref() {
            Some(PageAnswer::Sample(rows)) => Some(rows),
            _ => None,
        }
    }

    /// Whether they are those that were asked for last.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.request.is_none()
    }

    /// Why there are none.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// The column and the value at the cursor; `None` for NULL.
    #[must_use]
    pub fn cell(&self) -> Option<(&str, Option<&str>)> {
        let rows = self.rows()?;
        let (_, row) = rows.rows.get(self.row)?;
        Some((rows.columns.get(self.column)?, row.get(self.column)?.as_deref()))
    }

    pub(super) fn step(&mut self, rows: isize, columns: isize) {
        let last = |count: usize| count.saturating_sub(1);
        let (height, width) =
            self.rows().map_or((0, 0), |sampled| (sampled.rows.len(), sampled.columns.len()));
        self.row = self.row.saturating_add_signed(rows).min(last(height));
        self.column = self.column.saturating_add_signed(columns).min(last(width));
    }
}
