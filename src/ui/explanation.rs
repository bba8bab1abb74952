//! Explanations in words: for screens and for commands.

use crate::backend::{Distance, DroppedBy, IdStanding, NearestChange, NearestMiss};

/// The mark of a result; each is another shape.
#[must_use]
pub(crate) fn mark(result: Option<bool>) -> &'static str {
    match result {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "?",
    }
}

/// A value of a row; a text that says nothing can be seen too.
#[must_use]
pub(crate) fn value_words(value: Option<&str>) -> String {
    match value {
        None => "NULL".to_owned(),
        Some(text) if text.trim().is_empty() => format!("\"{text}\""),
        Some(text) => text.to_owned(),
    }
}

/// Why a row does not count.
#[must_use]
pub(crate) fn dropped_words(dropped: DroppedBy) -> String {
    match dropped {
        DroppedBy::Return => "returned or cancelled".to_owned(),
        DroppedBy::NoOrder => "without an order id, or without a date".to_owned(),
        DroppedBy::Window => "outside of the days asked for".to_owned(),
        DroppedBy::Filter(position) => format!("filter {} does not hold", position + 1),
    }
}

/// How near a condition comes to holding; `label` is what people call the column, if it is one.
#[must_use]
pub(crate) fn nearest_words(nearest: &NearestMiss, label: Option<&str>) -> String {
    let subject = label.unwrap_or("it");
    let value = value_words(nearest.value.as_deref());
    match &nearest.distance {
        Distance::NoRow => "there is no row that counts".to_owned(),
        Distance::Null => format!("{subject} is NULL"),
        Distance::Value => format!("{subject} is {value} instead"),
        Distance::Number(by) => match by.strip_prefix('-') {
            Some(less) => format!("{subject} is {value}, {less} too much"),
            None => format!("{subject} is {value}, {by} too little"),
        },
        Distance::Days(days) => {
            let (count, way) = (days.unsigned_abs(), if *days < 0 { "late" } else { "early" });
            let unit = if count == 1 { "day" } else { "days" };
            format!("{subject} is {value}, {count} {unit} too {way}")
        }
    }
}

/// What an id is that is no customer's; `None` of a customer.
#[must_use]
pub(crate) fn standing_words(standing: &IdStanding, id: &str, person: &str) -> Option<String> {
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

/// On which days the answer is another one.
#[must_use]
pub(crate) fn change_words(change: NearestChange) -> String {
    match (change.before, change.after) {
        (None, None) => "The answer is the same on every day within ten years.".to_owned(),
        (Some(before), None) => format!("The answer was another one on {before}, the latest such day."),
        (None, Some(after)) => format!("The answer will be another one on {after}."),
        (Some(before), Some(after)) => {
            format!("The answer was another one on {before}, and will be again on {after}.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misses_are_said() {
        let miss = |value: Option<&str>, distance| {
            let nearest = NearestMiss {
                row: None,
                column: Some("c".to_owned()),
                value: value.map(str::to_owned),
                distance,
            };
            nearest_words(&nearest, Some("Points"))
        };
        assert_eq!(miss(Some("30"), Distance::Number("20".to_owned())), "Points is 30, 20 too little");
        assert_eq!(miss(Some("30"), Distance::Number("-0.5".to_owned())), "Points is 30, 0.5 too much");
        assert_eq!(miss(Some("2024-01-01"), Distance::Days(-1)), "Points is 2024-01-01, 1 day too late");
        assert_eq!(miss(Some(" "), Distance::Value), "Points is \" \" instead");
        assert_eq!(miss(None, Distance::Null), "Points is NULL");
        assert_eq!(miss(None, Distance::NoRow), "there is no row that counts");
    }
}
