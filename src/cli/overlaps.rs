//! `segtui count --overlaps`: what segments share.

use serde_json::{Value, json};

use super::failure::Failure;
use super::insights;
use super::out::Out;
use super::session::{Opened, Session, named};
use super::sheet::{self, Align};
use crate::backend::{Overlap, Overlaps};
use crate::segment::Segment;
use crate::ui::text::sanitize;

/// Prints each combination of some segments, with the insights of those who are in all of them.
pub(super) fn run(references: &[String], session: &Session, out: &mut Out) -> Result<(), Failure> {
    let opened = session.open()?;
    let mut finder = session.finder();
    let segments = references.iter().map(|reference| finder.find(reference));
    let segments = segments.collect::<Result<Vec<Segment>, Failure>>()?;
    segments.iter().for_each(|segment| opened.note_circumstances(segment, out));
    let question = Overlaps { segments, as_of: opened.as_of };
    let overlaps = opened.backend.overlaps(&question, opened.task())?;
    let Overlaps { segments, .. } = question;
    if out.is_json() {
        let overlaps: Vec<Value> = overlaps.iter().map(|overlap| as_json(overlap, &segments)).collect();
        return out.json(&json!({"as_of": opened.as_of.to_string(), "overlaps": overlaps}));
    }
    out.line(&format!("{}, {}", sanitize(&opened.database.name), opened.days()))?;
    out.line(&table(&overlaps, references, &opened))
}

fn as_json(overlap: &Overlap, segments: &[Segment]) -> Value {
    let of: Vec<Value> = overlap.of.iter().filter_map(|at| segments.get(*at)).map(named).collect();
    let mut answer = json!({"of": of});
    if let Value::Object(map) = &mut answer {
        map.extend(insights::as_json(&overlap.insights).map(|(key, value)| (key.to_owned(), value)));
    }
    answer
}

fn table(overlaps: &[Overlap], references: &[String], opened: &Opened) -> String {
    let heading = ["UNIQUE", "ACTIVE 1Y", "REVENUE 1Y", "REACHABLE", "IN ALL OF"].map(str::to_owned);
    let mut rows = vec![heading.to_vec()];
    for overlap in overlaps {
        let names: Vec<String> =
            overlap.of.iter().filter_map(|at| references.get(*at)).map(|name| sanitize(name)).collect();
        let cells = insights::cells(&overlap.insights, opened);
        rows.push(cells.into_iter().chain([names.join(" & ")]).collect());
    }
    sheet::set(&rows, &[Align::Right, Align::Right, Align::Right, Align::Right, Align::Left])
}
