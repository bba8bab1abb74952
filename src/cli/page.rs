//! What the commands of the pages share.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::numbers;
use super::out::Out;
use super::session::{Opened, named};
use crate::backend::{Available, DayRange, DayRangeError, ListedValue, ListedValues, Money, SegmentAndAll};
use crate::segment::{Keyword, Number, Segment, TypedDay};
use crate::ui::text::sanitize;

/// What stands where the data has no answer.
pub(super) const NONE: &str = "–";

/// The days whose orders count.
#[derive(Debug, clap::Args)]
pub(super) struct Range {
    /// First day whose orders count, or words counted from the day of evaluation ("3 months ago") [default: a year before the last]
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<TypedDay>,
    /// Last day whose orders count, likewise [default: the day of evaluation]
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: Option<TypedDay>,
}

impl Range {
    pub(super) fn days(&self, as_of: NaiveDate) -> Result<DayRange, Failure> {
        let day = |option: &str, typed: Option<TypedDay>| {
            let day = typed.map(|typed| typed.on(as_of)).transpose();
            day.map_err(|problem| Failure::usage(format!("{option}: {problem}")))
        };
        let (from, to) = (day("--from", self.from)?, day("--to", self.to)?);
        DayRange::new(from, to, as_of).map_err(|error| {
            let help = match error {
                DayRangeError::Reversed { .. } => "let --from be the earlier day",
                DayRangeError::Future { .. } => "name earlier days, or a later one with --as-of",
            };
            Failure::usage(error.to_string()).help(help)
        })
    }
}

/// How every answer of a page begins.
pub(super) fn head(segment: Option<&Segment>, as_of: NaiveDate, activation_id: &str) -> Map<String, Value> {
    let segment = segment.map(named);
    fields([
        ("segment", segment.into()),
        ("as_of", as_of.to_string().into()),
        ("activation_id", activation_id.into()),
    ])
}

pub(super) fn fields<const N: usize>(of: [(&str, Value); N]) -> Map<String, Value> {
    of.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

pub(super) fn range_fields(range: DayRange) -> Map<String, Value> {
    fields([("from", range.from.to_string().into()), ("to", range.to.to_string().into())])
}

pub(super) fn both(segment: impl Into<Value>, all: impl Into<Value>) -> Value {
    json!({"segment": segment.into(), "all": all.into()})
}

pub(super) fn money_json(amount: Option<Money>) -> Value {
    amount.map(numbers::json_money).into()
}

pub(super) fn number_json(number: Option<Number>) -> Value {
    number.map(numbers::json_number).into()
}

/// A value of a column, which is blank for all texts that are.
pub(super) fn value_fields(value: &ListedValue, says_if_blank: bool) -> Map<String, Value> {
    let (value, is_blank) = match value {
        ListedValue::Value(value) => (value.as_str().into(), false),
        ListedValue::Blank => ("".into(), true),
        ListedValue::Null => (Value::Null, false),
    };
    let mut fields = fields([("value", value)]);
    if is_blank || says_if_blank {
        fields.insert("blank".to_owned(), is_blank.into());
    }
    fields
}

/// Customers by the values of a column; `null` where the data has none.
pub(super) fn counts_json(counts: Option<&ListedValues<u64>>) -> Value {
    let line = |(value, counts): &(ListedValue, SegmentAndAll<u64>)| {
        let mut line = value_fields(value, false);
        line.extend(fields([("segment", counts.segment.into()), ("all", counts.all.into())]));
        Value::Object(line)
    };
    counts.map(|counts| counts.values.iter().map(line).collect::<Value>()).into()
}

/// Says how many more values there are, if there are any, in the object that has the list.
pub(super) fn add_left_out(object: &mut Map<String, Value>, left_out: u64) {
    if left_out > 0 {
        object.insert("left_out".to_owned(), left_out.into());
    }
}

/// What a value is called.
pub(super) fn value_words(value: &ListedValue) -> String {
    match value {
        ListedValue::Value(value) => value.clone(),
        ListedValue::Blank => "(blank)".to_owned(),
        ListedValue::Null => "(NULL)".to_owned(),
    }
}

/// What stands below a list that is not whole.
pub(super) fn left_out_words(left_out: u64) -> Option<String> {
    (left_out > 0).then(|| format!("… and {} more values", numbers::count(left_out)))
}

/// What a page is of: the segment, the database, the days.
pub(super) fn heading(segment: &Segment, opened: &Opened) -> String {
    format!(
        "{} ({}, revision {})\n{}, {}",
        sanitize(&segment.name),
        segment.status.id(),
        segment.revision,
        sanitize(&opened.database.name),
        opened.days()
    )
}

pub(super) fn range_words(range: DayRange) -> String {
    format!("orders from {} to {}", range.from, range.to)
}

/// Amounts and numbers as cells of a table.
pub(super) struct Cells<'a> {
    pub(super) currency: &'a str,
}

