use serde_json::{Value, json};

use super::*;
use crate::diagnostic::Diagnostic;
use crate::segment::{DataType, Side};

struct AnySchema;

impl Schema for AnySchema {
    fn activation_id(&self) -> Result<(), Diagnostic> {
        Ok(())
    }
    fn column_type(&self, _: &str, _: &str) -> Result<DataType, Diagnostic> {
        Ok(DataType::String)
    }
    fn table(&self, _: &str) -> Result<(), Diagnostic> {
        Ok(())
    }
    fn items_table(&self) -> Result<String, Diagnostic> {
        Ok("Items".to_owned())
    }
    fn item_revenue(&self) -> Result<String, Diagnostic> {
        Ok("revenue".to_owned())
    }
    fn item_quantity(&self) -> Result<String, Diagnostic> {
        Ok("quantity".to_owned())
    }
}

fn is(column: &str, value: &str) -> Value {
    json!({"attribute": {"table": "T", "column": column}, "op": "is_exactly", "value": value})
}

fn group(matching: &str, of: &[Value]) -> Value {
    json!({"match": matching, "of": of})
}

fn off(mut node: Value) -> Value {
    node["off"] = true.into();
    node
}

fn segment(include: &[Value], exclude: &[Value]) -> Arc<Segment> {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "s", "name": "S",
        "include": group("all", include), "exclude": group("any", exclude),
    });
    Arc::new(Segment::from_json(&document.to_string()).unwrap())
}

/// `kind a b: text` for each change.
fn said(a: &Arc<Segment>, b: &Arc<Segment>) -> Vec<String> {
    let difference = diff(a, b, &AnySchema);
    assert_eq!(difference.steps.len(), difference.changes.len() + 1);
    let last = difference.steps.last().unwrap();
    assert_eq!(
        last.definition,
        if difference.changes.is_empty() { &a.definition } else { &b.definition }.clone()
    );
    let place = |place: &Option<Place>| place.as_ref().map_or("-".to_owned(), Place::to_string);
    let line = |change: &Change| {
        let (a, b) = (place(&change.place_a), place(&change.place_b));
        format!("{} {a} {b}: {}", change.kind.id(), change.text)
    };
    difference.changes.iter().map(line).collect()
}

#[test]
fn equal_definitions_do_not_differ() {
    let a = segment(&[group("all", &[is("city", "Chicago"), off(is("city", "Chicago"))])], &[]);
    assert_eq!(said(&a, &Arc::new(Segment { name: "Other".to_owned(), ..Segment::clone(&a) })), [""; 0]);
}

#[test]
fn lines_are_added_removed_and_changed() {
    let a = segment(&[group("all", &[is("city", "Chicago"), is("state", "IL"), is("tier", "Gold")])], &[]);
    let b = segment(
        &[group("all", &[is("city", "Boston"), is("tier", "Gold"), is("name", "Ana")])],
        &[group("any", &[is("vip", "no"), group("all", &[is("a", "1"), is("b", "2")])])],
    );
    assert_eq!(
        said(&a, &b),
        [
            "removed include.0.1 -: State is exactly IL",
            "changed include.0.0 include.0.0: City is exactly Chicago → City is exactly Boston",
            "added - include.0.2: Name is exactly Ana",
            "added - exclude.0: ANY of these criteria: Vip is exactly no; \
             (ALL of these criteria: A is exactly 1; B is exactly 2)",
        ]
    );
}

#[test]
fn a_group_goes_with_all_inside_it() {
    let a = segment(
        &[
            group("all", &[is("a", "1")]),
            group("any", &[is("b", "2"), group("all", &[is("c", "3"), is("d", "4")])]),
        ],
        &[],
    );
    let b = segment(&[group("all", &[is("a", "1")])], &[]);
    assert_eq!(
        said(&a, &b),
        ["removed include.1 -: ANY of these criteria: B is exactly 2; \
          (ALL of these criteria: C is exactly 3; D is exactly 4)"]
    );
    assert_eq!(said(&b, &a).len(), 1);
}

#[test]
fn what_stays_is_moved_or_switched() {
    let a = segment(
        &[group("all", &[is("a", "1"), is("b", "2"), is("c", "3")]), group("any", &[is("d", "4")])],
        &[],
    );
    let b = segment(
        &[group("any", &[is("c", "3"), is("a", "1"), off(is("b", "2"))])],
        &[group("any", &[is("d", "4")])],
    );
    assert_eq!(
        said(&a, &b),
        [
            "changed include.0 include.0: ALL of these criteria → ANY of these criteria",
            "moved include.0.2 include.0.0: C is exactly 3: include 1.3 → include 1.1",
            "off include.0.1 include.0.2: B is exactly 2",
            "moved include.1 exclude.0: ANY of these criteria: include 2 → exclude 1",
        ]
    );
    assert_eq!(said(&b, &a).len(), 4);
}

#[test]
fn groups_come_and_go_around_lines() {
    let flat = segment(&[group("all", &[is("a", "1"), is("b", "2"), is("c", "3")])], &[]);
    let nested = segment(&[group("all", &[is("a", "1"), group("any", &[is("b", "2"), is("c", "3")])])], &[]);
    assert_eq!(
        said(&flat, &nested),
        ["added - include.0.1: ANY of these criteria, around B is exactly 2; C is exactly 3"]
    );
    assert_eq!(
        said(&nested, &flat),
        ["removed include.0.1 -: ANY of these criteria: the group, not its lines"]
    );
}

#[test]
fn sides_change_and_what_no_sentence_says_is_said() {
    let a = segment(&[group("all", &[is("a", "1")])], &[]);
    let mut b = Segment::clone(&a);
    let side = b.side_mut(Side::Include).unwrap();
    (side.matching, side.off) = (crate::segment::Match::Any, Some(true));
    assert_eq!(
        said(&a, &Arc::new(b)),
        [
            "changed include include: Include customers with ALL of the following → \
             Include customers with ANY of the following",
            "off include include: Include customers with ANY of the following",
        ]
    );
    let mut own = is("a", "1");
    own["note"] = 1.into();
    let own = segment(&[group("all", &[own])], &[]);
    assert_eq!(
        said(&a, &own),
        ["changed include.0.0 include.0.0: A is exactly 1: what its sentence does not say"]
    );
}

#[test]
fn long_lists_are_told_by_what_they_have_more_and_less() {
    let list = |from: usize, to: usize| {
        let values: Vec<String> = (from..to).map(|number| number.to_string()).collect();
        let line =
            json!({"attribute": {"table": "T", "column": "city"}, "op": "is_in_list", "value": values});
        segment(&[group("all", &[line])], &[])
    };
    assert_eq!(
        said(&list(0, 100), &list(1, 110)),
        [
            "changed include.0.0 include.0.0: City is in list: 10 values more (100, 101, 102, 103, 104, …), 1 value fewer (0)"
        ]
    );
}

#[test]
fn queries_differ_in_a_line() {
    let query = |sql: &str| {
        let document = json!({"format": "segtui/segment", "version": 1, "id": "s", "name": "S", "sql": sql});
        Arc::new(Segment::from_json(&document.to_string()).unwrap())
    };
    let a = query("SELECT amperity_id\nFROM T");
    assert_eq!(said(&a, &a), [""; 0]);
    assert_eq!(said(&a, &query("SELECT amperity_id\nFROM U")), ["changed sql sql: line 2: FROM T → FROM U"]);
    assert_eq!(said(&a, &segment(&[], &[])), ["changed sql document: a query → conditions"]);
}
