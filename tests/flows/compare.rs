//! Compare: which segments, against which baseline, what they share, and new segments of that.

use std::fs;
use std::sync::Arc;

use segtui::app::Screen;
use segtui::app::effect::Effect;
use segtui::app::event::Event;
use segtui::app::layers::overlay::Overlay;
use segtui::app::layers::pages::Part;
use segtui::app::layers::pages::compare::Compare;
use segtui::backend::{self, ComparedFigures, Money, PageAnswer, PageQuestion, Region};
use segtui::segment::{Number, Segment};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::breakdown::{asked, is_of_page};
use super::harness::{Session, Setup, Shown, put};

/// A saved segment with these sections.
fn segment(id: &str, activation_id: &str, include: Value) -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": id, "name": id.trim_start_matches("seg_").to_uppercase(),
        "database": "nasty", "activation_id": activation_id, "revision": 1,
        "include": {"match": "all", "of": [{"match": "all", "of": include}]},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

fn attribute(column: &str, op: &str, value: Value) -> Value {
    let mut node = json!({"attribute": {"table": "Customer_360", "column": column}, "op": op});
    if !value.is_null() {
        node["value"] = value;
    }
    node
}

/// A workspace of segments that overlap; `ALPHA` is open.
pub fn session_with(setup: Setup) -> Session {
    let folder = TempDir::new().unwrap();
    let write = |segment: Segment, place: &str| {
        let path = format!("workspace/segments/{place}{}.segment.json", segment.id);
        put(&folder.path().join(path), &segment.to_json());
    };
    let points = |below: i64| attribute("points", "is_less_than", json!(below));
    write(segment("seg_alpha", "amperity_id", json!([attribute("city", "is_not_null", Value::Null)])), "");
    write(
        segment("seg_beta", "amperity_id", json!([attribute("is_loyalty_member", "is_true", Value::Null)])),
        "folder/",
    );
    write(segment("seg_gamma", "amperity_id", json!([points(300)])), "folder/");
    write(
        segment(
            "seg_delta",
            "amperity_id",
            json!([attribute("email", "is_not_null", Value::Null), points(900)]),
        ),
        "",
    );
    write(
        segment(
            "seg_epsilon",
            "amperity_id",
            json!([attribute("state", "is_in_list", json!(["IL", "OR", "WA"]))]),
        ),
        "",
    );
    write(segment("seg_zeta", "amperity_id", json!([])), "");
    write(segment("seg_broken", "amperity_id", json!([attribute("nowhere", "is_null", Value::Null)])), "");
    write(segment("seg_mails", "email", json!([])), "");
    write(Segment { database: "elsewhere".to_owned(), ..segment("seg_away", "amperity_id", json!([])) }, "");
    let mut session = Session::within(Arc::new(folder), setup);
    session.keys("/ type:alpha enter");
    assert_eq!(session.segment().id, "seg_alpha");
    session
}

fn session() -> Session {
    session_with(Setup::small())
}

fn page(session: &Session) -> &Compare {
    match session.app.screen() {
        Screen::Page(_, pages) => &pages.compare,
        other => panic!("{other:?}"),
    }
}

fn question(session: &Session) -> backend::Compare {
    match asked(session) {
        (_, PageQuestion::Compare(question)) => question,
        (_, other) => panic!("{other:?}"),
    }
}

fn names(session: &Session) -> Vec<String> {
    question(session).segments.iter().map(|segment| segment.name.clone()).collect()
}

/// Three segments in numbers made up: 100 customers in all.
fn answer(session: &mut Session) {
    let (request, question) = asked(session);
    let PageQuestion::Compare(question) = question else { panic!("{question:?}") };
    let sizes: [(&[usize], u64); 5] = [(&[], 55), (&[0], 30), (&[0, 1], 7), (&[1, 2], 5), (&[0, 1, 2], 3)];
    let region = |(within, unique_customers): (&[usize], u64)| Region {
        within: within.to_vec(),
        unique_customers,
        active_customers: Some(unique_customers / 2),
        revenue: Some(Money(12_345)),
    };
    let size = |is_in: &dyn Fn(&[usize]) -> bool| {
        sizes.iter().filter(|(within, _)| is_in(within)).map(|(_, size)| size).sum::<u64>()
    };
    let figures = |unique_customers: u64| ComparedFigures {
        unique_customers,
        active_customers: Some(unique_customers / 2),
        revenue: Some(Money(i64::try_from(unique_customers).unwrap() * 10_000)),
        revenue_per_customer: Some(Number::Decimal(200.5)),
        orders_per_customer: None,
        units_per_order: Some(Number::Integer(2)),
        average_order_value: Some(Number::Decimal(50.255)),
    };
    let count = question.segments.len();
    let columns = (0..count).map(|at| figures(size(&|within| within.contains(&at)))).chain([figures(100)]);
    let pairs = (0..count).flat_map(|one| (one + 1..count).map(move |other| [one, other]));
    let pairs = pairs.map(|of| (of, size(&|within| of.iter().all(|at| within.contains(at)))));
    let comparison = backend::Comparison {
        as_of: question.as_of,
        activation_id: "amperity_id".to_owned(),
        range: question.range,
        columns: columns.collect(),
        pairs: pairs.collect(),
        regions: sizes.into_iter().map(region).collect(),
    };
    session.event(Event::PageAnswered { request, result: Ok(Arc::new(PageAnswer::Compare(comparison))) });
}

