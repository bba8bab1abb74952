//! Customer lists: from segments, from files, and what is wrong with them.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use chrono::NaiveDate;
use segtui::backend::{Cancel, FileCounts};
use segtui::diagnostic::Diagnostic;
use segtui::local::Engine;
use segtui::local::files::LocalDatabase;
use segtui::segment::{Ids, Lists, NoLists, NodePath, Place, Problem, ProblemKind, Segment, Side};
use segtui::workspace::Workspace;
use serde_json::{Value, json};
use tempfile::TempDir;

const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();

/// Segments in memory, without files.
#[derive(Default)]
struct Known(BTreeMap<String, Arc<Segment>>);

impl Lists for Known {
    fn segment(&self, id: &str) -> Result<Arc<Segment>, Diagnostic> {
        self.0.get(id).cloned().ok_or_else(|| NoLists.segment(id).unwrap_err())
    }
    fn file(&self, path: &str, activation_id: &str) -> Result<Ids, Diagnostic> {
        NoLists.file(path, activation_id)
    }
    fn query(&self, path: &str) -> Result<String, Diagnostic> {
        NoLists.query(path)
    }
}

fn database() -> (TempDir, Arc<LocalDatabase>) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("database.toml"), "id = \"customer_id\"\n").unwrap();
    let people = "customer_id,city\na,Chicago\nb,Boston\nc,\n007,Rome\n";
    fs::write(folder.path().join("Customers.csv"), people).unwrap();
    let database = crate::conformance::open(folder.path());
    (folder, database)
}

fn segment(id: &str, include: Vec<Value>) -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": id, "name": id.to_uppercase(),
        "activation_id": "customer_id", "include": {"match": "all", "of": include},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

fn city(value: &str) -> Value {
    json!({"attribute": {"table": "Customers", "column": "city"}, "op": "is_exactly", "value": value})
}

fn of(id: &str) -> Value {
    json!({"list": {"segment": id}, "op": "is_member"})
}

fn engine(segments: Vec<Segment>) -> (TempDir, Engine) {
    let (folder, database) = database();
    let known = segments.into_iter().map(|segment| (segment.id.clone(), Arc::new(segment))).collect();
    (folder, Engine::new(database).with_lists(Arc::new(Known(known))))
}

fn problems(engine: &Engine, segment: &Segment) -> Vec<(String, String)> {
    let problems = engine.check(segment, AS_OF).problems;
    problems
        .into_iter()
        .map(|problem| (problem.diagnostic.place.to_string(), problem.diagnostic.message))
        .collect()
}

fn members(engine: &Engine, segment: &Segment) -> Vec<String> {
    engine.members(segment, AS_OF, &Cancel::default()).unwrap()
}

#[test]
fn members_of_segments_and_everybody_else() {
    let either = json!({"match": "any", "of": [of("boston"), of("via")]});
    let (_folder, engine) = engine(vec![
        segment("boston", vec![city("boston")]),
        segment("via", vec![json!({"match": "any", "of": [of("boston"), city("rome")]})]),
    ]);
    assert_eq!(members(&engine, &segment("x", vec![either])), ["007", "b"]);
    let not = json!({"list": {"segment": "via"}, "op": "is_not_member"});
    assert_eq!(members(&engine, &segment("x", vec![not])), ["a", "c"]);
    // Off, it is not looked at.
    let off = json!({"list": {"segment": "gone"}, "op": "is_member", "off": true});
    assert_eq!(members(&engine, &segment("x", vec![off, city("rome")])), ["007"]);
}

