//! `segtui check`: every problem of segments, with its place.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::failure::Failure;
use super::out::Out;
use super::session::{Opened, Session, named};
use crate::backend::{Advise, BackendError};
use crate::diagnostic::Diagnostic;
use crate::segment::{Place, Problem, Segment, Severity, test_problems};
use crate::ui::text::sanitize;
use crate::workspace::{self, Listing};

/// What to check.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A path to a document, an id, or a name with folders [default: the whole workspace]
    #[arg(value_name = "SEGMENT")]
    segments: Vec<String>,
}

/// One line of the answer.
struct Finding {
    is_error: bool,
    diagnostic: Diagnostic<Option<String>>,
}

pub(super) fn run(args: &Args, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let opened = session.open()?;
    let listing = session.workspace().list()?;
    let mut references = args.segments.clone();
    if references.is_empty() {
        references.extend(listing.segments.iter().map(|entry| entry.id.clone()));
        for damaged in &listing.damaged {
            out.failure(&workspace::WorkspaceError::from(damaged.clone()).into(), None)?;
        }
    }
    for reference in references {
        match listing.find(&reference) {
            Ok((segment, path)) => {
                let findings = findings(&segment, &path, &opened, &listing)?;
                report(&segment, &findings, out)?;
            }
            Err(error) => out.failure(&error.into(), None)?,
        }
    }
    Ok(())
}

fn findings(
    segment: &Segment,
    path: &Path,
    opened: &Opened,
    listing: &Listing,
) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    if let Some(note) = opened.other_database(segment) {
        findings.push(Finding::advice(Some("database"), note, "it is evaluated all the same"));
    }
    if let Some(note) = opened.default_id(segment) {
        let help = format!("write \"activation_id\": {:?} into it", opened.database.default_id);
        findings.push(Finding::advice(Some("activation_id"), note, help));
    }
    let (checked, _) = opened.backend.check(segment, opened.as_of);
    findings.extend(checked.problems.iter().map(Finding::from));
    findings.extend(test_problems(&segment.tests, opened.backend.lists()).iter().map(Finding::from));
    let question = Advise { segment: Arc::new(segment.clone()), as_of: opened.as_of };
    match opened.backend.advise(&question, opened.task()) {
        Ok(advice) => findings.extend(advice.iter().map(Finding::from)),
        // Why there is nothing to advise on is among the problems.
        Err(BackendError::Refused(_)) => {}
        Err(error @ (BackendError::Changed(_) | BackendError::Cancelled)) => return Err(error.into()),
        Err(error) => {
            let message = format!("the data could not be looked at: {error}");
            findings.push(Finding::advice(None, message, "count says what to do"));
        }
    }
    let rules = [workspace::validate_name(&segment.name), workspace::validate_labels(&segment.labels)];
    for error in rules.into_iter().filter_map(Result::err) {
        findings.push(Finding::advice(None, error.to_string(), error.help()));
    }
    // Names count where others look for them.
    if let Some(entry) = listing.segment(&segment.id).filter(|entry| entry.path == path) {
        let folder = entry.folder.as_deref().and_then(|id| listing.folder(id));
        let siblings =
            listing.segments.iter().filter(|other| other.folder == entry.folder && other.id != entry.id);
        let siblings: Vec<&str> = siblings.map(|other| other.name.as_str()).collect();
        for help in workspace::advice(&entry.name, folder.map(|folder| folder.name.as_str()), &siblings) {
            let message = format!("the name {:?} is weak", entry.name);
            findings.push(Finding::advice(None, message, help));
        }
    }
    Ok(findings)
}

fn report(segment: &Segment, findings: &[Finding], out: &mut Out) -> Result<(), Failure> {
    if findings.iter().any(|finding| finding.is_error) {
        out.fail();
    }
    if out.is_json() {
        let problems: Vec<Value> = findings.iter().map(Finding::json).collect();
        return out.json(&json!({"segment": named(segment), "problems": problems}));
    }
    let name = sanitize(&segment.name);
    if findings.is_empty() {
        return out.line(&format!("{name}: fine"));
    }
    for finding in findings {
        out.line(&finding.text(&name))?;
    }
    Ok(())
}

impl Finding {
    fn advice(place: Option<&str>, message: String, help: impl Into<String>) -> Self {
        let diagnostic = Diagnostic::new(message).with_help(help).at(place.map(str::to_owned));
        Self { is_error: false, diagnostic }
    }

    fn severity(&self) -> &'static str {
        if self.is_error { "error" } else { "advice" }
    }

    fn json(&self) -> Value {
        json!({
            "severity": self.severity(), "place": self.diagnostic.place,
            "message": self.diagnostic.message, "help": self.diagnostic.help,
        })
    }

    fn text(&self, name: &str) -> String {
        let help = self.diagnostic.help.as_ref().map(|help| format!("\n  {help}")).unwrap_or_default();
        format!("{name}: {}: {}{help}", self.severity(), self.diagnostic)
    }
}

impl From<&Problem> for Finding {
    fn from(problem: &Problem) -> Self {
        let named = |place: Place| (place != Place::Document).then(|| place.to_string());
        Self {
            is_error: problem.severity == Severity::Error,
            diagnostic: problem.diagnostic.clone().map_place(named),
        }
    }
}
