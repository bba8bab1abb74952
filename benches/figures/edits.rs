//! From an edit to its exact numbers: insights, waterfall and all.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion};
use segtui::backend::{Cancel, Task};
use segtui::local::Engine;
use segtui::local::cache::CacheFolder;
use serde::Deserialize;
use serde_json::json;

use crate::{budget, group_name, open, segment};

#[derive(Deserialize)]
struct Question {
    name: String,
    at_most_ms: u64,
    node: serde_json::Value,
}

pub fn edits(criterion: &mut Criterion, folder: &Path) {
    let questions: Vec<Question> = serde_json::from_str(include_str!("conditions.json")).unwrap();
    let kept = tempfile::tempdir().unwrap();
    let cache = Arc::new(CacheFolder::new(kept.path(), false)).of(folder);
    let engine = Engine::new(open(folder)).with_cache(cache).with_budget(budget());
    let (day, cancel) = (engine.data_day(), Cancel::default());
    // As the program does when a database is opened.
    engine.read_ahead("amperity_id", day, Task::new(&cancel)).unwrap();
    let mut new = criterion.benchmark_group(group_name(folder, "new condition"));
    new.sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for Question { name, at_most_ms, node } in &questions {
        let segment = segment(&[node]);
        new.bench_function(format!("{name} (at most {at_most_ms} ms)"), |bench| {
            // The columns that it needs are in use before.
            engine.evaluate_strictly(&segment, day, &cancel).unwrap();
            bench.iter(|| {
                engine.forget_answers();
                engine.evaluate_strictly(&segment, day, &cancel).unwrap()
            });
        });
    }
    let mut number = 0;
    let mut has_purchased = || {
        number += 1;
        segment(&[&json!({
            "purchase": "has_purchased", "op": "exactly", "value": 1,
            "when": {"op": "after", "value": "2025-10-01"},
            "where": [
                {"column": "product_category", "op": "is_exactly", "value": format!("socks {number}")},
                {"column": "item_quantity", "op": "is_greater_than", "value": 0},
            ],
        })])
    };
    new.bench_function("has purchased, another value of one filter (at most 12 ms)", |bench| {
        bench.iter_batched(
            &mut has_purchased,
            |segment| engine.evaluate_strictly(&segment, day, &cancel).unwrap(),
            BatchSize::PerIteration,
        );
    });
    new.finish();
    let mut cached = criterion.benchmark_group(group_name(folder, "cached conditions"));
    let all: Vec<&serde_json::Value> = questions.iter().take(12).map(|question| &question.node).collect();
    for count in [1, 12] {
        let segment = segment(&all[..count]);
        cached.bench_function(format!("{count} (at most 2 ms)"), |bench| {
            engine.evaluate_strictly(&segment, day, &cancel).unwrap();
            bench.iter(|| engine.evaluate_strictly(&segment, day, &cancel).unwrap());
        });
    }
    cached.finish();
}
