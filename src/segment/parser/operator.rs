//! Operators and what they compare with.

use super::error::ParseError;
use super::expected::Expected;
use super::parser::{ParseResult, Parser};
use super::subject::Subject;
use crate::segment::name_matching::phrase_end;
use crate::segment::node::Test;
use crate::segment::suggest::nearest;
use crate::segment::value::TestValue;
use crate::segment::vocabulary::{Arity, DataType, Keyword, Operator};

/// The other ways to say an operator, the shortest first.
#[must_use]
pub(crate) fn short_forms(op: Operator) -> &'static [&'static str] {
    match op {
        Operator::Is => &["=", "==", "equals", "on", "is on"],
        Operator::IsExactly => &["=", "==", "is", "equals"],
        Operator::IsNot => &["!=", "<>", "not on", "is not on"],
        Operator::IsNotExactly => &["!=", "<>", "is not"],
        Operator::IsGreaterThan => &[">", "is more than", "more than", "greater than", "above"],
        Operator::IsGreaterThanOrEqualTo => &[">=", "is at least", "at least"],
        Operator::IsLessThan => &["<", "less than", "below"],
        Operator::IsLessThanOrEqualTo => &["<=", "is at most", "at most"],
        Operator::IsBefore => &["<", "before"],
        Operator::IsAfter => &[">", "after"],
        Operator::IsOnOrBefore => &["<=", "on or before", "until"],
        Operator::IsOnOrAfter => &[">=", "on or after", "since"],
        Operator::Contains => &["~", "contains"],
        Operator::DoesNotContain => &["!~", "does not have"],
        Operator::IsLike => &["like"],
        Operator::IsNotLike => &["not like"],
        Operator::IsBetween => &["between"],
        Operator::IsNotBetween => &["not between"],
        Operator::AnniversaryIsBetween => &["anniversary between"],
        Operator::IsInList => &["in", "is in", "is one of", "one of"],
        Operator::IsNotInList => &["not in", "is not in", "is none of", "none of"],
        Operator::IsTrue => &["= true", "= yes", "= 1"],
        Operator::IsFalse => &["= false", "= no", "= 0", "is not true", "!= true"],
        Operator::IsNull => &["= null"],
        Operator::IsNotNull => &["!= null", "not null"],
        Operator::IsNotEmpty => &["not empty"],
        Operator::StartsWith
        | Operator::DoesNotStartWith
        | Operator::EndsWith
        | Operator::DoesNotEndWith
        | Operator::IsEmpty => &[],
    }
}

impl Parser<'_> {
    /// Operator and value.
    pub fn test(&mut self, subject: &Subject) -> ParseResult<Test> {
        self.expect_next(Expected::Operators(subject.data_type));
        if matches!(subject.data_type, DataType::Date | DataType::Datetime)
            && let Some(from) = self.days_until_today()
        {
            return Ok(Test::new(Operator::IsAfter, Some(from)));
        }
        let Some(op) = self.operator(subject.data_type) else {
            // A name alone says that it is so.
            let ends = self.is_at_end() || ["where", "and", ","].into_iter().any(|next| self.peek(next));
            return match subject.data_type == DataType::Boolean && ends {
                true => Ok(Test::new(Operator::IsTrue, None)),
                false => Err(self.operator_error(subject)),
            };
        };
        let (mut match_case, mut inclusive) = (None, None);
        let value = match op.arity() {
            Arity::None => None,
            Arity::One => Some(self.value(subject, false)?),
            Arity::Two => {
                let low = self.value(subject, false)?;
                self.expect_next(Expected::Words(super::expected::AND));
                if !self.accept("and") {
                    return Err(self.missing("the second end is missing").with_help("write: and …"));
                }
                let high = self.value(subject, false)?;
                let included = self.accept("(ends included)");
                inclusive = (included && op == Operator::IsBetween).then_some(true);
                Some(serde_json::Value::Array(vec![low, high]))
            }
            Arity::Many => Some(self.values(subject)?),
        };
        if value.is_some() && subject.data_type == DataType::String && self.accept("(matching case)") {
            match_case = Some(true);
        }
        Ok(Test { op: Some(op), value: value.map(TestValue::from), match_case, inclusive })
    }

    /// The operator that stands here, if a column of this type takes it.
    fn operator(&mut self, data_type: DataType) -> Option<Operator> {
        self.skip();
        let said = Operator::for_type(data_type).iter().filter_map(|op| Some((self.operator_end(*op)?, *op)));
        // Of equals the first.
        let (end, op) = said.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        self.at = end;
        Some(op)
    }

    /// Where an operator ends that stands here.
    fn operator_end(&self, op: Operator) -> Option<usize> {
        let short = short_forms(op).iter().filter_map(|form| phrase_end(self.text, self.at, form)).max();
        short.max(phrase_end(self.text, self.at, &op.label())).max(phrase_end(
            self.text,
            self.at,
            &op.spaced(),
        ))
    }

    fn operator_error(&mut self, subject: &Subject) -> ParseError {
        let offered = Operator::for_type(subject.data_type);
        let labels: Vec<String> = offered.iter().map(|op| op.label()).collect();
        let named = format!("{} is {}", subject.label, subject.kind());
        if self.is_at_end() {
            return self
                .missing("an operator is missing")
                .with_help(format!("{named}: {}", labels.join(", ")));
        }
        let misfit = Operator::ALL.iter().filter_map(|op| self.operator_end(*op));
        if let Some(end) = misfit.max() {
            let said = self.text.get(self.at..end).unwrap_or_default();
            let message = format!("{named}, which {said:?} does not fit");
            return ParseError::new(self.at..end, message)
                .with_help(format!("use one of: {}", labels.join(", ")))
                .with_alternatives(labels);
        }
        let (word, place) = self.word();
        let near = nearest(word, labels.iter().map(String::as_str)).map(str::to_owned);
        let help = match &near {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("use one of: {}", labels.join(", ")),
        };
        ParseError::new(place, format!("{word:?} is no operator"))
            .with_help(help)
            .with_alternatives(near.into_iter().collect())
    }
}
