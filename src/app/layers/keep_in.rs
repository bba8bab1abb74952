//! The folder in which unsaved edits are kept where their own cannot be written.

use crossterm::event::KeyEvent;

use crate::app::action::{Action, Context};
use crate::app::command::{After, Command};
use crate::app::field::Field;
use crate::app::file_path::{parse_pasted, typed_folder};
use crate::app::layer::{Cx, Layer, Outcome};

/// The form of one field.
#[derive(Clone, Debug)]
pub struct KeepIn {
    /// What is typed.
    pub folder: Field,
    /// What comes once the edits are kept.
    after: After,
}

impl KeepIn {
    /// A form with a folder to begin with.
    pub(crate) fn new(folder: &str, after: After) -> Self {
        Self { folder: Field::with(folder), after }
    }
}

impl Layer for KeepIn {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::KeepIn]
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        match action {
            Action::Accept if self.folder.text().trim().is_empty() => Outcome::stay(),
            Action::Accept => {
                let (from, home) = (&cx.session.browsed, cx.session.home_folder.as_deref());
                let folder = typed_folder(self.folder.text().trim(), from, home);
                Outcome::close().then_ask(Command::KeepIn(folder, self.after))
            }
            Action::Back => Outcome::close().then_ask(Command::Cancel),
            _ => Outcome::pass(),
        }
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        self.folder.input(key);
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _: &mut Cx<'_>) -> Outcome {
        self.folder = Field::with(&parse_pasted(text));
        Outcome::stay()
    }

    fn shows_below(&self) -> bool {
        true
    }
}
