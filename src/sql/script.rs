//! SQL as lines to be looked at.

use super::dialect::Dialect;
use super::lexer::{LineState, line_states};

/// SQL as lines, ready to be shown from any of them on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    dialect: Dialect,
    lines: Vec<String>,
    line_states: Vec<LineState>,
}

impl Script {
    #[must_use]
    pub fn new(text: &str, dialect: Dialect) -> Self {
        let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let line_states = line_states(lines.iter().map(String::as_str), dialect);
        Self { dialect, lines, line_states }
    }

    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Its lines; at least one.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The lines from one of them on, each with what is open where it begins.
    pub fn from(&self, line: usize) -> impl Iterator<Item = (&str, LineState)> {
        self.lines.iter().map(String::as_str).zip(self.line_states.iter().copied()).skip(line)
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }
}
