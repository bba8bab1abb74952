//! The engine and the obvious evaluator must agree on everything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use segtui::backend::{Cancel, Count, ValueCounts, WaterfallLine};
use segtui::local::Engine;
use segtui::local::files::LocalDatabase;
use segtui::segment::{Node, NodePath, Segment, Side};
use segtui::workspace::Workspace;
use serde_json::json;

use super::strategy::{AS_OF, KnownLists, Words, database, lists, segment, targets};
use super::{Cell, Slow};
use crate::conformance::{folder, open, workspace};

pub fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7),
        ..Config::default()
    })
}

/// The lines of a segment, each worked out from the whole document anew.
fn slow_lines(slow: &Slow, segment: &Segment) -> Vec<WaterfallLine> {
    let members = slow.members(segment).len() as i64;
    let mut paths: Vec<NodePath> = Side::BOTH.map(NodePath::root).to_vec();
    paths.extend(segment.walk().into_iter().map(|(path, _)| path));
    paths.sort();
    let line = |path: NodePath| {
        let truths: Vec<Option<bool>> =
            slow.universe.iter().map(|id| truth(slow, segment, &path, id)).collect::<Option<_>>()?;
        let count = |of: Option<bool>| truths.iter().filter(|truth| **truth == of).count() as u64;
        let left = slow.universe.iter().filter(|id| slow.is_left_after(segment, &path, id)).count() as u64;
        let only = slow.members(&without(segment, &path)).len() as i64 - members;
        Some(WaterfallLine { alone: count(Some(true)), here: left, only, null: count(None), path })
    };
    // A node inside one that is off is not there either.
    let is_there = |path: &NodePath| {
        std::iter::successors(Some(path.clone()), |path| path.parent().map(|(parent, _)| parent)).all(
            |path| match segment.node(&path) {
                Some(node) => !node.is_off(),
                None => path.steps.is_empty() && (segment.side(path.side).unwrap().off != Some(true)),
            },
        )
    };
    let takes_part = |path: &NodePath| path.steps.is_empty() || is_there(path);
    paths.into_iter().filter(takes_part).filter_map(line).collect()
}

/// `None` if the line is not there.
pub fn truth(slow: &Slow, segment: &Segment, path: &NodePath, id: &str) -> Option<Option<bool>> {
    match segment.node(path) {
        Some(node) => slow.node(node, id),
        None => {
            Some(slow.group(segment.side(path.side).unwrap(), id).unwrap_or(Some(path.side == Side::Include)))
        }
    }
}

pub fn without(segment: &Segment, path: &NodePath) -> Segment {
    let mut segment = segment.clone();
    match segment.node_mut(path) {
        Some(node) => node.set_off(true),
        None => segment.side_mut(path.side).unwrap().off = Some(true),
    }
    segment
}

fn agree(engine: &Engine, slow: &Slow, segment: &Segment) -> Result<(), TestCaseError> {
    let cancel = Cancel::default();
    let members =
        engine.members(segment, AS_OF(), &cancel).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(&members, &slow.members(segment));
    let evaluation = engine.evaluate_strictly(segment, AS_OF(), &cancel).unwrap();
    prop_assert_eq!(evaluation.insights.unique_customers, members.len() as u64);
    prop_assert_eq!(evaluation.all.unique_customers, slow.universe.len() as u64);
    if !slow.universe.is_empty() {
        prop_assert_eq!(evaluation.waterfall, slow_lines(slow, segment));
    }
    Ok(())
}

#[test]
fn on_the_conformance_database() {
    // With the list as a table, too.
    let engine = |format| {
        let engine = Engine::new(open(&folder(None, format)));
        engine.with_workspace_files(workspace())
    };
    let [parquet, csv] = ["parquet", "csv"].map(engine);
    // Tables of several chunks, which hold other values each.
    let parquet = parquet.with_chunk_rows(16);
    let database = parquet.database_with_workspace(AS_OF());
    let slow = Slow::new(&database, "amperity_id", AS_OF()).with_lists(crate::conformance::lists());
    let lists =
        [json!({"segment": "seg_nested"}), json!({"segment": "seg_loyal"}), json!({"file": "vip.csv"})];
    let items = parquet.database().roles.items.clone();
    let segments = segment(&Words { targets: targets(&slow), items, lists: lists.to_vec() });
    runner(400)
        .run(&segments, |mut segment| {
            segment.activation_id = "amperity_id".to_owned();
            agree(&parquet, &slow, &segment)?;
            let [a, b] = [&parquet, &csv]
                .map(|engine| engine.evaluate(&segment, AS_OF(), &Cancel::default()).unwrap());
            prop_assert_eq!(a.insights, b.insights);
            prop_assert_eq!(a.all, b.all);
            prop_assert_eq!(a.waterfall, b.waterfall);
            prop_assert_eq!(a.files, b.files);
            prop_assert_eq!(a.problems, b.problems);
            Ok(())
        })
        .unwrap();
}

