//! The summary of a segment: its cards, what is done with them, and custom metrics.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use segtui::app::Screen;
use segtui::app::effect::Effect;
use segtui::app::event::Event;
use segtui::app::layers::overlay::Overlay;
use segtui::app::layers::pages::cards::CardKind;
use segtui::app::layers::pages::summary::Summary as Page;
use segtui::backend::{
    Insights, ListedValue, ListedValues, Money, MonthCount, PageAnswer, PageQuestion, Predicted,
    Reachability, RevenueTree, SegmentAndAll, SpendBand, Summary, Trend,
};
use segtui::diagnostic::Diagnostic;
use segtui::segment::{Number, Segment};
use serde_json::json;

use super::actions::document;
use super::harness::{Session, Setup, put};

/// The summary of the open segment.
pub fn page(session: &Session) -> &Page {
    match session.app.screen() {
        Screen::Page(_, pages) => &pages.summary,
        Screen::Home(_) | Screen::Editor(_) => panic!("no page is shown"),
    }
}

fn keys_of(session: &Session) -> Vec<String> {
    page(session).cards.iter().map(|card| card.title().to_owned()).collect()
}

/// The summary with both its questions waiting for an answer.
fn waiting(setup: Setup) -> Session {
    let mut session = Session::editing_with(&document(), setup);
    session.hold_back(|effect| matches!(effect, Effect::AskPage { .. }));
    session.keys("v");
    session
}

/// Answers what was asked last.
pub fn answer(session: &mut Session, answer: PageAnswer) {
    let asked = |effect: &Effect| match effect {
        Effect::AskPage { request, question, .. } => match (&**question, &answer) {
            (PageQuestion::Summary(_), PageAnswer::Summary(_))
            | (PageQuestion::Trend(_), PageAnswer::Trend(_)) => Some(*request),
            _ => None,
        },
        _ => None,
    };
    let request = session.effects.iter().rev().find_map(asked).unwrap();
    session.event(Event::PageAnswered { request, result: Ok(Arc::new(answer)) });
}

fn tree(revenue: i64, customers: u64, others: [&str; 5]) -> RevenueTree {
    let [per_customer, orders, order_value, units, unit_revenue] =
        others.map(|text| Some(Number::Decimal(text.parse().unwrap())));
    RevenueTree {
        net_revenue: Some(Money(revenue)),
        customers,
        revenue_per_customer: per_customer,
        orders_per_customer: orders,
        average_order_value: order_value,
        units_per_transaction: units,
        average_unit_revenue: unit_revenue,
    }
}

/// Figures as large as they come.
pub fn figures() -> Summary {
    let both = |segment: u64, all: u64| SegmentAndAll { segment, all };
    let insights = |unique_customers| Insights { unique_customers, ..Insights::default() };
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let predicted = |clv: f64| Predicted {
        clv: Some(Number::Decimal(clv)),
        average_order_revenue: Some(Number::Decimal(61.5)),
        order_frequency: None,
    };
    let reachability = |email: u64| Reachability {
        email: Some(email),
        phone: Some(email / 2),
        address: Some(0),
        paid_social: None,
    };
    let channel = |name: &str, segment, all| (ListedValue::Value(name.to_owned()), both(segment, all));
    let band = |customers, cents| SpendBand { customers, revenue: Some(Money(cents)) };
    Summary {
        as_of: day("2024-02-29"),
        activation_id: "amperity_id".to_owned(),
        insights: SegmentAndAll { segment: insights(8), all: insights(80) },
        revenue_tree: Ok(SegmentAndAll {
            segment: tree(12_654_186_200, 145_618, ["869", "4.7", "184.89", "2.4", "77.03"]),
            all: tree(i64::MAX, 1_200_000, ["842", "4.7", "190", "2.5", "0"]),
        }),
        predicted: Ok(SegmentAndAll { segment: predicted(500.25), all: predicted(400.0) }),
        reachability: Ok(SegmentAndAll { segment: reachability(9_000), all: reachability(70_000) }),
        channels: Ok(ListedValues {
            values: vec![
                channel("online", 40_000, 900_000),
                channel("a channel with a very long name \u{1b}[2J", 2, 4),
                (ListedValue::Blank, both(1, 1)),
                (ListedValue::Null, both(0, 9)),
            ],
            left_out: 99_000,
        }),
        lifetime_spend: Ok((0..5)
            .map(|at| SegmentAndAll { segment: band(at, 100_000 - 1), all: band(9, 200_000) })
            .collect()),
        new_purchasers: Ok(vec![
            MonthCount { month: day("2024-01-01"), customers: both(3, 41) },
            MonthCount { month: day("2024-02-01"), customers: both(0, 0) },
        ]),
        metrics: Vec::new(),
    }
}

