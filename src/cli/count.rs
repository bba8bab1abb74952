//! `segtui count`: the insights of segments, and the numbers of each line.

use std::sync::Arc;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::failure::Failure;
use super::insights;
use super::numbers;
use super::out::Out;
use super::overlaps;
use super::page;
use super::session::{Opened, Session, named};
use super::sheet::{self, Align};
use crate::backend::{Evaluate, Evaluation, Insights, WantedNumbers, WaterfallLine, WrongConditions};
use crate::segment::{NamedSchema, Node, Segment, Side, words};
use crate::ui::text::sanitize;

/// What to count.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A path to a document, an id, or a name with folders (Churn/High_CLV)
    #[arg(value_name = "SEGMENT", required = true)]
    segments: Vec<String>,
    /// Add the numbers of each condition
    #[arg(long)]
    waterfall: bool,
    /// Show what the segments share instead: each combination of up to five of them
    #[arg(long, conflicts_with = "waterfall")]
    overlaps: bool,
    /// Leave out the other insights, which take as long again where a database is opened for the first time
    #[arg(long, conflicts_with = "overlaps")]
    members_only: bool,
}

impl Args {
    fn wanted(&self) -> WantedNumbers {
        if self.members_only { WantedNumbers::Members } else { WantedNumbers::All }
    }
}

pub(super) fn run(args: &Args, session: &Session, out: &mut Out) -> Result<(), Failure> {
    if args.overlaps {
        return overlaps::run(&args.segments, session, out);
    }
    let opened = session.open()?;
    let mut finder = session.finder();
    let is_one = args.segments.len() == 1;
    let width = args.segments.iter().map(|reference| sanitize(reference).width()).max().unwrap_or_default();
    if !is_one && !out.is_json() && !args.waterfall {
        out.line(&headings(width, args.wanted(), &opened))?;
    }
    for reference in &args.segments {
        let counted = finder.find(reference).and_then(|segment| {
            opened.note_circumstances(&segment, out);
            let segment = Arc::new(segment);
            let wrong = WrongConditions::Refuse;
            let wanted = args.wanted();
            let question = Evaluate { segment: Arc::clone(&segment), as_of: opened.as_of, wrong, wanted };
            let evaluation = opened.backend.evaluate(&question, opened.task())?;
            note_unmatched(&segment, &evaluation, &opened, out);
            Ok((segment, evaluation))
        });
        match counted {
            Err(failure) => out.failure(&failure, (!is_one).then_some(reference))?,
            Ok((segment, evaluation)) if out.is_json() => {
                out.json(&answer(&segment, &evaluation, &opened, args))?;
            }
            Ok((segment, evaluation)) if is_one || args.waterfall => {
                out.line(&whole(&segment, &evaluation, &opened, args.wanted()))?;
                if args.waterfall {
                    out.line(&format!("\n{}", falls(&segment, &evaluation, &opened)))?;
                }
            }
            Ok((_, evaluation)) => {
                out.line(&line(reference, width, (&evaluation.insights, args.wanted()), &opened))?
            }
        }
    }
    Ok(())
}

/// Says so where ids of an uploaded file are nobody's.
fn note_unmatched(segment: &Segment, evaluation: &Evaluation, opened: &Opened, out: &Out) {
    for file in evaluation.files.iter().filter(|file| file.unmatched > 0) {
        let (unmatched, ids) = (numbers::count(file.unmatched), numbers::count(file.ids));
        let line = segment.node(&file.path).map(|node| in_words(node, segment, opened)).unwrap_or_default();
        let people = opened.database.words(&evaluation.activation_id).plural;
        out.note(&format!("{}: {line}: {unmatched} of its {ids} ids are no {people}", file.path));
    }
}

fn in_words(node: &Node, segment: &Segment, opened: &Opened) -> String {
    let name = |id: &str| opened.segment_name(id);
    words::sentence(node, &NamedSchema { schema: &opened.view(segment), names: name })
}

