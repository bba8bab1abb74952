//! One test of a segment.

use serde_json::{Map, Value, json};

use super::fraction::Fraction;
use crate::segment::words::count;

/// What must hold of the members of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SegmentTest {
    /// These ids are members.
    In(Vec<String>),
    /// These ids are not.
    Out(Vec<String>),
    /// So many members, both ends included.
    Size(Option<u64>, Option<u64>),
    /// Such a part of all customers, from 0 to 1, both ends included.
    Share(Option<Fraction>, Option<Fraction>),
    /// The members differ from a number by at most so many percent of it.
    Change {
        /// The number, once one was measured.
        from: Option<u64>,
        /// How many percent.
        percent: Fraction,
    },
    /// No member is one of the segment with this id.
    Disjoint(String),
    /// All members are members of the segment with this id.
    Within(String),
    /// Whether each line must change something.
    EveryLineCounts(bool),
}

/// The kinds of tests, by their keys.
pub(super) const KINDS: [&str; 8] =
    ["in", "out", "size", "share", "change", "disjoint", "within", "every_line_counts"];

impl SegmentTest {
    /// The key of its kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::In(_) => "in",
            Self::Out(_) => "out",
            Self::Size(..) => "size",
            Self::Share(..) => "share",
            Self::Change { .. } => "change",
            Self::Disjoint(_) => "disjoint",
            Self::Within(_) => "within",
            Self::EveryLineCounts(_) => "every_line_counts",
        }
    }

    /// As documents write it.
    pub(super) fn json(&self) -> Map<String, Value> {
        let value = match self {
            Self::In(ids) | Self::Out(ids) => json!(ids),
            Self::Size(low, high) => json!([low, high]),
            Self::Share(low, high) => json!([low.map(Fraction::json), high.map(Fraction::json)]),
            Self::Change { from, percent } => {
                let mut map = Map::new();
                map.extend(from.map(|from| ("from".to_owned(), from.into())));
                map.insert("percent".to_owned(), percent.json());
                Value::Object(map)
            }
            Self::Disjoint(id) | Self::Within(id) => json!(id),
            Self::EveryLineCounts(flag) => json!(flag),
        };
        Map::from_iter([(self.kind().to_owned(), value)])
    }

    /// What it requires, in words; `name` knows the names of segments.
    #[must_use]
    pub fn words(&self, name: &dyn Fn(&str) -> Option<String>) -> String {
        let named = |id: &str| name(id).unwrap_or_else(|| id.to_owned());
        match self {
            Self::In(ids) => format!("in it: {}", some(ids)),
            Self::Out(ids) => format!("not in it: {}", some(ids)),
            Self::Size(low, high) => {
                let people = if high.or(*low) == Some(1) { "member" } else { "members" };
                format!("{} {people}", range(low.map(count), high.map(count), "any number of"))
            }
            Self::Share(low, high) => {
                let share = |end: &Fraction| format!("{} %", end.times_100());
                format!(
                    "{} of all customers",
                    range(low.as_ref().map(share), high.as_ref().map(share), "any share")
                )
            }
            Self::Change { from: Some(from), percent } => {
                format!("at most {percent} % away from {}", count(*from))
            }
            Self::Change { from: None, percent } => {
                format!("at most {percent} % away from the last saved number")
            }
            Self::Disjoint(id) => format!("nobody in common with {}", named(id)),
            Self::Within(id) => format!("all of them in {}", named(id)),
            Self::EveryLineCounts(true) => "every line changes something".to_owned(),
            Self::EveryLineCounts(false) => "lines may change nothing".to_owned(),
        }
    }
}

fn range(low: Option<String>, high: Option<String>, any: &str) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("between {low} and {high}"),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (None, None) => any.to_owned(),
    }
}

/// The first ids of a list, and how many more there are.
fn some(ids: &[String]) -> String {
    const NAMED: usize = 3;
    let named: Vec<&str> = ids.iter().take(NAMED).map(String::as_str).collect();
    match ids.len().saturating_sub(NAMED) {
        0 if ids.is_empty() => "nobody".to_owned(),
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
