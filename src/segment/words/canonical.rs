//! Conditions in full: one line that says everything a condition says, and reads back as it.

use serde_json::Value;

use super::sentence::{behaviour, counted, currency_word};
use crate::segment::aggregate_words::{FUNCTION_WORDS, ROWS};
use crate::segment::column_names::written;
use crate::segment::date::{DateValue, RelativeDate, TimePoint};
use crate::segment::name_index::TextPlace;
use crate::segment::name_matching::{is_same_name, quote};
use crate::segment::node::*;
use crate::segment::schema::Schema;
use crate::segment::vocabulary::*;

/// A condition in full: `Customer 360: City is exactly "Chicago"`. It reads back as a condition that
/// asks the same, on the database whose names it is written with. `None` for a condition that lacks a
/// part or has one of another kind than its operator takes.
#[must_use]
pub fn canonical(condition: &Condition, schema: &dyn Schema) -> Option<String> {
    match &condition.kind {
        ConditionKind::Attribute(attribute) => {
            let AttributeCondition { table, column, test, rows, filters, .. } = attribute;
            let rows = match rows.unwrap_or(RowQuantifier::Any) {
                RowQuantifier::Any => "",
                RowQuantifier::None => "On no row: ",
                RowQuantifier::Every => "On every row: ",
            };
            let (source, subject) = (table_words(schema, table), column_words(schema, table, column));
            let filters = self::filters(filters.as_deref(), table, schema)?;
            Some(format!("{source}: {rows}{subject} {}{filters}", self::test(test)?))
        }
        ConditionKind::Aggregate(aggregate) => {
            let AggregateCondition { table, function, column, test, filters, .. } = aggregate;
            let subject = self::aggregate(*function, table, column.as_deref(), schema)?;
            let filters = self::filters(filters.as_deref(), table, schema)?;
            Some(format!("{}: {subject} {}{filters}", table_words(schema, table), self::test(test)?))
        }
        ConditionKind::Purchase(purchase) => self::purchase(purchase, schema),
        ConditionKind::List(list) => self::list(list, schema),
    }
}

/// What a condition on a column begins with: "Customer 360: City".
#[must_use]
pub fn subject(table: &str, column: &str, schema: &dyn Schema) -> String {
    format!("{}: {}", table_words(schema, table), column_words(schema, table, column))
}

/// What to call a table.
fn table_words(schema: &dyn Schema, table: &str) -> String {
    written(&schema.table_names().disambiguate(table, schema.table_label(table)))
}

/// What to call a column of a table, where only columns of this table can be meant.
fn column_words(schema: &dyn Schema, table: &str, column: &str) -> String {
    let columns = schema.column_names(table);
    match columns.names().iter().position(|named| named.name == column) {
        Some(at) => columns.words(at),
        None => columns.words_for(column, schema.column_label(table, column)),
    }
}

fn aggregate(
    function: AggregateFunction,
    table: &str,
    column: Option<&str>,
    schema: &dyn Schema,
) -> Option<String> {
    let said = FUNCTION_WORDS.iter().find(|(_, known)| *known == function).map(|(words, _)| *words)?;
    let Some(column) = column else {
        return (function == AggregateFunction::Count).then(|| format!("{said} {ROWS}"));
    };
    let operand = column_words(schema, table, column);
    let plain = format!("{said} {operand}");
    // The words may be the name of a column, or those of another function of another column.
    let columns = schema.column_names(table);
    let is_name = |plain: &str| {
        columns.index.after(plain).next().is_some()
            || !columns.index.standing_at(&TextPlace::new(plain, 0)).is_empty()
    };
    let is_unclear = operand
        .split(' ')
        .next()
        .is_some_and(|first| ["of", "different", ROWS].iter().any(|word| is_same_name(first, word)))
        || is_name(&plain);
    match operand.starts_with('"') || !is_unclear {
        true => Some(plain),
        false => Some(format!("{said} {}", quote(&operand))),
    }
}

fn purchase(purchase: &PurchaseCondition, schema: &dyn Schema) -> Option<String> {
    let mut said = vec![behaviour(purchase.behaviour).to_owned()];
    if purchase.behaviour.takes_amount() {
        if purchase.behaviour != Behaviour::HasPurchased {
            said.push("was".to_owned());
        }
        said.push(amount(purchase, &schema.currency())?);
    }
    match purchase.when.as_ref() {
        None | Some(When { op: Some(WhenOperator::AnyTime), .. }) => {}
        Some(when) => {
            let op = when.op?;
            let value = when.value.as_ref()?;
            said.push(op.spaced());
            said.push(match op.arity() {
                Arity::Two => ends(value, date)? + ends_note(op == WhenOperator::Between, when.inclusive),
                _ => date(value)?,
            });
        }
    }
    let filters = match purchase.filters.as_deref() {
        None | Some([]) => String::new(),
        some => self::filters(some, &schema.items_table().ok()?, schema)?,
    };
    Some(said.join(" ") + &filters)
}

