//! Conditions in words: "City is exactly Chicago".

use serde_json::Value;

use crate::segment::node::*;
use crate::segment::schema::Schema;
use crate::segment::vocabulary::*;

/// Stands where a part is still missing.
pub(crate) const MISSING: &str = "…";

/// How many items of a list are said; it may have a million.
const MOST_ITEMS: usize = 30;

/// A condition taken apart into the words of its sentence, for screens that set them apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentenceParts {
    /// The table, where the condition names one: "Customer 360".
    pub source: Option<String>,
    /// What is looked at: "City", "Has Purchased".
    pub subject: String,
    /// How it is compared: "is exactly", "exactly 1 time".
    pub operator: String,
    /// With what: "Chicago", "after 3 months ago". Empty where there is nothing to compare with.
    pub value: String,
    /// One sentence for each filter: "Product Category is exactly socks".
    pub filters: Vec<String>,
}

impl SentenceParts {
    /// The sentence without table and filters.
    #[must_use]
    pub fn sentence(&self) -> String {
        let parts = [&self.subject, &self.operator, &self.value];
        parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// One sentence for a node; a condition's filters follow after "where".
#[must_use]
pub fn sentence(node: &Node, schema: &dyn Schema) -> String {
    match node {
        Node::Group(group) => {
            let title = group.title.as_ref().map(|title| format!("{title}: ")).unwrap_or_default();
            format!("{title}{} of these criteria", matching(group.matching))
        }
        Node::Condition(inner) => {
            let words = condition(inner, schema);
            match words.filters.as_slice() {
                [] => words.sentence(),
                filters => format!("{}, where {}", words.sentence(), filters.join(" and ")),
            }
        }
        Node::Unreadable(unreadable) => unreadable.raw.to_string(),
    }
}

/// `ALL` or `ANY`.
#[must_use]
pub fn matching(matching: Match) -> &'static str {
    match matching {
        Match::All => "ALL",
        Match::Any => "ANY",
    }
}

/// A condition in words.
#[must_use]
pub fn condition(condition: &Condition, schema: &dyn Schema) -> SentenceParts {
    match &condition.kind {
        ConditionKind::Attribute(attribute) => {
            let (operator, value) = test(&attribute.test);
            let rows = match attribute.rows {
                None | Some(RowQuantifier::Any) => "",
                Some(RowQuantifier::None) => "On no row: ",
                Some(RowQuantifier::Every) => "On every row: ",
            };
            SentenceParts {
                source: Some(schema.table_label(&attribute.table)),
                subject: format!("{rows}{}", schema.column_label(&attribute.table, &attribute.column)),
                operator,
                value,
                filters: filters(attribute.filters.as_deref(), &attribute.table, schema),
            }
        }
        ConditionKind::Purchase(purchase) => self::purchase(purchase, schema),
        ConditionKind::Aggregate(aggregate) => {
            let column = aggregate.column.as_deref();
            let subject = self::aggregate(aggregate.function, &aggregate.table, column, schema);
            let (operator, value) = test(&aggregate.test);
            SentenceParts {
                source: Some(schema.table_label(&aggregate.table)),
                subject,
                operator,
                value,
                filters: filters(aggregate.filters.as_deref(), &aggregate.table, schema),
            }
        }
        ConditionKind::List(list) => {
            let subject = match list.op {
                Some(ListOperator::IsMember) => "Is a member of",
                Some(ListOperator::IsNotMember) => "Is not a member of",
                None => MISSING,
            };
            let value = match &list.source {
                ListSource::Segment(id) => schema.segment_name(id).unwrap_or_else(|| id.clone()),
                ListSource::File(path) | ListSource::Query(path) => path.clone(),
            };
            SentenceParts { subject: subject.to_owned(), value, ..SentenceParts::default() }
        }
    }
}

/// What an aggregate works out, in words: "Number of rows", "Sum of Order Revenue".
#[must_use]
pub fn aggregate(
    function: AggregateFunction,
    table: &str,
    column: Option<&str>,
    schema: &dyn Schema,
) -> String {
    let label = column.map(|column| schema.column_label(table, column));
    match (function, label) {
        (AggregateFunction::Count, None) => "Number of rows".to_owned(),
        (AggregateFunction::Count, Some(label)) => format!("Number of {label}"),
        (AggregateFunction::CountDistinct, label) => {
            format!("Number of different {}", label.unwrap_or_default())
        }
        (AggregateFunction::Sum, label) => format!("Sum of {}", label.unwrap_or_default()),
        (AggregateFunction::Average, label) => format!("Average {}", label.unwrap_or_default()),
        (AggregateFunction::Minimum, label) => format!("Least {}", label.unwrap_or_default()),
        (AggregateFunction::Maximum, label) => format!("Greatest {}", label.unwrap_or_default()),
    }
}

fn purchase(purchase: &PurchaseCondition, schema: &dyn Schema) -> SentenceParts {
    let value = purchase.value.as_ref();
    let amount = |value: &Value| match purchase.behaviour {
        Behaviour::TotalValueOfOrders => format!("{} {}", plain(value), currency_word(&schema.currency())),
        Behaviour::TotalQuantityOfItems => counted(value, "item"),
        _ => counted(value, "time"),
    };
    let operator = match (purchase.behaviour.takes_amount(), purchase.op) {
        (false, _) => String::new(),
        (true, None) => MISSING.to_owned(),
        (true, Some(AmountOperator::Between)) => "between".to_owned(),
        (true, Some(op)) => op.spaced(),
    };
    let operator = match purchase.behaviour {
        Behaviour::TotalValueOfOrders | Behaviour::TotalQuantityOfItems => format!("was {operator}"),
        _ => operator,
    };
    let amount = match (purchase.behaviour.takes_amount(), value) {
        (false, _) => None,
        (true, None | Some(Value::Null)) => Some(MISSING.to_owned()),
        (true, Some(Value::Array(ends))) => match ends.as_slice() {
            [low, high] => {
                Some(format!("{} and {}{}", plain(low), amount(high), ends_note(purchase.inclusive)))
            }
            _ => Some(MISSING.to_owned()),
        },
        (true, Some(value)) => Some(amount(value)),
    };
    let subject = match purchase.behaviour {
        Behaviour::FirstPurchase | Behaviour::RepeatPurchase | Behaviour::MostFrequentOrder => {
            format!("{} was", behaviour(purchase.behaviour))
        }
        other => behaviour(other).to_owned(),
    };
    let operator = [Some(operator), amount].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let table = schema.items_table().unwrap_or_default();
    SentenceParts {
        source: None,
        subject,
        operator,
        value: purchase.when.as_ref().map(when).unwrap_or_default(),
        filters: filters(purchase.filters.as_deref(), &table, schema),
    }
}

/// How a sentence about a behaviour begins.
#[must_use]
pub fn behaviour(behaviour: Behaviour) -> &'static str {
    match behaviour {
        Behaviour::HasPurchased => "Has Purchased",
        Behaviour::HasNotPurchased => "Has Not Purchased",
        Behaviour::FirstPurchase => "First Purchase",
        Behaviour::RepeatPurchase => "Repeat Purchase",
        Behaviour::MostFrequentOrder => "Most Frequent Order",
        Behaviour::TotalValueOfOrders => "Total Value of Orders",
        Behaviour::TotalQuantityOfItems => "Total Quantity of Items",
    }
}

