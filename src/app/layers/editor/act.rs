//! What the editor does with actions, keys, pasted text and answers.

use crossterm::event::KeyEvent;

use super::criteria::Cursor;
use super::state::{Editor, Pane};
use super::tables::TreeLine;
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::effect::WantedSql;
use crate::app::event::Event;
use crate::app::layer::{Check, Cx, Layer, Outcome};
use crate::app::layers::conversion;
use crate::app::layers::differences::Differences;
use crate::app::layers::sql_view::SqlView;
use crate::app::layers::test_list::TestList;
use crate::app::message::Message;
use crate::app::view::View;
use crate::backend::ColumnName;
use crate::segment::edit::{self, Direction};
use crate::segment::{NodePath, Side};

impl Layer for Editor {
    fn contexts(&self) -> Vec<Context> {
        let pane = match self.pane {
            Pane::Tables if self.tables.finding => return vec![Context::TablesFind],
            Pane::Criteria if self.is_typing() => return vec![Context::SqlTyping],
            Pane::Tables => Context::Tables,
            Pane::Criteria if self.sql().is_some() => Context::Sql,
            Pane::Criteria => Context::Criteria,
            Pane::Insights => Context::Insights,
        };
        vec![pane, Context::Editor, Context::Screen]
    }

    fn check(&self, action: Action, view: View<'_>) -> Check {
        self.check_action(action, view)
    }

    fn hints(&self) -> Vec<(Action, &'static str)> {
        self.line_hints()
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.step_pane(by);
            return Outcome::stay();
        }
        match action {
            Action::Left | Action::Right => self.fold_pane(action == Action::Left),
            Action::NextPane => self.focus(self.pane.next(1)),
            Action::PreviousPane => self.focus(self.pane.next(2)),
            Action::FocusTables => self.focus(Pane::Tables),
            Action::FocusCriteria => self.focus(Pane::Criteria),
            Action::FocusInsights => self.focus(Pane::Insights),
            Action::Find => {
                self.focus(Pane::Tables);
                self.tables.finding = true;
            }
            Action::Accept => self.tables.finding = false,
            Action::Undo | Action::Redo => self.undo_or_redo(action == Action::Undo, cx.session),
            Action::Recount => self.count_again(cx.session),
            Action::CopySql => {
                let text = self.sql().map(|sql| sql.selected().unwrap_or_else(|| sql.text()));
                conversion::copy_sql(text, cx.session);
            }
            Action::ConvertToSql => {
                let effect = self.view(cx.session).export_sql(WantedSql::Converted, None);
                cx.session.effects.extend(effect);
            }
            Action::TypeSql => self.start_typing(),
            Action::ShowDifferences => return Differences::of_open(self.saved().cloned(), cx),
            Action::ShowSql => return SqlView::open(cx),
            Action::ShowTests => return Outcome::open(TestList::default()),
            Action::Complete => return self.complete(cx),
            Action::Back => return self.back(),
            _ => return self.perform_edit(action, cx),
        }
        Outcome::stay()
    }

    fn type_key(&mut self, key: KeyEvent, cx: &mut Cx<'_>) -> Outcome {
        if self.is_typing() {
            self.write_text(cx.session, |editor| editor.write(|sql| sql.input(key)));
        } else if self.tables.finding && self.tables.find.input(key) {
            self.tables.cursor = 0;
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Outcome {
        if self.is_at_sql() {
            self.write_text(cx.session, |editor| editor.write(|sql| sql.insert(text)));
        } else if self.tables.finding {
            self.tables.find.paste(text);
            self.tables.cursor = 0;
        } else {
            cx.session.notify(Message::not_typing());
        }
        Outcome::stay()
    }

    fn column(&self) -> Option<ColumnName> {
        self.tables.column().filter(|_| self.pane == Pane::Tables)
    }

    fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        if self.tables.profiles.receive(event) {
            return Outcome::stay();
        }
        match event {
            Event::Listed(_) => {
                // Where the open segment is, once the list that has it is read.
                self.find_place(cx.session.workspace().map(|listing| &**listing));
                Outcome::pass()
            }
            Event::Evaluated { definition, result } => {
                self.evaluated(*definition, result, cx.session);
                Outcome::stay()
            }
            Event::Advised { definition, result } => {
                self.advised(*definition, result, cx.session);
                Outcome::stay()
            }
            Event::SqlWritten { segment, wanted: WantedSql::Converted, result, .. } => {
                self.converted(segment, result, cx)
            }
            _ => Outcome::pass(),
        }
    }

    fn take(&mut self, command: &Command, cx: &mut Cx<'_>) -> Outcome {
        self.take_command(command, cx)
    }
}

