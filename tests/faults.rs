//! Odd, foreign and damaged files: every database of `faults/` gives what its `expected.json` says, through the
//! library and through the command. `faults/README.md` says how to read it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::fault_programs::{Cli, Library, Program};

/// How many databases there are.
const CASES: usize = 119;

macro_rules! kinds {
    ($($test:ident $kind:literal,)*) => {
        const KINDS: &[&str] = &[$($kind),*];
        $(
            #[test]
            fn $test() {
                hold($kind);
            }
        )*
    };
}

kinds! {
    dates "csv-dates",
    encodings "csv-encoding",
    headers "csv-header",
    line_ends "csv-line-ends",
    money "csv-money",
    what_stands_before_the_header "csv-preamble",
    quotes "csv-quotes",
    ragged_records "csv-ragged",
    separators "csv-separator",
    words "csv-words",
    folders "folders",
    doubt_about_the_id "id-doubt",
    files_that_are_not_what_they_say "not-what-it-says",
    parts "parts",
    damaged_parquet "pq-damaged",
    columns_that_were_lost "pq-lost-columns",
    messages_about_parquet "pq-messages",
    one_column_of_a_table "pq-one-column",
    values_of_parquet "pq-values",
    sizes "size",
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults")
}

fn subfolders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn every_kind_has_its_test() {
    let kinds: Vec<String> = subfolders(&root()).iter().map(|kind| name(kind)).collect();
    assert_eq!(kinds, KINDS);
    assert_eq!(subfolders(&root()).iter().map(|kind| subfolders(kind).len()).sum::<usize>(), CASES);
}

