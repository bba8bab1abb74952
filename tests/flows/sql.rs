//! Segments as SQL, and SQL segments: shown, copied, converted, written.

use std::sync::Arc;

use segtui::app::effect::{Effect, WantedSql};
use segtui::app::event::{Event, SegmentFailure};
use segtui::app::layers::editor::state::Pane;
use segtui::app::layers::overlay::Overlay;
use segtui::app::layers::sql_view::SqlView;
use segtui::segment::{Definition, Place, Problem, Segment, TextPosition};
use serde_json::json;

use super::actions::document;
use super::harness::{Session, Setup, Shown, put};
use segtui::diagnostic::Diagnostic;

/// A segment with these conditions in its only section.
pub fn with(conditions: &serde_json::Value) -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_given", "name": "Given", "status": "draft",
        "database": "nasty", "activation_id": "amperity_id", "revision": 3,
        "include": {"match": "all", "of": [{"match": "all", "of": conditions}]},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

/// What the embedded engine cannot say, though all others can.
fn unsupported() -> Segment {
    with(&json!([{"attribute": {"table": "lists/vip", "column": "why"}, "op": "is_exactly", "value": "x"}]))
}

/// With that segment open.
pub fn editing_unsupported() -> Session {
    let mut session = Session::editing(&unsupported());
    put(&session.root().join("workspace/lists/vip.csv"), "amperity_id,why\nC002,x\n");
    session.event(Event::FocusGained);
    session
}

/// A SQL segment.
pub fn query(text: &str) -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_given", "name": "Given", "status": "draft",
        "database": "nasty", "activation_id": "amperity_id", "revision": 3, "sql": text,
    });
    Segment::from_json(&document.to_string()).unwrap()
}

#[track_caller]
fn sql(session: &Session) -> String {
    let written = session.editor().sql().unwrap().text();
    match &session.segment().definition {
        Definition::Sql(text) => assert_eq!(text, &written, "the document is what is written"),
        other => panic!("{other:?}"),
    }
    written
}

#[track_caller]
fn view(session: &Session) -> &SqlView {
    match session.overlay() {
        Some(Overlay::SqlView(view)) => view,
        other => panic!("{other:?}"),
    }
}

fn copied(session: &Session) -> Option<&str> {
    match session.effects.last() {
        Some(Effect::Copy(text)) => Some(text),
        _ => None,
    }
}

#[test]
fn a_segment_is_read_as_sql() {
    let mut session = Session::editing(&document());
    session.keys("j d Q").sees("Given as SQL").sees("[DuckDB]").sees("points < 500").sees_no("city");
    session.keys("tab tab").sees("[Spark]").sees_no("[DuckDB]");
    session.keys("shift-tab").sees("[Trino]");
    // The engine that was looked at last is shown again, on the overview too.
    session.keys("esc v Q").sees("[Trino]").keys("q");
    assert!(session.app.overlays().is_empty() && !session.app.has_ended());
}

#[test]
fn dates_are_days_or_stay_relative() {
    let recent = json!([{
        "attribute": {"table": "Customer_360", "column": "birthdate"}, "op": "is_after",
        "value": {"relative": "3 months ago"},
    }]);
    let mut session = Session::editing(&with(&recent));
    session.keys("Q").sees("resolved dates").sees("DATE '");
    session.keys("r").sees("relative dates").sees_no("DATE '").sees("CURRENT_DATE");
    session.keys("tab tab tab tab").sees("[segtui]").sees(":as_of");
}

#[test]
fn long_sql_is_scrolled_to_its_end_and_no_further() {
    let mut session = Session::editing(&document());
    session.resize(60, 16).keys("Q G");
    let count = view(&session).sql().unwrap().script.lines().len();
    session.sees("SELECT DISTINCT amperity_id FROM members").sees(&format!("{count} of {count} lines"));
    let scrolled = view(&session).scroll;
    session.keys("down pagedown");
    assert_eq!(view(&session).scroll, scrolled);
    session.keys("up");
    assert_eq!(view(&session).scroll, scrolled - 1);
    session.keys("g").sees(" 1  -- Given").keys("right").sees_no("-- Given").keys("left").sees("-- Given");
}

#[test]
fn what_is_copied_is_what_is_shown() {
    let mut session = Session::editing(&document());
    session.keys("Q y");
    let text = copied(&session).unwrap().to_owned();
    assert_eq!(text, view(&session).sql().unwrap().script.text());
    let count = text.chars().count();
    session.sees(&format!("sent {},{:03} characters", count / 1000, count % 1000));
    session.keys("esc C y y");
    assert_eq!(copied(&session), Some(sql(&session).as_str()));
    session.keys("e shift-right shift-right alt-y").sees("sent 2 characters to the terminal's clipboard");
    assert_eq!(copied(&session), Some("--"));
}

