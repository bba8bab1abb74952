//! `segtui diff`: what differs, and who joins and leaves by it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::command_line::{Machine, code, conformance, in_city, keys, lines, stderr, stdout};

fn answer(machine: &Machine, arguments: &[&str]) -> Value {
    let output = machine.run(&[&["diff", "--json"], arguments].concat());
    assert_eq!(code(&output), 0, "{} {}", stdout(&output), stderr(&output));
    let [answer] = lines(&output).try_into().unwrap();
    let sum =
        |of: &str| answer["by"].as_array().unwrap().iter().map(|by| by[of].as_u64().unwrap()).sum::<u64>();
    assert_eq!(
        (json!(sum("joined")), json!(sum("left"))),
        (answer["joined"].clone(), answer["left"].clone())
    );
    answer
}

fn members(machine: &Machine, arguments: &[&str]) -> Vec<String> {
    let output = machine.run(&[&["members"], arguments].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    stdout(&output).lines().skip(1).map(str::to_owned).collect()
}

fn in_list(cities: &[&str]) -> Value {
    json!({"attribute": {"table": "Customer_360", "column": "city"}, "op": "is_in_list", "value": cities})
}

#[test]
fn two_segments_differ_by_their_changes() {
    let machine = Machine::new();
    let a = machine.segment("a.json", json!([in_city("Chicago")]));
    let b = machine.segment("b.json", json!([in_list(&["Chicago", "Portland"]), {"purchase": "has_purchased", "op": "at_least", "value": 1}]));
    let found = answer(&machine, &[&a, &b]);
    assert_eq!(keys(&found), ["a", "b", "as_of", "changes", "joined", "left", "by"]);
    assert_eq!(found["as_of"], "2024-02-29");
    let text = "City is exactly Chicago → City is in list Chicago, Portland";
    let [changed, added] = found["changes"].as_array().unwrap().as_slice() else { panic!("{found}") };
    assert_eq!(keys(changed), ["kind", "place_a", "place_b", "text"]);
    assert_eq!((&changed["kind"], &changed["text"]), (&json!("changed"), &json!(text)));
    assert_eq!((&added["kind"], &added["place_a"]), (&json!("added"), &Value::Null));
    let [was, is] = [&a, &b].map(|file| members(&machine, &[file]));
    assert_eq!(found["joined"], is.iter().filter(|id| !was.contains(id)).count());
    assert_eq!(found["left"], was.iter().filter(|id| !is.contains(id)).count());
    let same = answer(&machine, &[&a, &a]);
    assert_eq!((&same["changes"], &same["joined"], &same["left"]), (&json!([]), &json!(0), &json!(0)));
    let said = stdout(&machine.run(&["diff", &a, &b]));
    assert!(said.contains(text) && said.contains("JOINED"), "{said}");
}

#[test]
fn one_segment_differs_on_two_days() {
    let machine = Machine::new();
    let file = machine.segment(
        "a.json",
        json!([{"purchase": "has_purchased", "op": "at_least", "value": 1, "when": {"op": "after", "value": {"relative": "3 months ago"}}}]),
    );
    let found = answer(&machine, &[&file, "--as-of", "2023-06-30", "--as-of", "2024-02-29"]);
    assert_eq!(
        found["changes"],
        json!([{"kind": "changed", "place_a": null, "place_b": null, "text": "the day: 2023-06-30 → 2024-02-29"}])
    );
    let was = members(&machine, &[&file, "--as-of", "2023-06-30"]);
    let is = members(&machine, &[&file, "--as-of", "2024-02-29"]);
    assert!(was != is);
    assert_eq!(found["joined"], is.iter().filter(|id| !was.contains(id)).count());
    assert_eq!(found["left"], was.iter().filter(|id| !is.contains(id)).count());
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn one_segment_differs_on_two_folders_of_data_by_the_tables_whose_rows_differ() {
    let machine = Machine::new();
    let [old, new] = ["old", "new"].map(|name| machine.home().join(name));
    [&old, &new].into_iter().for_each(|folder| copy_folder(&conformance("csv"), folder));
    let edit = |table: &str, edit: &dyn Fn(String) -> String| {
        let path = new.join(table);
        fs::write(&path, edit(fs::read_to_string(&path).unwrap())).unwrap();
    };
    edit("Customer_360.csv", &|text| text.replace("Indianapolis", "Chicago"));
    // Somebody who is new, and whose orders were there before.
    edit("Unified_Transactions.csv", &|text| {
        let mut lines: Vec<&str> = text.trim_end().lines().collect();
        lines[1..].reverse();
        lines.join("\n")
    });
    edit("Unified_Itemized_Transactions.csv", &|text| {
        text.lines().filter(|line| !line.starts_with("C009,O0011")).map(|line| format!("{line}\n")).collect()
    });
    let file = machine.segment("a.json", json!([in_city("Chicago"), {"purchase": "has_not_purchased"}]));
    let [old, new] = [&old, &new].map(|folder| folder.to_str().unwrap());
    let found = answer(&machine, &[&file, "--data", old, "--data", new]);
    let texts: Vec<&str> =
        found["changes"].as_array().unwrap().iter().map(|change| change["text"].as_str().unwrap()).collect();
    assert!(
        texts[0].starts_with("Customer 360: rows of ")
            && texts[1].starts_with("Unified Itemized Transactions: rows of 1 customer differ"),
        "{texts:?}"
    );
    assert_eq!(texts.len(), 2, "the same rows in another order are the same");
    let [was, is] = [old, new].map(|folder| members(&machine, &[&file, "--data", folder]));
    assert_eq!(found["joined"], is.iter().filter(|id| !was.contains(id)).count());
    assert_eq!(found["left"], was.iter().filter(|id| !is.contains(id)).count());
    assert_eq!(answer(&machine, &[&file, "--data", old, "--data", old])["changes"], json!([]));
    // The same rows in files of another kind are the same, too.
    let [csv, parquet] = ["csv", "parquet"].map(conformance);
    let found =
        answer(&machine, &[&file, "--data", csv.to_str().unwrap(), "--data", parquet.to_str().unwrap()]);
    assert_eq!(found["changes"], json!([]));
}

#[test]
fn what_leaves_open_what_is_compared_is_refused() {
    let machine = Machine::new();
    let file = machine.segment("a.json", json!([in_city("Chicago")]));
    for arguments in [
        vec![file.as_str()],
        vec![&file, &file, "--data", "a", "--data", "b"],
        vec![&file, "--as-of", "2024-01-01", "--as-of", "2024-01-02", "--as-of", "2024-01-03"],
    ] {
        let output = machine.run(&[vec!["diff"], arguments.clone()].concat());
        assert_eq!(code(&output), 2, "{arguments:?} {}", stderr(&output));
    }
    let output = machine.run(&["diff", &format!("{file}@7"), &file]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("revision"), "{}", stderr(&output));
}
