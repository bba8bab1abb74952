//! The nearest days on which a customer's answer is another one, against one day after the other by plain loops.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use segtui::backend::{Backend, BackendError, Cancel, FindChange, NearestChange, Task};
use segtui::diagnostic::Diagnostic;
use segtui::local::Engine;
use segtui::segment::{DateValue, Ids, Lists, Node, NodePath, Segment, Side};
use serde_json::{Value, json};

use crate::conformance::{self, folder, open};
use crate::slow::Slow;
use crate::slow::engine_against_slow::runner;
use crate::slow::strategy::{AS_OF, database};

/// A condition with its ranges: it is wrong where the ends of one are reversed, or where anniversaries are too far apart.
type Ranges = (NodePath, Vec<([DateValue; 2], bool)>);

/// One day after the other.
struct Plainly<'a> {
    slow: Slow,
    segment: &'a Segment,
    ranges: Vec<Ranges>,
    /// Without the conditions that are wrong.
    known: HashMap<Vec<bool>, Segment>,
}

impl<'a> Plainly<'a> {
    fn new(slow: Slow, segment: &'a Segment, nested: &BTreeMap<String, Arc<Segment>>) -> Self {
        let mut all = Vec::new();
        for (path, node) in segment.walk() {
            let Node::Condition(_) = node else { continue };
            let document: Value = serde_json::from_str(&segment.to_json()).unwrap();
            let mut at = &document[if path.side == Side::Include { "include" } else { "exclude" }];
            for step in &path.steps {
                at = &at["of"][*step];
            }
            let mut ranges = Vec::new();
            ranges_in(at, &mut ranges);
            // What is wrong in another segment makes the line wrong that refers to it.
            if let Some(id) = at["list"]["segment"].as_str() {
                let nested: Value = serde_json::from_str(&nested[id].to_json()).unwrap();
                ranges_in(&nested, &mut ranges);
            }
            all.push((path, ranges));
        }
        Self { slow, segment, ranges: all, known: HashMap::new() }
    }

    /// Which lines are wrong on a day.
    fn wrong(&self, day: NaiveDate) -> Vec<bool> {
        let is_wrong = |(ends, are_anniversaries): &([DateValue; 2], bool)| {
            let [first, last] = [0, 1].map(|end| ends[end].resolve(day).unwrap().at.start());
            first > last || *are_anniversaries && last - first > chrono::Duration::days(366)
        };
        self.ranges.iter().map(|(_, ranges)| ranges.iter().any(is_wrong)).collect()
    }

    /// Without the lines that are wrong.
    fn is_member(&mut self, day: NaiveDate) -> bool {
        let wrong = self.wrong(day);
        let (segment, ranges) = (self.segment, &self.ranges);
        let segment = self.known.entry(wrong.clone()).or_insert_with(|| {
            let mut segment = segment.clone();
            for ((path, _), _) in ranges.iter().zip(&wrong).filter(|(_, is_wrong)| **is_wrong) {
                segment.node_mut(path).unwrap().set_off(true);
            }
            segment
        });
        self.slow.set_day(day);
        !self.slow.members(segment).is_empty()
    }

    fn change(&mut self, id: &str, as_of: NaiveDate) -> NearestChange {
        self.slow.keep(id);
        let (now, wrong_now) = (self.is_member(as_of), self.wrong(as_of));
        // Where a further line is wrong there is no answer.
        let mut is_other = |day: &NaiveDate| {
            let wrong = self.wrong(*day);
            wrong.iter().zip(&wrong_now).all(|(wrong, now)| !wrong || *now) && self.is_member(*day) != now
        };
        let first = as_of - Months::new(120);
        let last = as_of + Months::new(120);
        let mut before = (1..).map(|days| as_of - Days::new(days)).take_while(|day| *day >= first);
        let mut after = (1..).map(|days| as_of + Days::new(days)).take_while(|day| *day <= last);
        NearestChange { before: before.find(&mut is_other), after: after.find(&mut is_other) }
    }
}

/// All pairs of dates, and whether they are of anniversaries.
fn ranges_in(value: &Value, ranges: &mut Vec<([DateValue; 2], bool)>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| ranges_in(value, ranges)),
        Value::Object(fields) => {
            if let Some([first, last]) = fields.get("value").and_then(Value::as_array).map(Vec::as_slice)
                && fields["op"] != "is_in_list"
                && let (Ok(first), Ok(last)) = (DateValue::from_json(first), DateValue::from_json(last))
            {
                ranges.push(([first, last], fields["op"] == "anniversary_is_between"));
            }
            fields.values().for_each(|value| ranges_in(value, ranges));
        }
        _ => {}
    }
}

fn find(
    engine: &Engine,
    segment: &Segment,
    as_of: NaiveDate,
    id: &str,
) -> Result<NearestChange, BackendError> {
    let question = FindChange { segment: Arc::new(segment.clone()), as_of, id: id.to_owned() };
    Backend::find_change(engine, &question, Task::new(&Cancel::default()))
}

/// Segments in memory.
#[derive(Clone, Debug, Default)]
struct Segments(BTreeMap<String, Arc<Segment>>);

