//! The members of the open segment as a table, a window at a time.

mod columns;
mod copied;
mod rows;

use crossterm::event::KeyEvent;

pub use columns::{ShownColumns, is_number, pick_words};
pub(crate) use columns::{dates, is_same};
pub use rows::Rows;

use self::copied::{Copied, copy_row, copy_value};
use self::rows::Content;
use super::page::{PageKind, PageLayer};
use super::shared;
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::event::Event;
use crate::app::field::Field;
use crate::app::layer::{Check, Cx, Layer, Outcome};
use crate::app::layers::columns::Columns;
use crate::app::layers::export::Export;
use crate::app::message::Message;
use crate::app::session::Session;
use crate::app::view::View;
use crate::backend::{ListCustomers, WindowStart, WrongConditions};

/// How many lines of the screen are no rows.
const AROUND: u16 = 8;

/// The members of the open segment as a table.
#[derive(Clone, Debug)]
pub struct Customers {
    /// The columns, and the order.
    pub columns: ShownColumns,
    /// What is known of the rows.
    pub rows: Rows,
    /// The row of the cursor, from 0 on.
    pub row: usize,
    /// The column of the cursor, from 0 on, which is the id's.
    pub column: usize,
    /// Whether the id stays in sight when the other columns are scrolled.
    pub is_frozen: bool,
    /// What is searched for.
    pub search: Field,
    /// Where keys go instead of being actions.
    pub typing: Option<Typing>,
    /// The id to jump to, until it is found.
    jump: Option<String>,
    /// The column that is being copied.
    copied: Option<Copied>,
}

/// What is being typed.
#[derive(Clone, Debug)]
pub enum Typing {
    /// The search.
    Search,
    /// An id to jump to.
    Id(Field),
}

impl Default for Customers {
    fn default() -> Self {
        Self {
            columns: ShownColumns::default(),
            rows: Rows::default(),
            row: 0,
            column: 0,
            is_frozen: true,
            search: Field::default(),
            typing: None,
            jump: None,
            copied: None,
        }
    }
}

/// How many rows a screen has room for, about: how many exactly is known only when they are drawn.
fn height(session: &Session) -> usize {
    usize::from(session.size.1.saturating_sub(AROUND)).max(1)
}

impl Customers {
    /// What all rows are asked for with.
    fn question(&self, cx: &Cx<'_>) -> Option<ListCustomers> {
        let search = self.search.text().trim();
        Some(ListCustomers {
            segment: cx.segment.clone()?,
            columns: self.columns.list().to_vec(),
            sort: self.columns.sort(),
            search: (!search.is_empty()).then(|| search.to_owned()),
            start: WindowStart::Row(0),
            rows: 0,
            as_of: cx.session.as_of(),
            wrong: WrongConditions::LeaveOut,
        })
    }

    /// Where the column of the cursor is among those of the rows that are known.
    #[must_use]
    pub fn known_column(&self) -> Option<usize> {
        let Some(wanted) = self.columns.column(self.column) else { return Some(0) };
        let known = &self.rows.question()?.columns;
        known.iter().position(|column| is_same(column, wanted)).map(|at| at + 1)
    }

    /// The row at the cursor, once it is known.
    #[must_use]
    pub fn known_row(&self) -> Option<&[Option<String>]> {
        let window = self.rows.window()?;
        window.rows.get(self.row.checked_sub(window.first)?).map(Vec::as_slice)
    }

    /// Whose row it is.
    fn id(&self) -> Option<String> {
        self.known_row()?.first().cloned().flatten()
    }

    /// The value at the cursor: `None` while it is on its way, `Some(None)` for NULL.
    #[must_use]
    pub fn value(&self) -> Option<Option<&str>> {
        self.known_row()?.get(self.known_column()?).map(Option::as_deref)
    }

    fn step(&mut self, by: isize) {
        let last = self.rows.matches().saturating_sub(1);
        self.row = self.row.saturating_add_signed(by).min(last);
    }

    fn step_column(&mut self, by: isize) {
        self.column = self.column.saturating_add_signed(by).min(self.columns.list().len());
    }

    /// The rows are other ones: the first of them comes first.
    fn start_anew(&mut self) {
        (self.row, self.jump) = (0, None);
    }

    fn jump_to(&mut self, id: &str) {
        let id = id.trim();
        self.jump = (!id.is_empty()).then(|| id.to_owned());
    }

