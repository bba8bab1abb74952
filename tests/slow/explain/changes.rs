//! The days on which the answer is another one, against evaluating day by day.

use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};
use segtui::backend::{Backend, Cancel, FindChange, NearestChange, Task};
use segtui::local::Engine;
use segtui::segment::{Node, Segment, words};

use crate::conformance::{cases, folder, lists, open, workspace};
use crate::slow::Slow;

/// How far days are sought each way.
const YEARS: u32 = 10;

/// Whether a segment moves with the day.
fn is_relative(segment: &Segment) -> bool {
    segment.walk().into_iter().any(|(_, node)| match node {
        Node::Condition(condition) => !words::relative_dates(condition).is_empty(),
        Node::Group(_) | Node::Unreadable(_) => false,
    })
}

/// The nearest days on which the answer is another one, from trying all.
fn by_trying(
    slow: &mut Slow,
    segment: &Segment,
    id: &str,
    as_of: NaiveDate,
    has_answer: impl Fn(NaiveDate) -> bool,
) -> NearestChange {
    let today = slow.is_member(segment, id);
    let mut is_other = |day: &NaiveDate| {
        slow.as_of = *day;
        slow.is_member(segment, id) != today && has_answer(*day)
    };
    let (earliest, latest) = (as_of - Months::new(YEARS * 12), as_of + Months::new(YEARS * 12));
    let back = std::iter::successors(as_of.pred_opt(), NaiveDate::pred_opt);
    let before = back.take_while(|day| *day >= earliest).find(&mut is_other);
    let after = (as_of + Days::new(1)).iter_days().take_while(|day| *day <= latest).find(&mut is_other);
    slow.as_of = as_of;
    NearestChange { before, after }
}

#[test]
fn are_those_that_trying_every_day_finds() {
    let folder = folder(None, "parquet");
    let engine = Engine::new(open(&folder)).with_workspace_files(workspace());
    let mut tried = 0;
    let wanted = cases().into_iter().filter(|case| case.db.is_none() && is_relative(&case.segment));
    for (at, case) in wanted.enumerate() {
        let database = engine.database_with_workspace(case.as_of);
        let id = engine.database().activation_id(&case.segment).to_owned();
        let mut slow = Slow::new(&database, &id, case.as_of).with_lists(lists());
        let is_right = engine.members(&case.segment, case.as_of, &Cancel::default()).is_ok();
        if !is_right || !slow.knows(&case.segment) {
            continue;
        }
        // Others for each case.
        let ids: Vec<String> = slow.universe.iter().skip(at % 7).step_by(23).cloned().collect();
        for id in ids {
            let segment = Arc::new(case.segment.clone());
            let question = FindChange { segment, as_of: case.as_of, id: id.clone() };
            let found = Backend::find_change(&engine, &question, Task::new(&Cancel::default())).unwrap();
            // On a day on which the ends of a range are reversed there is no answer.
            let has_answer = |day: NaiveDate| engine.members(&case.segment, day, &Cancel::default()).is_ok();
            let expected = by_trying(&mut slow, &case.segment, &id, case.as_of, has_answer);
            assert_eq!(found, expected, "{} for {id:?}", case.name);
            tried += 1;
        }
    }
    assert!(tried > 50, "{tried} answers");
}