fn answer(segment: &Segment, evaluation: &Evaluation, opened: &Opened, args: &Args) -> Value {
    let elapsed = (evaluation.elapsed.as_secs_f64() * 1e4).round() / 10.0;
    let mut answer = json!({
        "elapsed_ms": elapsed, "segment": named(segment), "as_of": evaluation.as_of.to_string(),
        "activation_id": evaluation.activation_id,
    });
    if let Value::Object(map) = &mut answer {
        let wanted = |of| insights::as_json(of).into_iter().take(insights::count(args.wanted()));
        let keys = |of| wanted(of).map(|(key, value)| (key.to_owned(), value));
        map.extend(keys(&evaluation.insights));
        map.insert("all".to_owned(), Value::Object(keys(&evaluation.all).collect()));
        if args.waterfall {
            let lines = evaluation.waterfall.iter().map(|line| {
                json!({
                    "place": line.path.to_string(), "text": sentence(line, segment, opened),
                    "alone": line.alone, "here": line.here, "only": line.only, "null": line.null,
                })
            });
            map.insert("waterfall".to_owned(), lines.collect());
        }
    }
    answer
}

/// A line of a segment in words; a side is a group without a node.
fn sentence(line: &WaterfallLine, segment: &Segment, opened: &Opened) -> String {
    if let Some(node) = segment.node(&line.path) {
        return in_words(node, segment, opened);
    }
    let verb = match line.path.side {
        Side::Include => "Include",
        Side::Exclude => "Exclude",
    };
    let group = segment.side(line.path.side).map(|group| words::matching(group.matching)).unwrap_or_default();
    format!("{verb} {group} of the following")
}

fn headings(width: usize, wanted: WantedNumbers, opened: &Opened) -> String {
    let database = sanitize(&opened.database.name);
    let titles = cells(["UNIQUE", "ACTIVE 1Y", "REVENUE 1Y", "REACHABLE"].map(str::to_owned), wanted);
    format!("{database}, {}\n{:width$}{titles}", opened.days(), "SEGMENT")
}

fn line(
    reference: &str,
    width: usize,
    (insights, wanted): (&Insights, WantedNumbers),
    opened: &Opened,
) -> String {
    let cells = cells(insights::cells(insights, opened), wanted);
    let reference = sanitize(reference);
    let gap = " ".repeat(width.max("SEGMENT".len()) - reference.width());
    format!("{reference}{gap}{cells}")
}

/// The cells of a line beside the name of its segment.
fn cells([unique, active, revenue, reachable]: [String; 4], wanted: WantedNumbers) -> String {
    match wanted {
        WantedNumbers::Members => format!("  {unique:>13}"),
        WantedNumbers::All => format!("  {unique:>13}  {active:>13}  {revenue:>18}  {reachable:>13}"),
    }
}

fn whole(segment: &Segment, evaluation: &Evaluation, opened: &Opened, wanted: WantedNumbers) -> String {
    let people = opened.database.words(&evaluation.activation_id).plural;
    let numbers = insights::table((&evaluation.insights, &evaluation.all), wanted, &people, opened);
    let heading = page::heading(segment, opened);
    match wanted {
        WantedNumbers::Members => format!("{heading}\n\n{numbers}"),
        WantedNumbers::All => format!("{heading}\n\n{numbers}\n\nReachable says nothing of consent."),
    }
}

fn falls(segment: &Segment, evaluation: &Evaluation, opened: &Opened) -> String {
    let heading = ["PLACE", "ALONE", "HERE", "ONLY", "NULL", "LINE"].map(str::to_owned);
    let mut rows = vec![heading.to_vec()];
    for line in &evaluation.waterfall {
        let indent = "  ".repeat(line.path.steps.len());
        let text = sentence(line, segment, opened);
        rows.push(vec![
            line.path.to_string(),
            numbers::count(line.alone),
            numbers::count(line.here),
            numbers::signed(line.only),
            numbers::count(line.null),
            format!("{indent}{text}"),
        ]);
    }
    let right = Align::Right;
    sheet::set(&rows, &[Align::Left, right, right, right, right, Align::Left])
}
