//! The real binary, as shells and scripts meet it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A person's machine: a home folder that holds nothing yet.
pub struct Machine {
    home: TempDir,
}

pub fn conformance(place: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance").join(place)
}

pub fn document(of: Value) -> Value {
    let mut document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_x", "name": "X", "status": "draft",
        "database": "nasty", "activation_id": "amperity_id", "revision": 1,
        "include": {"match": "all", "of": []}, "exclude": {"match": "any", "of": []},
    });
    document["include"]["of"] = of;
    document
}

pub fn in_city(city: &str) -> Value {
    json!({"attribute": {"table": "Customer_360", "column": "city"}, "op": "is_exactly", "value": city})
}

impl Machine {
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The program, as it would be started there.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segtui"));
        command.env_clear().env("HOME", self.home.path()).env("USER", "ana").current_dir(self.home.path());
        for (name, folder) in [
            ("XDG_DATA_HOME", "share"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_CONFIG_HOME", "config"),
        ] {
            command.env(name, self.home.path().join(folder));
        }
        command.args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs over the conformance database and workspace.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.command(arguments);
        command.env("SEGTUI_DATA", conformance("csv")).env("SEGTUI_WORKSPACE", conformance("workspace"));
        command.output().unwrap()
    }

    pub fn file(&self, name: &str, content: &str) -> String {
        let path = self.home.path().join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn segment(&self, name: &str, of: Value) -> String {
        self.file(name, &document(of).to_string())
    }
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub fn lines(output: &Output) -> Vec<Value> {
    stdout(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Every file and folder below a folder, with size and time.
fn snapshot(root: &Path) -> BTreeMap<PathBuf, (u64, std::time::SystemTime)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let metadata = fs::metadata(&path).unwrap();
            found.insert(path.clone(), (metadata.len(), metadata.modified().unwrap()));
            if metadata.is_dir() {
                folders.push(path);
            }
        }
    }
    found
}

#[test]
fn count_answers_in_the_documented_shape() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([in_city("chicago")]));
    let output = machine.run(&["count", "--json", &file]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
    let [answer] = lines(&output).try_into().unwrap();
    let insights = ["unique_customers", "active_customers_1y", "revenue_1y", "reachable_customers"];
    let mut expected = vec!["elapsed_ms", "segment", "as_of", "activation_id"];
    expected.extend(insights);
    expected.push("all");
    assert_eq!(keys(&answer), expected);
    assert_eq!(answer["segment"], json!({"id": "seg_x", "name": "X"}));
    assert_eq!((&answer["as_of"], &answer["activation_id"]), (&json!("2024-02-29"), &json!("amperity_id")));
    assert_eq!(insights.map(|key| answer[key].to_string()), ["9", "6", "685.97", "4"]);
    assert_eq!(keys(&answer["all"]), insights);
    assert!(answer["elapsed_ms"].is_number());

    let output = machine.run(&["count", "--json", "--waterfall", "--as-of", "2023-01-01", &file]);
    let [answer] = lines(&output).try_into().unwrap();
    assert_eq!(answer["as_of"], "2023-01-01");
    let line =
        answer["waterfall"].as_array().unwrap().iter().find(|line| line["place"] == "include.0").unwrap();
    assert_eq!(keys(line), ["place", "text", "alone", "here", "only", "null"]);
    assert_eq!((&line["text"], &line["alone"]), (&json!("City is exactly chicago"), &json!(9)));
}

#[test]
fn the_day_is_a_date_or_words_that_count_from_the_day_of_the_data() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([]));
    let days = [
        ("2024-02-01", "2024-02-01"),
        ("today", "2024-02-29"),
        ("3 months ago", "2023-11-29"),
        ("Start of  MONTH", "2024-02-01"),
        ("in 1 year", "2025-02-28"),
    ];
    for (typed, day) in days {
        let [answer] = lines(&machine.run(&["count", "--json", "--as-of", typed, &file])).try_into().unwrap();
        assert_eq!(answer["as_of"], day, "{typed}");
    }
    let output = machine.run(&["count", "--as-of", "10000 years ago", &file]);
    assert!(stderr(&output).contains("--as-of: 10000 years ago, counted from 2024-02-29"));
}

