//! Saved queries that return more columns than the id, as tables of their own: in answers, on the command
//! line, as SQL.

use std::fs;
use std::sync::Arc;

use chrono::NaiveDate;
use segtui::backend::{BackendError, Cancel, Task};
use segtui::database::DatabaseView;
use segtui::local::Engine;
use segtui::segment::{DataType, NamedSchema, Node, Segment, parser, words};
use segtui::sql::{self, DateStyle, Dialect, ExportRequest};
use segtui::workspace::Workspace;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::command_line::{Machine, code, document, lines, stderr, stdout};
use crate::flows::harness::put;

const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();

/// What each customer has bought up to the day; z is no customer, and one order is of nobody.
const SPENT: &str = "SELECT customer_id, SUM(amount) AS total, MAX(day) AS last_day, COUNT(*) AS orders\n\
    FROM Orders WHERE day <= :as_of GROUP BY customer_id";

struct Rig {
    folder: TempDir,
    workspace: Arc<Workspace>,
    engine: Engine,
}

impl Rig {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        for (name, text) in [
            ("database.toml", "id = \"customer_id\"\n"),
            ("Customers.csv", "customer_id,city\na,Chicago\nb,Boston\nc,\n007,Rome\n"),
            (
                "Orders.csv",
                "customer_id,amount,day,place\na,5,2024-01-01,x\na,2.5,2024-02-01,\nb,1,2024-02-28,7\n\
                 007,4,2024-03-01,8\nz,9,2024-01-01,9\n,9,2024-01-01,9\n",
            ),
        ] {
            put(&folder.path().join("data").join(name), text);
        }
        let database = crate::conformance::open(&folder.path().join("data"));
        let workspace = Arc::new(Workspace::new(folder.path().join("workspace"), false));
        let engine = Engine::new(database).with_workspace_files(workspace.clone());
        let rig = Self { folder, workspace, engine };
        rig.query("spent.sql", SPENT);
        rig
    }

    fn query(&self, name: &str, text: &str) {
        put(&self.folder.path().join("workspace/queries").join(name), text);
    }

    fn members(&self, node: Value) -> Vec<String> {
        self.engine.members(&segment(node), AS_OF, &Cancel::default()).unwrap()
    }

    fn problem(&self, node: Value) -> (String, String, String) {
        let [problem] = self.engine.check(&segment(node), AS_OF).problems.try_into().unwrap();
        (
            problem.diagnostic.place.to_string(),
            problem.diagnostic.message,
            problem.diagnostic.help.unwrap_or_default(),
        )
    }

    /// What is wrong with any condition on a table, all of it at its line.
    fn told(&self, table: &str) -> (String, String) {
        let node = json!({"attribute": {"table": table, "column": "x"}, "op": "is_null"});
        let (place, message, help) = self.problem(node);
        assert_eq!(place, "include.0");
        (message, help)
    }

    fn names(&self) -> Vec<String> {
        let offered = |table: &segtui::database::Table| table.is_offered("customer_id");
        let tables = self.engine.workspace_tables(AS_OF);
        tables.into_iter().filter(offered).map(|table| table.name).collect()
    }
}

fn segment(node: Value) -> Segment {
    let document = json!({"format": "segtui/segment", "version": 1, "id": "s", "name": "S",
        "activation_id": "customer_id", "include": {"match": "all", "of": [node]}});
    Segment::from_json(&document.to_string()).unwrap()
}

fn on(column: &str, op: &str, value: Value) -> Value {
    json!({"attribute": {"table": "queries/spent", "column": column}, "op": op, "value": value})
}

