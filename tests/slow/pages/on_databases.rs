//! The engine's pages and those of plain loops must agree on everything.

use std::cell::{Cell as Counter, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};
use proptest::prelude::*;
use segtui::backend::{
    Backend, BackendError, BreakDown, Cancel, ColumnName, Compare, DayRange, FollowTrend, Metric,
    MetricFormat, MetricFunction, MetricKind, SegmentAndAll, Summarize, Task, TrendStep, WrongConditions,
};
use segtui::local::Engine;
use segtui::local::files::LocalDatabase;
use segtui::segment::Segment;

use super::databases::{self, database};
use super::orders::past_year;
use super::{Pages, trend};
use crate::conformance::{cases, folder, open, workspace};
use crate::slow::engine_against_slow::runner;
use crate::slow::strategy::{AS_OF, KnownLists, Words, lists, segment, targets};
use crate::slow::{Rows, Slow};

const FUNCTIONS: [MetricFunction; 7] = [
    MetricFunction::Rows,
    MetricFunction::Count,
    MetricFunction::Distinct,
    MetricFunction::Sum,
    MetricFunction::Avg,
    MetricFunction::Min,
    MetricFunction::Max,
];

/// An engine and the rows that it reads.
struct Judge<'a> {
    engine: &'a Engine,
    pages: &'a Pages<'a>,
    /// Which metrics, attributes, ranges and steps are asked for goes round from case to case.
    turn: &'a Counter<usize>,
}

/// Nothing, as long as the engine is not there.
pub fn built<T>(answer: Result<T, BackendError>) -> Result<Option<T>, TestCaseError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.to_string().contains("still being built") => Ok(None),
        Err(error) => Err(TestCaseError::fail(format!("{error}"))),
    }
}

