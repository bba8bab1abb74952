//! What an explanation says, in words.

use super::explain::{Distance, DroppedBy, NearestMiss};
use crate::segment::{AggregateFunction, Behaviour, Condition, ConditionKind};

/// What a condition counts, in the plural; nothing where it does not count.
#[must_use]
pub fn counted_by(condition: &Condition) -> &'static str {
    match &condition.kind {
        ConditionKind::Purchase(purchase) => match purchase.behaviour {
            Behaviour::HasPurchased | Behaviour::HasNotPurchased => "orders",
            Behaviour::TotalQuantityOfItems => "items",
            _ => "",
        },
        ConditionKind::Aggregate(aggregate) => match aggregate.function {
            AggregateFunction::Count => "rows",
            AggregateFunction::CountDistinct => "values",
            _ => "",
        },
        ConditionKind::Attribute(_) | ConditionKind::List(_) => "",
    }
}

/// A number of what is counted: `1 order`, `2 orders`.
#[must_use]
pub fn amount_in_words(number: &str, counted: &str) -> String {
    let counted = if number == "1" { counted.trim_end_matches('s') } else { counted };
    if counted.is_empty() { number.to_owned() } else { format!("{number} {counted}") }
}

/// How near it is: `2 orders: 1 too few`, `2025-03-01: 12 days too late`, `has “Chicago”`.
#[must_use]
pub fn nearest_in_words(miss: &NearestMiss, counted: &str) -> String {
    let has = miss.value.as_deref().map(|value| amount_in_words(value, counted));
    let of_value = |said: String| match &has {
        Some(has) => format!("{has}: {said}"),
        None => said,
    };
    match &miss.distance {
        Distance::NoRow => "no row".to_owned(),
        Distance::Null => match &miss.column {
            Some(column) => format!("{column} is NULL"),
            None => "it is NULL".to_owned(),
        },
        Distance::Value => match &miss.value {
            Some(value) => format!("has “{value}”"),
            None => "has another value".to_owned(),
        },
        Distance::Days(days) => {
            let count = days.unsigned_abs();
            let many = if count == 1 { "day" } else { "days" };
            let way = if *days > 0 { "early" } else { "late" };
            of_value(format!("{count} {many} too {way}"))
        }
        Distance::Number(number) => {
            let (less, way) = match (number.strip_prefix('-'), counted.is_empty()) {
                (Some(less), true) => (less, "too high"),
                (Some(less), false) => (less, "too many"),
                (None, true) => (number.as_str(), "too low"),
                (None, false) => (number.as_str(), "too few"),
            };
            of_value(format!("{less} {way}"))
        }
    }
}

/// Why a row does not count.
#[must_use]
pub fn dropped_in_words(dropped: DroppedBy) -> String {
    match dropped {
        DroppedBy::Return => "a return or a cancellation".to_owned(),
        DroppedBy::NoOrder => "no order id or no date".to_owned(),
        DroppedBy::Window => "outside of the window".to_owned(),
        DroppedBy::Filter(at) => format!("filter {} does not hold", at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(value: Option<&str>, distance: Distance, counted: &str) -> String {
        let column = Some("city".to_owned());
        let miss = NearestMiss { row: None, column, value: value.map(str::to_owned), distance };
        nearest_in_words(&miss, counted)
    }

    #[test]
    fn a_miss_says_how_far_it_is() {
        let number = |number: &str| Distance::Number(number.to_owned());
        assert_eq!(words(Some("2"), number("1"), "orders"), "2 orders: 1 too few");
        assert_eq!(words(Some("1"), number("-1"), "orders"), "1 order: 1 too many");
        assert_eq!(words(Some("450.5"), number("49.5"), ""), "450.5: 49.5 too low");
        assert_eq!(words(Some("9"), number("-0.01"), ""), "9: 0.01 too high");
        assert_eq!(words(Some("2025-03-01"), Distance::Days(-12), ""), "2025-03-01: 12 days too late");
        assert_eq!(words(Some("2025-03-01"), Distance::Days(1), ""), "2025-03-01: 1 day too early");
        assert_eq!(words(Some("Chicago"), Distance::Value, ""), "has “Chicago”");
        assert_eq!(words(None, Distance::Null, ""), "city is NULL");
        assert_eq!(words(None, Distance::NoRow, ""), "no row");
    }
}
