//! Segments under test: `segtui test`.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::command_line::{Machine, code, conformance, document, in_city, keys, lines, stderr, stdout};

/// A segment of those in Chicago, of whom there are nine, with these tests.
fn chicago(machine: &Machine, tests: Value) -> String {
    let mut document = document(json!([in_city("chicago")]));
    document["tests"] = tests;
    machine.file("x.json", &document.to_string())
}

fn ids(machine: &Machine, segment: &str) -> Vec<String> {
    let members = lines(&machine.run(&["members", "--json", segment]));
    members.iter().map(|member| member["amperity_id"].as_str().unwrap().to_owned()).collect()
}

fn answer(output: &Output) -> Value {
    let [answer] =
        lines(output).try_into().unwrap_or_else(|_| panic!("{} {}", stdout(output), stderr(output)));
    answer
}

/// Whether each test holds, and what is said of it.
fn outcomes(machine: &Machine, tests: Value) -> Vec<(bool, String, Vec<String>)> {
    let file = chicago(machine, tests);
    let output = machine.run(&["test", "--json", &file]);
    let answer = answer(&output);
    let outcome = |test: &Value| {
        let ids = test["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        (test["passed"].as_bool().unwrap(), test["message"].as_str().unwrap().to_owned(), ids)
    };
    let outcomes: Vec<_> = answer["tests"].as_array().unwrap().iter().map(outcome).collect();
    let passed = outcomes.iter().all(|(passed, ..)| *passed);
    assert_eq!((code(&output), &answer["passed"]), (i32::from(!passed), &json!(passed)));
    outcomes
}

fn passed(machine: &Machine, tests: Value) -> Vec<bool> {
    outcomes(machine, tests).into_iter().map(|(passed, ..)| passed).collect()
}

/// A workspace of its own with a copy of that of conformance.
fn workspace(machine: &Machine) -> std::path::PathBuf {
    let folder = machine.home().join("own");
    for place in ["segments", "lists"] {
        fs::create_dir_all(folder.join(place)).unwrap();
        for file in fs::read_dir(conformance("workspace").join(place)).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), folder.join(place).join(file.file_name())).unwrap();
        }
    }
    fs::copy(conformance("workspace/workspace.json"), folder.join("workspace.json")).unwrap();
    folder
}

fn run_in(machine: &Machine, workspace: &Path, arguments: &[&str]) -> Output {
    machine.run(&[arguments, &["--workspace", workspace.to_str().unwrap()]].concat())
}

