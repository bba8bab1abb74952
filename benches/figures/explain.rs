//! Why customers are in a segment, on which days the answer is another one, and finding them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion};
use segtui::backend::{
    Backend, Cancel, Evaluate, Explain, FindChange, FindCustomers, ReadRows, Task, WantedNumbers,
    WrongConditions,
};
use segtui::local::Engine;
use segtui::local::cache::CacheFolder;
use segtui::segment::Segment;
use serde_json::json;

use crate::{budget, group_name, open, segment};

/// Each with rows of another table.
fn explained() -> Arc<Segment> {
    let ago = |months: u32| json!({"relative": format!("{months} months ago")});
    let bought = json!({"purchase": "has_purchased", "op": "more_than", "value": 2,
        "when": {"op": "after", "value": ago(24)},
        "where": [{"column": "item_quantity", "op": "is_greater_than", "value": 1}]});
    let first = json!({"purchase": "first_purchase", "when": {"op": "after", "value": ago(12)}});
    let city = json!({"attribute": {"table": "Customer_360", "column": "city"}, "op": "is_exactly", "value": "Chicago"});
    let spent = json!({"aggregate": {"table": "Unified_Transactions", "fn": "sum", "column": "order_revenue"},
        "op": "is_greater_than", "value": 500});
    let status = json!({"attribute":
        {"table": "Predicted_CLV_Attributes", "column": "predicted_customer_lifecycle_status"},
        "op": "is_in_list", "value": ["Active", "Cooling down", "At risk"]});
    Arc::new(segment(&[&city, &bought, &first, &spent, &status]))
}

pub fn explain(criterion: &mut Criterion, folder: &Path) {
    let kept = tempfile::tempdir().unwrap();
    let cache = Arc::new(CacheFolder::new(kept.path(), false));
    let database = open(folder);
    let (segment, cancel) = (explained(), Cancel::default());
    let as_of = Engine::new(Arc::clone(&database)).data_day();
    // As in the editor, whose numbers are there when somebody asks why.
    let edited = || {
        let engine = Engine::new(Arc::clone(&database)).with_cache(cache.of(folder)).with_budget(budget());
        let wrong = WrongConditions::LeaveOut;
        let question = Evaluate { segment: Arc::clone(&segment), as_of, wrong, wanted: WantedNumbers::All };
        Backend::evaluate(&engine, &question, Task::new(&cancel)).unwrap();
        engine
    };
    let known = edited();
    let columns = ["amperity_id", "email"].map(str::to_owned).to_vec();
    let question = ReadRows { table: "Customer_360".to_owned(), columns, as_of };
    let rows = Backend::read_rows(&known, &question, Task::new(&cancel)).unwrap();
    let value = |row: usize, column: usize| rows[row % rows.len()][column].clone();
    // Far from one another, each time another one.
    let mut at = 0;
    let mut next = || {
        at += 104_729;
        value(at, 0).unwrap()
    };
    let explain = |engine: &Engine, ids: Vec<String>| {
        let question = Explain { segment: Arc::clone(&segment), as_of, ids };
        Backend::explain(engine, &question, Task::new(&cancel)).unwrap()
    };
    explain(&known, vec![next()]);
    cache.finish();

    let mut group = criterion.benchmark_group(group_name(folder, "explain"));
    group.sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    group.bench_function("another customer (at most 50 ms)", |bench| {
        bench.iter_batched(&mut next, |id| explain(&known, vec![id]), BatchSize::PerIteration);
    });
    let id = next();
    group.bench_function("the same one again, as after an edit (at most 50 ms)", |bench| {
        bench.iter(|| explain(&known, vec![id.clone()]));
    });
    group.bench_function("20 customers side by side", |bench| {
        let some = || std::iter::repeat_with(&mut next).take(20).collect();
        bench.iter_batched(some, |ids| explain(&known, ids), BatchSize::PerIteration);
    });
    group.bench_function("10,000 customers side by side", |bench| {
        let many = || std::iter::repeat_with(&mut next).take(10_000).collect();
        bench.iter_batched(many, |ids| explain(&known, ids), BatchSize::PerIteration);
    });
    group.bench_function("days on which it is another one", |bench| {
        let question = |id| FindChange { segment: Arc::clone(&segment), as_of, id };
        let find = |id| Backend::find_change(&known, &question(id), Task::new(&cancel)).unwrap();
        bench.iter_batched(&mut next, find, BatchSize::PerIteration);
    });
    let search = |engine: &Engine, text: String| {
        let question = FindCustomers { text, activation_id: "amperity_id".to_owned(), as_of, limit: 50 };
        Backend::find_customers(engine, &question, Task::new(&cancel)).unwrap()
    };
    let emails: Vec<String> = (0..1000).filter_map(|row| value(row * 104_729, 1)).collect();
    search(&known, emails[0].clone());
    let mut email = emails.iter().cycle();
    group.bench_function("found by email (at most 100 ms)", |bench| {
        let next = || email.next().unwrap().clone();
        bench.iter_batched(next, |email| search(&known, email), BatchSize::PerIteration);
    });
    group.sample_size(10);
    group.bench_function("the first customer after opening (at most 300 ms)", |bench| {
        bench.iter_batched(edited, |engine| explain(&engine, vec![id.clone()]), BatchSize::PerIteration);
    });
    group.bench_function("the first search by email after opening", |bench| {
        bench.iter_batched(edited, |engine| search(&engine, emails[0].clone()), BatchSize::PerIteration);
    });
    group.finish();
}