impl Editor {
    /// The actions that are about the conditions.
    fn perform_edit(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        match action {
            Action::Add => return self.add(cx),
            Action::QuickAdd => return self.quick_add(cx),
            Action::QuickEdit => return self.quick_edit(cx),
            Action::AddExclusion => return self.pick_condition(Some(Side::Exclude), cx),
            Action::Edit => return self.edit_line(cx),
            Action::EditOperator => return self.choose_operator(cx),
            Action::Change => return self.change_subject(cx),
            Action::AddFilter => return self.add_filter(cx),
            Action::AddSection => self.add_section(cx.session),
            Action::ToggleOff => self.edit_at_line("switched", cx.session, edit::toggle_off),
            Action::ToggleMatch => self.edit_at_line("turned", cx.session, edit::toggle_match),
            Action::Delete => self.delete(cx.session),
            Action::Duplicate => self.duplicate(cx.session),
            Action::MoveUp => self.shift(Direction::Up, cx.session),
            Action::MoveDown => self.shift(Direction::Down, cx.session),
            Action::Nest => self.edit_at_node("nested deeper", cx.session, edit::nest),
            Action::AddNulls => self.edit_at_node("widened", cx.session, edit::nulls::add),
            Action::Unnest => self.edit_at_node("taken out of its section", cx.session, edit::unnest),
            Action::OtherSide => self.edit_at_node("moved", cx.session, edit::to_other_side),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }

    fn take_command(&mut self, command: &Command, cx: &mut Cx<'_>) -> Outcome {
        match command {
            Command::SetTest(prompt, test) => self.set_test(prompt, test.clone(), cx.session),
            Command::SetCondition { target, condition, is_rewrite, more } => {
                self.set_condition(target, condition, *is_rewrite, cx.session);
                let outcome = Outcome::close_above();
                match self.new_target(None).filter(|_| *more) {
                    Some(target) => self.type_condition(target, "", cx, outcome),
                    None => outcome,
                }
            }
            Command::SetConditions { target, conditions } => {
                self.insert_all(target, conditions, cx.session);
                Outcome::close_above()
            }
            Command::AddCondition(condition) => {
                self.add_condition(condition, cx.session);
                Outcome::stay()
            }
            Command::SetList { target, op, source } => self.set_list(target, *op, source, cx.session),
            Command::PickFilter { target, filter, typed } => {
                self.pick_filter(target, filter.as_deref(), *typed, cx)
            }
            Command::SetOperator(target, op) => self.set_operator(target, *op, cx),
            Command::SetListOperator(path, op) => {
                self.set_list_operator(path, *op, cx.session);
                Outcome::stay()
            }
            Command::SetActivationId(id) => {
                let changed = self.edit(|segment| {
                    segment.activation_id.clone_from(id);
                    Some(())
                });
                if changed.is_some() {
                    self.definition_changed(cx.session);
                }
                Outcome::stay()
            }
            Command::CompleteWord(word) => {
                self.complete_with(word, cx.session);
                Outcome::stay()
            }
            Command::GoToLine(path, is_opened) => self.go_to_line(path, *is_opened, cx),
            Command::PutTest { index, test } => {
                self.put_test(*index, test, cx.session);
                Outcome::stay()
            }
            Command::DeleteTest(index) => {
                self.change_tests(|tests| tests.without(*index), cx.session);
                Outcome::stay()
            }
            Command::ConvertToSql(sql) => self.convert(sql, cx.session),
            _ => Outcome::pass(),
        }
    }

    fn focus(&mut self, pane: Pane) {
        self.stop_typing();
        self.pane = pane;
    }

    fn step_pane(&mut self, by: isize) {
        match self.pane {
            Pane::Tables => self.tables.step(by),
            Pane::Criteria | Pane::Insights => self.step(by),
        }
    }

    fn fold_pane(&mut self, fold: bool) {
        match self.pane {
            Pane::Tables => self.tables.fold(fold),
            Pane::Criteria => self.fold(fold),
            Pane::Insights => {}
        }
    }

    /// One step back: out of the text, out of the search, then out of the segment.
    fn back(&mut self) -> Outcome {
        if self.is_typing() {
            self.stop_typing();
        } else if self.tables.finding || !self.tables.find.text().is_empty() {
            self.tables.stop_finding();
        } else {
            return Outcome::ask(Command::GoBack);
        }
        Outcome::stay()
    }

    /// Puts the cursor on a line, or as near to it as there is one, and opens the groups around it.
    pub(crate) fn show_line(&mut self, path: &NodePath) {
        self.pane = Pane::Criteria;
        self.criteria.folded.retain(|folded| folded == path || !folded.contains(path));
        let is_side = path.steps.is_empty();
        self.criteria.cursor = if is_side { Cursor::Side(path.side) } else { Cursor::Node(path.clone()) };
        self.clamp_cursor();
    }

    /// Puts the cursor on a line, and opens it to be changed where that can be done.
    fn go_to_line(&mut self, path: &NodePath, is_opened: bool, cx: &mut Cx<'_>) -> Outcome {
        self.focus(Pane::Criteria);
        self.criteria.cursor = Cursor::Node(path.clone());
        self.clamp_cursor();
        if !is_opened {
            return Outcome::stay();
        }
        match self.check_action(Action::Edit, self.view(cx.session)) {
            Check::Enabled => self.edit_line(cx),
            Check::Disabled(reason) => {
                cx.session.note(reason);
                Outcome::stay()
            }
            Check::Pass => Outcome::stay(),
        }
    }

    /// Adds after the cursor; on a branch of the tables it opens the branch instead, and on what is only to be read
    /// that.
    fn add(&mut self, cx: &mut Cx<'_>) -> Outcome {
        if let Some(notes) = self.notes_at_cursor(cx.session) {
            return Outcome::open(notes);
        }
        if self.sql().is_some() {
            self.insert_name(cx.session);
            return Outcome::stay();
        }
        if self.pane == Pane::Tables
            && let Some(TreeLine::Branch { open, .. }) = self.tables.current()
        {
            let open = *open;
            self.tables.fold(open);
            return Outcome::stay();
        }
        self.pick_condition(None, cx)
    }

    /// What the cursor of the criteria is on, for edits of a line, which may be a side.
    pub(super) fn cursor(&self) -> &Cursor {
        &self.criteria.cursor
    }
}
