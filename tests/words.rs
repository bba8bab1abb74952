//! Every condition reads back from its full form, whatever its values and the names of its columns.

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use segtui::database::DatabaseView;
use segtui::local::files::LocalDatabase;
use segtui::segment::{
    CheckedDefinition, CheckedNode, CheckedSegment, Condition, ConditionKind, Criterion, Keyword,
    NamedSchema, NoLists, Node, NodePath, Operator, Schema, SchemaOverlay, Segment, Side, WorkspaceNames,
    check, edit, parser, words,
};
use serde_json::{Value, json};

use crate::conformance::{cases, folder, open};
use crate::slow::Slow;
use crate::slow::strategy::{AS_OF, Words, segment, targets};

/// Names and values that could be taken for something else.
const HOSTILE: [&str; 28] = [
    "\"",
    "\\",
    "\\\"",
    "a\nb\r\t",
    "\u{1b}[2J",
    "\u{2028}",
    " and ",
    "and",
    "x and y",
    " where ",
    "where",
    "is null",
    "is exactly \"a\"",
    "text is",
    "TEXT",
    "a, b",
    ", ",
    "3 months ago",
    "(matching case)",
    "(ends included)",
    "…",
    "é\u{301}ẞİ",
    "日本語",
    "not flag",
    "number of rows",
    "sum of whole",
    "On no row: text",
    "people: text",
];

/// A database whose labels are hostile ones, several of them alike.
struct Relabelled<'a> {
    view: DatabaseView<'a>,
    shift: usize,
}

impl Relabelled<'_> {
    fn label(&self, name: &str) -> String {
        let place: usize = name.bytes().map(usize::from).sum();
        let own = (place + self.shift) % (HOSTILE.len() + 4);
        HOSTILE.get(own).map_or_else(|| name.to_owned(), |label| (*label).to_owned())
    }
}

impl SchemaOverlay for Relabelled<'_> {
    fn under(&self) -> &dyn Schema {
        &self.view
    }
    fn table_label(&self, table: &str) -> String {
        self.label(table)
    }
    fn column_label(&self, table: &str, column: &str) -> String {
        self.label(&format!("{table} {column}"))
    }
    fn currency(&self) -> String {
        "E U\"R".to_owned()
    }
}

/// A workspace whose names are hostile.
struct Workspace;

impl WorkspaceNames for Workspace {
    fn segment_name(&self, id: &str) -> Option<String> {
        self.segments().iter().find(|(known, _)| *known == id).map(|(_, name)| (*name).to_owned())
    }
    fn segments(&self) -> Vec<(&str, &str)> {
        vec![
            ("seg_1", "a \"b\" and c"),
            ("seg_2", "Same"),
            ("seg_3", "same"),
            ("seg_4", "seg_1"),
            ("seg_5", ""),
        ]
    }
    fn list_files(&self) -> Vec<&str> {
        vec!["a b.csv", "\"\\.txt", "A B.csv", "Same"]
    }
    fn list_queries(&self) -> Vec<&str> {
        vec!["file", "deep/er.sql"]
    }
}

fn lists() -> Vec<Value> {
    let segments = Workspace.segments().into_iter().map(|(id, _)| json!({"segment": id})).collect::<Vec<_>>();
    let files = Workspace.list_files().into_iter().map(|path| json!({"file": path})).collect::<Vec<_>>();
    let queries = Workspace.list_queries().into_iter().map(|path| json!({"query": path})).collect::<Vec<_>>();
    [segments, files, queries].concat()
}

