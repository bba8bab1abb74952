//! A trend is what the evaluator says at each of its days.

use std::sync::Arc;

use chrono::NaiveDate;
use segtui::backend::{
    Backend, BackendError, Cancel, FollowTrend, Insights, Money, Task, Trend, TrendStep, WrongConditions,
};
use segtui::local::Engine;
use segtui::segment::{Segment, Severity};
use segtui::workspace::Workspace;
use serde_json::json;

use super::shop::{condition, segment};
use crate::conformance::{cases, folder, open, workspace};
use crate::slow::engine_against_slow::{random_databases, runner};
use crate::slow::strategy::AS_OF;

const STEPS: [TrendStep; 4] = [TrendStep::Day, TrendStep::Week, TrendStep::Month, TrendStep::Quarter];

fn trend(
    engine: &Engine,
    segment: &Segment,
    step: TrendStep,
    as_of: NaiveDate,
    wrong: WrongConditions,
) -> Result<Trend, BackendError> {
    let question = FollowTrend { segment: Arc::new(segment.clone()), step, as_of, wrong };
    Backend::follow_trend(engine, &question, Task::new(&Cancel::default()))
}

/// Compares with what another engine says at each day. A condition that is wrong on one of the days alone is an error.
fn agrees(asked: &Engine, other: &Engine, segment: &Segment, step: TrendStep, as_of: NaiveDate) {
    let cancel = Cancel::default();
    let errors = |day| {
        let problems = other.check(segment, day).problems.into_iter();
        let errors = problems.filter(|problem| problem.severity == Severity::Error);
        errors.map(|problem| problem.diagnostic.place.to_string()).collect::<Vec<_>>()
    };
    let on_the_day = errors(as_of);
    for wrong in [WrongConditions::LeaveOut, WrongConditions::Refuse] {
        let evaluate = |day| match wrong {
            WrongConditions::LeaveOut => other.evaluate(segment, day, &cancel),
            WrongConditions::Refuse => other.evaluate_strictly(segment, day, &cancel),
        };
        let insights = |day| evaluate(day).map(|found| found.insights);
        match trend(asked, segment, step, as_of, wrong) {
            Ok(trend) => {
                assert_eq!((trend.points.len(), trend.points[12].0), (13, as_of));
                assert!(trend.points.is_sorted_by(|one, next| one.0 < next.0));
                for (day, found) in trend.points {
                    assert!(errors(day).iter().all(|error| on_the_day.contains(error)), "{step:?} {day}");
                    assert_eq!(Ok(found), insights(day), "{step:?} {day}");
                }
            }
            Err(BackendError::Refused(problem)) if problem.diagnostic.message.starts_with("on ") => {
                let day = problem.diagnostic.message.get(3..13).unwrap().parse().unwrap();
                let place = problem.diagnostic.place.to_string();
                assert!(day < as_of && errors(day).contains(&place) && !on_the_day.contains(&place));
            }
            Err(error) => assert_eq!(Err(error), insights(as_of), "{step:?}"),
        }
    }
}

#[test]
fn each_day_is_as_it_is_evaluated_on_the_conformance_databases() {
    let mut engines = std::collections::BTreeMap::new();
    for (number, case) in cases().into_iter().enumerate() {
        let engine = |chunk_rows| {
            let engine = Engine::new(open(&folder(case.db.as_deref(), "parquet")));
            engine.with_workspace_files(workspace()).with_chunk_rows(chunk_rows)
        };
        let engines = engines.entry(case.db.clone()).or_insert_with(|| [engine(8), engine(1 << 19)]);
        let [asked, other] = &*engines;
        // All steps of all cases take long; each case has one, and many cases are alike.
        agrees(asked, other, &case.segment, STEPS[number % 4], case.as_of);
    }
}

#[test]
fn each_day_is_as_it_is_evaluated_on_all_variants() {
    for variant in [None, Some("attributes-only"), Some("bare"), Some("items-only"), Some("no-customers")] {
        for step in STEPS {
            let variant = variant.map(|variant| format!("variants/{variant}"));
            let engine = || Engine::new(open(&folder(variant.as_deref(), "parquet")));
            let [asked, other] = [engine().with_chunk_rows(16), engine()];
            let everybody = everybody("amperity_id");
            agrees(&asked, &other, &everybody, step, asked.data_day());
            agrees(&asked, &other, &everybody, step, asked.data_day().succ_opt().unwrap());
        }
    }
}

#[test]
fn each_day_is_as_it_is_evaluated_on_random_databases() {
    runner(50)
        .run(&random_databases(2), |(database, known, segments)| {
            let engine = || Engine::new(Arc::clone(&database)).with_lists(Arc::new(known.clone()));
            let [asked, other] = [engine().with_chunk_rows(8), engine()];
            for (segment, step) in segments.iter().zip(STEPS.iter().cycle().skip(segments.len())) {
                agrees(&asked, &other, segment, *step, AS_OF());
            }
            STEPS.iter().for_each(|step| agrees(&asked, &other, &everybody("id"), *step, AS_OF()));
            Ok(())
        })
        .unwrap();
}

