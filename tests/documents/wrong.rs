//! What is nearly right is told with what was meant, at its place.

use segtui::local::Engine;
use segtui::segment::{Segment, Severity};
use serde_json::{Value, json};

use crate::conformance::{folder, open, workspace};
use crate::slow::strategy::AS_OF;

struct Rig(Engine);

impl Rig {
    fn new() -> Self {
        let engine = Engine::new(open(&folder(None, "csv")));
        Self(engine.with_workspace_files(workspace()))
    }

    /// Place, message and help of all that is wrong with a node.
    fn told(&self, node: &Value) -> Vec<(String, String, String)> {
        let document = json!({"format": "segtui/segment", "version": 1, "id": "s", "name": "S",
            "database": "nasty", "activation_id": "amperity_id", "include": {"match": "all", "of": [node]}});
        let segment = Segment::from_json(&document.to_string()).unwrap();
        let problems = self.0.check(&segment, AS_OF()).problems.into_iter();
        let errors = problems.filter(|problem| problem.severity == Severity::Error);
        errors
            .map(|problem| {
                (
                    problem.diagnostic.place.to_string(),
                    problem.diagnostic.message,
                    problem.diagnostic.help.unwrap_or_default(),
                )
            })
            .collect()
    }

    /// The help for the one thing that is wrong with a node, which must be the node's own.
    fn help(&self, node: &Value) -> String {
        match self.told(node).as_slice() {
            [(place, _, help)] if place == "include.0" => help.clone(),
            told => panic!("{node}: {told:?}"),
        }
    }
}

fn on(table: &str, column: &str, op: &str, value: Value) -> Value {
    json!({"attribute": {"table": table, "column": column}, "op": op, "value": value})
}

fn person(column: &str, op: &str, value: Value) -> Value {
    on("Customer_360", column, op, value)
}

#[test]
fn names_and_words() {
    let rig = Rig::new();
    let orders = |key: &str, word: &str| {
        let mut node = json!({"purchase": "has_purchased", "op": "exactly", "value": 1});
        node[key] = word.into();
        node
    };
    let aggregate = |function: &str| {
        json!({"aggregate": {"table": "Unified_Transactions", "fn": function, "column": "order_revenue"},
               "op": "is", "value": 1})
    };
    let list = |source: Value, op: &str| json!({"list": source, "op": op});
    for (node, meant) in [
        (on("Custmer_360", "city", "is_exactly", "x".into()), "\"Customer_360\""),
        (on("Customer 360", "city", "is_exactly", "x".into()), "\"Customer_360\""),
        (person("citty", "is_exactly", "x".into()), "\"city\""),
        (person("City", "is_exactly", "x".into()), "\"city\""),
        (person("Is Loyalty Member", "is_true", Value::Null), "\"is_loyalty_member\""),
        (person("order_revenue", "is", 1.into()), "that of table \"Unified_Transactions\""),
        (person("city", "is exactly", "x".into()), "\"is_exactly\""),
        (person("city", "is_exacty", "x".into()), "\"is_exactly\""),
        (person("city", "has", "x".into()), "\"contains\""),
        (person("city", "is", "x".into()), "\"is_exactly\""),
        (person("points", "is_exactly", 5.into()), "\"is\""),
        (person("birthdate", "is_greater_than", "2000-01-01".into()), "\"is_after\""),
        (orders("purchase", "has purchased"), "\"has_purchased\""),
        (orders("op", "exacty"), "\"exactly\""),
        (aggregate("average"), "\"avg\""),
        (list(json!({"segment": "seg_loyl"}), "is_member"), "\"Loyal\", which has the id \"seg_loyal\""),
        (list(json!({"file": "vip.cvs"}), "is_member"), "\"vip.csv\""),
        (list(json!({"file": "vip.csv"}), "is member"), "\"is_member\""),
        (list(json!({"fle": "vip.csv"}), "is_member"), "\"file\" where it says \"fle\""),
        (
            json!({"atribute": {"table": "T", "column": "c"}, "op": "is"}),
            "\"attribute\" where it says \"atribute\"",
        ),
        (json!({"match": "all", "on": []}), "\"of\" where it says \"on\""),
        (json!({"match": "every", "of": []}), ""),
    ] {
        let help = rig.help(&node);
        if meant.is_empty() {
            assert_eq!(help, "write one of all, any");
        } else {
            assert_eq!(help, format!("did you mean {meant}?"), "{node}");
        }
    }
}

