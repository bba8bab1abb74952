//! Explanations for programs.

use serde_json::{Map, Value, json};

use super::descriptions::{Description, Descriptions};
use super::sought::{SoughtChange, errors};
use crate::backend::{
    Distance, DroppedBy, Evidence, ExplainedCustomer, ExplainedNode, ExplainedRow, Explanation, IdStanding,
    NearestMiss, RowEvidence, SegmentVerdict, miss_in_words,
};
use crate::cli::page::{fields, head};
use crate::cli::session::named;
use crate::segment::{DataType, ListSource, NodePath};

/// The answer for one customer.
pub(super) fn answer(
    customer: &ExplainedCustomer,
    change: &SoughtChange,
    explanation: &Explanation,
    descriptions: &Descriptions<'_>,
) -> Value {
    let opened = descriptions.opened;
    let is_customer = customer.standing == IdStanding::Customer;
    let tree = is_customer.then(|| tree(&customer.verdict, &descriptions.own, descriptions));
    let mut answer = head(Some(&descriptions.own.segment), explanation.as_of, &explanation.activation_id);
    answer.extend(fields([
        ("database", json!({"name": opened.database.name, "fingerprint": opened.backend.fingerprint()})),
        ("segtui", env!("CARGO_PKG_VERSION").into()),
        ("id", customer.id.as_str().into()),
        ("member", customer.verdict.is_member.into()),
        ("in_universe", is_customer.into()),
    ]));
    match &customer.standing {
        IdStanding::Customer => {}
        IdStanding::Orphan { tables } => answer.extend(fields([("orphan_in", tables.clone().into())])),
        IdStanding::Unknown { similar } => answer.extend(fields([("similar", similar.clone().into())])),
    }
    let places = |set: &Vec<NodePath>| set.iter().map(ToString::to_string).collect::<Value>();
    answer.extend(fields([("tree", tree.into()), ("flips", customer.flips.iter().map(places).collect())]));
    match change {
        None => {}
        Some(Ok(change)) => {
            let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
            let days = json!({"before": day(change.before), "after": day(change.after)});
            answer.extend(fields([("changed", days)]));
        }
        Some(Err(reason)) => {
            answer.extend(fields([("changed", Value::Null), ("changed_unknown", reason.as_str().into())]));
        }
    }
    let problems = errors(explanation).map(|problem| {
        let diagnostic = &problem.diagnostic;
        let place = diagnostic.place.to_string();
        json!({"place": place, "message": diagnostic.message, "help": diagnostic.help})
    });
    answer.extend(fields([("problems", problems.collect())]));
    Value::Object(answer)
}

fn tree(verdict: &SegmentVerdict, of: &Description, all: &Descriptions<'_>) -> Value {
    let sides = verdict.sides.iter().map(|side| node(side, of, all));
    json!({"place": "", "result": verdict.is_member, "of": sides.collect::<Value>()})
}

fn node(node: &ExplainedNode, of: &Description, all: &Descriptions<'_>) -> Value {
    let line = of.line(&node.path);
    let text = line.map(|line| line.text.as_str()).unwrap_or_default();
    let mut written = fields([
        ("place", node.path.to_string().into()),
        ("text", text.into()),
        ("result", node.result.into()),
    ]);
    if let Some(line) = line.filter(|line| !line.days.is_empty()) {
        let days = line.days.iter().map(|(words, day)| (words.clone(), Value::from(day.to_string())));
        written.insert("days".to_owned(), Value::Object(days.collect()));
    }
    let mut parts = Value::Array(Vec::new());
    let mut rows = Value::Array(Vec::new());
    match &node.evidence {
        Evidence::Group { of: nodes, .. } => {
            parts = nodes.iter().map(|inner| self::node(inner, of, all)).collect();
        }
        Evidence::Rows(evidence) => {
            rows = evidence.rows.iter().map(|row| self::row(row, evidence, &node.path, all)).collect();
        }
        Evidence::Segment { .. } | Evidence::List { .. } => {}
    }
    written.insert("rows".to_owned(), rows);
    match &node.evidence {
        Evidence::Group { .. } => {}
        Evidence::Rows(evidence) => written.extend(beside_rows(evidence, of.counted(&node.path), all)),
        Evidence::Segment { id, verdict } => {
            let nested = all.nested(id);
            let segment = nested.map_or_else(|| json!({"id": id}), |nested| named(&nested.segment));
            let tree = nested.map(|nested| tree(verdict, nested, all));
            let list = json!({"segment": segment, "member": verdict.is_member, "tree": tree});
            written.insert("list".to_owned(), list);
        }
        Evidence::List { path, is_in } => {
            let (kind, path) = match of.source(&node.path) {
                Some(ListSource::Query(path)) => ("query", path),
                Some(ListSource::File(path)) => ("file", path),
                _ => ("file", path),
            };
            written.insert("list".to_owned(), json!({kind: path, "member": is_in}));
        }
    }
    written.insert("of".to_owned(), parts);
    Value::Object(written)
}