/// A segment over time.
pub fn trend() -> Trend {
    let point = |month: u32| {
        let day = NaiveDate::from_ymd_opt(2023, month, 28).unwrap();
        let unique_customers = 80_000 + u64::from(month) * 311;
        (day, Insights { unique_customers, revenue_1y: Some(Money(95_612_055)), ..Insights::default() })
    };
    Trend { activation_id: "amperity_id".to_owned(), points: (1..=12).map(point).collect() }
}

#[test]
fn figures_stand_on_cards() {
    let mut session = waiting(Setup::small());
    session.sees("Revenue tree, 1 year").sees("counting …");
    answer(&mut session, PageAnswer::Summary(figures()));
    answer(&mut session, PageAnswer::Trend(trend()));
    session.keys("j j");
    session.sees("├─ Customers").sees("└× Revenue per customer").sees("      └× Average unit revenue");
    session.sees("$126,541,862.00").sees("12.1 % of all").sees("▲ +3.2 % (+$27.00)").sees("= ±0.0 %");
    // A share of nothing is none: the amount alone.
    session.sees("▲ +$77.03").sees("all $842.00");
    session.keys("j").sees("2024-01").sees("80,311").sees("tables say today");
    session.keys("G").sees("Purchasers by channel").sees("… 99,000 more: Enter shows all");
    session
        .sees("a channel with")
        .sees("reachable says nothing of consent")
        .sees("lowest 20 %")
        .sees("$999.99");
    let (x, y) = session.app.size();
    for (columns, lines) in [(80, 24), (40, 12), (20, 6), (200, 50), (9, 4), (x, y)] {
        session.resize(columns, lines).keys("G k k k g");
        let screen = session.screen();
        assert!(!screen.contains('\u{1b}'), "{screen}");
    }
    // Old numbers stay until the next ones are there, and say so.
    session.keys("e j j d v").sees("…").sees("not saved").sees("$126,541,862.00");
}

#[test]
fn a_card_opens_to_its_whole_table() {
    let mut session = waiting(Setup::small());
    session.keys("j j enter").sees("the figures are still being worked out");
    answer(&mut session, PageAnswer::Summary(figures()));
    answer(&mut session, PageAnswer::Trend(trend()));
    session.keys("enter").sees("$92,233,720,368,547,758.07").keys("esc");
    assert!(session.app.overlays().is_empty());
    session.keys("y");
    let Some(Effect::Copy(text)) = session.effects.last() else { panic!() };
    assert!(
        text.starts_with("figure\tsegment\tall\nNet revenue\t126541862.00\t92233720368547758.07\n"),
        "{text}"
    );
    // The definition is a card too.
    session.keys("g enter").sees("City is not null").keys("y").sees("copied as SQL").keys("esc");
    session.keys("x").sees_no("City is not null").sees("more lines");
    session.keys("x").sees("City is not null");
}

#[test]
fn an_opened_card_shows_no_less_than_the_card_and_keeps_its_last_page_full() {
    let mut session = waiting(Setup::small());
    let mut figures = figures();
    let value =
        |at: u64| (ListedValue::Value(format!("value {at:02}")), SegmentAndAll { segment: at, all: 90 });
    figures.channels = Ok(ListedValues { values: (1..=60).map(value).collect(), left_out: 0 });
    answer(&mut session, PageAnswer::Summary(figures));
    answer(&mut session, PageAnswer::Trend(trend()));
    session.resize(120, 30);
    let open = |session: &mut Session, card: &CardKind| {
        let at = page(session).cards.iter().position(|known| known == card).unwrap();
        session.keys(&format!("g {} enter", "l ".repeat(at)));
    };
    open(&mut session, &CardKind::RevenueTree);
    session.sees("share, difference").sees("12.1 % of all").sees("▲ +3.2 % (+$27.00)");
    session.sees("├─ Customers").sees("      └× Average unit revenue").keys("esc");
    open(&mut session, &CardKind::LifetimeSpend);
    session.sees("% of all").sees("50.0 %").sees("segment revenue").keys("esc");
    open(&mut session, &CardKind::Channels);
    session.sees("channel").sees("% of all").sees("1.1 %");
    let border = |session: &Session| {
        let corners = |line: &&str| line.contains('╭') || line.contains('╰') || line.contains('┏');
        session.screen().lines().filter(corners).count()
    };
    let before = border(&session);
    for key in ["G", "pagedown", "end", "j"] {
        session.keys(key).sees("value 60").sees("value 36").sees_no("value 35").sees("% of all");
        assert_eq!(border(&session), before, "{}", session.screen());
    }
    session.keys("k").sees("value 35").sees_no("value 60").keys("g").sees("value 01").keys("esc");
    // The definition, too.
    session.keys("g enter G").sees("City is not null").keys("k g").sees("City is not null");
}

