//! Explain: customers are named, explained line by line, walked through, and stay beside the criteria.

use std::sync::Arc;

use segtui::app::Screen;
use segtui::app::effect::Effect;
use segtui::app::event::Event;
use segtui::app::layers::editor::criteria::Cursor;
use segtui::app::layers::overlay::Overlay;
use segtui::app::layers::pages::PageKind;
use segtui::app::layers::pages::explain::{Explain, LineKind};
use segtui::backend::{
    self, Evidence, ExplainedCustomer, ExplainedNode, Explanation, FoundCustomer, FoundCustomers, IdStanding,
    PageAnswer, PageQuestion, SegmentVerdict,
};
use segtui::segment::{Match, NodePath, Segment, Side};
use serde_json::json;

use super::actions::document;
use super::breakdown::{asked, is_of_page};
use super::harness::{Session, Setup, Shown, put};

/// The page of explanations.
pub fn page(session: &Session) -> &Explain {
    match session.app.screen() {
        Screen::Page(_, pages) => &pages.explain,
        other => panic!("{other:?}"),
    }
}

/// The questions of this kind, in order.
fn questions(session: &Session) -> Vec<&backend::Explain> {
    let of_page = session.effects.iter().filter_map(|effect| match effect {
        Effect::AskPage { question, .. } => match &**question {
            PageQuestion::Explain(question) => Some(question),
            _ => None,
        },
        _ => None,
    });
    of_page.collect()
}

fn explained_ids(session: &Session) -> Vec<String> {
    questions(session).last().unwrap().ids.clone()
}

fn is_member(session: &Session) -> bool {
    let (_, _, customer) = page(session).answered().unwrap();
    assert_eq!(customer.standing, IdStanding::Customer);
    customer.verdict.is_member
}

fn copied(session: &Session) -> &str {
    match session.effects.last() {
        Some(Effect::Copy(text)) => text,
        other => panic!("nothing was copied: {other:?}"),
    }
}

fn answer(session: &mut Session, answer: PageAnswer) {
    let (request, _) = asked(session);
    session.event(Event::PageAnswered { request, result: Ok(Arc::new(answer)) });
}

/// The answer for an id that is no customer.
pub fn stranger(session: &mut Session, standing: IdStanding) {
    let (_, question) = asked(session);
    let PageQuestion::Explain(question) = question else { panic!("{question:?}") };
    let customer = ExplainedCustomer {
        id: question.ids[0].clone(),
        standing,
        verdict: SegmentVerdict { is_member: false, sides: Vec::new() },
        flips: Vec::new(),
    };
    let explanation = Explanation {
        as_of: question.as_of,
        activation_id: "amperity_id".to_owned(),
        customers: vec![customer],
        problems: Vec::new(),
    };
    answer(session, PageAnswer::Explanation(explanation));
}

/// Customers that were found by a city.
pub fn found(ids: &[&str], left_out: u64) -> PageAnswer {
    let by = |id: &&str| FoundCustomer {
        id: (*id).to_owned(),
        by: Some(("Customer_360".to_owned(), "city".to_owned(), "Chicago".to_owned())),
    };
    PageAnswer::Found(FoundCustomers { customers: ids.iter().map(by).collect(), left_out })
}

#[test]
fn an_id_is_typed_and_explained_line_by_line() {
    let mut session = Session::editing(&document());
    session.keys("W").sees("Type or paste the id");
    session.keys("type:C007 enter").sees("✓ MEMBER of Given").sees("customer C007");
    assert!(is_member(&session));
    assert_eq!(explained_ids(&session), ["C007"]);
    let places: Vec<String> = page(&session).lines().iter().map(|line| line.number()).collect();
    assert_eq!(places, ["", "", "1", "1.1", "1.2", "2.1", "", "1.1"]);
    // When the answer is another one is asked once there is an answer.
    let kinds = session.effects.iter().filter_map(|effect| match effect {
        Effect::AskPage { question, .. } => Some(matches!(**question, PageQuestion::Change(_))),
        _ => None,
    });
    assert_eq!(kinds.skip_while(|is_change| !is_change).collect::<Vec<_>>(), [true]);
    session.keys("j j j").sees("Why include 1.1").sees("City is not null");
    session.keys("G").sees("Why exclude 1.1").sees("Is Loyalty Member is true");
    session.keys("y");
    let text = copied(&session);
    assert!(text.starts_with("customer C007: MEMBER of Given as of "), "{text}");
    assert!(text.contains("true: 1.2 Points is less than 500"), "{text}");
}