#[test]
fn values() {
    let rig = Rig::new();
    for (node, help) in [
        (person("points", "is", "5".into()), "did you mean 5?"),
        (person("points", "is", " 1.50 ".into()), "did you mean 1.50?"),
        (person("points", "is", "five".into()), "write a number, without quotes"),
        (person("points", "is", true.into()), "write a number, without quotes"),
        (person("points", "is", json!([5])), "did you mean 5?"),
        (person("points", "is_in_list", 5.into()), "did you mean [5]?"),
        (person("points", "is_in_list", json!([1, "2"])), "did you mean 2?"),
        (person("points", "is_between", json!([1, 2, 3])), "write [low, high]"),
        (
            person("points", "is", serde_json::from_str("1e999").unwrap()),
            "write a number between -1.7e308 and 1.7e308",
        ),
        (person("city", "is_exactly", 5.into()), "did you mean \"5\"?"),
        (person("city", "is_exactly", true.into()), "did you mean \"true\"?"),
        (person("city", "is_in_list", json!(["a", 98101])), "did you mean \"98101\"?"),
        (person("city", "is_in_list", "Chicago".into()), "did you mean [\"Chicago\"]?"),
        (
            person("city", "is_exactly", json!(["a", "b"])),
            "write one value, or take an operator for several, such as is_in_list",
        ),
        (person("birthdate", "is", "3 months ago".into()), "did you mean {\"relative\":\"3 months ago\"}?"),
        (person("birthdate", "is", json!({"relative": "2024-01-31"})), "did you mean \"2024-01-31\"?"),
        (person("birthdate", "is", json!({"relativ": "today"})), "did you mean {\"relative\":\"today\"}?"),
        (
            person("birthdate", "is", json!({"relative": "3 month ag"})),
            "did you mean {\"relative\":\"3 months ago\"}?",
        ),
        (person("birthdate", "is", "2023-02-29".into()), "did you mean \"2023-02-28\"?"),
        (person("birthdate", "is", "1990-1-5".into()), "did you mean \"1990-01-05\"?"),
        (person("birthdate", "is", "1990-01-01 10:00:00".into()), "leave the time out"),
    ] {
        assert_eq!(rig.help(&node), help, "{node}");
    }
    for nonsense in [json!("soon"), json!(20240131), json!({"relative": "10001 days ago"}), json!({"at": 1})]
    {
        let help = rig.help(&person("birthdate", "is", nonsense));
        assert!(help.starts_with("write a day (2025-01-31)"), "{help}");
    }
    let long: Value = (0..100_000).collect();
    let told = rig.told(&person("points", "is", json!({"list": long})));
    assert!(told[0].1.len() < 200, "{}", told[0].1.len());
}

#[test]
fn all_parts_of_a_condition_are_looked_at() {
    let rig = Rig::new();
    let node = json!({"attribute": {"table": "Customer_360", "column": "citty"}, "op": "is_exactly", "value": 5,
        "where": [{"column": "nam", "op": "is_exactly", "value": "x"}, {"column": "points", "op": "is", "value": 1},
                  {"column": "points", "op": "contains", "value": "1"}]});
    let places = |node: &Value| rig.told(node).into_iter().map(|(place, ..)| place).collect::<Vec<_>>();
    assert_eq!(places(&node), ["include.0", "include.0.where.0", "include.0.where.2"]);
    let node = json!({"purchase": "has_purchased", "op": "exactly", "value": "one",
        "when": {"op": "between", "value": ["2024-02-30", "2024-03-01"]},
        "where": [{"column": "product_categry", "op": "is_null"}]});
    assert_eq!(places(&node), ["include.0", "include.0.when", "include.0.where.0"]);
    // What cannot be read does not hide what can.
    let node = json!({"attribute": {"table": "Customer_360", "column": "citty"}, "op": "is_exactli", "rows": "al",
        "where": [{"column": "nam", "op": "is_exactli"}, {"op": "is"}]});
    assert_eq!(
        places(&node),
        [
            "include.0",
            "include.0",
            "include.0",
            "include.0.where.0",
            "include.0.where.0",
            "include.0.where.1"
        ]
    );
    let node = json!({"match": "al", "of": [{"match": "any", "off": "no", "of": [person("citty", "is_null", Value::Null)]}]});
    assert_eq!(places(&node), ["include.0", "include.0.0", "include.0.0.0"]);
}

#[test]
fn sides_are_looked_at_too() {
    let rig = Rig::new();
    let document = json!({"format": "segtui/segment", "version": 1, "id": "s", "name": "S",
        "activation_id": "amperity_id",
        "include": {"match": "al", "of": [person("citty", "is_null", Value::Null)]},
        "exclude": {"match": "any", "of": [person("nam", "is_null", Value::Null)]}});
    let segment = Segment::from_json(&document.to_string()).unwrap();
    let problems = rig.0.check(&segment, AS_OF()).problems;
    let places: Vec<String> = problems.iter().map(|problem| problem.diagnostic.place.to_string()).collect();
    assert_eq!(places, ["include", "include.0", "exclude.0"]);
}

#[test]
fn keys_that_say_nothing_are_told_where_somebody_may_expect_them_to() {
    let rig = Rig::new();
    let document = |node: Value| {
        let document = json!({"format": "segtui/segment", "version": 1, "id": "s", "name": "S", "lables": [],
            "created": {"at": "", "by": "", "buy": 1}, "activation_id": "amperity_id",
            "include": {"match": "all", "of": [{"match": "any", "of": [node], "titel": "A", "sort": 1}]}});
        Segment::from_json(&document.to_string()).unwrap()
    };
    let segment =
        document(json!({"purchase": "has_not_purchased", "rows": "every", "inclusve": true, "colour": "red",
        "when": {"op": "after", "vale": 1, "value": "2024-01-01"},
        "where": [{"column": "product_category", "op": "is_null", "off": true, "match-case": true}]}));
    let problems = rig.0.check(&segment, AS_OF()).problems;
    assert!(problems.iter().all(|problem| problem.severity == Severity::Advice), "{problems:?}");
    let told: Vec<(String, &str)> = problems
        .iter()
        .map(|problem| (problem.diagnostic.place.to_string(), problem.diagnostic.message.as_str()))
        .collect();
    let expected = [
        ("document", "unknown key \"lables\""),
        ("document", "unknown key \"buy\""),
        ("include.0", "unknown key \"titel\""),
        ("include.0.0", "the key \"rows\" says nothing in a purchase condition"),
        ("include.0.0", "unknown key \"inclusve\""),
        ("include.0.0.when", "unknown key \"vale\""),
        ("include.0.0.where.0", "the key \"off\" says nothing in a filter"),
        ("include.0.0.where.0", "unknown key \"match-case\""),
    ];
    assert_eq!(told, expected.map(|(place, message)| (place.to_owned(), message)));
}
