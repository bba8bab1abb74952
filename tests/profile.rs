//! `segtui profile` against plain loops over the rows of the conformance database.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};

use crate::command_line::{Machine, code, conformance, keys, lines, stderr, stdout};

/// The tables of the answer, by name.
fn tables(machine: &Machine, arguments: &[&str]) -> BTreeMap<String, Value> {
    let output = machine.run(&[&["profile", "--json"], arguments].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let [answer] = lines(&output).try_into().unwrap();
    assert_eq!(keys(&answer), ["database", "as_of", "activation_id", "tables"]);
    let tables = answer["tables"].as_array().unwrap().clone();
    tables.into_iter().map(|table| (table["name"].as_str().unwrap().to_owned(), table)).collect()
}

/// The rows of a CSV table; `None` for an empty field without quotes.
fn rows(table: &str) -> (Vec<String>, Vec<Vec<Option<String>>>) {
    let text = fs::read_to_string(conformance("csv").join(format!("{table}.csv"))).unwrap();
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut was_quoted) = (false, false);
    let mut letters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => field.extend(letters.next()),
            '"' => (quoted, was_quoted) = (!quoted, true),
            '\r' if !quoted => {}
            ',' | '\n' if !quoted => {
                let text = std::mem::take(&mut field);
                record.push((was_quoted || !text.is_empty()).then_some(text));
                was_quoted = false;
                if letter == '\n' {
                    records.push(std::mem::take(&mut record));
                }
            }
            letter => field.push(letter),
        }
    }
    let header = records.remove(0).into_iter().map(Option::unwrap_or_default).collect();
    (header, records)
}

#[test]
fn texts_are_profiled_as_plain_loops_do() {
    let machine = Machine::new();
    let found = tables(&machine, &["--top", "5"]);
    let (_, customers) = rows("Customer_360");
    let universe: BTreeSet<&str> =
        customers.iter().filter_map(|row| row[0].as_deref()).filter(|id| !id.trim().is_empty()).collect();
    for table in
        ["Customer_360", "Customer_Attributes", "Unified_Transactions", "Unified_Itemized_Transactions"]
    {
        let (header, rows) = rows(table);
        let profile = &found[table];
        assert_eq!(
            keys(profile),
            [
                "name",
                "rows",
                "columns",
                "customers",
                "rows_without_id",
                "orphan_rows",
                "most_rows",
                "files",
                "bytes",
                "newest_day",
                "profile"
            ]
        );
        let id = header.iter().position(|name| name == "amperity_id").unwrap();
        let ids = || rows.iter().map(|row| row[id].as_deref().filter(|id| !id.trim().is_empty()));
        let mut of_each: BTreeMap<&str, u64> = BTreeMap::new();
        ids()
            .flatten()
            .filter(|id| universe.contains(id))
            .for_each(|id| *of_each.entry(id).or_default() += 1);
        let without = ids().filter(Option::is_none).count() as u64;
        assert_eq!(profile["rows"], rows.len() as u64, "{table}");
        assert_eq!(profile["columns"], header.len(), "{table}");
        assert_eq!(profile["customers"], of_each.len() as u64, "{table}");
        assert_eq!(profile["rows_without_id"], without, "{table}");
        let orphans = rows.len() as u64 - without - of_each.values().sum::<u64>();
        assert_eq!(profile["orphan_rows"], orphans, "{table}");
        assert_eq!(profile["most_rows"], of_each.values().max().copied().unwrap_or(0), "{table}");
        let size = fs::metadata(conformance("csv").join(format!("{table}.csv"))).unwrap().len();
        assert_eq!((&profile["files"], &profile["bytes"]), (&json!([format!("{table}.csv")]), &json!(size)));
        for column in profile["profile"].as_array().unwrap() {
            let keys = keys(column);
            assert_eq!(keys, ["name", "type", "non_null", "blank", "distinct", "min", "max", "mean", "top"]);
            let at = header.iter().position(|name| column["name"] == **name).unwrap();
            if column["type"] != "string" {
                continue;
            }
            let values: Vec<&str> = rows.iter().filter_map(|row| row[at].as_deref()).collect();
            let distinct: BTreeSet<&str> = values.iter().copied().collect();
            let name = format!("{table}.{}", column["name"]);
            assert_eq!(column["non_null"], values.len(), "{name}");
            let blank = values.iter().filter(|value| value.trim().is_empty()).count();
            assert_eq!(column["blank"], blank, "{name}");
            assert_eq!(column["distinct"], distinct.len(), "{name}");
            assert_eq!(column["min"], json!(distinct.first()), "{name}");
            assert_eq!(column["max"], json!(distinct.last()), "{name}");
            assert_eq!(column["mean"], Value::Null, "{name}");
            let mut top: Vec<Value> = Vec::new();
            let mut sorted: Vec<&str> = distinct.into_iter().collect();
            let count = |value: &str| values.iter().filter(|other| **other == value).count();
            sorted.sort_by_key(|value| std::cmp::Reverse(count(value)));
            for value in sorted.into_iter().take(5) {
                let who: BTreeSet<&str> = rows
                    .iter()
                    .filter(|row| row[at].as_deref() == Some(value))
                    .filter_map(|row| row[id].as_deref().filter(|id| universe.contains(id)))
                    .collect();
                top.push(json!({"value": value, "rows": count(value), "customers": who.len()}));
            }
            assert_eq!(column["top"], json!(top), "{name}");
        }
    }
}

