//! From an edit to its exact numbers: insights, waterfall and all. See `benches/README.md`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)] // a bench fails like a test

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use segtui::catalog;
use segtui::engine::{Cancel, Engine};
use segtui::segment::Segment;
use serde::Deserialize;

/// Where the database is, made by `segtui demo --customers 1000000 --out …`.
const DATABASE: &str = "SEGTUI_BENCH_DATA";

#[derive(Deserialize)]
struct Question {
    name: String,
    at_most_ms: u64,
    node: serde_json::Value,
}

fn segment(nodes: &[&serde_json::Value]) -> Segment {
    let document = serde_json::json!({
        "format": "segtui/segment", "version": 1, "id": "seg_bench", "name": "bench", "status": "draft",
        "database": "", "activation_id": "amperity_id", "revision": 1,
        "include": {"match": "all", "of": nodes}, "exclude": {"match": "any", "of": []},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

fn edits(criterion: &mut Criterion) {
    let Some(folder) = std::env::var_os(DATABASE).map(PathBuf::from) else {
        eprintln!("{DATABASE} names no database; see benches/README.md");
        return;
    };
    let questions: Vec<Question> = serde_json::from_str(include_str!("conditions.json")).unwrap();
    let engine = Engine::new(Arc::new(catalog::open(&folder, &|_| {}).unwrap()));
    let (day, cancel) = (engine.data_day(), Cancel::default());
    engine.warm_up("amperity_id", day, &|_| {}, &cancel).unwrap();
    let mut new = criterion.benchmark_group("new condition");
    new.sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for Question { name, at_most_ms, node } in &questions {
        let segment = segment(&[node]);
        // The columns that it needs are in use before.
        engine.evaluate_strictly(&segment, day, &cancel).unwrap();
        new.bench_function(format!("{name} (at most {at_most_ms} ms)"), |bench| {
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
        engine.evaluate_strictly(&segment, day, &cancel).unwrap();
        cached.bench_function(format!("{count} (at most 2 ms)"), |bench| {
            bench.iter(|| engine.evaluate_strictly(&segment, day, &cancel).unwrap());
        });
    }
    cached.finish();
}

criterion_group!(benches, edits);
criterion_main!(benches);
