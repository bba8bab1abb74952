//! The tests of a segment: seen, added, changed and removed in the program, and run from the list of segments.

use segtui::app::effect::Effect;
use segtui::app::layers::overlay::Overlay;
use segtui::app::layers::test_list::TestList;
use segtui::segment::Segment;
use serde_json::{Value, json};

use super::actions::document;
use super::harness::{Session, Setup, put};

/// The document of the action scripts with these tests.
pub fn tested(tests: Value) -> Segment {
    let mut value: Value = serde_json::from_str(&document().to_json()).unwrap();
    value["tests"] = tests;
    Segment::from_json(&value.to_string()).unwrap()
}

fn json_of(session: &Session) -> String {
    session.segment().tests.json().map(Value::to_string).unwrap_or_default()
}

fn list(session: &Session) -> &TestList {
    match session.overlay() {
        Some(Overlay::TestList(list)) => list,
        other => panic!("{other:?}"),
    }
}

fn passed(session: &Session) -> Vec<bool> {
    let report = list(session).report(session.segment()).expect("there are results");
    report.outcomes.iter().map(|outcome| outcome.passed).collect()
}

/// Another segment beside the open one.
fn add_other(session: &Session, name: &str, tests: Value) {
    let mut value: Value = serde_json::from_str(&tested(tests).to_json()).unwrap();
    value["id"] = format!("seg_{name}").into();
    value["name"] = name.into();
    let path = session.root().join(format!("workspace/segments/{}.segment.json", name.to_lowercase()));
    put(&path, &value.to_string());
}