#[test]
fn sql_is_printed_alone() {
    let machine = Machine::new();
    let since = json!({"purchase": "has_not_purchased",
                       "when": {"op": "after", "value": {"relative": "1 month ago"}}});
    let file = machine.segment("x.json", json!([since]));
    let output = machine.run(&["sql", &file, "--dialect", "postgres"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    let sql = stdout(&output);
    assert!(
        sql.starts_with("-- X\n") && sql.ends_with("\nSELECT DISTINCT amperity_id FROM members\n"),
        "{sql}"
    );
    assert!(sql.contains("> DATE '2024-01-29' /* 1 month ago */"), "{sql}");

    let output = machine.run(&["sql", &file, "--dialect", "duckdb", "--relative-dates", "--json"]);
    let [answer] = lines(&output).try_into().unwrap();
    assert_eq!(keys(&answer), ["sql", "dialect", "as_of"]);
    assert_eq!((&answer["dialect"], &answer["as_of"]), (&json!("duckdb"), &json!("2024-02-29")));
    assert!(answer["sql"].as_str().unwrap().contains("> CURRENT_DATE - INTERVAL '1' MONTH"), "{answer}");

    let nul = machine.segment("nul.json", json!([in_city("a\0b")]));
    let output = machine.run(&["sql", &nul, "--dialect", "duckdb", "--json"]);
    let [answer] = lines(&output).try_into().unwrap();
    assert_eq!((code(&output), &answer["error"]["place"]), (1, &json!("include.0")));
    let incomplete = machine.segment("incomplete.json", json!([in_city("")]));
    assert_eq!(code(&machine.run(&["sql", &incomplete, "--dialect", "duckdb"])), 1);
    let output = machine.run(&["sql", &file, "--dialect", "mysql"]);
    assert!(code(&output) == 2 && stderr(&output).contains("duckdb"), "{}", stderr(&output));
    assert_eq!(code(&machine.run(&["sql", &file])), 2);
}

#[test]
fn sql_segments_are_answered_and_refused_with_their_place() {
    let machine = Machine::new();
    let file = |name: &str, sql: &str| {
        let mut document = document(json!([]));
        let keys = document.as_object_mut().unwrap();
        keys.retain(|key, _| key != "include" && key != "exclude");
        keys.insert("sql".to_owned(), sql.into());
        machine.file(name, &document.to_string())
    };
    let chicago = file("x.json", "SELECT amperity_id FROM Customer_360\nWHERE lower(city) = 'chicago';");
    let output = machine.run(&["count", "--json", "--waterfall", &chicago]);
    let [answer] = lines(&output).try_into().unwrap();
    assert_eq!(
        (code(&output), &answer["unique_customers"], &answer["waterfall"]),
        (0, &json!(9), &json!([]))
    );
    assert_eq!((&answer["revenue_1y"], &answer["reachable_customers"]), (&json!(685.97), &json!(4)));
    assert_eq!(stdout(&machine.run(&["members", &chicago])).lines().count(), 10);
    assert_eq!(stdout(&machine.run(&["check", &chicago])), "X: fine\n");
    let output = machine.run(&["sql", &chicago, "--dialect", "trino"]);
    assert!(stdout(&output).ends_with("WHERE lower(city) = 'chicago'\n"), "{}", stdout(&output));
    for (sql, message, help) in [
        ("INSERT INTO Customer_360 VALUES (1)", "line 1, column 1: INSERT is no query", "SELECT"),
        ("SELECT amperity_id\nFROM Customer_36", "line 2, column 6: there is no table", "Customer_360"),
        (
            "SELECT amperity_id FROM read_csv('/etc/passwd')",
            "line 1, column 25: read_csv(…) is no table",
            "only",
        ),
        (
            "SELECT city FROM Customer_360",
            "line 1, column 1: the query does not return \"amperity_id\"",
            "amperity_id",
        ),
        ("SELECT amperity_id FROM Customer_360 WHERE", "line 1, column", "here"),
        (
            "SELECT CAST(city AS BIGINT) AS amperity_id FROM Customer_360",
            "line 1, column 13: the query fails",
            "",
        ),
        ("", "the query is empty", "SELECT"),
    ] {
        let file = file("bad.json", sql);
        for command in ["count", "members"] {
            let output = machine.run(&[command, "--json", &file]);
            let [answer] = lines(&output).try_into().unwrap();
            assert_eq!((code(&output), &answer["error"]["place"]), (1, &json!("sql")), "{sql}: {answer}");
            let said = |key: &str| answer["error"][key].as_str().unwrap_or_default().to_owned();
            assert!(said("message").starts_with(message) && said("help").contains(help), "{sql}: {answer}");
        }
        let output = machine.run(&["count", &file]);
        assert!(stderr(&output).starts_with(&format!("error: sql: {message}")), "{}", stderr(&output));
    }
    let bad = file("bad.json", "SELECT amperity_id FROM Customer_360 WHERE citty = 'x'");
    let output = machine.run(&["check", "--json", &bad]);
    let [answer] = lines(&output).try_into().unwrap();
    assert_eq!((code(&output), &answer["problems"][0]["place"]), (1, &json!("sql")), "{answer}");
    assert_eq!(answer["problems"][0]["help"], "did you mean \"city\"?");
}

#[test]
fn people_read_tables() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([in_city("chicago")]));
    let output = machine.run(&["count", "--waterfall", &file]);
    let text = stdout(&output);
    for part in
        ["Unique customers", "$685.97", "as of 2024-02-29", "9.4%", "include.0", "City is exactly chicago"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let loud = machine.segment("loud.json", json!([in_city("CHICAGO"), in_city("Chicago")]));
    let output = machine.run(&["count", "--overlaps", &file, &loud]);
    let text = stdout(&output);
    let last = text.lines().last().unwrap();
    assert!(text.contains("IN ALL OF") && last.ends_with(&format!("{file} & {loud}")), "{text}");
    let output = machine.run(&["count", "--overlaps", "--json", &file, &loud]);
    let [answer] = lines(&output).try_into().unwrap();
    let overlaps = answer["overlaps"].as_array().unwrap();
    let shared: Vec<_> = overlaps.iter().map(|overlap| overlap["unique_customers"].clone()).collect();
    assert_eq!(shared, [9, 9, 9]);
    let output = machine.run(&["count", &file, "nobody", &file]);
    assert_eq!((stdout(&output).lines().count(), code(&output)), (4, 1));
    assert!(stderr(&output).contains("error: nobody: there is no segment"));
    for command in ["tables", "list", "paths"] {
        let output = machine.run(&[command]);
        assert_eq!(code(&output), 0, "{command}: {}", stderr(&output));
        assert!(!stdout(&output).is_empty());
    }
}

#[test]
fn several_segments_are_answered_in_turn() {
    let machine = Machine::new();
    let good = machine.segment("good.json", json!([in_city("chicago")]));
    let gone = json!({"attribute": {"table": "Customer_360", "column": "citty"}, "op": "is_null"});
    let bad = machine.segment("bad.json", json!([in_city("x"), gone]));
    let damaged = machine.file("damaged.json", "{\n  \"id\": ");
    let output = machine.run(&["count", "--json", &good, &bad, &damaged, "seg_nothing", &good]);
    assert_eq!(code(&output), 1);
    let answers = lines(&output);
    assert_eq!(answers.len(), 5);
    assert_eq!(answers[0]["unique_customers"], 9);
    assert_eq!(answers[4]["unique_customers"], 9);
    assert_eq!(keys(&answers[1]["error"]), ["kind", "place", "message", "help"]);
    let kinds = [1, 2, 3].map(|line: usize| answers[line]["error"]["kind"].as_str().unwrap());
    assert_eq!(kinds, ["segment", "segment", "workspace"]);
    assert_eq!(answers[1]["error"]["place"], "include.1");
    assert!(answers[1]["error"]["help"].as_str().unwrap().contains("city"));
    assert!(answers[2]["error"]["message"].as_str().unwrap().contains("damaged.json:2:"), "{}", answers[2]);
}

#[test]
fn an_insight_that_the_data_cannot_give_is_null() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([]));
    let data = conformance("variants/bare/csv");
    let output = machine.run(&["count", "--json", "--data", data.to_str().unwrap(), &file]);
    let [answer] = lines(&output).try_into().unwrap();
    assert!(answer["revenue_1y"].is_null() && answer["active_customers_1y"].is_null(), "{answer}");
}

