//! A question with a few answers.

use crossterm::event::{KeyCode, KeyEvent};

use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::layer::{Cx, Layer, Outcome};

/// A question.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// The question.
    pub title: String,
    /// What there is to know before answering.
    pub lines: Vec<String>,
    /// The answers: the letter that gives one, its words, and what is done then.
    pub(crate) answers: Vec<(char, String, Command)>,
    /// The answer that Enter gives.
    pub cursor: usize,
    /// Whether it is about a write that is under way, and of no use once that has ended.
    pub(crate) is_while_writing: bool,
}

impl Confirm {
    /// A question of which the first answer is the one that Enter gives.
    pub(crate) fn new(
        title: impl Into<String>,
        lines: Vec<String>,
        answers: Vec<(char, &str, Command)>,
    ) -> Self {
        let answers =
            answers.into_iter().map(|(key, label, answer)| (key, label.to_owned(), answer)).collect();
        Self { title: title.into(), lines, answers, cursor: 0, is_while_writing: false }
    }

    /// The same, about a write that is under way.
    pub(crate) fn while_writing(self) -> Self {
        Self { is_while_writing: true, ..self }
    }

    fn step(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.answers.len().saturating_sub(1));
    }

    fn at_cursor(&self) -> Option<Command> {
        self.answers.get(self.cursor).map(|(_, _, answer)| answer.clone())
    }

    fn for_letter(&self, letter: char) -> Option<Command> {
        let letter = letter.to_ascii_lowercase();
        self.answers.iter().find(|(key, _, _)| *key == letter).map(|(_, _, answer)| answer.clone())
    }

    /// What Esc answers.
    fn no_answer(&self) -> Command {
        let mut answers = self.answers.iter().map(|(_, _, answer)| answer);
        answers.find(|answer| answer.is_no_answer()).cloned().unwrap_or(Command::Cancel)
    }
}

fn give(answer: Option<Command>) -> Outcome {
    match answer {
        Some(answer) => Outcome::close().then_ask(answer),
        None => Outcome::stay(),
    }
}

impl Layer for Confirm {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Confirm]
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.step(by);
            return Outcome::stay();
        }
        match action {
            Action::Accept => give(self.at_cursor()),
            Action::Back => give(Some(self.no_answer())),
            _ => Outcome::pass(),
        }
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        match key.code {
            KeyCode::Char(letter) => give(self.for_letter(letter)),
            _ => Outcome::stay(),
        }
    }

    fn shows_below(&self) -> bool {
        true
    }
}
