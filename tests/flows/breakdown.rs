//! Breakdown: which attributes, measure and days are asked for, and what becomes of a value.

use std::sync::Arc;

use segtui::app::Screen;
use segtui::app::effect::Effect;
use segtui::app::event::{Event, SegmentFailure};
use segtui::app::layers::pages::breakdown::Breakdown;
use segtui::app::layers::pages::measure::Measure;
use segtui::backend::{
    self, AttributeBreakdown, Backend, BreakDown, Cancel, ColumnName, CountValues, DayRange, ListedValue,
    ListedValues, Money, PageAnswer, PageQuestion, Purchases, SegmentAndAll, Task,
};
use segtui::diagnostic::Diagnostic;
use segtui::local::Engine;
use segtui::segment::Segment;

use super::actions::document;
use super::harness::{Session, Shown, conformance_folder};

/// Questions of pages wait, to be answered by hand.
pub fn is_of_page(effect: &Effect) -> bool {
    matches!(effect, Effect::AskPage { .. })
}

pub fn page(session: &Session) -> &Breakdown {
    match session.app.screen() {
        Screen::Page(_, pages) => &pages.breakdown,
        other => panic!("{other:?}"),
    }
}

/// The last request of a page, and its question.
pub fn asked(session: &Session) -> (u64, PageQuestion) {
    let asked = session.effects.iter().rev().find_map(|effect| match effect {
        Effect::AskPage { request, question, .. } => Some((*request, (**question).clone())),
        _ => None,
    });
    asked.unwrap()
}

fn question(session: &Session) -> BreakDown {
    match asked(session) {
        (_, PageQuestion::Breakdown(question)) => question,
        (_, other) => panic!("{other:?}"),
    }
}

fn columns(session: &Session) -> Vec<String> {
    question(session).attributes.into_iter().map(|name| name.column).collect()
}

/// These values for every attribute that was asked for, most first, each with its purchasers: of the segment and of all.
pub fn answer(session: &mut Session, values: &[(ListedValue, u64, u64)]) {
    let (request, question) = asked(session);
    let PageQuestion::Breakdown(question) = question else { panic!("{question:?}") };
    let of = |purchasers: u64| Purchases {
        purchasers,
        revenue: Some(Money(i64::try_from(purchasers).unwrap() * 1_050)),
    };
    let both = |segment, all| SegmentAndAll { segment: of(segment), all: of(all) };
    let total = values.iter().fold((0, 0), |sum, (_, segment, all)| (sum.0 + segment, sum.1 + all));
    let values = values.iter().map(|(value, segment, all)| (value.clone(), both(*segment, *all))).collect();
    let figures =
        AttributeBreakdown { values: ListedValues { values, left_out: 0 }, total: both(total.0, total.1) };
    let lacking = Diagnostic::new("Unified_Loyalty is not here").with_help("add Unified_Loyalty.parquet");
    let figures_of = |name: ColumnName| match name.column == "loyalty_tier" {
        true => (name, Err(lacking.clone())),
        false => (name, Ok(figures.clone())),
    };
    let answer = backend::Breakdown {
        as_of: question.as_of,
        activation_id: "amperity_id".to_owned(),
        range: question.range,
        attributes: question.attributes.into_iter().map(figures_of).collect(),
    };
    session.event(Event::PageAnswered { request, result: Ok(Arc::new(PageAnswer::Breakdown(answer))) });
}

fn value(text: &str) -> ListedValue {
    ListedValue::Value(text.to_owned())
}

fn by_hand() -> Session {
    let mut session = Session::editing(&document());
    session.hold_back(is_of_page);
    session.keys("v 2");
    session
}

fn answered() -> Session {
    let mut session = by_hand();
    answer(
        &mut session,
        &[
            (value("IL"), 12, 40),
            (ListedValue::Null, 5, 30),
            (ListedValue::Blank, 3, 20),
            (value("TX"), 0, 10),
        ],
    );
    session
}

/// The only condition of the last section, as it is written.
fn last_condition(segment: &Segment) -> serde_json::Value {
    let json: serde_json::Value = serde_json::from_str(&segment.to_json()).unwrap();
    let section = json["include"]["of"].as_array().unwrap().last().unwrap()["of"].clone();
    section.as_array().unwrap().last().unwrap().clone()
}

#[test]
fn the_usual_attributes_of_the_past_year_are_asked_for_once() {
    let mut session = by_hand();
    let expected = [
        "predicted_customer_lifecycle_status",
        "predicted_customer_lifetime_value_tier",
        "state",
        "city",
        "purchase_channel",
        "loyalty_tier",
    ];
    assert_eq!(columns(&session), expected);
    let day = question(&session).as_of;
    assert_eq!(question(&session).range, DayRange::past_year(day));
    session.sees("counting …").sees(&day.to_string());
    let (request, _) = asked(&session);
    session.keys("j l m");
    assert_eq!(asked(&session).0, request, "nothing else is asked for");
    // It stays as it was when one comes back.
    session.keys("1 2");
    assert_eq!((page(&session).measure, page(&session).focus), (Measure::Revenue, 1));
}