#[test]
fn every_kind_of_test_is_added_and_run_at_once() {
    let mut session = Session::editing(&document());
    add_other(&session, "Other", json!([]));
    session.event(segtui::app::event::Event::WorkspaceChanged);
    let members = session.members();
    session.keys("T").sees("No tests yet: a adds one.");
    session
        .keys("a type:\"number of members\" enter")
        .sees("at least")
        .keys("type:1 tab type:\"9,999\" enter");
    assert_eq!(json_of(&session), r#"[{"size":[1,9999]}]"#);
    assert_eq!(passed(&session), [true]);
    session.keys("a type:share enter type:0.5% tab type:1 enter");
    session.keys("a type:changed enter type:2.50 enter").sees("there is no number yet");
    session.keys("a type:nobody enter type:other enter").sees("are in both");
    session.keys("a type:\"all of them in another\" enter type:other enter");
    session.keys("a type:\"every line\" enter");
    session.keys("a type:\"ids are in\" enter type:nobody enter type:x ctrl-s").sees("nobody is no customer");
    session.keys("a type:\"are not in\" enter paste:\"a b\\nc,d\\nnobody\\na b\" ctrl-s");
    let expected = concat!(
        r#"[{"size":[1,9999]},{"share":[0.005,1]},{"change":{"percent":2.5}},{"disjoint":"seg_Other"},"#,
        r#"{"within":"seg_Other"},{"every_line_counts":true},{"in":["nobody","x"]},{"out":["a b","c,d","nobody"]}]"#
    );
    assert_eq!(json_of(&session), expected);
    let nothing_idle = passed(&session)[5];
    assert_eq!(passed(&session), [true, true, false, false, true, nothing_idle, false, true]);
    // The members are what they were, and the definition is, too.
    assert_eq!(session.members(), members);
    assert_eq!(session.segment().definition, document().definition);
}

#[test]
fn tests_are_changed_removed_and_brought_back() {
    let mut session = Session::editing(&tested(
        json!([{"size": [1, 2], "note": 7}, {"every_line_counts": true}, {"in": ["a", "b"]}, {"odd": 1}]),
    ));
    session.keys("T").sees("✗").sees("between 1 and 2 members");
    session.keys("e ctrl-u type:3 enter").sees("the least is more than the most").keys("ctrl-u type:1 enter");
    assert!(!session.editor().is_edited(), "what says the same is no edit");
    session.keys("e ctrl-u type:2 enter");
    assert!(json_of(&session).starts_with(r#"[{"size":[2,2],"note":7},"#), "{}", json_of(&session));
    session.keys("j e");
    assert!(json_of(&session).contains(r#"{"every_line_counts":false}"#));
    session.keys("j e ctrl-d ctrl-s");
    assert!(json_of(&session).contains(r#"{"in":["b"]}"#), "{}", json_of(&session));
    session
        .keys("j")
        .sees("this test cannot be understood")
        .keys("e")
        .sees("mend it in the file, or delete it");
    session.keys("d");
    assert_eq!((session.segment().tests.len(), list(&session).cursor), (3, 2));
    session.keys("u u u u");
    assert_eq!(
        json_of(&session),
        tested(
            json!([{"size": [1, 2], "note": 7}, {"every_line_counts": true}, {"in": ["a", "b"]}, {"odd": 1}])
        )
        .tests
        .json()
        .unwrap()
        .to_string()
    );
    assert!(!session.editor().is_edited());
    session.keys("U").sees("between 2 and 2 members").keys("d d d d");
    assert!(session.segment().tests.json().is_none(), "without a test there is no key");
    session.keys("d").sees("there is no test");
}

#[test]
fn results_are_of_the_definition_as_it_is_now() {
    let mut session = Session::editing(&tested(json!([{"size": [1, null]}])));
    session.keys("T").sees("✓ all hold");
    session.hold_back(|effect| matches!(effect, Effect::AskPage { .. }));
    session.keys("e ctrl-u type:100000 enter").sees("being worked out");
    assert!(list(&session).report(session.segment()).is_none());
    session.release();
    session.sees("1 of 1 fails").sees("expected at least 100,000 members, there are ");
    // A wrong condition leaves nothing to test.
    session.keys("esc j i type:\"points > 5\" enter o esc T");
    assert!(list(&session).report(session.segment()).is_some());
    // Esc closes it.
    session.keys("esc");
    assert!(session.app.overlays().is_empty());
}

#[test]
fn a_segment_that_cannot_be_evaluated_has_no_results() {
    let mut value: Value = serde_json::from_str(&tested(json!([{"size": [1, null]}])).to_json()).unwrap();
    value["include"]["of"][0]["of"][0]["attribute"]["column"] = "citty".into();
    let mut session = Session::editing(&Segment::from_json(&value.to_string()).unwrap());
    session.keys("T").sees("? at least 1 member").sees("it cannot be said").sees_no("✓ at least");
}

#[test]
fn edits_of_tests_are_kept_like_all_others() {
    let mut session = Session::editing(&document());
    session.keys("T a type:\"every line\" enter").sees("● edited");
    let mut session = session.crash();
    session.keys("o");
    assert_eq!(json_of(&session), r#"[{"every_line_counts":true}]"#);
    session.keys("u");
    assert_eq!(json_of(&session), "");
}

#[test]
fn each_save_writes_what_changes_are_measured_from() {
    let mut session =
        Session::editing(&tested(json!([{"change": {"percent": 10.0, "mine": 1}}, {"size": [1, null]}])));
    let before = session.members();
    session.keys("j j d s");
    let members = session.members();
    assert_ne!(before, members);
    let saved = session.saved("Given").unwrap().0;
    let expected =
        format!(r#"[{{"change":{{"percent":10.0,"mine":1,"from":{members}}}}},{{"size":[1,null]}}]"#);
    assert_eq!(saved.tests.json().unwrap().to_string(), expected);
    assert!(!session.editor().is_edited() && session.drafts().drafts.is_empty());
    session.keys("T").sees("✓ all hold").keys("esc e");
    // A number that is not known yet is none to write.
    session.is_paused = true;
    session.keys("j d s");
    let saved = session.saved("Given").unwrap().0;
    assert_eq!((saved.revision, saved.tests.json().unwrap().to_string()), (5, expected));
    assert!(!session.editor().is_edited());
}

#[test]
fn a_part_of_a_segment_is_not_measured() {
    let mut value: Value =
        serde_json::from_str(&tested(json!([{"change": {"percent": 10}}])).to_json()).unwrap();
    value["include"]["of"][0]["of"][0]["attribute"]["column"] = "citty".into();
    let mut session = Session::editing(&Segment::from_json(&value.to_string()).unwrap());
    session.keys("j j j space s");
    let saved = session.saved("Given").unwrap().0;
    assert_eq!(
        (saved.revision, saved.tests.json().unwrap().to_string()),
        (4, r#"[{"change":{"percent":10}}]"#.to_owned())
    );
}

#[test]
fn all_are_run_from_the_list() {
    let mut session = Session::editing(&tested(json!([{"size": [1, null]}])));
    add_other(&session, "Failing", json!([{"size": [0, 0]}, {"in": ["nobody"]}, {"size": [1, null]}]));
    add_other(&session, "Plain", json!([]));
    let mut broken: Value = serde_json::from_str(&tested(json!([{"size": [1, null]}])).to_json()).unwrap();
    (broken["id"], broken["name"]) = ("seg_broken".into(), "Broken".into());
    broken["include"]["of"][0]["of"][0]["attribute"]["column"] = "citty".into();
    put(&session.root().join("workspace/segments/broken.segment.json"), &broken.to_string());
    session.keys("ctrl-o r").sees("· 1").sees("· 3").keys("g j").sees("3 tests, not run");
    session.hold_back(|effect| matches!(effect, Effect::TestSegments { .. }));
    session.keys("T").sees("Segments · testing 0 of 3").keys("T").sees("stopped").sees_no("testing");
    assert_eq!(session.effects.last(), Some(&Effect::StopTests));
    session.release();
    session
        .keys("T")
        .sees("tests fail in 2 of 3 segments")
        .sees("✗ 2/3")
        .sees("✓ 1")
        .sees("✗ ?")
        .sees_no("testing");
    session.keys("g j").sees("expected between 0 and 0 members").sees("nobody is no customer");
    // Another document has not been tested.
    add_other(&session, "Failing", json!([{"size": [0, 0]}]));
    session.keys("r").sees("· 1").sees_no("✗ 2/3").sees("✓ 1");
    // What the open segment has been found to be is known in the list.
    session.keys("g enter T esc ctrl-o");
}

#[test]
fn without_tests_or_a_database_none_are_run() {
    let mut session = Session::editing(&document());
    session.keys("ctrl-o T").sees("no segment has tests");
    let mut session = Setup { databases: Vec::new(), ..Setup::small() }.start();
    session.keys("T");
    assert!(!session.effects.iter().any(|effect| matches!(effect, Effect::TestSegments { .. })));
}

#[test]
fn a_newer_segment_is_tested_and_not_changed() {
    let mut value: Value = serde_json::from_str(&tested(json!([{"size": [1, null]}])).to_json()).unwrap();
    value["version"] = 9.into();
    let mut session = Session::editing(&Segment::from_json(&value.to_string()).unwrap());
    session.keys("T").sees("✓ all hold").keys("d").sees("a newer version of segtui");
    session.keys("a e");
    assert_eq!(json_of(&session), r#"[{"size":[1,null]}]"#);
}

#[test]
fn what_the_file_has_for_tests_is_left_to_whoever_wrote_it() {
    let mut session = Session::editing(&tested(json!({"mine": true})));
    session.keys("T").sees("\"tests\" is an array").keys("a type:\"every line\" enter").sees("mend the file");
    assert_eq!(json_of(&session), r#"{"mine":true}"#);
    // Hostile texts are shown harmlessly.
    let mut session =
        Session::editing(&tested(json!([{"in": ["a\u{1b}[2Jb", " c "]}, {"within": "\u{202e}gone"}])));
    session.keys("T e").sees("\" c \"");
    assert!(!session.screen().contains(['\u{1b}', '\u{202e}']));
}
