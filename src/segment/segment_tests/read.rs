//! Tests as documents have them.

use std::fmt;

use serde_json::Value;

use super::fraction::Fraction;
use super::kinds::{KINDS, SegmentTest};
use crate::segment::json::brief;
use crate::segment::number::ExactDecimal;
use crate::segment::suggest;

/// Message and help.
pub(super) type Wrong = (String, String);

/// What a test says, or what is wrong with it.
pub(super) fn read(item: &Value) -> Result<SegmentTest, Wrong> {
    let kinds = || format!("write one of {}", KINDS.join(", "));
    let Value::Object(map) = item else {
        return Err((
            format!("a test is an object, not {}", brief(item)),
            "write {\"in\": [\"ID\"]}".to_owned(),
        ));
    };
    let known: Vec<(&str, &Value)> = KINDS.iter().filter_map(|kind| Some((*kind, map.get(*kind)?))).collect();
    match known.as_slice() {
        [(kind, value)] => read_kind(kind, value),
        [] => {
            let near = map.keys().find_map(|own| suggest::key(own, KINDS.into_iter()));
            let help = near.map(|near| format!("did you mean {near:?}?"));
            Err(("this kind of test is unknown".to_owned(), help.unwrap_or_else(kinds)))
        }
        [(one, _), (other, _), ..] => Err((
            format!("a test says one thing, this has {one:?} and {other:?}"),
            "make two tests of it".to_owned(),
        )),
    }
}

fn read_kind(kind: &str, value: &Value) -> Result<SegmentTest, Wrong> {
    match kind {
        "in" => ids(kind, value).map(SegmentTest::In),
        "out" => ids(kind, value).map(SegmentTest::Out),
        "size" => {
            let (low, high) = ends(value, whole)
                .ok_or_else(|| wrong(kind, value, "two whole numbers, or null for no limit", "[1, null]"))?;
            match (low, high) {
                (Some(low), Some(high)) if low > high => Err(upside_down(&low, &high)),
                _ => Ok(SegmentTest::Size(low, high)),
            }
        }
        "share" => {
            let share = |end: &Value| fraction(end).filter(|share| share.is_share());
            let (low, high) = ends(value, share)
                .ok_or_else(|| wrong(kind, value, "two numbers from 0 to 1", "[0.05, 0.1]"))?;
            match (low, high) {
                (Some(low), Some(high)) if low.is_more_than(high) => Err(upside_down(&low, &high)),
                _ => Ok(SegmentTest::Share(low, high)),
            }
        }
        "change" => change(kind, value),
        "disjoint" => id(kind, value).map(SegmentTest::Disjoint),
        "within" => id(kind, value).map(SegmentTest::Within),
        _ => {
            let flag = value.as_bool().ok_or_else(|| wrong(kind, value, "true or false", "true"))?;
            Ok(SegmentTest::EveryLineCounts(flag))
        }
    }
}

fn wrong(kind: &str, value: &Value, wanted: &str, example: &str) -> Wrong {
    (format!("{kind:?} is {wanted}, not {}", brief(value)), format!("write {{{kind:?}: {example}}}"))
}

fn ids(kind: &str, value: &Value) -> Result<Vec<String>, Wrong> {
    let ids = value
        .as_array()
        .and_then(|ids| ids.iter().map(|id| id.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>());
    ids.ok_or_else(|| wrong(kind, value, "an array of ids as texts", "[\"ID\"]"))
}

fn id(kind: &str, value: &Value) -> Result<String, Wrong> {
    let id = value.as_str().filter(|id| !id.is_empty()).map(str::to_owned);
    id.ok_or_else(|| wrong(kind, value, "the id of a segment", "\"SEGMENT_ID\""))
}

fn change(kind: &str, value: &Value) -> Result<SegmentTest, Wrong> {
    let wrong = |wanted: &str| wrong(kind, value, wanted, "{\"percent\": 10}");
    let map = value.as_object().ok_or_else(|| wrong("an object"))?;
    let percent = map.get("percent").and_then(fraction);
    let percent = percent.ok_or_else(|| wrong("an object with a number of percent"))?;
    let from = match map.get("from") {
        None | Some(Value::Null) => None,
        Some(from) => {
            let message = || format!("\"from\" is a whole number, not {}", brief(from));
            let number = whole(from);
            Some(number.ok_or_else(|| (message(), "leave it out: saving writes it".to_owned()))?)
        }
    };
    Ok(SegmentTest::Change { from, percent })
}

fn upside_down(low: &dyn fmt::Display, high: &dyn fmt::Display) -> Wrong {
    (format!("{low} is more than {high}"), "write the smaller number first".to_owned())
}

/// Both ends of a range; `None` where it is none.
fn ends<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<(Option<T>, Option<T>)> {
    let [low, high] = value.as_array()?.as_slice() else { return None };
    let end = |end: &Value| if end.is_null() { Some(None) } else { read(end).map(Some) };
    Some((end(low)?, end(high)?))
}

fn fraction(value: &Value) -> Option<Fraction> {
    Fraction::parse(&value.as_number()?.to_string())
}

fn whole(value: &Value) -> Option<u64> {
    let number = ExactDecimal::parse(&value.as_number()?.to_string())?;
    u64::try_from(number.parts()).ok().filter(|_| number.decimals() == 0)
}