#[test]
fn conditions_ask_of_a_query_what_they_ask_of_any_table() {
    let rig = Rig::new();
    assert_eq!(rig.members(on("total", "is_greater_than", 1.into())), ["a"]);
    assert_eq!(rig.members(on("orders", "is", 1.into())), ["b"]);
    assert_eq!(rig.members(on("last_day", "is_after", json!({"relative": "1 month ago"}))), ["a", "b"]);
    let mut node = on("orders", "is", 1.into());
    node["rows"] = "none".into();
    assert_eq!(rig.members(node), ["007", "a", "c"]);
    let mut node = on("total", "is_greater_than", 0.into());
    node["where"] = json!([{"column": "orders", "op": "is", "value": 2}]);
    assert_eq!(rig.members(node), ["a"]);
    let count = json!({"aggregate": {"table": "queries/spent", "fn": "count"}, "op": "is", "value": 0});
    assert_eq!(rig.members(count), ["007", "c"]);
    let cancel = Cancel::default();
    let counts = rig.engine.table_counts("queries/spent", "customer_id", AS_OF, &cancel).unwrap();
    assert_eq!((counts.rows, counts.customers, counts.orphan_rows), (4, 2, 1));
    assert!(!counts.is_multi_row);
    let everybody = segment(json!({"match": "all", "of": []}));
    let values =
        rig.engine.value_counts("queries/spent", "orders", &everybody, None, AS_OF, &cancel).unwrap();
    let values: Vec<(&str, u64)> =
        values.values.iter().map(|value| (value.value.as_str(), value.count.all)).collect();
    assert_eq!(values, [("1", 1), ("2", 1)]);
    let advice = rig.engine.advise(&segment(on("orders", "is", 3.into())), AS_OF, &cancel).unwrap();
    let said: Vec<&str> = advice.iter().map(|problem| problem.diagnostic.message.as_str()).collect();
    assert_eq!(said, ["3 does not occur in Orders"]);
}

#[test]
fn answers_at_the_same_time_have_the_same_rows() {
    let rig = Rig::new();
    // Which row is taken of several is left open, and in which order they come.
    rig.query(
        "some.sql",
        "SELECT o.customer_id, o.amount, c.city FROM Orders AS o CROSS JOIN Customers AS c LIMIT 9",
    );
    let node = json!({"aggregate": {"table": "queries/some", "fn": "sum", "column": "amount"},
        "op": "is_greater_than", "value": 5, "where": [{"column": "city", "op": "is_not_null"}]});
    let counted = segment(node);
    let answer = || {
        let cancel = Cancel::default();
        let evaluation = rig.engine.evaluate_strictly(&counted, AS_OF, &cancel).unwrap();
        let values = rig.engine.value_counts("queries/some", "city", &counted, None, AS_OF, &cancel).unwrap();
        (evaluation.insights, evaluation.waterfall, values)
    };
    let answers: Vec<_> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..8).map(|_| scope.spawn(answer)).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
}

#[test]
fn the_day_is_that_of_the_evaluation() {
    let rig = Rig::new();
    let some = segment(on("total", "is_not_null", Value::Null));
    let members = |day: &str| rig.engine.members(&some, day.parse().unwrap(), &Cancel::default()).unwrap();
    assert_eq!(members("2024-01-15"), ["a"]);
    assert_eq!(members("2024-03-01"), ["007", "a", "b"]);
    assert_eq!(members("2024-02-29"), ["a", "b"]);
    assert_eq!(members("2024-01-15"), ["a"]);
}

#[test]
fn a_query_that_changes_is_run_again() {
    let rig = Rig::new();
    let rich = || on("total", "is_greater_than", 1.into());
    let key = || rig.engine.workspace_tables(AS_OF)[0].key().into_owned();
    let before = key();
    assert_eq!((rig.members(rich()), key()), (vec!["a".to_owned()], before.clone()));
    rig.query("spent.sql", "SELECT customer_id, amount AS total FROM Orders");
    assert_eq!(rig.members(rich()), ["007", "a"]);
    assert_ne!(key(), before);
    assert_eq!(
        rig.problem(on("orders", "is", 1.into())).1,
        "table \"queries/spent\" has no column \"orders\""
    );
    // Through another segment too.
    let other = Segment { id: "seg_rich".to_owned(), name: "Rich".to_owned(), ..segment(rich()) };
    let stamp = segtui::segment::Stamp { at: String::new(), by: String::new(), extra: Default::default() };
    let target = segtui::workspace::Target::Keep;
    rig.workspace.save(&other, &target, segtui::workspace::Expected::Anything, &stamp).unwrap();
    let list = || json!({"list": {"segment": "seg_rich"}, "op": "is_member"});
    assert_eq!(rig.members(list()), ["007", "a"]);
    rig.query("spent.sql", "SELECT 'c' AS customer_id, 2 AS total");
    assert_eq!(rig.members(list()), ["c"]);
    fs::remove_file(rig.folder.path().join("workspace/queries/spent.sql")).unwrap();
    assert_eq!(rig.problem(rich()).1, "there is no table \"queries/spent\"");
}

