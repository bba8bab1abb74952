//! Why an action may not apply just now: said where it is asked for, and greyed in help and palette.

use super::App;
use super::action::Action;
use super::editor::{Editor, Pane};
use super::overlay::Overlay;
use crate::segment::{DataType, Operator, edit};

impl App {
    /// Why an action does not apply just now.
    #[must_use]
    pub fn disabled_reason(&self, action: Action) -> Option<String> {
        use Action as A;
        let said = |text: &str| Some(text.to_owned());
        let editor = self.editor.as_ref();
        match action {
            A::Add | A::QuickAdd | A::AddExclusion if self.database().is_none() => Some(self.no_database()),
            A::Add
            | A::QuickAdd
            | A::QuickEdit
            | A::AddSection
            | A::AddExclusion
            | A::Edit
            | A::EditOperator
            | A::Change
            | A::ToggleOff
            | A::ToggleMatch
            | A::Delete
            | A::Duplicate
            | A::MoveUp
            | A::MoveDown
            | A::Nest
            | A::AddNulls
            | A::Unnest
            | A::OtherSide
            | A::AddFilter => match editor {
                None => said("no segment is open"),
                Some(editor) if editor.sql().is_some() => match (action, editor.pane) {
                    // The name of a table or column goes into the text.
                    (A::Add, Pane::Tables) => self.sql_disabled_reason(),
                    _ => said("a SQL segment has no conditions; its text is edited"),
                },
                Some(editor) => editor
                    .read_only_reason()
                    .map(str::to_owned)
                    .or_else(|| self.line_disabled_reason(action, editor)),
            },
            A::Complete if matches!(self.overlays.last(), Some(Overlay::QuickAdd(_))) => None,
            A::TypeSql | A::Complete => self.sql_disabled_reason(),
            A::ShowSql | A::ConvertToSql if editor.is_none() => said("no segment is open"),
            A::ShowSql | A::ConvertToSql if self.database().is_none() => Some(self.no_database()),
            A::ConvertToSql => self.conversion_disabled_reason(),
            A::NextDialect | A::PreviousDialect | A::ToggleDates
                if !matches!(self.overlays.last(), Some(Overlay::Sql(_))) =>
            {
                said("show the segment as SQL first (Q)")
            }
            A::Undo if !editor.is_some_and(Editor::can_undo) => said("nothing to undo"),
            A::Redo if !editor.is_some_and(Editor::can_redo) => said("nothing to do again"),
            A::Save | A::SaveAs => match editor {
                None => said("no segment is open"),
                Some(_) if self.read_only => said("nothing is saved in read-only mode"),
                Some(editor) if editor.segment().is_newer() => editor.read_only_reason().map(str::to_owned),
                Some(_) => None,
            },
            A::Drafts if self.drafts.is_empty() => said("no unsaved edits are kept"),
            A::Drafts if editor.is_some_and(Editor::is_edited) => said("save or leave this segment first"),
            A::ToggleCase => match self.overlays.last() {
                Some(Overlay::Values(values)) if values.prompt.data_type == DataType::String => None,
                Some(Overlay::ValueEntry(entry)) if entry.prompt.data_type == DataType::String => None,
                _ => said("only texts have upper and lower case"),
            },
            A::ToggleEnds => match self.overlays.last() {
                Some(Overlay::ValueEntry(entry)) if entry.prompt.op == Operator::IsBetween => None,
                Some(Overlay::Purchase(form)) if form.has_ends() => None,
                _ => said("only a range has ends"),
            },
            A::SplitPaste => match self.overlays.last() {
                Some(Overlay::Paste(paste)) if paste.at_commas.is_some() => None,
                _ => said("no commas or semicolons stand in a pasted text"),
            },
            A::ToggleHidden if !matches!(self.overlays.last(), Some(Overlay::Browse(_))) => {
                said("files are looked for when a list is uploaded")
            }
            A::Rename if self.read_only => said("nothing is saved in read-only mode"),
            A::SwitchDatabase if self.databases.is_empty() => {
                said("there is no database; name one on the command line")
            }
            A::Tick | A::TickAll => match self.overlays.last() {
                Some(Overlay::Values(values)) if values.is_many() => None,
                _ => said("one value is taken here"),
            },
            A::Recount | A::SwitchId if self.database().is_none() => Some(self.no_database()),
            _ => None,
        }
    }

    /// Why an edit does not apply to the line of the cursor.
    fn line_disabled_reason(&self, action: Action, editor: &Editor) -> Option<String> {
        use Action as A;
        let is_filter = editor.criteria.filter().is_some() && self.overlays.is_empty();
        match action {
            A::AddFilter => self.filter_disabled_reason(),
            A::Change => self.change_disabled_reason(),
            A::QuickEdit => self.rewrite_disabled_reason(),
            A::AddNulls => {
                let condition = editor.criteria.path().and_then(|path| self.condition_at(path));
                let refusal = "put the cursor on a condition that leaves customers out because of NULL";
                condition.map_or(Some(refusal), edit::nulls::refusal).map(str::to_owned)
            }
            A::ToggleOff if is_filter => {
                Some("a filter has no switch of its own: d removes it, u brings it back".to_owned())
            }
            A::ToggleMatch if is_filter => Some("all filters of a line hold on the same row".to_owned()),
            A::Nest | A::Unnest | A::OtherSide if is_filter => {
                Some("a filter stays with its condition".to_owned())
            }
            _ => None,
        }
    }

    fn no_database(&self) -> String {
        match &self.database {
            super::Opening::Failed(failure) => failure.message.clone(),
            super::Opening::InProgress | super::Opening::Open(_) => {
                "the database is still being opened".to_owned()
            }
        }
    }
}
