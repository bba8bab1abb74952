//! What comes before the first answer, and what comes late.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion};
use polars::prelude::{Column, DataFrame, ParquetWriter};
use segtui::backend::{BackendError, Cancel, Task};
use segtui::diagnostic::Diagnostic;
use segtui::local::Engine;
use segtui::local::cache::CacheFolder;
use segtui::segment::{Ids, Lists, NoLists, Segment};
use serde_json::json;

use crate::{budget, group_name, open, segment};

/// Opening 100 tables with 200 columns each, and looking at their files again.
pub fn wide(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let columns: Vec<Column> = std::iter::once(Column::new("customer_id".into(), ["1", "2"]))
        .chain((1..200).map(|number| Column::new(format!("column_{number}").into(), [1_i64, 2])))
        .collect();
    let mut frame = DataFrame::new(2, columns).unwrap();
    for table in 0..100 {
        let file = std::fs::File::create(folder.path().join(format!("table_{table}.parquet"))).unwrap();
        ParquetWriter::new(file).finish(&mut frame).unwrap();
    }
    let mut group = criterion.benchmark_group("opening");
    group.sample_size(20).measurement_time(Duration::from_secs(3));
    group.bench_function("100 tables of 200 columns (at most 200 ms)", |bench| {
        bench.iter(|| open(folder.path()));
    });
    let database = open(folder.path());
    group.bench_function("looking whether any of them has changed (at most 1 ms)", |bench| {
        bench.iter(|| assert_eq!(database.changed(), None));
    });
    group.finish();
}

/// A list of all customers.
struct Everybody(Ids);

impl Lists for Everybody {
    fn segment(&self, id: &str) -> Result<Arc<Segment>, Diagnostic> {
        NoLists.segment(id)
    }

    fn file(&self, _: &str, _: &str) -> Result<Ids, Diagnostic> {
        Ok(self.0.clone())
    }

    fn query(&self, path: &str) -> Result<String, Diagnostic> {
        NoLists.query(path)
    }
}

pub fn starts(criterion: &mut Criterion, folder: &Path) {
    let socks = json!({
        "purchase": "has_purchased", "op": "exactly", "value": 1, "when": {"op": "after", "value": "2025-10-01"},
        "where": [{"column": "product_category", "op": "is_exactly", "value": "socks"}],
    });
    let boots = json!({
        "attribute": {"table": "Unified_Itemized_Transactions", "column": "product_subcategory"},
        "op": "is_exactly", "value": "boots",
    });
    let kept = tempfile::tempdir().unwrap();
    let cache = Arc::new(CacheFolder::new(kept.path(), false));
    let database = open(folder);
    let budget = budget();
    let fresh = || Engine::new(Arc::clone(&database)).with_budget(budget);
    let with_cache = || fresh().with_cache(cache.of(folder));
    let day = fresh().data_day();
    let cancel = Cancel::default();
    with_cache().read_ahead("amperity_id", day, Task::new(&cancel)).unwrap();
    cache.finish();

    let mut group = criterion.benchmark_group(group_name(folder, "first answer"));
    group.sample_size(10).warm_up_time(Duration::from_millis(1)).measurement_time(Duration::from_secs(5));
    for (name, node) in [("of attributes", &boots), ("of purchases", &socks)] {
        let segment = segment(&[node]);
        let answer = |engine: Engine| engine.evaluate_strictly(&segment, day, &cancel).unwrap();
        group.bench_function(format!("{name}, nothing kept (at most 1500 ms)"), |bench| {
            bench.iter_batched(fresh, answer, BatchSize::PerIteration);
        });
        group.bench_function(format!("{name}, from the cache folder (at most 150 ms)"), |bench| {
            bench.iter_batched(with_cache, answer, BatchSize::PerIteration);
        });
        // Without the cache folder, which would have the columns from the second time on.
        let ready = || {
            let engine = fresh();
            engine.read_ahead("amperity_id", day, Task::new(&cancel)).unwrap();
            engine
        };
        group.bench_function(format!("{name}, columns read for the first time (at most 150 ms)"), |bench| {
            bench.iter_batched(ready, answer, BatchSize::PerIteration);
        });
    }
    group.finish();

    let everybody = segment(&[]);
    let ids = with_cache().members(&everybody, day, &cancel).unwrap();
    let engine = with_cache().with_lists(Arc::new(Everybody(Ids::default())));
    engine.read_ahead("amperity_id", day, Task::new(&cancel)).unwrap();
    let listed = segment(&[&json!({"list": {"file": "ids.csv"}, "op": "is_member"})]);
    let mut group = criterion.benchmark_group(group_name(folder, "lists"));
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    group.bench_function(format!("{} ids (at most 300 ms)", ids.len()), |bench| {
        let new_list = || with_cache().with_lists(Arc::new(Everybody(Ids::from(ids.clone()))));
        let ready = || {
            let engine = new_list();
            engine.read_ahead("amperity_id", day, Task::new(&cancel)).unwrap();
            engine
        };
        bench.iter_batched(
            ready,
            |engine| engine.evaluate_strictly(&listed, day, &cancel).unwrap(),
            BatchSize::PerIteration,
        );
    });
    group.finish();
    stopping(criterion, folder, &fresh);
}

/// From being asked to stop until the work has stopped, at moments all over the reading ahead.
fn stopping(criterion: &mut Criterion, folder: &Path, fresh: &dyn Fn() -> Engine) {
    /// Between the moments, in ms; the reading ahead takes some seconds.
    const APART: u64 = 97;
    let mut moment = 0;
    let mut longest = Duration::ZERO;
    let mut group = criterion.benchmark_group(group_name(folder, "stopping"));
    group.sample_size(10).warm_up_time(Duration::from_millis(1)).measurement_time(Duration::from_secs(20));
    group.bench_function("the reading ahead (at most 50 ms)", |bench| {
        bench.iter_custom(|count| {
            let mut total = Duration::ZERO;
            for _ in 0..count {
                let (engine, cancel) = (fresh(), Cancel::default());
                let day = engine.data_day();
                let elapsed = std::thread::scope(|scope| {
                    let reading = scope.spawn(|| engine.read_ahead("amperity_id", day, Task::new(&cancel)));
                    std::thread::sleep(Duration::from_millis(moment));
                    moment = (moment + APART) % 2500;
                    let asked = Instant::now();
                    cancel.cancel();
                    let ended = reading.join().unwrap();
                    assert!(matches!(ended, Ok(()) | Err(BackendError::Cancelled)));
                    asked.elapsed()
                });
                longest = longest.max(elapsed);
                total += elapsed;
            }
            total
        });
    });
    group.finish();
    eprintln!("the longest took {longest:?}");
}
