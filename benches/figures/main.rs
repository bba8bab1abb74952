//! What a person waits for, each with the figure to reach in its name. See `benches/README.md`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)] // a bench fails like a test

mod customers;
mod damage;
mod edits;
mod explain;
mod pages;
mod pickers;
mod starts;
mod typing;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use criterion::{Criterion, criterion_group};
use segtui::budget::Budget;
use segtui::local::files::LocalDatabase;
use segtui::local::files::{self};
use segtui::segment::Segment;

/// Names the databases, made by `segtui demo --customers 1000000 --order … --out …`, with `:` between them.
const DATABASE: &str = "SEGTUI_BENCH_DATA";

/// How many changes of files are to be opened, instead of taking figures.
const CHANGES: &str = "SEGTUI_BENCH_CHANGES";

fn folders() -> Vec<PathBuf> {
    let Some(folders) = std::env::var_os(DATABASE) else {
        eprintln!("{DATABASE} names no database; see benches/README.md");
        return Vec::new();
    };
    std::env::split_paths(&folders).collect()
}

/// The name of a group of figures that were taken on a database.
fn group_name(folder: &Path, what: &str) -> String {
    format!("{}: {what}", folder.file_name().unwrap_or_default().to_string_lossy())
}

fn open(folder: &Path) -> Arc<LocalDatabase> {
    Arc::new(files::open(folder, &|_| {}).unwrap())
}

/// How much memory engines keep: as the program does by default, or as `SEGTUI_MEMORY` says.
fn budget() -> usize {
    let said = std::env::var("SEGTUI_MEMORY").ok().map(|memory| memory.parse::<Budget>().unwrap());
    said.unwrap_or_default().bytes()
}

/// A segment of customers for whom all of some conditions hold.
fn segment(nodes: &[&serde_json::Value]) -> Segment {
    let document = serde_json::json!({
        "format": "segtui/segment", "version": 1, "id": "seg_bench", "name": "bench", "status": "draft",
        "database": "", "activation_id": "amperity_id", "revision": 1,
        "include": {"match": "all", "of": nodes}, "exclude": {"match": "any", "of": []},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

fn figures(criterion: &mut Criterion) {
    typing::wide(criterion);
    typing::long(criterion);
    typing::many_values(criterion);
    starts::wide(criterion);
    for folder in folders() {
        edits::edits(criterion, &folder);
        pages::pages(criterion, &folder);
        pickers::pickers(criterion, &folder);
        starts::starts(criterion, &folder);
        customers::customers(criterion, &folder);
        explain::explain(criterion, &folder);
    }
}

criterion_group!(benches, figures);

fn main() {
    if let Ok(changes) = std::env::var(CHANGES) {
        return damage::changes(changes.parse().unwrap());
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
