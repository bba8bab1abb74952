//! Why a text is no condition.

use std::ops::Range;

/// Where a text stops making sense, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    /// The place, in bytes of the text; empty where something is missing.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// What could stand at the place instead.
    pub instead: Vec<String>,
}

impl ParseError {
    pub(super) fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), help: String::new(), instead: Vec::new() }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }

    pub(super) fn instead(self, instead: Vec<String>) -> Self {
        Self { instead, ..self }
    }

    /// Of two ways in which a text makes no sense, the one that gets further.
    pub(super) fn furthest(self, other: Self) -> Self {
        if other.at.start > self.at.start { other } else { self }
    }
}