fn add_segment(workspace: &Path, name: &str, tests: Option<Value>) -> std::path::PathBuf {
    let mut document = document(json!([in_city("chicago")]));
    document["id"] = format!("seg_{name}").into();
    document["name"] = name.into();
    document["mine"] = json!({"kept": serde_json::from_str::<Value>("1.50").unwrap()});
    if let Some(tests) = tests {
        document["tests"] = tests;
    }
    let path = workspace.join(format!("segments/{name}.segment.json"));
    fs::write(&path, document.to_string()).unwrap();
    path
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_answer_has_the_documented_shape() {
    let machine = Machine::new();
    let file = chicago(&machine, json!([{"size": [9, 9]}, {"size": [10, null]}]));
    let output = machine.run(&["test", "--json", &file]);
    let answer = answer(&output);
    assert_eq!((code(&output), stderr(&output).as_str()), (1, ""));
    assert_eq!(keys(&answer), ["segment", "as_of", "passed", "tests"]);
    assert_eq!(answer["segment"], json!({"id": "seg_x", "name": "X"}));
    assert_eq!((&answer["as_of"], &answer["passed"]), (&json!("2024-02-29"), &json!(false)));
    assert_eq!(keys(&answer["tests"][1]), ["index", "passed", "message", "ids"]);
    let expected = json!({"index": 1, "passed": false, "message": "expected at least 10 members, there are 9", "ids": []});
    assert_eq!(answer["tests"][1], expected);
}

#[test]
fn sizes_shares_and_changes_take_in_their_ends() {
    let machine = Machine::new();
    let sizes = json!([{"size": [9, 9]}, {"size": [null, 9]}, {"size": [9, null]}, {"size": [10, null]}, {"size": [null, 8]}]);
    assert_eq!(passed(&machine, sizes), [true, true, true, false, false]);
    // Nine of ninety-six.
    let all =
        answer(&machine.run(&["count", "--json", &chicago(&machine, json!([]))]))["all"]["unique_customers"]
            .clone();
    assert_eq!(all, 96);
    let shares = json!([{"share": [0.09375, 0.09375]}, {"share": [0, 0.09374999999999]}, {"share": [0.0937500000001, 1]}, {"share": [0, 1]}]);
    assert_eq!(passed(&machine, shares), [true, false, false, true]);
    let changes = json!([
        {"change": {"from": 10, "percent": 10}}, {"change": {"from": 10, "percent": 9.999}},
        {"change": {"from": 8, "percent": 12.5}}, {"change": {"from": 8, "percent": 12.4}},
        {"change": {"from": 0, "percent": 1000}}, {"change": {"from": 9, "percent": 0}}, {"change": {"percent": 1000}},
    ]);
    let outcomes = outcomes(&machine, changes);
    let passed: Vec<bool> = outcomes.iter().map(|(passed, ..)| *passed).collect();
    assert_eq!(passed, [true, false, true, false, false, true, false]);
    assert!(outcomes[6].1.contains("--accept"), "{outcomes:?}");
    let share = &self::outcomes(&machine, json!([{"share": [0.5, null]}]))[0];
    assert_eq!(share.1, "expected at least 50 % of all customers, there are 9 of 96 (9.38 %)");
}

#[test]
fn ids_are_in_or_out_with_the_lines_that_decide() {
    let machine = Machine::new();
    let members = ids(&machine, &chicago(&machine, json!([])));
    let everybody = ids(&machine, &machine.segment("all.json", json!([])));
    let stranger = everybody.iter().find(|id| !members.contains(id)).unwrap();
    let outcomes = outcomes(
        &machine,
        json!([
            {"in": members}, {"out": [stranger, "nobody"]}, {"in": [members[0], stranger, "no\"body ", stranger]},
            {"out": [stranger, members[0], members[1]]}, {"in": ["nobody"]}, {"in": everybody}, {"in": []},
        ]),
    );
    let passed: Vec<bool> = outcomes.iter().map(|(passed, ..)| *passed).collect();
    assert_eq!(passed, [true, true, false, false, false, false, true]);
    let (_, message, at_fault) = &outcomes[2];
    assert_eq!(*at_fault, [stranger.clone(), "no\"body ".to_owned()]);
    let start = format!(
        "expected all 3 ids in it, 2 are not: {stranger} is not in it: \"City is exactly chicago\" (include.0) "
    );
    assert!(message.starts_with(&start) && message.ends_with("; no\"body  is no customer"), "{message}");
    let (_, message, at_fault) = &outcomes[3];
    assert_eq!(*at_fault, members[..2]);
    let start = format!(
        "expected none of 3 ids in it, 2 are: {} is in it: \"City is exactly chicago\" (include.0) holds",
        members[0]
    );
    assert!(message.starts_with(&start), "{message}");
    assert_eq!(outcomes[4].1, "expected the id in it: nobody is no customer");
    let (_, message, at_fault) = &outcomes[5];
    assert_eq!(at_fault.len(), 20);
    assert!(message.ends_with("; 67 more are not named"), "{message}");
}

#[test]
fn segments_are_disjoint_from_others_or_within_them() {
    let machine = Machine::new();
    let own = workspace(&machine);
    add_segment(&own, "Same", None);
    let mut other = document(json!([in_city("portland")]));
    other["id"] = "seg_portland".into();
    fs::write(own.join("segments/portland.segment.json"), other.to_string()).unwrap();
    let mut by_email = document(json!([]));
    by_email["id"] = "seg_email".into();
    by_email["activation_id"] = "email".into();
    fs::write(own.join("segments/email.segment.json"), by_email.to_string()).unwrap();
    let tests = json!([
        {"disjoint": "seg_portland"}, {"within": "seg_Same"}, {"disjoint": "seg_Same"}, {"within": "seg_portland"},
        {"disjoint": "gone"}, {"within": "seg_loop_a"}, {"within": "seg_email"},
    ]);
    let file = chicago(&machine, tests);
    let output = run_in(&machine, &own, &["test", "--json", &file]);
    let answer = answer(&output);
    let passed: Vec<bool> =
        answer["tests"].as_array().unwrap().iter().map(|test| test["passed"].as_bool().unwrap()).collect();
    assert_eq!((code(&output), passed), (1, vec![true, true, false, false, false, false, false]));
    let message = |at: usize| answer["tests"][at]["message"].as_str().unwrap();
    let members = ids(&machine, &file);
    assert_eq!(message(2), "expected nobody in common with Same, 9 customers are in both");
    assert_eq!(answer["tests"][2]["ids"], json!(members));
    assert_eq!(
        (message(3), &answer["tests"][3]["ids"]),
        ("expected all of them in X, 9 are not", &json!(members))
    );
    assert!(message(4).starts_with("there is no segment \"gone\""), "{}", message(4));
    assert!(message(5).starts_with("it cannot be compared with"), "{}", message(5));
    assert!(message(6).contains("cannot be compared"), "{}", message(6));
}

#[test]
fn lines_that_change_nothing_are_found() {
    let machine = Machine::new();
    let found = |of: Value| {
        let mut document = document(of);
        document["tests"] = json!([{"every_line_counts": true}, {"every_line_counts": false}]);
        let output = machine.run(&["test", "--json", &machine.file("x.json", &document.to_string())]);
        let answer = answer(&output);
        assert_eq!(answer["tests"][1]["passed"], true);
        (
            answer["tests"][0]["passed"].as_bool().unwrap(),
            answer["tests"][0]["message"].as_str().unwrap().to_owned(),
        )
    };
    assert_eq!(found(json!([in_city("chicago")])), (true, "no line changes nothing".to_owned()));
    let (passed, message) = found(json!([in_city("chicago"), {"match": "any", "of": [in_city("CHICAGO")]}]));
    assert!(!passed && message.contains("\"City is exactly chicago\" (include.0)"), "{message}");
    assert!(message.contains("(include.1.0)") && !message.contains("(include.1)"), "{message}");
}

#[test]
fn what_is_wrong_with_tests_is_told_with_its_place() {
    let machine = Machine::new();
    let tests = json!([{"size": [1, null]}, {"siez": [1, 2]}, {"disjoint": "gone"}, 7]);
    let file = chicago(&machine, tests.clone());
    let output = machine.run(&["check", "--json", &file]);
    let answer = answer(&output);
    let places: Vec<&str> = answer["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["place"].as_str().unwrap())
        .collect();
    assert_eq!((code(&output), places), (1, vec!["tests.1", "tests.2", "tests.3"]));
    assert_eq!(answer["problems"][0]["help"], "did you mean \"size\"?");
    assert_eq!(passed(&machine, tests), [true, false, false, false]);
    // They stand in nobody's way.
    assert_eq!(code(&machine.run(&["count", &file])), 0);
    let file = chicago(&machine, json!({"in": []}));
    let output = machine.run(&["check", "--json", &file]);
    assert_eq!(self::answer(&output)["problems"][0]["place"], "tests");
    assert_eq!(code(&machine.run(&["test", &file])), 1);
}

#[test]
fn people_read_a_line_for_each_failure() {
    let machine = Machine::new();
    let good = chicago(&machine, json!([{"size": [9, 9]}]));
    let output = machine.run(&["test", &good]);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, "✓ X: 1 test\n1 segment, 1 test: all hold\n"));
    let bad = chicago(&machine, json!([{"size": [9, 9]}, {"size": [1, 2]}, {"in": ["a\u{1b}[2J"]}]));
    let output = machine.run(&["test", &bad, "nobody"]);
    let text = stdout(&output);
    let expected = "✗ X: tests.1, between 1 and 2 members: expected between 1 and 2 members, there are 9\n";
    assert!(text.starts_with(expected) && !text.contains('\u{1b}'), "{text}");
    assert!(text.contains("\n✗ X: tests.2: expected the id in it: a"), "{text}");
    assert!(text.ends_with("\n2 segments, 3 tests: 2 fail, 1 segment cannot be tested\n"), "{text}");
    assert!(code(&output) == 1 && stderr(&output).contains("error: nobody: there is no segment"), "{text}");
}