/// A window in words: "after 3 months ago"; empty for any time.
#[must_use]
pub fn when(when: &When) -> String {
    let Some(op) = when.op else { return MISSING.to_owned() };
    match op.arity() {
        Arity::None => String::new(),
        Arity::Two => format!("{} {}", op.spaced(), range(when.value.as_ref(), when.inclusive)),
        Arity::One | Arity::Many => {
            format!("{} {}", op.spaced(), when.value.as_ref().map_or(MISSING.to_owned(), plain))
        }
    }
}

fn filters(filters: Option<&[Filter]>, table: &str, schema: &dyn Schema) -> Vec<String> {
    filters.unwrap_or_default().iter().map(|inner| filter(inner, table, schema)).collect()
}

/// A filter in words: "Product Category is exactly socks".
#[must_use]
pub fn filter(filter: &Filter, table: &str, schema: &dyn Schema) -> String {
    let (operator, value) = test(&filter.test);
    SentenceParts {
        subject: schema.column_label(table, &filter.column),
        operator,
        value,
        ..SentenceParts::default()
    }
    .sentence()
}

/// Operator and value of a test in words; the value is empty where the operator takes none.
#[must_use]
pub fn test(test: &Test) -> (String, String) {
    let Some(op) = test.op else { return (MISSING.to_owned(), String::new()) };
    let value = match (op.arity(), test.value.as_deref()) {
        (Arity::None, _) => String::new(),
        (Arity::Two, value) => range(value, test.inclusive),
        (_, None | Some(Value::Null)) => MISSING.to_owned(),
        (_, Some(Value::Array(items))) if items.is_empty() => MISSING.to_owned(),
        (_, Some(Value::Array(items))) => listed(items),
        (_, Some(Value::String(text))) if text.is_empty() => MISSING.to_owned(),
        (_, Some(value)) => plain(value),
    };
    let case = if test.match_case == Some(true) { " (matching case)" } else { "" };
    (op.label(), format!("{value}{case}"))
}

/// The first items of a list, and how many more there are.
fn listed(items: &[Value]) -> String {
    let said = items.iter().take(MOST_ITEMS).map(plain).collect::<Vec<_>>().join(", ");
    match items.len().saturating_sub(MOST_ITEMS) {
        0 => said,
        more => format!("{said} and {more} more"),
    }
}

