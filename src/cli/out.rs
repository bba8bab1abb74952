//! Answers on standard output, everything else on standard error.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use serde_json::Value;

use super::failure::{Failure, FailureKind};
use crate::control::json_text;
use crate::ui::text::sanitize_lines;

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
        self.exactly(&sanitize_lines(line))
    }

    /// Writes an answer that programs read, too: only a terminal gets it without what it would obey.
    pub(super) fn program_text(&self, text: &str) -> Result<(), Failure> {
        if io::stdout().is_terminal() { self.line(&text.replace('\t', "    ")) } else { self.exactly(text) }
    }

    /// Writes an answer as JSON.
    pub(super) fn json(&self, value: &Value) -> Result<(), Failure> {
        self.exactly(&json_text(value))
    }

    fn exactly(&self, line: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{line}")?;
        Ok(stdout.flush()?)
    }

    /// Says something that is no answer.
    pub(super) fn note(&self, note: &str) {
        let _ = writeln!(io::stderr(), "note: {}", sanitize_lines(note));
    }

    /// Marks the command as failed; it goes on.
    pub(super) fn fail(&mut self) {
        self.has_failed = true;
    }

    /// Writes an error in place of an answer and goes on.
    pub(super) fn failure(&mut self, failure: &Failure, about: Option<&str>) -> Result<(), Failure> {
        if matches!(failure.kind, FailureKind::Closed | FailureKind::Stopped) {
            return Err(failure.clone());
        }
        self.fail();
        if self.is_json && failure.kind != FailureKind::Output {
            return self.json(&failure.json());
        }
        let _ = writeln!(io::stderr(), "{}", sanitize_lines(&failure.text(about)));
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
