//! The folder in which unsaved edits are kept where their own cannot be written.

use crossterm::event::KeyEvent;

use crate::app::action::{Action, Context};
use crate::app::command::{After, Command};
use crate::app::field::Field;
use crate::app::file_path::parse_pasted;
use crate::app::layer::{Cx, Layer, Outcome};

/// The form of one field.
#[derive(Clone, Debug)]
pub struct KeepIn {
    /// What is typed.
    pub folder: Field,
    /// The folder that is meant as long as nothing is.
    pub proposed: String,
    /// Why the one that was typed is none.
    pub complaint: Option<String>,
    /// What comes once the edits are kept.
    after: After,
}

impl KeepIn {
    /// An empty form.
    pub(crate) fn new(proposed: String, after: After) -> Self {
        Self { folder: Field::default(), proposed, complaint: None, after }
    }

    /// The form with what was typed, and why that did not do.
    pub(crate) fn again(self, typed: &str, complaint: &str) -> Self {
        Self { folder: Field::with(typed), complaint: Some(complaint.to_owned()), ..self }
    }

    fn meant(&self) -> String {
        let typed = self.folder.text().trim();
        if typed.is_empty() { self.proposed.clone() } else { typed.to_owned() }
    }
}

impl Layer for KeepIn {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::KeepIn]
    }

    fn perform(&mut self, action: Action, _: &mut Cx<'_>) -> Outcome {
        match action {
            Action::Accept => Outcome::close().then_ask(Command::KeepIn(self.meant(), self.after)),
            Action::Back => Outcome::close().then_ask(Command::Cancel),
            _ => Outcome::pass(),
        }
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        self.complaint = None;
        self.folder.input(key);
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _: &mut Cx<'_>) -> Outcome {
        self.complaint = None;
        self.folder = Field::with(&parse_pasted(text));
        Outcome::stay()
    }

    fn shows_below(&self) -> bool {
        true
    }
}