    /// The id that was jumped to is found, or where it would be.
    fn arrive(&mut self, cx: &mut Cx<'_>) {
        let start = self.rows.question().map(|question| &question.start);
        let Some(id) = self.jump.take_if(|id| start == Some(&WindowStart::Id(id.clone()))) else { return };
        let Some(window) = self.rows.window() else { return };
        let first = window.rows.first().and_then(|row| row.first()?.as_deref());
        let whom = cx.view().whom().singular;
        let searched = if window.matches < window.members { " among those found" } else { "" };
        match first.filter(|first| *first >= id.as_str()) {
            Some(_) if window.is_found => self.row = window.first,
            Some(next) => {
                cx.session.note(format!("no {whom} {id} is here{searched}; {next} comes next"));
                self.row = window.first;
            }
            None => cx.session.note(format!("no {whom} {id} is here{searched}, nor any after it")),
        }
    }

    /// Why nobody can be written to a file just now.
    fn no_export_reason(&self, session: &Session) -> Option<String> {
        let because = |text: &str| Some(text.to_owned());
        match self.rows.window() {
            _ if session.read_only => because("nothing is exported in read-only mode"),
            _ if session.remembered.export.is_some() => {
                because("an export is under way: wait for it, or cancel it (Ctrl-X)")
            }
            None => session.no_database_reason().or_else(|| because("nobody is listed here yet")),
            // How many rows there will be is said, and is to be right.
            Some(_) if !self.rows.is_current() => {
                because("a moment: the customers are still being looked for")
            }
            Some(window) if window.members == 0 => because("nobody is in this segment"),
            Some(_) => None,
        }
    }

    /// The form of an export of what is shown.
    fn export(&self, cx: &mut Cx<'_>) -> Outcome {
        let (Some(question), Some(window)) = (self.question(cx), self.rows.window()) else {
            return Outcome::stay();
        };
        Export::open(question, window, cx)
    }

    fn copy(&mut self, action: Action, cx: &mut Cx<'_>) {
        match (action, self.rows.window(), self.known_row(), self.value()) {
            (Action::CopyColumn, ..) => {
                let Some(question) = self.question(cx) else { return };
                self.copied = Copied::ask(question, self.column, self.rows.matches(), cx);
            }
            (Action::CopyRow, Some(window), Some(row), _) => copy_row(window, row, cx.session),
            (Action::CopyCell, _, _, Some(value)) => copy_value(value, cx.session),
            _ => {}
        }
    }

    fn check_columns(&self, action: Action) -> Check {
        let of_id = "the id is always shown, and always first";
        match action {
            Action::RemoveColumn => Check::only_if(self.column > 0, of_id),
            Action::MoveColumnLeft if self.column == 1 => Check::Disabled(of_id.to_owned()),
            Action::MoveColumnLeft => Check::only_if(self.column > 1, of_id),
            Action::MoveColumnRight if self.column == 0 => Check::Disabled(of_id.to_owned()),
            Action::MoveColumnRight => {
                Check::only_if(self.column < self.columns.list().len(), "it is the last column")
            }
            _ => Check::Enabled,
        }
    }

    /// Keys that go into a field.
    fn perform_typing(&mut self, action: Action) -> Option<Outcome> {
        match (action, self.typing.take()?) {
            (Action::Accept, Typing::Id(id)) => self.jump_to(id.text()),
            (Action::Accept, Typing::Search) | (Action::Back, Typing::Id(_)) => {}
            (Action::Back, Typing::Search) => self.stop_searching(),
            (_, typing) => {
                self.typing = Some(typing);
                return None;
            }
        }
        Some(Outcome::stay())
    }

    fn stop_searching(&mut self) {
        if !self.search.text().is_empty() {
            self.search = Field::default();
            self.start_anew();
        }
    }

    fn change_columns(&mut self, action: Action, cx: &mut Cx<'_>) {
        match action {
            Action::RemoveColumn => {
                self.columns.remove(self.column, cx);
                self.step_column(0);
            }
            Action::MoveColumnLeft => self.column = self.columns.shift(self.column, -1, cx),
            Action::MoveColumnRight => self.column = self.columns.shift(self.column, 1, cx),
            _ => {
                self.columns.sort_by(self.column);
                self.start_anew();
            }
        }
    }
}

impl Layer for Customers {
    fn contexts(&self) -> Vec<Context> {
        match self.typing {
            Some(_) => vec![Context::CustomersFind],
            None => vec![Context::Customers, Context::Overview, Context::Screen],
        }
    }

