//! Conditions typed on one line.

use segtui::app::effect::Effect;
use segtui::app::layers::overlay::Overlay;
use segtui::app::layers::quick_add::QuickAdd;
use segtui::app::layers::reading::Reading;
use segtui::segment::Segment;
use serde_json::{Value, json};

use super::actions::document;
use super::harness::{Session, Setup};
use super::lists;

fn line(session: &Session) -> &QuickAdd {
    match session.overlay() {
        Some(Overlay::QuickAdd(line)) => line,
        other => panic!("{other:?}"),
    }
}

fn labels(session: &Session) -> Vec<&str> {
    line(session).completions().iter().map(|completion| completion.label.as_str()).collect()
}

/// The condition at a path of the document.
fn node<'a>(document: &'a Value, path: &str) -> &'a Value {
    document.pointer(path).unwrap_or_else(|| panic!("{path}: {document}"))
}

fn written(session: &Session) -> Value {
    serde_json::from_str(&session.segment().to_json()).unwrap()
}

#[test]
fn a_typed_condition_goes_where_an_added_one_goes() {
    let mut typed = Session::editing(&document());
    typed
        .keys("j i type:\"customer 360: state = IL\"")
        .sees("✓ Customer 360 · State is exactly IL")
        .keys("enter");
    let mut picked = Session::editing(&document());
    picked.keys("j a type:360 enter type:state enter type:\"is exactly\" enter type:IL enter");
    assert_eq!(typed.segment().definition, picked.segment().definition);
    assert_eq!(typed.editor().criteria.cursor, picked.editor().criteria.cursor);
    assert_eq!(typed.members(), picked.members());
    typed.keys("u");
    assert_eq!(typed.segment().definition, document().definition);
    // On the exclude side too.
    typed.keys("G i type:\"points > 5\" enter");
    assert_eq!(typed.shape(), "ALL(ALL(city points) ALL(state)) - ANY(ANY(is_loyalty_member points))");
}

#[test]
fn several_are_typed_after_one_another() {
    let mut session = Session::editing(&document());
    session.keys("j i type:\"points > 5\" alt-enter type:\"bought >= 2 since 3 months ago\" alt-enter");
    session.keys("type:\"member of nobody\" alt-enter").sees("there is no list called \"nobody\"");
    assert_eq!(line(&session).line.text(), "member of nobody");
    session.keys("esc");
    assert_eq!(
        session.shape(),
        "ALL(ALL(city points has_purchased points) ALL(state)) - ANY(ANY(is_loyalty_member))"
    );
    session.members();
}

#[test]
fn what_cannot_be_taken_stays_with_its_reason() {
    let mut session = Session::editing(&document());
    let before = session.segment().clone();
    session.keys("i enter").sees("type a condition, or Esc to leave");
    session.keys("type:\"points between 5 and 1\"").sees("the range is reversed").keys("enter");
    assert!(matches!(line(&session).reading, Reading::Refused(..)));
    session.keys("ctrl-u type:\"ctiy = Chicago\" enter").sees("no table has a column called").sees("^^^^");
    session.keys("ctrl-u type:\"state = IL and city = Chicago\"").sees("a second condition begins here");
    session.keys("esc");
    assert_eq!(session.segment(), &before);
}

#[test]
fn completions_lead_through_a_line() {
    let mut session = Session::editing(&document());
    session.keys("i type:birthd tab");
    assert_eq!(line(&session).line.text(), "Birthdate ");
    session.keys("type:aft tab");
    assert_eq!(line(&session).line.text(), "Birthdate is after ");
    session.keys("type:3 down down down enter");
    assert_eq!(line(&session).line.text(), "Birthdate is after 3 months ago");
    session.keys("enter");
    assert!(session.app.overlays().is_empty());
    let added = written(&session);
    assert_eq!(
        node(&added, "/include/of/0/of/2"),
        &json!({"attribute": {"table": "Customer_360", "column": "birthdate"}, "op": "is_after", "value": {"relative": "3 months ago"}})
    );
}

