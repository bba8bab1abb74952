//! `segtui summary`: the page that opens when a segment is saved.

mod json;
mod sheet;

use std::sync::Arc;

use super::failure::Failure;
use super::out::Out;
use super::page::Gaps;
use super::session::{Opened, Session};
use crate::backend::{
    ListedValues, Metric, MetricValue, MonthCount, Predicted, Reachability, RevenueTree, SegmentAndAll,
    SpendBand, Summarize, Summary, WrongConditions,
};
use crate::diagnostic::Diagnostic;
use crate::segment::Segment;
use crate::workspace::Workspace;

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
    match workspace.metrics() {
        Ok(mut metrics) => {
            metrics.retain(|metric| metric.database == *database && metric.activation_id == id);
            metrics
        }
        Err(error) => {
            let Diagnostic { message, help, .. } = Diagnostic::from(error);
            let help = help.map(|help| format!("\n  {help}")).unwrap_or_default();
            out.note(&format!("not available: custom metrics: {message}{help}"));
            Vec::new()
        }
    }
}

/// What there is of the summary.
struct Parts<'a> {
    tree: Option<&'a SegmentAndAll<RevenueTree>>,
    predicted: Option<&'a SegmentAndAll<Predicted>>,
    reachability: Option<&'a SegmentAndAll<Reachability>>,
    channels: Option<&'a ListedValues<u64>>,
    spend: Option<&'a Vec<SegmentAndAll<SpendBand>>>,
    new_purchasers: Option<&'a Vec<MonthCount>>,
    metrics: Vec<(&'a Metric, Option<&'a MetricValue>)>,
}

impl<'a> Parts<'a> {
    fn new(summary: &'a Summary, metrics: &'a [Metric], gaps: &mut Gaps) -> Self {
        Self {
            tree: gaps.open("revenue tree", &summary.revenue_tree),
            predicted: gaps.open("predicted revenue", &summary.predicted),
            reachability: gaps.open("reachability", &summary.reachability),
            channels: gaps.open("purchasers by channel", &summary.channels),
            spend: gaps.open("revenue by lifetime spend", &summary.lifetime_spend),
            new_purchasers: gaps.open("new purchasers", &summary.new_purchasers),
            metrics: metrics
                .iter()
                .zip(&summary.metrics)
                .map(|(metric, (name, value))| (metric, gaps.open(name, value)))
                .collect(),
        }
    }
}
