//! A small shop made by hand, and what the tests of several pages ask it.

use std::sync::Arc;

use segtui::local::Engine;
use segtui::segment::Segment;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::conformance::open;

/// The tables of a database of CSV files whose data stands at 29 February 2024.
pub fn shop(tables: &[(&str, &str)]) -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("database.toml"), "as_of = \"2024-02-29\"\nid = \"id\"\n").unwrap();
    for (name, text) in tables {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let engine = Engine::new(open(folder.path()));
    (folder, engine)
}

/// Customers for whom all of some conditions hold.
pub fn segment(activation_id: &str, conditions: &[Value]) -> Arc<Segment> {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_1", "name": "n", "activation_id": activation_id,
        "include": {"match": "all", "of": conditions},
    });
    Arc::new(Segment::from_json(&document.to_string()).unwrap())
}

/// A condition on a column.
pub fn condition(table: &str, column: &str, op: &str, value: impl Into<Value>) -> Value {
    let value: Value = value.into();
    json!({"attribute": {"table": table, "column": column}, "op": op, "value": value})
}

/// Customers of the shop by their city.
pub fn of_city(city: &str) -> Arc<Segment> {
    segment("id", &[condition("Customers", "city", "is_exactly", city)])
}