#[test]
fn values_are_counted_once_for_each_column() {
    let counted = |session: &Session| {
        session.effects.iter().filter(|effect| matches!(effect, Effect::CountValues { .. })).count()
    };
    let mut session = Session::editing(&document());
    session.keys("i type:\"customer 360: city = \"");
    assert_eq!(counted(&session), 1);
    assert!(labels(&session).contains(&"Chicago"), "{:?}", labels(&session));
    session.keys("type:chic");
    assert_eq!((counted(&session), labels(&session).first().copied()), (1, Some("chicago")));
    session.keys("tab");
    assert_eq!(line(&session).line.text(), "customer 360: city = chicago");
    session.sees_no("no customer has").keys("type:goo").sees("no customer has the value \"chicagogoo\"");
    session.keys("ctrl-u type:\"customer 360: state in IL, \"");
    assert_eq!(counted(&session), 2);
    assert!(labels(&session).contains(&"OR"));
    // A value that would not stand alone is quoted.
    session.keys("type:OR tab enter");
    let added = written(&session);
    assert_eq!(node(&added, "/include/of/0/of/2/value"), &json!(["IL", "OR"]));
}

#[test]
fn a_name_of_several_tables_is_the_customers_tables_and_that_is_said() {
    let setup = Setup::demo();
    let mut session = setup.start();
    session
        .keys("n i type:\"city = Seattle\"")
        .sees("Customer 360 · City is exactly Seattle")
        .sees("also in Merged Customers: name the table for that one");
    session.keys("enter").sees("City is exactly").sees("Seattle");
}

#[test]
fn rewriting_keeps_what_is_not_said() {
    let mut given: Value = serde_json::from_str(&document().to_json()).unwrap();
    given["include"]["of"][0]["of"][1] = json!({
        "attribute": {"table": "Customer_360", "column": "points", "x": 1}, "op": "is_less_than", "value": 500,
        "off": true, "note": "n", "where": [{"column": "city", "op": "is_null", "y": 2}],
    });
    let given = Segment::from_json(&given.to_string()).unwrap();
    let mut session = Session::editing(&given);
    session.keys("j j w");
    assert_eq!(line(&session).line.text(), "Customer 360: Points is less than 500 where City is null");
    // As it is nothing changes.
    session.keys("enter");
    assert!(!session.editor().is_edited());
    session.keys("w ctrl-u type:\"points > 7 where city is not null\" enter");
    let after = written(&session);
    assert_eq!(
        node(&after, "/include/of/0/of/1"),
        &json!({
            "attribute": {"table": "Customer_360", "column": "points", "x": 1}, "op": "is_greater_than", "value": 7,
            "where": [{"column": "city", "op": "is_not_null", "y": 2}], "off": true, "note": "n",
        })
    );
    session.keys("u");
    assert_eq!(session.segment().definition, given.definition);
    session.keys("g w").sees("put the cursor on a condition to rewrite it");
}

#[test]
fn lists_are_named() {
    let mut session = lists::session();
    session.keys("j j i type:\"member of vip\" tab");
    assert_eq!(line(&session).line.text(), "member of file \"vip.csv\"");
    session.keys("enter").sees("Is a member of vip.csv");
    session.keys("i type:\"not member of NEAR\"").sees("would make a circle: NEAR → Given").keys("enter");
    assert!(matches!(session.overlay(), Some(Overlay::QuickAdd(_))));
    session.keys("ctrl-u type:\"not member of chicago\" enter").sees("Is not a member of CHICAGO");
}

#[test]
fn the_tables_pane_gives_the_name() {
    let mut session = Session::editing(&document());
    session.keys("1 / type:birthdate enter j i");
    assert_eq!(line(&session).line.text(), "Customer 360: Birthdate ");
}
