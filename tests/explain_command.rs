//! `segtui explain`: its JSON, and what people read.

use std::io::Write;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::command_line::{Machine, code, conformance, document, in_city, keys, lines, stderr, stdout};

/// The one line of an answer.
fn answer(output: &Output) -> Value {
    assert_eq!(code(output), 0, "{} {}", stdout(output), stderr(output));
    let [answer] = lines(output).try_into().unwrap();
    answer
}

/// With ids on standard input.
fn piped(machine: &Machine, arguments: &[&str], ids: &[u8]) -> Output {
    let mut command = machine.command(arguments);
    command.env("SEGTUI_DATA", conformance("csv")).env("SEGTUI_WORKSPACE", conformance("workspace"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(ids).unwrap();
    child.wait_with_output().unwrap()
}

fn bought() -> Value {
    json!({"purchase": "has_purchased", "op": "at_least", "value": 1,
        "when": {"op": "after", "value": {"relative": "3 months ago"}},
        "where": [{"column": "item_quantity", "op": "is_greater_than", "value": 1}]})
}

fn points() -> Value {
    json!({"attribute": {"table": "Customer_360", "column": "points"}, "op": "is_greater_than", "value": 1_000_000})
}

#[test]
fn it_has_the_documented_shape() {
    let machine = Machine::new();
    let nested = json!({"list": {"segment": "seg_nested"}, "op": "is_member"});
    let uploaded = json!({"list": {"file": "vip.csv"}, "op": "is_not_member"});
    let file = machine.segment("x.json", json!([in_city("chicago"), bought(), points(), nested, uploaded]));
    let output = machine.run(&["explain", "--json", &file, "C008"]);
    let explained = answer(&output);
    assert_eq!(stderr(&output), "");
    let top = ["segment", "as_of", "activation_id", "database", "segtui", "id", "member", "in_universe"];
    assert_eq!(keys(&explained), [&top[..], &["tree", "flips", "changed", "problems"]].concat());
    assert_eq!(explained["segment"], json!({"id": "seg_x", "name": "X"}));
    assert_eq!((&explained["as_of"], &explained["segtui"]), (&json!("2024-02-29"), &json!("0.1.0")));
    assert_eq!((&explained["id"], &explained["member"]), (&json!("C008"), &json!(false)));
    assert_eq!((&explained["in_universe"], &explained["problems"]), (&json!(true), &json!([])));
    assert_eq!(explained["database"]["name"], "nasty");
    assert_eq!(explained["database"]["fingerprint"].as_str().unwrap().len(), 64);
    assert_eq!(keys(&explained["changed"]), ["before", "after"]);
    let flips = explained["flips"].as_array().unwrap();
    assert!(!flips.is_empty() && flips.iter().flat_map(|set| set.as_array().unwrap()).all(Value::is_string));
    let tree = &explained["tree"];
    assert_eq!(
        (keys(tree), &tree["place"], &tree["result"]),
        (vec!["place", "result", "of"], &json!(""), &json!(false))
    );
    let include = &tree["of"][0];
    assert_eq!(
        (keys(include), &include["place"]),
        (vec!["place", "text", "result", "rows", "of"], &json!("include"))
    );
    assert_eq!(tree["of"][1]["place"], "exclude");

    let city = &include["of"][0];
    let of_rows = ["place", "text", "result", "rows", "rows_left_out", "nearest", "of"];
    assert_eq!(
        (keys(city), &city["place"], &city["result"]),
        (of_rows.to_vec(), &json!("include.0"), &json!(true))
    );
    assert_eq!((&city["text"], &city["nearest"]), (&json!("City is exactly chicago"), &Value::Null));
    let row = &city["rows"][0];
    assert_eq!(keys(row), ["table", "row", "values", "result", "dropped"]);
    assert_eq!(
        (&row["table"], &row["result"], &row["dropped"]),
        (&json!("Customer_360"), &json!(true), &Value::Null)
    );
    assert!(
        row["row"].is_u64() && row["values"]["city"].as_str().unwrap().eq_ignore_ascii_case("chicago"),
        "{row}"
    );

    let purchase = &include["of"][1];
    let of_purchase =
        ["place", "text", "result", "days", "rows", "rows_left_out", "computed", "nearest", "of"];
    assert_eq!(
        (keys(purchase), &purchase["days"]),
        (of_purchase.to_vec(), &json!({"3 months ago": "2023-11-29"}))
    );
    assert!(purchase["computed"].is_u64(), "{purchase}");
    for row in purchase["rows"].as_array().unwrap() {
        let place = (row["dropped"] == "filter").then_some(json!("include.1.where.0"));
        assert_eq!(row.get("filter"), place.as_ref(), "{row}");
        assert!(row["values"]["order_datetime"].is_string() || row["values"]["order_datetime"].is_null());
    }
    let dropped = |row: &Value| row["dropped"].as_str().map(str::to_owned);
    let reasons: Vec<Option<String>> = purchase["rows"].as_array().unwrap().iter().map(dropped).collect();
    assert!(reasons.contains(&Some("window".to_owned())), "{reasons:?}");

    let nearest = &include["of"][2]["nearest"];
    assert_eq!(keys(nearest), ["table", "row", "column", "value", "distance", "text"]);
    let (value, by) = (nearest["value"].as_f64().unwrap(), nearest["distance"]["by"].as_f64().unwrap());
    assert_eq!((value + by, &nearest["distance"]["kind"]), (1_000_001.0, &json!("number")), "{nearest}");
    assert!(nearest["text"].as_str().unwrap().ends_with("too low"), "{nearest}");

    let list = &include["of"][3]["list"];
    assert_eq!(
        (keys(list), &list["segment"]["id"]),
        (vec!["segment", "member", "tree"], &json!("seg_nested"))
    );
    assert_eq!(keys(&list["tree"]), ["place", "result", "of"]);
    assert_eq!(include["of"][4]["list"], json!({"file": "vip.csv", "member": false}));
}

#[test]
fn ids_are_taken_as_they_stand() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([]));
    let known = [" C9 ", "O'Brien", "q\"x", "Ünï-1", "007"];
    let nobody = ["c002", "C9", "nobody", "x\u{1b}[2J", "-5", ""];
    let ids = [&known[..], &nobody].concat();
    let output = machine.run(&[&["explain", "--json", &file], &ids[..]].concat());
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    assert!(!stdout(&output).contains('\u{1b}'));
    let answers = lines(&output);
    assert_eq!(answers.iter().map(|of| of["id"].as_str().unwrap()).collect::<Vec<_>>(), ids);
    for (id, answer) in ids.iter().zip(&answers) {
        let is_known = known.contains(id);
        assert_eq!(
            (&answer["member"], &answer["in_universe"]),
            (&json!(is_known), &json!(is_known)),
            "{id:?}"
        );
        assert_eq!(
            (answer["tree"].is_null(), answer.get("changed").is_some()),
            (!is_known, is_known),
            "{id:?}"
        );
        assert_eq!((answer.get("similar").is_some(), &answer["flips"]), (!is_known, &json!([])), "{id:?}");
    }
    let similar: Vec<&Value> = answers[known.len()..].iter().map(|answer| &answer["similar"]).collect();
    let none = json!([]);
    assert_eq!(similar, [&json!(["C002"]), &json!([" C9 "]), &none, &none, &none, &none]);

    let lines_of = |ids: &[&str]| ids.join("\r\n") + "\n\n";
    let output = piped(&machine, &["explain", "--json", &file, "-", "C001"], lines_of(&known).as_bytes());
    let found: Vec<Value> = lines(&output).iter().map(|answer| answer["id"].clone()).collect();
    assert_eq!(Value::from(found), json!([" C9 ", "O'Brien", "q\"x", "Ünï-1", "007", "C001"]));
    for ids in [&b"\n"[..], b"a\xff\n"] {
        let output = piped(&machine, &["explain", &file, "-"], ids);
        assert!(code(&output) == 2 && stderr(&output).contains("standard input"), "{}", stderr(&output));
    }
    assert_eq!(code(&machine.run(&["explain", &file])), 2);
}