#[test]
fn attributes_come_and_go() {
    let mut session = answered();
    session.keys("a").sees("six attributes are shown at most");
    assert!(session.app.overlays().is_empty());
    session.keys("l l d");
    assert!(!columns(&session).contains(&"state".to_owned()));
    session.sees("counting …").keys("a type:rating enter");
    assert_eq!(question(&session).attributes[5].column, "rating");
    assert_eq!(page(&session).focus, 5);
    // What is shown cannot be chosen again.
    session.keys("d a type:city").sees("is shown already").keys("enter esc");
    assert_eq!(columns(&session).len(), 5);
    session.keys("0");
    assert_eq!(columns(&session).len(), 6);
    session.keys("0").sees("these are the attributes that are shown at first");
}

#[test]
fn days_are_typed_and_judged() {
    let mut session = answered();
    let as_of = question(&session).as_of;
    session.keys("t type:\"2 months ago\" tab type:tomorrow enter").sees("the day of evaluation");
    assert_eq!(session.app.overlays().len(), 1);
    session.keys("ctrl-u type:yesterday").sees(&format!("= {}", as_of.pred_opt().unwrap())).keys("enter");
    assert!(session.app.overlays().is_empty());
    assert_eq!(question(&session).range.to, as_of.pred_opt().unwrap());
    session.sees("counting …");
    // The form comes with what was typed, and Esc changes nothing.
    session.keys("t").sees("2 months ago").keys("ctrl-u esc");
    assert_eq!(page(&session).days.from, "2 months ago");
    session.keys("t ctrl-u type:soon enter").sees("soon").keys("esc t ctrl-u tab ctrl-u enter");
    assert_eq!(question(&session).range, DayRange::past_year(as_of));
}

#[test]
fn measures_take_turns_and_numbers_are_exact() {
    let mut session = answered();
    session.sees("% of purchasers").sees("60.0 %").sees("40.0 %").sees("IL").sees("(NULL)").sees("(blank)");
    session.sees("IL: 12 of 20 purchasers (60.0 %); all: 40 of 100 purchasers (40.0 %)");
    session
        .keys("m")
        .sees("% of revenue")
        .sees("IL: $126 of $210 (60.0 %), 12 purchasers; all: $420 of $1,050");
    session.keys("m").sees("revenue per purchaser").sees("$10.50").sees("IL: $10.50 per purchaser, $126, 12");
    session.keys("m").sees("% of purchasers");
    session.sees("Unified_Loyalty is not here").sees("add Unified_Loyalty.parquet");
}

#[test]
fn a_chart_opens_as_a_table_and_is_copied() {
    let mut session = answered();
    session
        .keys("l l o")
        .sees("State")
        .sees("all values")
        .sees("1 of 4 values")
        .sees("$126")
        .sees("per purch.")
        .sees("% purch")
        .sees("% rev");
    session.keys("G").sees("4 of 4 values");
    session.keys("esc");
    assert!(!page(&session).is_open && session.shown() == Shown::Overview);
    session.keys("y");
    let Some(Effect::Copy(text)) = session.effects.last() else { panic!() };
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "state\tpurchasers\trevenue\tall purchasers\tall revenue");
    assert_eq!(lines[1], "IL\t12\t126.00\t40\t420.00");
    assert_eq!(lines.last(), Some(&"total\t20\t210.00\t100\t1050.00"));
    session.keys("Q").sees("as SQL").keys("esc");
}

#[test]
fn a_value_of_a_saved_segment_makes_one_that_names_it() {
    let mut session = answered();
    session.keys("l l enter");
    assert_eq!(
        (session.shown(), session.shape()),
        (Shown::Editor, "ALL(ALL(+seg_given state)) - ANY()".to_owned())
    );
    let condition = last_condition(session.segment());
    assert_eq!(condition["op"], "is_exactly");
    assert_eq!((&condition["value"], &condition["match_case"]), (&"IL".into(), &true.into()));
    assert_eq!(session.segment().name, "Given_IL");
    assert_ne!(session.segment().id, "seg_given");
    let mut session = answered();
    session.keys("l l j enter");
    assert_eq!(last_condition(session.segment())["op"], "is_null");
    let mut session = answered();
    session.keys("l l j j enter");
    let condition = last_condition(session.segment());
    assert_eq!((&condition["op"], &condition["where"][0]["op"]), (&"is_empty".into(), &"is_not_null".into()));
}

#[test]
fn a_value_of_an_edited_segment_makes_a_copy() {
    let mut session = Session::editing(&document());
    session.hold_back(is_of_page);
    session.keys("j j d v 2");
    answer(&mut session, &[(value("IL"), 12, 40)]);
    session.keys("l l enter").sees("has unsaved edits").keys("d y");
    assert_eq!(session.shape(), "ALL(ALL(city) ALL(state) ALL(state)) - ANY(ANY(is_loyalty_member))");
    // Of a side that takes any of its sections, the condition stands beside the whole.
    let mut session = Session::editing(&document());
    session.hold_back(is_of_page);
    session.keys("g & v 2");
    answer(&mut session, &[(value("IL"), 12, 40)]);
    session.keys("l l enter d y");
    assert_eq!(
        session.shape(),
        "ALL(ANY(ALL(city points) ALL(state)) ALL(state)) - ANY(ANY(is_loyalty_member))"
    );
}

