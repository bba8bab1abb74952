//! All counts of a picker: of every value of a column how many customers have it, of all and in the segment.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use criterion::Criterion;
use segtui::backend::Cancel;
use segtui::local::Engine;
use segtui::local::cache::CacheFolder;
use serde_json::json;

use crate::{budget, group_name, open, segment};

/// Columns with few values and with many, of the items table and of the customers table.
const COLUMNS: [(&str, &str); 6] = [
    ("Unified_Itemized_Transactions", "product_category"),
    ("Unified_Itemized_Transactions", "product_brand"),
    ("Unified_Itemized_Transactions", "product_name"),
    ("Unified_Itemized_Transactions", "item_quantity"),
    ("Customer_360", "state"),
    ("Customer_360", "city"),
];

pub fn pickers(criterion: &mut Criterion, folder: &Path) {
    let kept = tempfile::tempdir().unwrap();
    let cache = Arc::new(CacheFolder::new(kept.path(), false)).of(folder);
    let engine = Engine::new(open(folder)).with_cache(cache).with_budget(budget());
    let (day, cancel) = (engine.data_day(), Cancel::default());
    let segment = segment(&[&json!({
        "attribute": {"table": "Customer_360", "column": "state"}, "op": "is_exactly", "value": "CA",
    })]);
    let mut group = criterion.benchmark_group(group_name(folder, "picker"));
    group.sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for (table, column) in COLUMNS {
        group.bench_function(format!("{table} · {column} (at most 16 ms)"), |bench| {
            let count = || engine.value_counts(table, column, &segment, None, day, &cancel).unwrap();
            // The column is in use before.
            count();
            bench.iter(count);
        });
    }
    group.finish();
}
