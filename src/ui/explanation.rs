//! Explanations in words: for screens and for commands.

use crate::backend::NearestChange;

/// The mark of a result; each is another shape.
#[must_use]
pub(crate) fn mark(result: Option<bool>) -> &'static str {
    match result {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "?",
    }
}

/// A value of a row: a text that says nothing can be seen too, and of a time without a part of a second that part is
/// left out.
#[must_use]
pub(crate) fn value_words(value: Option<&str>) -> String {
    let Some(text) = value else { return "NULL".to_owned() };
    if text.trim().is_empty() {
        return format!("\"{text}\"");
    }
    let whole = text.split_once('.').filter(|(time, part)| {
        time.len() == "2025-12-31 23:59:59".len()
            && time.contains(':')
            && part.bytes().all(|digit| digit == b'0')
    });
    whole.map_or(text, |(time, _)| time).to_owned()
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
    use crate::backend::{IdStanding, standing_in_words};

    #[test]
    fn what_says_nothing_can_be_seen() {
        let shown = ["NULL", "\" \"", "a b", "2025-01-02 03:04:05", "2025-01-02 03:04:05.500000"];
        let times = [Some("2025-01-02 03:04:05.000000"), Some("2025-01-02 03:04:05.500000")];
        assert_eq!([None, Some(" "), Some("a b"), times[0], times[1]].map(value_words), shown);
        let unknown = |similar: &[&str]| {
            let similar = similar.iter().map(|id| (*id).to_owned()).collect();
            standing_in_words(&IdStanding::Unknown { similar }, "c 1", "customer").unwrap()
        };
        assert_eq!(unknown(&[]), "\"c 1\" is unknown: no table has this id");
        assert_eq!(unknown(&["C 1", " c 1"]), "\"c 1\" is unknown; it is like \"C 1\", \" c 1\"");
        assert_eq!(standing_in_words(&IdStanding::Customer, "c", "customer"), None);
    }
}