#[test]
fn what_cannot_be_is_said_with_its_reason() {
    let mut session = answered();
    session.keys("G h h h h h G l l l l l").sees("Unified_Loyalty is not here");
    session.keys("enter").sees("there is no value here");
    session.keys("y").sees("there are no numbers to copy here");
    // While other numbers are worked out the old ones stay, and one is told so.
    session.keys("d").sees("counting …").sees("60.0 %");
    let (request, _) = asked(&session);
    let failure = SegmentFailure::Other(Diagnostic::new("the disk is on fire").with_help("put it out"));
    session.event(Event::PageAnswered { request, result: Err(failure) });
    session.sees("the disk is on fire").sees("put it out").sees_no("counting …").sees_no("60.0 %");
    session.keys("r");
    assert_ne!(asked(&session).0, request, "it is asked again");
}

#[test]
fn hostile_values_stay_in_their_columns() {
    let long = "long ".repeat(4_000);
    let values = [
        value("\u{1b}[2J\u{202e}evil\r\n"),
        value("日本語の都市の名前はとても長い"),
        value(&long),
        value("e\u{301}"),
    ];
    for (columns, lines) in [(120, 36), (80, 24), (40, 12)] {
        let mut session = by_hand();
        session.resize(columns, lines);
        let values: Vec<_> = values.iter().map(|value| (value.clone(), 3, 9)).collect();
        answer(&mut session, &values);
        for keys in ["", "o", "G", "l"] {
            let screen = session.keys(keys).screen();
            assert!(screen.contains("␛[2J") || !keys.is_empty(), "{screen}");
            assert!(!screen.contains('\u{1b}') && !screen.contains('\u{202e}'), "{screen}");
            let widest = screen.lines().map(unicode_width::UnicodeWidthStr::width).max();
            assert!(widest <= Some(usize::from(columns)), "{screen}");
        }
        session.keys("o g j j enter");
        assert!(session.segment().name.chars().count() <= 100);
        assert_eq!(last_condition(session.segment())["value"], serde_json::Value::String(long.clone()));
    }
}

/// A chart of a column of each type, of everybody in the conformance database.
fn of_all_types() -> Session {
    let mut everybody = document();
    everybody.definition = Segment::new("", "", "").definition;
    let mut session = Session::editing(&everybody);
    session.keys("v 2 d d d d d");
    for column in ["birthdate", "\"is loyalty\"", "score", "rating", "\"order datetime transactions\""] {
        session.keys(&format!("a type:{column} enter"));
    }
    let columns: Vec<&str> = page(&session).attributes.iter().map(|name| name.column.as_str()).collect();
    assert_eq!(
        columns,
        ["loyalty_tier", "birthdate", "is_loyalty_member", "score", "rating", "order_datetime"]
    );
    session
}

/// The value counts of the picker say how many members have a value: so many the new segment has.
#[test]
fn a_new_segment_has_exactly_the_members_with_the_value() {
    let engine = Engine::new(crate::conformance::open(&conformance_folder()));
    let session = of_all_types();
    let (segment, as_of) = (Arc::new(session.segment().clone()), session.app.as_of());
    for (at, name) in page(&session).attributes.clone().into_iter().enumerate() {
        let ColumnName { table, column } = name.clone();
        let counted = CountValues { table, column, segment: Arc::clone(&segment), without: None, as_of };
        let counts = engine.count_values(&counted, Task::new(&Cancel::default())).unwrap();
        let members = |value: &ListedValue| match value {
            ListedValue::Null => counts.null.segment,
            ListedValue::Blank => counts.blank.segment,
            ListedValue::Value(text) => {
                counts.values.iter().find(|count| count.value == *text).unwrap().count.segment
            }
        };
        let values = page(&session).figures_of(&name).unwrap().as_ref().unwrap().values.values.clone();
        assert!(!values.is_empty(), "{name:?}");
        for (place, (value, _)) in values.iter().enumerate().filter(|(place, _)| place % 11 < 2) {
            let mut made = of_all_types();
            made.keys(&"h ".repeat(5)).keys(&"l ".repeat(at)).keys(&"j ".repeat(place));
            assert_eq!(page(&made).value(), Some((&name, value)));
            made.keys("enter");
            assert_eq!(made.members(), members(value), "{name:?} {value:?}");
        }
    }
}

#[test]
fn the_demo_is_broken_down() {
    let mut session = Session::demo();
    session.keys("/ type:highvalue enter v 2");
    session.sees("State · Customer 360").sees("% of purchasers");
    assert!(page(&session).is_current());
}