#[test]
fn every_type_is_one_of_the_languages() {
    let rig = Rig::new();
    rig.query(
        "types.sql",
        "SELECT customer_id, CAST(amount AS REAL) AS short, CAST(amount AS DECIMAL(10, 2)) AS exact,\n\
         CAST(amount AS SMALLINT) AS whole, amount > 2 AS is_big, NULL AS nothing,\n\
         CAST(day AS TIMESTAMP) AS moment, amount / 0 - amount / 0 AS nan, day FROM Orders",
    );
    let tables = rig.engine.workspace_tables(AS_OF);
    let table = tables.iter().find(|table| table.name == "queries/types").unwrap();
    let types: Vec<(&str, DataType)> =
        table.columns().map(|column| (column.name.as_str(), column.data_type)).collect();
    use DataType as T;
    let expected = [
        ("customer_id", T::String),
        ("short", T::Decimal),
        ("exact", T::Decimal),
        ("whole", T::Integer),
        ("is_big", T::Boolean),
        ("nothing", T::String),
        ("moment", T::Datetime),
        ("nan", T::Decimal),
        ("day", T::Date),
    ];
    assert_eq!(types, expected);
    let on = |column: &str, op: &str, value: Value| json!({"attribute": {"table": "queries/types", "column": column}, "op": op, "value": value});
    assert_eq!(rig.members(on("short", "is", 2.5.into())), ["a"]);
    assert_eq!(rig.members(on("exact", "is", 2.5.into())), ["a"]);
    assert_eq!(rig.members(on("whole", "is", 4.into())), ["007"]);
    assert_eq!(rig.members(on("is_big", "is_true", Value::Null)), ["007", "a"]);
    assert_eq!(rig.members(on("nothing", "is_null", Value::Null)), ["007", "a", "b"]);
    assert_eq!(rig.members(on("nan", "is_null", Value::Null)), ["007", "a", "b"]);
    assert_eq!(rig.members(on("moment", "is", "2024-02-28 00:00:00".into())), ["b"]);
}

#[test]
fn what_is_no_table_says_why() {
    let rig = Rig::new();
    rig.query("only.sql", "SELECT customer_id FROM Customers");
    rig.query("broken.sql", "SELECT customer_id, city\nFROM Custmers");
    rig.query("empty.sql", "\n");
    rig.query("deep/two.sql", "SELECT 1; SELECT 2");
    rig.query("nobody.sql", "SELECT city, COUNT(*) AS number FROM Customers GROUP BY city");
    rig.query("lists.sql", "SELECT customer_id, tier FROM \"lists/vip\"");
    rig.query("itself.sql", "SELECT customer_id, total FROM \"queries/spent\"");
    put(&rig.folder.path().join("workspace/queries/readme.md"), "no query");
    fs::write(rig.folder.path().join("workspace/queries/bytes.sql"), b"SELECT '\xff'").unwrap();
    let said = |table: &str, message: &str, help: &str| {
        let told = rig.told(table);
        assert!(told.0.contains(message) && told.1.contains(help), "{told:?}");
    };
    said("queries/only", "it returns only \"customer_id\" (queries/only.sql)", "add columns");
    said(
        "queries/broken",
        "there is no table \"Custmers\" (queries/broken.sql, line 2)",
        "did you mean \"Customers\"?",
    );
    said("queries/empty", "the query is empty", "write SELECT");
    said("queries/deep/two", "queries/deep/two.sql", "");
    said("queries/nobody", "has no column \"customer_id\", the activation ID", "add customer_id to what");
    said("queries/lists", "there is no table \"lists/vip\"", "");
    said("queries/itself", "there is no table \"queries/spent\"", "");
    said("queries/bytes", "the query \"bytes.sql\" is not UTF-8: line 1, column 9", "save it as UTF-8");
    said("queries/spend", "there is no table \"queries/spend\"", "did you mean \"queries/spent\"?");
    said("spent", "there is no table \"spent\"", "did you mean \"queries/spent\"?");
    said("queries/readme", "there is no table", "");
    assert_eq!(rig.problem(on("totl", "is_null", Value::Null)).2, "did you mean \"total\"?");
    assert_eq!(rig.names(), ["queries/spent"]);
    // They are customer lists all the same.
    assert_eq!(rig.members(json!({"list": {"query": "only.sql"}, "op": "is_member"})).len(), 4);
}