/// All databases of a kind hold what is expected of them; all that do not are named.
fn hold(kind: &str) {
    let mut failures = Vec::new();
    for case in subfolders(&root().join(kind)) {
        let case_name = format!("{kind}/{}", name(&case));
        failures.extend(problems(&case).iter().map(|why| format!("{case_name} {why}")));
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// What is not as expected, by the library and by the command.
fn problems(case: &Path) -> Vec<String> {
    let expected = fs::read_to_string(case.join("expected.json")).unwrap();
    let mut expected: Map<String, Value> = serde_json::from_str(&expected).unwrap();
    let alternatives = expected.remove("one_of").unwrap_or_else(|| json!([{}]));
    let most = expected.get("limits").and_then(|limits| limits["out_kb"].as_u64()).unwrap_or(64) << 10;
    let copy = copied(case);
    let folder = copy.path().join("1");
    let before = contents(&folder);
    let library: (&str, Box<dyn Program>) = ("(library)", Box::new(Library::open(&folder)));
    let command: (&str, Box<dyn Program>) = ("(command)", Box::new(Cli::new(&folder, most)));
    let mut problems = Vec::new();
    for (by, program) in [library, command] {
        let answer = program.tables();
        let outcomes = alternatives.as_array().unwrap().iter().map(|alternative| {
            let expected = Value::Object(laid_over(&expected, alternative.as_object().unwrap()));
            Judge { expected: &expected, program: &*program, problems: Vec::new() }.judge(&answer)
        });
        let why = outcomes.min_by_key(Vec::len).unwrap().into_iter().chain(program.problems());
        problems.extend(why.map(|why| format!("{by}: {}", why.chars().take(400).collect::<String>())));
    }
    if contents(&folder) != before {
        problems.push("the folder was written to".to_owned());
    }
    problems
}

/// One of several outcomes: its parts count more than what is expected in any case.
fn laid_over(expected: &Map<String, Value>, alternative: &Map<String, Value>) -> Map<String, Value> {
    let mut expected = expected.clone();
    for (key, value) in alternative {
        match (key.as_str(), expected.get_mut(key).and_then(Value::as_object_mut)) {
            ("tables", Some(tables)) => tables.extend(value.as_object().unwrap().clone()),
            _ => drop(expected.insert(key.clone(), value.clone())),
        }
    }
    expected
}

/// A copy in a folder whose path has no words, so that none in a message can come from there.
fn copied(case: &Path) -> TempDir {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let numbers = std::iter::repeat_with(|| {
        format!("{}{:04}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
    });
    // What an earlier run left behind may have the same number.
    let named = |number: String| tempfile::Builder::new().prefix(&number).rand_bytes(0).tempdir().ok();
    let copy = numbers.take(1000).find_map(named).unwrap();
    copy_folder(case, &copy.path().join("1"));
    fs::remove_file(copy.path().join("1/expected.json")).unwrap();
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let from = entry.unwrap().path();
        let to = to.join(from.file_name().unwrap());
        if from.is_dir() {
            copy_folder(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

/// All files below a folder.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

/// Whether a text says something, whatever the case of its letters.
fn says(text: &str, wanted: &Value) -> bool {
    pattern(wanted.as_str().unwrap()).is_match(text)
}

fn pattern(wanted: &str) -> Regex {
    RegexBuilder::new(wanted).case_insensitive(true).dot_matches_new_line(true).build().unwrap()
}

/// JSON text as people read it.
fn plain(text: &str) -> String {
    text.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// The items of a list that may be missing.
fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn without(value: &Value, keys: &[&str]) -> Value {
    let left = entries(value).filter(|(key, _)| !keys.contains(&key.as_str()));
    Value::Object(left.map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// Message and help of an error.
fn text_of(error: &Value) -> Option<String> {
    let text = |key: &str| error[key].as_str().unwrap_or_default();
    error.is_object().then(|| format!("{} {}", text("message"), text("help")))
}

/// What an error must say and does not.
fn unsaid(wanted: &Value, text: Option<&str>, what: &str) -> Vec<String> {
    let Some(text) = text else { return vec![format!("{what}: no error")] };
    let mut missing: Vec<String> = items(&wanted["says"])
        .filter(|wanted| !says(text, wanted))
        .map(|wanted| format!("say {wanted}"))
        .collect();
    missing.extend(
        items(&wanted["never"]).filter(|never| says(text, never)).map(|never| format!("avoid {never}")),
    );
    if let Some(file) = wanted["file"].as_str().filter(|file| !text.contains(file)) {
        missing.push(format!("name {file}"));
    }
    if let Some(line) = wanted.get("line")
        && !pattern(&format!(r"\bline {line}\b")).is_match(text)
    {
        missing.push(format!("name line {line}"));
    }
    missing.into_iter().map(|missing| format!("{what} does not {missing}: {text:?}")).collect()
}

/// The segment of all customers, or of those for whom a condition holds.
fn segment(condition: Option<&Value>, id: &Value) -> String {
    let of: Vec<Value> =
        condition.map(|condition| json!({"match": "all", "of": [condition]})).into_iter().collect();
    let mut document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_check", "name": "check", "revision": 1,
        "status": "draft", "include": {"match": "all", "of": of}, "exclude": {"match": "any", "of": []},
    });
    if !id.is_null() {
        document["activation_id"] = id.clone();
    }
    // Numbers that stand there digit for digit.
    let exact = Regex::new(r#"\{"exact": ?"(-?[0-9.]+)"\}"#).unwrap();
    exact.replace_all(&document.to_string(), "$1").into_owned()
}

/// Compares what a program answers with what is expected of it.
struct Judge<'a> {
    expected: &'a Value,
    program: &'a dyn Program,
    problems: Vec<String>,
}

impl Judge<'_> {
    fn judge(mut self, answer: &Value) -> Vec<String> {
        let expected = self.expected;
        let error = text_of(&answer["error"]);
        if let Some(wanted) = expected.get("open_error") {
            return unsaid(wanted, error.as_deref(), "the error");
        }
        if answer.get("tables").is_none() {
            return vec![format!("the database does not open: {error:?}")];
        }
        if expected.get("id").is_some() && answer["activation_id"] != expected["id"] {
            self.problem(format!("activation ID {}, not {}", answer["activation_id"], expected["id"]));
        }
        self.tables(answer);
        let everything = plain(&format!("{answer}{}", self.program.aside()));
        for wanted in items(&expected["notes"]).filter(|wanted| !says(&everything, wanted)) {
            self.problem(format!("nothing says {wanted}"));
        }
        self.universe();
        self.conditions();
        self.members();
        self.problems
    }

    fn problem(&mut self, text: String) {
        self.problems.push(text);
    }

    fn tables(&mut self, answer: &Value) {
        let expected = self.expected;
        let found: BTreeMap<&str, &Value> =
            items(&answer["tables"]).map(|table| (table["name"].as_str().unwrap(), table)).collect();
        let of_all = format!("{}{}", without(answer, &["tables", "database"]), self.program.aside());
        for (name, wanted) in entries(&expected["tables"]) {
            match found.get(name.as_str()) {
                Some(_) if wanted.is_null() => self.problem(format!("a table {name:?}")),
                None if !wanted.is_null() => self.problem(format!("no table {name:?}")),
                Some(table) => self.table(name, wanted, table, &of_all),
                None => {}
            }
        }
        let others = found.keys().filter(|name| expected["tables"].get(**name).is_none());
        let others: Vec<_> = others.collect();
        if expected.get("tables").is_some() && !others.is_empty() && expected["others"] != true {
            self.problem(format!("tables that are none: {others:?}"));
        }
    }

    fn table(&mut self, name: &str, wanted: &Value, table: &Value, of_all: &str) {
        if let Some(error) = wanted.get("error") {
            let why = unsaid(error, table["error"].as_str(), &format!("the error of {name}"));
            return self.problems.extend(why);
        }
        if let Some(error) = table["error"].as_str() {
            return self.problem(format!("{name} is disabled: {error}"));
        }
        for key in ["rows", "customers", "orphan_rows"] {
            if wanted.get(key).is_some() && table[key] != wanted[key] {
                self.problem(format!("{name}: {key} {}, not {}", table[key], wanted[key]));
            }
        }
        let types: Vec<(&str, &Value)> = items(&table["columns"])
            .map(|column| (column["name"].as_str().unwrap(), &column["type"]))
            .collect();
        let names: Vec<&str> = types.iter().map(|(name, _)| *name).collect();
        for (column, wanted) in entries(&wanted["types"]) {
            let found = types.iter().find(|(name, _)| name == column).map(|(_, found)| *found);
            if found != Some(wanted) {
                self.problem(format!("{name}.{column} is {found:?}, not {wanted}"));
            }
        }
        if wanted.get("columns").is_some() && json!(names) != wanted["columns"] {
            self.problem(format!("{name} has columns {names:?}, not {}", wanted["columns"]));
        }
        for absent in items(&wanted["absent"]).filter(|absent| names.iter().any(|name| *absent == name)) {
            self.problem(format!("{name} offers {absent}"));
        }
        let text = plain(&format!("{}{of_all}", without(table, &["name", "label", "columns"])));
        for wanted in items(&wanted["says"]).filter(|wanted| !says(&text, wanted)) {
            self.problem(format!("nothing is said of {name} like {wanted}: {text}"));
        }
        for unwanted in items(&wanted["silent"]).filter(|unwanted| says(&text, unwanted)) {
            self.problem(format!("something is said of {name} like {unwanted}: {text}"));
        }
    }

    fn universe(&mut self) {
        let Some(wanted) = self.expected.get("universe") else { return };
        let answers = self.program.count(&[segment(None, &self.expected["id"])]);
        if answers.first().map(|answer| &answer["unique_customers"]) != Some(wanted) {
            self.problem(format!("universe {answers:?}, not {wanted}"));
        }
    }

    /// Segments of one condition, all at once: an error must not take the others along.
    fn conditions(&mut self) {
        let checks: Vec<&Value> = items(&self.expected["checks"]).collect();
        let id = &self.expected["id"];
        let segments: Vec<String> = checks.iter().map(|check| segment(Some(&check["if"]), id)).collect();
        if segments.is_empty() {
            return;
        }
        let answers = self.program.count(&segments);
        if answers.len() != segments.len() {
            self.problem(format!("{} answers to {} segments", answers.len(), segments.len()));
        }
        for (at, (check, answer)) in checks.into_iter().zip(&answers).enumerate() {
            let either = check.get("either").and_then(Value::as_array);
            let wanted = either.map_or_else(|| vec![check], |either| either.iter().collect());
            let outcomes = wanted.into_iter().map(|wanted| outcome(wanted, answer, at + 1));
            self.problems.extend(outcomes.min_by_key(Vec::len).unwrap());
        }
    }

    fn members(&mut self) {
        let all = segment(None, &self.expected["id"]);
        if let Some(wanted) = self.expected.get("members") {
            let members: Vec<Value> = self.program.members(&all, None).iter().map(first).collect();
            if json!(members) != *wanted {
                self.problem(format!("members {}, not {wanted}", json!(members)));
            }
        }
        for wanted in items(&self.expected["values"]) {
            let column = wanted["column"].as_str().unwrap();
            let rows = self.program.members(&all, Some(column));
            for (id, wanted) in entries(&wanted["of"]) {
                let row = rows.iter().find(|row| first(row) == *id);
                let found = row.and_then(|row| row.as_object()?.values().next_back());
                if !found.is_some_and(|found| is_same(found, wanted)) {
                    self.problem(format!("{column} of {id} is {found:?}, not {wanted}"));
                }
            }
        }
    }
}

/// The id of a row, as text.
fn first(row: &Value) -> Value {
    let id = row.as_object().and_then(|row| row.values().next());
    id.map_or(Value::Null, |id| id.as_str().map_or_else(|| id.to_string(), str::to_owned).into())
}

fn is_same(found: &Value, wanted: &Value) -> bool {
    match (found.as_f64(), wanted.as_f64()) {
        (Some(found), Some(wanted)) => (found - wanted).abs() < 1e-9,
        _ => found == wanted,
    }
}

fn outcome(wanted: &Value, answer: &Value, number: usize) -> Vec<String> {
    if let Some(error) = wanted.get("error") {
        let text = text_of(&answer["error"]);
        return unsaid(error, text.as_deref(), &format!("the error of condition {number}"));
    }
    let is_right = answer["unique_customers"] == wanted["count"];
    (!is_right)
        .then(|| format!("condition {number}: {answer}, not {}", wanted["count"]))
        .into_iter()
        .collect()
}