#[test]
fn a_metric_that_is_a_part_of_all_has_a_share_and_its_card_comes_into_sight() {
    let mut session = Session::editing(&document());
    session.resize(120, 30).keys("v").keys(&add_rows("Rows")).sees("added Rows");
    let at = page(&session).cursor;
    assert_eq!(page(&session).cards.get(at).map(CardKind::title), Some("Rows"));
    session.sees("Rows").sees("% of all").keys("k l").keys("G");
    session.sees("c change").sees("d delete").keys("g").sees_no("c change").sees_no("d delete");
    session.keys("G enter").sees("% of all").sees_no("▼").keys("esc");
    // What is no part of all differs from it.
    session.keys("c ctrl-u type:Points tab tab enter type:points enter right ctrl-s").sees("changed Points");
    assert_eq!(page(&session).current().map(CardKind::title), Some("Points"));
    let screen = session.keys("enter").screen();
    let row = screen.lines().skip_while(|line| !line.contains("difference")).nth(1).unwrap();
    let figures = row.split(['▲', '▼', '=']).next().unwrap();
    assert!(figures.contains("Points") && !figures.contains('.'), "{screen}");
    session.keys("esc d").sees("a custom metric of the").keys("n");
}

#[test]
fn what_the_data_lacks_is_said_with_what_would_switch_it_on() {
    for variant in ["items-only", "attributes-only", "bare"] {
        let folder = crate::conformance::folder(Some(&format!("variants/{variant}")), "parquet");
        let mut session = missing(folder);
        let reasons: Vec<Diagnostic> = {
            let summary =
                page(&session).answer().unwrap_or_else(|| panic!("{variant}: {}", session.screen()));
            let reasons = [
                summary.revenue_tree.as_ref().err(),
                summary.predicted.as_ref().err(),
                summary.channels.as_ref().err(),
                summary.lifetime_spend.as_ref().err(),
            ];
            reasons.into_iter().flatten().cloned().collect()
        };
        assert!(!reasons.is_empty() || variant == "items-only", "{variant}");
        session.resize(200, 50);
        session.keys("j j");
        let screen = session.screen();
        for reason in &reasons {
            let words: Vec<&str> = reason.message.split_whitespace().take(3).collect();
            assert!(screen.contains(&words.join(" ")), "{variant}: {reason:?}\n{screen}");
        }
        for key in ["enter", "y"] {
            if page(&session).answer().unwrap().revenue_tree.is_err() {
                session.keys(key);
                assert!(session.app.overlays().is_empty(), "there is nothing to open");
            }
        }
    }
}

/// The summary of everybody in another database.
pub fn missing(folder: PathBuf) -> Session {
    let mut session = Setup { databases: vec![folder], ..Setup::small() }.start();
    session.keys("n v");
    session
}

#[test]
fn order_and_hidden_cards_are_remembered() {
    let mut session = Session::editing(&document());
    session.keys("v j j K").sees("Revenue tree");
    assert_eq!(keys_of(&session)[..3], ["Definition", "Revenue tree, 1 year", "Insights"]);
    session.keys("K").sees("it is the first card");
    session.keys("g J").sees("the definition stays on top");
    session.keys("j j x").sees("Insights is hidden");
    session.keys("X j j space K esc");
    let now = keys_of(&session);
    assert!(!now.contains(&"Insights".to_owned()), "{now:?}");
    let mut session = session.crash();
    session.keys("g v");
    assert_eq!(keys_of(&session), now);
    // In read-only mode until the end.
    let before = session.files();
    let setup = Setup { read_only: true, ..Setup::small() };
    let mut session = session.again(setup);
    session.keys("g v j x");
    assert_eq!(keys_of(&session).len() + 1, now.len());
    session.keys("a").sees("read-only mode");
    assert_eq!(session.files(), before);
}