fn row(row: &ExplainedRow, evidence: &RowEvidence, path: &NodePath, all: &Descriptions<'_>) -> Value {
    let table = &evidence.table;
    let values = row
        .values
        .iter()
        .map(|(column, value)| (column.clone(), value_json(value.as_deref(), all.data_type(table, column))));
    let mut written = fields([
        ("table", table.as_str().into()),
        ("row", row.row.into()),
        ("values", Value::Object(values.collect())),
        ("result", row.result.into()),
    ]);
    let dropped = row.dropped.map(|dropped| match dropped {
        DroppedBy::Return => "return",
        DroppedBy::NoOrder => "no_order",
        DroppedBy::Window => "window",
        DroppedBy::Filter(_) => "filter",
    });
    written.insert("dropped".to_owned(), dropped.into());
    if let Some(DroppedBy::Filter(position)) = row.dropped {
        written.insert("filter".to_owned(), format!("{path}.where.{position}").into());
    }
    Value::Object(written)
}

/// What a condition comes to beside its rows.
fn beside_rows(evidence: &RowEvidence, counted: &str, all: &Descriptions<'_>) -> Map<String, Value> {
    let mut written = fields([("rows_left_out", evidence.rows_left_out.into())]);
    if let Some(computed) = &evidence.computed {
        written.insert("computed".to_owned(), computed_json(computed.as_deref()));
    }
    let nearest = evidence.nearest.as_ref().map(|nearest| nearest_json(nearest, evidence, counted, all));
    written.insert("nearest".to_owned(), nearest.into());
    written
}

fn nearest_json(
    nearest: &NearestMiss,
    evidence: &RowEvidence,
    counted: &str,
    all: &Descriptions<'_>,
) -> Value {
    let table = &evidence.table;
    let value = nearest.value.as_deref();
    let value = match &nearest.column {
        Some(column) => value_json(value, all.data_type(table, column)),
        None => computed_json(value),
    };
    let (kind, by) = match &nearest.distance {
        Distance::Number(by) => ("number", number_json(by)),
        Distance::Days(days) => ("days", (*days).into()),
        Distance::Value => ("value", Value::Null),
        Distance::Null => ("null", Value::Null),
        Distance::NoRow => ("no_row", Value::Null),
    };
    json!({
        "table": table, "row": nearest.row, "column": nearest.column, "value": value,
        "distance": {"kind": kind, "by": by}, "text": miss_in_words(evidence, counted),
    })
}

/// A value of a column, from the text that says it exactly.
fn value_json(text: Option<&str>, data_type: Option<DataType>) -> Value {
    let Some(text) = text else { return Value::Null };
    match data_type {
        Some(DataType::Integer | DataType::Decimal) => number_json(text),
        Some(DataType::Boolean) if text == "true" => true.into(),
        Some(DataType::Boolean) if text == "false" => false.into(),
        _ => text.into(),
    }
}

/// What was worked out: a number where it is one.
fn computed_json(text: Option<&str>) -> Value {
    text.map_or(Value::Null, number_json)
}

/// With all of its digits. What is no number in JSON, such as infinity, stays text.
fn number_json(text: &str) -> Value {
    text.parse().map_or_else(|_| text.into(), Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_of_the_type_of_their_column() {
        let written = |text, data_type| value_json(Some(text), Some(data_type)).to_string();
        assert_eq!(written("9007199254740993", DataType::Integer), "9007199254740993");
        assert_eq!(written("0.10", DataType::Decimal), "0.10");
        assert_eq!(written("inf", DataType::Decimal), r#""inf""#);
        assert_eq!(written("true", DataType::Boolean), "true");
        assert_eq!(written("007", DataType::String), r#""007""#);
        assert_eq!(written("2024-02-29", DataType::Date), r#""2024-02-29""#);
        assert!(value_json(None, Some(DataType::String)).is_null());
    }
}
