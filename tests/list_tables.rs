//! Uploaded lists with more columns than the ids, as tables of their own: in answers, on the command line,
//! in the program and as SQL.

use std::fs;
use std::sync::Arc;

use chrono::NaiveDate;
use segtui::backend::{Cancel, Task};
use segtui::database::DatabaseView;
use segtui::local::Engine;
use segtui::segment::{NamedSchema, Segment, words};
use segtui::sql::{self, DateStyle, Dialect, ExportRequest};
use segtui::workspace::Workspace;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::command_line::{Machine, code, document, lines, stderr, stdout};

const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();

struct Rig {
    folder: TempDir,
    workspace: Arc<Workspace>,
    engine: Engine,
}

impl Rig {
    /// A database of a, b, c and 007, of whom some are on a list.
    fn new(tables: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let write = |path: String, text: &str| crate::flows::harness::put(&folder.path().join(path), text);
        write("data/database.toml".to_owned(), "id = \"customer_id\"\n");
        for (name, text) in tables {
            write(format!("data/{name}.csv"), text);
        }
        let database = crate::conformance::open(&folder.path().join("data"));
        let workspace = Arc::new(Workspace::new(folder.path().join("workspace"), false));
        let engine = Engine::new(database).with_workspace_files(workspace.clone());
        let rig = Self { folder, workspace, engine };
        rig.list(
            "vip.csv",
            "customer_id,tier,points\na,Gold,5\nb,Silver,7\na,Silver,\n007,,1\nzzz,Gold,9\n,Gold,9\n",
        );
        rig
    }

    fn customers() -> Self {
        Self::new(&[("Customers", "customer_id,city\na,Chicago\nb,Boston\nc,\n007,Rome\n")])
    }

