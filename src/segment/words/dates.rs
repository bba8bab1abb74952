//! Relative dates of conditions with their days.

use serde_json::{Map, Value};

use crate::segment::node::{Condition, ConditionKind, Test};

/// The condition with every relative date in these words, to be read: it is no longer one to evaluate.
#[must_use]
pub(crate) fn dated(condition: &Condition, write: &dyn Fn(&str) -> String) -> Condition {
    let mut condition = condition.clone();
    match &mut condition.kind {
        ConditionKind::Attribute(attribute) => in_test(&mut attribute.test, write),
        ConditionKind::Aggregate(aggregate) => in_test(&mut aggregate.test, write),
        ConditionKind::Purchase(purchase) => {
            if let Some(value) = purchase.when.as_mut().and_then(|when| when.value.as_mut())
                && let Some(written) = written(value, write)
            {
                *value = written;
            }
        }
        ConditionKind::List(_) => {}
    }
    for filter in condition.filters_mut().and_then(Option::as_mut).into_iter().flatten() {
        in_test(&mut filter.test, write);
    }
    condition
}

fn in_test(test: &mut Test, write: &dyn Fn(&str) -> String) {
    if let Some(value) = test.value.as_ref().and_then(|value| written(value.json(), write)) {
        test.value = Some(value.into());
    }
}

/// A value with its relative dates in these words; `None` where there are none: a list may have a million items.
fn written(value: &Value, write: &dyn Fn(&str) -> String) -> Option<Value> {
    match value {
        Value::Array(items) if items.iter().any(Value::is_object) => {
            let item = |item: &Value| written(item, write).unwrap_or_else(|| item.clone());
            Some(items.iter().map(item).collect())
        }
        Value::Object(map) => {
            let words = write(map.get("relative")?.as_str()?);
            Some(Value::Object(Map::from_iter([("relative".to_owned(), Value::String(words))])))
        }
        _ => None,
    }
}