#[test]
fn without_arguments_all_that_have_tests_are_tested() {
    let machine = Machine::new();
    let own = workspace(&machine);
    let output = run_in(&machine, &own, &["test"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, "no segment of the workspace has tests\n"));
    add_segment(&own, "Good", Some(json!([{"size": [9, 9]}])));
    add_segment(&own, "Bad", Some(json!([{"size": [1, 2]}])));
    add_segment(&own, "None", None);
    let mut broken = document(json!([{"attribute": {"table": "Nowhere", "column": "x"}, "op": "is_null"}]));
    broken["id"] = "seg_broken".into();
    broken["tests"] = json!([{"size": [1, null]}]);
    fs::write(own.join("segments/broken.segment.json"), broken.to_string()).unwrap();
    let output = run_in(&machine, &own, &["test", "--json"]);
    let answers = lines(&output);
    assert_eq!((code(&output), answers.len()), (1, 3), "{answers:?}");
    let names: Vec<&Value> = answers.iter().map(|answer| &answer["segment"]["name"]).collect();
    assert_eq!(names, [&json!("Bad"), &json!("Good"), &Value::Null]);
    assert_eq!(
        (&answers[2]["error"]["kind"], &answers[2]["error"]["place"]),
        (&json!("segment"), &json!("include.0"))
    );
}