impl Judge<'_> {
    fn columns(&self) -> Vec<ColumnName> {
        let tables = self.pages.slow.tables.iter();
        let columns = tables.flat_map(|(table, rows)| {
            rows.columns()
                .iter()
                .map(|(column, _)| ColumnName { table: table.clone(), column: column.clone() })
        });
        columns.collect()
    }

    /// Some of many, other ones at each turn.
    fn some<T: Clone>(&self, of: &[T], count: usize) -> Vec<T> {
        let first = self.turn.get() * count;
        (0..count.min(of.len())).map(|at| of[(first + at) % of.len()].clone()).collect()
    }

    fn metrics(&self) -> Vec<Metric> {
        let metric = |kind, function, of: &ColumnName| Metric {
            database: String::new(),
            activation_id: String::new(),
            name: format!("{function:?} of {of:?}"),
            kind,
            table: of.table.clone(),
            column: (function != MetricFunction::Rows || kind == MetricKind::Bars).then(|| of.column.clone()),
            function,
            format: MetricFormat::Integer,
            unit: String::new(),
        };
        let of_column = |of: &ColumnName| {
            let numbers = FUNCTIONS.map(|function| metric(MetricKind::Number, function, of));
            let bars = metric(MetricKind::Bars, MetricFunction::Rows, of);
            numbers.into_iter().chain([bars]).collect::<Vec<Metric>>()
        };
        self.some(&self.columns().iter().flat_map(of_column).collect::<Vec<Metric>>(), 10)
    }

    fn range(&self, as_of: NaiveDate) -> DayRange {
        let ranges = [
            past_year(as_of),
            DayRange { from: as_of, to: as_of },
            DayRange { from: as_of - Months::new(700), to: as_of - Days::new(1) },
            DayRange { from: as_of - Months::new(9), to: as_of - Months::new(1) },
        ];
        ranges[self.turn.get() % ranges.len()]
    }

    fn summary(
        &self,
        segment: &Segment,
        members: &BTreeSet<String>,
        as_of: NaiveDate,
    ) -> Result<(), TestCaseError> {
        let (pages, data_day) = (self.pages, self.engine.data_day());
        let insights = SegmentAndAll {
            segment: pages.insights(members, as_of, data_day),
            all: pages.insights(&pages.all, as_of, data_day),
        };
        let evaluation = self.engine.evaluate_strictly(segment, as_of, &Cancel::default()).unwrap();
        prop_assert_eq!((evaluation.insights, evaluation.all), (insights.segment, insights.all));
        let metrics = self.metrics();
        let segment = Arc::new(segment.clone());
        let question =
            Summarize { segment: Arc::clone(&segment), as_of, metrics, wrong: WrongConditions::Refuse };
        let Some(found) = built(self.engine.summarize(&question, Task::new(&Cancel::default())))? else {
            return Ok(());
        };
        prop_assert_eq!(found.as_of, as_of);
        prop_assert_eq!(found.insights, insights);
        let orders = pages.orders();
        let tree = orders.as_ref().map(|orders| pages.revenue_tree(orders, members, as_of));
        prop_assert_eq!(found.revenue_tree.ok(), tree);
        if let Some(predicted) = pages.predicted(members) {
            prop_assert_eq!(found.predicted.ok().unwrap_or_default(), predicted);
        } else {
            prop_assert!(found.predicted.is_err());
        }
        let reachability = found.reachability.ok().unwrap_or_default();
        prop_assert_eq!(reachability, pages.reachability(members));
        let channels = orders.as_ref().and_then(|orders| pages.channels(orders, members, as_of));
        prop_assert_eq!(found.channels.ok(), channels);
        let spend = orders.as_ref().and_then(|orders| pages.lifetime_spend(orders, members, as_of));
        prop_assert_eq!(found.lifetime_spend.ok(), spend);
        let new = orders.as_ref().map(|orders| pages.new_purchasers(orders, members, as_of));
        prop_assert_eq!(found.new_purchasers.ok(), new);
        prop_assert_eq!(found.metrics.len(), question.metrics.len());
        for (metric, (name, value)) in question.metrics.iter().zip(found.metrics) {
            prop_assert_eq!(&metric.name, &name);
            prop_assert_eq!(value.ok(), pages.metric(metric, members), "{}", name);
        }
        Ok(())
    }

    fn breakdown(
        &self,
        segment: &Segment,
        members: &BTreeSet<String>,
        as_of: NaiveDate,
    ) -> Result<(), TestCaseError> {
        let range = self.range(as_of);
        let attributes = self.some(&self.columns(), 6);
        let (segment, wrong) = (Arc::new(segment.clone()), WrongConditions::Refuse);
        let question = BreakDown { segment, attributes, range, as_of, wrong };
        let Some(found) = built(self.engine.break_down(&question, Task::new(&Cancel::default())))? else {
            return Ok(());
        };
        prop_assert_eq!((found.as_of, found.range), (as_of, range));
        let orders = self.pages.orders();
        prop_assert_eq!(found.attributes.len(), question.attributes.len());
        for (wanted, (of, found)) in question.attributes.iter().zip(found.attributes) {
            prop_assert_eq!(wanted, &of);
            let expected =
                orders.as_ref().and_then(|orders| self.pages.breakdown(orders, wanted, members, range));
            prop_assert_eq!(found.ok(), expected, "{:?} {:?}", wanted, range);
        }
        Ok(())
    }

    fn comparison(
        &self,
        segments: &[(Segment, BTreeSet<String>)],
        as_of: NaiveDate,
    ) -> Result<(), TestCaseError> {
        let range = self.range(as_of);
        let question = Compare {
            segments: segments.iter().map(|(segment, _)| Arc::new(segment.clone())).collect(),
            range,
            as_of,
            wrong: WrongConditions::Refuse,
        };
        let Some(found) = built(self.engine.compare(&question, Task::new(&Cancel::default())))? else {
            return Ok(());
        };
        let members: Vec<BTreeSet<String>> = segments.iter().map(|(_, members)| members.clone()).collect();
        let mut expected = self.pages.comparison(self.pages.orders().as_ref(), &members, range);
        prop_assert_eq!((found.as_of, found.range), (as_of, range));
        prop_assert_eq!(found.columns, expected.columns);
        prop_assert_eq!(found.pairs, expected.pairs);
        let mut regions = found.regions;
        prop_assert!(regions.is_sorted_by_key(|region| std::cmp::Reverse(region.unique_customers)));
        regions.sort_by_key(|region| region.within.clone());
        expected.regions.sort_by_key(|region| region.within.clone());
        prop_assert_eq!(regions, expected.regions);
        Ok(())
    }

    fn trend(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        members: &dyn Fn(&Segment, NaiveDate) -> BTreeSet<String>,
    ) -> Result<(), TestCaseError> {
        let steps = [TrendStep::Month, TrendStep::Day, TrendStep::Week, TrendStep::Quarter];
        let step = steps[self.turn.get() % steps.len()];
        let wrong = WrongConditions::Refuse;
        let question = FollowTrend { segment: Arc::new(segment.clone()), step, as_of, wrong };
        let is_refused =
            |day: &NaiveDate| self.engine.evaluate_strictly(segment, *day, &Cancel::default()).is_err();
        if trend::days(as_of, step).iter().any(is_refused) {
            // A range from a day to one that moves is reversed on some of the days.
            let found = self.engine.follow_trend(&question, Task::new(&Cancel::default()));
            prop_assert!(found.is_err(), "{:?}", found);
            return Ok(());
        }
        let Some(found) = built(self.engine.follow_trend(&question, Task::new(&Cancel::default())))? else {
            return Ok(());
        };
        let data_day = self.engine.data_day();
        let point = |day| (day, self.pages.insights(&members(segment, day), day, data_day));
        let expected: Vec<_> = trend::days(as_of, step).into_iter().map(point).collect();
        prop_assert_eq!(found.points, expected, "{:?}", step);
        Ok(())
    }
}

