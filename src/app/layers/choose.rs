//! A list to choose one thing from.

use crossterm::event::KeyEvent;

use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::layer::{Cx, Layer, Outcome};
use crate::app::pick::{Item, Pick};

/// A list to choose one thing from.
#[derive(Clone, Debug)]
pub struct Choose {
    /// What is chosen.
    pub title: String,
    /// The list, each with what is done when it is chosen.
    pub(crate) pick: Pick<Command>,
}

impl Choose {
    /// A list with the cursor on the current one.
    pub(crate) fn new(title: &str, items: Vec<Item<Command>>, current: Option<&Command>) -> Self {
        let mut pick = Pick::new(items);
        pick.go_to(|command| Some(command) == current);
        Self { title: title.to_owned(), pick }
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
            Action::Accept => match self.pick.current().filter(|item| item.disabled.is_none()) {
                Some(item) => Outcome::close().then_ask(item.value.clone()),
                None => Outcome::stay(),
            },
            Action::Back => Outcome::close(),
            _ => Outcome::pass(),
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