fn range(value: Option<&Value>, inclusive: Option<bool>) -> String {
    let end = |value: &Value| if value.is_null() { MISSING.to_owned() } else { plain(value) };
    match value.and_then(Value::as_array).map(Vec::as_slice) {
        Some([low, high]) => format!("{} and {}{}", end(low), end(high), ends_note(inclusive)),
        _ => MISSING.to_owned(),
    }
}

fn ends_note(inclusive: Option<bool>) -> &'static str {
    if inclusive == Some(true) { " (ends included)" } else { "" }
}

/// The relative dates of a condition in their words, in the order of the sentence.
#[must_use]
pub fn relative_dates(condition: &Condition) -> Vec<String> {
    fn add(value: &Value, dates: &mut Vec<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| add(item, dates)),
            Value::Object(map) => {
                let words = map.get("relative").and_then(Value::as_str).map(str::to_owned);
                dates.extend(words.filter(|words| !dates.contains(words)).into_iter().collect::<Vec<_>>());
            }
            _ => {}
        }
    }
    let mut dates = Vec::new();
    let of_test = |test: &Test, dates: &mut Vec<String>| {
        test.value.iter().for_each(|value| add(value.json(), dates));
    };
    match &condition.kind {
        ConditionKind::Attribute(attribute) => of_test(&attribute.test, &mut dates),
        ConditionKind::Aggregate(aggregate) => of_test(&aggregate.test, &mut dates),
        ConditionKind::Purchase(purchase) => {
            let when = purchase.when.as_ref().and_then(|when| when.value.as_ref());
            when.into_iter().for_each(|value| add(value, &mut dates));
        }
        _ => {}
    }
    condition.filters().iter().for_each(|filter| of_test(&filter.test, &mut dates));
    dates
}

/// A value as people read it: texts without quotes, relative dates as their words.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "(empty)".to_owned(),
        Value::String(text) => text.clone(),
        Value::Object(map) => match map.get("relative") {
            Some(Value::String(words)) => words.clone(),
            _ => value.to_string(),
        },
        Value::Null => MISSING.to_owned(),
        other => other.to_string(),
    }
}

/// A number as people read it: "82,121".
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut said = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said
}

pub(super) fn counted(value: &Value, what: &str) -> String {
    let number = plain(value);
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} {what}{plural}")
}

pub(crate) fn currency_word(code: &str) -> String {
    match code {
        "USD" => "dollars".to_owned(),
        "EUR" => "euros".to_owned(),
        "GBP" => "pounds".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;
    use crate::segment::{DataType, Segment};

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
        fn segment_name(&self, id: &str) -> Option<String> {
            (id == "seg_1").then(|| "Loyal".to_owned())
        }
    }

    fn say(node: serde_json::Value) -> String {
        let document = serde_json::json!({
            "format": "segtui/segment", "version": 1, "id": "s", "name": "S",
            "include": {"match": "all", "of": [node]}
        });
        let segment = Segment::from_json(&document.to_string()).unwrap();
        sentence(segment.walk()[0].1, &AnySchema)
    }

    #[test]
    fn sentences_read_as_users_know_them() {
        let attribute = |column: &str, op: &str, value: serde_json::Value| {
            say(
                serde_json::json!({"attribute": {"table": "Customer_360", "column": column}, "op": op, "value": value}),
            )
        };
        assert_eq!(attribute("city", "is_exactly", "Chicago".into()), "City is exactly Chicago");
        assert_eq!(attribute("city", "contains", "port".into()), "City has port");
        assert_eq!(
            attribute("tier", "is_in_list", serde_json::json!(["Gold", ""])),
            "Tier is in list Gold, (empty)"
        );
        assert_eq!(
            attribute("points", "is_between", serde_json::json!([1.5, 5])),
            "Points is between 1.5 and 5"
        );
        assert_eq!(
            attribute("birthdate", "is_after", serde_json::json!({"relative": "40 years ago"})),
            "Birthdate is after 40 years ago"
        );
        assert_eq!(attribute("city", "is_exactly", "".into()), "City is exactly …");
        assert_eq!(
            say(serde_json::json!({"purchase": "has_purchased", "op": "exactly", "value": 1,
                "when": {"op": "after", "value": {"relative": "3 months ago"}},
                "where": [{"column": "product_category", "op": "is_exactly", "value": "socks"}]})),
            "Has Purchased exactly 1 time after 3 months ago, where Product Category is exactly socks"
        );
        assert_eq!(
            say(serde_json::json!({"purchase": "total_value_of_orders", "op": "more_than", "value": 500})),
            "Total Value of Orders was more than 500 dollars"
        );
        assert_eq!(say(serde_json::json!({"purchase": "has_not_purchased"})), "Has Not Purchased");
        assert_eq!(
            say(serde_json::json!({"list": {"segment": "Loyal"}, "op": "is_member"})),
            "Is a member of Loyal"
        );
        assert_eq!(say(serde_json::json!({"list": {"segment": "seg_1"}})), "… Loyal");
        assert_eq!(say(serde_json::json!({"match": "any", "of": []})), "ANY of these criteria");
    }
}
