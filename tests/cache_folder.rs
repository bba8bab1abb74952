//! The cache folder, as people meet it.

use std::process::{Child, Output, Stdio};

use serde_json::json;

use crate::command_line::{Machine, code, conformance, in_city, keys, lines, stderr, stdout};

#[test]
fn the_cache_is_shown_and_cleared() {
    let machine = Machine::new();
    let output = machine.run(&["cache"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    assert!(stdout(&output).starts_with("nothing is kept in "), "{}", stdout(&output));
    let file = machine.segment("x.json", json!([in_city("chicago")]));
    let counted = |output: &Output| lines(output)[0]["unique_customers"].clone();
    let before = counted(&machine.run(&["count", "--json", &file, "--read-only"]));
    assert!(!machine.home().join("cache").exists(), "--read-only keeps nothing");
    for _ in 0..2 {
        assert_eq!(counted(&machine.run(&["count", "--json", &file])), before);
    }
    let output = machine.run(&["cache", "--json"]);
    let [answer] = lines(&output).try_into().unwrap();
    assert_eq!(keys(&answer), ["folder", "bytes", "databases"]);
    assert_eq!(answer["folder"], machine.home().join("cache/segtui").to_str().unwrap());
    let database = &answer["databases"][0];
    assert_eq!(keys(database), ["database", "folder", "bytes", "last_used", "kinds"]);
    let kinds = database["kinds"].as_array().unwrap();
    assert_eq!(keys(&kinds[0]), ["kind", "bytes", "last_used"]);
    assert!(kinds.iter().any(|kind| kind["kind"] == "copy of Customer_360"), "{answer}");
    let bytes: u64 = kinds.iter().map(|kind| kind["bytes"].as_u64().unwrap()).sum();
    assert!(answer["bytes"] == bytes && database["bytes"] == bytes, "{answer}");
    let text = stdout(&machine.run(&["cache"]));
    for part in ["1 database, ", "SIZE", "LAST USED", "copy of Customer_360", " UTC"] {
        assert!(text.contains(part), "{part}: {text}");
    }

    let output = machine.run(&["cache", "clear", "--read-only"]);
    assert!(code(&output) == 2 && stderr(&output).contains("--read-only"), "{}", stderr(&output));
    let other = machine.home().to_str().unwrap();
    assert_eq!(stdout(&machine.run(&["cache", "clear", other])), "nothing was kept\n");
    assert_eq!(stdout(&machine.run(&["cache", "clear", "--data", other])), "nothing was kept\n");
    let csv = conformance("csv");
    let output = machine.run(&["cache", "clear", csv.to_str().unwrap(), "--json"]);
    let [answer] = lines(&output).try_into().unwrap();
    assert_eq!(answer["removed"]["bytes"], bytes);
    assert!(stdout(&machine.run(&["cache"])).starts_with("nothing is kept in "));
    assert_eq!(counted(&machine.run(&["count", "--json", &file])), before);
    let output = machine.run(&["cache", "clear"]);
    assert!(stdout(&output).starts_with("removed ") && code(&output) == 0, "{}", stdout(&output));
    assert_eq!(code(&machine.run(&["cache", "nonsense"])), 2);
}

#[test]
fn a_cache_that_cannot_be_written_is_a_note() {
    let machine = Machine::new();
    machine.file("cache", "in the way");
    let file = machine.segment("x.json", json!([in_city("chicago")]));
    let output = machine.run(&["count", "--json", &file]);
    assert_eq!((code(&output), &lines(&output)[0]["unique_customers"]), (0, &json!(9)));
    let said = stderr(&output);
    assert!(
        said.starts_with("note: ")
            && said.contains(": the cache folder cannot be written, ")
            && said.lines().count() == 1,
        "{said}"
    );
}

#[test]
fn programs_that_start_at_once_answer_alike() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([in_city("chicago")]));
    let start = |_| {
        let mut command = machine.command(&["count", "--json", &file]);
        command.env("SEGTUI_DATA", conformance("csv")).env("SEGTUI_WORKSPACE", conformance("workspace"));
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    for _ in 0..3 {
        let children: Vec<Child> = (0..4).map(start).collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
            assert_eq!(lines(&output)[0]["unique_customers"], 9);
        }
        assert_eq!(code(&machine.run(&["cache", "clear"])), 0);
        assert!(stdout(&machine.run(&["cache"])).starts_with("nothing is kept in "));
    }
}