fn next(turn: &Counter<usize>) {
    turn.set(turn.get() + 1);
}

/// A segment as it fails.
fn about(segment: &Segment, outcome: Result<(), TestCaseError>) -> Result<(), TestCaseError> {
    outcome.map_err(|error| TestCaseError::fail(format!("{error}\n{}", segment.to_json())))
}

pub fn random(segments: usize) -> impl Strategy<Value = (Arc<LocalDatabase>, KnownLists, Vec<Segment>)> {
    database().prop_flat_map(move |database| {
        let slow = Slow::new(&database, "id", AS_OF());
        // Purchases need all of its columns.
        let is_whole =
            |rows: &&Rows| ["item_revenue", "item_quantity"].into_iter().all(|column| rows.has(column));
        let items = slow.tables.get("items").filter(is_whole).map(|_| "items".to_owned());
        let words = Words { targets: targets(&slow), items, lists: Vec::new() };
        (Just(database).no_shrink(), lists(&words), Just(words)).prop_flat_map(
            move |(database, known, words)| {
                let words = Words { lists: known.sources(), ..words };
                let segments = prop::collection::vec(segment(&words), segments);
                (Just(database).no_shrink(), Just(known).no_shrink(), segments)
            },
        )
    })
}

#[test]
fn pages_of_random_databases() {
    let turn = Counter::new(0);
    runner(250)
        .run(&(random(5), 1..=5_usize), |((database, known, segments), count)| {
            let slow = Slow::new(&database, "id", databases::data_day());
            let judged = RefCell::new(
                Slow::new(&database, "id", databases::data_day()).with_lists(Arc::new(known.clone())),
            );
            let members = |segment: &Segment, day: NaiveDate| {
                judged.borrow_mut().as_of = day;
                judged.borrow().members(segment).into_iter().collect::<BTreeSet<String>>()
            };
            let pages = Pages::new(&slow, &database);
            let engine = || Engine::new(Arc::clone(&database)).with_lists(Arc::new(known.clone()));
            let days = [AS_OF(), AS_OF() - Days::new(1), AS_OF() - Months::new(2)];
            let as_of = days[turn.get() % days.len()];
            // Ranges that are right on one day may be reversed on another.
            let is_right =
                |segment: &Segment| engine().evaluate_strictly(segment, as_of, &Cancel::default()).is_ok();
            let segments: Vec<Segment> = segments.into_iter().filter(is_right).collect();
            if segments.is_empty() {
                next(&turn);
                return Ok(());
            }
            let count = count.min(segments.len());
            let with_members: Vec<_> =
                segments[..count].iter().map(|segment| (segment.clone(), members(segment, as_of))).collect();
            for engine in [engine(), engine().with_chunk_rows(8)] {
                let judge = Judge { engine: &engine, pages: &pages, turn: &turn };
                for (segment, ids) in &with_members[..1] {
                    about(segment, judge.summary(segment, ids, as_of))?;
                    about(segment, judge.breakdown(segment, ids, as_of))?;
                    about(segment, judge.trend(segment, as_of, &members))?;
                }
                judge.comparison(&with_members, as_of)?;
                next(&turn);
            }
            Ok(())
        })
        .unwrap();
}