#[test]
fn junit_is_written_for_continuous_integration() {
    let machine = Machine::new();
    let file = chicago(&machine, json!([{"size": [9, 9]}, {"in": ["<a>&\u{1b}"]}]));
    let xml = machine.home().join("out.xml");
    let path = xml.to_str().unwrap();
    let output = machine.run(&["test", "--junit", path, &file, "nobody"]);
    assert_eq!(code(&output), 1);
    let text = fs::read_to_string(&xml).unwrap();
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"segtui\" tests=\"3\" failures=\"1\" errors=\"1\">\n"), "{text}");
    assert!(text.contains("<testcase classname=\"X\" name=\"tests.0: between 9 and 9 members\"/>"), "{text}");
    assert!(text.contains("<failure message=\"expected the id in it: &lt;a&gt;&amp; is no customer\">&lt;a&gt;&amp;</failure>"), "{text}");
    assert!(text.contains("<error message=\"there is no segment &quot;nobody&quot;\"/>"), "{text}");
    assert!(text.ends_with("</testsuites>\n"));
    // As a whole or not at all, and never where nothing is written.
    let output = machine.run(&["test", "--junit", path, "--read-only", &file]);
    assert_eq!((code(&output), fs::read_to_string(&xml).unwrap()), (2, text));
    let inside = machine.home().join("data");
    fs::create_dir(&inside).unwrap();
    let data = inside.to_str().unwrap();
    fs::copy(conformance("csv").join("Customer_360.csv"), inside.join("Customer_360.csv")).unwrap();
    let inside = format!("{data}/out.xml");
    let output = machine.run(&["test", "--junit", &inside, "--data", data, &file]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(!Path::new(&inside).exists());
}

#[test]
fn accepting_saves_the_present_number_and_keeps_everything_else() {
    let machine = Machine::new();
    let own = workspace(&machine);
    let tests =
        json!([{"change": {"why": "x", "percent": 10.0, "from": 100}}, {"note": 1, "size": [1, null]}, 7]);
    let path = add_segment(&own, "Change", Some(tests));
    let before = read(&path);
    assert_eq!(code(&run_in(&machine, &own, &["test", "--accept", "--read-only"])), 2);
    assert_eq!(read(&path), before);
    let output = run_in(&machine, &own, &["test", "--accept", "--json", "Change"]);
    let answer = answer(&output);
    assert_eq!(
        (&answer["tests"][0]["passed"], code(&output)),
        (&json!(true), 1),
        "the other test stays as it is"
    );
    let after = read(&path);
    let mut expected = before;
    expected["tests"][0]["change"]["from"] = 9.into();
    expected["revision"] = 2.into();
    for key in ["created", "updated", "labels", "description"] {
        expected[key] = after[key].clone();
    }
    assert_eq!(after, expected);
    assert_eq!(after["updated"]["by"], "ana");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("1.50") && text.contains("\"percent\": 10.0"), "{text}");
    assert!(own.join("history/seg_Change/000002.json").exists());
    // The same number again is no change.
    run_in(&machine, &own, &["test", "--accept", "Change"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    // A newer format is never written.
    let mut newer = after;
    newer["version"] = 2.into();
    newer["tests"][0]["change"]["from"] = 1.into();
    fs::write(&path, newer.to_string()).unwrap();
    let output = run_in(&machine, &own, &["test", "--accept", "Change"]);
    assert_eq!((code(&output), read(&path)), (1, newer), "{}", stderr(&output));
}

#[test]
fn accepting_in_a_file_of_its_own_writes_that_file() {
    let machine = Machine::new();
    let file = chicago(&machine, json!([{"change": {"percent": 5}}]));
    assert_eq!(code(&machine.run(&["test", &file])), 1);
    let output = machine.run(&["test", "--accept", &file]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(
        stderr(&output).contains("note: \"X\": changes are measured from 9 from now on"),
        "{}",
        stderr(&output)
    );
    assert_eq!(read(Path::new(&file))["tests"], json!([{"change": {"percent": 5, "from": 9}}]));
    assert_eq!(
        (read(Path::new(&file))["revision"].clone(), code(&machine.run(&["test", &file]))),
        (json!(1), 0)
    );
}
