//! Answers on standard output, everything else on standard error.

use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::Value;

use super::failure::{Failure, FailureKind};
use crate::ui::text::sanitize;

/// Where a command writes.
#[derive(Debug)]
pub(super) struct Out {
    is_json: bool,
    has_failed: bool,
}

impl Out {
    pub(super) fn new(is_json: bool) -> Self {
        Self { is_json, has_failed: false }
    }

    /// Whether answers are JSON.
    pub(super) fn is_json(&self) -> bool {
        self.is_json
    }

    /// Writes a line of the answer, or several, for people.
    pub(super) fn line(&self, line: &str) -> Result<(), Failure> {
        self.exactly(&shown(line))
    }

    /// Writes an answer as JSON.
    pub(super) fn json(&self, value: &Value) -> Result<(), Failure> {
        self.exactly(&value.to_string())
    }

    fn exactly(&self, line: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{line}")?;
        Ok(stdout.flush()?)
    }

    /// Says something that is no answer.
    pub(super) fn note(&self, note: &str) {
        let _ = writeln!(io::stderr(), "note: {}", shown(note));
    }

    /// Marks the command as failed; it goes on.
    pub(super) fn fail(&mut self) {
        self.has_failed = true;
    }

    /// Writes an error in place of an answer and goes on.
    pub(super) fn failure(&mut self, failure: &Failure, about: Option<&str>) -> Result<(), Failure> {
        if failure.kind == FailureKind::Closed {
            return Err(failure.clone());
        }
        self.fail();
        if self.is_json {
            return self.json(&failure.json());
        }
        let _ = writeln!(io::stderr(), "{}", shown(&failure.text(about)));
        Ok(())
    }

    /// Ends with an error.
    pub(super) fn end(&mut self, failure: &Failure) -> ExitCode {
        match self.failure(failure, None) {
            Ok(()) if failure.kind == FailureKind::Usage => ExitCode::from(2),
            _ => self.exit_code(),
        }
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        if self.has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// Names and values come from files: what a terminal would obey is shown instead. Lines stay lines, so
/// cells and names are made harmless before they are set in lines.
pub(super) fn shown(text: &str) -> String {
    text.split('\n').map(sanitize).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_as_a_command() {
        assert_eq!(shown("a\u{1b}[2J\r\n\u{9b}b"), "a␛[2J␍\n\u{fffd}b");
    }
}
