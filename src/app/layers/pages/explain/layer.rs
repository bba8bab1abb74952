//! What the page does with actions, keys, pasted text and answers.

use crossterm::event::KeyEvent;

use super::{Explain, LineKind};
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::copying::copy;
use crate::app::event::Event;
use crate::app::layer::{Check, Cx, Layer, Outcome};
use crate::app::layers::pages::page::{PageKind, PageLayer};
use crate::app::layers::pages::shared;
use crate::app::number::whole;
use crate::app::view::View;
use crate::backend::IdStanding;
use crate::segment::{Node, NodePath};

/// How wide a column of an id is at least, and how much room the words of lines need beside them.
const ID_COLUMN: usize = 16;
const LINE_WORDS: usize = 40;

impl Explain {
    /// Whether several customers are shown, each in a column of its own, as all of them fit.
    #[must_use]
    pub fn ids_are_columns(&self, width: u16) -> bool {
        self.ids.len() * ID_COLUMN + LINE_WORDS <= usize::from(width)
    }

    /// Whether several customers are shown.
    #[must_use]
    pub fn is_table(&self) -> bool {
        self.opened.is_none() && self.whole.is_none() && self.ids.len() > 1
    }

    fn step(&mut self, by: isize, width: u16) {
        match (self.is_table(), self.ids_are_columns(width)) {
            (false, _) => self.step_line(by),
            (true, true) => self.step_column(by),
            (true, false) => self.walk(by),
        }
    }

    /// Moves the cursor of the table among the lines of the segment; the first is the answer.
    fn step_column(&mut self, by: isize) {
        self.column = self.column.saturating_add_signed(by).min(self.table.lines.len());
    }

    fn sideways(&mut self, by: isize, cx: &mut Cx<'_>) {
        match (self.is_table(), self.ids_are_columns(cx.session.size.0)) {
            (false, _) => self.fold(by < 0, cx),
            (true, true) => self.walk(by),
            (true, false) => self.step_column(by),
        }
    }

    /// Whom a case is of: who is looked at alone, else all.
    fn asked_ids(&self) -> Vec<String> {
        self.current_id().map_or_else(|| self.ids.clone(), |id| vec![id.to_owned()])
    }

    /// The line of the open segment at the cursor, to be edited there.
    fn own_line(&self) -> Option<NodePath> {
        if self.is_table() {
            return self.table.lines.get(self.column.checked_sub(1)?).cloned();
        }
        let path = self.cursor.first()?;
        (!path.steps.is_empty()).then(|| path.clone())
    }

    /// The only ids that it can be instead of one that is unknown.
    fn similar(&self) -> &[String] {
        match self.answered() {
            Some((_, _, customer)) => match &customer.standing {
                IdStanding::Unknown { similar } => similar,
                _ => &[],
            },
            None => &[],
        }
    }

    /// Whether the id that is looked at by itself is no customer's.
    fn is_stranger(&self) -> bool {
        self.answered().is_some_and(|(_, _, customer)| customer.standing != IdStanding::Customer)
    }

    /// What Enter does, in a word.
    fn opens(&self) -> &'static str {
        if self.is_table() {
            return "open";
        }
        if !self.similar().is_empty() {
            return "take";
        }
        match self.line() {
            Some(line) if line.nested().is_some() => {
                if self.unfolded.contains(&self.cursor) {
                    "fold"
                } else {
                    "unfold"
                }
            }
            _ => "edit",
        }
    }

    /// What Enter does: opens one of several, takes the id that is meant, unfolds a segment, edits a condition.
    fn open_at_cursor(&mut self, cx: &mut Cx<'_>) -> Outcome {
        if self.is_table() {
            self.open(self.row);
            return Outcome::stay();
        }
        if let Some(similar) = self.similar().first().cloned() {
            self.replace(similar);
            return Outcome::stay();
        }
        let Some(line) = self.line() else { return Outcome::stay() };
        if line.nested().is_some() {
            let is_open = self.unfolded.contains(&self.cursor);
            self.fold(is_open, cx);
            return Outcome::stay();
        }
        let is_condition = matches!(line.kind, LineKind::Node(Node::Condition(_) | Node::Unreadable(_)));
        self.edit(is_condition && line.is_own())
    }

    /// Goes to the editor, at the line of the cursor.
    fn edit(&self, is_opened: bool) -> Outcome {
        match self.own_line() {
            Some(path) => Outcome::close().then_ask(Command::GoToLine(path, is_opened)),
            None => Outcome::close(),
        }
    }

    /// Another id is meant.
    fn replace(&mut self, id: String) {
        self.whole = None;
        match self.opened.and_then(|at| self.ids.get_mut(at)) {
            Some(typed) => {
                *typed = id;
                self.table.clear();
            }
            None => self.name(vec![id]),
        }
        self.look_anew();
    }

    /// One step back: to the table of several, else to where the page was opened from.
    fn back(&mut self) -> Outcome {
        if self.entry.is_typing {
            self.entry.stop();
        } else if self.opened.is_some() && self.ids.len() > 1 {
            self.opened = None;
            // Several are asked for now, in place of this one.
            if !self.explanation.is_current() {
                self.explanation.invalidate();
            }
        } else {
            return Outcome::ask(Command::LeaveExplain);
        }
        Outcome::stay()
    }

    fn accept(&mut self) {
        if let Some(named) = self.entry.accept() {
            self.take(named);
        }
    }

    /// A text that may be one id is, or it is several.
    fn settle_whole(&mut self) {
        let Some(whole) = self.whole.clone() else { return };
        let Some((_, _, customer)) = self.answered() else { return };
        if customer.standing == IdStanding::Customer {
            self.name(vec![whole]);
        } else {
            let ids = std::mem::take(&mut self.ids);
            self.name(ids);
        }
    }

    /// Has the customer stay beside the criteria, or not; answers what is to be said of it.
    pub(crate) fn toggle_pin(&mut self) -> String {
        self.is_pinned = !self.is_pinned;
        let id = self.current_id().unwrap_or_default();
        match self.is_pinned {
            true => format!("{id} stays beside the criteria"),
            false => format!("{id} does not stay beside the criteria any more"),
        }
    }
}

