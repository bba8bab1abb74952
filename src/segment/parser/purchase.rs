//! What customers bought: "bought socks >= 2 since 3 months ago".

use std::sync::Arc;

use serde_json::{Value, json};

use super::error::ParseError;
use super::expected::{AND, Expected, KeywordHint};
use super::parser::{ConditionResult, ParseResult, Parser};
use crate::segment::name_matching::{is_same_name, phrase_end};
use crate::segment::node::{Condition, ConditionKind, Filter, PurchaseCondition, Test, When};
use crate::segment::vocabulary::{
    AmountOperator, Arity, Behaviour, DataType, Keyword, Operator, WhenOperator,
};
use crate::segment::words::{behaviour, currency_word};

/// The column that says what was bought where only the thing is said.
const WHAT: &str = "product_category";

/// Other ways to say a behaviour than those of screens.
const SHORT: [(&str, Behaviour); 10] = [
    ("bought", Behaviour::HasPurchased),
    ("has bought", Behaviour::HasPurchased),
    ("purchased", Behaviour::HasPurchased),
    ("not bought", Behaviour::HasNotPurchased),
    ("never bought", Behaviour::HasNotPurchased),
    ("has not bought", Behaviour::HasNotPurchased),
    ("not purchased", Behaviour::HasNotPurchased),
    ("first bought", Behaviour::FirstPurchase),
    ("bought again", Behaviour::RepeatPurchase),
    ("spent", Behaviour::TotalValueOfOrders),
];

const AMOUNTS: [(&str, AmountOperator); 12] = [
    ("more than", AmountOperator::MoreThan),
    (">", AmountOperator::MoreThan),
    ("less than", AmountOperator::LessThan),
    ("<", AmountOperator::LessThan),
    ("exactly", AmountOperator::Exactly),
    ("=", AmountOperator::Exactly),
    ("==", AmountOperator::Exactly),
    ("at least", AmountOperator::AtLeast),
    (">=", AmountOperator::AtLeast),
    ("at most", AmountOperator::AtMost),
    ("<=", AmountOperator::AtMost),
    ("between", AmountOperator::Between),
];

/// Numbers of times that are said in a word.
const TIMES: [(&str, u64); 2] = [("once", 1), ("twice", 2)];

const WINDOWS: [(&str, WhenOperator); 11] = [
    ("any time", WhenOperator::AnyTime),
    ("after", WhenOperator::After),
    ("before", WhenOperator::Before),
    ("since", WhenOperator::OnOrAfter),
    ("on or after", WhenOperator::OnOrAfter),
    ("until", WhenOperator::OnOrBefore),
    ("on or before", WhenOperator::OnOrBefore),
    ("on", WhenOperator::On),
    ("not on", WhenOperator::NotOn),
    ("between", WhenOperator::Between),
    ("not between", WhenOperator::NotBetween),
];

const AMOUNT_HINTS: &[KeywordHint] = &[
    KeywordHint { word: "at least", detail: ">=" },
    KeywordHint { word: "exactly", detail: "=" },
    KeywordHint { word: "more than", detail: ">" },
    KeywordHint { word: "at most", detail: "<=" },
    KeywordHint { word: "less than", detail: "<" },
    KeywordHint { word: "between", detail: "… and …" },
];

const WINDOW_HINTS: &[KeywordHint] = &[
    KeywordHint { word: "since", detail: "on or after" },
    KeywordHint { word: "after", detail: "" },
    KeywordHint { word: "until", detail: "on or before" },
    KeywordHint { word: "before", detail: "" },
    KeywordHint { word: "on", detail: "that day" },
    KeywordHint { word: "between", detail: "… and …" },
    KeywordHint { word: "in", detail: "a year: in 2024" },
];

