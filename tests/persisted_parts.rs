//! What engines keep in the cache folder: whatever becomes of it, answers are the same.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use segtui::backend::{Cancel, Insights, WaterfallLine};
use segtui::local::Engine;
use segtui::local::cache::CacheFolder;
use segtui::segment::Segment;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::conformance::{folder, open};

/// Engines that keep everything in a folder and next to nothing in memory, so that they fetch it again for
/// every answer.
struct Place {
    home: TempDir,
    cache: Arc<CacheFolder>,
}

impl Place {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        let cache = Arc::new(CacheFolder::new(home.path(), false));
        Self { home, cache }
    }

    fn engine(&self) -> Engine {
        let folder = folder(None, "parquet");
        plain().with_cache(self.cache.of(&folder)).with_budget(0)
    }

    /// All files that were written so far.
    fn files(&self) -> Vec<PathBuf> {
        self.cache.finish();
        let folders = fs::read_dir(self.home.path()).unwrap();
        let files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
        let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        files.sort();
        files
    }
}

/// Keeps nothing in a folder.
fn plain() -> Engine {
    Engine::new(open(&folder(None, "parquet"))).with_chunk_rows(32)
}

fn segments() -> Vec<Segment> {
    let items = "Unified_Itemized_Transactions";
    let bought = json!({
        "purchase": "has_purchased", "op": "at_least", "value": 1,
        "when": {"op": "after", "value": "2020-01-01"},
        "where": [{"column": "item_quantity", "op": "is_greater_than", "value": 0}],
    });
    let total = json!({"purchase": "total_value_of_orders", "op": "more_than", "value": 10});
    let cities = json!({"attribute": {"table": "Customer_360", "column": "city"}, "op": "is_not_null"});
    let distinct = json!({
        "aggregate": {"table": items, "fn": "count_distinct", "column": "order_id"},
        "op": "is_greater_than", "value": 1,
    });
    [bought, total, cities, distinct].into_iter().map(segment).collect()
}

fn segment(node: Value) -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_1", "name": "n", "activation_id": "amperity_id",
        "include": {"match": "all", "of": [node]},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

type Answer = (Vec<String>, Insights, Vec<WaterfallLine>);

fn answers(engine: &Engine) -> Vec<Answer> {
    let (day, cancel) = (engine.data_day(), Cancel::default());
    let answer = |segment: &Segment| {
        let evaluation = engine.evaluate_strictly(segment, day, &cancel).unwrap();
        let members = engine.members(segment, day, &cancel).unwrap();
        assert_eq!(members.len() as u64, evaluation.insights.unique_customers);
        (members, evaluation.insights, evaluation.waterfall)
    };
    segments().iter().map(answer).collect()
}

#[test]
fn what_is_removed_or_cut_while_it_is_in_use_is_made_anew() {
    let expected = answers(&plain());
    assert!(expected.iter().all(|(members, ..)| !members.is_empty()));
    let place = Place::new();
    assert_eq!(answers(&place.engine()), expected);
    let files = place.files();
    let parts =
        files.iter().filter(|file| file.file_name().unwrap().to_string_lossy().matches('.').count() > 1);
    assert!(parts.count() > 20, "{files:?}");
    for file in &files {
        let engine = place.engine();
        assert_eq!(answers(&engine), expected, "all is there but {}", file.display());
        let bytes = fs::read(file).unwrap();
        fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
        assert_eq!(answers(&engine), expected, "cut: {}", file.display());
        let again = place.engine();
        assert_eq!(answers(&again), expected);
        place.cache.finish();
        fs::remove_file(file).unwrap();
        assert_eq!(answers(&again), expected, "gone: {}", file.display());
    }
}

#[test]
fn what_is_cleared_while_it_is_in_use_is_made_anew() {
    let expected = answers(&plain());
    let place = Place::new();
    let engine = place.engine();
    assert_eq!(answers(&engine), expected);
    assert!(place.cache.clear(None).unwrap().files > 15);
    assert_eq!(answers(&engine), expected);
    assert_eq!(answers(&place.engine()), expected);
}

#[test]
fn chunks_of_another_length_are_persisted_too() {
    let place = Place::new();
    let expected = answers(&plain());
    for rows in [32, 64, 1 << 19, 32] {
        assert_eq!(answers(&place.engine().with_chunk_rows(rows)), expected, "{rows}");
        place.cache.finish();
    }
}
