//! The page of the open segment: its insights, and the definition in words.

use crate::app::action::{Action, Context};
use crate::app::command::{After, Command};
use crate::app::layer::{Check, Cx, Layer, Outcome};
use crate::app::message::Message;
use crate::app::view::View;

/// How far down one can scroll.
const MOST_SCROLL: usize = 1_000;

/// The page of the open segment.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// How many lines it is scrolled down.
    pub scroll: usize,
}

impl Layer for Overview {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Overview, Context::Screen]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        match action {
            Action::EditSegment
            | Action::Overview
            | Action::Back
            | Action::Left
            | Action::Right
            | Action::Find => Check::Enabled,
            _ if action.step(1).is_some() => Check::Enabled,
            _ => Check::Pass,
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.scroll = self.scroll.saturating_add_signed(by).min(MOST_SCROLL);
            return Outcome::stay();
        }
        match action {
            Action::EditSegment => Outcome::close(),
            Action::Back => Outcome::ask(Command::Leave(After::Home)),
            Action::Overview => {
                self.scroll = 0;
                Outcome::stay()
            }
            _ => Outcome::stay(),
        }
    }

    fn paste(&mut self, _: &str, cx: &mut Cx<'_>) -> Outcome {
        cx.session.notify(Message::not_typing());
        Outcome::stay()
    }
}