#[test]
fn a_query_that_fails_is_told_at_its_line() {
    let rig = Rig::new();
    rig.query("fails.sql", "SELECT customer_id, CAST(place AS BIGINT) AS number\nFROM Orders");
    let node = || json!({"attribute": {"table": "queries/fails", "column": "number"}, "op": "is_null"});
    let both = segment(json!({"match": "all", "of": [on("orders", "is", 1.into()), node()]}));
    let cancel = Cancel::default();
    assert!(rig.engine.check(&both, AS_OF).problems.is_empty());
    for result in [
        rig.engine.members(&both, AS_OF, &cancel).map(drop),
        rig.engine.evaluate(&both, AS_OF, &cancel).map(drop),
        rig.engine.evaluate_strictly(&both, AS_OF, &cancel).map(drop),
        rig.engine.advise(&both, AS_OF, &cancel).map(drop),
    ] {
        let Err(BackendError::Refused(problem)) = result else { panic!("{result:?}") };
        assert_eq!(problem.diagnostic.place.to_string(), "include.0.1");
        assert!(
            problem.diagnostic.message.starts_with("in the query \"fails.sql\""),
            "{}",
            problem.diagnostic.message
        );
    }
    let values = rig.engine.value_counts("queries/fails", "number", &segment(node()), None, AS_OF, &cancel);
    assert!(values.is_err_and(|error| error.to_string().starts_with("in the query \"fails.sql\"")));
    // What is switched off does not run.
    let mut off = node();
    off["off"] = true.into();
    let of = |node: Value| json!({"match": "all", "of": [on("orders", "is", 1.into()), node]});
    assert_eq!(rig.members(of(off)), ["b"]);
    let cancelled = Cancel::default();
    cancelled.cancel();
    rig.query("spent.sql", &format!("{SPENT} "));
    let spent = segment(on("orders", "is", 1.into()));
    assert_eq!(rig.engine.members(&spent, AS_OF, &cancelled), Err(BackendError::Cancelled));
}

#[test]
fn a_list_and_tables_of_the_same_name() {
    let rig = Rig::new();
    put(&rig.folder.path().join("workspace/lists/spent.csv"), "customer_id,total\nb,7\n");
    rig.query("customers.sql", "SELECT customer_id, city FROM Customers");
    let tables = rig.engine.workspace_tables(AS_OF);
    let names: Vec<(&str, &str)> =
        tables.iter().map(|table| (table.name.as_str(), table.label.as_str())).collect();
    let expected = [
        ("lists/spent", "spent"),
        ("queries/customers", "queries/customers"),
        ("queries/spent", "queries/spent"),
    ];
    assert_eq!(names, expected);
    let of = |table: &str| json!({"attribute": {"table": table, "column": "total"}, "op": "is_greater_than", "value": 1});
    assert_eq!(
        (rig.members(of("lists/spent")), rig.members(of("queries/spent"))),
        (vec!["b".into()], vec!["a".into()])
    );
}

#[test]
fn hostile_names_are_names() {
    let rig = Rig::new();
    rig.query("a \"b\": and c.sql", "SELECT customer_id, city AS \"x y: is\", city AS \"é'\" FROM Customers");
    rig.query("sub/.hidden.sql", "SELECT customer_id, city FROM Customers");
    rig.query("stars.sql", "SELECT customer_id, city, city AS \"^c.*$\", city AS \"*\" FROM Customers");
    assert_eq!(rig.names(), ["queries/a \"b\": and c", "queries/spent", "queries/stars"]);
    let of = |table: &str, column: &str| json!({"attribute": {"table": table, "column": column}, "op": "is_exactly", "value": "rome"});
    for column in ["x y: is", "é'"] {
        let node = of("queries/a \"b\": and c", column);
        assert_eq!(rig.members(node.clone()), ["007"]);
        reads_back(&rig, node);
    }
    assert_eq!(rig.members(of("queries/stars", "city")), ["007"]);
    // Polars takes these for names of several columns.
    for column in ["^c.*$", "*"] {
        assert!(rig.problem(of("queries/stars", column)).1.ends_with(&format!("has no column {column:?}")));
    }
}

fn reads_back(rig: &Rig, node: Value) -> String {
    let segment = segment(node);
    let database = rig.engine.database_of(&segment, AS_OF);
    let view = DatabaseView { database: &database, activation_id: "customer_id" };
    let schema = NamedSchema { schema: &view, names: |_: &str| None };
    let Some((_, Node::Condition(condition))) = segment.walk().pop() else { panic!("{segment:?}") };
    let full = words::canonical(condition, &schema).unwrap();
    assert_eq!(&parser::parse(&full, &schema).unwrap().kind, &condition.kind, "{full}");
    full
}

#[test]
fn sentences_name_the_query() {
    let rig = Rig::new();
    let node = on("total", "is_greater_than", 1.into());
    assert_eq!(reads_back(&rig, node.clone()), "spent: Total is greater than 1");
    put(&rig.folder.path().join("workspace/lists/spent.csv"), "customer_id,total\nb,7\n");
    assert_eq!(reads_back(&rig, node), "queries/spent: Total is greater than 1");
}

