//! Putting a condition that was written anew in the place of another one.

use crate::segment::node::*;

/// `after` as the new version of `before`: its switch, its unknown keys, and what is said but means
/// nothing stay.
#[must_use]
pub fn reword(before: &Condition, after: Condition) -> Condition {
    let kind = match (&before.kind, after.kind) {
        (ConditionKind::Attribute(before), ConditionKind::Attribute(after)) => {
            ConditionKind::Attribute(AttributeCondition {
                extra: before.extra.clone(),
                test: test(&before.test, after.test),
                filters: filters(before.filters.as_deref(), after.filters),
                ..after
            })
        }
        (ConditionKind::Aggregate(before), ConditionKind::Aggregate(after)) => {
            ConditionKind::Aggregate(AggregateCondition {
                extra: before.extra.clone(),
                test: test(&before.test, after.test),
                filters: filters(before.filters.as_deref(), after.filters),
                ..after
            })
        }
        (ConditionKind::Purchase(before), ConditionKind::Purchase(after)) => {
            ConditionKind::Purchase(PurchaseCondition {
                inclusive: flag(before.inclusive, after.inclusive),
                when: after.when.map(|after| When {
                    extra: before.when.as_ref().map(|before| before.extra.clone()).unwrap_or_default(),
                    ..after
                }),
                filters: filters(before.filters.as_deref(), after.filters),
                ..after
            })
        }
        (ConditionKind::List(before), ConditionKind::List(after)) => {
            ConditionKind::List(ListCondition { extra: before.extra.clone(), ..after })
        }
        (_, after) => after,
    };
    Condition { kind, off: before.off, extra: before.extra.clone() }
}

fn test(before: &Test, after: Test) -> Test {
    Test {
        match_case: flag(before.match_case, after.match_case),
        inclusive: flag(before.inclusive, after.inclusive),
        ..after
    }
}

/// A flag that says no was said before, and is not taken out.
fn flag(before: Option<bool>, after: Option<bool>) -> Option<bool> {
    after.or(before.map(|_| false))
}

/// Each filter takes the unknown keys of one on the same column along, that at its own place first.
fn filters(before: Option<&[Filter]>, after: Option<Vec<Filter>>) -> Option<Vec<Filter>> {
    let before = before.unwrap_or_default();
    let mut left: Vec<Option<&Filter>> = before.iter().map(Some).collect();
    let reworded = |(at, filter): (usize, Filter)| {
        let is_it = |known: &Option<&Filter>| known.is_some_and(|known| known.column == filter.column);
        let at = left.get(at).is_some_and(is_it).then_some(at).or_else(|| left.iter().position(is_it));
        match at.and_then(|at| left.get_mut(at)).and_then(Option::take) {
            Some(known) => {
                Filter { extra: known.extra.clone(), test: test(&known.test, filter.test), ..filter }
            }
            None => filter,
        }
    };
    Some(after?.into_iter().enumerate().map(reworded).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::{Node, Segment};
    use serde_json::json;

    fn condition(node: serde_json::Value) -> Condition {
        let document = json!({
            "format": "segtui/segment", "version": 1, "id": "s", "name": "S",
            "include": {"match": "all", "of": [node]}
        });
        match Segment::from_json(&document.to_string()).unwrap().walk()[0].1 {
            Node::Condition(condition) => condition.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_nobody_asked_to_change_stays() {
        let before = condition(json!({
            "attribute": {"table": "T", "column": "a", "x": 1}, "op": "is_exactly", "value": "v",
            "match_case": false, "off": true, "note": "n",
            "where": [{"column": "b", "op": "is_null", "y": 2}, {"column": "c", "op": "is_null", "z": 3}]
        }));
        let after = condition(json!({
            "attribute": {"table": "T", "column": "a"}, "op": "is_exactly", "value": "w",
            "where": [{"column": "c", "op": "is_not_null"}, {"column": "d", "op": "is_null"}]
        }));
        let wanted = condition(json!({
            "attribute": {"table": "T", "column": "a", "x": 1}, "op": "is_exactly", "value": "w",
            "match_case": false, "off": true, "note": "n",
            "where": [{"column": "c", "op": "is_not_null", "z": 3}, {"column": "d", "op": "is_null"}]
        }));
        assert_eq!(reword(&before, after), wanted);
    }
}
