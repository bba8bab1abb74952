//! The purchasers of the open segment by the values of attributes.

use super::asked::Asked;
use super::page::{PageKind, PageLayer};
use super::shared;
use crate::app::action::{Action, Context};
use crate::app::event::Event;
use crate::app::layer::{Check, Cx, Layer, Outcome};
use crate::app::message::Message;
use crate::app::view::View;

/// The purchasers of the open segment by the values of attributes.
#[derive(Clone, Debug, Default)]
pub struct Breakdown {
    /// The figures.
    pub figures: Asked,
}

impl Layer for Breakdown {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Breakdown, Context::Overview, Context::Screen]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        shared::check(action)
    }

    fn perform(&mut self, action: Action, _: &mut Cx<'_>) -> Outcome {
        shared::perform(action, PageKind::Breakdown)
    }

    fn receive(&mut self, event: &Event, _: &mut Cx<'_>) -> Outcome {
        if self.figures.receive(event) { Outcome::stay() } else { Outcome::pass() }
    }

    fn paste(&mut self, _: &str, cx: &mut Cx<'_>) -> Outcome {
        cx.session.notify(Message::not_typing());
        Outcome::stay()
    }
}

impl PageLayer for Breakdown {
    fn follow(&mut self, _: u64, _: &mut Cx<'_>) {}
}
