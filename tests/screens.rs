//! What each screen looks like in a large, a usual and a small terminal.

use std::path::PathBuf;

use segtui::app::effect::Effect;
use serde_json::json;

use crate::flows::harness::{Session, Setup, demo_folder};
use crate::flows::walk::{NAME, NOT_IN_CALIFORNIA, SOCKS, STATUS};
use crate::flows::{
    actions, advice, customers, lists, notes, query_tables, saving, segment_tests, sql, summary,
};
use crate::look;

/// Compares the screen in three sizes with what is stored.
pub fn looks(name: &str, session: &mut Session) {
    for (columns, lines) in [(120, 36), (80, 24), (40, 12)] {
        session.resize(columns, lines);
        insta::assert_snapshot!(format!("{name}-{columns}x{lines}"), session.screen());
        look::is_ascii(name, session);
        look::is_readable(name, session);
        if let Some(look) = look::look_of(name, session) {
            insta::assert_snapshot!(format!("{name}-{columns}x{lines}-look"), look);
        }
    }
    session.resize(120, 36);
}

fn walked() -> Session {
    let mut session = Session::demo();
    session.keys("n").keys(STATUS).keys(SOCKS).keys(NOT_IN_CALIFORNIA);
    session
}

#[test]
fn home() {
    looks("home", Session::demo().keys("j"));
    looks("home-empty", &mut Session::small());
}

#[test]
fn tests_of_segments() {
    let mut session = Session::editing(&segment_tests::tested(json!([])));
    looks("tests-none", session.keys("T"));
    session.keys("esc");
    let tests = json!([
        {"size": [1, 9999]}, {"share": [0.5, null]}, {"in": ["C001", "C002", "nobody", "no \"body "]},
        {"change": {"percent": 10}}, {"every_line_counts": true}, {"within": "gone"}, {"odd": 1},
    ]);
    let mut session = Session::editing(&segment_tests::tested(tests));
    looks("tests", session.keys("T j j"));
    looks("test-ids", session.keys("e type:C003"));
    looks("test-share", session.keys("esc k e tab type:80%"));
    session.keys("esc j j");
    looks("test-change", session.keys("e ctrl-u type:x enter"));
    looks("test-kinds", session.keys("esc a"));
    session.keys("esc esc ctrl-o");
    looks("home-tests", session.keys("T"));
}

#[test]
fn editor() {
    let mut session = Session::demo();
    looks("editor-new", session.keys("n"));
    looks("editor-walk", &mut walked());
    looks("tables-open", session.keys("1 j enter j j"));
    looks("tables-find", session.keys("/ type:status"));
}

#[test]
fn pickers() {
    let mut session = Session::demo();
    looks("add", session.keys("n a type:lifecycle"));
    looks(
        "values",
        session.keys("ctrl-u type:\"lifecycle status\" enter type:\"in list\" enter space down space"),
    );
    session.keys("enter");
    looks("entry-dates", session.keys("a type:\"customer 360\" enter type:birthdate enter type:between enter type:1980-01-01 tab type:\"20 years ago\""));
    session.keys("enter");
    looks(
        "entry-number",
        session.keys("a type:\"predicted order frequency\" enter type:\"greater than\" enter type:2.5"),
    );
    session.keys("enter");
    looks(
        "purchase",
        session.keys("a type:behav enter type:\"has purchased\" enter type:between enter tab tab a"),
    );
    session.keys("esc esc esc esc");
    looks("operators", session.keys("o"));
    session.keys("esc");
    looks("activation-ids", session.keys("I"));
}

#[test]
fn another_day() {
    let mut session = Session::demo();
    looks("day", session.keys("n").keys(SOCKS).keys("@ type:\"11 months ago\""));
    session.keys("enter");
    looks("day-wrong", session.keys("@ ctrl-u type:soon"));
}

