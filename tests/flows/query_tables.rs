//! Saved queries with more columns than the id: they are tables of the tree, the picker and the line.

use segtui::app::event::Event;
use segtui::segment::Segment;
use serde_json::json;

use super::harness::{Session, put};
use super::lists::session;

pub const LOYAL: &str = "SELECT amperity_id, loyalty_tier AS tier FROM Customer_360 WHERE is_loyalty_member";

/// The session with a saved query that is noticed when the program gets the focus.
pub fn with_query(name: &str, text: &str) -> Session {
    let mut session = session();
    put(&session.root().join("workspace/queries").join(name), text);
    session.event(Event::FocusGained);
    session
}

#[test]
fn a_query_is_asked_like_any_table() {
    let mut session = with_query("loyal.sql", LOYAL);
    session.keys("1 / type:queries/").sees("queries/loyal").sees_no("queries/top");
    session.keys("enter right").sees("abc Tier");
    session.keys("2 j j a type:queries/loyal enter type:tier enter type:exactly enter");
    // Its values are there with their counts.
    session.sees("Gold").keys("type:gold enter").sees("Tier is exactly Gold");
    let text = session.segment().to_json().replace(char::is_whitespace, "");
    let condition =
        r#""attribute":{"table":"queries/loyal","column":"tier"},"op":"is_exactly","value":"Gold""#;
    assert!(text.contains(condition), "{text}");
}

#[test]
fn a_query_is_typed_on_one_line() {
    let mut session = with_query("loyal.sql", LOYAL);
    session.keys("j j i type:\"queries/loyal: ti\" tab").sees("Tier");
    session
        .keys("ctrl-u type:\"queries/loyal: tier is exactly Gold\" enter")
        .sees("loyal · Tier is exactly Gold");
    session.keys("w").sees("loyal: Tier is exactly").keys("esc");
    session
        .keys("i type:\"queries/top: x is null\"")
        .sees("it returns only \"amperity_id\" (queries/top.sql)")
        .sees("add columns");
}

fn on(column: &str) -> Segment {
    let node = json!({"attribute": {"table": "queries/loyal", "column": column}, "op": "is_not_null"});
    let city = json!({"attribute": {"table": "Customer_360", "column": "city"}, "op": "is_not_null"});
    let document = json!({"format": "segtui/segment", "version": 1, "id": "seg_given", "name": "Given",
        "database": "nasty", "activation_id": "amperity_id", "revision": 1,
        "include": {"match": "all", "of": [{"match": "all", "of": [node, city]}]}});
    Segment::from_json(&document.to_string()).unwrap()
}

#[test]
fn a_query_that_changes_beside_the_program_is_noticed() {
    let mut session = Session::editing(&on("tier"));
    session.sees("there is no table \"queries/loyal\"");
    let path = session.root().join("workspace/queries/loyal.sql");
    let change = |text: &str, session: &mut Session| {
        put(&path, text);
        session.event(Event::FocusGained);
    };
    change(
        "SELECT 'C002' AS amperity_id, 'x' AS tier UNION ALL SELECT 'C004' AS amperity_id, 'x' AS tier",
        &mut session,
    );
    assert_eq!(session.members(), 2);
    session.sees("loyal · Tier is not null").sees("▸ queries/loyal");
    change("SELECT 'C002' AS amperity_id, 'x' AS tier", &mut session);
    assert_eq!(session.members(), 1);
    change("SELECT 'C002' AS amperity_id, 'x' AS reason", &mut session);
    session.sees("has no column \"tier\"");
    change("SELECT 'C002' AS amperity_id", &mut session);
    session.sees("it returns only").sees_no("queries/loyal · ");
    change("SELECT amperity_id, tier FROM Nowhere", &mut session);
    session.sees("! there is no table \"Nowhere\" (queries/loyal.sql, l");
    std::fs::remove_file(session.root().join("workspace/queries/loyal.sql")).unwrap();
    session.event(Event::FocusGained);
    session.sees("there is no table \"queries/loyal\"");
}

#[test]
fn a_query_that_fails_loses_nothing() {
    let mut session = Session::editing(&on("number"));
    let path = session.root().join("workspace/queries/loyal.sql");
    put(&path, "SELECT amperity_id, CAST(city AS BIGINT) AS number FROM Customer_360");
    session.event(Event::FocusGained);
    session.sees("in the query \"loyal.sql\"");
    // What asks for it can be switched off, and the rest counts again.
    session.keys("j space").sees_no("in the query");
    assert!(session.members() > 0);
    session.keys("u").sees("in the query \"loyal.sql\"");
}

#[test]
fn a_query_is_no_part_of_a_sql_segment() {
    let mut session = with_query("loyal.sql", LOYAL);
    session.keys("j j i type:\"queries/loyal: tier is exactly Gold\" enter");
    session.keys("Q").sees("-- The rows of queries/loyal").keys("esc");
    session.keys("C").sees("\"queries/loyal\" is a saved query, which a SQL segment cannot read");
}
