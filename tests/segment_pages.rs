//! What the pages of a segment that break it down and compare it look like in three sizes, with all that they show and
//! with parts missing.

use segtui::app::effect::Effect;
use serde_json::{Value, json};

use crate::conformance;
use crate::flows::actions::document;
use crate::flows::harness::{Session, Setup, put};
use crate::flows::{compare, explain};
use crate::screens::looks;
use segtui::segment::Segment;

/// The demo with a segment open, and three others beside it.
fn demo() -> Session {
    let mut session = Session::demo();
    session.keys("/ type:highvalue enter v");
    session
}

#[test]
fn breakdown() {
    let mut session = demo();
    looks("breakdown", session.keys("2"));
    looks("breakdown-revenue", session.keys("l l j j m"));
    looks("breakdown-table", session.keys("l o j j j"));
    session.keys("o");
    looks("breakdown-attributes", session.keys("d a type:survey"));
    session.keys("esc");
    looks("days", session.keys("t"));
    session.keys("esc");
    looks("breakdown-days", session.keys("t type:\"6 months ago\" tab type:2030-01-01 enter"));
}

#[test]
fn breakdown_while_counting() {
    let mut session = demo();
    session.keys("2");
    session.hold_back(|effect| matches!(effect, Effect::AskPage { .. }));
    looks("breakdown-counting", session.keys("d"));
}

#[test]
fn comparison() {
    let mut session = compare::session_with(Setup::small());
    looks("compare-alone", session.keys("v 3"));
    session.keys("a type:beta enter a type:gamma enter a type:delta enter a type:epsilon enter");
    looks("compare", session.keys("h h"));
    looks("compare-baseline", session.keys("b b"));
    looks("overlaps", session.keys("o j j space j space"));
    looks("overlaps-pairs", session.keys("h k k space"));
    looks("overlaps-question", session.keys("u"));
    session.keys("esc o l l l d a");
    looks("compare-choose", &mut session);
}

/// Everybody, and nobody.
fn everybody(is_nobody: bool) -> Segment {
    let table = json!({"table": "Customer_360", "column": "city"});
    let nobody = json!({"attribute": table, "op": "is_exactly", "value": "Nowhere"});
    let of: Vec<Value> = if is_nobody { vec![nobody] } else { Vec::new() };
    let mut segment = document();
    let made = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_given", "name": "Given", "database": "nasty",
        "activation_id": "amperity_id", "revision": 3, "include": {"match": "all", "of": of},
    });
    segment.definition = Segment::from_json(&made.to_string()).unwrap().definition;
    segment
}

#[test]
fn missing_data() {
    for variant in ["items-only", "attributes-only", "bare"] {
        let folder = conformance::folder(Some(&format!("variants/{variant}")), "parquet");
        let setup = Setup { databases: vec![folder], ..Setup::small() };
        let mut session = Session::editing_with(&everybody(false), setup);
        let other = Segment { id: "seg_other".to_owned(), name: "Other".to_owned(), ..everybody(true) };
        put(&session.root().join("workspace/segments/other.segment.json"), &other.to_json());
        session.event(segtui::app::event::Event::WorkspaceChanged);
        looks(&format!("breakdown-{variant}"), session.keys("v 2"));
        looks(&format!("compare-{variant}"), session.keys("3 a type:other enter"));
    }
}

#[test]
fn nobody() {
    let mut session = Session::editing(&everybody(true));
    looks("breakdown-nobody", session.keys("v 2"));
    looks("compare-nobody", session.keys("3"));
    looks("overlaps-nobody", session.keys("o"));
}

#[test]
fn explanations() {
    let setup = || Setup { databases: vec![crate::flows::harness::demo_folder()], ..Setup::demo() };
    let mut session = setup().start();
    session.keys("/ type:highvalue enter W");
    looks("explain-nobody", &mut session);
    looks("explain-searching", session.keys("type:smith down down"));
    // Members are not the same as others, whatever the data is.
    session.keys("esc esc v 4 w");
    looks("explain-member", &mut session);
    looks("explain-rows", session.keys("G"));
    looks("explain-pinned", session.keys("e"));
    session.keys("esc k k").keys("/ ctrl-u type:00086d7f-27e8-470b-919b-cfcaba43c167 enter");
    looks("explain-not", &mut session);
    session.keys("/ ctrl-u type:nobody enter");
    looks("explain-unknown", &mut session);
    let several =
        "paste:\"00086d7f-27e8-470b-919b-cfcaba43c167\\nnobody\\n000bd6cc-5634-46c5-899f-773e8b5b9489\"";
    looks("explain-several", session.keys(several));
    let many: Vec<String> = (0..40).map(|at| format!("nobody {at}")).collect();
    session.event(segtui::app::event::Event::Paste(many.join("\n")));
    looks("explain-many", session.keys("j j"));
}

#[test]
fn explanations_by_hand() {
    let mut session = explain::nested();
    looks("explain-nested", session.keys("W type:C007 enter j j enter j j j"));
    let mut session = Session::editing(&document());
    session.hold_back(|effect| matches!(effect, Effect::AskPage { .. }));
    session.keys("W paste:zed enter");
    let (request, _) = crate::flows::breakdown::asked(&session);
    let found = std::sync::Arc::new(explain::found(&[], 0));
    session.event(segtui::app::event::Event::PageAnswered { request, result: Ok(found) });
    let tables = vec!["Unified_Transactions".to_owned(), "Survey_Answers".to_owned()];
    explain::stranger(&mut session, segtui::backend::IdStanding::Orphan { tables });
    looks("explain-orphan", &mut session);
}