/// What two copies of a database have in common.
struct Copies {
    engines: [Engine; 2],
    /// By activation ID.
    slow: BTreeMap<String, Slow>,
}

impl Copies {
    fn new(folder_of: Option<&str>) -> Self {
        let engine = |format| Engine::new(open(&folder(folder_of, format))).with_workspace_files(workspace());
        Self { engines: ["parquet", "csv"].map(engine), slow: BTreeMap::new() }
    }

    /// Whether the segment has members here at all: what it asks of may be missing.
    fn agree(
        &mut self,
        segment: &Segment,
        as_of: NaiveDate,
        turn: &Counter<usize>,
    ) -> Result<bool, TestCaseError> {
        let [parquet, _] = &self.engines;
        let Ok(ids) = parquet.members(segment, as_of, &Cancel::default()) else { return Ok(false) };
        let ids: BTreeSet<String> = ids.into_iter().collect();
        let id = parquet.database().activation_id(segment).to_owned();
        let slow = self.slow.entry(id.clone());
        let slow = slow.or_insert_with(|| Slow::new(parquet.database(), &id, as_of));
        let members = |segment: &Segment, day| {
            parquet.members(segment, day, &Cancel::default()).unwrap().into_iter().collect()
        };
        let pages = Pages::new(slow, parquet.database());
        for engine in &self.engines {
            let judge = Judge { engine, pages: &pages, turn };
            judge.summary(segment, &ids, as_of)?;
            judge.breakdown(segment, &ids, as_of)?;
            judge.trend(segment, as_of, &members)?;
            judge.comparison(&[(segment.clone(), ids.clone())], as_of)?;
        }
        next(turn);
        Ok(true)
    }
}

#[test]
fn pages_of_the_conformance_databases() {
    const VARIANTS: [Option<&str>; 5] = [
        None,
        Some("variants/items-only"),
        Some("variants/attributes-only"),
        Some("variants/bare"),
        Some("variants/no-customers"),
    ];
    let turn = Counter::new(0);
    let mut seen = VARIANTS.map(|_| 0);
    for (variant, seen) in VARIANTS.into_iter().zip(&mut seen) {
        let mut copies = Copies::new(variant);
        for (at, case) in cases().into_iter().enumerate() {
            // All that are of this one, and some of the others.
            if case.db.as_deref() == variant || at % 4 == 0 {
                let outcome = copies.agree(&case.segment, case.as_of, &turn);
                let outcome = outcome.map_err(|error| format!("{} on {variant:?}: {error}", case.name));
                *seen += u32::from(outcome.unwrap());
            }
        }
    }
    assert!(seen[0] > 200 && seen[1..].iter().all(|seen| *seen >= 4), "{seen:?}");
}

#[test]
fn pages_of_the_demo() {
    let turn = Counter::new(0);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let workspace = Arc::new(segtui::workspace::Workspace::new(root.join("workspace"), true));
    let engine = Engine::new(open(&root)).with_workspace_files(workspace.clone());
    let listing = workspace.list().unwrap();
    let mut with_members: BTreeMap<String, Vec<(Segment, BTreeSet<String>)>> = BTreeMap::new();
    let as_of = engine.data_day();
    let members = |segment: &Segment, day| {
        engine.members(segment, day, &Cancel::default()).unwrap().into_iter().collect::<BTreeSet<String>>()
    };
    for entry in &listing.segments {
        let (segment, _) = listing.find(&entry.id).unwrap();
        let id = engine.database().activation_id(&segment).to_owned();
        with_members.entry(id).or_default().push((segment.clone(), members(&segment, as_of)));
    }
    for (id, segments) in &with_members {
        let slow = Slow::new(engine.database(), id, as_of);
        let pages = Pages::new(&slow, engine.database());
        let judge = Judge { engine: &engine, pages: &pages, turn: &turn };
        for (segment, ids) in segments.iter().take(4) {
            judge.summary(segment, ids, as_of).unwrap();
            judge.breakdown(segment, ids, as_of).unwrap();
            judge.trend(segment, as_of, &members).unwrap();
            next(&turn);
        }
        judge.comparison(&segments[..segments.len().min(5)], as_of).unwrap();
    }
}
