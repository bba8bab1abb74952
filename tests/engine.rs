//! What the engine does at the edges: refusals, cancelling, fallbacks, orphans.

use std::sync::Arc;

use chrono::NaiveDate;
use segtui::backend::{BackendError, Cancel, Money, TableCounts};
use segtui::local::Engine;
use segtui::local::files::LocalDatabase;
use segtui::segment::{Place, Segment};
use serde_json::{Value, json};
use tempfile::TempDir;

const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();

/// A database of CSV files.
fn database(files: &[(&str, &str)]) -> (TempDir, Arc<LocalDatabase>) {
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

fn refused(result: Result<segtui::backend::Evaluation, BackendError>) -> Place {
    match result {
        Err(BackendError::Refused(problem)) => problem.diagnostic.place,
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
    assert_eq!(engine.evaluate(&everybody, AS_OF, &cancel), Err(BackendError::Cancelled));
    assert_eq!(engine.evaluate(&everybody, AS_OF, &Cancel::default()).unwrap().insights.unique_customers, 3);
}

#[test]
fn rows_of_nobody_are_told_apart() {
    let (_folder, engine) = shop(&[("Visits.csv", "customer_id,n\na,1\na,2\nz,3\n,4\n\" \",5\nc,6\n")]);
    let counts = |table: &str, id: &str| engine.table_counts(table, id, AS_OF, &Cancel::default());
    let expected = TableCounts { rows: 6, customers: 2, orphan_rows: 1, is_multi_row: true };
    assert_eq!(counts("Visits", "customer_id"), Ok(expected));
    assert!(matches!(counts("Nowhere", "customer_id"), Err(BackendError::Missing(_))));
    assert!(matches!(counts("Visits", "city"), Err(BackendError::Missing(_))));
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

#[test]
fn rows_and_filters_say_what_is_unknown() {
    let answers = "customer_id,question,answer\na,1,yes\na,2,no\nb,1,\nb,2,yes\nc,1,no\n";
    let (_folder, engine) = shop(&[("Answers.csv", answers)]);
    let line = |rows: &str, filters: Value| {
        let condition = json!({"attribute": {"table": "Answers", "column": "answer"}, "op": "is_exactly",
            "value": "YES", "rows": rows, "where": filters});
        let found = segment(json!({"include": {"match": "all", "of": [condition]}}));
        let found = engine.evaluate_strictly(&found, AS_OF, &Cancel::default()).unwrap();
        (found.waterfall[1].alone, found.waterfall[1].null)
    };
    let first = json!([{"column": "question", "op": "is", "value": 1}]);
    let third = json!([{"column": "question", "op": "is", "value": 3}]);
    // Of a, b and c: a has yes and no, b nothing and yes, c no.
    assert_eq!([line("any", json!([])), line("any", first.clone())], [(2, 0), (1, 1)]);
    assert_eq!([line("none", json!([])), line("none", first.clone())], [(1, 0), (2, 0)]);
    assert_eq!([line("every", json!([])), line("every", first)], [(0, 1), (1, 1)]);
    assert_eq!(["any", "none", "every"].map(|rows| line(rows, third.clone())), [(0, 0), (3, 0), (0, 0)]);
}

#[test]
fn aggregates_of_nothing_are_zero_or_null() {
    let visits = "customer_id,n,day\na,0.1,2024-01-01\na,0.2,2024-01-03\nb,,\nz,5,2024-01-01\n";
    let (_folder, engine) = shop(&[("Visits.csv", visits)]);
    let line = |function: &str, column: &str, op: &str, value: Value| {
        let condition = json!({"aggregate": {"table": "Visits", "fn": function, "column": column}, "op": op, "value": value});
        let found = segment(json!({"include": {"match": "all", "of": [condition]}}));
        let members = engine.members(&found, AS_OF, &Cancel::default()).unwrap();
        (members.join(" "), engine.evaluate(&found, AS_OF, &Cancel::default()).unwrap().waterfall[1].null)
    };
    let said = |members: &str, null| (members.to_owned(), null);
    assert_eq!(line("sum", "n", "is", json!(0.3)), said("a", 0));
    assert_eq!(line("sum", "n", "is", json!(0)), said("b c", 0));
    assert_eq!(line("count", "n", "is_less_than", json!(1)), said("b c", 0));
    assert_eq!(line("avg", "n", "is", json!(0.15)), said("a", 1));
    assert_eq!(line("avg", "n", "is_null", Value::Null), said("b c", 0));
    assert_eq!(line("max", "day", "is_after", json!("2024-01-02")), said("a", 1));
    assert_eq!(line("min", "day", "is_before", json!("2024-01-02")), said("a", 1));
}

#[test]
fn what_aggregates_and_purchases_lack_is_named() {
    let items = "customer_id,order_id,order_datetime,item_revenue\na,1,2024-01-01,much\n";
    let (_folder, engine) = shop(&[("Unified_Itemized_Transactions.csv", items)]);
    let places = |condition: Value| -> Vec<String> {
        let condition = segment(json!({"include": {"match": "all", "of": [condition]}}));
        let problems = engine.check(&condition, AS_OF).problems;
        problems
            .into_iter()
            .map(|problem| format!("{} {:?}", problem.diagnostic.place, problem.kind))
            .collect()
    };
    let aggregate = |function: &str, column: Value, op: &str| json!({"aggregate": {"table": "Customers", "fn": function, "column": column}, "op": op, "value": 1});
    assert_eq!(places(aggregate("sum", "city".into(), "is")), ["include.0 Invalid"]);
    assert_eq!(places(aggregate("count", "city".into(), "is_exactly")), ["include.0 Invalid"]);
    assert_eq!(places(aggregate("count_distinct", "city".into(), "is")), [""; 0]);
    let purchase = |behaviour: &str| json!({"purchase": behaviour, "op": "exactly", "value": 1});
    assert_eq!(places(purchase("total_value_of_orders")), ["include.0 Invalid"]);
    assert_eq!(places(purchase("total_quantity_of_items")), ["include.0 Invalid"]);
    assert_eq!(places(purchase("most_frequent_order")), ["include.0 Incomplete"]);
    let all_wrong = json!({"purchase": "total_value_of_orders", "op": "exactly",
        "when": {"op": "after", "value": "soon"}, "where": [
            {"column": "order_id", "op": "is_true"}, {"column": "order_id", "op": "is", "value": 1},
            {"column": "nothing", "op": "is_null"}]});
    let expected = [
        "include.0 Invalid",
        "include.0.when Invalid",
        "include.0.where.0 Invalid",
        "include.0.where.2 Invalid",
    ];
    assert_eq!(places(all_wrong), expected);
    let no_table = json!({"attribute": {"table": "Custom", "column": "c"}, "op": "is_null",
        "where": [{"column": "d", "op": "is_null"}]});
    assert_eq!(places(no_table), ["include.0 Invalid"]);
}

#[test]
fn the_first_order_is_the_earliest_then_the_least_by_text() {
    let items = "customer_id,order_id,order_datetime,sku,is_return\n\
        a,10,2024-01-05,x,\na,9,2024-01-05,y,\na,9,2024-01-07,z,\na,8,2024-01-01,w,true\n\
        b,1,2024-01-09,x,\nb,1,2024-01-02,y,\nb,2,2024-01-03,x,\n";
    let (_folder, engine) = shop(&[("Unified_Itemized_Transactions.csv", items)]);
    let bought = |behaviour: &str, sku: &str| {
        let filter = json!([{"column": "sku", "op": "is_exactly", "value": sku}]);
        let condition = json!({"purchase": behaviour, "where": filter});
        let found = segment(json!({"include": {"match": "all", "of": [condition]}}));
        engine.members(&found, AS_OF, &Cancel::default()).unwrap().join(" ")
    };
    // By text, 10 comes before 9; b's order 1 is as early as its earliest row.
    assert_eq!(["w", "x", "y", "z"].map(|sku| bought("first_purchase", sku)), ["", "a b", "b", ""]);
    assert_eq!(["w", "x", "y", "z"].map(|sku| bought("repeat_purchase", sku)), ["", "b", "a", "a"]);
    assert_eq!(["x", "y", "z"].map(|sku| bought("most_frequent_order", sku)), ["a b", "a", "a"]);
}

#[test]
fn members_are_counted_before_the_other_insights() {
    use segtui::backend::{Evaluate, WantedNumbers, WrongConditions};

    let orders = (
        "Unified_Transactions.csv",
        "customer_id,order_id,order_datetime,order_revenue\na,1,2024-01-05,7.5\n",
    );
    let (_folder, engine) = shop(&[orders]);
    let chicago = segment(json!({"include": {"match": "all", "of": [city("is_exactly", "Chicago".into())]}}));
    let numbers = |wanted| {
        let (segment, wrong) = (Arc::new(chicago.clone()), WrongConditions::Refuse);
        engine.numbers(&Evaluate { segment, as_of: AS_OF, wrong, wanted }, &Cancel::default()).unwrap()
    };
    let first = numbers(WantedNumbers::Members);
    assert!(!first.has_all_insights);
    assert_eq!((first.insights.unique_customers, first.all.unique_customers), (1, 3));
    assert_eq!((first.insights.active_customers_1y, first.all.revenue_1y), (None, None));
    let all = numbers(WantedNumbers::All);
    assert!(all.has_all_insights);
    assert_eq!((all.insights.active_customers_1y, all.all.revenue_1y), (Some(1), Some(Money(750))));
    assert_eq!(all.waterfall, first.waterfall);
    // What is at hand is not left out.
    assert_eq!(numbers(WantedNumbers::Members).insights, all.insights);
}
