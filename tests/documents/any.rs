//! Documents that something has happened to, and JSON that is no document: nothing panics, what is not
//! understood is kept and refused with its place.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::Index;
use segtui::backend::{Cancel, Task};
use segtui::database::DatabaseView;
use segtui::local::Engine;
use segtui::local::files::LocalDatabase;
use segtui::segment::{
    DocumentError, Lists, NamedSchema, Node, Schema, Segment, Severity, check, problems, words,
};
use segtui::sql::{self, DateStyle, Dialect, ExportRequest};
use serde_json::Value;

use super::round_trip::with_defaults;
use super::runner;
use super::strategy::{Change, change, changed, document, json};
use crate::conformance::{folder, lists, open};
use crate::slow::strategy::AS_OF;

/// What documents are tried on.
struct Rig {
    database: Arc<LocalDatabase>,
    lists: Arc<dyn Lists>,
    engine: Engine,
}

impl Rig {
    fn new() -> Self {
        let (database, lists) = (open(&folder(None, "csv")), lists());
        let engine = Engine::new(Arc::clone(&database)).with_lists(Arc::clone(&lists));
        Self { database, lists, engine }
    }

    /// Everything that is done with a text that should be a document.
    fn try_all(&self, text: &str) -> Result<(), TestCaseError> {
        let value = serde_json::from_str::<Value>(text);
        let segment = match Segment::from_json(text) {
            Ok(segment) => segment,
            Err(error) => {
                prop_assert!(!error.to_string().is_empty());
                if let DocumentError::NotJson(error) = error {
                    prop_assert!(error.place.line > 0);
                }
                return Ok(());
            }
        };
        let written = segment.to_json();
        prop_assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), with_defaults(value.unwrap()));
        let again = Segment::from_json(&written);
        prop_assert_eq!(again.as_ref().map(Segment::to_json), Ok(written));
        prop_assert_eq!(again, Ok(segment.clone()));
        self.use_it(&segment)
    }

    fn use_it(&self, segment: &Segment) -> Result<(), TestCaseError> {
        let activation_id = self.database.activation_id(segment);
        let view = DatabaseView { database: &self.database, activation_id };
        let named = NamedSchema { schema: &view, names: |_: &str| None };
        for (_, node) in segment.walk() {
            prop_assert!(!words::sentence(node, &named as &dyn Schema).is_empty());
        }
        let checked = check(segment, &view, &*self.lists, AS_OF());
        for problem in problems(segment, &view, AS_OF()).iter().chain(&checked.problems) {
            prop_assert!(
                !problem.diagnostic.message.is_empty() && !problem.diagnostic.place.to_string().is_empty()
            );
        }
        let mut sorted = checked.problems.clone();
        sorted.sort_by(|one, other| one.diagnostic.place.cmp(&other.diagnostic.place));
        prop_assert_eq!(&checked.problems, &sorted, "in document order");
        for path in not_understood(segment) {
            let is_told = |problem: &segtui::segment::Problem| {
                problem.severity == Severity::Error && problem.diagnostic.place.node() == Some(&path)
            };
            prop_assert!(checked.problems.iter().any(is_told), "{path} is not refused");
        }
        let cancel = Cancel::default();
        let live = self.engine.evaluate(segment, AS_OF(), &cancel);
        let strict = self.engine.evaluate_strictly(segment, AS_OF(), &cancel);
        let is_whole = checked.problems.iter().all(|problem| problem.severity != Severity::Error);
        prop_assert_eq!(strict.is_ok(), is_whole, "{:?}", strict.err());
        if let (Ok(live), Ok(strict)) = (live, strict) {
            prop_assert_eq!(live.insights, strict.insights);
        }
        let request = ExportRequest {
            segment,
            checked: &checked,
            view,
            as_of: AS_OF(),
            backend: &self.engine,
            task: Task::new(&cancel),
        };
        for dialect in Dialect::external().chain([Dialect::Embedded]) {
            for dates in [DateStyle::Resolved, DateStyle::Relative] {
                let _ = sql::write(&request, dialect, dates);
            }
        }
        Ok(())
    }

    /// A panic with the document that led to it.
    fn run(&self, text: &str) -> Result<(), TestCaseError> {
        catch_unwind(AssertUnwindSafe(|| self.try_all(text)))
            .unwrap_or_else(|_| Err(TestCaseError::fail(format!("it panicked over\n{text}"))))
    }
}

