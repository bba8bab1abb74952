//! Advice beside the lines.

use segtui::app::effect::Effect;
use segtui::segment::Segment;
use serde_json::{Value, json};

use super::harness::{Session, Setup, demo_folder};

pub fn document(include: Value, exclude: Value) -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_given", "name": "Given", "status": "draft",
        "database": "Customer_360", "activation_id": "amperity_id", "revision": 3,
        "include": {"match": "all", "of": [{"match": "all", "of": include}]},
        "exclude": {"match": "any", "of": [{"match": "any", "of": exclude}]},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

pub fn attribute(column: &str, op: &str, value: Value) -> Value {
    json!({"attribute": {"table": "Customer_360", "column": column}, "op": op, "value": value})
}

fn on_the_demo(include: Value, exclude: Value) -> Session {
    let setup = Setup { databases: vec![demo_folder()], size: (160, 50), ..Setup::small() };
    Session::editing_with(&document(include, exclude), setup)
}

#[test]
fn lines_that_contradict_each_other() {
    let city = |name: &str| attribute("city", "is_exactly", name.into());
    let mut session = on_the_demo(json!([city("Chicago"), city("Boston")]), json!([]));
    session.sees("◦ nobody has both: contradicts “City is exactly Chicago”");
    session.keys("j &").sees_no("◦");
    session.keys("u d").sees_no("◦");
    session.keys("u").sees("◦ nobody has both");
}

#[test]
fn lines_that_change_nothing_and_exclusions_that_swallow() {
    let frequency = |least: i64| json!({"purchase": "has_purchased", "op": "at_least", "value": least});
    let mut session = on_the_demo(json!([frequency(1), frequency(3)]), json!([frequency(2)]));
    session.sees("◦ changes nothing: “Has Purchased at least 3 times” implies it");
    session.sees("◦ nobody is left of “Has Purchased at least 3 times”");
    let never = json!([{"purchase": "has_purchased", "op": "exactly", "value": 0}]);
    on_the_demo(never, json!([])).sees("◦ nobody: whoever has purchased has at least 1 order");
}

#[test]
fn any_of_two_negations_is_everybody() {
    let not = |name: &str| attribute("city", "is_not_exactly", name.into());
    let mut session = on_the_demo(json!([not("Chicago"), not("Boston")]), json!([]));
    session.keys("j &").sees("with “City is not exactly Chicago” this holds for everybody with a City");
}

#[test]
fn values_that_do_not_occur() {
    let mut session = on_the_demo(json!([attribute("city", "is_exactly", "Chicgo".into())]), json!([]));
    session.sees("◦ \"Chicgo\" does not occur in City: did you mean \"Chicago\"?");
    let tier = document(json!([attribute("loyalty_tier", "is_exactly", "gold".into())]), json!([]));
    let mut session = Session::editing_with(&tier, Setup { size: (160, 50), ..Setup::small() });
    session.sees("\"gold \" is in Loyalty Tier too, with a blank at the end: it is left out");
}

#[test]
fn customers_without_a_value_are_added() {
    let tier = document(json!([attribute("loyalty_tier", "is_not_exactly", "Gold".into())]), json!([]));
    let mut session = Session::editing_with(&tier, Setup { size: (160, 50), ..Setup::small() });
    let null = session.editor().live.evaluation.as_ref().unwrap().evaluation.waterfall[2].null;
    let before = session.members();
    assert!(null > 0);
    session.sees(&format!("◦ leaves out {null} customers with NULL in Loyalty Tier"));
    session.keys("N").sees("put the cursor on a condition");
    session.keys("j N");
    assert_eq!(session.shape(), "ALL(ALL(ANY(loyalty_tier loyalty_tier))) - ANY(ANY())");
    assert_eq!(session.members(), before + null, "just those");
    session.keys("j N").sees("only a negative operator is meant to take in NULL");
    session.keys("u");
    assert_eq!(session.members(), before);
}

#[test]
fn advice_is_asked_for_after_the_numbers() {
    let city = |name: &str| attribute("city", "is_exactly", name.into());
    let mut session = on_the_demo(json!([city("Chicgo"), city("Bostn")]), json!([]));
    session.is_paused = true;
    let asked = |session: &Session| {
        session.effects.iter().filter(|effect| matches!(effect, Effect::Advise { .. })).count()
    };
    let before = asked(&session);
    // Until there are numbers, what was said of a line stays while the line is the same.
    session.keys("j d").sees_no("Chicgo\" does not occur").sees("Bostn");
    assert_eq!(asked(&session), before);
    session.release_one();
    assert_eq!(asked(&session), before + 1);
    session.sees("\"Bostn\" does not occur in City: did you mean \"Boston\"?").sees_no("contradicts");
}