    fn list(&self, name: &str, text: &str) {
        crate::flows::harness::put(&self.folder.path().join("workspace/lists").join(name), text);
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
}

fn segment(node: Value) -> Segment {
    let document = json!({"format": "segtui/segment", "version": 1, "id": "s", "name": "S",
        "activation_id": "customer_id", "include": {"match": "all", "of": [node]}});
    Segment::from_json(&document.to_string()).unwrap()
}

fn on(column: &str, op: &str, value: Value) -> Value {
    json!({"attribute": {"table": "lists/vip", "column": column}, "op": op, "value": value})
}

#[test]
fn conditions_ask_of_a_list_what_they_ask_of_any_table() {
    let rig = Rig::customers();
    assert_eq!(rig.members(on("tier", "is_exactly", "gold".into())), ["a"]);
    assert_eq!(rig.members(on("points", "is_greater_than", 4.into())), ["a", "b"]);
    assert_eq!(rig.members(on("customer_id", "is_exactly", "007".into())), ["007"]);
    let mut node = on("tier", "is_exactly", "Gold".into());
    node["rows"] = "none".into();
    assert_eq!(rig.members(node), ["007", "b", "c"]);
    let mut node = on("tier", "is_exactly", "Silver".into());
    node["where"] = json!([{"column": "points", "op": "is_null"}]);
    assert_eq!(rig.members(node), ["a"]);
    let count = json!({"aggregate": {"table": "lists/vip", "fn": "count"}, "op": "is", "value": 2});
    assert_eq!(rig.members(count), ["a"]);
    let cancel = Cancel::default();
    let counts = rig.engine.table_counts("lists/vip", "customer_id", AS_OF, &cancel).unwrap();
    assert_eq!((counts.rows, counts.customers, counts.orphan_rows), (6, 3, 1));
    assert!(counts.is_multi_row);
    let everybody = segment(json!({"match": "all", "of": []}));
    let values = rig.engine.value_counts("lists/vip", "tier", &everybody, None, AS_OF, &cancel).unwrap();
    let values: Vec<(&str, u64)> =
        values.values.iter().map(|value| (value.value.as_str(), value.count.all)).collect();
    assert_eq!(values, [("Silver", 2), ("Gold", 1)]);
    // Who is only on a list is nobody's customer, also where all tables make the universe.
    let bare = Rig::new(&[("Visits", "customer_id,page\na,x\nb,y\n")]);
    let all = bare.engine.evaluate_strictly(&segment(on("tier", "is_not_null", Value::Null)), AS_OF, &cancel);
    assert_eq!(all.unwrap().all.unique_customers, 2);
}

#[test]
fn a_list_that_changes_is_read_again() {
    let rig = Rig::customers();
    let gold = || on("tier", "is_exactly", "Gold".into());
    assert_eq!(rig.members(gold()), ["a"]);
    rig.list("vip.csv", "customer_id,tier\nc,Gold\nb,Gold\n");
    assert_eq!(rig.members(gold()), ["b", "c"]);
    assert_eq!(rig.problem(on("points", "is", 1.into())).1, "table \"lists/vip\" has no column \"points\"");
    // Through another segment too.
    let other = segment(gold());
    let other = Segment { id: "seg_gold".to_owned(), name: "Gold".to_owned(), ..other };
    let stamp = segtui::segment::Stamp { at: String::new(), by: String::new(), extra: Default::default() };
    let target = segtui::workspace::Target::Keep;
    rig.workspace.save(&other, &target, segtui::workspace::Expected::Anything, &stamp).unwrap();
    let list = json!({"list": {"segment": "seg_gold"}, "op": "is_member"});
    assert_eq!(rig.members(list.clone()), ["b", "c"]);
    rig.list("vip.csv", "customer_id,tier\nc,Gold\nb,Bronze\n");
    assert_eq!(rig.members(list), ["c"]);
    fs::remove_file(rig.folder.path().join("workspace/lists/vip.csv")).unwrap();
    assert_eq!(rig.problem(gold()).1, "there is no table \"lists/vip\"");
}

#[test]
fn what_is_wrong_with_a_list_is_told_at_its_line() {
    let rig = Rig::customers();
    let told = |node: Value| {
        let (place, message, help) = rig.problem(node);
        assert_eq!(place, "include.0");
        (message, help)
    };
    let (_, help) = told(on("teir", "is_null", Value::Null));
    assert_eq!(help, "did you mean \"tier\"?");
    let table = |table: &str| json!({"attribute": {"table": table, "column": "x"}, "op": "is_null"});
    assert_eq!(told(table("lists/vpi")).1, "did you mean \"lists/vip\"?");
    assert_eq!(told(table("vip")).1, "did you mean \"lists/vip\"?");
    rig.list("broken.csv", "customer_id,x\na\n");
    let (message, help) = told(table("lists/broken"));
    assert!(
        message.contains("1 field")
            && message.contains("broken.csv, line 2)")
            && help.starts_with("give every line"),
        "{message}"
    );
    rig.list("people.csv", "name,x\na,b\n");
    let (message, help) = told(table("lists/people"));
    assert_eq!(message, "table \"lists/people\" has no column \"customer_id\", the activation ID");
    assert_eq!(help, "name its column of ids \"customer_id\"");
    rig.list("sub/a.csv", "customer_id,x\na,b\n");
    rig.list("sub/a.CSV", "customer_id,x\na,b\n");
    assert!(told(table("lists/sub/a")).0.contains("more than once: sub/a.CSV, sub/a.csv"));
    // A list of ids alone and one of texts are no tables.
    rig.list("ids.csv", "customer_id\na\n");
    rig.list("ids.txt", "a,b\n");
    assert_eq!(told(table("lists/ids")).0, "there is no table \"lists/ids\"");
}

#[test]
fn sentences_name_the_list() {
    let rig = Rig::customers();
    let segment = segment(on("tier", "is_exactly", "Gold".into()));
    let database = rig.engine.database_of(&segment, AS_OF);
    let view = DatabaseView { database: &database, activation_id: "customer_id" };
    let schema = NamedSchema { schema: &view, names: |_: &str| None };
    let Some(segtui::segment::Node::Condition(condition)) =
        segment.walk().pop().map(|(_, node)| node.clone())
    else {
        panic!("{segment:?}")
    };
    let words = words::condition(&condition, &schema);
    assert_eq!((words.source.as_deref(), words.sentence().as_str()), (Some("vip"), "Tier is exactly Gold"));
}

#[test]
fn sql_brings_the_rows_along() {
    let rig = Rig::customers();
    let segment = segment(on("points", "is_greater_than", 4.into()));
    let database = rig.engine.database_of(&segment, AS_OF);
    let written = |dialect| {
        let view = DatabaseView { database: &database, activation_id: "customer_id" };
        let checked = rig.engine.check(&segment, AS_OF);
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
    let sql = written(Dialect::DuckDb).unwrap();
    for part in [
        "lists_vip AS (",
        "CAST(c1 AS VARCHAR) AS customer_id,",
        "CAST(c2 AS BIGINT) AS points",
        "('a', '5'), ('b', '7'), ('a', NULL), ('007', '1'), ('zzz', '9'), (NULL, '9')",
        "FROM lists_vip",
    ] {
        assert!(sql.contains(part), "{part} in\n{sql}");
    }
    for dialect in [Dialect::Postgres, Dialect::Trino, Dialect::Spark] {
        assert!(written(dialect).unwrap().contains("'007', '1'"));
    }
    let refused = written(Dialect::Embedded).unwrap_err();
    assert_eq!(refused.diagnostic.place.to_string(), "include.0");
    assert!(
        refused.diagnostic.message.contains("\"lists/vip\" is an uploaded list"),
        "{}",
        refused.diagnostic.message
    );
}

#[test]
fn the_command_line_knows_lists_as_tables() {
    let machine = Machine::new();
    let node =
        json!({"attribute": {"table": "lists/vip", "column": "why"}, "op": "is_exactly", "value": "x"});
    let file = machine.file("x.json", &document(json!([node])).to_string());
    let output = machine.run(&["count", "--json", "--waterfall", &file]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let answer = lines(&output).remove(0);
    let members = stdout(&machine.run(&["members", &file]));
    assert_eq!(members, "amperity_id\n007\nC002\nC004\nC009\n");
    assert_eq!(answer["unique_customers"], 4);
    let texts: Vec<&str> =
        answer["waterfall"].as_array().unwrap().iter().filter_map(|line| line["text"].as_str()).collect();
    assert!(texts.contains(&"Why is exactly x"), "{texts:?}");
    let output = machine.run(&["tables", "--json"]);
    let tables = lines(&output).remove(0)["tables"].as_array().unwrap().clone();
    let list = tables.last().unwrap();
    assert_eq!(
        (&list["name"], &list["label"], &list["rows"]),
        (&json!("lists/vip"), &json!("vip"), &json!(6))
    );
    assert_eq!((&list["customers"], &list["orphan_rows"]), (&json!(4), &json!(1)));
    assert!(stdout(&machine.run(&["tables"])).contains("lists/vip"));
    let output = machine.run(&["sql", &file, "--dialect", "duckdb"]);
    assert!(stdout(&output).contains("'not-a-customer', 'x'"), "{}{}", stdout(&output), stderr(&output));
    assert_eq!(code(&machine.run(&["check", &file])), 0);
}
