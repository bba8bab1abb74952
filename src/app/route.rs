//! Where actions, typed keys, pasted text, answers and requests go: from the topmost layer down to the one
//! that takes them, and at last to the app itself.

use crossterm::event::KeyEvent;

use super::action::Action;
use super::app::App;
use super::command::Command;
use super::event::Event;
use super::layer::{Check, Closing, Cx, Layer, Outcome};
use super::layers::overlay::Overlay;
use super::layers::stack::Place;

impl App {
    /// Why an action does not apply just now.
    #[must_use]
    pub(crate) fn disabled_reason(&self, action: Action) -> Option<String> {
        match self.taker(action) {
            Some((_, reason)) => reason,
            None => self.global_disabled_reason(action),
        }
    }

    /// The layer that takes an action, and why not just now.
    fn taker(&self, action: Action) -> Option<(Place, Option<String>)> {
        self.stack.places().into_iter().find_map(|place| {
            match self.stack.layer(place)?.check(action, self.view()) {
                Check::Enabled => Some((place, None)),
                Check::Disabled(reason) => Some((place, Some(reason))),
                Check::Pass => None,
            }
        })
    }

    /// Does what an action says, where it is taken.
    pub(super) fn perform(&mut self, action: Action) {
        for place in self.stack.places() {
            let Some(layer) = self.stack.layer(place) else { continue };
            match layer.check(action, self.view()) {
                Check::Pass => {}
                Check::Disabled(reason) => return self.session.note(reason),
                Check::Enabled => {
                    if self.at(place, |layer, cx| layer.perform(action, cx)) {
                        return;
                    }
                }
            }
        }
        match self.global_disabled_reason(action) {
            Some(reason) => self.session.note(reason),
            None => self.perform_global(action),
        }
    }

    /// Keys that are no action go where text is typed.
    pub(super) fn type_key(&mut self, key: KeyEvent) {
        if let Some(top) = self.stack.places().first() {
            self.at(*top, |layer, cx| layer.type_key(key, cx));
        }
    }

    /// Pasted text goes where text is typed, never to the keys. Many terminals send a carriage return for a line break.
    pub(super) fn paste(&mut self, text: &str) {
        self.session.messages.age();
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        if let Some(top) = self.stack.places().first() {
            self.at(*top, |layer, cx| layer.paste(&text, cx));
        }
    }

    /// Offers an answer to all layers until one takes it; whether one has.
    pub(super) fn offer(&mut self, event: &Event) -> bool {
        let mut places = self.stack.places();
        if !places.contains(&Place::Home) {
            places.push(Place::Home);
        }
        places.into_iter().any(|place| self.at(place, |layer, cx| layer.receive(event, cx)))
    }

    /// What is shown of the database is asked for anew.
    pub(super) fn refresh_top(&mut self) {
        if let Some(top) = self.stack.places().first() {
            self.at(*top, |layer, cx| {
                layer.refresh(cx);
                Outcome::stay()
            });
        }
    }

    /// Has a command done by the first of these layers that takes it, else by the app.
    pub(super) fn command(&mut self, places: Vec<Place>, command: Command) {
        let is_taken = places.into_iter().any(|place| self.at(place, |layer, cx| layer.take(&command, cx)));
        if !is_taken {
            self.perform_command(command);
        }
    }

    /// Has the layer at a place do something, and does what it wants done; whether it took it.
    pub(super) fn at(
        &mut self,
        place: Place,
        act: impl FnOnce(&mut dyn Layer, &mut Cx<'_>) -> Outcome,
    ) -> bool {
        let segment = self.stack.editor().map(|editor| editor.segment().clone());
        let is_top = self.stack.places().first() == Some(&place);
        let Some(layer) = self.stack.layer_mut(place) else { return false };
        let outcome = act(layer, &mut Cx { session: &mut self.session, segment, is_top });
        if outcome.is_passed {
            return false;
        }
        let places = self.stack.places();
        let below = places.into_iter().skip_while(|other| *other != place).skip(1).collect();
        match outcome.closing {
            Closing::Nothing => {}
            Closing::Itself => self.stack.close(place),
            Closing::Above => self.stack.close_above(place),
        }
        self.stack.overlays.extend(outcome.opened.and_then(Overlay::from_opened));
        if let Some(command) = outcome.command {
            self.command(below, command);
        }
        true
    }
}