impl Lists for Segments {
    fn segment(&self, id: &str) -> Result<Arc<Segment>, Diagnostic> {
        self.0.get(id).cloned().ok_or_else(|| Diagnostic::new(id.to_owned()))
    }

    fn file(&self, path: &str, _: &str) -> Result<Ids, Diagnostic> {
        Err(Diagnostic::new(path.to_owned()))
    }

    fn query(&self, path: &str) -> Result<String, Diagnostic> {
        Err(Diagnostic::new(path.to_owned()))
    }
}

const WORDS: &[&str] = &[
    "today",
    "yesterday",
    "1 month ago",
    "3 months ago",
    "1 year ago",
    "5 years ago",
    "start of week",
    "start of month",
    "start of quarter",
    "start of year",
    "2 weeks from now",
    "in 2 quarters",
    "400 days ago",
];

fn date() -> BoxedStrategy<Value> {
    let days = ["2024-02-28", "2024-02-29", "2023-03-01", "1970-01-01", "2030-01-01", "2016-05-31"];
    prop_oneof![
        3 => select(WORDS).prop_map(|words| json!({"relative": words})),
        1 => select(days.to_vec()).prop_map(|day| json!(day)),
    ]
    .boxed()
}

fn date_test() -> BoxedStrategy<Value> {
    let one = ["is", "is_not", "is_before", "is_after", "is_on_or_before", "is_on_or_after"];
    let two = ["is_between", "is_not_between"];
    let anniversaries = [["today", "in 30 days"], ["start of month", "today"], ["3 months ago", "tomorrow"]];
    let anniversaries = anniversaries.map(|[a, b]| json!([{"relative": a}, {"relative": b}]));
    let fixed = json!(["2024-02-29", {"relative": "today"}]);
    let anniversaries: Vec<Value> = anniversaries.into_iter().chain([fixed]).collect();
    prop_oneof![
        4 => (select(one.to_vec()), date()).prop_map(|(op, value)| json!({"op": op, "value": value})),
        2 => (select(two.to_vec()), date(), date(), any::<bool>())
            .prop_map(|(op, a, b, inclusive)| json!({"op": op, "value": [a, b], "inclusive": inclusive})),
        2 => select(anniversaries).prop_map(|value| json!({"op": "anniversary_is_between", "value": value})),
        1 => Just(json!({"op": "is_null"})),
    ]
    .boxed()
}

/// Filters on the dates and something else of a table.
fn filters(column: &'static str, other: Value) -> BoxedStrategy<Value> {
    let date = date_test().prop_map(move |mut test| {
        test["column"] = column.into();
        test
    });
    prop::collection::vec(prop_oneof![3 => date, 1 => Just(other)], 0..2).prop_map(Value::from).boxed()
}

fn window() -> BoxedStrategy<Value> {
    let one = ["on", "not_on", "before", "after", "on_or_before", "on_or_after"];
    prop_oneof![
        3 => (select(one.to_vec()), date()).prop_map(|(op, value)| json!({"op": op, "value": value})),
        1 => (date(), date()).prop_map(|(a, b)| json!({"op": "between", "value": [a, b], "inclusive": true})),
    ]
    .boxed()
}

fn condition() -> BoxedStrategy<Value> {
    let has_flag = json!({"column": "flag", "op": "is_true"});
    let has_category = json!({"column": "category", "op": "is_not_null"});
    let attribute = (date_test(), select(vec!["date", "time"]), select(vec!["any", "none", "every"]));
    let attribute =
        (attribute, filters("time", has_flag.clone())).prop_map(|((mut test, column, rows), filters)| {
            test["attribute"] = json!({"table": "people", "column": column});
            (test["rows"], test["where"]) = (rows.into(), filters);
            test
        });
    let aggregate = (date_test(), select(vec!["min", "max"]), filters("date", has_flag)).prop_map(
        |(mut test, function, filters)| {
            test["aggregate"] = json!({"table": "people", "fn": function, "column": "time"});
            test["where"] = filters;
            test
        },
    );
    let behaviours = [
        "has_purchased",
        "has_not_purchased",
        "first_purchase",
        "repeat_purchase",
        "total_quantity_of_items",
    ];
    let purchase = (select(behaviours.to_vec()), window(), filters("order_datetime", has_category), 0..3_i64);
    let purchase = purchase.prop_map(|(behaviour, when, filters, amount)| {
        let mut condition = json!({"purchase": behaviour, "when": when, "where": filters});
        if matches!(behaviour, "has_purchased" | "total_quantity_of_items") {
            (condition["op"], condition["value"]) = ("at_least".into(), amount.into());
        }
        condition
    });
    prop_oneof![3 => attribute, 2 => aggregate, 3 => purchase].boxed()
}

