//! `segtui diff`: what differs between two definitions, days or folders of data, and who joins and leaves by it.

mod answer;
mod data;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;

use super::failure::Failure;
use super::out::Out;
use super::session::{Opened, Session};
use crate::backend::{CompareSteps, Step, WrongConditions};
use crate::segment::{Change, ChangeKind, Difference, NamedSchema, Segment, TypedDay, diff};
use answer::{Answer, Compared};

/// What is compared.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A path to a document, an id, a name with folders (Churn/High_CLV), or one of these at a saved revision
    /// (High_CLV@3)
    #[arg(value_name = "A")]
    a: String,
    /// What it is compared with, named in the same ways [default: A, on another day or other data]
    #[arg(value_name = "B")]
    b: Option<String>,
    /// Day of evaluation; twice: the day of A, then that of B
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Vec<TypedDay>,
    /// Folder of the database; twice: that of A, then that of B
    #[arg(long, value_name = "DIR")]
    data: Vec<PathBuf>,
}

pub(super) fn run(args: &Args, session: &Session, out: &mut Out) -> Result<(), Failure> {
    check(args)?;
    if let [before, after] = args.data.as_slice() {
        return data::run(&args.a, [before, after], session, out);
    }
    let mut finder = session.finder();
    let a = Arc::new(finder.find_saved(&args.a)?);
    let b = args.b.as_ref().map(|reference| finder.find_saved(reference).map(Arc::new)).transpose()?;
    let opened = session.open()?;
    opened.note_circumstances(&a, out);
    let b = b.unwrap_or_else(|| Arc::clone(&a));
    let (day_a, day_b) = match args.as_of.as_slice() {
        [first, second, ..] => (opened.day(*first)?, opened.day(*second)?),
        _ => (opened.as_of, opened.as_of),
    };
    if !Arc::ptr_eq(&a, &b) {
        opened.note_circumstances(&b, out);
    }
    let steps = on_the_way((&a, day_a), (&b, day_b), &opened);
    let question = CompareSteps { steps: steps.steps, wrong: WrongConditions::Refuse };
    let found = opened.backend.compare_steps(&question, opened.task())?;
    let answer = Answer {
        a: Compared { segment: &a, as_of: day_a, data: None },
        b: Compared { segment: &b, as_of: day_b, data: None },
        changes: &steps.changes,
        all: found.all,
        by: &found.by,
        people: opened.database.words(&found.activation_id).plural,
    };
    if out.is_json() { out.json(&answer.json()) } else { out.line(&answer.text()) }
}

/// Refuses what leaves open which of two is compared.
fn check(args: &Args) -> Result<(), Failure> {
    let refused = |message: &str, help: &str| Err(Failure::usage(message).help(help));
    match (args.b.is_some(), args.as_of.len(), args.data.len()) {
        (_, 3.., _) => refused("a segment is compared on two days at most", "name --as-of twice"),
        (_, _, 3..) => refused("a segment is compared on two folders at most", "name --data twice"),
        (true, _, 2) => refused(
            "two segments on two folders of data are two comparisons",
            "compare the segments on one of the folders, then one segment on both",
        ),
        (_, 2, 2) => refused(
            "two days on two folders of data are two comparisons",
            "compare the days on one of the folders, then the folders on one day",
        ),
        (false, 0 | 1, 0 | 1) => refused(
            "there is nothing to compare it with",
            "name a second segment, or two days with --as-of, or two folders with --data",
        ),
        _ => Ok(()),
    }
}

/// The changes and the steps that they make.
struct Way {
    changes: Vec<Change>,
    steps: Vec<Step>,
}

/// From one definition on its day to the other on its own: the definition changes first, then the day.
fn on_the_way(
    (a, day_a): (&Arc<Segment>, NaiveDate),
    (b, day_b): (&Arc<Segment>, NaiveDate),
    opened: &Opened,
) -> Way {
    let names = |id: &str| opened.segment_name(id);
    let Difference { mut changes, steps } = diff(a, b, &NamedSchema { schema: &opened.view(b), names });
    let mut steps: Vec<Step> = steps.into_iter().map(|segment| Step { segment, as_of: day_a }).collect();
    if changes.is_empty() {
        // They may differ in what counts for nobody.
        steps.iter_mut().for_each(|step| step.segment = Arc::clone(a));
    }
    if day_a != day_b {
        steps.push(Step { segment: Arc::clone(b), as_of: day_b });
        changes.push(Change {
            kind: ChangeKind::Changed,
            place_a: None,
            place_b: None,
            text: format!("the day: {day_a} → {day_b}"),
        });
    }
    Way { changes, steps }
}
