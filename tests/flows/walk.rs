//! The whole way of a segment, from the first key to the second revision.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use segtui::backend::{Cancel, WaterfallLine};
use segtui::local::Engine;
use segtui::segment::{NodePath, Side, Status};

use super::harness::{Session, Shown, demo_folder};
use crate::slow::{Cell, Rows};

/// Predicted CLV → lifecycle status → is in list → three values.
pub const STATUS: &str = "a type:\"lifecycle status\" enter type:\"in list\" enter \
    type:active space ctrl-u type:cool space ctrl-u type:risk space enter";
/// A section with: has purchased exactly 1, after 3 months ago, where product category is exactly socks.
pub const SOCKS: &str = "A a type:behav enter type:\"has purchased\" enter type:exactly enter \
    enter a enter type:\"3 months ago\" enter \
    enter type:\"product category\" enter type:\"is exactly\" enter type:socks enter enter";
pub const NOT_IN_CALIFORNIA: &str =
    "x type:\"customer 360\" enter type:state enter type:\"is exactly\" enter type:CA enter";
pub const NAME: &str = "Churn_ActiveCoolingDownAtRisk_HighValue_Socks";

#[test]
fn a_segment_is_built_saved_and_opened_again() {
    let mut session = Session::demo();
    session.keys("n");
    session.sees("100.0 %");
    let all = session.members();

    session.keys(STATUS);
    session.sees("Active, Cooling down, At risk");
    let with_status = session.members();
    assert!(with_status > 0 && with_status < all);
    session.sees_no("100.0 %");

    session.keys(SOCKS);
    session
        .sees("Has Purchased exactly")
        .sees("after 3 months ago")
        .sees("Product Category is exactly socks");
    assert_eq!(session.shape(), "ALL(ALL(predicted_customer_lifecycle_status) ALL(has_purchased)) - ANY()");
    let both = session.insights();
    assert!(both.unique_customers > 0 && both.unique_customers < with_status);

    session.keys("g &");
    assert!(session.shape().starts_with("ANY("));
    let either = session.members();
    let alone = |session: &Session, section: usize| {
        let lines = &session.editor().live.evaluation.as_ref().unwrap().evaluation.waterfall;
        let is_it = |line: &&WaterfallLine| line.path == NodePath::root(Side::Include).child(section);
        lines.iter().find(is_it).unwrap().alone
    };
    assert_eq!(either + both.unique_customers, alone(&session, 0) + alone(&session, 1));
    session.keys("&");
    assert_eq!(session.insights(), both, "back is exactly where it was");

    session.keys(NOT_IN_CALIFORNIA);
    assert_eq!(
        session.shape(),
        "ALL(ALL(predicted_customer_lifecycle_status) ALL(has_purchased)) - ANY(ANY(state))"
    );
    let found = session.insights();
    assert!(found.unique_customers < both.unique_customers);
    assert_eq!(found.unique_customers, counted_by_hand());

    session.keys("s").keys(&format!("type:{NAME} enter")).sees("outside all folders");
    session.keys("type:Churn_2025").sees("a new folder Churn_2025");
    session.keys("enter");
    assert_eq!(session.shown(), Shown::Overview);
    session.sees(NAME).sees("revision 1, saved by ana at 2026-01-02T03:04:05Z");
    assert_eq!(session.insights(), found);
    let (saved, entry) = workspace_entry(&session);
    assert_eq!(
        (saved.revision, saved.status, saved.activation_id.as_str()),
        (1, Status::Draft, "amperity_id")
    );
    assert!(
        entry.ends_with("segments/churn-2025/churn-activecoolingdownatrisk-highvalue-socks.segment.json")
    );
    assert!(session.drafts().drafts.is_empty(), "what is saved is no draft");

    let engine = Engine::new(crate::conformance::open(&demo_folder()));
    let as_of = NaiveDate::from_ymd_opt(2025, 12, 31).unwrap();
    let strict = engine.evaluate_strictly(&saved, as_of, &Cancel::default()).unwrap();
    assert_eq!(strict.insights, found);

    session.keys("q");
    assert!(session.app.has_ended());

    let mut session = session.crash();
    session.keys("/ type:\"churn_2025 socks\" enter");
    assert_eq!(session.segment(), &saved);
    assert_eq!(session.insights(), found);
    session.keys("G up space").sees("● edited");
    assert_eq!(
        session.shape(),
        "ALL(ALL(predicted_customer_lifecycle_status) ALL(has_purchased)) - ANY(ANY(!state))"
    );
    let more = session.members();
    assert_eq!(more, both.unique_customers, "those of California are back");
    session.keys("s");
    assert_eq!(session.shown(), Shown::Overview);
    let (again, same_place) = workspace_entry(&session);
    assert_eq!((again.revision, same_place), (2, entry));
    assert_eq!(again.created, saved.created);
    assert_eq!(session.workspace().history(&again.id).unwrap().revisions.len(), 2);
    assert_eq!(session.members(), more);
}

/// The saved document in the new folder, and its file; the demo has a segment of the same name.
fn workspace_entry(session: &Session) -> (segtui::segment::Segment, std::path::PathBuf) {
    let listing = session.workspace().list().unwrap();
    let folder = listing.folders.iter().find(|folder| folder.name == "Churn_2025").unwrap();
    let entry = listing.segments.iter().find(|entry| entry.folder.as_ref() == Some(&folder.id)).unwrap();
    let text = std::fs::read_to_string(&entry.path).unwrap();
    (segtui::segment::Segment::from_json(&text).unwrap(), entry.path.clone())
}

/// The members of the walk's segment, worked out row by row without the engine.
fn counted_by_hand() -> u64 {
    let database = crate::conformance::open(&demo_folder());
    let rows = |name: &str| Rows::read(&database, database.table(name).unwrap(), "amperity_id");
    let is = |cell: &Cell, words: &[&str]| {
        cell.text().is_some_and(|text| words.iter().any(|word| text.to_lowercase() == word.to_lowercase()))
    };
    let predicted = rows("Predicted_CLV_Attributes");
    let statuses = ["Active", "Cooling down", "At risk"];
    let with_status = (0..predicted.len())
        .filter(|row| is(predicted.cell(*row, "predicted_customer_lifecycle_status"), &statuses))
        .filter_map(|row| predicted.ids[row].clone());
    let with_status: HashSet<String> = with_status.collect();

    let items = rows("Unified_Itemized_Transactions");
    // The day on which the data stands, three months before.
    let after = NaiveDate::from_ymd_opt(2025, 9, 30).unwrap();
    let mut orders: HashMap<String, HashSet<String>> = HashMap::new();
    for row in 0..items.len() {
        let cell = |column: &str| items.cell(row, column);
        let undone = *cell("is_return") == Cell::Flag(true) || *cell("is_cancellation") == Cell::Flag(true);
        let (Some(id), Some(order)) = (&items.ids[row], cell("order_id").text()) else { continue };
        let dated = *cell("order_datetime") != Cell::Null && cell("order_datetime").day() > after;
        if dated && !undone && is(cell("product_category"), &["socks"]) {
            orders.entry(id.clone()).or_default().insert(order);
        }
    }

    let customers = rows("Customer_360");
    let members = (0..customers.len()).filter(|row| {
        let Some(id) = &customers.ids[*row] else { return false };
        with_status.contains(id)
            && orders.get(id).is_some_and(|orders| orders.len() == 1)
            && !is(customers.cell(*row, "state"), &["CA"])
    });
    members.filter_map(|row| customers.ids[row].clone()).collect::<HashSet<_>>().len() as u64
}