/// Rows of all tables and types, several of a customer, some of nobody, and numbers that are worked out.
const QUERIES: [(&str, &str); 3] = [
    ("all", "SELECT * FROM Customer_360 UNION ALL SELECT * FROM Customer_360 WHERE points > 100"),
    (
        "each",
        "SELECT amperity_id, COUNT(*) AS number, SUM(item_revenue) AS revenue, AVG(item_quantity) AS pieces,\n\
         MIN(order_datetime) AS first_at, MAX(CAST(order_datetime AS DATE)) AS last_on, MIN(is_return) AS kept\n\
         FROM Unified_Itemized_Transactions WHERE order_datetime < :as_of GROUP BY amperity_id",
    ),
    (
        "answers",
        "SELECT a.amperity_id, a.answer, a.rating / 2 AS half, c.birthdate, 'nobody' AS text\n\
         FROM Survey_Answers AS a JOIN Customer_360 AS c ON a.amperity_id = c.amperity_id",
    ),
];

#[test]
fn on_saved_queries() {
    let place = tempfile::tempdir().unwrap();
    for (name, text) in QUERIES {
        crate::flows::harness::put(&place.path().join(format!("queries/{name}.sql")), text);
    }
    let workspace = Arc::new(Workspace::new(place.path(), true));
    let [parquet, csv] = ["parquet", "csv"]
        .map(|format| Engine::new(open(&folder(None, format))).with_workspace_files(workspace.clone()));
    let names = QUERIES.map(|(name, _)| format!("queries/{name}"));
    let names = names.iter().map(String::as_str);
    let database = parquet.database_with_rows(names, AS_OF(), &Cancel::default()).unwrap();
    let slow = Slow::new(&database, "amperity_id", AS_OF());
    let of_query = targets(&slow).into_iter().filter(|target| target.table().starts_with("queries/"));
    let words = Words { targets: of_query.collect(), items: None, lists: Vec::new() };
    runner(300)
        .run(&segment(&words), |mut segment| {
            segment.activation_id = "amperity_id".to_owned();
            agree(&parquet, &slow, &segment)?;
            let [a, b] = [&parquet, &csv]
                .map(|engine| engine.evaluate(&segment, AS_OF(), &Cancel::default()).unwrap());
            prop_assert_eq!(a.insights, b.insights);
            prop_assert_eq!(a.waterfall, b.waterfall);
            Ok(())
        })
        .unwrap();
}

/// What segments over a random database can speak of, but for lists.
pub fn words(database: &LocalDatabase) -> Words {
    let slow = Slow::new(database, "id", AS_OF());
    Words { targets: targets(&slow), items: database.roles.items.clone(), lists: Vec::new() }
}

/// Random databases, each with lists and some segments.
pub fn random_databases(
    segments: usize,
) -> impl Strategy<Value = (Arc<LocalDatabase>, KnownLists, Vec<Segment>)> {
    database().prop_flat_map(move |database| {
        let known = lists(&words(&database));
        (Just(database).no_shrink(), known).prop_flat_map(move |(database, known)| {
            let words = Words { lists: known.sources(), ..words(&database) };
            let segments = prop::collection::vec(segment(&words), segments);
            (Just(database).no_shrink(), Just(known).no_shrink(), segments)
        })
    })
}

