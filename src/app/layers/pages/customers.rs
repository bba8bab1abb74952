//! The members of the open segment as a table.

use super::asked::Asked;
use super::page::{PageKind, PageLayer};
use super::shared;
use crate::app::action::{Action, Context};
use crate::app::event::Event;
use crate::app::layer::{Check, Cx, Layer, Outcome};
use crate::app::message::Message;
use crate::app::view::View;

/// The members of the open segment as a table.
#[derive(Clone, Debug, Default)]
pub struct Customers {
    /// The figures.
    pub figures: Asked,
}

impl Layer for Customers {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Customers, Context::Overview, Context::Screen]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        shared::check(action)
    }

    fn perform(&mut self, action: Action, _: &mut Cx<'_>) -> Outcome {
        shared::perform(action, PageKind::Customers)
    }

    fn receive(&mut self, event: &Event, _: &mut Cx<'_>) -> Outcome {
        if self.figures.receive(event) { Outcome::stay() } else { Outcome::pass() }
    }

    fn paste(&mut self, _: &str, cx: &mut Cx<'_>) -> Outcome {
        cx.session.notify(Message::not_typing());
        Outcome::stay()
    }
}

impl PageLayer for Customers {
    fn follow(&mut self, _: u64, _: &mut Cx<'_>) {}
}