/// Adds a metric of the rows of the customers table.
pub fn add_rows(name: &str) -> String {
    format!("a type:{name} tab tab enter type:\"360: its\" enter ctrl-s")
}

#[test]
fn custom_metrics_are_added_changed_and_deleted() {
    let mut session = Session::editing(&document());
    session.keys("v a ctrl-s").sees("the name is empty");
    session.keys("type:Rows ctrl-s").sees("no column is chosen").keys("esc");
    session.keys(&add_rows("Rows"));
    assert!(session.app.overlays().is_empty(), "{}", session.screen());
    let metrics = session.workspace().metrics().unwrap();
    assert_eq!((metrics.len(), metrics[0].name.as_str(), &metrics[0].column), (1, "Rows", &None));
    assert_eq!(page(&session).cards.last().map(CardKind::title), Some("Rows"));
    session.keys("G c ctrl-u type:Points tab tab enter type:points enter right ctrl-s");
    let metrics = session.workspace().metrics().unwrap();
    assert_eq!(metrics[0].column.as_deref(), Some("points"));
    assert_eq!(serde_json::to_value(&metrics[0]).unwrap()["fn"], json!("avg"));
    // Of bars only the column counts.
    session.keys("a type:Cities tab space tab enter type:\"360: city\" enter ctrl-s");
    session.keys("G").sees("Cities");
    session.keys("d").sees("Delete Cities?").keys("n");
    assert_eq!(session.workspace().metrics().unwrap().len(), 2);
    session.keys("d y");
    assert_eq!(session.workspace().metrics().unwrap().len(), 1);
    session.keys("g d").sees("go to the card of a custom metric first");
}

#[test]
fn what_others_have_done_meanwhile_is_not_lost() {
    let mut session = Session::editing(&document());
    session.keys("v").keys("a type:Mine tab tab enter type:\"360: its\" enter");
    let mut other = session.second_program();
    other.keys("g v").keys(&add_rows("mine"));
    session.keys("ctrl-s").sees("there is a custom metric");
    session.keys("up up up ctrl-u type:Other ctrl-s");
    let names: Vec<String> =
        session.workspace().metrics().unwrap().into_iter().map(|metric| metric.name).collect();
    assert_eq!(names, ["mine", "Other"]);
    let path = session.root().join("workspace/workspace.json");
    put(&path, "{ \"format\": ");
    session.keys(&add_rows("Third")).sees("workspace.json");
    assert!(matches!(session.overlay(), Some(Overlay::MetricForm(_))), "what is typed stays");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{ \"format\": ");
}

#[test]
fn the_day_stands_beside_every_relative_date() {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_days", "name": "Days", "status": "draft",
        "database": "nasty", "activation_id": "amperity_id", "revision": 1,
        "include": {"match": "all", "of": [
            {"attribute": {"table": "Customer_360", "column": "birthdate"}, "op": "is_after",
                "value": {"relative": "3 months ago"}},
            {"attribute": {"table": "Customer_360", "column": "birthdate"}, "op": "is_between",
                "value": [{"relative": "1 year ago"}, {"relative": "today"}]},
        ]},
        "exclude": {"match": "any", "of": []},
    });
    let mut session = Session::editing(&Segment::from_json(&document.to_string()).unwrap());
    session.keys("v").sees("is after 3 months ago (= 2023-11-29 ↻)");
    session.sees("1 year ago (= 2023-02-28 ↻) and today (= 2024-02-29 ↻)").sees("↻ moves with the day");
    session.sees("numbers as of 2024-02-29");
}

#[test]
fn the_steps_of_the_trend_are_asked_for_one_after_the_other() {
    let mut session = waiting(Setup::small());
    let steps = |session: &Session| {
        let trends = session.effects.iter().filter_map(|effect| match effect {
            Effect::AskPage { question, .. } => match &**question {
                PageQuestion::Trend(trend) => Some(format!("{:?}", trend.step)),
                _ => None,
            },
            _ => None,
        });
        trends.collect::<Vec<_>>()
    };
    session.keys("t t t t");
    assert_eq!(steps(&session), ["Month", "Quarter", "Day", "Week", "Month"]);
    // What is not shown is not asked for.
    let at = page(&session).cards.iter().position(|card| *card == CardKind::Trend).unwrap();
    session.keys(&"l ".repeat(at)).keys("x t");
    assert_eq!(steps(&session).len(), 5);
}
