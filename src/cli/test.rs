//! `segtui test`: whether the tests in the documents hold.

mod junit;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::failure::Failure;
use super::members::target::{Destination, Target};
use super::numbers;
use super::out::Out;
use super::session::{Opened, Session, named};
use crate::backend::{RunTests, TestReport, run_tests};
use crate::export::owner_of_folder;
use crate::file_system::{atomic, canonical, reason};
use crate::segment::{Extra, Segment, Stamp};
use crate::ui::text::sanitize;
use crate::workspace::{Damaged, Expected, Listing, Target as Place, Version, Workspace, WorkspaceError};

use junit::Suite;

/// What to test.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A path to a document, an id, or a name with folders [default: all of the workspace that have tests]
    #[arg(value_name = "SEGMENT")]
    segments: Vec<String>,
    /// Write the results to a file as JUnit XML, too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Set the number that changes are measured from to the present one, in the document
    #[arg(long)]
    accept: bool,
}

pub(super) fn run(args: &Args, session: &Session, out: &mut Out) -> Result<(), Failure> {
    if session.common.read_only && (args.accept || args.junit.is_some()) {
        let option = if args.accept { "--accept" } else { "--junit" };
        return Err(Failure::usage(format!("{option} writes, and --read-only writes nothing")));
    }
    let opened = session.open()?;
    let workspace = session.workspace();
    let destination = args.junit.as_deref().map(|path| destination(path, &opened, &workspace)).transpose()?;
    let listing = workspace.list()?;
    let run = Run { args, session, opened: &opened, workspace: &workspace, listing: &listing };
    let mut suites = Vec::new();
    if args.segments.is_empty() {
        for damaged in &listing.damaged {
            let failure = Failure::from(WorkspaceError::from(damaged.clone()));
            out.failure(&failure, None)?;
            suites.push(Suite::broken(damaged_name(damaged), &failure));
        }
    }
    for reference in run.references() {
        match run.test(&reference, out) {
            Ok((segment, report)) => {
                tell(&segment, &report, out)?;
                suites.push(Suite::tested(run.title(&segment.id).unwrap_or(segment.name), report));
            }
            Err(failure) => {
                let title = run.title(&reference).unwrap_or(reference);
                out.failure(&failure, Some(&title))?;
                suites.push(Suite::broken(title, &failure));
            }
        }
    }
    if let (Some(destination), Some(path)) = (&destination, &args.junit) {
        let written = write(destination, &junit::document(&suites), session);
        written.map_err(|error| {
            let failure = Failure::data(format!("{}: {} is not written", reason(&error), path.display()));
            failure.help("check the folder and the disk; a file that was there before is as it was")
        })?;
    }
    if out.is_json() { Ok(()) } else { out.line(&summary(&suites)) }
}

/// Where the results go.
fn destination(path: &Path, opened: &Opened, workspace: &Workspace) -> Result<Destination, Failure> {
    let destination = Destination::of(path)
        .map_err(|error| Failure::data(format!("{}: {} is not written", reason(&error), path.display())))?;
    if let Destination::File(path) = &destination
        && let Some(owner) = owner_of_folder(path, &opened.database, workspace)
    {
        let failure = Failure::usage(format!("{} is in {owner}", path.display()));
        return Err(failure.help("choose another folder"));
    }
    Ok(destination)
}

fn write(destination: &Destination, text: &str, session: &Session) -> std::io::Result<()> {
    let mut target = Target::open(destination, true, &session.stop)?;
    target.write_all(text.as_bytes())?;
    target.finish()
}

fn damaged_name(damaged: &Damaged) -> String {
    damaged.path.display().to_string()
}

struct Run<'a> {
    args: &'a Args,
    session: &'a Session,
    opened: &'a Opened,
    workspace: &'a Workspace,
    listing: &'a Listing,
}