/// "more than 2 times", "between 1 and 500 dollars (ends included)".
fn amount(purchase: &PurchaseCondition, currency: &str) -> Option<String> {
    let (op, value) = (purchase.op?, purchase.value.as_ref()?);
    let with_unit = |value: &Value| {
        let number = number(value)?;
        Some(match purchase.behaviour {
            Behaviour::TotalValueOfOrders => format!("{number} {}", currency_word(currency)),
            Behaviour::TotalQuantityOfItems => counted(value, "item"),
            _ => counted(value, "time"),
        })
    };
    let op_words = op.spaced();
    Some(match (op, value) {
        (AmountOperator::Between, Value::Array(both)) => match both.as_slice() {
            [low, high] => {
                let note = ends_note(true, purchase.inclusive);
                format!("{op_words} {} and {}{note}", number(low)?, with_unit(high)?)
            }
            _ => return None,
        },
        _ => format!("{op_words} {}", with_unit(value)?),
    })
}

fn list(list: &ListCondition, schema: &dyn Schema) -> Option<String> {
    let subject = match list.op? {
        ListOperator::IsMember => "Is a member of",
        ListOperator::IsNotMember => "Is not a member of",
    };
    Some(match &list.source {
        ListSource::Segment(id) => format!("{subject} segment {}", quote(&segment_words(schema, id))),
        ListSource::File(path) => format!("{subject} file {}", quote(path)),
        ListSource::Query(path) => format!("{subject} query {}", quote(path)),
    })
}

/// A segment's name where no other one has it, else its id.
fn segment_words(schema: &dyn Schema, id: &str) -> String {
    let known = schema.segments();
    let name = known.iter().find(|(known, _)| *known == id).map(|(_, name)| *name);
    let is_unambiguous = |name: &&str| {
        known.iter().all(|(other, theirs)| *other == id || !(is_same_name(theirs, name) || theirs == name))
            && known.iter().all(|(other, _)| other != name)
    };
    name.filter(is_unambiguous).unwrap_or(id).to_owned()
}

fn filters(filters: Option<&[Filter]>, table: &str, schema: &dyn Schema) -> Option<String> {
    let filters = filters.unwrap_or_default().iter().map(|filter| {
        Some(format!("{} {}", column_words(schema, table, &filter.column), test(&filter.test)?))
    });
    let filters: Vec<String> = filters.collect::<Option<_>>()?;
    Some(if filters.is_empty() { String::new() } else { format!(" where {}", filters.join(" and ")) })
}

/// Operator and value: `is exactly "Chicago" (matching case)`.
fn test(test: &Test) -> Option<String> {
    let op = test.op?;
    let value = test.value.as_deref();
    let label = op.label();
    Some(match op.arity() {
        Arity::None => label,
        Arity::Two => {
            let note = ends_note(op == Operator::IsBetween, test.inclusive);
            format!("{label} {}{note}", ends(value?, number_or_date)?)
        }
        Arity::Many => {
            let items = value?.as_array().filter(|items| !items.is_empty())?;
            let is_text = items.iter().any(Value::is_string);
            let write = if is_text { text } else { number };
            let items: Vec<String> = items.iter().map(write).collect::<Option<_>>()?;
            format!("{label} {}{}", items.join(", "), case_note(is_text, test))
        }
        Arity::One if op.is_of_text() => {
            let value = value.filter(|value| value.as_str() != Some(""))?;
            format!("{label} {}{}", text(value)?, case_note(true, test))
        }
        Arity::One => format!("{label} {}", number_or_date(value?)?),
    })
}

fn case_note(is_text: bool, test: &Test) -> &'static str {
    if is_text && test.match_case == Some(true) { " (matching case)" } else { "" }
}

fn ends_note(takes_ends: bool, inclusive: Option<bool>) -> &'static str {
    if takes_ends && inclusive == Some(true) { " (ends included)" } else { "" }
}

fn ends(value: &Value, write: fn(&Value) -> Option<String>) -> Option<String> {
    match value.as_array().map(Vec::as_slice) {
        Some([low, high]) => Some(format!("{} and {}", write(low)?, write(high)?)),
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(quote)
}

fn number(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn number_or_date(value: &Value) -> Option<String> {
    number(value).or_else(|| date(value))
}

/// A date as it is written, relative words with single blanks.
fn date(value: &Value) -> Option<String> {
    match DateValue::from_json(value).ok()? {
        DateValue::Absolute(TimePoint::Day(_) | TimePoint::Instant(_)) => value.as_str().map(str::to_owned),
        DateValue::Relative(words) => {
            // Short words are typed, never stored.
            RelativeDate::parse(&words).ok()?;
            Some(words.split_whitespace().collect::<Vec<_>>().join(" "))
        }
    }
}
