//! Whatever a document holds can be opened line by line and taken as it is: then nothing has changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use segtui::app::layers::overlay::Overlay;
use segtui::segment::{ConditionKind, Node, Segment};
use serde_json::Value;
use tempfile::TempDir;

use super::harness::{Session, Setup, put};
use crate::conformance;

/// The definition as JSON.
fn definition(text: &str) -> [Option<Value>; 2] {
    let document: Value = serde_json::from_str(text).unwrap();
    ["include", "exclude"].map(|side| document.get(side).cloned())
}

/// Takes whatever is asked as it stands.
fn take(session: &mut Session) {
    for _ in 0..6 {
        match session.overlay() {
            None => return,
            Some(Overlay::Purchase(_)) => session.keys("ctrl-s"),
            Some(_) => session.keys("enter"),
        };
    }
    let overlay = format!("{:?}", session.overlay());
    assert!(session.app.overlays().is_empty(), "{overlay}\n{}", session.screen());
}

/// How many lines were opened.
fn walk(session: &mut Session, name: &str, given: &str, is_right: bool) -> usize {
    let same = |session: &Session, keys: &str| {
        let (before, after) = (definition(given), definition(&session.segment().to_json()));
        for (before, after) in before.into_iter().zip(after) {
            assert_eq!(before.as_ref().or(after.as_ref()), after.as_ref(), "{keys} in {name}");
        }
        assert!(!session.editor().can_undo(), "{keys} in {name} is no edit");
    };
    let lines = session.editor().criteria.lines(session.segment());
    let mut opened = 0;
    session.keys("g");
    for line in lines {
        // A list is picked among those that a workspace has.
        let reads_a_table = line.position.node().is_some_and(|path| match session.segment().node(path) {
            Some(Node::Condition(condition)) => !matches!(condition.kind, ConditionKind::List(_)),
            _ => false,
        });
        if reads_a_table {
            for key in ["e", "o", "c"] {
                session.keys(key);
                opened += usize::from(session.overlay().is_some());
                if is_right {
                    take(session);
                }
                session.app.close_overlays();
                same(session, key);
            }
        }
        session.keys("j");
    }
    same(session, "all");
    opened
}

#[test]
fn every_line_of_every_case_can_be_opened_and_taken_unchanged() {
    let mut by_database: BTreeMap<Option<String>, Vec<Value>> = BTreeMap::new();
    for line in std::fs::read_to_string(conformance::folder(None, "cases.jsonl")).unwrap().lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        by_database.entry(case["db"].as_str().map(str::to_owned)).or_default().push(case);
    }
    let mut opened = 0;
    for (variant, mut cases) in by_database {
        let folder = TempDir::new().unwrap();
        for (at, case) in cases.iter_mut().enumerate() {
            case["segment"]["id"] = format!("seg_{at:04}").into();
            case["segment"]["name"] = format!("Number{at:04}").into();
            let path = format!("workspace/segments/{at:04}.segment.json");
            let segment = Segment::from_json(&case["segment"].to_string()).unwrap();
            put(&folder.path().join(path), &segment.to_json());
        }
        let database = conformance::folder(variant.as_deref(), "parquet");
        let setup = Setup { databases: vec![database], ..Setup::small() };
        let mut session = Session::within(Arc::new(folder), setup);
        session.is_paused = true;
        for (at, case) in cases.iter().enumerate() {
            session.keys(&format!("/ type:Number{at:04} enter"));
            assert_eq!(session.segment().id, format!("seg_{at:04}"));
            let is_right = case["expect"].get("error_at").is_none();
            let name = case["name"].as_str().unwrap();
            opened += walk(&mut session, name, &case["segment"].to_string(), is_right);
            session.keys("ctrl-o esc");
        }
    }
    assert!(opened > 2_000, "{opened} overlays");
}
