//! What the engine does at the edges: refusals, cancelling, fallbacks, orphans.

use std::sync::Arc;

use chrono::NaiveDate;
use segtui::catalog::Database;
use segtui::engine::{Cancel, Engine, EngineError, Money, TableCounts};
use segtui::segment::{Place, Segment};
use serde_json::{Value, json};
use tempfile::TempDir;

const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();

/// A database of CSV files.
fn database(files: &[(&str, &str)]) -> (TempDir, Arc<Database>) {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let database = crate::conformance::open(folder.path());
    (folder, database)
}

fn shop(files: &[(&str, &str)]) -> (TempDir, Engine) {
    let manifest = ("database.toml", "as_of = \"2024-02-29\"\nid = \"customer_id\"\n");
    let customers = ("Customers.csv", "customer_id,city\na,Chicago\nb,\nb,Boston\n\" \",Rome\n,Rome\nc,\n");
    let (folder, database) = database(&[&[manifest, customers], files].concat());
    (folder, Engine::new(database))
}

fn segment(definition: Value) -> Segment {
    let mut document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_1", "name": "n", "activation_id": "customer_id",
    });
    document.as_object_mut().unwrap().extend(definition.as_object().unwrap().clone());
    Segment::from_json(&document.to_string()).unwrap()
}

fn city(op: &str, value: Value) -> Value {
    json!({"attribute": {"table": "Customers", "column": "city"}, "op": op, "value": value})
}