/// The nodes that were not understood and are not switched off.
fn not_understood(segment: &Segment) -> Vec<segtui::segment::NodePath> {
    let is_on = |path: &segtui::segment::NodePath| {
        let mut around =
            std::iter::successors(Some(path.clone()), |path| path.parent().map(|(group, _)| group));
        around.all(|path| match segment.node(&path) {
            Some(node) => !node.is_off(),
            None => segment.side(path.side).is_none_or(|side| side.off != Some(true)),
        }) && path.steps.len() <= 9
    };
    let nodes = segment.walk().into_iter().filter(|(_, node)| matches!(node, Node::Unreadable(_)));
    nodes.map(|(path, _)| path).filter(is_on).collect()
}

#[test]
fn anything_may_have_happened_to_a_document() {
    let rig = Rig::new();
    let changes = prop::collection::vec(change(), 1..4);
    let run = |(document, changes): (Value, Vec<(Index, Change)>)| {
        let document =
            changes.into_iter().fold(document, |document, (at, change)| changed(document, at, change));
        rig.run(&document.to_string())
    };
    runner(600).run(&(document(), changes), run).unwrap();
}

#[test]
fn any_document_is_answered() {
    let rig = Rig::new();
    runner(150).run(&document(), |document| rig.run(&document.to_string())).unwrap();
}

#[test]
fn any_json_is_answered() {
    let rig = Rig::new();
    let framed = (json(), json(), json()).prop_map(|(include, exclude, own)| {
        serde_json::json!({"format": "segtui/segment", "version": 1, "id": "s", "name": "S",
            "include": include, "exclude": exclude, "activation_id": "amperity_id", "own": own})
    });
    let any = prop_oneof![1 => json(), 2 => framed];
    runner(300).run(&any, |json| rig.run(&json.to_string())).unwrap();
}

#[test]
fn any_text_is_answered() {
    let rig = Rig::new();
    let slips = prop::collection::vec((any::<Index>(), prop::option::of(any::<char>())), 1..4);
    let run = |(document, slips): (Value, Vec<(Index, Option<char>)>)| {
        let mut letters: Vec<char> = document.to_string().chars().collect();
        for (at, letter) in slips {
            let at = at.index(letters.len());
            match letter {
                Some(letter) => letters.insert(at, letter),
                None => drop(letters.remove(at)),
            }
        }
        rig.run(&letters.into_iter().collect::<String>())
    };
    runner(200).run(&(document(), slips), run).unwrap();
}

/// Writes JSON in which one object names its first key a second time, and where.
fn doubled(value: &Value, left: &mut usize, out: &mut String, at: &mut Option<usize>) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                out.push_str(if place > 0 { "," } else { "" });
                doubled(item, left, out, at);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let is_here = at.is_none() && *left == 0 && !map.is_empty();
            *left = left.saturating_sub(1);
            out.push('{');
            for (place, (key, inner)) in map.iter().enumerate() {
                out.push_str(if place > 0 { ",\n" } else { "" });
                out.push_str(&format!("{}:", Value::from(key.as_str())));
                doubled(inner, left, out, at);
            }
            if let Some(key) = map.keys().next().filter(|_| is_here && at.is_none()) {
                out.push_str(",\n");
                *at = Some(out.matches('\n').count() + 1);
                out.push_str(&format!("{}:0", Value::from(key.as_str())));
            }
            out.push('}');
        }
        other => out.push_str(&other.to_string()),
    }
}

#[test]
fn a_key_that_stands_twice_is_refused_where_it_stands_again() {
    let run = |(document, mut left): (Value, usize)| {
        let (mut text, mut line) = (String::new(), None);
        doubled(&document, &mut left, &mut text, &mut line);
        match (line, Segment::from_json(&text)) {
            (Some(line), Err(DocumentError::NotJson(error))) => {
                prop_assert_eq!((error.place.line, error.place.column), (line, 1));
                prop_assert!(error.message.contains("stands twice"), "{}", error.message);
            }
            (None, Ok(_)) => {}
            (line, other) => prop_assert!(false, "{line:?} {other:?}"),
        }
        Ok(())
    };
    runner(200).run(&(document(), 0..12_usize), run).unwrap();
}