impl Cells<'_> {
    pub(super) fn count(&self, count: Option<u64>) -> String {
        count.map_or_else(|| NONE.to_owned(), numbers::count)
    }

    pub(super) fn money(&self, amount: Option<Money>) -> String {
        amount.map_or_else(|| NONE.to_owned(), |amount| numbers::money(amount, self.currency))
    }

    pub(super) fn average(&self, number: Option<Number>) -> String {
        number.map_or_else(|| NONE.to_owned(), |number| numbers::decimal(number, 2))
    }

    pub(super) fn average_money(&self, number: Option<Number>) -> String {
        number.map_or_else(|| NONE.to_owned(), |number| numbers::average_money(number, self.currency))
    }

    /// A part of a whole.
    pub(super) fn share(&self, part: Option<u64>, whole: Option<u64>) -> String {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.share_of(part.map(signed), whole.map(signed))
    }

    pub(super) fn money_share(&self, part: Option<Money>, whole: Option<Money>) -> String {
        self.share_of(part.map(|part| part.0), whole.map(|whole| whole.0))
    }

    fn share_of(&self, part: Option<i64>, whole: Option<i64>) -> String {
        match (part, whole) {
            (Some(part), Some(whole)) => numbers::share(part, whole),
            _ => NONE.to_owned(),
        }
    }

    /// How far a number is from another one.
    pub(super) fn delta(&self, number: Option<Number>, base: Option<Number>) -> String {
        match (number, base) {
            (Some(number), Some(base)) => numbers::delta(number.as_f64(), base.as_f64()),
            _ => NONE.to_owned(),
        }
    }
}

/// What the data has no answer to, each reason once.
#[derive(Default)]
pub(super) struct Gaps {
    reasons: Vec<(String, Vec<String>)>,
}

impl Gaps {
    /// The part, or nothing where there is none, whose reason is kept.
    pub(super) fn open<'a, T>(&mut self, part: &str, available: &'a Available<T>) -> Option<&'a T> {
        let diagnostic = match available {
            Ok(found) => return Some(found),
            Err(diagnostic) => diagnostic,
        };
        let help = diagnostic.help.iter().flat_map(|help| help.lines());
        let lines = help.map(|line| format!("\n  {line}"));
        let reason = format!("{diagnostic}{}", lines.collect::<String>());
        match self.reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, parts)) => parts.push(part.to_owned()),
            None => self.reasons.push((reason, vec![part.to_owned()])),
        }
        None
    }

    /// Says why something is missing.
    pub(super) fn note(&self, out: &Out) {
        for (reason, parts) in &self.reasons {
            out.note(&format!("not available: {}: {reason}", parts.join(", ")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;

    #[test]
    fn a_reason_is_kept_once() {
        let missing = || Diagnostic::new("there is no table of orders").with_help("add one");
        let mut gaps = Gaps::default();
        assert_eq!(gaps.open("trends", &Ok(1)), Some(&1));
        assert_eq!(gaps.open::<u64>("revenue", &Err(missing())), None);
        assert_eq!(gaps.open::<u64>("channels", &Err(missing())), None);
        let parts = vec!["revenue".to_owned(), "channels".to_owned()];
        assert_eq!(gaps.reasons, [("there is no table of orders\n  add one".to_owned(), parts)]);
    }

    #[test]
    fn null_and_blank_are_told_apart() {
        let written = |value, says| Value::Object(value_fields(&value, says)).to_string();
        assert_eq!(written(ListedValue::Blank, false), r#"{"value":"","blank":true}"#);
        assert_eq!(written(ListedValue::Null, false), r#"{"value":null}"#);
        assert_eq!(written(ListedValue::Null, true), r#"{"value":null,"blank":false}"#);
        assert_eq!(written(ListedValue::Value("a".to_owned()), false), r#"{"value":"a"}"#);
    }
}
