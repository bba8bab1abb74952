//! A list to choose one thing from.

use crossterm::event::KeyEvent;

use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::event::Event;
use crate::app::layer::{Cx, Layer, Outcome};
use crate::app::pick::{Item, Pick};
use crate::app::what_if::{Line, WhatIf};

/// A list to choose one thing from.
#[derive(Clone, Debug)]
pub struct Choose {
    /// What is chosen.
    pub title: String,
    /// The list, each with what is done when it is chosen.
    pub(crate) pick: Pick<Command>,
    /// What the segment would be with each, by the position of its item, where lines are known.
    pub what_if: WhatIf,
    lines: Vec<Option<Line>>,
}

impl Choose {
    /// A list with the cursor on the current one.
    pub(crate) fn new(title: &str, items: Vec<Item<Command>>, current: Option<&Command>) -> Self {
        let mut pick = Pick::new(items);
        pick.go_to(|command| Some(command) == current);
        Self { title: title.to_owned(), pick, what_if: WhatIf::default(), lines: Vec::new() }
    }

    /// A list with something searched for already.
    pub(super) fn searched(title: &str, items: Vec<Item<Command>>, query: &str) -> Self {
        let pick = Pick::searched(items, query);
        Self { title: title.to_owned(), pick, what_if: WhatIf::default(), lines: Vec::new() }
    }

    /// With the line that each item makes.
    pub(super) fn with_lines(self, lines: Vec<Option<Line>>) -> Self {
        Self { lines, ..self }
    }

    /// Whether the items have counts.
    #[must_use]
    pub fn has_counts(&self) -> bool {
        !self.lines.is_empty()
    }
}

impl Layer for Choose {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Choose]
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.pick.step(by);
            return Outcome::stay();
        }
        match action {
            Action::Accept => match self.pick.current() {
                Some(Item { disabled: Some(reason), .. }) => {
                    cx.session.note(reason.clone());
                    Outcome::stay()
                }
                Some(item) => Outcome::close().then_ask(item.value.clone()),
                None => {
                    cx.session.note("nothing matches: change what is typed");
                    Outcome::stay()
                }
            },
            Action::Back => Outcome::close(),
            _ => Outcome::pass(),
        }
    }

    fn receive(&mut self, event: &Event, _: &mut Cx<'_>) -> Outcome {
        if self.what_if.receive(event) { Outcome::stay() } else { Outcome::pass() }
    }

    fn keep_up(&mut self, definition: u64, cx: &mut Cx<'_>) {
        if self.has_counts() {
            self.what_if.ask(self.lines.clone(), definition, cx);
        }
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        self.pick.input(key);
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _: &mut Cx<'_>) -> Outcome {
        self.pick.paste(text);
        Outcome::stay()
    }
}