#[test]
fn on_random_databases() {
    runner(300)
        .run(&random_databases(3), |(database, known, segments)| {
            let slow = Slow::new(&database, "id", AS_OF()).with_lists(Arc::new(known.clone()));
            let engine = || Engine::new(Arc::clone(&database)).with_lists(Arc::new(known.clone()));
            for engine in [engine(), engine().with_chunk_rows(8)] {
                segments.iter().try_for_each(|segment| agree(&engine, &slow, segment))?;
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn values_are_counted() {
    runner(100)
        .run(&random_databases(1), |(database, known, segments)| {
            segments.iter().try_for_each(|segment| values_agree(&database, &known, segment))
        })
        .unwrap();
}

#[test]
fn overlaps_are_those_of_the_members() {
    runner(100)
        .run(&(random_databases(5), 1..=5_usize), |((database, known, segments), count)| {
            let segments = &segments[..count];
            let engine = Engine::new(database).with_lists(Arc::new(known));
            let cancel = Cancel::default();
            let members = |segment: &Segment| {
                engine.members(segment, AS_OF(), &cancel).unwrap().into_iter().collect::<BTreeSet<_>>()
            };
            let members: Vec<_> = segments.iter().map(members).collect();
            let overlaps = engine.overlaps(segments, AS_OF(), &cancel).unwrap();
            prop_assert_eq!(overlaps.len(), (1 << count) - 1);
            for overlap in &overlaps {
                let mut of = overlap.of.iter();
                let mut all = members[*of.next().unwrap()].clone();
                of.for_each(|at| all.retain(|id| members[*at].contains(id)));
                prop_assert_eq!(overlap.insights.unique_customers, all.len() as u64);
            }
            for (overlap, segment) in overlaps.iter().zip(segments) {
                let alone = engine.evaluate_strictly(segment, AS_OF(), &cancel).unwrap();
                prop_assert_eq!(overlap.insights, alone.insights);
            }
            Ok(())
        })
        .unwrap();
}

/// For every column, without every condition.
fn values_agree(
    database: &Arc<LocalDatabase>,
    known: &KnownLists,
    segment: &Segment,
) -> Result<(), TestCaseError> {
    let slow = Slow::new(database, "id", AS_OF()).with_lists(Arc::new(known.clone()));
    let engine = Engine::new(Arc::clone(database)).with_lists(Arc::new(known.clone())).with_chunk_rows(8);
    let conditions = segment.walk().into_iter().filter(|(_, node)| matches!(node, Node::Condition(_)));
    let without_any = conditions.map(|(path, _)| Some(path)).chain([None]);
    for path in without_any {
        let rest = path.as_ref().map_or_else(|| segment.clone(), |path| without(segment, path));
        let members: BTreeSet<String> = slow.members(&rest).into_iter().collect();
        for table in &database.tables {
            for column in table.columns() {
                let found = engine
                    .value_counts(
                        &table.name,
                        &column.name,
                        segment,
                        path.as_ref(),
                        AS_OF(),
                        &Cancel::default(),
                    )
                    .unwrap();
                prop_assert_eq!(found, slow_values(&slow, &table.name, &column.name, &members));
            }
        }
    }
    Ok(())
}

fn slow_values(slow: &Slow, table: &str, column: &str, members: &BTreeSet<String>) -> ValueCounts {
    let rows = &slow.tables[table];
    let mut ids_by_value: BTreeMap<Option<String>, BTreeSet<&String>> = BTreeMap::new();
    let mut range: Option<(Cell, Cell)> = None;
    for row in 0..rows.len() {
        let Some(id) = rows.ids[row].as_ref().filter(|id| slow.universe.contains(id)) else { continue };
        let cell = match rows.cell(row, column) {
            Cell::Time(time) => Cell::Day(time.date()),
            other => other.clone(),
        };
        let value = cell.text().map(|value| if value.trim().is_empty() { String::new() } else { value });
        ids_by_value.entry(value).or_default().insert(id);
        let is_less = |a: &Cell, b: &Cell| match (a, b) {
            (Cell::Whole(a), Cell::Whole(b)) => a < b,
            (Cell::Decimal(a), Cell::Decimal(b)) => a < b,
            (a, b) => a.day() < b.day(),
        };
        if matches!(cell, Cell::Whole(_) | Cell::Decimal(_) | Cell::Day(_)) {
            let (low, high) = range.unwrap_or_else(|| (cell.clone(), cell.clone()));
            range = Some((
                if is_less(&cell, &low) { cell.clone() } else { low },
                if is_less(&high, &cell) { cell } else { high },
            ));
        }
    }
    let count = |ids: &BTreeSet<&String>| Count {
        all: ids.len() as u64,
        segment: ids.iter().filter(|id| members.contains(**id)).count() as u64,
    };
    let mut counts = ValueCounts::default();
    for (value, ids) in &ids_by_value {
        match value.as_deref() {
            None => counts.null = count(ids),
            Some("") => counts.blank = count(ids),
            Some(value) => {
                counts.values.push(segtui::backend::ValueCount { value: value.to_owned(), count: count(ids) })
            }
        }
    }
    counts.values.sort_by_key(|value| std::cmp::Reverse(value.count.all));
    counts.range = range.map(|(low, high)| (low.text().unwrap(), high.text().unwrap()));
    counts
}
