//! A name for a segment, made of what its conditions say: `ActiveCoolingDownAtRisk_SocksOnce_NoEmployeesAll`.

use serde_json::Value;

use crate::segment::document::{Definition, Segment};
use crate::segment::node::*;
use crate::segment::place::Side;
use crate::segment::schema::Schema;
use crate::segment::vocabulary::*;

/// The most conditions that the name says.
const MOST_PARTS: usize = 4;
/// The most values of a list that it says.
const MOST_VALUES: usize = 3;
/// The most characters of a name.
const LONGEST: usize = 60;

/// The name; empty where no condition says anything.
#[must_use]
pub(crate) fn suggest(segment: &Segment, schema: &dyn Schema) -> String {
    let Definition::Visual { .. } = &segment.definition else { return String::new() };
    let mut name = String::new();
    for part in
        segment.walk().into_iter().filter_map(|(path, node)| part(path.side, node, schema)).take(MOST_PARTS)
    {
        let joined = if name.is_empty() { part } else { format!("{name}_{part}") };
        if joined.chars().count() > LONGEST {
            break;
        }
        name = joined;
    }
    name
}

/// What a condition that is switched on adds to the name.
fn part(side: Side, node: &Node, schema: &dyn Schema) -> Option<String> {
    let Node::Condition(condition) = node else { return None };
    let said = if condition.off == Some(true) { String::new() } else { said(condition, schema) };
    let said = match side {
        Side::Include => said,
        Side::Exclude if said.is_empty() => said,
        Side::Exclude => format!("No{said}"),
    };
    (!said.is_empty()).then_some(said)
}

fn said(condition: &Condition, schema: &dyn Schema) -> String {
    match &condition.kind {
        ConditionKind::Attribute(attribute) => {
            test(&schema.column_label(&attribute.table, &attribute.column), &attribute.test)
        }
        ConditionKind::Purchase(purchase) => bought(purchase),
        ConditionKind::Aggregate(aggregate) => {
            let column = aggregate.column.as_deref();
            let label = column.map(|column| schema.column_label(&aggregate.table, column));
            test(&label.unwrap_or_else(|| schema.table_label(&aggregate.table)), &aggregate.test)
        }
        ConditionKind::List(list) => {
            let name = match &list.source {
                ListSource::Segment(id) => schema.segment_name(id).unwrap_or_default(),
                ListSource::File(path) | ListSource::Query(path) => {
                    path.rsplit_once('.').map_or(path.clone(), |(stem, _)| stem.to_owned())
                }
            };
            match list.op {
                Some(ListOperator::IsNotMember) => format!("No{}", camel(&name)),
                Some(ListOperator::IsMember) | None => camel(&name),
            }
        }
    }
}

/// A test of a column: its values where they say who it is, else its label with them.
fn test(label: &str, test: &Test) -> String {
    let label = camel(label.strip_prefix("Is ").unwrap_or(label));
    let value = test.value.as_deref();
    let values = value.map(|value| values(value, &label)).unwrap_or_default();
    let is_text = value.is_some_and(|value| match value {
        Value::Array(items) => items.iter().all(Value::is_string),
        value => value.is_string(),
    });
    match test.op {
        None => String::new(),
        Some(Operator::IsExactly | Operator::IsInList | Operator::Is) if is_text => values,
        Some(Operator::IsNotExactly | Operator::IsNotInList) if is_text => format!("Not{values}"),
        Some(Operator::IsTrue) => label,
        Some(Operator::IsFalse) => format!("Not{label}"),
        Some(Operator::IsNull | Operator::IsEmpty) => format!("No{label}"),
        Some(Operator::IsNotNull | Operator::IsNotEmpty) => format!("With{label}"),
        Some(Operator::IsGreaterThan | Operator::IsGreaterThanOrEqualTo) => format!("{label}Over{values}"),
        Some(Operator::IsLessThan | Operator::IsLessThanOrEqualTo) => format!("{label}Under{values}"),
        Some(Operator::IsAfter | Operator::IsOnOrAfter) => format!("{label}After{values}"),
        Some(Operator::IsBefore | Operator::IsOnOrBefore) => format!("{label}Before{values}"),
        Some(_) => format!("{label}{values}"),
    }
}

/// What was bought, and how often.
fn bought(purchase: &PurchaseCondition) -> String {
    let filters = purchase.filters.iter().flatten();
    let things: String = filters.map(|filter| test(&filter.column.replace('_', " "), &filter.test)).collect();
    let number = purchase.value.as_ref().map(plain).unwrap_or_default();
    let often = match (purchase.behaviour, purchase.op, number.as_str()) {
        (Behaviour::HasPurchased, Some(AmountOperator::Exactly), "1") => "Once".to_owned(),
        (Behaviour::HasPurchased, Some(AmountOperator::AtLeast), "1") | (_, None, _) | (_, _, "") => {
            String::new()
        }
        (_, Some(AmountOperator::Exactly), number) => format!("{number}x"),
        (_, Some(AmountOperator::AtLeast | AmountOperator::MoreThan), number) => format!("Over{number}"),
        (_, Some(AmountOperator::AtMost | AmountOperator::LessThan), number) => format!("Under{number}"),
        (_, Some(AmountOperator::Between), number) => number.to_owned(),
    };
    let verb = match (purchase.behaviour, things.is_empty()) {
        (Behaviour::HasPurchased, false) => "",
        (Behaviour::HasPurchased, true) => "Purchased",
        (Behaviour::HasNotPurchased, _) => "Not",
        (Behaviour::FirstPurchase, _) => "First",
        (Behaviour::RepeatPurchase, _) => "Repeat",
        (Behaviour::TotalValueOfOrders, _) => "Value",
        (Behaviour::TotalQuantityOfItems, _) => "Quantity",
        (Behaviour::MostFrequentOrder, _) => "MostFrequent",
    };
    let things = if things.is_empty() && purchase.behaviour != Behaviour::HasPurchased {
        "Purchase".to_owned()
    } else {
        things
    };
    format!("{verb}{things}{often}")
}

/// Values in camel case; of many only how many.
fn values(value: &Value, label: &str) -> String {
    match value {
        Value::Array(items) if items.len() > MOST_VALUES => format!("{}{label}", items.len()),
        Value::Array(items) => items.iter().map(|item| camel(&plain(item))).collect(),
        value => camel(&plain(value)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(map) => map.get("relative").and_then(Value::as_str).unwrap_or_default().to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Words put together, each with a capital letter: letters and digits alone.
fn camel(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        format!("{first}{}", letters.as_str())
    };
    words.map(capital).collect()
}
