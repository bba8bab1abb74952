//! How many there are is shown before the other insights are there.

use std::sync::Arc;

use segtui::app::effect::Effect;
use segtui::app::event::Event;
use segtui::backend::{Evaluation, Insights};
use segtui::segment::Segment;
use serde_json::json;

use super::harness::Session;

/// Numbers of which only those of the members are there.
fn members_alone(whole: &Evaluation) -> Evaluation {
    let alone = |of: Insights| Insights { unique_customers: of.unique_customers, ..Insights::default() };
    Evaluation {
        insights: alone(whole.insights),
        all: alone(whole.all),
        has_all_insights: false,
        ..whole.clone()
    }
}

fn document() -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_all", "name": "All", "status": "draft",
        "database": "nasty", "activation_id": "amperity_id", "revision": 1,
        "include": {"match": "all", "of": []}, "exclude": {"match": "any", "of": []},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

#[test]
fn members_are_shown_while_the_other_insights_are_still_to_come() {
    let mut session = Session::editing(&document());
    let before = session.insights();
    session.hold_back(|effect| matches!(effect, Effect::Evaluate { .. } | Effect::Advise { .. }));
    session.keys("i type:\"city is Chicago\" enter");
    let definition = session.editor().definition();
    let Some(Effect::Evaluate { segment, .. }) =
        session.effects.iter().rev().find(|effect| matches!(effect, Effect::Evaluate { .. })).cloned()
    else {
        panic!("nothing was asked");
    };
    assert_eq!(segment.walk().len(), session.segment().walk().len());
    // The numbers of everybody, as if they were of this definition.
    let numbers = session.editor().live.evaluation.clone().unwrap();
    let whole = (*numbers.evaluation).clone();
    let asks_advice = |session: &Session| {
        session.effects.iter().filter(|effect| matches!(effect, Effect::Advise { .. })).count()
    };
    let advised = asks_advice(&session);
    session.event(Event::Evaluated { definition, result: Ok(Arc::new(members_alone(&whole))) });
    assert_eq!(session.members(), before.unique_customers);
    session.sees("…").sees_no("not available");
    assert_eq!(asks_advice(&session), advised, "advice comes after the insights");
    session.event(Event::Evaluated { definition, result: Ok(Arc::new(whole)) });
    assert_eq!(session.insights(), before);
    assert_eq!(asks_advice(&session), advised + 1);
}