    fn check(&self, action: Action, view: View<'_>) -> Check {
        match action {
            _ if action.step(1).is_some() => Check::Enabled,
            Action::Left
            | Action::Right
            | Action::FirstColumn
            | Action::LastColumn
            | Action::SortColumn
            | Action::FreezeId
            | Action::Find => Check::Enabled,
            Action::Accept => Check::only_if(self.typing.is_some(), "nothing is typed"),
            Action::Back => Check::Enabled,
            Action::RemoveColumn | Action::MoveColumnLeft | Action::MoveColumnRight => {
                self.check_columns(action)
            }
            Action::Export => Check::unless(self.no_export_reason(view.session)),
            Action::ChooseColumns if self.columns.is_counting() => {
                Check::Disabled("a moment: the columns are not known yet".to_owned())
            }
            Action::ChooseColumns => Check::unless(view.session.no_database_reason()),
            Action::JumpToId | Action::CopyColumn => {
                Check::only_if(self.rows.matches() > 0, "nobody is listed here")
            }
            Action::CopyCell | Action::CopyRow => {
                Check::only_if(self.value().is_some(), "no row is shown here yet")
            }
            Action::Explain => Check::only_if(self.known_row().is_some(), "no row is shown here yet"),
            Action::WriteCase => shared::check_case(self.id().is_some(), "no row is shown here yet", view),
            _ => shared::check(action),
        }
    }

    fn hints(&self) -> Vec<(Action, &'static str)> {
        vec![
            (Action::Explain, "why"),
            (Action::ChooseColumns, "columns"),
            (Action::SortColumn, "sort"),
            (Action::JumpToId, "id"),
            (Action::CopyCell, "copy"),
            (Action::Export, "export"),
            (Action::WriteCase, "case"),
        ]
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(outcome) = self.perform_typing(action) {
            return outcome;
        }
        if let Some(by) = action.step(isize::try_from(height(cx.session)).unwrap_or(1)) {
            self.step(by);
            return Outcome::stay();
        }
        match action {
            Action::Left => self.step_column(-1),
            Action::Right => self.step_column(1),
            Action::FirstColumn => self.column = 0,
            Action::LastColumn => self.column = self.columns.list().len(),
            Action::FreezeId => self.is_frozen = !self.is_frozen,
            Action::Find => self.typing = Some(Typing::Search),
            Action::JumpToId => self.typing = Some(Typing::Id(Field::default())),
            Action::SortColumn | Action::RemoveColumn | Action::MoveColumnLeft | Action::MoveColumnRight => {
                self.change_columns(action, cx);
            }
            Action::ChooseColumns => return Columns::open(self.columns.list(), cx),
            Action::Export => return self.export(cx),
            Action::Explain => return Outcome::ask(Command::Explain(self.id().into_iter().collect())),
            Action::WriteCase => return shared::write_case(self.id().into_iter().collect(), cx),
            Action::CopyCell | Action::CopyRow | Action::CopyColumn => self.copy(action, cx),
            Action::Back if !self.search.text().is_empty() => self.stop_searching(),
            Action::Accept => {}
            _ => return shared::perform(action, PageKind::Customers),
        }
        Outcome::stay()
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        match &mut self.typing {
            Some(Typing::Search) if self.search.input(key) => self.start_anew(),
            Some(Typing::Id(id)) => drop(id.input(key)),
            Some(Typing::Search) | None => {}
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Outcome {
        match &mut self.typing {
            Some(Typing::Search) => {
                self.search.paste(text);
                self.start_anew();
            }
            Some(Typing::Id(id)) => id.paste(text.trim()),
            None => cx.session.notify(Message::not_typing()),
        }
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        match self.rows.receive(event) {
            Some(true) => {
                self.arrive(cx);
                self.step(0);
            }
            Some(false) => {}
            None if self.columns.receive(event, cx) => {}
            None => {
                let Some(copied) = self.copied.take_if(|copied| copied.is_about(event)) else {
                    return Outcome::pass();
                };
                self.copied = (!copied.receive(event, cx)).then_some(copied);
            }
        }
        Outcome::stay()
    }

    fn take(&mut self, command: &Command, cx: &mut Cx<'_>) -> Outcome {
        let Command::ShowColumns(columns) = command else { return Outcome::pass() };
        let added = columns.iter().filter(|column| !self.columns.list().iter().any(|it| is_same(it, column)));
        let added = added.count();
        self.columns.set(columns.clone(), cx);
        // What is new stands at the end.
        self.column = match added {
            0 => self.column.min(columns.len()),
            _ => columns.len() + 1 - added,
        };
        Outcome::stay()
    }
}

impl PageLayer for Customers {
    fn follow(&mut self, definition: u64, cx: &mut Cx<'_>) {
        self.columns.follow(definition, cx);
        if self.columns.is_counting() {
            return;
        }
        self.step_column(0);
        let Some(question) = self.question(cx) else { return };
        let height = height(cx.session);
        let content = Content { definition, question };
        self.rows.follow(content, self.row, self.jump.as_deref(), height, cx.session);
    }
}