#[test]
fn filters() {
    let mut session = Session::demo();
    session.keys("n a type:rating enter type:\"greater than\" enter type:7 enter");
    looks("filter-pick", session.keys("f type:quest"));
    session.keys("enter type:\"in list\" enter space down space enter");
    session.keys("f type:\"answered on\" enter type:\"is after\" enter type:\"2 years ago\" enter");
    session.keys("a type:behav enter type:\"has not\" enter ctrl-s f type:\"product category\" enter type:exactly enter type:socks enter");
    looks("filters", session.keys("k k"));
    looks("filter-value", session.keys("e"));
}

#[test]
fn advice() {
    let city = |op: &str, name: &str| advice::attribute("city", op, name.into());
    let include = json!([
        city("is_not_exactly", "Chicago"),
        city("is_exactly", "Bostn"),
        {"purchase": "has_purchased", "op": "at_least", "value": 1,
            "where": [{"column": "product_category", "op": "is_exactly", "value": "sock"}]},
        {"purchase": "has_purchased", "op": "exactly", "value": 0},
    ]);
    let document = advice::document(include, json!([city("starts_with", "Bost")]));
    let mut session =
        Session::editing_with(&document, Setup { databases: vec![demo_folder()], ..Setup::small() });
    looks("advice", session.keys("j j"));
}

#[test]
fn customer_lists() {
    let mut session = lists::session();
    session.keys(&lists::picker("segments"));
    looks("lists", session.keys("type:far"));
    looks("lists-files", session.keys("tab"));
    session.keys("type:upload enter type:~/");
    looks("browse", session.keys("type:new"));
    looks("browse-broken", session.keys("ctrl-u type:~/broken"));
    session.keys("ctrl-u type:~/new enter");
    looks("lists-line", &mut session);
    session.keys("1 / type:lists/vip enter j");
    looks("lists-table", &mut session);
    looks(
        "query-table",
        query_tables::with_query("loyal.sql", query_tables::LOYAL).keys("1 / type:queries enter j"),
    );
    let mut session = lists::session();
    session.keys("j j o type:\"in list\" enter").keys("paste:\"120\\n 120\\n7\\n8,5\\nn/a\\n\\n9000\"");
    looks("paste", &mut session);
}

#[test]
fn quick_add() {
    let mut session = walked();
    looks("quick-add-empty", session.keys("g j j i"));
    looks("quick-add-names", session.keys("type:cit"));
    looks("quick-add-ambiguous", session.keys("type:\"y = Seattle\""));
    looks("quick-add-values", session.keys("ctrl-u type:\"customer 360: city in Seattle, ch\" down"));
    looks("quick-add-purchase", session.keys("ctrl-u type:\"bought socks >= 2 since 3 months ago where c\""));
    looks("quick-add-misread", session.keys("ctrl-u type:\"customer 360: birthdate after 3 monhts ago\""));
    looks("quick-add-understood", session.keys("ctrl-u type:\"customer 360: city in Seattle, Chicago\""));
    session.keys("esc");
    looks("quick-edit", session.keys("g j j j j j w"));
}

#[test]
fn segments_as_sql() {
    let mut session = walked();
    looks("sql-view", session.keys("Q"));
    looks("sql-view-relative", session.keys("r tab tab G"));
    let mut session = sql::editing_unsupported();
    looks("sql-view-refused", session.keys("Q shift-tab"));
    let mut session = walked();
    looks("sql-convert", session.keys("C"));
    looks("sql-converted", session.keys("y"));
}

#[test]
fn saving() {
    let mut session = walked();
    looks("save-as", session.keys("s type:Untitled_2 enter type:chur down"));
    session.keys("ctrl-u esc s").keys(&format!("type:{NAME} enter type:Churn_2025 enter"));
    looks("overview", &mut session);
    looks("confirm", session.keys("e space q"));
    let mut session = Session::editing(&actions::document());
    looks("differences", session.keys("j j d V enter"));
    let mut session = Session::editing(&actions::document());
    saving::spoil_drafts(&session);
    looks("keep-in", session.keys("j d q k f type:~/rescued"));
}

