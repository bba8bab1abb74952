//! What is read is written again: every key, every digit, in a stable order.

use proptest::prelude::*;
use segtui::segment::Segment;
use serde_json::{Value, json};

use super::runner;
use super::strategy::{OWN, document};

fn read(text: &str) -> Segment {
    Segment::from_json(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Where keys stand that are somebody's own, in their order.
fn own_keys(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| own_keys(item, &format!("{path}/{at}"), found));
        }
        Value::Object(map) => {
            found.extend(map.keys().filter(|key| key.starts_with(OWN)).map(|key| format!("{path} {key}")));
        }
        _ => {}
    }
    if let Value::Object(map) = value {
        // Known keys come in an order of their own.
        let mut inner: Vec<(&String, &Value)> = map.iter().collect();
        inner.sort_by_key(|(key, _)| *key);
        inner.into_iter().for_each(|(key, inner)| own_keys(inner, &format!("{path}/{key}"), found));
    }
}

#[test]
fn nothing_is_lost() {
    let run = |document: Value| {
        for text in [document.to_string(), format!("\u{feff}{document:#}\n")] {
            let segment = read(&text);
            let written = segment.to_json();
            let again = read(&written);
            prop_assert_eq!(&again, &segment);
            prop_assert_eq!(again.to_json(), written.clone(), "byte for byte");
            let value: Value = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(&value, &document);
            let (mut before, mut after) = (Vec::new(), Vec::new());
            own_keys(&document, "", &mut before);
            own_keys(&value, "", &mut after);
            prop_assert_eq!(before, after);
        }
        Ok(())
    };
    runner(400).run(&document(), run).unwrap();
}

/// A document with what it means where it says nothing.
pub fn with_defaults(mut document: Value) -> Value {
    let defaults = json!({
        "version": 1, "description": "", "labels": [], "status": "draft", "database": "", "activation_id": "",
        "revision": 0,
    });
    let empty = |matching: &str| json!({"match": matching, "of": []});
    let Value::Object(map) = &mut document else { return document };
    for (key, default) in defaults.as_object().unwrap() {
        map.entry(key).or_insert_with(|| default.clone());
    }
    let is_visual = !map.contains_key("sql");
    let is_group = |side: Option<&Value>| {
        side.is_none_or(|side| {
            Segment::from_json(&visual(side))
                .is_ok_and(|segment| matches!(segment.definition, segtui::segment::Definition::Visual { .. }))
        })
    };
    // Of sides that are not understood nothing is added.
    if is_visual && is_group(map.get("include")) && is_group(map.get("exclude")) {
        map.entry("include").or_insert_with(|| empty("all"));
        map.entry("exclude").or_insert_with(|| empty("any"));
    }
    for key in ["created", "updated"] {
        if let Some(Value::Object(stamp)) = map.get_mut(key) {
            stamp.entry("at").or_insert_with(|| "".into());
            stamp.entry("by").or_insert_with(|| "".into());
        }
    }
    document
}

fn visual(side: &Value) -> String {
    json!({"format": "segtui/segment", "version": 1, "id": "s", "name": "S", "include": side}).to_string()
}

#[test]
fn what_is_left_out_is_written_as_what_it_means() {
    let keys = vec![
        "version",
        "description",
        "labels",
        "status",
        "database",
        "activation_id",
        "revision",
        "created",
        "updated",
        "include",
        "exclude",
        "sql",
    ];
    let some = (document(), prop::sample::subsequence(keys, 0..10));
    let run = |(mut document, left_out): (Value, Vec<&str>)| {
        document.as_object_mut().unwrap().retain(|key, _| !left_out.contains(&key.as_str()));
        let written: Value = serde_json::from_str(&read(&document.to_string()).to_json()).unwrap();
        prop_assert_eq!(written, with_defaults(document));
        Ok(())
    };
    runner(100).run(&some, run).unwrap();
}
