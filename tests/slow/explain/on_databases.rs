//! Every customer, in every case and in random segments.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use proptest::prelude::*;
use segtui::backend::{Backend, BackendError, Cancel, Explain, Explanation, MOST_WITH_ROWS, Task};
use segtui::local::Engine;
use segtui::segment::Segment;
use serde_json::json;

use super::{Checked, check, ensure, same};
use crate::conformance::{cases, folder, lists, open, workspace};
use crate::slow::Slow;
use crate::slow::engine_against_slow::{random_databases, runner};
use crate::slow::strategy::{AS_OF, Words, segment, targets};

/// Ids that are nobody's, or nearly somebody's.
const OTHERS: [&str; 9] = ["nobody", "A ", " a", "É", "c001", " c9", "", " ", "o'brien"];

fn explain(
    engine: &Engine,
    segment: &Segment,
    as_of: NaiveDate,
    ids: &[String],
) -> Result<Explanation, BackendError> {
    let question = Explain { segment: Arc::new(segment.clone()), as_of, ids: ids.to_vec() };
    Backend::explain(engine, &question, Task::new(&Cancel::default()))
}

/// Whether everybody is explained as plain loops find, few at a time and all at once.
fn everybody_is_explained(engine: &Engine, slow: &Slow, segment: &Segment) -> Checked {
    let nobodies = OTHERS.iter().map(|id| (*id).to_owned());
    let ids: Vec<String> = slow.universe.iter().cloned().chain(slow.orphans()).chain(nobodies).collect();
    let parts = ids.chunks(MOST_WITH_ROWS).chain((ids.len() > MOST_WITH_ROWS).then_some(&ids[..]));
    for ids in parts {
        let explanation = explain(engine, segment, slow.as_of, ids).map_err(|error| error.to_string())?;
        same("day", explanation.as_of, slow.as_of)?;
        same("problems", explanation.problems.len(), 0)?;
        check(slow, segment, ids, &explanation)?;
    }
    Ok(())
}

impl Slow {
    /// Some ids that are in tables and of no customer.
    fn orphans(&self) -> Vec<String> {
        let all = self.tables.values().flat_map(|rows| rows.ids.iter().flatten());
        let mut orphans: Vec<String> = all.filter(|id| !self.universe.contains(id)).cloned().collect();
        orphans.sort();
        orphans.dedup();
        orphans.truncate(5);
        orphans
    }
}

#[test]
fn in_every_case() {
    let mut engines: BTreeMap<PathBuf, Engine> = BTreeMap::new();
    let (mut checked, mut failures) = (0, Vec::new());
    for case in cases() {
        for format in ["parquet", "csv"] {
            let folder = folder(case.db.as_deref(), format);
            let engine = engines.entry(folder.clone()).or_insert_with(|| {
                Engine::new(open(&folder)).with_workspace_files(workspace()).with_chunk_rows(16)
            });
            let Ok(members) = engine.members(&case.segment, case.as_of, &Cancel::default()) else { continue };
            let database = engine.database_with_workspace(case.as_of);
            let id = engine.database().activation_id(&case.segment).to_owned();
            let slow = Slow::new(&database, &id, case.as_of).with_lists(lists());
            let found = match slow.knows(&case.segment) {
                true => everybody_is_explained(engine, &slow, &case.segment),
                false => verdicts_are(engine, &slow, &case.segment, &members),
            };
            checked += 1;
            failures.extend(found.err().map(|error| format!("{} ({format}): {error}", case.name)));
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    assert!(checked > 600, "{checked} cases");
}

/// Of a query there is only the verdict.
fn verdicts_are(engine: &Engine, slow: &Slow, segment: &Segment, members: &[String]) -> Checked {
    let explanation =
        explain(engine, segment, slow.as_of, &slow.universe).map_err(|error| error.to_string())?;
    for customer in &explanation.customers {
        same(&customer.id, customer.verdict.is_member, members.contains(&customer.id))?;
    }
    ensure(explanation.customers.len() == slow.universe.len(), || "some are missing".to_owned())
}

#[test]
fn in_random_segments_of_the_conformance_database() {
    let [parquet, csv] = ["parquet", "csv"]
        .map(|format| Engine::new(open(&folder(None, format))).with_workspace_files(workspace()));
    let engines = [parquet.with_chunk_rows(16), csv];
    let lists =
        [json!({"segment": "seg_nested"}), json!({"segment": "seg_loyal"}), json!({"file": "vip.csv"})];
    let slow = Slow::new(&engines[0].database_with_workspace(AS_OF()), "amperity_id", AS_OF())
        .with_lists(crate::conformance::lists());
    let items = engines[0].database().roles.items.clone();
    let segments = segment(&Words { targets: targets(&slow), items, lists: lists.to_vec() });
    runner(40)
        .run(&segments, |mut segment| {
            segment.activation_id = "amperity_id".to_owned();
            for engine in &engines {
                everybody_is_explained(engine, &slow, &segment).map_err(TestCaseError::fail)?;
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn in_random_segments_of_random_databases() {
    runner(120)
        .run(&random_databases(3), |(database, known, segments)| {
            let slow = Slow::new(&database, "id", AS_OF()).with_lists(Arc::new(known.clone()));
            let engine = || Engine::new(Arc::clone(&database)).with_lists(Arc::new(known.clone()));
            for engine in [engine(), engine().with_chunk_rows(8)] {
                for segment in &segments {
                    everybody_is_explained(&engine, &slow, segment).map_err(TestCaseError::fail)?;
                }
            }
            Ok(())
        })
        .unwrap();
}
