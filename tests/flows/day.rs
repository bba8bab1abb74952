//! The day of evaluation: typed, marked, and given up again with one key.

use chrono::NaiveDate;
use segtui::app::action::Action;
use segtui::app::effect::Effect;
use segtui::segment::Segment;
use serde_json::json;

use super::harness::{Session, Setup, conformance_folder, demo_folder};
use super::query_tables;

const OWN: &str = "2024-02-29";

/// Who has bought within three months.
fn document() -> Segment {
    let recent = json!({"purchase": "has_purchased", "op": "at_least", "value": 1,
        "when": {"op": "after", "value": {"relative": "3 months ago"}}});
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_recent", "name": "Recent", "status": "draft",
        "database": "nasty", "activation_id": "amperity_id", "revision": 1,
        "include": {"match": "all", "of": [{"match": "all", "of": [recent]}]},
        "exclude": {"match": "any", "of": []},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn everything_follows_the_day_that_is_typed() {
    let started = Setup { as_of: Some("2023-04-01".parse().unwrap()), ..Setup::small() };
    let then = Session::editing_with(&document(), started).insights();
    let mut session = Session::editing(&document());
    let own = session.insights();
    assert_ne!(own, then, "the day makes a difference");
    let files = session.files();

    session.keys("v @").sees("= 2024-02-29, the data's own day");
    session.keys("type:2023-04-01").sees("= 2023-04-01, 334 days before the data's own").keys("enter");
    session.sees("as of 2023-04-01; = goes back to 2024-02-29, the data's own day");
    assert_eq!((session.app.as_of(), session.insights()), (day("2023-04-01"), then));
    let asked = session.effects.iter().rev().find_map(|effect| match effect {
        Effect::AskPage { question, .. } => Some(format!("{question:?}")),
        _ => None,
    });
    assert!(asked.unwrap().contains("as_of: 2023-04-01"), "the page asks again");
    session.keys("e").sees("as of 2023-04-01 ≠ data 2024-02-29");
    assert!(!session.editor().is_edited(), "a day is no edit");
    assert_eq!(session.files(), files);

    session.keys("=").sees("as of 2024-02-29, the data's own day").sees_no("≠");
    assert_eq!((session.app.as_of(), session.insights()), (day(OWN), own));
    let evaluated = |session: &Session| {
        session.effects.iter().filter(|effect| matches!(effect, Effect::Evaluate { .. })).count()
    };
    let before = evaluated(&session);
    session.keys("=").sees("2024-02-29 is the data's own day").keys("@ type:today enter");
    assert_eq!(evaluated(&session), before, "the same day is asked for once");
}

#[test]
fn words_count_from_the_day_of_the_data() {
    let mut session = Session::small();
    session.keys("@ type:\"3 months ago\" enter").sees("as of 2023-11-29");
    // Not from the day before.
    session.keys("@ ctrl-u type:yesterday enter");
    assert_eq!(session.app.as_of(), day("2024-02-28"));
    session.keys("@").sees("yesterday").keys("ctrl-u enter");
    assert_eq!(session.app.as_of(), day(OWN), "nothing is the data's own day");
}

#[test]
fn what_is_no_day_says_why_and_changes_nothing() {
    let mut session = Session::small();
    session.keys("@ type:soon").sees("\"soon\" is no date").sees("3 months ago").keys("enter");
    session.sees("\"soon\" is no date").keys("ctrl-u type:\"2024-02-01 10:00:00\" enter").sees("is a time");
    session.keys("ctrl-u paste:\"2024-02-30\" enter").sees("no such date");
    session.keys("ctrl-u type:\"10000 years ago\" enter").sees("name a nearer day");
    session.keys("up tab esc");
    assert_eq!(session.app.as_of(), day(OWN));
    assert!(session.app.overlays().is_empty());
}

#[test]
fn the_head_line_marks_another_day_at_any_width() {
    let mut session = Session::small();
    session.keys("@ type:2023-05-31 enter n");
    for (columns, marked) in
        [(200, "as of 2023-05-31 ≠ data 2024-02-29"), (80, "as of 2023-05-31 *"), (40, "as of 2023-05-31 *")]
    {
        session.resize(columns, 24);
        let head = session.screen().lines().next().unwrap().to_owned();
        assert!(head.trim_end().ends_with(marked), "{head}");
    }
    session.keys("P").sees("as of 2023-05-31 *").keys("=").sees_no("*");
    assert_eq!(session.app.as_of(), day(OWN), "from the data explorer as well");
}

#[test]
fn another_database_has_its_own_day() {
    let databases = vec![conformance_folder(), demo_folder()];
    let mut session = Setup { databases: databases.clone(), ..Setup::small() }.start();
    session.keys("@ type:\"1 year ago\" enter");
    assert_eq!(session.app.as_of(), day("2023-02-28"));
    session.keys("D type:data enter").sees("as of 2025-12-31").sees_no("≠");
    session.keys("D enter").sees("as of 2025-12-31");

    // That of the command line is meant for all.
    let as_of = Some("1 month ago".parse().unwrap());
    let mut session = Setup { databases, as_of, ..Setup::small() }.start();
    assert_eq!(session.app.as_of(), day("2024-01-29"));
    session
        .keys("@ ctrl-u type:2020-01-01 enter D type:data enter")
        .sees("as of 2025-11-30 ≠ data 2025-12-31");
    session.keys("=");
    assert_eq!(session.app.as_of(), day("2025-12-31"));
}

#[test]
fn tables_of_saved_queries_are_of_the_day() {
    let mut session = query_tables::with_query("loyal.sql", query_tables::LOYAL);
    session.keys("@ type:2023-04-01 enter");
    let read = |effect: &Effect| matches!(effect, Effect::ReadWorkspaceTables { as_of, .. } if *as_of == day("2023-04-01"));
    assert!(session.effects.iter().any(read));
}

#[test]
fn without_a_database_there_is_no_day_to_choose() {
    let mut session = Setup { databases: vec!["/nowhere".into()], ..Setup::small() }.start();
    session.act(Action::SetDay);
    assert!(session.app.overlays().is_empty());
}