#[test]
fn an_orphan_is_said_to_be_one() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([]));
    let explained = answer(&machine.run(&["explain", "--json", &file, "ORPHAN-1"]));
    assert_eq!(explained["in_universe"], false);
    let tables = explained["orphan_in"].as_array().unwrap();
    assert!(tables.contains(&json!("Unified_Itemized_Transactions")), "{tables:?}");
    let output = machine.run(&["explain", &file, "ORPHAN-1"]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).starts_with("\"ORPHAN-1\" is no customer: only rows of "), "{}", stdout(&output));
}

#[test]
fn what_is_wrong_is_left_out_and_named() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([in_city(""), in_city("chicago")]));
    let output = machine.run(&["explain", "--json", &file, "C008", "C001"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).starts_with("note: include.0: left out: "), "{}", stderr(&output));
    let answers = lines(&output);
    for (answer, is_member) in answers.iter().zip([true, false]) {
        assert_eq!(answer["member"], is_member);
        let places = answer["tree"]["of"][0]["of"].as_array().unwrap().iter().map(|node| &node["place"]);
        assert_eq!(places.collect::<Vec<_>>(), ["include.1"]);
        assert_eq!(keys(&answer["problems"][0]), ["place", "message", "help"]);
        assert_eq!(answer["problems"][0]["place"], "include.0");
    }
    assert_eq!(answers.len(), 2);
    let mut unknown = document(json!([]));
    unknown["activation_id"] = "nothing".into();
    let file = machine.file("y.json", &unknown.to_string());
    let output = machine.run(&["explain", "--json", &file, "C008"]);
    assert_eq!((code(&output), &lines(&output)[0]["error"]["place"]), (1, &json!("activation_id")));
}

