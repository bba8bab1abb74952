//! Members as a table, a window at a time, and handing them on.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion};
use segtui::backend::{
    Backend, Cancel, ListCustomers, MemberColumn, RowPick, SortBy, Task, WindowStart, WrongConditions,
};
use segtui::local::Engine;
use segtui::local::cache::CacheFolder;

use crate::{budget, group_name, open, segment};

/// How many rows a screen has.
const ROWS: usize = 40;

fn columns() -> Vec<MemberColumn> {
    let column = |table: &str, column: &str, pick: RowPick| MemberColumn {
        table: table.to_owned(),
        column: column.to_owned(),
        title: column.to_owned(),
        pick,
    };
    let items = "Unified_Itemized_Transactions";
    vec![
        column("Customer_360", "city", RowPick::Only),
        column("Customer_360", "email", RowPick::Only),
        column("Customer_360", "birthdate", RowPick::Only),
        column(items, "item_revenue", RowPick::Latest(Some("order_datetime".to_owned()))),
        column(items, "", RowPick::Count),
    ]
}

pub fn customers(criterion: &mut Criterion, folder: &Path) {
    let kept = tempfile::tempdir().unwrap();
    let cache = Arc::new(CacheFolder::new(kept.path(), false));
    let database = open(folder);
    let engine = || Engine::new(Arc::clone(&database)).with_cache(cache.of(folder)).with_budget(budget());
    let (everybody, cancel) = (Arc::new(segment(&[])), Cancel::default());
    let as_of = engine().data_day();
    let ask = |start: usize, sort: Option<usize>, search: Option<&str>| ListCustomers {
        segment: Arc::clone(&everybody),
        columns: columns(),
        sort: sort.map(|column| SortBy { column, is_descending: false }),
        search: search.map(str::to_owned),
        start: WindowStart::Row(start),
        rows: ROWS,
        as_of,
        wrong: WrongConditions::LeaveOut,
    };
    let window = |engine: &Engine, question: &ListCustomers| {
        Backend::list_customers(engine, question, Task::new(&cancel)).unwrap()
    };
    let known = engine();
    known.read_ahead("amperity_id", as_of, Task::new(&cancel)).unwrap();
    window(&known, &ask(0, None, None));
    cache.finish();

    let mut group = criterion.benchmark_group(group_name(folder, "customers"));
    group.sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    group.bench_function("first window (at most 50 ms)", |bench| {
        bench.iter_batched(
            || known.forget_answers(),
            |()| window(&known, &ask(0, None, None)),
            BatchSize::PerIteration,
        );
    });
    let mut start = 0;
    group.bench_function("a page down (at most 16 ms)", |bench| {
        bench.iter(|| {
            start = (start + ROWS) % 900_000;
            window(&known, &ask(start, None, None))
        });
    });
    for (at, column) in columns().iter().enumerate() {
        let question = ask(0, Some(at + 1), None);
        group.bench_function(
            format!("sorted by {} {:?} (at most 300 ms)", column.column, column.pick),
            |bench| {
                bench.iter_batched(
                    || known.forget_answers(),
                    |()| window(&known, &question),
                    BatchSize::PerIteration,
                );
            },
        );
        group.bench_function(
            format!("sorted by {} {:?}, a page down (at most 16 ms)", column.column, column.pick),
            |bench| {
                bench.iter(|| {
                    start = (start + ROWS) % 900_000;
                    window(&known, &ask(start, Some(at + 1), None))
                });
            },
        );
    }
    group.bench_function("searched (at most 300 ms)", |bench| {
        let question = ask(0, None, Some("smith"));
        bench.iter_batched(
            || known.forget_answers(),
            |()| window(&known, &question),
            BatchSize::PerIteration,
        );
    });
    group.sample_size(10);
    group.bench_function("first window of a new process, from the cache folder (at most 500 ms)", |bench| {
        bench.iter_batched(engine, |engine| window(&engine, &ask(0, None, None)), BatchSize::PerIteration);
    });
    group.finish();
    exports(criterion, folder);
}

/// The whole command, with what earlier ones have kept.
fn exports(criterion: &mut Criterion, folder: &Path) {
    let home = tempfile::tempdir().unwrap();
    let document = home.path().join("all.segment.json");
    std::fs::write(&document, segment(&[]).to_json()).unwrap();
    let mut group = criterion.benchmark_group(group_name(folder, "ids of everybody"));
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    for (ending, at_most_ms) in [("parquet", 1000), ("csv", 1500)] {
        let file = home.path().join(format!("ids.{ending}"));
        let write = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_segtui"));
            command.args(["members"]).arg(&document).arg("--data").arg(folder).arg("-o").arg(&file);
            command.env("HOME", home.path()).env("XDG_CACHE_HOME", home.path().join("cache"));
            assert!(command.stderr(Stdio::null()).status().unwrap().success());
        };
        write();
        group.bench_function(format!("to {ending} (at most {at_most_ms} ms)"), |bench| bench.iter(write));
    }
    group.finish();
}