#[test]
fn saved_queries_run_for_each_day() {
    let place = tempfile::tempdir().unwrap();
    let query = "SELECT amperity_id, COUNT(*) AS number FROM Unified_Transactions\n\
                 WHERE order_datetime < :as_of GROUP BY amperity_id";
    crate::flows::harness::put(&place.path().join("queries/each.sql"), query);
    let workspace = Arc::new(Workspace::new(place.path(), true));
    let engine = || Engine::new(open(&folder(None, "parquet"))).with_workspace_files(workspace.clone());
    let [asked, other] = [engine(), engine()];
    let often = condition("queries/each", "number", "is_greater_than", 1);
    let segment = segment("amperity_id", &[often]);
    for step in STEPS {
        agrees(&asked, &other, &segment, step, AS_OF());
    }
    let found = trend(&asked, &segment, TrendStep::Month, AS_OF(), WrongConditions::Refuse).unwrap();
    let members: Vec<u64> = found.points.iter().map(|(_, insights)| insights.unique_customers).collect();
    assert!(members.is_sorted() && members[0] < members[12], "{members:?}");
}

fn everybody(activation_id: &str) -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_1", "name": "n", "activation_id": activation_id,
    });
    Segment::from_json(&document.to_string()).unwrap()
}

/// Engines on two databases of orders: with dates, and with times of the day.
fn shops() -> [(tempfile::TempDir, Engine); 2] {
    [("", ""), (" 00:00:00", " 23:59:59")].map(|(first, last)| {
        let orders = format!(
            "id,order_id,order_datetime,order_revenue\na,1,2024-01-31{last},10.005\na,2,2023-01-31{last},0.1\n\
             b,3,2023-02-01{first},\nb,4,2022-12-31{first},1\nnobody,5,2024-01-31{first},100\nc,6,,7\n"
        );
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("database.toml", "as_of = \"2024-02-29\"\nid = \"id\"\n"),
            ("Customers.csv", "id\na\nb\nc\n"),
            ("Unified_Transactions.csv", &orders),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let engine = Engine::new(open(folder.path()));
        (folder, engine)
    })
}

#[test]
fn a_year_begins_after_the_same_day_of_the_year_before() {
    for (_folder, engine) in shops() {
        let as_of = "2024-02-29".parse().unwrap();
        let found = trend(&engine, &everybody("id"), TrendStep::Month, as_of, WrongConditions::Refuse);
        let figures = |active, cents| Insights {
            unique_customers: 3,
            active_customers_1y: Some(active),
            revenue_1y: Some(Money(cents)),
            reachable_customers: None,
        };
        let points = found.unwrap().points;
        let at = |day: &str| points.iter().find(|(at, _)| at.to_string() == day).unwrap().1;
        assert_eq!(at("2023-02-28"), figures(2, 110));
        assert_eq!(at("2023-12-31"), figures(2, 10));
        // 10.005 is half a cent away from both sides. On 31 January 2024 the order of 31 January 2023 is a year old.
        assert_eq!(at("2024-01-31"), figures(2, 1001));
        assert_eq!(at("2024-02-29"), figures(1, 1001));
    }
}

#[test]
fn a_range_that_begins_after_one_of_the_days_is_an_error_of_that_day() {
    let [(_folder, engine), _] = shops();
    let bought = |first: &str| {
        let document = json!({
            "format": "segtui/segment", "version": 1, "id": "seg_1", "name": "n", "activation_id": "id",
            "include": {"match": "all", "of": [{"attribute":
                {"table": "Unified_Transactions", "column": "order_datetime"}, "op": "is_between",
                "value": [first, {"relative": "today"}]}]},
        });
        Segment::from_json(&document.to_string()).unwrap()
    };
    for wrong in [WrongConditions::LeaveOut, WrongConditions::Refuse] {
        let found = |first, step| trend(&engine, &bought(first), step, AS_OF(), wrong);
        assert!(found("2023-02-01", TrendStep::Month).is_ok());
        assert!(found("2024-01-01", TrendStep::Day).is_ok());
        let Err(BackendError::Refused(problem)) = found("2024-01-01", TrendStep::Month) else { panic!() };
        assert_eq!(problem.diagnostic.place.to_string(), "include.0");
        assert!(problem.diagnostic.message.starts_with("on 2023-02-28 it cannot be answered: the range"));
    }
}

#[test]
fn days_at_the_ends_of_the_calendar_are_answered() {
    let mut moving = everybody("id");
    let definition = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_1", "name": "n", "activation_id": "id",
        "include": {"match": "all", "of": [{"attribute":
            {"table": "Unified_Transactions", "column": "order_datetime"}, "op": "is_after",
            "value": {"relative": "3 months ago"}}]},
    });
    moving.definition = Segment::from_json(&definition.to_string()).unwrap().definition;
    for (_folder, engine) in shops() {
        for step in STEPS {
            for as_of in ["0001-01-01", "0001-03-01", "9999-12-31", "1970-01-01"] {
                let as_of = as_of.parse().unwrap();
                agrees(&engine, &engine, &everybody("id"), step, as_of);
                agrees(&engine, &engine, &moving, step, as_of);
            }
            let least =
                trend(&engine, &everybody("id"), step, NaiveDate::MIN, WrongConditions::LeaveOut).unwrap();
            assert_eq!((least.points.len(), least.points[0].1.active_customers_1y), (1, Some(0)));
            let most =
                trend(&engine, &everybody("id"), step, NaiveDate::MAX, WrongConditions::LeaveOut).unwrap();
            assert_eq!((most.points.len(), most.points[12].1.active_customers_1y), (13, Some(0)));
        }
    }
}

#[test]
fn work_that_is_cancelled_ends() {
    let [(_folder, engine), _] = shops();
    let cancel = Cancel::default();
    cancel.cancel();
    let segment = Arc::new(everybody("id"));
    let question =
        FollowTrend { segment, step: TrendStep::Day, as_of: AS_OF(), wrong: WrongConditions::LeaveOut };
    assert_eq!(Backend::follow_trend(&engine, &question, Task::new(&cancel)), Err(BackendError::Cancelled));
}