impl Layer for Explain {
    fn contexts(&self) -> Vec<Context> {
        match self.entry.is_typing {
            true => vec![Context::ExplainFind],
            false => vec![Context::Explain, Context::Overview, Context::Screen],
        }
    }

    fn check(&self, action: Action, view: View<'_>) -> Check {
        let nobody = "name a customer first (/)";
        match action {
            _ if action.step(1).is_some() => Check::Enabled,
            Action::Find | Action::Left | Action::Right | Action::Recount => Check::Enabled,
            Action::Explain => Check::Disabled("it is explained here".to_owned()),
            Action::Accept => Check::only_if(self.entry.is_typing, "nothing is typed"),
            Action::OpenExplained if self.is_stranger() && self.similar().is_empty() => {
                Check::Disabled("there is nobody to explain: name another one (/)".to_owned())
            }
            Action::OpenExplained => Check::only_if(!self.ids.is_empty(), nobody),
            Action::NextCustomer | Action::PreviousCustomer => Check::only_if(
                self.ids.len() > 1,
                "there is one customer: paste several ids to walk through them",
            ),
            Action::ReasonsDown | Action::ReasonsUp => Check::only_if(self.opened.is_some(), nobody),
            Action::CopyExplanation => {
                let is_there =
                    if self.is_table() { self.table.known() > 0 } else { self.answered().is_some() };
                Check::only_if(is_there, "there is no explanation yet")
            }
            Action::WriteCase => shared::check_case(!self.ids.is_empty(), nobody, view),
            _ => shared::check(action),
        }
    }

    fn hints(&self) -> Vec<(Action, &'static str)> {
        if self.entry.is_typing {
            return vec![(Action::Accept, "explain"), (Action::Back, "back")];
        }
        vec![
            (Action::Find, "id"),
            (Action::OpenExplained, self.opens()),
            (Action::NextCustomer, "next"),
            (Action::WriteCase, "case"),
            (Action::CopyExplanation, "copy"),
            (Action::Back, "back"),
            (Action::EditSegment, "editor"),
        ]
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            match self.entry.is_typing {
                true => self.entry.step(by),
                false => self.step(by, cx.session.size.0),
            }
            return Outcome::stay();
        }
        match action {
            Action::Find => self.entry.start(),
            Action::Accept => self.accept(),
            Action::Back => return self.back(),
            Action::Left => self.sideways(-1, cx),
            Action::Right => self.sideways(1, cx),
            Action::OpenExplained => return self.open_at_cursor(cx),
            Action::EditSegment => return self.edit(false),
            Action::NextCustomer => self.walk(1),
            Action::PreviousCustomer => self.walk(-1),
            Action::ReasonsDown => self.scroll += 1,
            Action::ReasonsUp => self.scroll = self.scroll.saturating_sub(1),
            Action::CopyExplanation => {
                let text = self.text(cx.view()).unwrap_or_default();
                copy(text, "segtui explain prints it", cx.session);
            }
            Action::WriteCase => return shared::write_case(self.asked_ids(), cx),
            Action::Recount => {
                self.explanation.invalidate();
                self.change.invalidate();
                self.table.clear();
                return Outcome::pass();
            }
            _ => return shared::perform(action, PageKind::Explain),
        }
        Outcome::stay()
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        if self.entry.is_typing {
            self.entry.type_key(key);
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Outcome {
        if let Some(named) = self.entry.paste(text) {
            self.take(named);
            cx.session.note(format!("{} ids were pasted", whole(self.ids.len() as u64)));
        }
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, _: &mut Cx<'_>) -> Outcome {
        if let Event::SegmentsLoaded(results) = event {
            let is_wanted = |id: &String| self.unfolded_ids().contains(id);
            if !results.iter().any(|(id, _)| is_wanted(id)) {
                return Outcome::pass();
            }
            self.documents.extend(results.iter().cloned());
            return Outcome::stay();
        }
        if self.entry.search.receive(event) {
            if self.entry.is_awaited
                && (self.entry.found().is_some() || self.entry.search.failure().is_some())
            {
                self.accept();
            }
        } else if self.explanation.receive(event) {
            self.settle_whole();
            if self.line().is_none() && self.explanation.is_current() {
                self.cursor = Vec::new();
            }
        } else if !self.change.receive(event) && !self.table.receive(event) {
            return Outcome::pass();
        }
        Outcome::stay()
    }
}

impl PageLayer for Explain {
    fn follow(&mut self, definition: u64, cx: &mut Cx<'_>) {
        self.note_listing(cx);
        self.remember(cx);
        self.entry.follow(definition, cx);
        if self.is_table() {
            if let Some(segment) = cx.segment.clone() {
                self.table.follow(definition, &segment, &self.ids, cx.session);
            }
            return;
        }
        self.ask_one(definition, cx);
        self.ask_change(definition, cx);
    }
}