impl Run<'_> {
    /// What is asked for; without anything all segments that have tests.
    fn references(&self) -> Vec<String> {
        if !self.args.segments.is_empty() {
            return self.args.segments.clone();
        }
        let tested = self.listing.segments.iter().filter(|entry| entry.tests.is_some());
        tested.map(|entry| entry.id.clone()).collect()
    }

    /// The name with its folders of the segment with this id, if there is one in the workspace.
    fn title(&self, id: &str) -> Option<String> {
        self.listing.segment(id).map(|entry| self.listing.full_name(entry))
    }

    fn test(&self, reference: &str, out: &Out) -> Result<(Segment, TestReport), Failure> {
        let (segment, path) = self.listing.find(reference)?;
        self.opened.note_circumstances(&segment, out);
        let report = self.report(&segment)?;
        if !self.args.accept {
            return Ok((segment, report));
        }
        let tests = segment.tests.measured_from(report.members);
        if tests == segment.tests {
            return Ok((segment, report));
        }
        let measured = Segment { tests, ..segment.clone() };
        let measured = self.write(&segment, measured, &path)?;
        let members = numbers::count(report.members);
        out.note(&format!("{:?}: changes are measured from {members} from now on", measured.name));
        let report = self.report(&measured)?;
        Ok((measured, report))
    }

    fn report(&self, segment: &Segment) -> Result<TestReport, Failure> {
        let question = RunTests { segment: Arc::new(segment.clone()), as_of: self.opened.as_of };
        Ok(run_tests(&*self.opened.backend, &question, self.opened.task())?)
    }

    /// Saves a document: as a new revision where it is one of the workspace, else in its file.
    fn write(&self, before: &Segment, measured: Segment, path: &Path) -> Result<Segment, Failure> {
        let entry = self.listing.segment(&before.id);
        if entry.is_some_and(|entry| canonical(&entry.path) == canonical(path)) {
            let stamp = Stamp {
                at: DateTime::<Utc>::from(std::time::SystemTime::now())
                    .to_rfc3339_opts(SecondsFormat::Secs, true),
                by: self.session.paths.user().to_owned(),
                extra: Extra::new(),
            };
            let expected = Expected::Version(Version::of(before));
            return Ok(self.workspace.save(&measured, &Place::Keep, expected, &stamp)?.segment);
        }
        if measured.is_newer() {
            return Err(WorkspaceError::Newer { path: path.to_owned(), version: measured.version }.into());
        }
        atomic::replace(path, measured.to_json().as_bytes()).map_err(|error| {
            let failure = Failure::data(format!("{}: {} is not written", reason(&error), path.display()));
            failure.help("check the folder and the disk; the file is as it was")
        })?;
        Ok(measured)
    }
}

fn tell(segment: &Segment, report: &TestReport, out: &mut Out) -> Result<(), Failure> {
    if !report.passed() {
        out.fail();
    }
    if out.is_json() {
        let tests = report.outcomes.iter().map(|test| {
            json!({"index": test.index, "passed": test.passed, "message": test.message, "ids": test.ids})
        });
        return out.json(&json!({
            "segment": named(segment), "as_of": report.as_of.to_string(), "passed": report.passed(),
            "tests": tests.collect::<Value>(),
        }));
    }
    let name = sanitize(&segment.name);
    let all = report.outcomes.len();
    if report.passed() {
        return out.line(&match all {
            0 => format!("✓ {name}: it has no tests"),
            _ => format!("✓ {name}: {}", tests(all)),
        });
    }
    for test in report.outcomes.iter().filter(|test| !test.passed) {
        let (words, message) = (sanitize(&test.words), sanitize(&test.message));
        // The message says what is expected; an id that is named is not said twice.
        let names_id = test.ids.iter().any(|id| test.words.contains(id.as_str()));
        let words = if names_id { String::new() } else { format!(", {words}") };
        out.line(&format!("✗ {name}: tests.{}{words}: {message}", test.index))?;
    }
    Ok(())
}

fn tests(number: usize) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} test{plural}", numbers::count(number as u64))
}

/// `3 segments, 12 tests: 1 fails`
fn summary(suites: &[Suite]) -> String {
    let sum = |of: fn(&Suite) -> usize| suites.iter().map(of).sum::<usize>();
    let (all, failed, broken) = (sum(Suite::tests), sum(Suite::failed), sum(Suite::errors));
    let segments = match suites.len() {
        0 => return "no segment of the workspace has tests".to_owned(),
        1 => "1 segment".to_owned(),
        many => format!("{} segments", numbers::count(many as u64)),
    };
    let mut said = vec![match failed {
        0 => "all hold".to_owned(),
        1 => "1 fails".to_owned(),
        many => format!("{} fail", numbers::count(many as u64)),
    }];
    match broken {
        0 => {}
        1 => said.push("1 segment cannot be tested".to_owned()),
        many => said.push(format!("{} segments cannot be tested", numbers::count(many as u64))),
    }
    if broken > 0 && failed == 0 {
        said.remove(0);
    }
    format!("{segments}, {}: {}", tests(all), said.join(", "))
}
