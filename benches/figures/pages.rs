//! The pages of a segment whose members and orders were in use before.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{Days, NaiveDate};
use criterion::{BatchSize, BenchmarkGroup, Criterion, measurement::WallTime};
use segtui::backend::{
    Backend, BreakDown, Cancel, ColumnName, Compare, CompareSteps, DayRange, Evaluate, FollowTrend, Metric,
    Step, Summarize, Task, TrendStep, WantedNumbers, WrongConditions,
};
use segtui::database::DatabaseView;
use segtui::local::Engine;
use segtui::local::cache::CacheFolder;
use segtui::segment::{Segment, diff};
use serde_json::json;

use crate::{budget, group_name, open, segment};

/// One row for each customer, but for the last.
const ATTRIBUTES: [(&str, &str); 7] = [
    ("Customer_Attributes", "historical_purchaser_lifecycle_status"),
    ("Predicted_CLV_Attributes", "predicted_customer_lifetime_value_tier"),
    ("Customer_360", "state"),
    ("Customer_360", "city"),
    ("Transaction_Attributes_Extended", "first_order_purchase_channel"),
    ("Customer_360", "loyalty_tier"),
    ("Unified_Transactions", "purchase_channel"),
];
const WRONG: WrongConditions = WrongConditions::Refuse;

pub fn pages(criterion: &mut Criterion, folder: &Path) {
    let kept = tempfile::tempdir().unwrap();
    let cache = Arc::new(CacheFolder::new(kept.path(), false)).of(folder);
    let engine = Engine::new(open(folder)).with_cache(cache).with_budget(budget());
    let mut group = criterion.benchmark_group(group_name(folder, "pages"));
    group.sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    let segments = segments();
    summaries(&mut group, &engine, &segments, folder);
    trends(&mut group, &engine, &segments);
    breakdowns(&mut group, &engine, &segments);
    comparisons(&mut group, &engine, &segments);
    differences(&mut group, &engine, &segments);
    group.finish();
}

/// Of purchases in the past months, and of attributes.
fn segments() -> Vec<Arc<Segment>> {
    let bought = |months: u32| {
        json!({"purchase": "has_purchased", "op": "at_least", "value": 1,
            "when": {"op": "after", "value": {"relative": format!("{months} months ago")}}})
    };
    let state = |state: &str| json!({"attribute": {"table": "Customer_360", "column": "state"}, "op": "is_exactly", "value": state});
    let conditions =
        [vec![bought(6)], vec![bought(3)], vec![bought(12), state("CA")], vec![state("CA")], vec![]];
    conditions.iter().map(|of| Arc::new(segment(&of.iter().collect::<Vec<_>>()))).collect()
}

fn summaries(
    group: &mut BenchmarkGroup<'_, WallTime>,
    engine: &Engine,
    segments: &[Arc<Segment>],
    folder: &Path,
) {
    let summarize = |engine: &Engine, segment: &Arc<Segment>, metrics: &[Metric]| {
        let (segment, as_of) = (Arc::clone(segment), engine.data_day());
        let question = Summarize { segment, as_of, metrics: metrics.to_vec(), wrong: WRONG };
        let found = Backend::summarize(engine, &question, Task::new(&Cancel::default())).unwrap();
        assert!(found.revenue_tree.is_ok() && found.channels.is_ok() && found.lifetime_spend.is_ok());
        assert!(found.predicted.is_ok() && found.metrics.iter().all(|(_, metric)| metric.is_ok()));
        found
    };
    // The numbers of the editor are known, what only the summary needs is in the cache folder at most.
    let edited = |kept: &Path| {
        let cache = Arc::new(CacheFolder::new(kept, false)).of(folder);
        let engine = Engine::new(open(folder)).with_cache(cache).with_budget(budget());
        let question = Evaluate {
            segment: Arc::clone(&segments[0]),
            as_of: engine.data_day(),
            wrong: WRONG,
            wanted: WantedNumbers::All,
        };
        Backend::evaluate(&engine, &question, Task::new(&Cancel::default())).unwrap();
        engine
    };
    let kept = tempfile::tempdir().unwrap();
    drop(summarize(&edited(kept.path()), &segments[0], &[]));
    group.sample_size(10);
    group.bench_function("summary, for the first time since the start (at most 500 ms)", |bench| {
        bench.iter_batched(
            || edited(kept.path()),
            |engine| summarize(&engine, &segments[0], &[]),
            BatchSize::PerIteration,
        );
    });
    group.sample_size(20);
    for (name, metrics) in [("", Vec::new()), (", ten custom metrics", ten_metrics())] {
        let mut at = 0;
        group.bench_function(format!("summary of another segment{name} (at most 100 ms)"), |bench| {
            segments.iter().for_each(|segment| drop(summarize(engine, segment, &metrics)));
            bench.iter(|| {
                at += 1;
                summarize(engine, &segments[at % segments.len()], &metrics)
            });
        });
    }
}

