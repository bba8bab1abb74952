//! `:as_of`, the day on which a query runs.

use std::ops::ControlFlow;

use chrono::NaiveDate;
use sqlparser::ast::{Query, Value, ValueWithSpan, Visit, Visitor};
use sqlparser::tokenizer::Location;

use super::error::{QueryError, position};

/// What stands for the day.
const DAY: &str = ":as_of";

/// A text with the day wherever the parser found a value that stands for it: not in texts and comments.
pub(crate) fn substitute(text: &str, query: &Query, as_of: NaiveDate) -> Result<String, QueryError> {
    let mut places = Places::default();
    if let ControlFlow::Break(error) = query.visit(&mut places) {
        return Err(error);
    }
    let Places(mut places) = places;
    places.sort_unstable();
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    let mut place = Location::new(1, 1);
    for wanted in places {
        let before = offset(rest, &mut place, wanted).and_then(|offset| rest.split_at_checked(offset));
        let split = before.and_then(|(before, after)| Some((before, after.strip_prefix(DAY)?)));
        let Some((before, after)) = split else {
            let message = format!("{DAY} cannot stand here");
            return Err(QueryError::new(position(wanted), message, "write it where a value may stand"));
        };
        filled.push_str(before);
        filled.push_str(&format!("DATE '{as_of}'"));
        place.column += DAY.len() as u64;
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Where the day is wanted.
#[derive(Default)]
struct Places(Vec<Location>);

impl Visitor for Places {
    type Break = QueryError;

    fn pre_visit_value(&mut self, value: &ValueWithSpan) -> ControlFlow<QueryError> {
        match &value.value {
            Value::Placeholder(name) if name == DAY => self.0.push(value.span.start),
            Value::Placeholder(name) => {
                let message = format!("{name} stands for nothing");
                let help = format!("only {DAY} stands for something: the day of evaluation");
                return ControlFlow::Break(QueryError::new(position(value.span.start), message, help));
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// The offset of `wanted` in a text that starts at `place`, which moves there. The parser counts characters.
fn offset(text: &str, place: &mut Location, wanted: Location) -> Option<usize> {
    for (offset, letter) in text.char_indices() {
        if *place == wanted {
            return Some(offset);
        }
        *place = match letter {
            '\n' => Location::new(place.line + 1, 1),
            _ => Location::new(place.line, place.column + 1),
        };
    }
    None
}