#[test]
fn summary_of_a_segment() {
    let mut session = walked();
    session.keys("s").keys(&format!("type:{NAME} enter type:Churn_2025 enter"));
    looks("summary-tree", session.keys("j j"));
    looks("summary-trend", session.keys("l l"));
    looks("summary-last", session.keys("G"));
    looks("summary-card", session.keys("enter"));
    looks("summary-cards", session.keys("esc X j j space"));
    session.keys("space esc a type:Cities tab space tab enter type:\"360: city\" enter");
    looks("metric-form", &mut session);
    session.keys("ctrl-s");
    looks("summary-metric", session.keys("G"));
}

#[test]
fn summary_of_less() {
    for variant in ["items-only", "attributes-only", "bare"] {
        let folder = crate::conformance::folder(Some(&format!("variants/{variant}")), "parquet");
        looks(&format!("summary-{variant}"), summary::missing(folder).keys("j j"));
    }
    // Nobody in the segment.
    let mut session = Session::small();
    session.keys(
        "n a type:\"customer 360\" enter type:city enter type:\"is exactly\" enter type:nowhere enter v",
    );
    looks("summary-nobody", session.keys("j j"));
    assert_eq!(session.members(), 0);
}

#[test]
fn commands() {
    let mut session = Session::demo();
    looks("help", session.keys("n ?"));
    looks("palette", session.keys("esc : type:section"));
    looks("messages", session.keys("esc u u M"));
    looks("themes", session.keys("esc ctrl-t down"));
}

#[test]
fn broken_database() {
    let setup = Setup { databases: vec![PathBuf::from("no/such/folder")], ..Setup::demo() };
    let mut session = setup.start();
    looks("broken-database", session.keys("j"));
    looks("broken-database-editor", session.keys("n 1"));
}

#[test]
fn notes_of_tables() {
    let mut session = notes::session();
    looks("notes-folder", session.keys("n 1"));
    looks("notes-damaged", session.keys("j"));
    looks("notes-damaged-open", session.keys("enter"));
    looks("notes-no-id", session.keys("esc j"));
    looks("notes-no-id-open", session.keys("enter"));
    looks("notes-table", session.keys("esc j"));
    looks("notes-table-unfolded", session.keys("enter j"));
    looks("notes-table-open", session.keys("enter down down"));
    let mut session = notes::refused();
    looks("refused-database", session.keys("n 3"));
}

#[test]
fn numbers_pending() {
    let mut session = walked();
    session.is_paused = true;
    looks("pending", session.keys("g j j j space"));
    assert!(matches!(session.effects.last(), Some(Effect::KeepDraft(_))));
    let mut session = Session::demo();
    session.is_paused = true;
    looks("pending-first", session.keys("n"));
}

#[test]
fn data_explorer() {
    let mut session = Session::demo();
    looks("explorer", session.keys("P"));
    session.keys("/ type:\"item revenue\" enter right right").sees("Item Revenue").sees("mean");
    looks("explorer-column", &mut session);
    looks("explorer-find", session.keys("/ type:city"));
    let mut session = notes::refused();
    looks("explorer-refused", session.keys("P"));
}

#[test]
fn customers_of_a_segment() {
    let mut session = customers::everybody();
    looks("customers", session.keys("j j l l l"));
    looks("customers-sorted", session.keys("l s s"));
    looks("customers-searching", session.keys("/ type:smith"));
    looks("customers-unknown", session.keys("type:zzz"));
    looks("customers-columns", session.keys("esc a type:order space down space"));
    // Its path is another one each time.
    session
        .keys("esc esc x")
        .sees("Export to a file")
        .sees("CSV with a header line")
        .sees("(•) what is shown");
    std::fs::create_dir(session.root().join("home")).unwrap();
    looks("export", session.keys("ctrl-u type:~/found.csv"));
    session.resize(80, 24);
    session.sees("Export to a file").sees("8,000 customers");
    let setup = Setup { databases: vec![demo_folder()], ..Setup::small() };
    let mut session = Session::editing_with(&customers::document_of("Nowhere"), setup);
    looks("customers-nobody", session.keys("v 4"));
    let mut session = customers::by_hand();
    customers::answer(&mut session, 40, customers::hostile);
    looks("customers-hostile", session.keys("j j j j j l l l"));
    session.keys("G l");
    looks("customers-last", &mut session);
}
