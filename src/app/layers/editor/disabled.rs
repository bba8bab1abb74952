//! Why an action of the editor may not apply just now: said where it is asked for, and greyed in help and
//! palette.

use super::state::{Editor, Pane};
use crate::app::action::Action;
use crate::app::layer::Check;
use crate::app::prompt::Measure;
use crate::app::session::Session;
use crate::app::view::View;
use crate::segment::{ConditionKind, Definition, edit};

impl Editor {
    /// Whether the editor takes an action, and why not just now.
    pub(super) fn check_action(&self, action: Action, view: View<'_>) -> Check {
        use Action as A;
        match action {
            A::Add
            | A::QuickAdd
            | A::AddExclusion
            | A::ShowSql
            | A::ConvertToSql
            | A::Recount
            | A::ShowDifferences
                if view.database().is_none() =>
            {
                Check::unless(view.session.no_database_reason())
            }
            A::Add if self.notes_at_cursor(view.session).is_some() => Check::Enabled,
            action if action.edits_tree() => Check::unless(self.edit_disabled_reason(action, view.session)),
            A::TypeSql | A::Complete => Check::unless(self.sql_disabled_reason()),
            A::ConvertToSql => Check::unless(self.conversion_disabled_reason()),
            A::Undo => Check::only_if(self.can_undo(), "nothing to undo"),
            A::Redo => Check::only_if(self.can_redo(), "nothing to do again"),
            A::Save | A::SaveAs if view.session.read_only => {
                Check::Disabled("nothing is saved in read-only mode".to_owned())
            }
            A::Save | A::SaveAs if self.segment().is_newer() => {
                Check::unless(self.read_only_reason().map(str::to_owned))
            }
            A::Left
            | A::Right
            | A::NextPane
            | A::PreviousPane
            | A::FocusTables
            | A::FocusCriteria
            | A::FocusInsights
            | A::Find
            | A::Accept
            | A::Recount
            | A::CopySql
            | A::ShowSql
            | A::ShowDifferences
            | A::ShowTests
            | A::Back => Check::Enabled,
            _ if action.step(1).is_some() => Check::Enabled,
            _ => Check::Pass,
        }
    }

    /// Why the conditions cannot be edited so.
    fn edit_disabled_reason(&self, action: Action, session: &Session) -> Option<String> {
        if self.sql().is_some() {
            return match (action, self.pane) {
                // The name of a table or column goes into the text.
                (Action::Add, Pane::Tables) => self.sql_disabled_reason(),
                _ => Some("a SQL segment has no conditions; its text is edited".to_owned()),
            };
        }
        let read_only = self.read_only_reason().map(str::to_owned);
        read_only.or_else(|| self.line_disabled_reason(action, session))
    }

    /// Why an edit does not apply to the line of the cursor.
    fn line_disabled_reason(&self, action: Action, session: &Session) -> Option<String> {
        use Action as A;
        let is_filter = self.criteria.filter().is_some();
        let because = |text: &str| Some(text.to_owned());
        match action {
            A::AddFilter => self.filter_disabled_reason(session),
            A::Change => self.change_disabled_reason(session),
            A::QuickEdit => {
                let path = self.cursor().node();
                let condition = path.and_then(|path| self.view(session).condition_at(path));
                condition.is_none().then(|| "put the cursor on a condition to rewrite it".to_owned())
            }
            A::AddNulls => {
                let path = self.criteria.path();
                let condition = path.and_then(|path| self.view(session).condition_at(path));
                let other = "put the cursor on a condition that leaves customers out because of NULL";
                condition.map_or(Some(other), edit::nulls::disabled_reason).map(str::to_owned)
            }
            A::ToggleOff if is_filter => {
                because("a filter has no switch of its own: d removes it, u brings it back")
            }
            A::ToggleMatch if is_filter => because("all filters of a line hold on the same row"),
            A::Nest | A::Unnest | A::OtherSide if is_filter => because("a filter stays with its condition"),
            _ => None,
        }
    }

    /// Why nothing else can be looked at just now.
    fn change_disabled_reason(&self, session: &Session) -> Option<String> {
        let comparison = self.target_at_cursor().and_then(|target| self.comparison(&target, session));
        let has_test = comparison.is_some_and(|it| matches!(it.measure, Measure::Column(_)));
        let condition = self.criteria.path().and_then(|path| self.view(session).condition_at(path));
        let is_purchase =
            condition.is_some_and(|condition| matches!(condition.kind, ConditionKind::Purchase(_)));
        let reason = "put the cursor on a condition or a filter of a table to look at something else";
        (!has_test && !is_purchase).then(|| reason.to_owned())
    }

    /// Why the text of the segment cannot be written in.
    pub(super) fn sql_disabled_reason(&self) -> Option<String> {
        match self.sql() {
            None => Some("this segment has conditions; C turns them into SQL".to_owned()),
            Some(_) => self.read_only_reason().map(str::to_owned),
        }
    }

    /// Why the segment cannot be converted.
    fn conversion_disabled_reason(&self) -> Option<String> {
        match &self.segment().definition {
            Definition::Sql(_) => Some("this segment is SQL already".to_owned()),
            Definition::Visual { .. } | Definition::Unreadable { .. } => {
                self.read_only_reason().map(str::to_owned)
            }
        }
    }
}
