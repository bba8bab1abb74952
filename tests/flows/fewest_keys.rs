//! How many keys a segment takes, every character a key, from the empty segment until it is saved under the name that is
//! suggested: two segments of one shape, so that nothing is made for one of them alone.

use segtui::segment::{Node, Side};

use super::harness::{Session, Shown, tokens};

/// Keys in a script.
fn count(script: &str) -> usize {
    let length = |token: String| token.strip_prefix("type:").map_or(1, |typed| typed.chars().count());
    tokens(script).into_iter().map(length).sum()
}

/// The demo with two segments of employees and of members.
fn demo() -> Session {
    let mut session = Session::demo();
    for (condition, name) in [("email contains m", "Employees_All"), ("is opted into email", "Newsletter")] {
        session.keys(&format!("n i type:\"{condition}\" enter s ctrl-u type:{name} ctrl-s"));
        assert_eq!(session.shown(), Shown::Overview);
        session.keys("ctrl-o");
    }
    session.keys("n");
    session
}

/// Each condition in words, whether it stands in the segment or is left out of it.
fn built(session: &Session) -> Vec<String> {
    let segment = session.segment();
    let mut said: Vec<String> = Vec::new();
    for (path, node) in segment.walk() {
        if matches!(node, Node::Condition(_)) {
            let words = session.app.with_schema(|schema| segtui::segment::words::sentence(node, schema));
            let side = if path.side == Side::Exclude { "not: " } else { "" };
            said.push(format!("{side}{words}"));
        }
    }
    said
}

/// Builds it, and compares the keys with the most that there may be.
fn takes(most: usize, script: &str, conditions: &[&str], name: &str) {
    let mut session = demo();
    session.keys(script);
    assert_eq!(built(&session), conditions);
    assert_eq!(session.shown(), Shown::Overview, "it is saved");
    assert_eq!(session.segment().name, name);
    assert!(session.saved(name).is_some());
    assert!(count(script) <= most, "{} keys", count(script));
}

const STATUS: &str = "Predicted Customer Lifecycle Status is in list Active, Cooling down, At risk";
const TIER: &str = "Loyalty Tier is in list Gold, Platinum";

#[test]
fn the_picker_takes_45_keys() {
    takes(
        45,
        "a type:lifec enter enter type:ac tab type:co tab type:at enter \
         a type:has enter type:= enter enter type:3m enter type:cat enter enter type:so enter enter \
         x type:emp enter enter s ctrl-s",
        &[
            STATUS,
            "Has Purchased exactly 1 time after 3 months ago, where Product Category is exactly socks",
            "not: Is Employee is true",
        ],
        "ActiveCoolingDownAtRisk_SocksOnce_NoEmployee",
    );
    takes(
        45,
        "a type:\"l tier\" enter enter type:go tab type:pl enter \
         a type:has enter enter type:2 enter type:6m enter type:cat enter enter type:je enter enter \
         x type:news enter enter s ctrl-s",
        &[
            TIER,
            "Has Purchased at least 2 times after 6 months ago, where Product Category is exactly jeans",
            "not: Is a member of Newsletter",
        ],
        "GoldPlatinum_JeansOver2_NoNewsletter",
    );
}

#[test]
fn typing_takes_60_keys() {
    takes(
        60,
        "i type:lifec tab type:\"in ac\" tab type:,co tab type:,at tab alt-enter \
         type:\"bought socks = 1 3m\" alt-enter type:\"not in emp\" tab enter s ctrl-s",
        &[
            STATUS,
            "Has Purchased exactly 1 time after 3 months ago, where Product Category is exactly socks",
            "Is not a member of Employees_All",
        ],
        "ActiveCoolingDownAtRisk_SocksOnce_NoEmployeesAll",
    );
    takes(
        60,
        "i type:\"l tier\" tab type:\"in go\" tab type:,pl tab alt-enter \
         type:\"bought jeans >= 2 6m\" alt-enter type:\"not in new\" tab enter s ctrl-s",
        &[
            TIER,
            "Has Purchased at least 2 times after 6 months ago, where Product Category is exactly jeans",
            "Is not a member of Newsletter",
        ],
        "GoldPlatinum_JeansOver2_NoNewsletter",
    );
}
