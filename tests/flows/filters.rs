//! Filters on the same row: lines of their own, for every kind of condition that reads a table.

use segtui::app::layers::editor::criteria::Cursor;
use segtui::app::layers::overlay::Overlay;
use segtui::segment::{Node, NodePath, Segment, Side, words};
use serde_json::{Value, json};

use super::harness::Session;
use crate::conformance::open;
use crate::slow::Slow;

/// A survey, a purchase and an aggregate, all without filters, and a customer list.
fn document() -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_given", "name": "Given", "status": "draft",
        "database": "nasty", "activation_id": "amperity_id", "revision": 3,
        "include": {"match": "any", "of": [{"match": "any", "of": [
            {"attribute": {"table": "Survey_Answers", "column": "rating"}, "op": "is_greater_than", "value": 5, "note": 1},
            {"purchase": "has_purchased", "op": "at_least", "value": 1},
            {"aggregate": {"table": "Survey_Answers", "fn": "count"}, "op": "is", "value": 1},
            {"list": {"file": "nobody.txt"}, "op": "is_member"},
        ]}]},
        "exclude": {"match": "any", "of": []},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

fn path(index: usize) -> NodePath {
    NodePath { side: Side::Include, steps: vec![0, index] }
}

fn filters(session: &Session, index: usize) -> Vec<String> {
    let Some(Node::Condition(condition)) = session.segment().node(&path(index)) else {
        panic!("no condition")
    };
    session.app.with_schema(|schema| words::condition(condition, schema).filters)
}

fn cursor(session: &Session) -> &Cursor {
    &session.editor().criteria.cursor
}

/// The members as the obvious evaluator finds them.
fn slowly(session: &Session) -> u64 {
    let database = open(&session.app.database().unwrap().folder);
    let slow = Slow::new(&database, &session.app.activation_id(), session.app.as_of());
    slow.members(session.segment()).len() as u64
}

fn json(session: &Session) -> Value {
    serde_json::from_str(&session.segment().to_json()).unwrap()
}

#[test]
fn each_kind_of_condition_takes_filters() {
    for (index, column, said) in [
        (0, "question", "Question is exactly nps"),
        (1, "product category", "Product Category is exactly socks"),
        (2, "question", "Question is exactly nps"),
    ] {
        let mut session = Session::editing(&document());
        session.keys("g j j").keys(&"j ".repeat(index));
        let value = said.rsplit(' ').next().unwrap();
        session.keys(&format!("f type:\"{column}\" enter type:\"is exactly\" enter type:{value} enter"));
        assert_eq!(filters(&session, index), [said]);
        assert_eq!(*cursor(&session), Cursor::Filter(path(index), 0));
        session.sees(&format!("↳ {said}"));
        // Another one goes after the line of the cursor.
        session.keys("f enter type:\"not null\" enter");
        assert_eq!(filters(&session, index).len(), 2);
        assert_eq!(*cursor(&session), Cursor::Filter(path(index), 1));
        session.keys("u u");
        assert_eq!(session.segment().definition, document().definition);
    }
}

#[test]
fn a_filter_is_a_line_like_any_other() {
    let mut session = Session::editing(&document());
    session.keys("g j j f type:question enter type:\"is exactly\" enter type:nps enter");
    session.keys("f type:answer enter type:\"in list\" enter type:blue space ctrl-u type:red space enter");
    session.keys("f type:\"answered on\" enter type:\"is after\" enter type:2020-01-01 enter");
    assert_eq!(
        filters(&session, 0),
        ["Question is exactly nps", "Answer is in list Blue, Red", "Answered On is after 2020-01-01"]
    );
    // The list's file is not there.
    session.keys("G k k k d");
    assert_eq!(session.members(), slowly(&session));

    // Value, operator, column: each is one edit.
    session.keys("g j j j");
    assert_eq!(*cursor(&session), Cursor::Filter(path(0), 0));
    session.keys("e type:colour enter");
    assert_eq!(filters(&session, 0)[0], "Question is exactly colour");
    session.keys("o type:\"is not exactly\" enter");
    assert_eq!(filters(&session, 0)[0], "Question is not exactly colour");
    session.keys("c type:rating enter type:\"is between\" enter type:1 enter alt-e type:9 enter");
    assert_eq!(filters(&session, 0)[0], "Rating is between 1 and 9 (ends included)");
    session.keys("o type:\"not between\" enter");
    assert!(filters(&session, 0)[0].starts_with("Rating is not between 1 and 9"));
    assert_eq!(session.members(), slowly(&session));

    // Move, duplicate, remove.
    session.keys("J");
    assert_eq!(*cursor(&session), Cursor::Filter(path(0), 1));
    assert!(filters(&session, 0)[1].starts_with("Rating"));
    session.keys("J J").sees("cannot be moved further down").keys("K K K").sees("cannot be moved further up");
    session.keys("y");
    assert_eq!((filters(&session, 0).len(), cursor(&session)), (4, &Cursor::Filter(path(0), 1)));
    session.keys("d d");
    assert_eq!((filters(&session, 0).len(), cursor(&session)), (2, &Cursor::Filter(path(0), 1)));
    session.keys("u u");
    assert_eq!(filters(&session, 0).len(), 4);
    session.keys("d d d d");
    assert_eq!(*cursor(&session), Cursor::Node(path(0)));
    let condition = &json(&session)["include"]["of"][0]["of"][0];
    assert_eq!((condition.get("where"), &condition["note"]), (None, &json!(1)), "unknown keys stay");
    while session.editor().can_undo() {
        session.keys("u");
    }
    assert_eq!(session.segment().definition, document().definition);
}

