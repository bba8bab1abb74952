//! Values that a test asks for and that do not occur in its column.

use std::collections::HashSet;

use serde_json::Value;

use super::distinct_values::{DistinctTexts, DistinctValues};
use crate::backend::{BackendError, Cancel};
use crate::segment::{
    ColumnTest, Comparison, Number, NumberTest, Predicate, Test, TextKind, TextTest, nearest,
};

/// How many values are named.
const NAMED: usize = 3;
/// Longer lists are not looked through for values that are stored in other ways too.
const LONGEST_FOR_VARIANTS: usize = 1_000;
/// Among more values none is looked for that is nearly right.
const MOST_FOR_NEAREST: usize = 50_000;

/// What to say of the values of a test: what is the matter, and what to do. `label` names the column.
pub fn advice(
    test: &ColumnTest,
    written: &Test,
    distinct: &DistinctValues,
    label: &str,
    cancel: &Cancel,
) -> Result<Option<(String, Option<String>)>, BackendError> {
    Ok(match (&test.predicate, distinct) {
        (Predicate::Text(test), DistinctValues::Texts(texts)) => {
            let asked: Vec<&str> = match (&test.kind, written.value.as_deref()) {
                (TextKind::Exactly(_), Some(Value::String(text))) => vec![text.as_str()],
                (TextKind::In(_), Some(Value::Array(items))) => {
                    items.iter().filter_map(Value::as_str).collect()
                }
                _ => return Ok(None),
            };
            missing_texts(test, &asked, texts, label, cancel)?
        }
        (Predicate::Number(test), DistinctValues::Numbers(numbers)) => missing_numbers(test, numbers, label),
        _ => None,
    })
}

fn missing_texts(
    test: &TextTest,
    asked: &[&str],
    texts: &DistinctTexts,
    label: &str,
    cancel: &Cancel,
) -> Result<Option<(String, Option<String>)>, BackendError> {
    let fold = |text: &str| if test.match_case { text.to_owned() } else { text.to_lowercase() };
    let stored: HashSet<String> = texts.values.iter().map(|text| fold(text)).collect();
    let mut missing: Vec<&str> = Vec::new();
    let mut seen = HashSet::new();
    for some in asked.chunks(1 << 14) {
        cancel.check()?;
        for text in some {
            let folded = fold(text);
            if !stored.contains(&folded) && seen.insert(folded) {
                missing.push(text);
            }
        }
    }
    if let Some(first) = missing.first() {
        let like = missing.iter().find_map(|text| Some((text, texts.like(text).next()?)));
        let help = match like {
            Some((text, stored)) => {
                Some(format!("{text:?} is stored as {stored:?}, {}", difference(text, stored)))
            }
            None if texts.values.len() > MOST_FOR_NEAREST => None,
            None => {
                let near = nearest(first, texts.values.iter().map(String::as_str));
                near.map(|near| format!("did you mean {near:?}?"))
            }
        };
        return Ok(Some((absent(&missing, asked.len(), label, |text| format!("{text:?}")), help)));
    }
    // All of them occur. Are there others that look the same?
    if test.negated || asked.len() > LONGEST_FOR_VARIANTS {
        return Ok(None);
    }
    let wanted: HashSet<String> = asked.iter().map(|text| fold(text)).collect();
    let variant = asked.iter().find_map(|text| {
        let other = texts.like(text).find(|stored| !wanted.contains(&fold(stored)))?;
        Some((text, other))
    });
    Ok(variant.map(|(text, other)| {
        let said = format!("{other:?} is in {label} too, {}: it is left out", difference(text, other));
        (said, Some("use is in list to take in both, or mend the data".to_owned()))
    }))
}

fn missing_numbers(test: &NumberTest, numbers: &[Number], label: &str) -> Option<(String, Option<String>)> {
    let asked = match test {
        NumberTest::Compare(Comparison::Equal | Comparison::NotEqual, number) => std::slice::from_ref(number),
        NumberTest::In { numbers, .. } => numbers,
        NumberTest::Compare(..) | NumberTest::Between { .. } | NumberTest::NotBetween { .. } => return None,
    };
    let missing: Vec<&Number> =
        asked.iter().filter(|number| numbers.binary_search(number).is_err()).collect();
    (!missing.is_empty()).then(|| (absent(&missing, asked.len(), label, ToString::to_string), None))
}

/// Which of the values do not occur.
fn absent<T>(missing: &[T], of: usize, label: &str, name: impl Fn(&T) -> String) -> String {
    let mut named = missing.iter().take(NAMED).map(name).collect::<Vec<_>>().join(", ");
    if missing.len() > NAMED {
        named.push_str(", …");
    }
    match (missing.len(), of) {
        (1, _) => format!("{named} does not occur in {label}"),
        (all, of) if all == of => format!("none of these {of} values occurs in {label}"),
        (some, of) => format!("{some} of {of} values do not occur in {label}: {named}"),
    }
}

/// How a stored text differs from one that looks the same.
fn difference(asked: &str, stored: &str) -> &'static str {
    let differs_inside = asked.trim().to_lowercase() != stored.trim().to_lowercase();
    if differs_inside {
        "with other blanks"
    } else if stored.trim_end() != stored && asked.trim_end() == asked {
        "with a blank at the end"
    } else if stored.trim_start() != stored && asked.trim_start() == asked {
        "with a blank at the start"
    } else if stored.trim() != stored || asked.trim() != asked {
        "with other blanks around it"
    } else {
        "in other letter case"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_words() {
        assert_eq!(difference("Chicago", "Chicago "), "with a blank at the end");
        assert_eq!(difference("Chicago", " Chicago"), "with a blank at the start");
        assert_eq!(difference("Chicago ", "Chicago"), "with other blanks around it");
        assert_eq!(difference("Chicago", "CHICAGO"), "in other letter case");
        assert_eq!(difference("New York", "New\u{a0}York"), "with other blanks");
    }

    #[test]
    fn some_and_all_are_told_apart() {
        let said = |missing: &[&str], of| absent(missing, of, "City", |text| format!("{text:?}"));
        assert_eq!(said(&["a"], 3), "\"a\" does not occur in City");
        assert_eq!(said(&["a", "b"], 3), "2 of 3 values do not occur in City: \"a\", \"b\"");
        assert_eq!(said(&["a", "b"], 2), "none of these 2 values occurs in City");
        assert_eq!(
            said(&["a", "b", "c", "d"], 9),
            "4 of 9 values do not occur in City: \"a\", \"b\", \"c\", …"
        );
    }
}
