//! Notices: the latest stands in the bottom line until the next key, or until what it tells of is done; all of them are
//! kept.

use crate::diagnostic::Diagnostic;

/// How many notices are kept.
const MOST: usize = 500;

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How it is meant.
    pub kind: MessageKind,
    /// What it says.
    pub text: String,
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// Something was done.
    Done,
    /// Something to know.
    Note,
    /// Something went wrong.
    Error,
}

impl Message {
    /// Something was done.
    pub fn done(text: impl Into<String>) -> Self {
        Self { kind: MessageKind::Done, text: text.into() }
    }

    /// Text was pasted where none is typed.
    pub(crate) fn not_typing() -> Self {
        Self::note("pasted text is taken where text is typed: find first with /")
    }

    /// Something to know.
    pub fn note(text: impl Into<String>) -> Self {
        Self { kind: MessageKind::Note, text: text.into() }
    }
}

impl From<Diagnostic> for Message {
    fn from(error: Diagnostic) -> Self {
        // Lines to be pasted are for where they can be copied.
        let help = error.help.map(|help| format!(" · {}", help.replace('\n', " "))).unwrap_or_default();
        Self { kind: MessageKind::Error, text: format!("{}{help}", error.message) }
    }
}

/// All notices, the latest last.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    all: Vec<Message>,
    is_fresh: bool,
    /// Whether the latest tells of something that is under way, and is of no use once that is done.
    is_passing: bool,
}

impl Messages {
    /// Adds a notice.
    pub fn push(&mut self, message: Message) {
        self.all.push(message);
        let too_many = self.all.len().saturating_sub(MOST);
        self.all.drain(..too_many);
        self.is_fresh = true;
        self.is_passing = false;
    }

    /// Adds a notice of something that is under way.
    pub(crate) fn push_passing(&mut self, message: Message) {
        self.push(message);
        self.is_passing = true;
    }

    /// What was under way is done: nothing need be said of it any more.
    pub(crate) fn pass(&mut self) {
        self.is_fresh &= !self.is_passing;
    }

    /// A key was pressed: the latest notice has been seen.
    pub(crate) fn age(&mut self) {
        self.is_fresh = false;
    }

    /// The latest notice, if it has not been seen.
    #[must_use]
    pub fn fresh(&self) -> Option<&Message> {
        self.all.last().filter(|_| self.is_fresh)
    }

    /// All notices, the latest last.
    #[must_use]
    pub fn all(&self) -> &[Message] {
        &self.all
    }
}