#[test]
fn another_database_and_a_newer_version_are_evaluated_all_the_same() {
    let machine = Machine::new();
    let mut segment = document(json!([in_city("chicago")]));
    segment["version"] = 2.into();
    segment["database"] = "elsewhere".into();
    let file = machine.file("x.json", &segment.to_string());
    let output = machine.run(&["count", "--json", &file]);
    assert_eq!((code(&output), lines(&output)[0]["unique_customers"].clone()), (0, json!(9)));
    assert!(stderr(&output).contains("note: \"X\" was made for the database \"elsewhere\""));
}

#[test]
fn databases_that_are_none_are_errors() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([]));
    let empty = machine.home.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let missing = machine.home.path().join("missing");
    for folder in [&empty, &missing] {
        let folder = folder.to_str().unwrap();
        let output = machine.run(&["count", "--data", folder, &file]);
        assert_eq!(code(&output), 1, "{}", stdout(&output));
        assert!(stderr(&output).starts_with("error: ") && stderr(&output).contains(folder));
        let output = machine.run(&["tables", "--json", "--data", folder]);
        assert_eq!((code(&output), &lines(&output)[0]["error"]["kind"]), (1, &json!("data")));
        assert_eq!(stderr(&output), "");
    }
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([]));
    let wrong: [&[&str]; 13] = [
        &["count"],
        &["count", "--as-of", "soon", &file],
        &["count", "--as-of", "2024-02-29 10:00:00", &file],
        &["count", "--as-of", "10000 years ago", &file],
        &["count", "--nonsense", &file],
        &["count", "--as-of", "2024-2-29", &file],
        &["count", "--as-of", "2023-02-29", &file],
        &["count", "--memory", "lots", &file],
        &["tables", "--memory", "101%"],
        &["members", &file, "-o", "members.xlsx"],
        &["members", &file, "-o", "members.csv", "--read-only"],
        &["somewhere", "count", &file],
        &["demo", "-o", "d", "--read-only"],
    ];
    for arguments in wrong {
        let output = machine.run(arguments);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{arguments:?}");
        assert!(stderr(&output).starts_with("error: "), "{arguments:?}: {}", stderr(&output));
        let output = machine.run(&[arguments, &["--json"]].concat());
        assert_eq!(
            (code(&output), &lines(&output)[0]["error"]["kind"]),
            (2, &json!("usage")),
            "{arguments:?}"
        );
    }
    for arguments in [["--version"], ["--help"]] {
        assert_eq!(code(&machine.run(&arguments)), 0);
    }
}

