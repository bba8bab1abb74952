//! `segtui summary`: the page that opens when a segment is saved.

mod json;
mod parts;
mod sheet;

use std::sync::Arc;

use super::failure::Failure;
use super::out::Out;
use super::page::Gaps;
use super::session::{Opened, Session};
use crate::backend::{Metric, Summarize, WrongConditions};
use crate::diagnostic::Diagnostic;
use crate::segment::Segment;
use crate::workspace::{Workspace, WorkspaceError};
use parts::Parts;

/// Which segment.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A path to a document, an id, or a name with folders (Churn/High_CLV)
    #[arg(value_name = "SEGMENT")]
    segment: String,
}

pub(super) fn run(args: &Args, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let opened = session.open()?;
    let segment = Arc::new(session.finder().find(&args.segment)?);
    opened.note_circumstances(&segment, out);
    let metrics = metrics(&segment, &opened, &session.workspace(), out);
    let (as_of, wrong) = (opened.as_of, WrongConditions::Refuse);
    let question = Summarize { segment: Arc::clone(&segment), as_of, metrics, wrong };
    let summary = opened.backend.summarize(&question, opened.task())?;
    let mut gaps = Gaps::default();
    let parts = Parts::new(&summary, &question.metrics, &mut gaps);
    if out.is_json() {
        out.json(&json::answer(&segment, &summary, &parts))?;
    } else {
        out.line(&sheet::text(&segment, &summary, &parts, &opened))?;
    }
    gaps.note(out);
    Ok(())
}

/// The custom metrics of the database and the activation ID.
fn metrics(segment: &Segment, opened: &Opened, workspace: &Workspace, out: &Out) -> Vec<Metric> {
    let (database, id) = (&opened.database.name, opened.database.activation_id(segment));
    // One that cannot be understood takes none of the others along.
    let (mut metrics, failure) = match workspace.readable_metrics() {
        Ok((metrics, damaged)) => {
            (metrics, damaged.map(|damaged| Diagnostic::from(WorkspaceError::from(damaged))))
        }
        Err(error) => (Vec::new(), Some(Diagnostic::from(error))),
    };
    if let Some(Diagnostic { message, help, .. }) = failure {
        let help = help.map(|help| format!("\n  {help}")).unwrap_or_default();
        out.note(&format!("not available: custom metrics: {message}{help}"));
    }
    metrics.retain(|metric| metric.database == *database && metric.activation_id == id);
    metrics
}