fn ten_metrics() -> Vec<Metric> {
    let metric = |(kind, function, table, column): (&str, &str, &str, Option<&str>)| {
        let metric = json!({
            "database": "", "activation_id": "amperity_id", "name": function, "kind": kind, "table": table,
            "column": column, "fn": function, "format": "integer", "unit": "",
        });
        serde_json::from_value(metric).unwrap()
    };
    let (orders, customers) = ("Unified_Transactions", "Customer_360");
    let metrics = [
        ("number", "rows", orders, None),
        ("number", "sum", orders, Some("order_tax_amount")),
        ("number", "avg", orders, Some("order_shipping_amount")),
        ("number", "min", orders, Some("order_revenue")),
        ("number", "max", orders, Some("order_revenue")),
        ("number", "distinct", orders, Some("store_id")),
        ("number", "count", customers, Some("email")),
        ("bars", "rows", customers, Some("state")),
        ("bars", "rows", customers, Some("city")),
        ("bars", "rows", orders, Some("payment_method")),
    ];
    metrics.map(metric).to_vec()
}

fn trends(group: &mut BenchmarkGroup<'_, WallTime>, engine: &Engine, segments: &[Arc<Segment>]) {
    let follow = |segment: &Arc<Segment>| {
        let (segment, as_of) = (Arc::clone(segment), engine.data_day());
        let question = FollowTrend { segment, step: TrendStep::Month, as_of, wrong: WRONG };
        Backend::follow_trend(engine, &question, Task::new(&Cancel::default())).unwrap()
    };
    for (name, segment) in [("purchases", &segments[0]), ("attributes", &segments[3])] {
        group.bench_function(format!("trend, new condition on {name} (at most 250 ms)"), |bench| {
            follow(segment);
            bench.iter(|| {
                engine.forget_answers();
                follow(segment)
            });
        });
        group.bench_function(format!("trend, cached conditions on {name} (at most 250 ms)"), |bench| {
            follow(segment);
            bench.iter(|| follow(segment));
        });
    }
}

fn breakdowns(group: &mut BenchmarkGroup<'_, WallTime>, engine: &Engine, segments: &[Arc<Segment>]) {
    let break_down = |attributes: &[(&str, &str)], range: DayRange| {
        let name = |(table, column): &(&str, &str)| ColumnName {
            table: (*table).to_owned(),
            column: (*column).to_owned(),
        };
        let question = BreakDown {
            segment: Arc::clone(&segments[0]),
            attributes: attributes.iter().map(name).collect(),
            range,
            as_of: engine.data_day(),
            wrong: WRONG,
        };
        let found = Backend::break_down(engine, &question, Task::new(&Cancel::default())).unwrap();
        assert!(found.attributes.iter().all(|(_, found)| found.is_ok()), "{:?}", found.attributes);
        found
    };
    let year = DayRange::past_year(engine.data_day());
    for (name, attributes, at_most) in [
        ("of six attributes", ATTRIBUTES[..6].to_vec(), 150),
        ("of six attributes, one of them of all orders", ATTRIBUTES[1..].to_vec(), 150),
        ("of email", vec![("Customer_360", "email")], 1000),
    ] {
        group.bench_function(format!("breakdown {name} (at most {at_most} ms)"), |bench| {
            break_down(&attributes, year);
            bench.iter(|| break_down(&attributes, year));
        });
    }
    let mut days = 0;
    group.bench_function("breakdown of six attributes, another range of days (at most 250 ms)", |bench| {
        bench.iter(|| {
            days += 1;
            break_down(&ATTRIBUTES[..6], DayRange { from: year.from + Days::new(days % 300), ..year })
        });
    });
}

fn differences(group: &mut BenchmarkGroup<'_, WallTime>, engine: &Engine, segments: &[Arc<Segment>]) {
    let as_of: NaiveDate = engine.data_day();
    let database = Backend::database(engine);
    let view = DatabaseView { database, activation_id: &database.default_id };
    let differ = || {
        let steps = diff(&segments[0], &segments[1], &view).steps;
        let steps = steps.into_iter().map(|segment| Step { segment, as_of }).collect();
        let question = CompareSteps { steps, wrong: WRONG };
        Backend::compare_steps(engine, &question, Task::new(&Cancel::default())).unwrap()
    };
    group.bench_function("diff of two segments (at most 50 ms)", |bench| {
        differ();
        bench.iter(differ);
    });
}

fn comparisons(group: &mut BenchmarkGroup<'_, WallTime>, engine: &Engine, segments: &[Arc<Segment>]) {
    let as_of: NaiveDate = engine.data_day();
    for count in [1, 5] {
        let (segments, range) = (segments[..count].to_vec(), DayRange::past_year(as_of));
        let question = Compare { segments, range, as_of, wrong: WRONG };
        let compare = || Backend::compare(engine, &question, Task::new(&Cancel::default())).unwrap();
        group.bench_function(format!("compare {count} (at most 50 ms)"), |bench| {
            compare();
            bench.iter(compare);
        });
    }
}
