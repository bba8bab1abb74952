//! The days on which a range of dates may become wrong, or right: its ends are reversed, or too far apart.

use std::cmp::Ordering;
use std::collections::HashSet;

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::Value;

use super::span::Span;
use crate::backend::{BackendError, Cancel};
use crate::local::query_scope::referred;
use crate::segment::{DateValue, Lists, RelativeDate, Segment};

/// Days further apart than this are no range of anniversaries.
const MOST_DAYS: i64 = 366;

/// When ranges are what they were not before.
pub(super) struct RangeDays {
    /// The days on which one is not what it was on the day before.
    pub changes: Vec<NaiveDate>,
    /// A day for each way in which all of them stand.
    pub samples: Vec<NaiveDate>,
}

/// Of all ranges in a segment and in those that it refers to.
pub(super) fn range_days(
    segment: &Segment,
    lists: &dyn Lists,
    span: &Span,
    cancel: &Cancel,
) -> Result<RangeDays, BackendError> {
    let mut pairs = Vec::new();
    pairs_in_segment(segment, &mut pairs);
    let (mut open, mut known) = (referred(segment), HashSet::new());
    while let Some(id) = open.pop() {
        if known.insert(id.clone())
            && let Ok(nested) = lists.segment(&id)
        {
            pairs_in_segment(&nested, &mut pairs);
            open.extend(referred(&nested));
        }
    }
    let mut found = RangeDays { changes: Vec::new(), samples: Vec::new() };
    if pairs.is_empty() {
        return Ok(found);
    }
    let (mut before, mut seen) = (None, HashSet::new());
    for day in span.days() {
        cancel.check()?;
        let now: Vec<State> = pairs.iter().map(|pair| state(pair, day)).collect();
        if before.as_ref().is_some_and(|before| *before != now) {
            found.changes.push(day);
        }
        if seen.insert(now.clone()) {
            found.samples.push(day);
        }
        before = Some(now);
    }
    Ok(found)
}

/// How the ends of a range stand to each other, as far as that can make a condition wrong.
type State = Option<(Ordering, bool)>;

/// An end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Fixed(NaiveDateTime),
    Moving(RelativeDate),
}

impl End {
    fn read(value: &Value) -> Option<Self> {
        match DateValue::from_json(value).ok()? {
            DateValue::Absolute(at) => Some(Self::Fixed(at.start())),
            DateValue::Relative(words) => RelativeDate::parse(&words).ok().map(Self::Moving),
        }
    }

    fn on(self, day: NaiveDate) -> Option<NaiveDateTime> {
        match self {
            Self::Fixed(at) => Some(at),
            Self::Moving(relative) => relative.on(day).map(Into::into),
        }
    }
}

fn state(ends: &[End; 2], day: NaiveDate) -> State {
    let [first, last] = ends.map(|end| end.on(day));
    let (first, last) = (first?, last?);
    Some((first.cmp(&last), last.signed_duration_since(first).num_days() > MOST_DAYS))
}

/// All ranges with an end that moves, wherever they stand.
fn pairs_in_segment(segment: &Segment, pairs: &mut Vec<[End; 2]>) {
    if let Ok(document) = serde_json::from_str(&segment.to_json()) {
        pairs_in(&document, pairs);
    }
}

fn pairs_in(value: &Value, pairs: &mut Vec<[End; 2]>) {
    match value {
        Value::Array(values) => {
            if let [first, last] = values.as_slice()
                && let (Some(first), Some(last)) = (End::read(first), End::read(last))
                && [first, last].iter().any(|end| matches!(end, End::Moving(_)))
            {
                pairs.push([first, last]);
            }
            values.iter().for_each(|value| pairs_in(value, pairs));
        }
        Value::Object(fields) => fields.values().for_each(|value| pairs_in(value, pairs)),
        _ => {}
    }
}