fn answered() -> Session {
    let mut session = session();
    session.hold_back(is_of_page);
    session.keys("v 3 a type:beta enter a type:gamma enter");
    answer(&mut session);
    session
}

#[test]
fn segments_come_and_go_and_keep_their_numbers() {
    let mut session = session();
    session.hold_back(is_of_page);
    session.keys("v 3").sees("1 ALPHA").sees("all customers").sees("…");
    assert_eq!(names(&session), ["ALPHA"]);
    session.keys("a").sees("Compare with").sees("this segment itself").sees("is made of email");
    session.sees("is made for elsewhere").keys("type:mails enter");
    assert_eq!(session.app.overlays().len(), 1, "it cannot be taken");
    session.keys("ctrl-u type:folder/bet enter").sees("2 BETA");
    assert_eq!(names(&session), ["ALPHA", "BETA"]);
    session.keys("a type:beta").sees("is compared already").keys("esc");
    session.keys("a type:gamma enter a type:delta enter a type:epsilon enter");
    session.keys("a").sees("at most 5 segments are compared");
    // The one at the cursor goes; all customers and the open one stay.
    session.keys("h h d");
    assert_eq!(names(&session), ["ALPHA", "BETA", "DELTA", "EPSILON"]);
    session.sees("3 DELTA").keys("h h h h d").sees("all customers and the open segment stay");
}

#[test]
fn figures_differ_from_a_baseline() {
    let mut session = answered();
    session.sees("compared to all customers").sees("40.0 % of all").sees("$200.50").sees("$50.26");
    session.sees("Average order value").sees("$4,000").sees_no("counting");
    assert_eq!(page(&session).baseline, 0);
    session.keys("b").sees("compared to 1 ALPHA").sees("▼ −62.5 %").sees("▲ +150.0 %").sees("= ±0.0 %");
    session.keys("b b").sees("compared to 3 GAMMA").keys("b").sees("compared to all customers");
    // A baseline that is taken out is one no more.
    session.keys("b b b d").sees("compared to all customers");
    let mut session = answered();
    session.keys("y");
    let Some(Effect::Copy(text)) = session.effects.last() else { panic!() };
    assert!(text.starts_with("\tALPHA\tBETA\tGAMMA\tall\nunique_customers\t40\t15\t8\t100\n"), "{text}");
    session.keys("t type:\"3 months ago\" enter").sees("counting …").sees("40");
    assert_eq!(
        question(&session).range.from.to_string(),
        session.app.as_of().checked_sub_months(chrono::Months::new(3)).unwrap().to_string()
    );
    session.keys("Q").sees("as SQL");
}

#[test]
fn overlaps_are_pairs_and_regions() {
    let mut session = answered();
    session.keys("space").sees("show first what the segments share").keys("i").sees("show first");
    session
        .keys("o")
        .sees("Customers by the exact segments")
        .sees("● ○ ○")
        .sees("●─● ○")
        .sees("○ ●─●")
        .sees("●─●─●");
    session.sees("○ ○ ○").sees("in none of them").sees("in both").sees("25.0 %");
    session.sees("in none of 1, 2, 3: 55 customers, 27 active, $123");
    session.keys("d").sees("go back to the figures first").keys("b").sees("go back to the figures first");
    session.keys("h").sees(" in 1 and 3: 3 customers");
    session.keys("space h").sees(" in 1 and 2: 10 customers").keys("l l j space");
    assert_eq!(
        page(&session).overlaps.chosen(page(&session).comparison().unwrap()),
        [Part::Region(vec![0]), Part::Pair(0, 2)]
    );
    session.keys("space").sees("✓");
    session.keys("esc").sees("Average order value").keys("o");
    assert!(!page(&session).overlaps.ticked.is_empty(), "ticks stay");
    // Ticks are of what is compared.
    session.keys("o d o");
    assert!(page(&session).overlaps.ticked.is_empty());
}