#[test]
fn what_is_too_long_to_copy_is_said() {
    let mut session = Session::editing(&query(&"x".repeat(80_000)));
    session.keys("y").sees(
        "sent 80,000 characters to the terminal's clipboard; some terminals take no more than 75,000 bytes",
    );
    let mut session = Session::editing(&query(&"x".repeat(800_000)));
    session.keys("y").sees("too much for a terminal's clipboard");
    assert_eq!(copied(&session), None);
}

#[test]
fn what_a_dialect_cannot_say_is_said_with_its_place() {
    let mut session = editing_unsupported();
    session.keys("Q").sees("[DuckDB]").sees("SELECT DISTINCT");
    session.keys("shift-tab").sees("there is no SQL for segtui").sees("include.0.0, Why is exactly x");
    session.keys("y").sees("there is no SQL to copy");
    session.keys("esc C").sees(
        "include.0.0 cannot become SQL: \"lists/vip\" is an uploaded list, which a SQL segment cannot read",
    );
    assert_eq!(session.segment(), &unsupported());
    assert!(session.app.overlays().is_empty());
}

#[test]
fn conditions_with_problems_are_left_out_of_what_is_shown_and_never_converted() {
    let conditions = json!([
        {"attribute": {"table": "Customer_360", "column": "city"}, "op": "is_exactly", "value": "Chicago"},
        {"attribute": {"table": "Customer_360", "column": "points"}, "op": "is_less_than"},
    ]);
    let mut session = Session::editing(&with(&conditions));
    session.keys("Q").sees("1 problem left out").sees("'chicago'").sees_no("points");
    session.keys("esc C").sees("include.0.1 cannot become SQL: ");
    assert_eq!(session.segment(), &with(&conditions));
}

#[test]
fn conditions_become_sql_and_come_back() {
    let mut session = Session::editing(&document());
    session.keys("j C").sees("Turn the conditions into SQL?").sees(":as_of").keys("n");
    assert_eq!(session.segment(), &document());
    session.keys("C esc");
    assert_eq!(session.segment(), &document());
    session.keys("Q C y");
    assert!(session.app.overlays().is_empty());
    let converted = sql(&session);
    assert!(converted.contains("WITH") && !session.editor().is_typing());
    session.keys("C").sees("this segment is SQL already");
    session.keys("&").sees_no("turned");
    session.keys("u");
    assert_eq!(session.segment(), &document());
    assert!(session.editor().sql().is_none());
    session.keys("U");
    assert_eq!(sql(&session), converted);
    session.keys("s");
    assert_eq!(session.saved("Given").unwrap().0.definition, Definition::Sql(converted));
    session.sees("Definition").sees("WITH");
}

#[test]
fn sql_of_another_segment_than_the_open_one_changes_nothing() {
    let mut session = Session::editing(&document());
    let failure = Diagnostic::new("late");
    let event = |wanted| Event::SqlWritten {
        segment: Arc::new(document()),
        wanted,
        card: None,
        result: Err(SegmentFailure::Other(failure.clone())),
    };
    session.event(event(WantedSql::Converted));
    session.sees_no("late").keys("Q");
    let wanted = view(&session).wanted();
    session.event(event(wanted));
    session.sees_no("late").sees("SELECT DISTINCT");
}

#[test]
fn a_query_is_written_and_saved() {
    let mut session = Session::small();
    session.keys("N").sees("SQL, typing").sees("SELECT amperity_id").sees("FROM Customer_360");
    session.keys("enter type:\"WHERE city = 'q?'\"");
    assert_eq!(sql(&session), "SELECT amperity_id\nFROM Customer_360\nWHERE city = 'q?'");
    session.keys("ctrl-s type:Mine enter enter");
    assert_eq!(session.shown(), Shown::Overview);
    session.sees("WHERE city = 'q?'");
    let saved = session.saved("Mine").unwrap().0;
    assert!(matches!(saved.definition, Definition::Sql(text) if text.ends_with("'q?'")));
    session.keys("e esc esc");
    assert_eq!(session.shown(), Shown::Overview);
    session.keys("esc");
    assert_eq!(session.shown(), Shown::Home);
    session.keys("enter").sees("SQL").sees("FROM Customer_360");
    assert!(!session.editor().is_typing() && !session.editor().is_edited());
}

#[test]
fn what_is_typed_in_one_go_is_undone_in_one_go() {
    let mut session = Session::editing(&query("SELECT a"));
    session.keys("e end type:bc backspace backspace enter type:x");
    assert_eq!(sql(&session), "SELECT a\nx");
    let mut undone = Vec::new();
    while session.editor().can_undo() {
        session.keys("ctrl-u");
        undone.push(sql(&session));
    }
    assert_eq!(undone, ["SELECT a\n", "SELECT a", "SELECT abc", "SELECT a"]);
    assert!(!session.editor().is_edited() && session.editor().is_typing());
    session.keys("ctrl-r ctrl-r ctrl-r ctrl-r");
    assert_eq!(sql(&session), "SELECT a\nx");
    // The cursor is where it was, and moving it ends what is typed in one go.
    session.keys("type:y left type:z esc u");
    assert_eq!(sql(&session), "SELECT a\nxy");
    session.keys("u");
    assert_eq!(sql(&session), "SELECT a\nx");
}