impl Parser<'_> {
    /// A condition on purchases, if the line begins like one, and whether it begins as on screens.
    pub fn purchase(&mut self) -> Option<(bool, ConditionResult)> {
        let start = self.at;
        let full = Behaviour::ALL.iter().map(|known| (behaviour(*known), (*known, true)));
        let short = SHORT.iter().map(|(phrase, known)| (*phrase, (*known, false)));
        let (behaviour, is_full) = self.accept_longest(full.chain(short))?;
        let verb = start..self.at;
        let result = match self.schema.items_table() {
            Ok(items) => self.attempt(|parser| parser.bought(behaviour, &items)),
            Err(missing) => Err(ParseError::from_diagnostic(missing, verb)),
        };
        self.at = start;
        Some((is_full, result))
    }

    fn bought(&mut self, behaviour: Behaviour, items: &str) -> ConditionResult {
        let takes_amount = behaviour.takes_amount();
        self.expect_next(Expected::Words(if takes_amount { AMOUNT_HINTS } else { &[] }));
        self.expect_next(Expected::Words(WINDOW_HINTS));
        let item = self.item(items)?;
        self.accept("was");
        let mut condition = PurchaseCondition {
            behaviour,
            op: None,
            value: None,
            inclusive: None,
            when: None,
            filters: None,
        };
        let mut error = None;
        if takes_amount {
            self.expect_next(Expected::Words(AMOUNT_HINTS));
            match self.attempt(|parser| parser.amount(behaviour, &mut condition)) {
                Ok(true) => {}
                Ok(false) => {
                    error = Some(self.missing("an amount is missing").with_help("write: more than 500"))
                }
                Err(next) => error = Some(next),
            }
        }
        self.expect_next(Expected::Words(WINDOW_HINTS));
        let when = self.attempt(Self::window);
        condition.when = match (when, error.take()) {
            (Ok(when), None) => when,
            // "between" may have begun a window rather than an amount.
            (Ok(when), Some(_)) if behaviour == Behaviour::HasPurchased => when,
            (Ok(_), Some(error)) => return Err(error),
            (Err(window), Some(error)) => return Err(error.furthest(window)),
            (Err(window), None) => return Err(window),
        };
        if behaviour == Behaviour::HasPurchased && condition.op.is_none() {
            condition.op = Some(AmountOperator::AtLeast);
            condition.value = Some(1.into());
        }
        let filters = self.filters(items)?;
        self.end()?;
        condition.filters = match (item, filters) {
            (None, filters) => filters,
            (Some(item), filters) => {
                Some(std::iter::once(item).chain(filters.into_iter().flatten()).collect())
            }
        };
        Ok(Condition::new(ConditionKind::Purchase(condition)))
    }

    /// What was bought, as a filter.
    fn item(&mut self, items: &str) -> ParseResult<Option<Filter>> {
        let known = self
            .schema
            .columns(items)
            .into_iter()
            .find(|column| is_same_name(column, WHAT))
            .map(str::to_owned);
        if let Some(column) = &known {
            self.expect_next(Expected::Text { table: items.to_owned(), column: column.clone() });
        }
        let start = self.at;
        let mut values = Vec::new();
        loop {
            self.skip();
            if self.rest().starts_with('"') {
                values.push(Value::String(self.quoted()?));
            } else {
                let text = self.bare_item()?;
                if text.is_empty() {
                    break;
                }
                values.push(Value::String(text));
            }
            let before = self.at;
            if !self.accept(",") || self.peek("where") {
                self.at = before;
                break;
            }
        }
        let op = match values.len() {
            0 => return Ok(None),
            1 => Operator::IsExactly,
            _ => Operator::IsInList,
        };
        let place = start..self.at;
        let said = self.text.get(place.clone()).unwrap_or_default();
        let table = self.schema.table_label(items);
        let Some(column) = known else {
            let message = format!("{table} has no column {WHAT}, in which {said:?} could stand");
            return Err(
                ParseError::new(place, message).with_help("name the column: bought … where COLUMN = …")
            );
        };
        if self.schema.column_type(items, &column).ok() != Some(DataType::String) {
            return Err(ParseError::new(place, format!("{column} of {table} is no text"))
                .with_help("name another column: bought … where COLUMN = …"));
        }
        if values.iter().any(|value| value.as_str() == Some("")) {
            return Err(
                ParseError::new(place, "an empty text is nothing that was bought").with_help("leave it out")
            );
        }
        let value = if op == Operator::IsInList { Value::Array(values) } else { values.remove(0) };
        Ok(Some(Filter::new(column, Test::new(op, Some(value)))))
    }

    /// What stands there up to an amount, a window or the filters.
    fn bare_item(&mut self) -> ParseResult<String> {
        let start = self.at;
        let mut starts_word = true;
        let mut end = self.text.len();
        for (at, letter) in self.rest().char_indices().map(|(at, letter)| (start + at, letter)) {
            let is_sign = "<>=!(,".contains(letter);
            if is_sign || starts_word && self.ends_item(at) {
                end = at;
                break;
            }
            if starts_word && ["and", "or"].into_iter().any(|word| phrase_end(self.text, at, word).is_some())
            {
                let (_, place) = self.word_at(at);
                return Err(ParseError::new(place, "several things are written with commas between them")
                    .with_help(
                        "such as: bought socks, shoes; or put quotes around a name that has this word in it",
                    ));
            }
            starts_word = letter.is_whitespace();
        }
        let text = self.text.get(start..end).unwrap_or_default().trim_end();
        self.at = start + text.len();
        Ok(text.to_owned())
    }

    fn ends_item(&self, at: usize) -> bool {
        let amounts = AMOUNTS.iter().map(|(phrase, _)| *phrase);
        let windows = WINDOWS.iter().map(|(phrase, _)| *phrase);
        amounts
            .chain(windows)
            .chain(["in", "where", "was", "once", "twice"])
            .any(|phrase| phrase_end(self.text, at, phrase).is_some())
            || self.number_of_times(at).is_some()
            || self.is_span(at)
    }

    /// A number of times or orders that stands there without an operator, and where its digits end.
    fn number_of_times(&self, at: usize) -> Option<usize> {
        let (word, place) = self.word_at(at);
        let is_number = !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_digit());
        let rest = self.text.get(place.end..).filter(|_| is_number)?;
        let unit = place.end + (rest.len() - rest.trim_start().len());
        let mut units = ["times", "time", "orders", "order"].into_iter();
        units.any(|word| phrase_end(self.text, unit, word).is_some()).then_some(place.end)
    }

    /// Whether days until today stand there, rather than the name of a thing that begins so.
    fn is_span(&self, at: usize) -> bool {
        let mut ahead = Parser::new(self.text, self.schema, Arc::clone(&self.catalog));
        ahead.at = at;
        ahead.days_until_today().is_some()
    }

    /// "at least 2 times"; whether there is an amount.
    fn amount(&mut self, behaviour: Behaviour, condition: &mut PurchaseCondition) -> ParseResult<bool> {
        if behaviour == Behaviour::HasPurchased
            && let Some(times) = self.accept_longest(TIMES)
        {
            (condition.op, condition.value) = (Some(AmountOperator::Exactly), Some(times.into()));
            return Ok(true);
        }
        self.skip();
        if behaviour == Behaviour::HasPurchased && self.number_of_times(self.at).is_some() {
            let times = self.count(behaviour)?;
            (condition.op, condition.value) = (Some(AmountOperator::Exactly), Some(times));
            return Ok(true);
        }
        let Some(op) = self.accept_longest(AMOUNTS) else { return Ok(false) };
        let value = if op == AmountOperator::Between {
            let low = self.count(behaviour)?;
            self.expect_next(Expected::Words(AND));
            if !self.accept("and") {
                return Err(self.missing("the second end is missing").with_help("write: and …"));
            }
            Value::Array(vec![low, self.count(behaviour)?])
        } else {
            self.count(behaviour)?
        };
        if op == AmountOperator::Between && self.accept("(ends included)") {
            condition.inclusive = Some(true);
        }
        (condition.op, condition.value) = (Some(op), Some(value));
        Ok(true)
    }

    /// A number with its unit, which can be left out.
    fn count(&mut self, behaviour: Behaviour) -> ParseResult<Value> {
        self.expect_next(Expected::Number);
        let is_times = behaviour == Behaviour::HasPurchased;
        if is_times && let Some(times) = self.accept_longest(TIMES) {
            return Ok(times.into());
        }
        let number = self.number(false)?;
        let currency = self.schema.currency();
        let word = currency_word(&currency);
        let units: &[&str] = match behaviour {
            Behaviour::TotalValueOfOrders => &[&word, &currency],
            Behaviour::TotalQuantityOfItems => &["items", "item", "pieces", "piece"],
            _ => &["times", "time", "orders", "order"],
        };
        let _ = units.iter().any(|unit| self.accept(unit));
        Ok(number)
    }

    /// "since 3 months ago"; nothing where any time counts.
    fn window(&mut self) -> ParseResult<Option<When>> {
        let place = self.at;
        if let Some(from) = self.days_until_today() {
            let (op, value) = (Some(WhenOperator::After), Some(from));
            return Ok(Some(When { op, value, inclusive: None, extra: Default::default() }));
        }
        let Some(op) = self.accept_longest(WINDOWS) else {
            return if self.accept("in") { self.year(place).map(Some) } else { Ok(None) };
        };
        let mut inclusive = None;
        let value = match op.arity() {
            Arity::None => return Ok(None),
            Arity::Two => {
                let low = self.date()?;
                self.expect_next(Expected::Words(AND));
                if !self.accept("and") {
                    return Err(self.missing("the second date is missing").with_help("write: and …"));
                }
                let high = self.date()?;
                let included = self.accept("(ends included)");
                inclusive = (included && op == WhenOperator::Between).then_some(true);
                Value::Array(vec![low, high])
            }
            Arity::One | Arity::Many => self.date()?,
        };
        Ok(Some(When { op: Some(op), value: Some(value), inclusive, extra: Default::default() }))
    }

    /// The days of a year: "in 2024".
    fn year(&mut self, place: usize) -> ParseResult<When> {
        let (word, _) = self.word();
        if word.len() != 4 || !word.bytes().all(|letter| letter.is_ascii_digit()) || word == "0000" {
            return Err(ParseError::new(
                place..self.at + word.len(),
                "\"in\" takes a year here, such as 2024",
            )
            .with_help("or write: since 3 months ago, between 2024-01-01 and 2024-06-30"));
        }
        self.at += word.len();
        Ok(When {
            op: Some(WhenOperator::Between),
            value: Some(json!([format!("{word}-01-01"), format!("{word}-12-31")])),
            inclusive: Some(true),
            extra: Default::default(),
        })
    }
}
