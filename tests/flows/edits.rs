//! Edits of the criteria: each can be undone and done again, and the numbers are of what is shown.

use segtui::app::layers::editor::criteria::Cursor;
use segtui::app::layers::overlay::Overlay;
use segtui::segment::Segment;

use super::actions::document;
use super::harness::Session;
use crate::conformance::open;
use crate::slow::Slow;

/// The members as the obvious evaluator finds them.
fn slowly(session: &Session) -> u64 {
    let database = open(&session.app.database().unwrap().folder);
    let slow = Slow::new(&database, &session.app.activation_id(), session.app.as_of());
    slow.members(session.segment()).len() as u64
}

/// Every kind of edit: where the cursor goes first, what is pressed, what comes of it.
#[rustfmt::skip]
const EDITS: &[(&str, &str, &str)] = &[
    ("j", "d", "ALL(ALL(points) ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("", "d", "ALL(ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("j", "y", "ALL(ALL(city city points) ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("", "y", "ALL(ALL(city points) ALL(city points) ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("j j", "space", "ALL(ALL(city !points) ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("", "space", "ALL(!ALL(city points) ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("g", "space", "!ALL(ALL(city points) ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("G", "space", "ALL(ALL(city points) ALL(state)) - !ANY(ANY(is_loyalty_member))"),
    ("j", "&", "ALL(ANY(city points) ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("g", "&", "ANY(ALL(city points) ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("j", "J", "ALL(ALL(points city) ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("j j", "J", "ALL(ALL(city) ALL(points state)) - ANY(ANY(is_loyalty_member))"),
    ("j j j j", "K", "ALL(ALL(city points state) ALL()) - ANY(ANY(is_loyalty_member))"),
    ("", "J", "ALL(ALL(state) ALL(city points)) - ANY(ANY(is_loyalty_member))"),
    ("j", ">", "ALL(ALL(ANY(city) points) ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("j", "> < ", "ALL(ALL(city points) ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("j", "X", "ALL(ALL(points) ALL(state)) - ANY(ANY(is_loyalty_member city))"),
    ("", "X", "ALL(ALL(state)) - ANY(ANY(is_loyalty_member) ALL(city points))"),
    ("G up", "X", "ALL(ALL(city points) ALL(state is_loyalty_member)) - ANY(ANY())"),
    ("", "A", "ALL(ALL(city points) ALL() ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("G", "A", "ALL(ALL(city points) ALL(state)) - ANY(ANY(is_loyalty_member) ANY())"),
    (
        "j",
        "a type:360 enter type:score enter type:null enter",
        "ALL(ALL(city score points) ALL(state)) - ANY(ANY(is_loyalty_member))",
    ),
    (
        "",
        "a type:360 enter type:score enter type:null enter",
        "ALL(ALL(city points score) ALL(state)) - ANY(ANY(is_loyalty_member))",
    ),
    (
        "j",
        "x type:360 enter type:score enter type:null enter",
        "ALL(ALL(city points) ALL(state)) - ANY(ANY(is_loyalty_member score))",
    ),
    ("j j", "e ctrl-u type:9 enter", "ALL(ALL(city points) ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("j j", "o type:\"not null\" enter", "ALL(ALL(city points) ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("j j j j", "e down space enter", "ALL(ALL(city points) ALL(state)) - ANY(ANY(is_loyalty_member))"),
    ("j", "I type:amperity enter", "ALL(ALL(city points) ALL(state)) - ANY(ANY(is_loyalty_member))"),
];

#[test]
fn every_edit_is_undone_and_done_again() {
    for (place, keys, expected) in EDITS {
        let mut session = Session::editing(&document());
        session.keys(place);
        let (before, numbers) = (session.segment().clone(), session.insights());
        session.keys(keys);
        assert_eq!(session.shape(), *expected, "{keys} after {place:?}");
        let after = session.segment().clone();
        assert_eq!(session.members(), slowly(&session), "{keys} after {place:?}");
        let edits = if after == before {
            0
        } else {
            keys.split_whitespace().filter(|key| matches!(*key, "<" | ">")).count().max(1)
        };
        let numbers_after = session.insights();
        for _ in 0..edits {
            session.keys("u");
        }
        assert_eq!(session.segment(), &before, "undo of {keys} after {place:?}");
        assert_eq!(session.insights(), numbers);
        assert!(!session.editor().is_edited());
        for _ in 0..edits {
            session.keys("U");
        }
        assert_eq!((session.segment(), session.insights()), (&after, numbers_after));
        assert_eq!(session.editor().is_edited(), after != before);
    }
}

#[test]
fn a_long_way_back_and_forth() {
    let mut session = Session::editing(&document());
    let given = session.segment().clone();
    let edits = ["j y", "space", "&", "J", ">", "X", "k d", "g &", "G A", "j y y"];
    let mut states: Vec<Segment> = vec![given.clone()];
    for edit in edits {
        session.keys(edit);
        states.push(session.segment().clone());
    }
    let last = session.shape();
    while session.editor().can_undo() {
        session.keys("u");
        assert_eq!(session.members(), slowly(&session));
    }
    assert_eq!(session.segment(), &given);
    session.keys("u").sees("nothing to undo");
    while session.editor().can_redo() {
        session.keys("ctrl-r");
    }
    assert_eq!(session.shape(), last);
    // A new edit ends what could be done again.
    session.keys("u g space").keys("U").sees("nothing to do again");
}

#[test]
fn what_does_not_apply_says_so_and_changes_nothing() {
    let mut session = Session::editing(&document());
    let before = session.segment().clone();
    for (keys, said) in [
        ("g d", "cannot be removed"),
        ("g y", "cannot be duplicated"),
        ("g j K", "cannot be moved further up"),
        ("G up J", "cannot be moved further down"),
        ("g j <", "cannot be taken out"),
        ("g X", "cannot be moved"),
        ("g j o", "the operator of a group is &"),
        ("u", "nothing to undo"),
        ("U", "nothing to do again"),
    ] {
        session.keys(keys).sees(said);
        assert_eq!(session.segment(), &before, "{keys}");
        assert!(!session.editor().can_undo());
    }
}

#[test]
fn groups_nest_as_deep_as_the_language_allows() {
    let mut session = Session::editing(&document());
    let members = session.members();
    session.keys("j > > > > > > >").sees_no("cannot");
    session.keys(">").sees("cannot be nested deeper");
    assert_eq!(session.members(), members, "a group of one is what is in it");
    session.keys("< < < < < < <");
    assert_eq!(session.segment().definition, document().definition);
}

#[test]
fn the_cursor_stays_on_what_was_moved() {
    let mut session = Session::editing(&document());
    let seen = |session: &Session| match &session.editor().criteria.cursor {
        Cursor::Node(path) => match session.segment().node(path) {
            Some(segtui::segment::Node::Condition(condition)) => format!("{condition:?}").contains("city"),
            _ => false,
        },
        _ => false,
    };
    session.keys("j");
    for key in ["J", "J", "J", "K", ">", "<", "X", "X", "y", "space", "&"] {
        session.keys(key);
        assert!(seen(&session), "{key}: {:?} of {}", session.editor().criteria.cursor, session.shape());
    }
}

#[test]
fn folded_groups_take_one_line() {
    let mut session = Session::editing(&document());
    session.sees("▾ 1").sees("City").keys("h").sees("▸ 1").sees_no("City");
}

#[test]
fn operators_keep_a_value_that_fits() {
    let mut session = Session::editing(&document());
    session.keys("j j o type:\"greater than\" enter");
    assert!(session.app.overlays().is_empty(), "500 fits");
    assert!(session.segment().to_json().contains("\"is_greater_than\",\n            \"value\": 500"));
    // Another number of values is asked for, from what was there.
    session.keys("o type:\"in list\" enter");
    assert!(matches!(session.overlay(), Some(Overlay::Values(values)) if values.ticked() == ["500".into()]));
    session.keys("esc");
    assert!(session.segment().to_json().contains("is_greater_than"));
    // A group's line folds; it has no value.
    session.keys("g j e");
    assert_eq!(session.editor().criteria.folded.len(), 1);
}

#[test]
fn an_incomplete_condition_is_marked_and_left_out() {
    let text = document().to_json().replace(",\n            \"value\": 500", "");
    let mut session = Session::editing(&Segment::from_json(&text).unwrap());
    let problems = &session.editor().problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
    let message = problems[0].diagnostic.message.clone();
    session.sees(&message).sees("1 problem");
    let without = session.members();
    session.keys("g j j j d");
    assert_eq!(session.members(), without);
    session.keys("u e type:100 enter").sees_no(&message);
    assert!(session.members() < without);
    assert_eq!(session.members(), slowly(&session));
}

#[test]
fn forms_say_what_they_lack() {
    let mut session = Session::editing(&document());
    let before = session.segment().clone();
    session.keys("a type:360 enter type:points enter type:between enter");
    for value in ["enter type:100 enter", "ctrl-u type:x enter", "ctrl-u type:1 up ctrl-u type:2 down enter"]
    {
        session.keys(value);
        assert!(
            matches!(session.overlay(), Some(Overlay::ValueEntry(entry)) if entry.complaint.is_some()),
            "{value}"
        );
    }
    session.keys("ctrl-u type:3 enter");
    assert!(session.app.overlays().is_empty());
    session.keys("u a type:behav enter type:\"has purchased\" enter type:between enter");
    for value in ["ctrl-s", "ctrl-u type:5 down type:3 ctrl-s", "down a down type:\"2024-02-30\" ctrl-s"] {
        session.keys(value);
        assert!(
            matches!(session.overlay(), Some(Overlay::Purchase(form)) if form.complaint.is_some()),
            "{value}"
        );
    }
    session.keys("esc esc esc esc");
    assert_eq!(session.segment(), &before);
}

#[test]
fn a_broken_condition_is_marked_and_left_out() {
    let text =
        document().to_json().replace("\"city\"", "\"citty\"").replace("\"is_less_than\"", "\"is_lesser\"");
    let mut session = Session::editing(&Segment::from_json(&text).unwrap());
    let problems = &session.editor().problems;
    assert_eq!(problems.len(), 2, "{problems:?}");
    for problem in problems.clone() {
        session.resize(200, 50).sees(&problem.diagnostic.message);
    }
    let rest = session.members();
    // The same without the two.
    session.keys("g j j d d");
    assert_eq!(session.members(), rest);
    assert!(session.editor().problems.is_empty());
    // The unknown parts are saved as they were.
    session.keys("u u v");
    session.act(segtui::app::action::Action::Save);
    assert_eq!(session.saved("Given").unwrap().0.definition, Segment::from_json(&text).unwrap().definition);
}

#[test]
fn ends_and_case_are_only_where_there_are_some() {
    let mut session = Session::editing(&document());
    session
        .keys("j j e")
        .sees_no("ends in/out")
        .sees_no("match case")
        .keys("alt-e")
        .sees("only a range has ends");
    session.keys("alt-c").sees("only texts").keys("ctrl-u type:7 enter");
    assert!(!session.segment().to_json().contains("inclusive"));
    session.keys("o type:between enter tab type:9").sees("ends in/out").keys("alt-e enter");
    assert!(session.segment().to_json().contains("\"inclusive\": true"));
}