#[test]
fn how_much_memory_is_kept_changes_no_number() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([in_city("chicago")]));
    let count = |memory: &str, arguments: &[&str]| {
        let mut command = machine.command(&[&["count", "--json", &file], arguments].concat());
        command.env("SEGTUI_DATA", conformance("parquet")).env("SEGTUI_MEMORY", memory);
        command.output().unwrap()
    };
    let wanted = lines(&count("", &[]))[0]["unique_customers"].clone();
    assert!(wanted.as_u64().unwrap() > 0);
    for (memory, arguments) in [
        ("0B", &[][..]),
        ("2 GiB", &[]),
        ("1%", &[]),
        ("", &["--memory", "1MB"]),
        ("x", &["--memory", "9GB"]),
    ] {
        let output = count(memory, arguments);
        assert_eq!(lines(&output)[0]["unique_customers"], wanted, "{memory} {arguments:?}");
    }
    let output = count("1.5", &[]);
    let error = &lines(&output)[0]["error"];
    assert_eq!((code(&output), &error["message"]), (2, &json!("SEGTUI_MEMORY is \"1.5\"")));
    assert!(error["help"].as_str().unwrap().contains("512MB, 2GB or 25%"));
}

#[test]
fn settings_that_are_wrong_are_told_and_in_nobodys_way() {
    let machine = Machine::new();
    let plain = machine.run(&["list", "--json"]);
    assert_eq!(stderr(&plain), "");
    let paths = machine.run(&["paths", "--json"]);
    let settings = PathBuf::from(lines(&paths)[0]["settings"].as_str().unwrap());
    fs::create_dir_all(settings.parent().unwrap()).unwrap();
    fs::write(&settings, "# mine\nmemory = \"1GB\"\n").unwrap();
    let output = machine.run(&["list", "--json"]);
    assert_eq!((stderr(&output).as_str(), stdout(&output)), ("", stdout(&plain)));
    for (text, line, message, help) in [
        (
            "# mine\nmemroy = \"1GB\"\n",
            2,
            "there is no setting \"memroy\"",
            "column 1)\n  did you mean memory?",
        ),
        ("memory = \"a lot\"\n", 1, "\"a lot\" is no size", "column 10)\n  write memory = "),
    ] {
        fs::write(&settings, text).unwrap();
        let output = machine.run(&["list", "--json"]);
        assert_eq!((code(&output), stdout(&output)), (0, stdout(&plain)));
        let start = format!("note: {message} ({}, line {line}, {help}", settings.display());
        assert!(stderr(&output).starts_with(&start), "{}", stderr(&output));
        assert_eq!(fs::read_to_string(&settings).unwrap(), text);
    }
}