/// What a condition asks on a database; `None` if something is wrong with it.
fn meaning(condition: &Condition, schema: &dyn Schema) -> Option<Arc<Criterion>> {
    let mut probe = Segment::new("probe", "", "");
    let on = Condition { off: None, ..condition.clone() };
    edit::append(&mut probe, &NodePath::root(Side::Include), Node::Condition(on));
    match check(&probe, schema, &NoLists, AS_OF()) {
        CheckedSegment { meaning: CheckedDefinition::Visual { include, .. }, .. } => {
            match include.nodes.first() {
                Some(CheckedNode::Condition(_, criterion)) => Some(Arc::clone(criterion)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Says a condition in full, reads it, and answers whether it was one that can be read.
fn reads_back(condition: &Condition, schema: &dyn Schema) -> bool {
    let wanted = meaning(condition, schema);
    let Some(said) = words::canonical(condition, schema) else {
        assert!(
            wanted.is_none() && !matches!(condition.kind, ConditionKind::List(_)),
            "{condition:?} has no full form"
        );
        return false;
    };
    assert!(!said.contains(char::is_control), "{said:?}");
    let read = match parser::parse(&said, schema) {
        Ok(read) => read,
        Err(error) => {
            assert!(wanted.is_none(), "{said}\n{error:?}");
            return false;
        }
    };
    match (&condition.kind, &read.kind) {
        (ConditionKind::List(before), ConditionKind::List(after)) => {
            assert_eq!((&before.source, before.op), (&after.source, after.op), "{said}");
        }
        _ => assert_eq!(meaning(&read, schema), wanted, "{said}"),
    }
    assert_eq!(words::canonical(&read, schema).as_ref(), Some(&said));
    // What was said without meaning anything stays where a condition is rewritten.
    let reworded = edit::reword(condition, read);
    assert_eq!((reworded.off, &reworded.extra), (condition.off, &condition.extra));
    // Whatever stands before the cursor, something can be said of it.
    for (at, _) in said.char_indices().step_by(11) {
        let before = said.get(..at).unwrap();
        drop(parser::complete(before, schema));
        drop(parser::parse(before, schema));
    }
    true
}

fn conditions(segment: &Segment) -> impl Iterator<Item = &Condition> {
    segment.walk().into_iter().filter_map(|(_, node)| match node {
        Node::Condition(condition) => Some(condition),
        Node::Group(_) | Node::Unreadable(_) => None,
    })
}

#[test]
fn conditions_of_all_cases_read_back() {
    let mut read = 0;
    for case in cases() {
        let database = open(&folder(case.db.as_deref(), "parquet"));
        let view = DatabaseView { database: &database, activation_id: &case.segment.activation_id };
        let schema = NamedSchema { schema: &view, names: Workspace };
        let of_tables = conditions(&case.segment).filter(|of| !matches!(of.kind, ConditionKind::List(_)));
        read += of_tables.filter(|condition| reads_back(condition, &schema)).count();
    }
    assert!(read > 300, "{read}");
}

/// The segment with other values in its tests of texts.
fn with_values(mut value: Value, next: &mut impl FnMut() -> &'static str) -> Value {
    let op = value.get("op").and_then(Value::as_str).and_then(Operator::from_id);
    if op.is_some_and(|op| op.is_of_text() || matches!(op, Operator::IsInList | Operator::IsNotInList)) {
        match value.get_mut("value") {
            Some(Value::String(text)) => *text = next().to_owned(),
            Some(Value::Array(items)) => {
                items.iter_mut().filter(|item| item.is_string()).for_each(|item| *item = next().into());
                if items.iter().all(Value::is_string) {
                    items.push("".into());
                }
            }
            _ => {}
        }
    }
    match value {
        Value::Object(map) => map.into_iter().map(|(key, inner)| (key, with_values(inner, next))).collect(),
        Value::Array(items) => items.into_iter().map(|inner| with_values(inner, next)).collect(),
        other => other,
    }
}

fn said_in_full(database: &LocalDatabase, activation_id: &str, cases: u32) {
    let slow = Slow::new(database, activation_id, AS_OF());
    let words = Words { targets: targets(&slow), items: database.roles.items.clone(), lists: lists() };
    let runner =
        Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..Config::default() };
    let parts = (segment(&words), 0..HOSTILE.len() + 4, any::<prop::sample::Index>());
    TestRunner::new(runner)
        .run(&parts, |(segment, shift, start)| {
            let view = DatabaseView { database, activation_id };
            let relabelled = Relabelled { view, shift };
            let mut at = start.index(HOSTILE.len());
            let mut next = || {
                at += 1;
                HOSTILE[at % HOSTILE.len()]
            };
            let hostile = with_values(serde_json::from_str(&segment.to_json()).unwrap(), &mut next);
            let hostile = Segment::from_json(&hostile.to_string()).unwrap();
            for schema in [&view as &dyn Schema, &relabelled] {
                let schema = NamedSchema { schema, names: Workspace };
                for segment in [&segment, &hostile] {
                    for condition in conditions(segment) {
                        prop_assert!(reads_back(condition, &schema), "{condition:?}");
                    }
                }
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn random_conditions_read_back() {
    said_in_full(&open(&folder(None, "parquet")), "amperity_id", 60);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    /// Whatever is typed: a place inside the text, and no panic.
    #[test]
    fn anything_can_be_typed(
        words in prop::collection::vec(prop_oneof![
            prop::sample::select(HOSTILE.to_vec()).prop_map(str::to_owned),
            prop::sample::select(vec![
                "city", "customer 360:", "points", "bought", "since", "=", ">", "between", "and", "where", "1", "in",
                "2024-01-01", "member of", "sum of", "on every row:", "not", "socks", ",", "\"", "count of", "(ends included)",
            ]).prop_map(str::to_owned),
            "\\PC{0,4}",
        ], 0..9),
    ) {
        static DATABASE: LazyLock<Arc<LocalDatabase>> = LazyLock::new(|| open(&folder(None, "parquet")));
        let view = DatabaseView { database: &DATABASE, activation_id: "amperity_id" };
        let schema = NamedSchema { schema: &view, names: Workspace };
        let text = words.join(" ");
        if let Err(error) = parser::parse(&text, &schema) {
            prop_assert!(text.get(error.diagnostic.place.clone()).is_some(), "{error:?}");
            prop_assert!(!error.diagnostic.message.is_empty());
        }
        let offers = parser::complete(&text, &schema);
        prop_assert!(text.is_char_boundary(offers.from));
        prop_assert!(offers.all().iter().all(|offer| offer.from <= offers.from));
    }
}
