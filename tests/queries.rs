//! SQL segments and customer lists from queries, on the embedded engine.

use std::fs;
use std::sync::Arc;

use chrono::NaiveDate;
use segtui::backend::{BackendError, Cancel, FileCounts, Task};
use segtui::diagnostic::Diagnostic;
use segtui::local::Engine;
use segtui::local::files::LocalDatabase;
use segtui::segment::{Definition, NodePath, Place, Problem, Query, Segment, Side, TextPosition};
use segtui::sql::{self, DateStyle, Dialect, ExportRequest};
use segtui::workspace::Workspace;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::conformance::{cases, folder, open};

const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();

/// Customer 3 has no order, order d is an orphan's, order e nobody's; `city` is in all three tables.
fn shop() -> (TempDir, Arc<LocalDatabase>) {
    let folder = TempDir::new().unwrap();
    for (name, text) in [
        ("database.toml", "id = \"customer_id\"\n"),
        (
            "Customers.csv",
            "customer_id,city,joined,points\n1,Chicago,2024-01-10,5\n2,Boston,2023-12-31,\n3,,2024-02-01,7\n\
             4,chicago,,0\n\" \",Rome,2024-01-01,1\n",
        ),
        (
            "Orders.csv",
            "order_id,customer_id,amount,day,city\na,1,10.5,2024-02-01,Chicago\nb,1,,2024-01-01,Boston\n\
             c,2,20,2024-02-15,\nd,9,5,2024-02-20,Chicago\ne,,7,2024-02-21,Rome\nf,4,,2024-02-22,Boston\n",
        ),
        ("Items.csv", "order_id,product,city\na,Socks,Rome\na,Hat,Chicago\nc,socks,Boston\nf,Hat,\n"),
        ("Broken.parquet", "this is no parquet"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let database = open(folder.path());
    (folder, database)
}

fn segment(sql: &str) -> Segment {
    let mut segment = Segment::new("seg_sql", "shop", "customer_id");
    segment.definition = Definition::Sql(sql.to_owned());
    segment
}

fn on_list(source: Value, op: &str) -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_list", "name": "L", "activation_id": "customer_id",
        "include": {"match": "all", "of": [{"list": source, "op": op}]},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

#[test]
fn queries_mean_what_sql_means() {
    let (_folder, database) = shop();
    let engine = Engine::new(database);
    let a = "SELECT customer_id FROM Customers";
    let b = "SELECT customer_id FROM Orders";
    let mut wrong = Vec::new();
    for (sql, expected) in [
        // Ids: NULL, blank and unknown ones are nobody, doubles are one, numbers are their digits.
        (a.to_owned(), "1 2 3 4"),
        (b.to_owned(), "1 2 4"),
        ("SELECT CAST(customer_id AS BIGINT) AS customer_id FROM Orders".to_owned(), "1 2 4"),
        ("SELECT CAST(customer_id AS DOUBLE) AS customer_id FROM Orders".to_owned(), "1 2 4"),
        ("SELECT 1 AS customer_id".to_owned(), "1"),
        ("SELECT 1.5 AS customer_id".to_owned(), ""),
        ("SELECT NULL AS customer_id".to_owned(), ""),
        ("WITH ids (customer_id) AS (VALUES ('3'), ('x'), (NULL)) SELECT customer_id FROM ids".to_owned(), "3"),
        // NULL
        (format!("{a} WHERE city <> 'Boston'"), "1 4"),
        (format!("{a} WHERE city IS DISTINCT FROM 'Boston'"), "1 3 4"),
        (format!("{a} WHERE city NOT IN ('Boston', NULL)"), ""),
        (format!("{a} WHERE NOT (points > 3)"), "4"),
        (format!("{a} WHERE (points > 3) IS TRUE"), "1 3"),
        (format!("{a} WHERE customer_id NOT IN ({b})"), ""),
        (format!("{a} WHERE customer_id NOT IN ({b} WHERE customer_id IS NOT NULL)"), "3"),
        (format!("{a} WHERE city IS NULL OR customer_id NOT IN ({b} WHERE customer_id IS NOT NULL)"), "3"),
        (format!("{a} WHERE city = 'chicago' OR customer_id IN ({b} WHERE amount > 15)"), "2 4"),
        (format!("{a} WHERE city NOT BETWEEN 'A' AND 'C'"), "1 4"),
        (format!("{a} WHERE city LIKE 'C_ic%'"), "1"),
        (format!("{a} WHERE city ILIKE 'c%'"), "1 4"),
        (format!("{a} WHERE 1 = 0"), ""),
        // Subqueries
        (format!("{a} c WHERE EXISTS (SELECT 1 FROM Orders o WHERE o.customer_id = c.customer_id)"), "1 2 4"),
        (format!("{a} c WHERE NOT EXISTS (SELECT 1 FROM Orders o WHERE o.customer_id = c.customer_id)"), "3"),
        (
            format!("{a} c WHERE EXISTS (SELECT 1 FROM Orders o WHERE o.customer_id = c.customer_id AND o.amount > 15)"),
            "2",
        ),
        (format!("{a} WHERE customer_id IN ({b} GROUP BY customer_id HAVING COUNT(*) > 1)"), "1"),
        // Joins
        (format!("{a} JOIN Orders USING (customer_id) WHERE amount > 15"), "2"),
        (
            "SELECT Customers.customer_id FROM Customers JOIN Orders ON Customers.customer_id = Orders.customer_id \
             WHERE Orders.city = 'Boston'"
                .to_owned(),
            "1 4",
        ),
        (
            "SELECT c.customer_id FROM Customers c LEFT JOIN Orders o ON o.customer_id = c.customer_id \
             WHERE o.order_id IS NULL"
                .to_owned(),
            "3",
        ),
        (
            "SELECT c.customer_id FROM Customers c LEFT JOIN (SELECT customer_id FROM Orders WHERE city = 'Boston') \
             AS o ON c.customer_id = o.customer_id WHERE o.customer_id IS NULL"
                .to_owned(),
            "2 3",
        ),
        (
            "SELECT o.customer_id FROM Customers c RIGHT JOIN Orders o ON c.customer_id = o.customer_id \
             WHERE c.points IS NULL"
                .to_owned(),
            "2",
        ),
        (
            "SELECT c.customer_id FROM Orders o RIGHT JOIN Customers c ON c.customer_id = o.customer_id \
             WHERE o.order_id IS NULL"
                .to_owned(),
            "3",
        ),
        (
            "SELECT COALESCE(c.customer_id, o.customer_id) AS customer_id FROM Customers c FULL JOIN Orders o \
             ON c.customer_id = o.customer_id WHERE o.amount IS NULL"
                .to_owned(),
            "1 3 4",
        ),
        (
            "SELECT c.customer_id FROM Customers c JOIN Orders o ON o.customer_id = c.customer_id \
             JOIN Items i ON o.order_id = i.order_id WHERE c.city = i.city"
                .to_owned(),
            "1 2",
        ),
        (
            "SELECT c.customer_id FROM Customers c JOIN Orders o ON c.customer_id = o.customer_id \
             JOIN Items i ON i.order_id = o.order_id WHERE o.city = 'Boston' AND i.product = 'Hat'"
                .to_owned(),
            "4",
        ),
        (
            "SELECT c.customer_id FROM Customers c JOIN Orders o ON c.customer_id = o.customer_id \
             JOIN Items i ON o.order_id = i.order_id AND o.city = i.city"
                .to_owned(),
            "1",
        ),
        (
            "SELECT c.customer_id FROM Customers c CROSS JOIN Orders o WHERE o.city = c.city".to_owned(),
            "1 2",
        ),
        (
            "SELECT a.customer_id FROM Orders a JOIN Orders b ON a.customer_id = b.customer_id WHERE a.day < b.day"
                .to_owned(),
            "1",
        ),
        (format!("{a} SEMI JOIN Orders ON Customers.customer_id = Orders.customer_id"), "1 2 4"),
        (format!("{a} ANTI JOIN Orders ON Customers.customer_id = Orders.customer_id"), "3"),
        // Set operations
        (format!("{a} EXCEPT {b}"), "3"),
        (format!("{a} INTERSECT {b}"), "1 2 4"),
        (format!("({a} EXCEPT {b}) UNION {a} WHERE city = 'Boston'"), "2 3"),
        (format!("{a} UNION ALL {b} EXCEPT {b} WHERE amount > 15"), "1 3 4"),
        (format!("{a} EXCEPT {b} EXCEPT {a} WHERE points = 7"), ""),
        (format!("{a} WHERE points = 7 UNION {a} INTERSECT {b}"), "1 2 3 4"),
        (format!("{a} EXCEPT ({b} INTERSECT {a} WHERE city = 'Boston')"), "1 3 4"),
        // Groups
        (format!("{b} GROUP BY customer_id HAVING SUM(amount) < 100"), "1 2"),
        (format!("{b} GROUP BY customer_id HAVING SUM(amount) IS NULL"), "4"),
        (format!("{b} GROUP BY customer_id HAVING COUNT(DISTINCT city) = 0"), "2"),
        (format!("{b} GROUP BY customer_id HAVING COUNT(city) = 2 AND COUNT(amount) = 1"), "1"),
        (format!("{b} GROUP BY customer_id HAVING MAX(day) > DATE '2024-02-10'"), "2 4"),
        ("SELECT customer_id, COUNT(*) AS n FROM Orders GROUP BY 1 ORDER BY n DESC, 1 LIMIT 1".to_owned(), "1"),
        ("SELECT MIN(customer_id) AS customer_id FROM Orders".to_owned(), "1"),
        // Order
        (format!("{a} ORDER BY points DESC NULLS LAST LIMIT 1"), "3"),
        (format!("{a} ORDER BY customer_id DESC LIMIT 1 OFFSET 1"), "3"),
        (
            "SELECT customer_id FROM (SELECT customer_id, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY day) \
             AS n FROM Orders) AS r WHERE n = 2"
                .to_owned(),
            "1",
        ),
        (
            format!("WITH big AS ({b} WHERE amount > 8), other AS (SELECT customer_id FROM big WHERE customer_id <> '1') SELECT customer_id FROM other"),
            "2",
        ),
        // The day
        (format!("{b} WHERE day > :as_of - INTERVAL '14 days'"), "4"),
        (format!("{a} WHERE joined IN (:as_of, DATE '2024-02-01') -- :as_of"), "3"),
        (format!("{a} WHERE joined >= '2024-01-10' AND joined < :as_of;"), "1 3"),
    ] {
        let expected: Vec<&str> = expected.split(' ').filter(|id| !id.is_empty()).collect();
        match engine.members(&segment(&sql), AS_OF, &Cancel::default()) {
            Ok(members) if members == expected => {}
            other => wrong.push(format!("{sql}\n    {expected:?}, not {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_cannot_run_is_told_before_it_runs() {
    let (_folder, database) = shop();
    let engine = Engine::new(database);
    let mut wrong = Vec::new();
    for (sql, at, message, help) in [
        (
            "SELECT customer_id\nFROM Custmers",
            "2:6",
            "there is no table \"Custmers\"",
            "did you mean \"Customers\"?",
        ),
        (
            "SELECT customer_id FROM customers",
            "1:25",
            "there is no table \"customers\"",
            "did you mean \"Customers\"?",
        ),
        (
            "WITH b AS (SELECT customer_id FROM Orders) SELECT customer_id FROM c",
            "1:68",
            "there is no table \"c\"",
            "name a table",
        ),
        ("SELECT customer_id FROM Broken", "1:25", "table \"Broken\" cannot be used", "export it again"),
        (
            "SELECT customer_id FROM Customers\nWHERE Citty = 'x'",
            "2:7",
            "there is no column \"Citty\"",
            "did you mean \"city\"?",
        ),
        (
            "SELECT CUSTOMER_ID FROM Customers",
            "1:8",
            "there is no column \"CUSTOMER_ID\"",
            "did you mean \"customer_id\"?",
        ),
        (
            "SELECT c.customer_id FROM Customers c WHERE c.citty = 'x'",
            "1:47",
            "there is no column \"citty\"",
            "did you mean \"city\"?",
        ),
        (
            "SELECT customer_id FROM Customers WHERE city = \"Chicago\"",
            "1:48",
            "there is no column \"Chicago\"",
            "single quotes",
        ),
        (
            "SELECT customer_id FROM Customers GROUP BY customer_id HAVING MAX(pints) > 3",
            "1:67",
            "there is no column \"pints\"",
            "points",
        ),
        (
            "SELECT city FROM Customers",
            "1:1",
            "does not return \"customer_id\", the activation ID; it returns \"city\"",
            "add customer_id",
        ),
        ("SELECT 1 AS Customer_ID", "1:1", "does not return \"customer_id\"", "Customer_ID AS customer_id"),
        (
            "SELECT CAST(points AS DECIMAL(10,2)) AS customer_id FROM Customers",
            "1:1",
            "ids are texts or whole numbers",
            "CAST",
        ),
        (
            "SELECT c.customer_id FROM Customers c JOIN Orders o ON c.customer_id = o.customer_id WHERE city = 'x'",
            "1:92",
            "\"city\" is a column of several tables",
            "c.city, o.city",
        ),
        (
            "SELECT customer_id FROM Customers WHERE soundex(city) = 'x'",
            "1:41",
            "there is no function \"soundex\"",
            "another way",
        ),
        (
            "SELECT customer_id, city FROM Orders GROUP BY customer_id",
            "1:21",
            "neither in GROUP BY",
            "add it to GROUP BY",
        ),
        (
            "SELECT customer_id FROM Customers WHERE points > (SELECT MAX(points) FROM Customers)",
            "",
            "compared like a value",
            "IN (SELECT",
        ),
        (
            "SELECT customer_id FROM Customers c WHERE EXISTS (SELECT 1 FROM Orders o WHERE o.customer_id = c.customer_id AND o.city = 'Rome')",
            "1:43",
            "EXISTS",
            "write IN (SELECT",
        ),
        (
            "SELECT customer_id FROM Customers WHERE joined > 5",
            "1:41",
            "a date is compared with a number",
            "DATE",
        ),
        (
            "SELECT customer_id FROM Orders GROUP BY customer_id HAVING MAX(day) - MIN(day) > 3",
            "1:60",
            "taken from a date",
            "INTERVAL",
        ),
        (
            "SELECT customer_id FROM Customers WHERE joined > '2024-1-1'",
            "",
            "the query fails: cannot compare 'date",
            "write DATE",
        ),
        (
            "SELECT customer_id FROM Customers WHERE customer_id IN (1, 2)",
            "",
            "the query fails: 'is_in' cannot",
            "CAST",
        ),
    ] {
        let problems = engine.check(&segment(sql), AS_OF).problems;
        let [
            Problem {
                diagnostic: Diagnostic { place: Place::Sql, message: said, help: advice },
                text_position: found,
                ..
            },
        ] = problems.as_slice()
        else {
            wrong.push(format!("{sql}\n    {problems:?}"));
            continue;
        };
        let found = found.map(|TextPosition { line, column }| format!("{line}:{column}")).unwrap_or_default();
        if found != at || !said.contains(message) || !advice.clone().unwrap_or_default().contains(help) {
            wrong.push(format!("{sql}\n    {found} {said}: {advice:?}"));
        }
        match engine.evaluate(&segment(sql), AS_OF, &Cancel::default()) {
            Err(BackendError::Refused(problem)) if *problem == problems[0] => {}
            other => wrong.push(format!("{sql}\n    {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_fails_over_the_data_is_told_with_its_place() {
    let (_folder, database) = shop();
    let engine = Engine::new(database);
    let fails = segment("SELECT CAST(city AS BIGINT) AS customer_id FROM Customers");
    assert!(engine.check(&fails, AS_OF).problems.is_empty());
    match engine.evaluate(&fails, AS_OF, &Cancel::default()) {
        Err(BackendError::Refused(problem)) => {
            assert_eq!(problem.diagnostic.place, Place::Sql);
            assert_eq!(problem.text_position, Some(TextPosition { line: 1, column: 13 }));
            assert!(
                problem.diagnostic.message.contains("conversion")
                    && problem.diagnostic.message.lines().count() == 1,
                "{problem:?}"
            );
        }
        other => panic!("{other:?}"),
    }
    let texts = segment("SELECT customer_id FROM Customers WHERE points = '5'");
    match engine.members(&texts, AS_OF, &Cancel::default()) {
        Err(BackendError::Refused(problem)) => {
            assert!(problem.diagnostic.message.contains("cannot compare string with numeric"), "{problem:?}");
            assert!(problem.diagnostic.help.unwrap().contains("without quotes"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sql_segment_has_insights_and_no_lines() {
    let (_folder, database) = shop();
    let engine = Engine::new(database);
    let everybody =
        engine.evaluate(&Segment::new("x", "shop", "customer_id"), AS_OF, &Cancel::default()).unwrap();
    let all =
        engine.evaluate(&segment("SELECT customer_id FROM Customers"), AS_OF, &Cancel::default()).unwrap();
    assert_eq!((all.insights, all.all), (everybody.insights, everybody.all));
    assert!(all.waterfall.is_empty() && all.files.is_empty() && all.problems.is_empty());
    let boston = segment("SELECT customer_id FROM Customers WHERE city = 'Boston'");
    let counts = engine.value_counts("Orders", "city", &boston, None, AS_OF, &Cancel::default()).unwrap();
    assert_eq!((counts.null.all, counts.null.segment), (1, 1));
    let cancel = Cancel::default();
    cancel.cancel();
    assert_eq!(engine.evaluate(&boston, AS_OF, &cancel), Err(BackendError::Cancelled));
    // The day is part of the question.
    let since = segment("SELECT customer_id FROM Orders WHERE day > :as_of");
    let members = |day: &str| engine.members(&since, day.parse().unwrap(), &Cancel::default()).unwrap().len();
    assert_eq!((members("2024-02-16"), members("2024-02-01"), members("2024-02-16")), (1, 2, 1));
}

#[test]
fn a_query_gives_its_columns_and_rows_to_others() {
    let (_folder, database) = shop();
    let engine = Engine::new(database);
    let query =
        Query::parse("SELECT customer_id, SUM(amount) AS total FROM Orders GROUP BY customer_id", AS_OF)
            .unwrap();
    let plan = engine.plan(&query).unwrap();
    let names: Vec<String> = plan.schema().iter_names().map(ToString::to_string).collect();
    assert_eq!(names, ["customer_id", "total"]);
    assert_eq!(plan.rows(None, &Cancel::default()).unwrap().height(), 5);
    assert_eq!(plan.rows(Some(&["total"]), &Cancel::default()).unwrap().width(), 1);
}

#[test]
fn lists_from_queries() {
    let (_folder, database) = shop();
    let root = TempDir::new().unwrap();
    let queries = root.path().join("queries");
    fs::create_dir_all(queries.join("sub")).unwrap();
    fs::write(queries.join("vip.sql"), "-- rich\nSELECT customer_id FROM Orders WHERE amount > 1;\n")
        .unwrap();
    fs::write(queries.join("sub/bad.sql"), "SELECT customer_id\nFROM Ordrs").unwrap();
    fs::write(queries.join("empty.sql"), "\n").unwrap();
    fs::write(queries.join("fails.sql"), "SELECT CAST(city AS BIGINT) AS customer_id FROM Customers")
        .unwrap();
    let engine = Engine::new(database).with_workspace_files(Arc::new(Workspace::new(root.path(), true)));
    let cancel = Cancel::default();
    let members = |segment: &Segment| engine.members(segment, AS_OF, &cancel).unwrap();
    let vip = on_list(json!({"query": "vip.sql"}), "is_member");
    assert_eq!(members(&vip), ["1", "2"]);
    assert_eq!(members(&on_list(json!({"query": "vip.sql"}), "is_not_member")), ["3", "4"]);
    // Order d is of 9, who is no customer; order e is of nobody.
    let path = NodePath { side: Side::Include, steps: vec![0] };
    let counts = engine.evaluate(&vip, AS_OF, &cancel).unwrap().files;
    assert_eq!(counts, [FileCounts { path, ids: 3, unmatched: 1 }]);
    for (file, at, message) in [
        ("sub/bad.sql", "2:6", "in the query \"sub/bad.sql\", line 2, column 6: there is no table \"Ordrs\""),
        ("empty.sql", "", "in the query \"empty.sql\": the query is empty"),
        ("gone.sql", "", "there is no query \"gone.sql\""),
        ("../workspace.json", "", "\"../workspace.json\" leads out of the workspace's queries"),
    ] {
        let problems = engine.check(&on_list(json!({"query": file}), "is_member"), AS_OF).problems;
        let [problem] = problems.as_slice() else { panic!("{problems:?}") };
        let found = problem.text_position.map(|at| format!("{}:{}", at.line, at.column)).unwrap_or_default();
        assert_eq!((problem.diagnostic.place.to_string().as_str(), found.as_str()), ("include.0", at));
        assert_eq!(problem.diagnostic.message, message);
    }
    match engine.members(&on_list(json!({"query": "fails.sql"}), "is_member"), AS_OF, &cancel) {
        Err(BackendError::Refused(problem)) => {
            assert_eq!(problem.diagnostic.place.to_string(), "include.0");
            assert!(
                problem.diagnostic.message.starts_with("in the query \"fails.sql\", line 1"),
                "{}",
                problem.diagnostic.message
            );
        }
        other => panic!("{other:?}"),
    }
    // Changed beside the program.
    fs::write(queries.join("vip.sql"), "SELECT '3' AS customer_id").unwrap();
    assert_eq!(members(&vip), ["3"]);
}

/// Each case as a query in a copy of its workspace: the list has its members, and the SQL segment too,
/// through a list of segments.
#[test]
fn every_case_is_a_list_as_well() {
    let root = TempDir::new().unwrap();
    for kind in ["queries", "segments"] {
        fs::create_dir_all(root.path().join(kind)).unwrap();
    }
    let source = folder(None, "workspace");
    fs::copy(source.join("workspace.json"), root.path().join("workspace.json")).unwrap();
    for entry in fs::read_dir(source.join("segments")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), root.path().join("segments").join(entry.file_name())).unwrap();
    }
    fs::create_dir_all(root.path().join("lists")).unwrap();
    fs::copy(source.join("lists/vip.csv"), root.path().join("lists/vip.csv")).unwrap();
    let workspace = Arc::new(Workspace::new(root.path(), true));
    let cancel = Cancel::default();
    let mut engine: Option<(std::path::PathBuf, Engine)> = None;
    let mut wrong = Vec::new();
    for (number, case) in cases().into_iter().enumerate() {
        let Some(members) = case.expect.get("members") else { continue };
        let expected: Vec<String> = serde_json::from_value(members.clone()).unwrap();
        let at = folder(case.db.as_deref(), "parquet");
        if engine.as_ref().is_none_or(|(known, _)| *known != at) {
            engine = Some((at.clone(), Engine::new(open(&at)).with_workspace_files(workspace.clone())));
        }
        let (_, engine) = engine.as_ref().unwrap();
        let view = segtui::database::DatabaseView {
            database: engine.database(),
            activation_id: &case.segment.activation_id,
        };
        let checked = engine.check(&case.segment, case.as_of);
        let request = ExportRequest {
            segment: &case.segment,
            checked: &checked,
            view,
            as_of: case.as_of,
            backend: engine,
            task: Task::new(&cancel),
        };
        let text = sql::write(&request, Dialect::Embedded, DateStyle::Relative).unwrap();
        fs::write(root.path().join(format!("queries/{number}.sql")), &text).unwrap();
        let mut query = case.segment.clone();
        query.id = format!("seg_query_{number}");
        query.name = query.id.clone();
        query.definition = Definition::Sql(text);
        fs::write(root.path().join(format!("segments/query-{number}.segment.json")), query.to_json())
            .unwrap();
        for source in [json!({"query": format!("{number}.sql")}), json!({"segment": query.id})] {
            let mut list = on_list(source, "is_member");
            list.activation_id = case.segment.activation_id.clone();
            match engine.members(&list, case.as_of, &cancel) {
                Ok(found) if found == expected => {}
                other => wrong.push(format!("{}: {expected:?}, not {other:?}", case.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong, the first:\n{}", wrong.len(), wrong[0]);
}

#[test]
fn in_other_dialects_the_ids_of_a_query_stand_as_values() {
    let (_folder, database) = shop();
    let root = TempDir::new().unwrap();
    fs::create_dir_all(root.path().join("queries")).unwrap();
    fs::write(root.path().join("queries/vip.sql"), "SELECT customer_id FROM Orders WHERE amount > 1")
        .unwrap();
    let workspace = Arc::new(Workspace::new(root.path(), true));
    let engine = Engine::new(database).with_workspace_files(workspace.clone());
    let segment = on_list(json!({"query": "vip.sql"}), "is_member");
    let checked = engine.check(&segment, AS_OF);
    let view = segtui::database::DatabaseView { database: engine.database(), activation_id: "customer_id" };
    let cancel = Cancel::default();
    let request = ExportRequest {
        segment: &segment,
        checked: &checked,
        view,
        as_of: AS_OF,
        backend: &engine,
        task: Task::new(&cancel),
    };
    for dialect in Dialect::external() {
        let sql = sql::write(&request, dialect, DateStyle::Resolved).unwrap();
        assert!(sql.contains("'1'") && sql.contains("'2'") && !sql.contains("'9'"), "{sql}");
    }
}
