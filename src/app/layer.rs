//! The one interface of everything that the screen is a stack of: screens and pages at the bottom, overlays
//! above. Whoever routes keys and answers knows this and nothing else of a layer.

use std::any::Any;
use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::action::{Action, Context};
use super::command::Command;
use super::event::Event;
use super::session::Session;
use super::view::View;
use crate::backend::ColumnName;
use crate::segment::Segment;

/// A screen, a page or an overlay.
pub(crate) trait Layer {
    /// Where its keys are looked up, the innermost first.
    fn contexts(&self) -> Vec<Context>;

    /// Whether it takes an action, and why not just now. Without more to say it takes those that have a key
    /// in its contexts.
    fn check(&self, action: Action, _view: View<'_>) -> Check {
        is_bound(action, &self.contexts())
    }

    /// Does what an action says.
    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome;

    /// A key that is no action.
    fn type_key(&mut self, _key: KeyEvent, _cx: &mut Cx<'_>) -> Outcome {
        Outcome::stay()
    }

    /// Pasted text, which goes where text is typed and never to the keys.
    fn paste(&mut self, _text: &str, _cx: &mut Cx<'_>) -> Outcome {
        Outcome::stay()
    }

    /// An answer of the background. Whoever passes leaves it to the layers below.
    fn receive(&mut self, _event: &Event, _cx: &mut Cx<'_>) -> Outcome {
        Outcome::pass()
    }

    /// What a layer above, or the app, wants done.
    fn take(&mut self, _command: &Command, _cx: &mut Cx<'_>) -> Outcome {
        Outcome::pass()
    }

    /// The actions that matter most here, in the order in which the bottom line names them, each in a word; one without a
    /// word is not named. The others follow.
    fn hints(&self) -> Vec<(Action, &'static str)> {
        Vec::new()
    }

    /// The column at the cursor, where there is one: the data explorer opens on it.
    fn column(&self) -> Option<ColumnName> {
        None
    }

    /// The database was read again: what is shown of it is asked for anew.
    fn refresh(&mut self, _cx: &mut Cx<'_>) {}

    /// What is shown of the open segment is asked for, should that be another one by now.
    fn keep_up(&mut self, _definition: u64, _cx: &mut Cx<'_>) {}

    /// Whether what lies below stays in sight, as for a question about it.
    fn shows_below(&self) -> bool {
        false
    }
}

/// Whether a layer takes an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    Enabled,
    /// It would, but not just now, for this reason.
    Disabled(String),
    /// It is not its own.
    Pass,
}

impl Check {
    /// Enabled, unless there is a reason.
    pub(crate) fn unless(reason: Option<String>) -> Self {
        reason.map_or(Self::Enabled, Self::Disabled)
    }

    /// Enabled if it holds, else disabled for this reason.
    pub(crate) fn only_if(holds: bool, reason: &str) -> Self {
        if holds { Self::Enabled } else { Self::Disabled(reason.to_owned()) }
    }
}

/// Whether an action has a key in these contexts. Those of all screens are the app's own.
pub(crate) fn is_bound(action: Action, contexts: &[Context]) -> Check {
    let is_bound = action.info().is_some_and(|info| {
        info.bindings.iter().any(|(context, _)| *context != Context::Screen && contexts.contains(context))
    });
    if is_bound { Check::Enabled } else { Check::Pass }
}

/// What a layer may use while it does something.
pub(crate) struct Cx<'a> {
    /// What every layer may know.
    pub session: &'a mut Session,
    /// The open segment as it is now.
    pub segment: Option<Arc<Segment>>,
    /// Whether no other layer lies above.
    pub is_top: bool,
}

impl Cx<'_> {
    /// The session and the open segment, to be looked at.
    pub(crate) fn view(&self) -> View<'_> {
        View::new(self.session, self.segment.as_ref())
    }
}

/// A layer on its way to the top of the stack.
pub(crate) struct Opened(pub Box<dyn Any>);

/// An overlay that is in the list of overlays, which implements this for each of them.
pub(crate) trait Listed: Layer + Any {}

/// Which layers close.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Closing {
    /// None.
    #[default]
    Nothing,
    /// The layer itself.
    Itself,
    /// All above it, which have done their work.
    Above,
}

/// What a layer wants done once it has taken something.
#[must_use]
#[derive(Default)]
pub(crate) struct Outcome {
    /// Whether it has left it to the layers below.
    pub is_passed: bool,
    pub closing: Closing,
    /// What opens then, above all others.
    pub opened: Option<Opened>,
    /// What the layers below, or else the app, are to do then.
    pub command: Option<Command>,
}

impl Outcome {
    /// It was not for this layer.
    pub(crate) fn pass() -> Self {
        Self { is_passed: true, ..Self::default() }
    }

    pub(crate) fn stay() -> Self {
        Self::default()
    }

    /// The layer closes.
    pub(crate) fn close() -> Self {
        Self { closing: Closing::Itself, ..Self::default() }
    }

    /// All layers above close.
    pub(crate) fn close_above() -> Self {
        Self { closing: Closing::Above, ..Self::default() }
    }

    /// Those below are asked to do something.
    pub(crate) fn ask(command: Command) -> Self {
        Self::stay().then_ask(command)
    }

    /// Another layer opens above.
    pub(crate) fn open(layer: impl Listed) -> Self {
        Self::stay().then_open(layer)
    }

    /// Then another layer opens above.
    pub(crate) fn then_open(self, layer: impl Listed) -> Self {
        Self { opened: Some(Opened(Box::new(layer))), ..self }
    }

    /// Then those below are asked to do something.
    pub(crate) fn then_ask(self, command: Command) -> Self {
        Self { command: Some(command), ..self }
    }
}
