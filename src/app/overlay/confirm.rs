//! A question with a few answers.

use std::path::PathBuf;

use crate::workspace::Clash;

/// A question.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// The question.
    pub title: String,
    /// What there is to know before answering.
    pub lines: Vec<String>,
    /// The answers, each with the letter that gives it.
    pub answers: Vec<(char, String, Answer)>,
    /// The answer that Enter gives.
    pub cursor: usize,
}

/// What an answer does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Save, then go on.
    SaveThen(After),
    /// Leave the edits as a draft, which is offered again, and go on.
    KeepThen(After),
    /// Throw the edits away and go on.
    DiscardThen(After),
    /// Copy a file into the lists all the same.
    Upload(PathBuf, Clash),
    /// Save over what someone else has saved.
    Overwrite,
    /// Save under another name.
    SaveCopy,
    /// Use the database that waits.
    UseDatabase,
    /// Stay with the database that is open.
    KeepDatabase,
    /// Go on with the kept edits of this segment.
    OpenDraft(String),
    /// Ask again, then throw the kept edits of this segment away.
    DropDraft(String),
    /// Throw the kept edits of this segment away.
    DropDraftForGood(String),
    /// Turn the conditions into this query.
    Convert(String),
    /// Do nothing.
    Nothing,
}

/// What comes after an open segment has been left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// The program ends.
    Quit,
    /// The list of segments.
    Home,
    /// A new segment.
    New,
    /// A new SQL segment.
    NewSql,
}

impl Confirm {
    /// A question of which the first answer is the one that Enter gives.
    #[must_use]
    pub fn new(title: impl Into<String>, lines: Vec<String>, answers: Vec<(char, &str, Answer)>) -> Self {
        let answers =
            answers.into_iter().map(|(key, label, answer)| (key, label.to_owned(), answer)).collect();
        Self { title: title.into(), lines, answers, cursor: 0 }
    }

    /// Moves among the answers.
    pub fn step(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.answers.len().saturating_sub(1));
    }

    /// The answer at the cursor.
    #[must_use]
    pub fn answer(&self) -> Option<Answer> {
        self.answers.get(self.cursor).map(|(_, _, answer)| answer.clone())
    }

    /// The answer of a letter.
    #[must_use]
    pub fn answer_of(&self, letter: char) -> Option<Answer> {
        let letter = letter.to_ascii_lowercase();
        self.answers.iter().find(|(key, _, _)| *key == letter).map(|(_, _, answer)| answer.clone())
    }
}
