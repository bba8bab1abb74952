//! What `segtui test` says of random tests, against plain sets of the slow evaluator and whole numbers.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use segtui::backend::{Cancel, MOST_IDS, RunTests, Task, TestOutcome, run_tests};
use segtui::local::Engine;
use segtui::segment::{NodePath, Segment};
use serde_json::{Value, json};

use super::Slow;
use super::engine_against_slow::{runner, without};
use super::strategy::{AS_OF, Words, segment, targets};
use crate::conformance::{folder, lists, open, workspace};

/// A test, and what it needs to be known by other means.
#[derive(Clone, Debug)]
enum Asked {
    /// Whether these are members, or are not.
    Ids(bool, Vec<String>),
    Size(Option<u64>, Option<u64>),
    /// In ten-thousandths.
    Share(u64, u64),
    /// In tenths of a percent.
    Change(u64, u64),
    /// Nobody of the other segment, or nobody else.
    Other(bool, &'static str),
    EveryLine,
}

impl Asked {
    fn json(&self) -> Value {
        let number = |text: String| serde_json::from_str::<Value>(&text).unwrap();
        match self {
            Self::Ids(true, ids) => json!({"in": ids}),
            Self::Ids(false, ids) => json!({"out": ids}),
            Self::Size(low, high) => json!({"size": [low, high]}),
            Self::Share(low, high) => {
                let ends = [low, high].map(|part| number(format!("{part}e-4")));
                json!({"share": ends})
            }
            Self::Change(from, percent) => {
                json!({"change": {"from": from, "percent": number(format!("{}.{}", percent / 10, percent % 10))}})
            }
            Self::Other(true, id) => json!({"disjoint": id}),
            Self::Other(false, id) => json!({"within": id}),
            Self::EveryLine => json!({"every_line_counts": true}),
        }
    }

    /// Whether it holds, and the ids at fault.
    fn holds(&self, slow: &Slow, segment: &Segment) -> (bool, Vec<String>) {
        let members = slow.members(segment);
        let (is_member, count) = (members.iter().collect::<BTreeSet<_>>(), members.len() as u64);
        let all = slow.universe.len() as u64;
        let at_fault = |ids: Vec<String>| (ids.is_empty(), ids.into_iter().take(MOST_IDS).collect());
        match self {
            Self::Ids(wanted, ids) => {
                let mut wrong: Vec<String> = Vec::new();
                for id in ids {
                    if is_member.contains(id) != *wanted && !wrong.contains(id) {
                        wrong.push(id.clone());
                    }
                }
                at_fault(wrong)
            }
            Self::Size(low, high) => {
                (low.unwrap_or(0) <= count && count <= high.unwrap_or(u64::MAX), Vec::new())
            }
            Self::Share(low, high) => {
                (low * all <= count * 10_000 && count * 10_000 <= high * all, Vec::new())
            }
            Self::Change(from, percent) => (count.abs_diff(*from) * 1000 <= percent * from, Vec::new()),
            Self::Other(is_disjoint, id) => {
                let other = slow.members(&lists().segment(id).unwrap());
                at_fault(members.iter().filter(|id| other.contains(id) == *is_disjoint).cloned().collect())
            }
            Self::EveryLine => (count == 0 || idle(slow, segment).is_empty(), Vec::new()),
        }
    }
}

/// The lines without which there are as many members.
fn idle(slow: &Slow, segment: &Segment) -> Vec<NodePath> {
    let members = slow.members(segment).len();
    let is_there = |path: &NodePath| {
        let around =
            std::iter::successors(Some(path.clone()), |path| path.parent().map(|(parent, _)| parent));
        around.into_iter().all(|path| match segment.node(&path) {
            Some(node) => !node.is_off(),
            None => segment.side(path.side).unwrap().off != Some(true),
        })
    };
    // Who is nowhere is asked nothing.
    let someone = slow.universe.first();
    let counts = |path: &NodePath| {
        let is_empty = someone.is_some_and(|id| slow.node(segment.node(path).unwrap(), id).is_none());
        let is_shell = segment.group(path).is_some_and(|group| group.nodes.len() < 2);
        is_there(path) && !is_empty && !is_shell
    };
    let paths = segment.walk().into_iter().map(|(path, _)| path).filter(counts);
    paths.filter(|path| slow.members(&without(segment, path)).len() == members).collect()
}

fn asked(universe: Vec<String>) -> impl Strategy<Value = Asked> {
    let most = universe.len();
    let known = subsequence(universe, 0..=most);
    let unknown = prop::collection::vec(select(vec!["nobody", "", " C001", "c001", "\"", "C001"]), 0..3);
    let ids = (known, unknown, any::<Index>()).prop_map(|(mut ids, unknown, at)| {
        for id in unknown {
            let at = at.index(ids.len() + 1);
            ids.insert(at, id.to_owned());
        }
        ids
    });
    let end = || prop::option::of(0..110_u64);
    prop_oneof![
        4 => (any::<bool>(), ids).prop_map(|(wanted, ids)| Asked::Ids(wanted, ids)),
        2 => (end(), end()).prop_map(|(low, high)| match (low, high) {
            (Some(low), Some(high)) => Asked::Size(Some(low.min(high)), Some(low.max(high))),
            ends => Asked::Size(ends.0, ends.1),
        }),
        2 => (0..=10_000_u64, 0..=10_000_u64).prop_map(|(low, high)| Asked::Share(low.min(high), low.max(high))),
        2 => (0..110_u64, 0..2_000_u64).prop_map(|(from, percent)| Asked::Change(from, percent)),
        2 => (any::<bool>(), select(vec!["seg_loyal", "seg_nested"])).prop_map(|(disjoint, id)| Asked::Other(disjoint, id)),
        1 => Just(Asked::EveryLine),
    ]
}

#[test]
fn tests_hold_when_plain_sets_say_so() {
    let engine =
        Engine::new(open(&folder(None, "parquet"))).with_workspace_files(workspace()).with_chunk_rows(16);
    let database = engine.database_with_workspace(AS_OF());
    let slow = Slow::new(&database, "amperity_id", AS_OF()).with_lists(lists());
    let sources =
        [json!({"segment": "seg_nested"}), json!({"segment": "seg_loyal"}), json!({"file": "vip.csv"})];
    let items = engine.database().roles.items.clone();
    let segments = segment(&Words { targets: targets(&slow), items, lists: sources.to_vec() });
    let universe: Vec<String> = slow.universe.to_vec();
    let tests = prop::collection::vec(asked(universe), 1..6);
    runner(300)
        .run(&(segments, tests), |(segment, tests)| {
            let mut document: Value = serde_json::from_str(&segment.to_json()).unwrap();
            document["activation_id"] = "amperity_id".into();
            document["tests"] = tests.iter().map(Asked::json).collect();
            let segment = Segment::from_json(&document.to_string()).unwrap();
            let question = RunTests { segment: Arc::new(segment.clone()), as_of: AS_OF() };
            let report = run_tests(&engine, &question, Task::new(&Cancel::default())).unwrap();
            prop_assert_eq!(report.members as usize, slow.members(&segment).len());
            prop_assert_eq!(report.outcomes.len(), tests.len());
            for (index, (test, outcome)) in tests.iter().zip(&report.outcomes).enumerate() {
                let (passed, ids) = test.holds(&slow, &segment);
                let TestOutcome { passed: said, ids: named, message, .. } = outcome;
                prop_assert_eq!(
                    (index, *said, named),
                    (outcome.index, passed, &ids),
                    "{:?}: {}",
                    test,
                    message
                );
                prop_assert!(!message.is_empty());
            }
            Ok(())
        })
        .unwrap();
}