#[test]
fn every_change_is_counted_and_kept() {
    let mut session = Session::editing(&query("SELECT a"));
    session.effects.clear();
    session.keys("e type:x left type:y");
    let count = |is: fn(&Effect) -> bool| session.effects.iter().filter(|effect| is(effect)).count();
    assert_eq!(count(|effect| matches!(effect, Effect::Evaluate { .. })), 2);
    assert_eq!(count(|effect| matches!(effect, Effect::KeepDraft(_))), 2);
    let mut session = session.crash();
    session.keys("o");
    assert_eq!(sql(&session), "yxSELECT a");
}

#[test]
fn keys_are_letters_while_typing_and_keys_else() {
    let mut session = Session::editing(&query("SELECT a"));
    session.keys("j l l x");
    assert_eq!(sql(&session), "SELECT a");
    session.keys("i type:\"q? u:/1\"");
    assert_eq!(sql(&session), "SEq? u:/1LECT a");
    session.keys("esc").sees_no("typing").keys("u");
    assert_eq!(sql(&session), "SELECT a");
    session.keys("e esc tab tab");
    assert_eq!(session.editor().pane, Pane::Tables);
    session.keys("2 q");
    assert!(session.app.has_ended());
}

#[test]
fn pasted_text_goes_in_as_it_is() {
    let mut session = Session::editing(&query("a"));
    session.event(Event::Paste("x\r\n\ty\r'z'".to_owned()));
    assert_eq!(sql(&session), "x\n\ty\n'z'a");
    session.keys("u");
    assert_eq!(sql(&session), "a");
    // What is selected gives way to it.
    session.keys("e shift-right paste:b");
    assert_eq!(sql(&session), "b");
}

#[test]
fn names_come_from_the_tables() {
    let mut session = Session::editing(&query("SELECT"));
    session.keys("e end esc / type:city down enter esc");
    assert_eq!(session.editor().pane, Pane::Tables);
    session.keys("/ type:city down enter a esc g");
    let text = sql(&session);
    assert!(text.starts_with("SELECT city"), "{text}");
    session.keys("x").sees("a SQL segment has no conditions");
    session.keys("/ type:\"has not\" down enter a").sees("only tables and columns have a place in SQL");
}

#[test]
fn words_are_completed() {
    let mut session = Session::editing(&query(""));
    session.keys("e type:sel tab");
    assert_eq!(sql(&session), "SELECT");
    session.keys("type:\" amp\" tab type:\" \" tab");
    assert_eq!(sql(&session), "SELECT amperity_id  ");
    // Where several are meant, one is chosen; what is typed goes on narrowing.
    session.keys("type:unified tab").sees("Complete").keys("type:_tr enter");
    assert_eq!(sql(&session), "SELECT amperity_id  Unified_Transactions");
    assert!(session.editor().is_typing());
    session.keys("type:\", zzz\" tab esc ctrl-u");
    assert_eq!(sql(&session), "SELECT amperity_id  Unified_Transactions");
    session.keys("ctrl-u");
    assert_eq!(sql(&session), "SELECT amperity_id  unified");
}

#[test]
fn an_error_is_shown_at_its_place() {
    let mut session = Session::editing(&query("SELECT amperity_id\nFROM Nowhere"));
    session.is_paused = true;
    session.keys("e end type:\" \"");
    let problem = Problem::invalid(Place::Sql, "line 2, column 6: there is no table \"Nowhere\"")
        .with_text_position(Some(TextPosition { line: 2, column: 6 }))
        .with_help("write Customer_360");
    let definition = session.editor().definition();
    let result = Err(SegmentFailure::Refused(Box::new(problem.clone())));
    session.event(Event::Evaluated { definition, result: result.clone() });
    session.sees("2✗ FROM Nowhere").sees("✗ line 2, column 6: there is no table \"Nowhere\"");
    session.sees("no numbers");
    // It goes with the text that it was about, and does not come back late.
    session.keys("backspace").sees_no("✗ FROM");
    session.event(Event::Evaluated { definition, result });
    session.sees_no("✗ FROM");
}

#[test]
fn a_newer_version_is_only_read() {
    let newer = Segment { version: 9, ..query("SELECT a") };
    let mut session = Session::editing(&newer);
    session.keys("e").sees("a newer version of segtui wrote this segment").keys("paste:x");
    assert_eq!(sql(&session), "SELECT a");
}

#[test]
fn nothing_is_too_small_for_sql() {
    let text = "SELECT\t日本語 -- \u{1b}[2J\u{202e}\n\n'open";
    let mut session = Session::editing_with(&query(text), Setup::small());
    for (columns, lines) in [(8, 4), (12, 6), (40, 12), (200, 60)] {
        session.resize(columns, lines);
        for keys in ["G", "e end end", "esc Q", "G right right", "esc"] {
            session.keys(keys);
            assert!(!session.screen().contains('\u{1b}'));
        }
    }
}
