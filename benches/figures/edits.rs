//! From an edit to its exact numbers: insights, waterfall and all.

use std::path::Path;
use std::time::Duration;

use criterion::Criterion;
use segtui::budget::Budget;
use segtui::engine::{Cancel, Engine};
use serde::Deserialize;

use crate::{open, segment};

#[derive(Deserialize)]
struct Question {
    name: String,
    at_most_ms: u64,
    node: serde_json::Value,
}

pub fn edits(criterion: &mut Criterion, folder: &Path) {
    let questions: Vec<Question> = serde_json::from_str(include_str!("conditions.json")).unwrap();
    let engine = Engine::new(open(folder)).with_budget(Budget::default().bytes());
    let (day, cancel) = (engine.data_day(), Cancel::default());
    let mut new = criterion.benchmark_group("new condition");
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
    new.finish();
    let mut cached = criterion.benchmark_group("cached conditions");
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