fn refused(result: Result<segtui::engine::Evaluation, EngineError>) -> Place {
    match result {
        Err(EngineError::Refused(problem)) => problem.place,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_condition_in_the_making_is_left_out_live_and_refused_strictly() {
    let (_folder, engine) = shop(&[]);
    let cancel = Cancel::default();
    let half = segment(
        json!({"include": {"match": "all", "of": [city("is_exactly", "boston".into()), city("is_exactly", Value::Null)]}}),
    );
    let live = engine.evaluate(&half, AS_OF, &cancel).unwrap();
    assert_eq!((live.insights.unique_customers, live.waterfall.len(), live.problems.len()), (1, 3, 1));
    assert_eq!(refused(engine.evaluate_strictly(&half, AS_OF, &cancel)).to_string(), "include.1");
}

#[test]
fn what_is_no_tree_is_never_everybody() {
    let (_folder, engine) = shop(&[]);
    let cancel = Cancel::default();
    let query = segment(json!({"sql": "SELECT 1"}));
    assert_eq!(refused(engine.evaluate(&query, AS_OF, &cancel)), Place::Sql);
    let no_group = segment(json!({"include": {"match": "some", "of": []}}));
    assert_eq!(refused(engine.evaluate(&no_group, AS_OF, &cancel)).to_string(), "include");
    let mut other_id = segment(json!({}));
    other_id.activation_id = "email".to_owned();
    assert_eq!(refused(engine.evaluate(&other_id, AS_OF, &cancel)), Place::ActivationId);
}

#[test]
fn null_customers_are_counted_and_blank_ids_are_nobody() {
    let (_folder, engine) = shop(&[]);
    let not = segment(json!({"include": {"match": "all", "of": [city("is_not_exactly", "boston".into())]}}));
    let found = engine.evaluate(&not, AS_OF, &Cancel::default()).unwrap();
    let line = &found.waterfall[1];
    // b is in Boston on one row and unknown on the other; c is unknown on its only row.
    assert_eq!((line.alone, line.here, line.only, line.null), (1, 1, 2, 2));
    assert_eq!(found.all.unique_customers, 3);
    assert_eq!(engine.members(&not, AS_OF, &Cancel::default()).unwrap(), ["a"]);
}

#[test]
fn cancelled_work_stops_and_leaves_nothing_behind() {
    let (_folder, engine) = shop(&[]);
    let everybody = segment(json!({}));
    let cancel = Cancel::default();
    cancel.cancel();
    assert_eq!(engine.evaluate(&everybody, AS_OF, &cancel), Err(EngineError::Cancelled));
    assert_eq!(engine.evaluate(&everybody, AS_OF, &Cancel::default()).unwrap().insights.unique_customers, 3);
}

#[test]
fn rows_of_nobody_are_told_apart() {
    let (_folder, engine) = shop(&[("Visits.csv", "customer_id,n\na,1\na,2\nz,3\n,4\n\" \",5\nc,6\n")]);
    let counts = |table: &str, id: &str| engine.table_counts(table, id, &Cancel::default());
    let expected = TableCounts { rows: 6, customers: 2, orphan_rows: 1, is_multi_row: true };
    assert_eq!(counts("Visits", "customer_id"), Ok(expected));
    assert!(matches!(counts("Nowhere", "customer_id"), Err(EngineError::Missing { .. })));
    assert!(matches!(counts("Visits", "city"), Err(EngineError::Missing { .. })));
}

#[test]
fn money_is_exact_and_orders_of_orphans_do_not_count() {
    let orders = "customer_id,order_id,order_datetime,order_revenue\n\
        a,1,2024-02-29 23:59:59,0.1\na,2,2023-03-01 00:00:00,0.2\na,3,2023-02-28 23:59:59,100\n\
        a,4,2024-03-01 00:00:00,100\na,5,,100\nb,6,2024-01-01 00:00:00,\nb,7,2024-01-01 00:00:00,1.005\n\
        z,8,2024-01-01 00:00:00,100\n,9,2024-01-01 00:00:00,100\n";
    let (_folder, engine) = shop(&[("Unified_Transactions.csv", orders)]);
    let all = engine.evaluate(&segment(json!({})), AS_OF, &Cancel::default()).unwrap().all;
    // 0.1 + 0.2 + 1.005 is 1.305, half a cent away from both sides.
    assert_eq!((all.active_customers_1y, all.revenue_1y), (Some(2), Some(Money(131))));
    assert_eq!(all.reachable_customers, None);
}

#[test]
fn a_flag_that_is_no_boolean_is_refused() {
    let items =
        |flag: &str| format!("customer_id,order_id,order_datetime,is_return\na,1,2024-01-01,{flag}\n");
    let bought = segment(json!({"include": {"match": "all", "of": [
        {"purchase": "has_purchased", "op": "at_least", "value": 1}]}}));
    for (flag, expected) in [("", Some(1)), ("false", Some(1)), ("true", Some(0)), ("yes", None)] {
        let (_folder, engine) = shop(&[("Unified_Itemized_Transactions.csv", &items(flag))]);
        let found = engine.evaluate(&bought, AS_OF, &Cancel::default());
        assert_eq!(found.ok().map(|found| found.insights.unique_customers), expected, "{flag}");
    }
}

#[test]
fn a_million_values_in_a_list_take_no_time() {
    let (_folder, engine) = shop(&[]);
    let mut values: Vec<String> = (0..1_000_000).map(|number| format!("City {number}")).collect();
    values.push("CHICAGO".to_owned());
    let found = |op: &str| {
        let listed = segment(json!({"include": {"match": "all", "of": [city(op, json!(values))]}}));
        engine.members(&listed, AS_OF, &Cancel::default()).unwrap()
    };
    assert_eq!((found("is_in_list"), found("is_not_in_list")), (vec!["a".to_owned()], vec!["b".to_owned()]));
}

#[test]
fn a_removed_line_leaves_no_empty_group_behind() {
    let (_folder, engine) = shop(&[]);
    let nested = segment(json!({
        "include": {"match": "any", "of": [{"match": "all", "of": [city("is_exactly", "rome".into())]}]},
        "exclude": {"match": "all", "of": [{"match": "any", "of": [city("is_exactly", "chicago".into())]}]},
    }));
    let lines = engine.evaluate(&nested, AS_OF, &Cancel::default()).unwrap().waterfall;
    let numbers: Vec<_> = lines.iter().map(|line| (line.path.to_string(), line.here, line.only)).collect();
    // Without its only condition, include is everybody but Chicago, and exclude is nobody.
    let expected = [
        ("include", 0, 2),
        ("include.0", 0, 2),
        ("include.0.0", 0, 2),
        ("exclude", 0, 0),
        ("exclude.0", 0, 0),
        ("exclude.0.0", 0, 0),
    ];
    assert_eq!(numbers, expected.map(|(path, here, only)| (path.to_owned(), here, only)));
}
