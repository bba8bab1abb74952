//! The answer for a customer as a case has it, and what another answer differs in.

use serde_json::{Value, json};

use crate::backend::{
    Distance, DroppedBy, Evidence, ExplainedCustomer, ExplainedNode, ExplainedRow, IdStanding, SegmentVerdict,
};

/// The answer for one customer, without numbers of rows, which are other ones in a case.
pub(super) fn answer(customer: &ExplainedCustomer) -> Value {
    let standing = match &customer.standing {
        IdStanding::Customer => json!("customer"),
        IdStanding::Orphan { tables } => json!({"orphan_in": tables}),
        IdStanding::Unknown { .. } => json!("unknown"),
    };
    let flips: Vec<Vec<String>> =
        customer.flips.iter().map(|flip| flip.iter().map(ToString::to_string).collect()).collect();
    json!({
        "id": customer.id, "standing": standing, "member": customer.verdict.is_member,
        "tree": tree(&customer.verdict), "flips": flips,
    })
}

fn tree(verdict: &SegmentVerdict) -> Value {
    json!({"place": "", "result": verdict.is_member, "of": nodes(&verdict.sides)})
}

fn nodes(nodes: &[ExplainedNode]) -> Value {
    nodes.iter().map(node).collect()
}

fn node(node: &ExplainedNode) -> Value {
    let (place, result) = (node.path.to_string(), node.result);
    match &node.evidence {
        Evidence::Group { of, .. } => json!({"place": place, "result": result, "of": nodes(of)}),
        Evidence::Rows(rows) => {
            let nearest = rows.nearest.as_ref().map(|nearest| {
                let distance = match &nearest.distance {
                    Distance::Number(by) => json!({"number": by}),
                    Distance::Days(days) => json!({"days": days}),
                    Distance::Value => json!("value"),
                    Distance::Null => json!("null"),
                    Distance::NoRow => json!("no_row"),
                };
                json!({"column": nearest.column, "value": nearest.value, "distance": distance})
            });
            json!({
                "place": place, "result": result, "table": rows.table,
                "rows": rows.rows.iter().map(row).collect::<Value>(),
                "rows_left_out": rows.rows_left_out, "computed": rows.computed, "nearest": nearest,
            })
        }
        Evidence::Segment { id, verdict } => {
            json!({"place": place, "result": result, "segment": id, "tree": tree(verdict)})
        }
        Evidence::List { path, is_in } => {
            json!({"place": place, "result": result, "list": path, "is_in": is_in})
        }
    }
}

fn row(row: &ExplainedRow) -> Value {
    let dropped = row.dropped.map(|dropped| match dropped {
        DroppedBy::Return => json!("return"),
        DroppedBy::NoOrder => json!("no_order"),
        DroppedBy::Window => json!("window"),
        DroppedBy::Filter(position) => json!({"filter": position}),
    });
    let values = row.values.iter().map(|(column, value)| (column.clone(), json!(value)));
    json!({"values": Value::Object(values.collect()), "result": row.result, "dropped": dropped})
}

/// In what two answers differ, in words: the answer itself first, then the lines, then the values.
pub(super) fn differences(was: &Value, is: &Value) -> Vec<String> {
    let id = was.get("id").and_then(Value::as_str).unwrap_or_default();
    let mut found = Vec::new();
    for (key, what) in [("member", "a member"), ("standing", "known as"), ("flips", "turned by")] {
        if was.get(key) != is.get(key) {
            let text = |answer: &Value| answer.get(key).cloned().unwrap_or_default();
            found.push(format!("{id:?} was {what}: {}, and is {}", text(was), text(is)));
        }
    }
    let none = Value::Null;
    compare(id, was.get("tree").unwrap_or(&none), is.get("tree").unwrap_or(&none), &mut found);
    found
}

fn compare(id: &str, was: &Value, is: &Value, found: &mut Vec<String>) {
    let place = was.get("place").and_then(Value::as_str).unwrap_or_default();
    if was.get("place") != is.get("place") {
        found.push(format!("{id:?} at {place}: there is another line"));
        return;
    }
    let result = |node: &Value| match node.get("result") {
        Some(Value::Bool(true)) => "true",
        Some(Value::Bool(false)) => "false",
        _ => "unknown",
    };
    if result(was) != result(is) && !place.is_empty() {
        found.push(format!("{id:?} at {place}: it was {}, and is {}", result(was), result(is)));
    }
    let other = ["rows", "rows_left_out", "computed", "nearest", "list", "is_in", "segment", "table"];
    if let Some(key) = other.iter().find(|key| was.get(**key) != is.get(**key)) {
        found.push(format!("{id:?} at {place}: {} are other ones", key.replace('_', " ")));
    }
    if let (Some(was), Some(is)) = (was.get("tree"), is.get("tree")) {
        compare(id, was, is, found);
    }
    let of = |node: &Value| node.get("of").and_then(Value::as_array).cloned().unwrap_or_default();
    let (was, is) = (of(was), of(is));
    if was.len() != is.len() {
        found.push(format!("{id:?} at {place}: there were {} lines, and are {}", was.len(), is.len()));
    }
    was.iter().zip(&is).for_each(|(was, is)| compare(id, was, is, found));
}
