//! Documents of any kind on the command line.

use serde_json::{Value, json};

use crate::command_line::{Machine, code, document, in_city, lines, stderr, stdout};

#[test]
fn a_misspelled_key_is_kept_and_told() {
    let machine = Machine::new();
    let purchase = json!({"purchase": "has_purchased", "op": "exactly", "value": 1,
        "were": [{"column": "product_category", "op": "is_exactly", "value": "socks"}], "note": "ours"});
    let file = machine.segment("x.json", json!([purchase]));
    let output = machine.run(&["check", "--json", &file]);
    assert_eq!(code(&output), 0, "advice is no error");
    let told = json!([{"severity": "advice", "place": "include.0", "message": "unknown key \"were\"",
        "help": "did you mean \"where\"?"}]);
    assert_eq!(lines(&output)[0]["problems"], told);
    assert_eq!(code(&machine.run(&["count", &file])), 0);

    let mut whole = document(json!([in_city("chicago")]));
    let sides = whole.as_object_mut().unwrap();
    let include = sides.shift_remove("include").unwrap();
    sides.insert("inclde".to_owned(), include);
    let file = machine.file("whole.json", &whole.to_string());
    let output = machine.run(&["check", "--json", &file]);
    let problem = &lines(&output)[0]["problems"][0];
    assert_eq!((&problem["place"], &problem["message"]), (&Value::Null, &json!("unknown key \"inclde\"")));
    let output = machine.run(&["check", &file]);
    assert!(
        stdout(&output).contains("X: advice: unknown key \"inclde\"\n  did you mean \"include\"?"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn without_an_activation_id_it_is_the_databases_own() {
    let machine = Machine::new();
    let with_id = machine.segment("with.json", json!([in_city("chicago")]));
    let list = json!({"list": {"segment": "seg_loyal"}, "op": "is_member"});
    let mut without = document(json!([in_city("chicago"), list]));
    without.as_object_mut().unwrap().shift_remove("activation_id");
    let without = machine.file("without.json", &without.to_string());

    let output = machine.run(&["count", "--json", &without]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert!(stderr(&output).contains("names no activation ID; it is evaluated on \"amperity_id\""));
    assert_eq!(lines(&output)[0]["activation_id"], "amperity_id");
    assert_eq!(stderr(&machine.run(&["count", "--json", &with_id])), "");
    let members = stdout(&machine.run(&["members", &without, "--columns", "Customer_360.city"]));
    assert!(members.starts_with("amperity_id,"), "{members}");
    assert!(stdout(&machine.run(&["sql", &without, "--dialect", "duckdb"])).contains("amperity_id"));

    let output = machine.run(&["check", "--json", &without]);
    let [problem] = lines(&output)[0]["problems"].as_array().unwrap().clone().try_into().unwrap();
    assert_eq!((&problem["severity"], &problem["place"]), (&json!("advice"), &json!("activation_id")));
    assert_eq!(
        (code(&output), &problem["help"]),
        (0, &json!("write \"activation_id\": \"amperity_id\" into it"))
    );
}

#[test]
fn a_document_that_names_a_key_twice_is_refused_with_its_place() {
    let machine = Machine::new();
    let text = document(json!([in_city("chicago")])).to_string();
    let file = machine.file("x.json", &text.replacen("{\"format\"", "{\"name\": \"Y\",\n\"format\"", 1));
    for command in ["count", "check", "members"] {
        let output = machine.run(&[command, &file]);
        assert_eq!(code(&output), 1);
        assert!(stderr(&output).contains("x.json:2:"), "{}", stderr(&output));
        assert!(stderr(&output).contains("the key \"name\" stands twice in this object: remove one of them"));
    }
    let file = machine.file("y.json", &text.replacen("\"draft\"", "\"actve\"", 1));
    let output = machine.run(&["count", &file]);
    assert!(stderr(&output).contains("did you mean \"active\"?"), "{}", stderr(&output));
}

#[test]
fn all_problems_of_all_kinds_are_printed_in_order() {
    let machine = Machine::new();
    let bad = json!({"match": "al", "of": [
        {"attribute": {"table": "Customer 360", "column": "City"}, "op": "is_exactly", "value": "x"},
        {"attribute": {"table": "Customer_360", "column": "City"}, "op": "is_exacly", "value": "x",
         "where": [{"column": "points", "op": "is", "value": "5"}, {"colum": "city"}]},
        {"purchase": "has_purchsed", "op": "exactly", "value": 1, "wen": {},
         "when": {"op": "after", "value": {"relative": "3 month ag"}}}]});
    let file = machine.segment("x.json", json!([bad, in_city("")]));
    let output = machine.run(&["check", "--json", &file]);
    let problems = lines(&output)[0]["problems"].as_array().unwrap().clone();
    let told: Vec<(&str, &str)> = problems
        .iter()
        .map(|problem| (problem["place"].as_str().unwrap(), problem["help"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(
        told,
        [
            ("include.0", "did you mean \"all\"?"),
            ("include.0.0", "did you mean \"Customer_360\"?"),
            ("include.0.1", "did you mean \"is_exactly\"?"),
            ("include.0.1", "did you mean \"city\"?"),
            ("include.0.1.where.0", "did you mean 5?"),
            ("include.0.1.where.1", "did you mean \"column\" where it says \"colum\"?"),
            ("include.0.2", "did you mean \"has_purchased\"?"),
            ("include.0.2", "did you mean \"when\"?"),
            ("include.0.2.when", "did you mean {\"relative\":\"3 months ago\"}?"),
            ("include.1", ""),
        ]
    );
    assert_eq!(code(&output), 1);
}