#[test]
fn every_customer_is_explained_as_she_is_counted() {
    let mut session = Session::editing(&document());
    session.keys("v 4");
    let members = super::customers::page(&session).rows.matches();
    session
        .keys("5")
        .keys("paste:\"C001\\nC002\\nC003\\nC004\\nC005\\nC006\\nC007\\nC008\\nC009\\nC010\\nC011\\nC012\"");
    let page = page(&session);
    let tally = page.table.tally();
    assert!(members > 0 && tally.members > 0 && tally.members <= members, "{tally:?} of {members}");
    for (id, row) in page.ids.iter().zip(&page.table.rows) {
        let is_listed = session_of_members(&document()).contains(id);
        assert_eq!(row.is_member, is_listed, "{id}");
    }
}

fn session_of_members(document: &Segment) -> Vec<String> {
    let mut session = Session::editing(document);
    session.keys("v 4");
    let rows = &super::customers::page(&session).rows.window().unwrap().rows;
    rows.iter().filter_map(|row| row[0].clone()).collect()
}

#[test]
fn several_ids_are_a_table_that_opens_to_each() {
    let mut session = Session::editing(&document());
    session.keys("W paste:\"C007\\nC001\\nnobody\\n\\nC007\"").sees("3 ids").sees("1 unknown");
    assert_eq!(page(&session).ids, ["C007", "C001", "nobody"]);
    assert!(page(&session).is_table());
    session.sees("✓ member").sees("? unknown").sees("City is not null");
    // Ids are columns where they fit.
    session.keys("l enter").sees("customer C001").sees("2 of 3");
    assert_eq!(page(&session).current_id(), Some("C001"));
    session.keys("n").sees("customer nobody").sees("UNKNOWN").keys("n");
    assert_eq!(page(&session).row, 2, "there is no further one");
    session.keys("p p").sees("customer C007");
    session.keys("esc").sees("3 ids");
    // Down goes to the lines; Enter edits none of them here, it opens the customer.
    session.keys("j j").sees("include 1.2: Points is less than 500");
    session.keys("y");
    assert!(copied(&session).starts_with("id\tanswer\tinclude.0.0\tinclude.0.1\tinclude.1.0\texclude.0.0\n"));
    assert!(copied(&session).contains("\nnobody\tunknown\n"));
    session.keys("e");
    assert_eq!(session.shown(), Shown::Editor);
    assert_eq!(session.editor().criteria.cursor, at(&[0, 1]), "at the line of the cursor");
}

fn at(steps: &[usize]) -> Cursor {
    Cursor::Node(NodePath { side: Side::Include, steps: steps.to_vec() })
}

#[test]
fn ids_on_one_line_are_parted_unless_they_are_one() {
    let mut session = Session::editing(&document());
    session.hold_back(is_of_page);
    session.keys("W type:\"C007, C008\"");
    answer(&mut session, found(&[], 0));
    session.keys("enter");
    // There may be a customer of this very id.
    assert_eq!(explained_ids(&session), ["C007, C008"]);
    stranger(&mut session, IdStanding::Unknown { similar: Vec::new() });
    assert_eq!(explained_ids(&session), ["C007", "C008"]);
    assert!(page(&session).is_table());
}

#[test]
fn the_search_offers_whom_it_finds_and_an_exact_id_wins() {
    let mut session = Session::editing(&document());
    session.hold_back(is_of_page);
    session.keys("W type:chic").sees("looking");
    let (_, PageQuestion::Find(question)) = asked(&session) else { panic!() };
    assert_eq!((question.text.as_str(), question.activation_id.as_str()), ("chic", "amperity_id"));
    // Enter before the answer waits for it.
    session.keys("enter");
    assert_eq!(page(&session).current_id(), None);
    answer(&mut session, found(&["C008", "C009"], 7));
    assert_eq!(explained_ids(&session), ["C008"]);
    session.keys("/");
    answer_if_find(&mut session, found(&["C008", "C009"], 7));
    session.sees("Chicago").sees("Customer 360 · City").sees("… and 7 more").keys("down enter");
    assert_eq!(explained_ids(&session), ["C009"]);
    // What is the whole id of someone is meant, whatever else is found.
    session.keys("/ ctrl-u type:C00");
    answer(&mut session, found(&["C009", "C00"], 0));
    session.keys("enter");
    assert_eq!(explained_ids(&session), ["C00"]);
    // A text that nobody has is looked up as it stands.
    session.keys("/ ctrl-u type:zz");
    answer(&mut session, found(&[], 0));
    session.sees("Enter looks the id up").keys("enter");
    assert_eq!(explained_ids(&session), ["zz"]);
    // Esc leaves what was named.
    session.keys("/ esc");
    assert_eq!(page(&session).current_id(), Some("zz"));
}

/// The same text has been looked for: nothing is asked again.
fn answer_if_find(session: &mut Session, found: PageAnswer) {
    if let (_, PageQuestion::Find(_)) = asked(session) {
        answer(session, found);
    }
}