#[test]
fn sql_brings_the_rows_along() {
    let rig = Rig::new();
    let segment = segment(on("total", "is_greater_than", 1.into()));
    let (checked, database) = rig.engine.check_with_rows(&segment, AS_OF, &Cancel::default()).unwrap();
    let written = |dialect| {
        let view = DatabaseView { database: &database, activation_id: "customer_id" };
        let cancel = Cancel::default();
        let request = ExportRequest {
            segment: &segment,
            checked: &checked,
            view,
            as_of: AS_OF,
            backend: &rig.engine,
            task: Task::new(&cancel),
        };
        sql::write(&request, dialect, DateStyle::Resolved)
    };
    for dialect in [Dialect::DuckDb, Dialect::Postgres, Dialect::Trino, Dialect::Spark] {
        let sql = written(dialect).unwrap();
        for part in ["queries_spent AS (", "'a', '7.5'", "'z', '9'", "FROM queries_spent"] {
            assert!(sql.contains(part), "{part} in\n{sql}");
        }
    }
    let refused = written(Dialect::Embedded).unwrap_err();
    assert_eq!(refused.diagnostic.place.to_string(), "include.0");
    assert!(
        refused.diagnostic.message.contains("\"queries/spent\" is a saved query"),
        "{}",
        refused.diagnostic.message
    );
}

#[test]
fn the_command_line_knows_queries_as_tables() {
    let machine = Machine::new();
    let workspace = machine.file("x", "").replace("/x", "/workspace");
    let put = |name: &str, text: &str| {
        crate::flows::harness::put(format!("{workspace}/queries/{name}").as_ref(), text)
    };
    put(
        "loyal.sql",
        "SELECT amperity_id, loyalty_tier AS tier FROM Customer_360 WHERE is_loyalty_member\n\
        UNION ALL SELECT 'nobody' AS amperity_id, 'Gold' AS tier",
    );
    put("only.sql", "SELECT amperity_id FROM Customer_360");
    put("fails.sql", "SELECT amperity_id, CAST(city AS BIGINT) AS number FROM Customer_360");
    let run = |arguments: &[&str]| machine.run(&[arguments, &["--workspace", workspace.as_str()]].concat());
    let of = |table: &str, column: &str| json!({"attribute": {"table": table, "column": column}, "op": "is_not_null"});
    let file = machine.file("s.json", &document(json!([of("queries/loyal", "tier")])).to_string());
    let output = run(&["count", "--json", "--waterfall", &file]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let answer = lines(&output).remove(0);
    let texts: Vec<&str> =
        answer["waterfall"].as_array().unwrap().iter().filter_map(|line| line["text"].as_str()).collect();
    assert!(texts.contains(&"Tier is not null"), "{texts:?}");
    let members = stdout(&run(&["members", &file, "--columns", "queries/loyal.tier"]));
    assert!(members.starts_with("amperity_id,tier\n"), "{members}");
    let count = members.lines().count() as u64 - 1;
    assert_eq!(answer["unique_customers"], count);
    let tables = lines(&run(&["tables", "--json"])).remove(0)["tables"].as_array().unwrap().clone();
    let table = |name: &str| tables.iter().find(|table| table["name"] == name);
    let loyal = table("queries/loyal").unwrap();
    assert_eq!((&loyal["label"], &loyal["orphan_rows"]), (&json!("loyal"), &json!(1)));
    assert!(loyal["rows"].as_u64().unwrap() > count);
    assert_eq!(loyal["columns"][1], json!({"name": "tier", "label": "Tier", "type": "string"}));
    assert!(table("queries/fails").unwrap()["error"].as_str().unwrap().contains("fails.sql"));
    assert!(table("queries/only").is_none());
    assert!(stdout(&run(&["tables"])).contains("queries/loyal"));
    let output = run(&["sql", &file, "--dialect", "duckdb"]);
    assert!(stdout(&output).contains("'nobody', 'Gold'"), "{}{}", stdout(&output), stderr(&output));
    assert_eq!(code(&run(&["check", &file])), 0);
    for (table, place, message) in [
        ("queries/only", "include.0", "it returns only"),
        ("queries/fails", "include.0", "the query fails: conversion"),
    ] {
        let file = machine.file("t.json", &document(json!([of(table, "number")])).to_string());
        let output = run(&["count", "--json", &file]);
        let said = stdout(&output) + &stderr(&output);
        assert!(code(&output) != 0 && said.contains(message), "{said}");
        assert!(said.contains(place), "{said}");
    }
}