#[test]
fn a_slip_in_a_command_opens_no_folder() {
    let machine = Machine::new();
    for (arguments, message, help) in [
        (&["cuont", "x"][..], "no command and no folder \"cuont\"", "did you mean `segtui count`?"),
        (&["zzz"], "no command and no folder \"zzz\"", "./zzz"),
        (&["man", "X", "1"], "\"man\" is not in this version yet", "./man"),
    ] {
        let output = machine.run(arguments);
        let said = stderr(&output);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{arguments:?}");
        assert!(said.contains(message) && said.contains(help), "{arguments:?}: {said}");
        let output = machine.run(&[arguments, &["--json"]].concat());
        assert_eq!(
            (code(&output), &lines(&output)[0]["error"]["kind"]),
            (2, &json!("usage")),
            "{arguments:?}"
        );
    }
}

#[test]
fn what_people_read_sends_nothing_to_the_terminal() {
    let machine = Machine::new();
    let hostile = "A\u{1b}]0;owned\u{7}\u{9b}2J\r";
    let mut segment = document(json!([in_city("\u{1b}[2J")]));
    segment["name"] = hostile.into();
    segment["labels"] = json!(["\u{1b}[31m"]);
    segment["database"] = hostile.into();
    let workspace = machine.home.path().join("ws");
    fs::create_dir_all(workspace.join("segments")).unwrap();
    fs::write(workspace.join("segments/x.segment.json"), segment.to_string()).unwrap();
    fs::write(workspace.join("segments/b\u{1b}[2J.segment.json"), "{").unwrap();
    let place = workspace.to_str().unwrap();
    let odd = machine.home.path().join("o\u{1b}[2Jd");
    fs::create_dir(&odd).unwrap();
    fs::write(odd.join("T\u{1b}[2J.csv"), "amperity_id,c\u{1b}[2J\n1,2\n").unwrap();
    let odd = odd.to_str().unwrap();
    for arguments in [
        &["count", "--waterfall", "seg_x"][..],
        &["count", "seg_x", "no\u{1b}[2J"],
        &["check"],
        &["list"],
        &["paths"],
        &["tables", "--data", odd],
        &["tables", "--data", "no\u{1b}[2J"],
        &["members", "seg_x", "--columns", "a\u{1b}[2J"],
        &["\u{1b}[2J"],
        &["count", "--\u{1b}[2J"],
        &["count", "--as-of", "\u{1b}]0;owned\u{7}"],
        &["sql", "seg_x", "--dialect", "\u{1b}]0;owned\u{7}"],
    ] {
        let output = machine.run(&[&["--workspace", place], arguments].concat());
        let said = stdout(&output) + &stderr(&output);
        assert!(!said.is_empty(), "{arguments:?}");
        let obeyed = said.chars().find(|letter| letter.is_control() && *letter != '\n');
        assert_eq!(obeyed, None, "{arguments:?}: {said:?}");
    }
    let output = machine.run(&["list", "--json", "--workspace", place]);
    assert_eq!(lines(&output)[0]["segments"][0]["name"], hostile, "JSON is exact");
    let sent = stdout(&output).chars().find(|letter| letter.is_control() && *letter != '\n');
    assert_eq!(sent, None, "JSON is as harmless");
}