#[test]
fn an_id_that_is_no_customer_says_what_it_is() {
    let mut session = Session::editing(&document());
    session.hold_back(is_of_page);
    session.keys("W type:zed");
    answer(&mut session, found(&[], 0));
    session.keys("enter");
    stranger(&mut session, IdStanding::Orphan { tables: vec!["Unified_Transactions".to_owned()] });
    session.sees("AN ORPHAN").sees("Unified_Transactions has rows with this id, but it is no customer");
    session.keys("/ ctrl-u type:c007");
    answer(&mut session, found(&[], 0));
    session.keys("enter");
    stranger(&mut session, IdStanding::Unknown { similar: vec!["C007".to_owned()] });
    session.sees("UNKNOWN").sees("Known only as “C007”").sees("Enter takes it");
    session.keys("enter");
    assert_eq!(explained_ids(&session), ["C007"]);
}

#[test]
fn ten_thousand_ids_are_asked_for_some_at_a_time() {
    let mut session = Session::editing(&document());
    let mut ids: Vec<String> = (0..9_999).map(|id| format!("C{id:03}")).collect();
    ids.push("nobody at all".to_owned());
    session.keys("W");
    session.event(Event::Paste(ids.join("\n")));
    session.sees("10,000 ids").sees("unknown");
    let page = page(&session);
    assert_eq!((page.ids.len(), page.table.known()), (10_000, 10_000));
    let tally = page.table.tally();
    assert_eq!(tally.members + tally.others + tally.orphans + tally.unknown, 10_000);
    assert!(tally.members > 0 && tally.unknown > 9_000);
    assert!(questions(&session).iter().all(|question| question.ids.len() <= 200));
    session.keys("G").sees("nobody at all").keys("enter").sees("10,000 of 10,000");
}

#[test]
fn it_walks_along_with_edits() {
    let mut session = Session::editing(&document());
    session.keys("W type:C007 enter j j j j").sees("✓ MEMBER");
    // Enter edits the condition at the cursor, and one step back is the new answer.
    session.keys("enter");
    assert!(matches!(session.overlay(), Some(Overlay::ValueEntry(_))));
    assert_eq!(session.editor().criteria.cursor, at(&[0, 1]));
    session.keys("ctrl-u type:-5 enter").sees("not a member ✗");
    session.keys("esc").sees("✗ NOT A MEMBER").sees("include 1.2");
    assert!(!is_member(&session));
    let (question, ..) = page(&session).answered().unwrap();
    assert!(Arc::ptr_eq(&question.segment, session.editor().segment()));
    session.keys("e u").sees("member ✓").keys("esc").sees("✓ MEMBER");
    // Esc goes to the editor, and from there back to the list.
    session.keys("esc");
    assert_eq!(session.shown(), Shown::Editor);
    session.keys("esc");
    assert_eq!(session.shown(), Shown::Home);
}

#[test]
fn she_stays_beside_the_criteria_and_numbers_come_first() {
    let mut session = Session::editing(&document());
    session.keys("W type:C007 enter e").sees("member ✓");
    let before = questions(&session).len();
    session.is_paused = true;
    session.keys("g j j space");
    assert_eq!(questions(&session).len(), before, "numbers are still being worked out");
    session.is_paused = false;
    session.release_one();
    assert_eq!(questions(&session).len(), before + 1);
    session.keys("p").sees("does not stay beside").sees_no("member ✓");
    let before = questions(&session).len();
    session.keys("u");
    assert_eq!(questions(&session).len(), before, "nobody is asked about");
    session.keys("p").sees("member ✓");
    let mut session = Session::editing(&document());
    session.keys("p").sees("explain a customer first (W)");
}

#[test]
fn from_a_row_of_the_customers() {
    let mut session = Session::editing(&document());
    session.keys("v 4 j w").sees("✓ MEMBER");
    let second = session_of_members(&document())[1].clone();
    assert_eq!(page(&session).current_id(), Some(second.as_str()));
}

#[test]
fn one_step_back_is_where_it_was_opened_from() {
    let shown = |session: &Session| match session.app.screen() {
        Screen::Page(_, pages) => pages.shown,
        _ => None,
    };
    let mut session = Session::editing(&document());
    session.keys("v 4 w").sees("✓ MEMBER").keys("esc");
    assert_eq!(shown(&session), Some(PageKind::Customers));
    // The editor lies between, not behind.
    session.keys("w e esc").sees("✓ MEMBER").keys("esc");
    assert_eq!(shown(&session), Some(PageKind::Customers));
    session.keys("1 5 esc");
    assert_eq!(shown(&session), Some(PageKind::Summary));
    session.keys("e W esc");
    assert_eq!(session.shown(), Shown::Editor);
    // From the list of segments.
    session.keys("esc esc");
    assert_eq!(session.shown(), Shown::Home);
    session.keys("W").sees("MEMBER of").keys("esc");
    assert_eq!(session.shown(), Shown::Home);
}

