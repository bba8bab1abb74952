//! Orders of more customers than are numbered in one go, and of one with more orders than 16 bits count.

use std::sync::Arc;

use chrono::NaiveDate;
use segtui::backend::{Cancel, Task};
use segtui::local::Engine;
use segtui::local::files::LocalDatabase;
use segtui::segment::Segment;
use serde_json::{Value, json};
use tempfile::TempDir;

const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
/// As many as make three parts.
const CUSTOMERS: usize = 10_000;
/// More than 16 bits count.
const MANY: usize = 66_000;

/// Customer `i` has `i % 4` orders of two rows each; the first of them is of socks, the others are of hats. Customers whose
/// number is odd have long order ids. Where `i % 8` is 6 or 7 all orders are of the same moment, and the first one is that
/// with the least id. The last customer has so many orders.
fn rows() -> Vec<String> {
    let mut rows = Vec::new();
    for customer in 0..CUSTOMERS {
        let count = if customer == CUSTOMERS - 1 { MANY } else { customer % 4 };
        for order in 0..count {
            let long = if customer % 2 == 1 { "-of-a-shop-with-long-ids" } else { "" };
            let (day, category) = (
                if customer % 8 >= 6 { 1 } else { 1 + order % 28 },
                if order == 0 { "socks" } else { "hats" },
            );
            // The same ids occur at other customers.
            let row = format!("c{customer:05},o{long}{order:05},2024-01-{day:02},{category},false\n");
            rows.extend([row.clone(), row]);
        }
    }
    rows
}

fn shop(mut rows: Vec<String>) -> (TempDir, Arc<LocalDatabase>) {
    // In any order, and always in the same.
    let mut random = fastrand::Rng::with_seed(7);
    random.shuffle(&mut rows);
    let folder = TempDir::new().unwrap();
    let customers: String = (0..CUSTOMERS).map(|customer| format!("c{customer:05},x\n")).collect();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    write("Customers.csv", format!("id,city\n{customers}"));
    write("Items.csv", format!("id,order_id,order_datetime,product_category,is_return\n{}", rows.concat()));
    write(
        "database.toml",
        "as_of = \"2024-02-29\"\nid = \"id\"\n[roles]\ncustomers = \"Customers\"\nitems = \"Items\"\n"
            .to_owned(),
    );
    let database = crate::conformance::open(folder.path());
    (folder, database)
}

fn count(engine: &Engine, condition: Value) -> u64 {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_1", "name": "n", "activation_id": "id",
        "include": {"match": "all", "of": [condition]},
    });
    let segment = Segment::from_json(&document.to_string()).unwrap();
    engine.evaluate_strictly(&segment, AS_OF, &Cancel::default()).unwrap().insights.unique_customers
}

#[test]
fn orders_are_told_apart_within_each_customer_however_little_memory_there_is() {
    let (_folder, database) = shop(rows());
    let socks = json!([{"column": "product_category", "op": "is_exactly", "value": "socks"}]);
    let with_orders = (0..CUSTOMERS).filter(|customer| customer % 4 > 0).count() as u64;
    let exactly = |orders: usize, filters: &Value| json!({"purchase": "has_purchased", "op": "exactly", "value": orders, "where": filters});
    let hats = json!([{"column": "product_category", "op": "is_exactly", "value": "hats"}]);
    // Two chunks' rows are more than there are, or as few as one part of the customers has.
    for (chunk_rows, budget) in [(1 << 19, 1 << 30), (1 << 12, 0)] {
        for is_read_ahead in [false, true] {
            let new = || Engine::new(Arc::clone(&database)).with_chunk_rows(chunk_rows).with_budget(budget);
            let engine = new();
            if is_read_ahead {
                engine.read_ahead("id", AS_OF, Task::new(&Cancel::default())).unwrap();
            }
            let of_two = (0..CUSTOMERS - 1).filter(|customer| customer % 4 == 3).count() as u64;
            assert_eq!(count(&engine, exactly(2, &hats)), of_two);
            assert_eq!(count(&engine, exactly(MANY - 1, &hats)), 1);
            assert_eq!(count(&engine, exactly(1, &socks)), with_orders);
            assert_eq!(count(&engine, json!({"purchase": "first_purchase", "where": socks})), with_orders);
            let others = with_orders - (0..CUSTOMERS).filter(|customer| customer % 4 == 1).count() as u64;
            assert_eq!(count(&engine, json!({"purchase": "repeat_purchase", "where": hats})), others);
            assert_eq!(count(&engine, json!({"purchase": "repeat_purchase", "where": socks})), 0);
        }
    }
}
