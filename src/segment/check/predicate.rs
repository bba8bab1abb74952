//! Operator and value on a column: what must hold of its values.

use chrono::NaiveDate;
use serde_json::Value;

use super::error::CheckError;
use crate::segment::checked::*;
use crate::segment::date::{DateValue, ResolvedDate, TimePoint};
use crate::segment::json::brief;
use crate::segment::node::Test;
use crate::segment::number::Number;
use crate::segment::value::TestValue;
use crate::segment::vocabulary::*;

/// How far apart the two days of an anniversary are, at most.
const LONGEST_ANNIVERSARY: i64 = 366;

/// What a test asks of values of a type on the day `as_of`.
pub(crate) fn predicate(data_type: DataType, test: &Test, as_of: NaiveDate) -> Result<Predicate, CheckError> {
    let op = test.op.ok_or_else(|| CheckError::incomplete("the condition has no operator"))?;
    if !Operator::for_type(data_type).contains(&op) {
        let (id, kind) = (op.id(), data_type.id());
        let near = op.counterpart(data_type).map(|near| format!("did you mean {:?}?", near.id()));
        let help = near.unwrap_or_else(|| {
            let offered: Vec<&str> = Operator::for_type(data_type).iter().map(|op| op.id()).collect();
            format!("write one of {}", offered.join(", "))
        });
        return Err(
            CheckError::invalid(format!("{id:?} does not fit a column of type {kind}")).with_help(help)
        );
    }
    let given = test.value.as_ref().filter(|value| !value.is_null());
    let value = given.map(TestValue::json);
    let inclusive = test.inclusive == Some(true);
    match op {
        Operator::IsNull => Ok(Predicate::Null),
        Operator::IsNotNull => Ok(Predicate::NotNull),
        Operator::IsEmpty => Ok(Predicate::Empty),
        Operator::IsNotEmpty => Ok(Predicate::NotEmpty),
        Operator::IsTrue => Ok(Predicate::Boolean(true)),
        Operator::IsFalse => Ok(Predicate::Boolean(false)),
        _ => match data_type {
            DataType::String => text_test(op, given, test.match_case == Some(true)).map(Predicate::Text),
            DataType::Integer | DataType::Decimal => number_test(op, given, inclusive).map(Predicate::Number),
            DataType::Date | DataType::Datetime => {
                date_test(op, value, inclusive, data_type, as_of).map(Predicate::Date)
            }
            DataType::Boolean => Err(CheckError::invalid("a boolean takes no value")),
        },
    }
}

/// What a test asks of dates on the day `as_of`.
pub(crate) fn date_test(
    op: Operator,
    value: Option<&Value>,
    inclusive: bool,
    data_type: DataType,
    as_of: NaiveDate,
) -> Result<DateTest, CheckError> {
    let date = |value: &Value| -> Result<ResolvedDate<TimePoint>, CheckError> {
        if value.as_str() == Some("") {
            return Err(CheckError::incomplete("the condition has no date"));
        }
        let date = DateValue::from_json(value)?.resolve(as_of)?;
        match (date.at, data_type) {
            (time_point @ TimePoint::Instant(_), DataType::Date) => Err(CheckError::invalid(format!(
                "a column of days is compared with a day, not with {time_point}"
            ))
            .with_help("leave the time out")),
            _ => Ok(date),
        }
    };
    let ends = |value| -> Result<(ResolvedDate<TimePoint>, ResolvedDate<TimePoint>), CheckError> {
        let [low, high] = two(value, "dates")?;
        let (low, high) = (date(low)?, date(high)?);
        if low.at.start() > high.at.start() {
            return Err(reversed(&low.at, &high.at));
        }
        Ok((low, high))
    };
    let compare = |comparison| Ok(DateTest::Compare(comparison, date(one(value)?)?));
    match op {
        Operator::Is => compare(Comparison::Equal),
        Operator::IsNot => compare(Comparison::NotEqual),
        Operator::IsBefore => compare(Comparison::Less),
        Operator::IsAfter => compare(Comparison::Greater),
        Operator::IsOnOrBefore => compare(Comparison::LessOrEqual),
        Operator::IsOnOrAfter => compare(Comparison::GreaterOrEqual),
        Operator::IsBetween => ends(value).map(|(low, high)| DateTest::Between { low, high, inclusive }),
        Operator::IsNotBetween => ends(value).map(|(low, high)| DateTest::NotBetween { low, high }),
        Operator::AnniversaryIsBetween => {
            match ends(value).map(|(low, high)| [(low.at, low), (high.at, high)])? {
                [(TimePoint::Day(first), low), (TimePoint::Day(last), high)] => {
                    if (last - first).num_days() > LONGEST_ANNIVERSARY {
                        return Err(CheckError::invalid(format!(
                            "{first} and {last} are more than {LONGEST_ANNIVERSARY} days apart"
                        ))
                        .with_help("bring the two days closer together"));
                    }
                    let day =
                        |at, from: ResolvedDate<TimePoint>| ResolvedDate { at, relative: from.relative };
                    Ok(DateTest::Anniversary { first: day(first, low), last: day(last, high) })
                }
                _ => {
                    Err(CheckError::invalid("an anniversary falls on days").with_help("leave the times out"))
                }
            }
        }
        other => Err(CheckError::invalid(format!("{:?} does not compare dates", other.id()))),
    }
}