#[test]
fn several_typed_ids_are_said_to_be_several() {
    let mut session = Session::editing(&document());
    session.keys("W type:C001,C002,nowhere").sees("3 ids: Enter explains them").keys("enter").sees("3 ids");
    assert!(page(&session).is_table());
}

#[test]
fn enter_does_nothing_of_an_unknown_id() {
    let mut session = Session::editing(&document());
    session.keys("W type:nowhere enter").sees("search by email or name instead").keys("enter");
    assert_ne!(session.shown(), Shown::Editor);
}

/// `Given` and whoever is in `Other`, which is `Given` without a line.
pub fn nested() -> Session {
    let mut session = Session::editing(&nesting());
    let other = Segment { id: "seg_other".to_owned(), name: "Other".to_owned(), ..document() };
    put(&session.root().join("workspace/segments/other.segment.json"), &other.to_json());
    session.event(Event::WorkspaceChanged);
    session
}

fn nesting() -> Segment {
    let list = json!({"list": {"segment": "seg_other"}, "op": "is_member"});
    let made = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_given", "name": "Given", "database": "nasty",
        "activation_id": "amperity_id", "revision": 3,
        "include": {"match": "all", "of": [{"match": "all", "of": [list]}]},
    });
    Segment::from_json(&made.to_string()).unwrap()
}

#[test]
fn a_segment_that_is_asked_of_opens_inside() {
    let mut session = nested();
    session.keys("W type:C007 enter j j").sees("▸ Is a member of Other").sees("is a member of it");
    let depth = |session: &Session| page(session).lines().iter().map(|line| line.depth).max().unwrap();
    let before = depth(&session);
    session.keys("enter").sees("▾ Is a member of Other").sees("City is not null");
    assert!(depth(&session) > before);
    let lines = page(&session).lines();
    assert!(lines.iter().all(|line| !matches!(line.kind, LineKind::Instead(_))));
    // What stands inside is explained too, and is edited elsewhere.
    session.keys("j j j").sees("Why include 1.1");
    session.keys("enter");
    assert_eq!(session.shown(), Shown::Editor);
    assert!(session.app.overlays().is_empty());
    session.keys("esc k k k enter").sees_no("City is not null");
}

#[test]
fn a_line_with_a_problem_is_marked_and_the_rest_is_explained() {
    let mut broken = document();
    let text = broken.to_json().replacen("\"column\": \"points\"", "\"column\": \"nowhere\"", 1);
    broken = Segment::from_json(&text).unwrap();
    let mut session = Session::editing(&broken);
    session.keys("W type:C007 enter").sees("✓ MEMBER").sees("1 line has a problem and is left out");
    session.keys("j j j j").sees("Why include 1.2").sees("nowhere");
}

#[test]
fn a_query_has_no_lines() {
    let mut session = Session::editing(&document());
    session.keys("C y W type:C007 enter").sees("✓ MEMBER").sees("The query returns the id");
    session.sees("it is written as SQL and has no lines");
}

#[test]
fn it_says_when_it_cannot_be_told() {
    let mut session = Session::editing(&document());
    session.hold_back(is_of_page);
    session.keys("W type:C007");
    answer(&mut session, found(&[], 0));
    session.keys("enter").sees("looking …");
    let (request, PageQuestion::Explain(question)) = asked(&session) else { panic!() };
    let side = |side: Side, result: bool| ExplainedNode {
        path: NodePath::root(side),
        result: Some(result),
        evidence: Evidence::Group { matching: Match::All, of: Vec::new() },
    };
    let verdict = SegmentVerdict {
        is_member: true,
        sides: vec![side(Side::Include, true), side(Side::Exclude, false)],
    };
    let id = question.ids[0].clone();
    let customer = ExplainedCustomer { id, standing: IdStanding::Customer, verdict, flips: Vec::new() };
    let explanation = Explanation {
        as_of: question.as_of,
        activation_id: "amperity_id".to_owned(),
        customers: vec![customer],
        problems: Vec::new(),
    };
    let explanation = Ok(Arc::new(PageAnswer::Explanation(explanation)));
    session.event(Event::PageAnswered { request, result: explanation });
    session.sees("When it changed: …");
    let (request, PageQuestion::Change(_)) = asked(&session) else { panic!() };
    let failure = segtui::diagnostic::Diagnostic::new("the day is asked of a query");
    let result = Err(segtui::app::event::SegmentFailure::Other(failure));
    session.event(Event::PageAnswered { request, result });
    session.sees("the day is asked of a query");
}

#[test]
fn small_terminals_have_all_of_it() {
    let mut session = Session::editing_with(&document(), Setup { size: (40, 12), ..Setup::small() });
    session.keys("W type:C007 enter").sees("MEMBER").keys("j j j").sees("Why include 1.1");
    session.keys("e").sees("✓");
}
