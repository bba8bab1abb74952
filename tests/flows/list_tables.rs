//! Uploaded lists with more columns than the ids: they are tables of the tree and the picker.

use segtui::app::event::Event;
use segtui::segment::Segment;
use serde_json::json;

use super::harness::{Session, put};
use super::lists::session;

#[test]
fn a_list_is_asked_like_any_table() {
    let mut session = session();
    session.keys("1 / type:lists/vip").sees("lists/vip").keys("enter right").sees("abc Why");
    session.keys("2 j j a type:lists/vip enter type:why enter type:exactly enter").keys("enter");
    session.sees("Why is exactly x");
    let text = session.segment().to_json().replace(char::is_whitespace, "");
    let condition = r#""attribute":{"table":"lists/vip","column":"why"},"op":"is_exactly","value":"x""#;
    assert!(text.contains(condition), "{text}");
    // Another column of the list is a filter on the same row.
    session.keys("f type:amperity enter type:exactly enter").keys("type:007 enter");
    session.sees("↳ Amperity Id is exactly 007");
}

#[test]
fn a_list_that_changes_beside_the_program_is_noticed() {
    let node =
        json!({"attribute": {"table": "lists/vip", "column": "why"}, "op": "is_exactly", "value": "x"});
    let document = json!({"format": "segtui/segment", "version": 1, "id": "seg_given", "name": "Given",
        "database": "nasty", "activation_id": "amperity_id", "revision": 1,
        "include": {"match": "all", "of": [{"match": "all", "of": [node]}]}});
    let mut session = Session::editing(&Segment::from_json(&document.to_string()).unwrap());
    session.sees("there is no table \"lists/vip\"");
    let path = session.root().join("workspace/lists/vip.csv");
    let change = |text: &str, session: &mut Session| {
        put(&path, text);
        session.event(Event::FocusGained);
    };
    change("amperity_id,why\nC002,x\nC004,x\n", &mut session);
    assert_eq!(session.members(), 2);
    session.sees("vip · Why is exactly x").sees("▸ lists/vip");
    change("amperity_id,why\nC002,x\nC004,why not\n", &mut session);
    assert_eq!(session.members(), 1);
    change("amperity_id,reason\nC002,x\n", &mut session);
    session.sees("has no column \"why\"");
    change("amperity_id,reason\nC002\n", &mut session);
    session.sees("✗ lists/vip");
    std::fs::remove_file(session.root().join("workspace/lists/vip.csv")).unwrap();
    session.event(Event::FocusGained);
    session.sees_no("✗ lists/vip").sees("there is no table \"lists/vip\"");
}