#[test]
fn numbers_are_numbers_and_days_are_days() {
    let machine = Machine::new();
    let found = tables(&machine, &["Customer_360.points", "Customer_360.birthdate", "--top", "2"]);
    assert_eq!(found.len(), 1);
    let [points, birthdate] = [&found["Customer_360"]["profile"][1], &found["Customer_360"]["profile"][0]];
    assert_eq!((&points["name"], &birthdate["name"]), (&json!("points"), &json!("birthdate")));
    assert!(points["min"].is_i64() && points["max"].is_i64() && points["mean"].is_number(), "{points}");
    assert!(birthdate["min"].as_str().is_some_and(|day| day.len() == 10) && birthdate["mean"].is_null());
    let values: Vec<i64> = {
        let (header, rows) = rows("Customer_360");
        let at = header.iter().position(|name| name == "points").unwrap();
        rows.iter().filter_map(|row| row[at].as_deref()?.parse().ok()).collect()
    };
    assert_eq!(
        (points["min"].as_i64(), points["max"].as_i64()),
        (values.iter().min().copied(), values.iter().max().copied())
    );
    #[allow(clippy::cast_precision_loss)]
    let mean = values.iter().sum::<i64>() as f64 / values.len() as f64;
    assert!((points["mean"].as_f64().unwrap() - mean).abs() < 0.000_001);
    assert_eq!(points["top"].as_array().unwrap().len(), 2);
}

#[test]
fn what_is_not_there_is_an_error_with_a_suggestion() {
    let machine = Machine::new();
    for (of, message, help) in [
        ("Customer_36", "there is no table \"Customer_36\"", "Customer_360"),
        ("Customer_360.citty", "table \"Customer_360\" has no column \"citty\"", "city"),
    ] {
        let output = machine.run(&["profile", of]);
        assert_eq!(code(&output), 1);
        assert!(stderr(&output).contains(message) && stderr(&output).contains(help), "{}", stderr(&output));
        let output = machine.run(&["profile", "--json", of]);
        assert_eq!((code(&output), &lines(&output)[0]["error"]["message"]), (1, &json!(message)));
    }
    assert_eq!(code(&machine.run(&["profile", "--top", "x"])), 2);
}

#[test]
fn people_get_a_table_without_control_characters() {
    let machine = Machine::new();
    let folder = machine.home().join("odd");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("T.csv"), "id,note\n1,a\u{1b}[2Jb\n2,plain\n2,plain\n").unwrap();
    fs::write(folder.join("database.toml"), "id = \"id\"\n[tables.T]\nhidden = true\n").unwrap();
    let output = machine.run(&["profile", "T.note", "--data", folder.to_str().unwrap()]);
    let text = stdout(&output);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(!text.contains('\u{1b}'), "{text:?}");
    for part in ["3 rows", "T.csv", "plain", "66.7%", "IDS"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // The second time it comes from the cache folder, and is the same.
    assert_eq!(stdout(&machine.run(&["profile", "T.note", "--data", folder.to_str().unwrap()])), text);
}