fn number_test(op: Operator, given: Option<&TestValue>, inclusive: bool) -> Result<NumberTest, CheckError> {
    let value = given.map(TestValue::json);
    let compare = |comparison| Ok(NumberTest::Compare(comparison, number(one(value)?)?));
    match op {
        Operator::Is => compare(Comparison::Equal),
        Operator::IsNot => compare(Comparison::NotEqual),
        Operator::IsGreaterThan => compare(Comparison::Greater),
        Operator::IsGreaterThanOrEqualTo => compare(Comparison::GreaterOrEqual),
        Operator::IsLessThan => compare(Comparison::Less),
        Operator::IsLessThanOrEqualTo => compare(Comparison::LessOrEqual),
        Operator::IsBetween => {
            number_ends(value).map(|(low, high)| NumberTest::Between { low, high, inclusive })
        }
        Operator::IsNotBetween => number_ends(value).map(|(low, high)| NumberTest::NotBetween { low, high }),
        Operator::IsInList | Operator::IsNotInList => {
            let (given, items) = many(given)?;
            let numbers = given.numbers(|| items.iter().map(number).collect())?;
            Ok(NumberTest::In { numbers, negated: op == Operator::IsNotInList })
        }
        other => Err(CheckError::invalid(format!("{:?} does not compare numbers", other.id()))),
    }
}

fn text_test(op: Operator, given: Option<&TestValue>, match_case: bool) -> Result<TextTest, CheckError> {
    let value = given.map(TestValue::json);
    let fold = |text: &str| if match_case { text.to_owned() } else { text.to_lowercase() };
    let text = |value| match one(value)? {
        Value::String(text) if text.is_empty() => Err(CheckError::incomplete("the condition has no value")),
        Value::String(text) => Ok(fold(text)),
        other => Err(no_text(other)),
    };
    let kind = match op {
        Operator::IsExactly | Operator::IsNotExactly => TextKind::Exactly(text(value)?),
        Operator::Contains | Operator::DoesNotContain => TextKind::Contains(text(value)?),
        Operator::StartsWith | Operator::DoesNotStartWith => TextKind::StartsWith(text(value)?),
        Operator::EndsWith | Operator::DoesNotEndWith => TextKind::EndsWith(text(value)?),
        Operator::IsLike | Operator::IsNotLike => like(&text(value)?),
        Operator::IsInList | Operator::IsNotInList => {
            let (given, items) = many(given)?;
            let items = items.iter().map(|item| match item {
                Value::String(text) => Ok(fold(text)),
                other => Err(no_text(other)),
            });
            TextKind::In(given.texts(match_case, || items.collect())?)
        }
        other => return Err(CheckError::invalid(format!("{:?} does not compare texts", other.id()))),
    };
    Ok(TextTest { kind, negated: op.is_negative(), match_case })
}

