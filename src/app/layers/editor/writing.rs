//! Writing a SQL segment: its text stands in the place of the criteria, and its edits in the same history.

use std::sync::Arc;

use super::sql_text::{SqlText, TextChange};
use super::state::{Editor, Pane};
use crate::segment::{Definition, Segment};

impl Editor {
    /// Makes the text that is written the document's.
    pub(super) fn take_text(&mut self) {
        let before = self.sql.take();
        let Definition::Sql(text) = &self.segment.definition else { return };
        let typing = before.as_ref().is_some_and(|sql| sql.typing);
        let same = before.filter(|sql| sql.is(text));
        let mut sql = same.unwrap_or_else(|| SqlText::new(text));
        sql.typing = typing;
        self.sql = Some(sql);
    }

    /// The text of a SQL segment.
    #[must_use]
    pub fn sql(&self) -> Option<&SqlText> {
        self.sql.as_ref()
    }

    /// The text of a SQL segment, to move about in it.
    pub(crate) fn sql_mut(&mut self) -> Option<&mut SqlText> {
        self.sql.as_mut()
    }

    /// Whether keys go into the text of a SQL segment.
    #[must_use]
    pub fn is_typing(&self) -> bool {
        self.pane == Pane::Criteria && self.sql.as_ref().is_some_and(|sql| sql.typing)
    }

    /// Keys go into the text of a SQL segment no more.
    pub(crate) fn stop_typing(&mut self) {
        if let Some(sql) = &mut self.sql {
            sql.typing = false;
            sql.break_undo();
        }
    }

    /// Changes the text of a SQL segment; answers whether it is another one now. What is typed in one go is
    /// taken back in one go.
    pub(crate) fn write(&mut self, change: impl FnOnce(&mut SqlText) -> TextChange) -> bool {
        let before = self.snapshot();
        let Some(sql) = &mut self.sql else { return false };
        let change = change(sql);
        if change == TextChange::None
            || matches!(&self.segment.definition, Definition::Sql(text) if sql.is(text))
        {
            return false;
        }
        let definition = Definition::Sql(sql.text());
        self.segment = Arc::new(Segment { definition, ..(*self.segment).clone() });
        match change {
            TextChange::Further => self.changed(),
            TextChange::New | TextChange::None => self.remember(before),
        }
        true
    }
}