#[test]
fn days_are_sought_for_few_or_on_request() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([in_city("chicago")]));
    let ids: Vec<String> = (1..=21).map(|number| format!("C{number:03}\n")).collect();
    let count = |options: &[&str], ids: &[String]| {
        let arguments = [&["explain", "--json", &file, "-"], options].concat();
        let output = piped(&machine, &arguments, ids.concat().as_bytes());
        let answers = lines(&output);
        assert_eq!((code(&output), answers.len()), (0, ids.len()), "{}", stderr(&output));
        // Each has the rows that decided, however many are asked.
        assert!(answers.iter().all(|answer| answer["tree"]["of"][0]["of"][0]["rows"][0].is_object()));
        answers.iter().filter(|answer| answer.get("changed").is_some()).count()
    };
    assert_eq!((count(&[], &ids[..20]), count(&[], &ids), count(&["--changes"], &ids)), (20, 0, 21));
}

#[test]
fn people_read_a_tree_or_a_table() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([in_city("chicago"), bought()]));
    let output = machine.run(&["explain", &file, "C008"]);
    let text = stdout(&output);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(text.starts_with("\"C008\" is "), "{text}");
    for part in [
        "\n  ✓ City is exactly chicago\n",
        "after 3 months ago, where Item Quantity is greater than 1 (3 months ago is 2023-11-29)\n",
        "City Chicago",
        "\nAny of these, turned round, would change the answer:\n  ",
    ] {
        assert!(text.contains(part), "{part:?} in {text}");
    }
    let text = stdout(&machine.run(&["explain", &file, "C008", "C001", "nobody"]));
    let row = |start: &str| -> Vec<String> {
        let rest = text.lines().find_map(|line| line.strip_prefix(start));
        let rest = rest.unwrap_or_else(|| panic!("{start} in {text}"));
        rest.split_whitespace().map(str::to_owned).collect()
    };
    assert_eq!(row("  City is exactly chicago"), ["✓", "✗", "–"]);
    assert!(text.ends_with("\n\"nobody\" is unknown: no table has this id\n"), "{text}");
    let ids: String = (1..=40).map(|number| format!("C{number:03}\n")).collect();
    let text = stdout(&piped(&machine, &["explain", &file, "-"], ids.as_bytes()));
    assert!(text.contains("\n   2    City is exactly chicago\n"), "{text}");
    let line = text.lines().find(|line| line.starts_with("C008")).unwrap();
    assert_eq!(line.split_whitespace().nth(3), Some("✓"), "{line}");
    assert_eq!(text.lines().filter(|line| line.starts_with('C')).count(), 40);
}

#[test]
fn a_query_has_a_verdict_alone() {
    let machine = Machine::new();
    let mut document = document(json!([]));
    let keys = document.as_object_mut().unwrap();
    keys.retain(|key, _| key != "include" && key != "exclude");
    keys.insert(
        "sql".to_owned(),
        "SELECT amperity_id FROM Customer_360 WHERE lower(city) = 'chicago'".into(),
    );
    let file = machine.file("x.json", &document.to_string());
    let output = machine.run(&["explain", "--json", &file, "C008", "C001"]);
    let members: Vec<Value> = lines(&output).iter().map(|answer| answer["member"].clone()).collect();
    assert_eq!((code(&output), members), (0, vec![json!(true), json!(false)]));
    assert_eq!(lines(&output)[0]["tree"], json!({"place": "", "result": true, "of": []}));
}
