//! The summary of the open segment: its figures at a glance, and the definition in words.

use super::asked::Asked;
use super::page::{PageKind, PageLayer};
use super::shared;
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::event::Event;
use crate::app::layer::{Check, Cx, Layer, Outcome};
use crate::app::message::Message;
use crate::app::view::View;
use crate::backend::{PageQuestion, Summarize, WrongConditions};

/// How far down one can scroll.
const MOST_SCROLL: usize = 1_000;

/// The summary of the open segment.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The figures.
    pub figures: Asked,
    /// How many lines it is scrolled down.
    pub scroll: usize,
}

impl Layer for Summary {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Summary, Context::Overview, Context::Screen]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        match action {
            _ if action.step(1).is_some() => Check::Enabled,
            Action::CardSql => Check::Enabled,
            _ => shared::check(action),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.scroll = self.scroll.saturating_add_signed(by).min(MOST_SCROLL);
            return Outcome::stay();
        }
        match action {
            Action::CardSql => Outcome::ask(Command::Perform(Action::ShowSql)),
            _ => shared::perform(action, PageKind::Summary),
        }
    }

    fn receive(&mut self, event: &Event, _: &mut Cx<'_>) -> Outcome {
        if self.figures.receive(event) { Outcome::stay() } else { Outcome::pass() }
    }

    fn paste(&mut self, _: &str, cx: &mut Cx<'_>) -> Outcome {
        cx.session.notify(Message::not_typing());
        Outcome::stay()
    }
}

impl PageLayer for Summary {
    fn follow(&mut self, definition: u64, cx: &mut Cx<'_>) {
        let Some(segment) = cx.segment.clone() else { return };
        let (as_of, wrong) = (cx.session.as_of(), WrongConditions::LeaveOut);
        let question = Summarize { segment, as_of, metrics: Vec::new(), wrong };
        self.figures.ask(definition, PageQuestion::Summary(question), cx.session);
    }
}