#[test]
fn the_demo_keeps_its_own_advice() {
    let machine = Machine::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let (data, workspace) = (data.to_str().unwrap(), data.join("workspace"));
    let output = machine
        .command(&["check", "--data", data, "--workspace", workspace.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(
        stdout(&output).lines().count() >= 15 && !stdout(&output).contains("is weak"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn members_are_the_same_in_every_format() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([in_city("chicago")]));
    let expected = ["C008", "C009", "C011", "C012", "C015", "C018", "C025", "C026", "C047"];
    let output = machine.run(&["members", &file]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(stdout(&output), format!("amperity_id\n{}\n", expected.join("\n")));
    let output = machine.run(&["members", "--json", &file]);
    assert_eq!(lines(&output)[0], json!({"amperity_id": "C008"}));
    assert_eq!(lines(&output).len(), expected.len());

    let columns = ["--columns", "Customer_360.city,Customer_Attributes.contactable_email"];
    let plain = machine.run(&[&["members", &file], &columns[..]].concat());
    let plain = stdout(&plain);
    assert_eq!(plain.lines().next().unwrap(), "amperity_id,city,contactable_email");
    let write = |name: &str| {
        let path = machine.home.path().join(name);
        let output = machine.run(&[&["members", &file, "-o", path.to_str().unwrap()], &columns[..]].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert_eq!(stdout(&output), "");
        fs::read(path).unwrap()
    };
    assert_eq!(write("m.csv"), plain.as_bytes());
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(write("m.csv.gz").as_slice()).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain);
    assert_eq!(zstd::decode_all(write("m.csv.zst").as_slice()).unwrap(), plain.as_bytes());
    let lines = String::from_utf8(write("m.jsonl")).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(keys(&lines[0]), ["amperity_id", "city", "contactable_email"]);

    // Parquet opens as a database again, with the same types.
    let folder = machine.home.path().join("again");
    fs::create_dir(&folder).unwrap();
    write("again/Customers.parquet");
    let output = machine.run(&["tables", "--json", "--data", folder.to_str().unwrap()]);
    let table = &self::lines(&output)[0]["tables"][0];
    let types: Vec<&Value> =
        table["columns"].as_array().unwrap().iter().map(|column| &column["type"]).collect();
    assert_eq!(
        (&table["customers"], types),
        (&json!(9), vec![&json!("string"), &json!("string"), &json!("boolean")])
    );
    // No temporary file stays.
    let names = snapshot(machine.home.path());
    assert!(names.keys().all(|path| path.extension().is_none_or(|ending| ending != "tmp")), "{names:?}");
}

#[test]
fn columns_that_do_not_fit_are_refused() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([]));
    for (columns, word) in [
        ("city", "TABLE.COLUMN"),
        ("Customer_360.citty", "no column"),
        ("Nothing.city", "names no column"),
        ("Unified_Transactions.order_id", "several rows"),
    ] {
        let output = machine.run(&["members", &file, "--columns", columns, "-o", "out.csv"]);
        assert_eq!(code(&output), 1, "{columns}");
        assert!(stderr(&output).contains(word), "{columns}: {}", stderr(&output));
        assert!(!machine.home.path().join("out.csv").exists());
    }
    let bad =
        machine.segment("bad.json", json!([{"attribute": {"table": "x", "column": "y"}, "op": "is_null"}]));
    let output = machine.run(&["members", &bad, "--json"]);
    assert_eq!((code(&output), &lines(&output)[0]["error"]["place"]), (1, &json!("include.0")));
    let inside = conformance("csv/out.csv");
    let output = machine.run(&["members", &file, "-o", inside.to_str().unwrap()]);
    assert!(code(&output) == 2 && !inside.exists());
}

#[test]
fn a_closed_pipe_is_no_error() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([]));
    for arguments in [&["members", &file][..], &["tables"][..], &["count", "--json", &file, &file][..]] {
        let mut command = machine.command(arguments);
        command.env("SEGTUI_DATA", conformance("csv")).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((code(&output), stderr(&output).as_str()), (0, ""), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_an_error() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([]));
    for arguments in [&["count", &file, "--json"][..], &["members", &file], &["list"], &["--help"]] {
        let full = fs::File::create("/dev/full").unwrap();
        let mut command = machine.command(arguments);
        let output = command.env("SEGTUI_DATA", conformance("csv")).stdout(full).output().unwrap();
        let said = stderr(&output);
        let message = "error: No space left on device: the answer is not written\n";
        assert!(code(&output) == 1 && said.starts_with(message), "{arguments:?}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn a_demo_that_cannot_be_written_leaves_nothing() {
    let machine = Machine::new();
    let link = machine.home().join("loop");
    std::os::unix::fs::symlink(&link, &link).unwrap();
    let output = machine.run(&["demo", "--customers", "1", "--out", "loop"]);
    let said = stderr(&output);
    assert!(code(&output) == 1 && said.starts_with("error: it is no folder: loop exists"), "{said}");
    machine.file("file", "");
    let output = machine.run(&["demo", "--customers", "1", "--out", "file/demo"]);
    let said = stderr(&output);
    assert!(code(&output) == 1 && said.starts_with("error: Not a directory: "), "{said}");
    assert!(!said.contains("os error"), "{said}");
    assert!(!machine.home().join("loop.unfinished").exists());
}

#[test]
fn tables_and_list_have_the_documented_shapes() {
    let machine = Machine::new();
    let [tables] = lines(&machine.run(&["tables", "--json"])).try_into().unwrap();
    assert_eq!(keys(&tables), ["database", "as_of", "activation_id", "tables", "notes"]);
    let table =
        tables["tables"].as_array().unwrap().iter().find(|table| table["name"] == "Customer_360").unwrap();
    assert_eq!(
        keys(table),
        ["name", "label", "rows", "customers", "orphan_rows", "error", "columns", "notes"]
    );
    assert_eq!(
        (&table["rows"], &table["customers"], &table["error"]),
        (&json!(99), &json!(96), &Value::Null)
    );
    assert_eq!(keys(&table["columns"][0]), ["name", "label", "type"]);

    let workspace = machine.home.path().join("ws");
    let folder = workspace.join("segments/churn");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("folder.json"), r#"{"id": "f1", "name": "Churn"}"#).unwrap();
    fs::write(folder.join("x.segment.json"), document(json!([])).to_string()).unwrap();
    fs::write(folder.join("bad.segment.json"), "{").unwrap();
    let place = workspace.to_str().unwrap();
    let output = machine.run(&["list", "--json", "--workspace", place]);
    let [listing] = lines(&output).try_into().unwrap();
    assert_eq!(keys(&listing), ["segments", "folders"]);
    let expected = json!({"id": "seg_x", "name": "X", "folder": "Churn", "status": "draft", "revision": 1,
        "labels": [], "updated": null});
    assert_eq!(listing["segments"], json!([expected]));
    assert_eq!(listing["folders"][0]["id"], "f1");
    assert!(stderr(&output).contains("bad.segment.json:1:1"));
    let output = machine.run(&["count", "--json", "--workspace", place, "churn/x"]);
    assert_eq!(lines(&output)[0]["unique_customers"], 96);
}

#[test]
fn check_prints_every_problem_with_its_place() {
    let machine = Machine::new();
    let gone = json!({"attribute": {"table": "Customer_360", "column": "citty"}, "op": "is_null"});
    let open = json!({"attribute": {"table": "Customer_360", "column": "city"}});
    let bad = machine.segment("bad.json", json!([gone, open]));
    let good = machine.segment("good.json", json!([]));
    let output = machine.run(&["check", "--json", &bad, &good]);
    assert_eq!(code(&output), 1);
    let answers = lines(&output);
    assert_eq!(keys(&answers[0]), ["segment", "problems"]);
    let problems = answers[0]["problems"].as_array().unwrap();
    assert_eq!(keys(&problems[0]), ["severity", "place", "message", "help"]);
    let places: Vec<&Value> = problems.iter().map(|problem| &problem["place"]).collect();
    assert_eq!(places, ["include.0", "include.1"]);
    assert_eq!(answers[1]["problems"], json!([]));
    assert_eq!(code(&machine.run(&["check", &good])), 0);
    let output = machine.run(&["check", &bad]);
    assert!(stdout(&output).contains("X: error: include.0: "), "{}", stdout(&output));
}

#[test]
fn check_gives_advice_and_still_succeeds() {
    let machine = Machine::new();
    let tier = |op: &str, value: &str| json!({"attribute": {"table": "Customer_360", "column": "loyalty_tier"}, "op": op, "value": value});
    let never = json!({"purchase": "has_purchased", "op": "exactly", "value": 0});
    let file = machine.segment("x.json", json!([tier("is_not_exactly", "Gold"), in_city("Chicgo"), never]));
    let output = machine.run(&["check", "--json", &file]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let problems = lines(&output)[0]["problems"].clone();
    let advice = |place: &str| {
        let of_place = problems.as_array().unwrap().iter().filter(|problem| problem["place"] == place);
        let said = of_place.map(|problem| {
            assert_eq!(problem["severity"], "advice");
            format!(
                "{}: {}",
                problem["message"].as_str().unwrap(),
                problem["help"].as_str().unwrap_or_default()
            )
        });
        said.collect::<Vec<_>>().join("; ")
    };
    assert!(advice("include.0").contains("customers with NULL in Loyalty Tier"), "{problems}");
    assert!(advice("include.1").starts_with("\"Chicgo\" does not occur in City: did you mean"), "{problems}");
    assert!(advice("include.2").contains("use has not purchased"), "{problems}");
    let output = machine.run(&["check", &file]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("X: advice: include.2: nobody: "), "{}", stdout(&output));
    assert_eq!(code(&machine.run(&["count", &file])), 0);
}

#[test]
fn commands_that_read_write_nothing() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([in_city("chicago")]));
    let places = [machine.home.path().to_owned(), conformance("")];
    let before = places.clone().map(|place| snapshot(&place));
    for arguments in [
        &["count", "--waterfall", &file][..],
        &["members", &file][..],
        &["check"][..],
        &["list"][..],
        &["tables"][..],
        &["paths"][..],
    ] {
        machine.run(&[arguments, &["--read-only"]].concat());
        assert_eq!(places.clone().map(|place| snapshot(&place)), before, "{arguments:?}");
        // Caches apart, also without being told.
        machine.run(arguments);
        let mut after = places.clone().map(|place| snapshot(&place));
        let cache = machine.home.path().join("cache");
        after[0].retain(|path, _| !path.starts_with(&cache));
        assert_eq!(after, before, "{arguments:?}");
        let _ = fs::remove_dir_all(cache);
    }
}

#[test]
fn completions_and_manual_pages_are_of_the_whole_command_line() {
    let machine = Machine::new();
    let help = stdout(&machine.run(&["--help"]));
    let listed =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A description goes on in lines that are set in further.
    let listed = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let commands: Vec<&str> = listed.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"count") && commands.contains(&"man"), "{help}");
    let manual = stdout(&machine.run(&["man"]));
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = machine.run(&["completions", shell]);
        let script = stdout(&output);
        assert_eq!((code(&output), stderr(&output).as_str()), (0, ""), "{shell}");
        for word in commands.iter().chain(&["waterfall", "read-only"]) {
            assert!(script.contains(word), "{shell} does not complete {word}");
        }
    }
    for command in &commands {
        assert!(manual.contains(command), "{command} is not in the manual");
    }
    assert!(manual.starts_with(".ie") || manual.starts_with(".TH"), "{manual}");
    let page = stdout(&machine.run(&["man", "count"]));
    assert!(page.contains("waterfall") && page.contains("segtui count"), "{page}");
    let unknown = machine.run(&["man", "cuont"]);
    assert_eq!(code(&unknown), 2);
    assert!(stderr(&unknown).contains("there is no command cuont"));
    assert_eq!(code(&machine.run(&["completions", "cmd"])), 2);
}