#[test]
fn a_new_segment_is_said_in_words_before_it_is_made() {
    let mut session = answered();
    session.keys("o j space j space u");
    session.sees("A new segment of 37 customers?").sees("Those who are in any of these:");
    session
        .sees("· in 1 ALPHA, not in 2 BETA or 3 GAMMA")
        .sees("· in 1 ALPHA and 2 BETA, not in 3 GAMMA")
        .keys("n");
    assert_eq!(session.shown(), Shown::Overview);
    session.keys("i").sees("A new segment of 10 customers?");
    session.sees("Those who are in all of 1 ALPHA, 2 BETA, whatever else they are in.").keys("enter");
    assert_eq!(session.shape(), "ALL(ALL(+seg_alpha +seg_beta)) - ANY()");
    assert_eq!((session.segment().name.as_str(), session.segment().revision), ("ALPHA and BETA", 0));
    let mut session = answered();
    session.keys("o space j space i").sees("nobody is in a segment and in none of them");
    session.keys("u enter");
    assert_eq!(
        session.shape(),
        "ANY(ALL(-seg_alpha -seg_beta -seg_gamma) ALL(+seg_alpha -seg_beta -seg_gamma)) - ANY()"
    );
}

#[test]
fn what_is_not_saved_cannot_be_referred_to() {
    let mut session = session();
    session.hold_back(is_of_page);
    session.keys("j d v 3 a type:beta enter a type:gamma enter");
    answer(&mut session);
    session.keys("o j u").sees("save this segment first");
    assert!(session.app.overlays().is_empty());
    // Where it is not named there is no need.
    session.keys("h u").sees("save this segment first").keys("j u").sees("A new segment of 8 customers?");
    // Numbers of before are none to make a segment of.
    let mut session = answered();
    session.keys("t type:yesterday enter o u").sees("the numbers are still being worked out");
    let mut session = super::compare::session();
    session.hold_back(is_of_page);
    session.keys("v 3 a type:broken enter a type:gamma enter");
    answer(&mut session);
    session.sees("! incomplete").keys("h").sees("conditions that cannot be evaluated are left out");
    session.keys("o j u").sees("BROKEN has conditions that cannot be evaluated");
}

#[test]
fn others_are_followed_when_their_files_change() {
    let mut session = answered();
    let path = session.root().join("workspace/segments/folder/seg_gamma.segment.json");
    let text = fs::read_to_string(&path).unwrap();
    put(&path, &text.replace("\"GAMMA\"", "\"GAMMA2\"").replace("\"revision\": 1", "\"revision\": 2"));
    session.event(Event::WorkspaceChanged);
    assert_eq!(names(&session), ["ALPHA", "BETA", "GAMMA2"]);
    session.sees("3 GAMMA2").sees("counting …");
    answer(&mut session);
    fs::remove_file(&path).unwrap();
    session.event(Event::WorkspaceChanged);
    assert_eq!(names(&session), ["ALPHA", "BETA"]);
    session.sees("not compared").sees("3 GAMMA2: ");
    // The open segment is one of them as it is edited.
    session.keys("e j d v 3");
    assert_eq!(question(&session).segments[0].definition, session.segment().definition);
}

#[test]
fn a_small_terminal_shows_the_baseline_and_the_column_at_the_cursor() {
    let mut session = answered();
    session.resize(40, 12).sees("2 more").sees("[3 GAMMA").sees("all").sees("Avg order value");
    session.keys("h h").sees("[1 ALPHA").keys("o").sees("● ○ ○").keys("h").sees("in both");
}

/// For every region, pair and tick of the real engine: the segment has as many members as was said.
#[test]
fn a_new_segment_has_exactly_the_customers_that_were_shown() {
    let open = "v 3 a type:beta enter a type:gamma enter a type:delta enter a type:epsilon enter o";
    let mut session = session();
    session.keys(open);
    let comparison = page(&session).comparison().unwrap().clone();
    assert!(comparison.regions.len() > 6, "{:?}", comparison.regions);
    assert!(page(&session).is_current());
    let total: u64 = comparison.regions.iter().map(|region| region.unique_customers).sum();
    assert_eq!(total, comparison.columns.last().unwrap().unique_customers);
    let last = comparison.regions.len() - 1;
    let mut scripts: Vec<String> = (0..=last).map(|at| "j ".repeat(at)).collect();
    scripts.extend(
        [
            "space j space j space",
            "h space k space l j space",
            "h h j space",
            "j j space G space h k k space",
        ]
        .map(str::to_owned),
    );
    for script in scripts {
        for key in ["i", "u"] {
            let mut session = super::compare::session();
            session.keys(open).keys(&script).keys(key);
            let Some(Overlay::Confirm(question)) = session.overlay() else {
                session.sees("nobody is in a segment and in none of them");
                continue;
            };
            let said: String = question.title.chars().filter(char::is_ascii_digit).collect();
            session.keys("enter");
            assert_eq!(session.members().to_string(), said, "{script} {key}: {}", session.shape());
        }
    }
}

#[test]
fn one_segment_alone_is_told_how_to_compare_it() {
    let mut session = Setup::demo().start();
    session.keys("n v 3 o").sees("a adds a segment to compare with").sees_no("in both");
}