fn segment(id: &'static str, lists: Vec<&'static str>) -> BoxedStrategy<Segment> {
    let list =
        |op: &str| lists.iter().map(|id| json!({"list": {"segment": id}, "op": op})).collect::<Vec<_>>();
    let lists = [list("is_member"), list("is_not_member")].concat();
    let node = match lists.is_empty() {
        true => condition(),
        false => prop_oneof![4 => condition(), 1 => select(lists)].boxed(),
    };
    let group = |node: BoxedStrategy<Value>, size: std::ops::Range<usize>| {
        (select(vec!["all", "any"]), prop::collection::vec(node, size))
            .prop_map(|(matching, of)| json!({"match": matching, "of": of}))
            .boxed()
    };
    let inner = group(node.clone(), 1..3);
    let outer = prop_oneof![2 => node.clone(), 1 => inner].boxed();
    (group(outer, 0..3), group(node, 0..2))
        .prop_map(move |(include, exclude)| {
            let document = json!({
                "format": "segtui/segment", "version": 1, "id": id, "name": id, "activation_id": "id",
                "database": "random", "include": include, "exclude": exclude,
            });
            Segment::from_json(&document.to_string()).unwrap()
        })
        .boxed()
}

#[test]
fn on_random_databases_as_day_by_day() {
    let parts = (
        database(),
        segment("seg_nested", Vec::new()),
        segment("seg_random", vec!["seg_nested"]),
        any::<Index>(),
    );
    let (changes, same) = (Cell::new(0), Cell::new(0));
    runner(180)
        .run(&parts, |(database, nested, segment, index)| {
            let lists = Segments(BTreeMap::from([("seg_nested".to_owned(), Arc::new(nested))]));
            let slow = Slow::new(&database, "id", AS_OF()).with_lists(Arc::new(lists.clone()));
            let engine = Engine::new(database).with_lists(Arc::new(lists.clone()));
            let Some(id) = slow.universe.get(index.index(slow.universe.len().max(1))).cloned() else {
                return Ok(());
            };
            let expected = Plainly::new(slow, &segment, &lists.0).change(&id, AS_OF());
            let found = find(&engine, &segment, AS_OF(), &id).unwrap();
            prop_assert_eq!(found, expected, "{} in {}", id, segment.to_json());
            let counted = if expected == NearestChange::default() { &same } else { &changes };
            counted.set(counted.get() + 1);
            Ok(())
        })
        .unwrap();
    let (changes, same) = (changes.get(), same.get());
    assert!(changes > 20 && same > 5, "{changes} change and {same} do not");
}

#[test]
fn on_the_conformance_database_as_day_by_day() {
    let database = open(&folder(None, "parquet"));
    let engine = Engine::new(Arc::clone(&database)).with_workspace_files(conformance::workspace());
    let mut compared = 0;
    for (number, case) in conformance::cases().iter().enumerate() {
        let document = case.segment.to_json();
        let is_slow = !document.contains("\"sql\"") && !document.contains("\"list\"");
        let is_right = engine.check(&case.segment, case.as_of).problems.is_empty();
        if case.db.is_some() || !document.contains("\"relative\"") || !is_slow || !is_right {
            continue;
        }
        let id = database.activation_id(&case.segment).to_owned();
        let slow = Slow::new(&database, &id, case.as_of);
        let customer = slow.universe[number % slow.universe.len()].clone();
        let expected = Plainly::new(slow, &case.segment, &BTreeMap::new()).change(&customer, case.as_of);
        let found = find(&engine, &case.segment, case.as_of, &customer).unwrap();
        assert_eq!(found, expected, "{customer} in {}", case.name);
        compared += 1;
    }
    assert!(compared > 10, "{compared}");
}

/// Who was born on a day of the conformance database, or has bought.
fn engine() -> Engine {
    Engine::new(open(&folder(None, "parquet"))).with_workspace_files(conformance::workspace())
}

fn of(include: &Value) -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_x", "name": "X", "database": "nasty",
        "activation_id": "amperity_id", "include": {"match": "all", "of": include},
        "exclude": {"match": "any", "of": []},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

#[test]
fn who_is_no_customer_and_what_does_not_move_never_changes() {
    let engine = engine();
    let slow = Slow::new(engine.database(), "amperity_id", AS_OF());
    let customer = &slow.universe[0];
    let moving = of(&json!([{"purchase": "has_purchased", "op": "at_least", "value": 1,
        "when": {"op": "after", "value": {"relative": "today"}}}]));
    let none = NearestChange::default();
    assert_eq!(find(&engine, &moving, AS_OF(), "nobody").unwrap(), none);
    assert_eq!(find(&engine, &of(&json!([])), AS_OF(), customer).unwrap(), none);
    let sql = |text: &str| {
        let document = json!({
            "format": "segtui/segment", "version": 1, "id": "seg_x", "name": "X", "database": "nasty",
            "activation_id": "amperity_id", "sql": text,
        });
        Segment::from_json(&document.to_string()).unwrap()
    };
    let still = sql("SELECT amperity_id FROM Customer_360");
    assert_eq!(find(&engine, &still, AS_OF(), customer).unwrap(), none);
    let moved = sql("SELECT amperity_id FROM Customer_360 WHERE birthdate < :as_of");
    let error = find(&engine, &moved, AS_OF(), customer).unwrap_err();
    assert!(matches!(&error, BackendError::Missing(_)) && error.to_string().contains(":as_of"), "{error}");
}