#[test]
fn the_condition_moves_with_its_filters() {
    let mut session = Session::editing(&document());
    session.keys("g j j f type:question enter type:\"is exactly\" enter type:nps enter");
    // From the line of a filter, a condition is added after its condition.
    session.keys("a type:360 enter type:city enter type:\"is null\" enter");
    assert!(session.shape().starts_with("ANY(ANY(rating city has_purchased"));
    session.keys("k J");
    assert!(matches!(cursor(&session), Cursor::Filter(..)), "one filter cannot move");
    session.keys("h J");
    assert!(session.shape().starts_with("ANY(ANY(city rating"));
    assert_eq!(filters(&session, 1), ["Question is exactly nps"]);
    session.keys("y space");
    assert!(session.shape().starts_with("ANY(ANY(city rating !rating"));
    assert_eq!(filters(&session, 2), ["Question is exactly nps"]);
    session.sees("(off)");
    session.keys("h h").sees_no("Question");
}

#[test]
fn what_a_filter_cannot_do_is_said() {
    let mut session = Session::editing(&document());
    session.keys("g j j f type:question enter type:\"is null\" enter");
    let before = session.segment().clone();
    for (keys, said) in [
        ("space", "a filter has no switch"),
        ("&", "all filters of a line hold on the same row"),
        (">", "a filter stays with its condition"),
        ("<", "a filter stays with its condition"),
        ("X", "a filter stays with its condition"),
        ("g f", "put the cursor on a condition"),
        ("g j f", "put the cursor on a condition"),
        ("g j j j j j j f", "a customer list has no rows"),
        ("g c", "put the cursor on a condition"),
    ] {
        session.keys(keys).sees(said);
        assert!(session.app.overlays().is_empty());
        assert_eq!(session.segment(), &before, "{keys}");
        session.keys("g j j j");
    }
}

#[test]
fn a_wrong_filter_is_marked_at_its_line_and_mended_there() {
    let mut document = serde_json::from_str::<Value>(&document().to_json()).unwrap();
    document["include"]["of"][0]["of"][0]["where"] = json!([
        {"column": "question", "op": "is_exactly", "value": "nps", "colour": "red"},
        {"column": "rating", "op": "contains", "value": "x"},
        {"column": "gone", "op": "is_null"},
        {"column": "answer"},
    ]);
    let mut session = Session::editing(&Segment::from_json(&document.to_string()).unwrap());
    let lines = session.screen();
    let lines: Vec<&str> = lines.lines().collect();
    let below = |text: &str| {
        let at = lines.iter().position(|line| line.contains(text)).unwrap();
        lines[at + 1].to_owned()
    };
    assert!(below("↳ Rating has").contains("does not fit"), "{}", below("↳ Rating"));
    assert!(below("↳ Gone").contains("no column"), "{}", below("↳ Gone"));
    assert!(below("↳ Answer …").contains("no operator"), "{}", below("↳ Answer"));
    // The wrong operator is chosen anew, the missing column is picked anew, the missing part is added.
    session.keys("g j j j j e type:\"is null\" enter");
    session.keys("j e").sees("there is no").keys("c type:rating enter type:\"not null\" enter");
    session.keys("j e enter type:blue enter");
    assert_eq!(
        filters(&session, 0),
        ["Question is exactly nps", "Rating is null", "Rating is not null", "Answer is exactly Blue"]
    );
    assert!(
        session.editor().problems.iter().all(|problem| problem.diagnostic.place.node() != Some(&path(0)))
    );
    assert_eq!(json(&session)["include"]["of"][0]["of"][0]["where"][0]["colour"], "red");
}

#[test]
fn the_form_of_a_purchase_and_its_lines_are_the_same_filters() {
    let mut session = Session::editing(&document());
    session.keys("g j j j f type:\"product category\" enter type:\"is exactly\" enter type:socks enter");
    session.keys("k e");
    assert!(matches!(session.overlay(), Some(Overlay::Purchase(form)) if form.filters.len() == 1));
    session.keys("ctrl-a type:subcategory enter type:\"is like\" enter type:\"%wool%\" enter ctrl-s");
    assert_eq!(filters(&session, 1).len(), 2);
    session.keys("j j e alt-c enter");
    assert!(filters(&session, 1)[1].ends_with("(matching case)"), "{:?}", filters(&session, 1));
    // Another behaviour keeps the filters.
    session.keys("k k c type:\"most frequent\" enter ctrl-s");
    assert!(session.shape().contains("most_frequent_order") && filters(&session, 1).len() == 2);
    session.keys("j d d");
    session.sees("at least one filter");
    session.keys("u").sees_no("at least one filter");
}
