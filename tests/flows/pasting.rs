//! Values pasted from elsewhere: what they come to is shown before they are taken.

use segtui::app::layers::overlay::Overlay;
use segtui::app::layers::paste::Paste;

use super::actions::document;
use super::harness::Session;

/// The picker of states, with IL, OR and ME ticked.
const STATES: &str = "j j j j e";

fn paste(session: &Session) -> &Paste {
    match session.overlay() {
        Some(Overlay::Paste(paste)) => paste,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_pasted_list_is_asked_about() {
    let mut session = Session::editing(&document());
    session.keys(STATES).keys("paste:\" CA \\nIL\\nCA\\n\\nNowhere\"");
    session.sees("Take the pasted list?").sees("3 values, 1 double dropped, 1 blank dropped, 1 trimmed");
    session.sees("2 do not occur in the column").sees("? Nowhere").sees("  IL");
    session.keys("n enter");
    assert!(session.segment().to_json().contains("\"ME\""), "leaving it takes nothing");
    assert!(!session.segment().to_json().contains("Nowhere"));
    session.keys("e").keys("paste:\"CA\\nNowhere\" y enter");
    let text = session.segment().to_json();
    assert!(text.contains("\"ME\"") && text.contains("\"CA\"") && text.contains("\"Nowhere\""), "{text}");
    // One value is a search, without what a spreadsheet puts around it.
    session.keys("e paste:\"Nowh\\n\"");
    assert!(matches!(session.overlay(), Some(Overlay::Values(values)) if values.query.text() == "Nowh"));
}

#[test]
fn commas_are_read_either_way() {
    let mut session = Session::editing(&document());
    session.keys(STATES).keys("paste:\"Salem, OR\\nBoise, ID\"").sees("2 values");
    session.keys("s").sees("4 values").keys("s").sees("2 values").keys("s enter enter");
    assert!(session.segment().to_json().contains("\"OR\",\n"), "{}", session.segment().to_json());
    assert!(session.segment().to_json().contains("\"Boise\""));
    session.keys("e").keys("paste:\"a\\nb\" s").sees("no commas or semicolons stand in a pasted text");
}

#[test]
fn what_is_no_number_is_named_and_left_to_the_person() {
    let mut session = Session::editing(&document());
    session.keys("j j o type:\"in list\" enter").keys("paste:\"120\\t7\\nn/a\\n1e400\\n007\"");
    session.sees("3 are no numbers and cannot be taken").sees("✗ n/a").sees("✗ 1e400").sees("✗ 007");
    session.sees("take 2, leave out the 3").keys("n");
    assert!(matches!(session.overlay(), Some(Overlay::Values(values)) if values.ticked().len() == 1));
    session.keys("paste:\"120\\n7\\nn/a\" y enter");
    let text = session.segment().to_json().replace(char::is_whitespace, "");
    assert!(text.contains("\"value\":[500,120,7]"), "{text}");
    session.keys("e").keys("paste:\"x\\ny\" y").sees("none of these values can be taken");
    assert!(paste(&session).values.is_empty());
}

#[test]
fn leading_zeros_are_kept() {
    let mut session = Session::editing(&document());
    session.keys("a type:360 enter type:postal enter type:\"in list\" enter");
    session.keys("paste:\"02134\\n98101\\n2134\" enter").keys("enter");
    let text = session.segment().to_json().replace(char::is_whitespace, "");
    assert!(text.contains("[\"02134\",\"98101\",\"2134\"]"), "{text}");
}

#[test]
fn a_field_of_one_value_offers_to_take_a_list() {
    let mut session = Session::editing(&document());
    session.keys("a type:360 enter type:points enter down enter");
    session.keys("esc esc esc esc a type:360 enter type:points enter type:is enter");
    assert!(matches!(session.overlay(), Some(Overlay::ValueEntry(_))), "{:?}", session.overlay());
    session.keys("paste:\" 120\\n\"");
    assert!(matches!(session.overlay(), Some(Overlay::ValueEntry(entry)) if entry.fields[0].text() == "120"));
    session.keys("paste:\"1\\n2\\n3\"").sees("take the 3 values, with is in list").keys("y enter");
    let text = session.segment().to_json().replace(char::is_whitespace, "");
    assert!(text.contains("\"op\":\"is_in_list\",\"value\":[1,2,3]"), "{text}");
    // Two ends fill both fields; anything else is not taken and says so.
    session.keys("o type:between enter ctrl-u").keys("paste:\"1\\t5\" enter enter");
    let text = session.segment().to_json().replace(char::is_whitespace, "");
    assert!(text.contains("\"op\":\"is_between\",\"value\":[1,5]"), "{text}");
    session.keys("e").keys("paste:\"1\\n2\\n3\"").sees("3 values were pasted; two are taken here");
}