/// Takes a LIKE pattern apart. Without an unescaped wildcard it means contains.
fn like(pattern: &str) -> TextKind {
    let mut tokens = Vec::new();
    let mut literal = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        let wildcard = match letter {
            '%' => LikeToken::AnyText,
            '_' => LikeToken::AnyCharacter,
            '\\' => {
                literal.push(letters.next().unwrap_or('\\'));
                continue;
            }
            other => {
                literal.push(other);
                continue;
            }
        };
        if !literal.is_empty() {
            tokens.push(LikeToken::Literal(std::mem::take(&mut literal)));
        }
        tokens.push(wildcard);
    }
    if tokens.is_empty() {
        return TextKind::Contains(literal);
    }
    if !literal.is_empty() {
        tokens.push(LikeToken::Literal(literal));
    }
    TextKind::Like(tokens)
}

pub fn one(value: Option<&Value>) -> Result<&Value, CheckError> {
    match value {
        Some(Value::Array(items)) => Err(CheckError::invalid("this operator takes one value, not an array")
            .with_help(match items.as_slice() {
                [only] => format!("did you mean {}?", brief(only)),
                _ => "write one value, or take an operator for several, such as is_in_list".to_owned(),
            })),
        Some(value) => Ok(value),
        None => Err(CheckError::incomplete("the condition has no value")),
    }
}

pub fn two<'a>(value: Option<&'a Value>, what: &str) -> Result<[&'a Value; 2], CheckError> {
    let Some(value) = value else { return Err(CheckError::incomplete("the condition has no value")) };
    match value.as_array().map(Vec::as_slice) {
        Some([]) => Err(CheckError::incomplete("the range has no ends")),
        Some([low, high]) if low.is_null() || high.is_null() => {
            Err(CheckError::incomplete("the range lacks one of its ends"))
        }
        Some([low, high]) => Ok([low, high]),
        _ => {
            let value = brief(value);
            Err(CheckError::invalid(format!("a range takes two {what}, not {value}"))
                .with_help("write [low, high]"))
        }
    }
}

fn many(given: Option<&TestValue>) -> Result<(&TestValue, &[Value]), CheckError> {
    let Some(given) = given else { return Err(CheckError::incomplete("the condition has no values")) };
    match given.json() {
        Value::Array(items) if items.is_empty() => Err(CheckError::incomplete("the list is empty")),
        Value::Array(items) => Ok((given, items)),
        other => Err(wrong_type(other, "an array").with_help(format!("did you mean [{}]?", brief(other)))),
    }
}

pub fn number(value: &Value) -> Result<Number, CheckError> {
    let number = match value {
        Value::Number(number) => Number::from_json(number),
        other => return Err(no_number(other)),
    };
    number.ok_or_else(|| {
        CheckError::invalid(format!("{} is out of range", brief(value)))
            .with_help("write a number between -1.7e308 and 1.7e308")
    })
}

pub(crate) fn number_ends(value: Option<&Value>) -> Result<(Number, Number), CheckError> {
    let [low, high] = two(value, "numbers")?;
    let (low, high) = (number(low)?, number(high)?);
    if low > high { Err(reversed(&low, &high)) } else { Ok((low, high)) }
}

fn reversed(low: &dyn std::fmt::Display, high: &dyn std::fmt::Display) -> CheckError {
    CheckError::invalid(format!("the range is reversed: {low} is after {high}"))
        .with_help("swap the two ends")
}

fn wrong_type(value: &Value, wanted: &str) -> CheckError {
    CheckError::invalid(format!("the value is {}, where {wanted} is needed", brief(value)))
}

fn no_text(value: &Value) -> CheckError {
    let error = wrong_type(value, "a text");
    match value {
        Value::Bool(_) | Value::Number(_) => error.with_help(format!("did you mean \"{value}\"?")),
        _ => error.with_help(r#"write it in quotes: "...""#),
    }
}

fn no_number(value: &Value) -> CheckError {
    let error = wrong_type(value, "a number");
    let meant = value.as_str().and_then(|text| serde_json::from_str::<serde_json::Number>(text.trim()).ok());
    match meant {
        Some(number) => error.with_help(format!("did you mean {number}?")),
        None => error.with_help("write a number, without quotes"),
    }
}
