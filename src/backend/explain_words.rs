//! What an explanation says, in words.

use super::explain::{Distance, DroppedBy, IdStanding, NearestMiss, RowEvidence};
use crate::segment::{AggregateFunction, Behaviour, Condition, ConditionKind};

const ORDERS: &str = "orders";

/// What a condition counts, in the plural; nothing where it does not count.
#[must_use]
pub fn counted_by(condition: &Condition) -> &'static str {
    match &condition.kind {
        ConditionKind::Purchase(purchase) => match purchase.behaviour {
            Behaviour::HasPurchased | Behaviour::HasNotPurchased => ORDERS,
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

/// How near the rows of a condition come: what they come to first, then the row that is nearest to counting:
/// `0 orders: 1 too few; nearest row has “jackets”`.
#[must_use]
pub fn miss_in_words(rows: &RowEvidence, counted: &str) -> Option<String> {
    let nearest = rows.nearest.as_ref()?;
    let words = nearest_in_words(nearest, counted);
    Some(match before_row(rows, counted) {
        Some(first) => format!("{first}; nearest row {words}"),
        None => words,
    })
}

/// What the rows come to where a row is what comes nearest: no row counts.
#[must_use]
pub fn before_row(rows: &RowEvidence, counted: &str) -> Option<&'static str> {
    rows.nearest.as_ref()?.row?;
    match rows.computed.as_ref()? {
        // A row is named only where one order would be enough.
        Some(_) if counted == ORDERS => Some("0 orders: 1 too few"),
        None => Some("no row counts"),
        Some(_) => None,
    }
}

/// How near it is: `2 orders: 1 too few`, `2025-03-01: 12 days too late`, `has “Chicago”`.
#[must_use]
pub fn nearest_in_words(miss: &NearestMiss, counted: &str) -> String {
    // The value of a row is no number of what is counted.
    let counted = if miss.row.is_some() { "" } else { counted };
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

/// Why a row does not count; `filtered` says which column a filter is on, by its position.
#[must_use]
pub fn dropped_in_words(dropped: DroppedBy, filtered: impl Fn(usize) -> Option<String>) -> String {
    match dropped {
        DroppedBy::Return => "a return or a cancellation".to_owned(),
        DroppedBy::NoOrder => "no order id or no date".to_owned(),
        DroppedBy::Window => "outside of the window".to_owned(),
        DroppedBy::Filter(at) => match filtered(at) {
            Some(column) => format!("the filter on {column} does not hold"),
            None => format!("filter {} does not hold", at + 1),
        },
    }
}

/// What an id is that is no customer's; `None` of a customer.
#[must_use]
pub fn standing_in_words(standing: &IdStanding, id: &str, person: &str) -> Option<String> {
    let quoted = |ids: &[String]| ids.iter().map(|id| format!("{id:?}")).collect::<Vec<_>>().join(", ");
    match standing {
        IdStanding::Customer => None,
        IdStanding::Orphan { tables } => {
            Some(format!("{id:?} is no {person}: only rows of {} have this id", tables.join(", ")))
        }
        IdStanding::Unknown { similar } if similar.is_empty() => {
            Some(format!("{id:?} is unknown: no table has this id"))
        }
        IdStanding::Unknown { similar } => Some(format!("{id:?} is unknown; it is like {}", quoted(similar))),
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

    #[test]
    fn what_rows_come_to_is_said_before_the_nearest_row() {
        let said = |computed: Option<Option<&str>>, (row, value): (Option<u64>, &str), distance, counted| {
            let column = row.map(|_| "category".to_owned());
            let nearest = Some(NearestMiss { row, column, value: Some(value.to_owned()), distance });
            let computed = computed.map(|computed| computed.map(str::to_owned));
            miss_in_words(&RowEvidence { computed, nearest, ..RowEvidence::default() }, counted).unwrap()
        };
        let none = "0 orders: 1 too few; nearest row has “jackets”";
        assert_eq!(said(Some(Some("0")), (Some(3), "jackets"), Distance::Value, "orders"), none);
        let late = "0 orders: 1 too few; nearest row 2025-03-01: 1 day too early";
        assert_eq!(said(Some(Some("0")), (Some(3), "2025-03-01"), Distance::Days(1), "orders"), late);
        let sum = "no row counts; nearest row has “jackets”";
        assert_eq!(said(Some(None), (Some(3), "jackets"), Distance::Value, "items"), sum);
        let many = said(Some(Some("3")), (None, "3"), Distance::Number("-3".to_owned()), "orders");
        assert_eq!(many, "3 orders: 3 too many");
        assert_eq!(said(None, (Some(3), "Chicago"), Distance::Value, ""), "has “Chicago”");
    }

    #[test]
    fn a_filter_is_named_by_its_column() {
        let said = |named: Option<&str>| {
            dropped_in_words(DroppedBy::Filter(1), |at| named.filter(|_| at == 1).map(str::to_owned))
        };
        assert_eq!(said(Some("Category")), "the filter on Category does not hold");
        assert_eq!(said(None), "filter 2 does not hold");
    }
}