#[test]
fn a_circle_is_refused_with_the_chain() {
    let (_folder, engine) = engine(vec![
        segment("a", vec![city("rome"), of("b")]),
        segment("b", vec![of("a")]),
        segment("self", vec![of("self")]),
    ]);
    let found = problems(&engine, &segment("x", vec![city("rome"), of("b"), of("a"), of("self")]));
    let expected = [
        (
            "include.1",
            r#"in "B" at include.0: in "A" at include.1: the segment reaches itself: "B" → "A" → "B""#,
        ),
        ("include.2", r#"in "A" at include.1: the segment reaches itself: "B" → "A" → "B""#),
        ("include.3", r#"in "SELF" at include.0: the segment reaches itself: "SELF" → "SELF""#),
    ];
    assert_eq!(found.len(), expected.len());
    for ((place, message), (expected_place, expected_message)) in found.iter().zip(expected) {
        assert_eq!((place.as_str(), message.as_str()), (expected_place, expected_message));
    }
    // The segment that is being edited counts by its id, whatever was saved of it.
    let found = problems(&engine, &segment("a", vec![of("b")]));
    let message = r#"in "B" at include.0: the segment reaches itself: "A" → "B" → "A""#;
    assert_eq!(found, [("include.0".to_owned(), message.to_owned())]);
}

#[test]
fn an_error_behind_a_list_stands_at_the_line_of_the_list() {
    let bad = json!({"attribute": {"table": "Customers", "column": "town"}, "op": "is_null"});
    let half = json!({"attribute": {"table": "Customers", "column": "city"}});
    let mut other_id = segment("mails", vec![]);
    other_id.activation_id = "email".to_owned();
    let (_folder, engine) = engine(vec![
        segment("bad", vec![bad, half]),
        segment("via", vec![of("bad")]),
        segment("query", vec![json!({"list": {"query": "q.sql"}, "op": "is_member"})]),
        other_id,
    ]);
    let found = problems(&engine, &segment("x", vec![of("via"), of("gone"), of("mails")]));
    let (places, messages): (Vec<String>, Vec<String>) = found.into_iter().unzip();
    assert_eq!(places, ["include.0", "include.0", "include.1", "include.2"]);
    assert!(
        messages[0].starts_with(r#"in "VIA" at include.0: in "BAD" at include.0: table "Customers" has no"#)
    );
    assert!(messages[1].starts_with(r#"in "VIA" at include.0: in "BAD" at include.1: the condition has no"#));
    assert_eq!(messages[2], r#"there is no segment "gone""#);
    assert_eq!(messages[3], r#""MAILS" is made of "email", this segment of "customer_id""#);
    let kinds = |segment: &Segment| {
        let problems = engine.check(segment, AS_OF).problems;
        problems.iter().map(|problem: &Problem| problem.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&segment("x", vec![of("via")])), [ProblemKind::Invalid, ProblemKind::Invalid]);
    assert_eq!(kinds(&segment("x", vec![of("query")])), [ProblemKind::Invalid]);
    let half = segment("x", vec![json!({"list": {"segment": "via"}})]);
    assert_eq!(kinds(&half), [ProblemKind::Incomplete]);
}

#[test]
fn many_ways_to_a_segment_take_no_time_and_long_chains_no_stack() {
    let name = |number: usize| format!("s{number}");
    let deep = |id: &str| (0..8).fold(of(id), |node, _| json!({"match": "any", "of": [node]}));
    // Two ways from each segment to the next: 2^48 in all.
    let mut segments: Vec<Segment> = (0..48)
        .map(|number| segment(&name(number), vec![deep(&name(number + 1)), deep(&name(number + 1))]))
        .collect();
    segments.push(segment(&name(48), vec![city("rome")]));
    segments.extend((100..200).map(|number| segment(&name(number), vec![of(&name(number + 1))])));
    let (_folder, engine) = engine(segments);
    assert_eq!(members(&engine, &segment("x", vec![of("s0")])), ["007"]);
    let found = problems(&engine, &segment("x", vec![of("s100")]));
    assert!(found[0].1.contains("more than 50 segments"), "{found:?}");
}

#[test]
fn files_are_read_as_they_are_now() {
    let (_data, database) = database();
    let root = TempDir::new().unwrap();
    let lists = root.path().join("lists");
    fs::create_dir_all(lists.join("sub")).unwrap();
    fs::write(lists.join("vip.csv"), "customer_id,x\n007,1\n7,1\nb,1\n7,1\n,1\n").unwrap();
    fs::write(lists.join("sub/names.txt"), " a \r\n\nb\n").unwrap();
    let engine = Engine::new(database).with_workspace_files(Arc::new(Workspace::new(root.path(), true)));
    let on = |file: &str| segment("x", vec![json!({"list": {"file": file}, "op": "is_member"})]);
    assert_eq!(members(&engine, &on("vip.csv")), ["007", "b"]);
    assert_eq!(members(&engine, &on("./sub/names.txt")), ["a", "b"]);
    let counts = engine.evaluate(&on("vip.csv"), AS_OF, &Cancel::default()).unwrap().files;
    let path = NodePath { side: Side::Include, steps: vec![0] };
    assert_eq!(counts, [FileCounts { path: path.clone(), ids: 3, unmatched: 1 }]);
    fs::write(lists.join("vip.csv"), "customer_id\nc\n").unwrap();
    assert_eq!(members(&engine, &on("vip.csv")), ["c"]);
    fs::write(root.path().join("secret.csv"), "customer_id\na\n").unwrap();
    let absolute = root.path().join("secret.csv").display().to_string();
    for path in ["../secret.csv", "sub/../../secret.csv", absolute.as_str(), "..", "", "sub", "vip"] {
        let found = engine.check(&on(path), AS_OF).problems;
        assert_eq!(found.len(), 1, "{path}");
        assert_eq!(found[0].diagnostic.place.to_string(), "include.0", "{path}");
    }
    assert_eq!(
        engine.check(&on("vipp.csv"), AS_OF).problems[0].diagnostic.help.as_deref(),
        Some("did you mean \"vip.csv\"?")
    );
    assert!(
        matches!(&engine.check(&on("gone"), AS_OF).problems[0].diagnostic.place, Place::Node(at, _) if *at == path)
    );
}
