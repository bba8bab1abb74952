//! From a document to what it means on a database and a day, with every problem on the way.

use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::Value;

use super::checked::*;
use super::date::{DateError, DateValue, Moment};
use super::document::{Definition, Segment};
use super::node::*;
use super::place::{NodePath, Part, Place, Side};
use super::problem::Problem;
use super::schema::{Missing, Schema};
use super::vocabulary::*;

/// How deep groups nest below a side, at most.
pub(super) const DEEPEST: usize = 8;
/// How far apart the two days of an anniversary are, at most.
const LONGEST_ANNIVERSARY: i64 = 366;

/// Checks a segment against a database on the day `as_of`.
///
/// What has a problem is left out of the tree and named in `problems`, so that an editor can go on
/// with the rest; a headless command refuses the segment if any of them is an error.
pub fn check(segment: &Segment, schema: &dyn Schema, as_of: NaiveDate) -> Checked {
    let mut checker = Checker { schema, as_of, problems: Vec::new() };
    if let Err(missing) = schema.activation_id() {
        checker.problems.push(Problem::invalid(Place::ActivationId, missing.message).help(missing.help));
    }
    let [include, exclude] = Side::BOTH.map(|side| {
        let path = NodePath::root(side);
        match segment.side(side) {
            Some(group) if group.off != Some(true) => checker.group(group, path),
            _ => CheckedGroup { path, matching: Match::All, nodes: Vec::new() },
        }
    });
    match &segment.definition {
        Definition::Visual { .. } => {}
        Definition::Sql(_) => checker.problems.push(
            Problem::unsupported(Place::Sql, "this version does not evaluate SQL segments yet")
                .help("build it from conditions instead"),
        ),
        Definition::Unreadable { problems, .. } => checker.problems.extend(problems.iter().cloned()),
    }
    Checked { include, exclude, problems: checker.problems }
}

struct Checker<'a> {
    schema: &'a dyn Schema,
    as_of: NaiveDate,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    fn group(&mut self, group: &Group, path: NodePath) -> CheckedGroup {
        if path.steps.len() > DEEPEST {
            let place = Place::Node(path.clone(), Part::Whole);
            let problem = Problem::invalid(place, format!("groups nest at most {DEEPEST} levels deep"));
            self.problems.push(problem.help("move its conditions one level up"));
            return CheckedGroup { path, matching: group.matching, nodes: Vec::new() };
        }
        let mut nodes = Vec::new();
        for (index, node) in group.of.iter().enumerate().filter(|(_, node)| !node.is_off()) {
            let path = path.child(index);
            match node {
                Node::Group(inner) => {
                    let inner = self.group(inner, path);
                    if !inner.nodes.is_empty() {
                        nodes.push(CheckedNode::Group(inner));
                    }
                }
                Node::Condition(condition) => match self.condition(condition, &path) {
                    Ok(criterion) => nodes.push(CheckedNode::Condition(path, Arc::new(criterion))),
                    Err(problems) => self.problems.extend(problems),
                },
                Node::Unreadable(unreadable) => {
                    self.problems.extend(unreadable.faults.iter().map(|fault| {
                        Problem::invalid(Place::Node(path.clone(), fault.part), fault.message.as_str())
                            .help(fault.help.as_str())
                    }));
                }
            }
        }
        CheckedGroup { path, matching: group.matching, nodes }
    }

    fn condition(&self, condition: &Condition, path: &NodePath) -> Result<Criterion, Vec<Problem>> {
        let at = |part| Place::Node(path.clone(), part);
        match &condition.kind {
            Kind::Attribute(attribute) => {
                if attribute.rows.is_some_and(|rows| rows != Rows::Any) {
                    return Err(not_yet(at(Part::Whole), "rows none and rows every"));
                }
                let test = self.column_test(&attribute.table, &attribute.column, &attribute.test);
                let test = test.map_err(|fault| vec![fault.at(at(Part::Whole))]);
                match attribute.filters.as_deref() {
                    None | Some([]) => {
                        Ok(Criterion::Attribute { table: attribute.table.clone(), test: test? })
                    }
                    Some(_) => Err(not_yet(at(Part::Whole), "filters on the same row of an attribute")),
                }
            }
            Kind::Purchase(purchase) => self.purchase(purchase, at),
            Kind::Aggregate(_) => Err(not_yet(at(Part::Whole), "aggregates")),
            Kind::List(_) => Err(not_yet(at(Part::Whole), "customer lists")),
        }
    }

    fn purchase(
        &self,
        purchase: &PurchaseCondition,
        at: impl Fn(Part) -> Place,
    ) -> Result<Criterion, Vec<Problem>> {
        let mut problems = Vec::new();
        let table =
            self.schema.items_table().map_err(|missing| vec![Fail::from(missing).at(at(Part::Whole))])?;
        let orders = match purchase.behaviour {
            Behaviour::HasPurchased => amount(purchase).map(OrderTest::Count),
            Behaviour::HasNotPurchased => Ok(OrderTest::None),
            other => return Err(not_yet(at(Part::Whole), other.label())),
        };
        let orders = orders.map_err(|fail| problems.push(fail.at(at(Part::Whole)))).ok();
        let when = purchase.when.as_ref().map_or(Ok(None), |when| self.when(when));
        let when = when.map_err(|fail| problems.push(fail.at(at(Part::When)))).ok();
        let mut filters = Vec::new();
        for (index, filter) in purchase.filters.iter().flatten().enumerate() {
            match self.column_test(&table, &filter.column, &filter.test) {
                Ok(test) => filters.push(test),
                Err(fail) => problems.push(fail.at(at(Part::Where(index)))),
            }
        }
        match (orders, when) {
            (Some(orders), Some(when)) if problems.is_empty() => {
                Ok(Criterion::Purchase { table, orders, when, filters })
            }
            _ => Err(problems),
        }
    }

    fn when(&self, when: &When) -> Result<Option<DateTest>, Fail> {
        use WhenOperator as W;
        let op = when.op.ok_or_else(|| Fail::incomplete("the window has no operator"))?;
        let inclusive = when.inclusive == Some(true);
        let operator = match op {
            W::AnyTime => return Ok(None),
            W::On => Operator::Is,
            W::NotOn => Operator::IsNot,
            W::Before => Operator::IsBefore,
            W::After => Operator::IsAfter,
            W::OnOrBefore => Operator::IsOnOrBefore,
            W::OnOrAfter => Operator::IsOnOrAfter,
            W::Between => Operator::IsBetween,
            W::NotBetween => Operator::IsNotBetween,
        };
        self.date_test(operator, when.value.as_ref(), inclusive, DataType::Datetime).map(Some)
    }

    fn column_test(&self, table: &str, column: &str, test: &Test) -> Result<ColumnTest, Fail> {
        let data_type = self.schema.column_type(table, column)?;
        Ok(ColumnTest { column: column.to_owned(), predicate: self.predicate(data_type, test)? })
    }

    fn predicate(&self, data_type: DataType, test: &Test) -> Result<Predicate, Fail> {
        let op = test.op.ok_or_else(|| Fail::incomplete("the condition has no operator"))?;
        if !Operator::of(data_type).contains(&op) {
            let offered: Vec<String> = Operator::of(data_type).iter().map(|op| op.label()).collect();
            let (id, kind) = (op.id(), data_type.id());
            return Err(Fail::invalid(format!("{id:?} does not fit a column of type {kind}"))
                .help(format!("use one of: {}", offered.join(", "))));
        }
        let value = test.value.as_ref().filter(|value| !value.is_null());
        let inclusive = test.inclusive == Some(true);
        match op {
            Operator::IsNull => Ok(Predicate::Null),
            Operator::IsNotNull => Ok(Predicate::NotNull),
            Operator::IsEmpty => Ok(Predicate::Empty),
            Operator::IsNotEmpty => Ok(Predicate::NotEmpty),
            Operator::IsTrue => Ok(Predicate::Boolean(true)),
            Operator::IsFalse => Ok(Predicate::Boolean(false)),
            _ => match data_type {
                DataType::String => text_test(op, value, test.match_case == Some(true)).map(Predicate::Text),
                DataType::Integer | DataType::Decimal => {
                    number_test(op, value, inclusive).map(Predicate::Number)
                }
                DataType::Date | DataType::Datetime => {
                    self.date_test(op, value, inclusive, data_type).map(Predicate::Date)
                }
                DataType::Boolean => Err(Fail::invalid("a boolean takes no value")),
            },
        }
    }

    fn date_test(
        &self,
        op: Operator,
        value: Option<&Value>,
        inclusive: bool,
        data_type: DataType,
    ) -> Result<DateTest, Fail> {
        let moment = |value: &Value| -> Result<Moment, Fail> {
            if value.as_str() == Some("") {
                return Err(Fail::incomplete("the condition has no date"));
            }
            let moment = DateValue::from_json(value)?.resolve(self.as_of)?;
            match (moment, data_type) {
                (Moment::Instant(_), DataType::Date) => {
                    Err(Fail::invalid(format!("a column of days is compared with a day, not with {moment}"))
                        .help("leave the time out"))
                }
                _ => Ok(moment),
            }
        };
        let ends = |value| -> Result<(Moment, Moment), Fail> {
            let [low, high] = two(value, "dates")?;
            let (low, high) = (moment(low)?, moment(high)?);
            if low.start() > high.start() {
                return Err(reversed(&low, &high));
            }
            Ok((low, high))
        };
        let compare = |comparison| Ok(DateTest::Compare(comparison, moment(one(value)?)?));
        match op {
            Operator::Is => compare(Comparison::Equal),
            Operator::IsNot => compare(Comparison::NotEqual),
            Operator::IsBefore => compare(Comparison::Less),
            Operator::IsAfter => compare(Comparison::Greater),
            Operator::IsOnOrBefore => compare(Comparison::LessOrEqual),
            Operator::IsOnOrAfter => compare(Comparison::GreaterOrEqual),
            Operator::IsBetween => ends(value).map(|(low, high)| DateTest::Between { low, high, inclusive }),
            Operator::IsNotBetween => ends(value).map(|(low, high)| DateTest::NotBetween { low, high }),
            Operator::AnniversaryIsBetween => match ends(value)? {
                (Moment::Day(first), Moment::Day(last)) => {
                    if (last - first).num_days() > LONGEST_ANNIVERSARY {
                        return Err(Fail::invalid(format!(
                            "{first} and {last} are more than {LONGEST_ANNIVERSARY} days apart"
                        ))
                        .help("bring the two days closer together"));
                    }
                    Ok(DateTest::Anniversary { first, last })
                }
                _ => Err(Fail::invalid("an anniversary falls on days").help("leave the times out")),
            },
            other => Err(Fail::invalid(format!("{:?} does not compare dates", other.id()))),
        }
    }
}

fn number_test(op: Operator, value: Option<&Value>, inclusive: bool) -> Result<NumberTest, Fail> {
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
            let mut numbers = many(value)?.iter().map(number).collect::<Result<Vec<_>, _>>()?;
            numbers.sort_unstable();
            numbers.dedup();
            Ok(NumberTest::In { numbers, negated: op == Operator::IsNotInList })
        }
        other => Err(Fail::invalid(format!("{:?} does not compare numbers", other.id()))),
    }
}

fn text_test(op: Operator, value: Option<&Value>, match_case: bool) -> Result<TextTest, Fail> {
    let fold = |text: &str| if match_case { text.to_owned() } else { text.to_lowercase() };
    let text = |value| match one(value)? {
        Value::String(text) if text.is_empty() => Err(Fail::incomplete("the condition has no value")),
        Value::String(text) => Ok(fold(text)),
        other => Err(wrong_type(other, "a text", r#"put it in quotes: "...""#)),
    };
    let kind = match op {
        Operator::IsExactly | Operator::IsNotExactly => TextKind::Exactly(text(value)?),
        Operator::Contains | Operator::DoesNotContain => TextKind::Contains(text(value)?),
        Operator::StartsWith | Operator::DoesNotStartWith => TextKind::StartsWith(text(value)?),
        Operator::EndsWith | Operator::DoesNotEndWith => TextKind::EndsWith(text(value)?),
        Operator::IsLike | Operator::IsNotLike => like(&text(value)?),
        Operator::IsInList | Operator::IsNotInList => {
            let items = many(value)?.iter().map(|item| match item {
                Value::String(text) => Ok(fold(text)),
                other => Err(wrong_type(other, "a text", r#"put it in quotes: "...""#)),
            });
            let mut texts = items.collect::<Result<Vec<_>, _>>()?;
            texts.sort_unstable();
            texts.dedup();
            TextKind::In(texts)
        }
        other => return Err(Fail::invalid(format!("{:?} does not compare texts", other.id()))),
    };
    Ok(TextTest { kind, negated: op.is_negative(), match_case })
}

/// Takes a LIKE pattern apart. Without an unescaped wildcard it means contains.
fn like(pattern: &str) -> TextKind {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        let wildcard = match letter {
            '%' => LikePiece::AnyText,
            '_' => LikePiece::AnyCharacter,
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
            pieces.push(LikePiece::Literal(std::mem::take(&mut literal)));
        }
        pieces.push(wildcard);
    }
    if pieces.is_empty() {
        return TextKind::Contains(literal);
    }
    if !literal.is_empty() {
        pieces.push(LikePiece::Literal(literal));
    }
    TextKind::Like(pieces)
}

fn amount(purchase: &PurchaseCondition) -> Result<AmountTest, Fail> {
    let op = purchase.op.ok_or_else(|| Fail::incomplete("the condition has no operator"))?;
    let value = purchase.value.as_ref().filter(|value| !value.is_null());
    let compare = |comparison| Ok(AmountTest::Compare(comparison, number(one(value)?)?));
    match op {
        AmountOperator::MoreThan => compare(Comparison::Greater),
        AmountOperator::LessThan => compare(Comparison::Less),
        AmountOperator::Exactly => compare(Comparison::Equal),
        AmountOperator::AtLeast => compare(Comparison::GreaterOrEqual),
        AmountOperator::AtMost => compare(Comparison::LessOrEqual),
        AmountOperator::Between => {
            let (low, high) = number_ends(value)?;
            Ok(AmountTest::Between { low, high, inclusive: purchase.inclusive == Some(true) })
        }
    }
}

fn one(value: Option<&Value>) -> Result<&Value, Fail> {
    match value {
        Some(Value::Array(_)) => Err(Fail::invalid("this operator takes one value, not an array")),
        Some(value) => Ok(value),
        None => Err(Fail::incomplete("the condition has no value")),
    }
}

fn two<'a>(value: Option<&'a Value>, what: &str) -> Result<[&'a Value; 2], Fail> {
    let Some(value) = value else { return Err(Fail::incomplete("the condition has no value")) };
    match value.as_array().map(Vec::as_slice) {
        Some([]) => Err(Fail::incomplete("the range has no ends")),
        Some([low, high]) if low.is_null() || high.is_null() => {
            Err(Fail::incomplete("the range lacks one of its ends"))
        }
        Some([low, high]) => Ok([low, high]),
        _ => Err(Fail::invalid(format!("a range takes two {what}, not {value}")).help("write [low, high]")),
    }
}

fn many(value: Option<&Value>) -> Result<&[Value], Fail> {
    match value {
        None => Err(Fail::incomplete("the condition has no values")),
        Some(Value::Array(items)) if items.is_empty() => Err(Fail::incomplete("the list is empty")),
        Some(Value::Array(items)) => Ok(items),
        Some(other) => Err(wrong_type(other, "an array", "put it in brackets: [...]")),
    }
}

fn number(value: &Value) -> Result<Number, Fail> {
    let number = match value {
        Value::Number(number) => Number::from_json(number),
        other => return Err(wrong_type(other, "a number", "leave the quotes out")),
    };
    number.ok_or_else(|| Fail::invalid(format!("{value} is out of range")))
}

fn number_ends(value: Option<&Value>) -> Result<(Number, Number), Fail> {
    let [low, high] = two(value, "numbers")?;
    let (low, high) = (number(low)?, number(high)?);
    if low > high { Err(reversed(&low, &high)) } else { Ok((low, high)) }
}

fn reversed(low: &dyn std::fmt::Display, high: &dyn std::fmt::Display) -> Fail {
    Fail::invalid(format!("the range is reversed: {low} is after {high}")).help("swap the two ends")
}

fn wrong_type(value: &Value, wanted: &str, help: &str) -> Fail {
    Fail::invalid(format!("the value is {value}, where {wanted} is needed")).help(help)
}

fn not_yet(place: Place, what: &str) -> Vec<Problem> {
    let problem = Problem::unsupported(place, format!("this version does not evaluate this yet: {what}"));
    vec![problem.help("it is kept as it is; switch it off to evaluate the rest")]
}

/// A problem that does not know its place yet.
struct Fail {
    is_incomplete: bool,
    message: String,
    help: Option<String>,
}

impl Fail {
    fn invalid(message: impl Into<String>) -> Self {
        Self { is_incomplete: false, message: message.into(), help: None }
    }

    fn incomplete(message: impl Into<String>) -> Self {
        Self { is_incomplete: true, message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn at(self, place: Place) -> Problem {
        let problem = if self.is_incomplete {
            Problem::incomplete(place, self.message)
        } else {
            Problem::invalid(place, self.message)
        };
        Problem { help: self.help, ..problem }
    }
}

impl From<Missing> for Fail {
    fn from(missing: Missing) -> Self {
        Self::invalid(missing.message).help(missing.help)
    }
}

impl From<DateError> for Fail {
    fn from(error: DateError) -> Self {
        Self::invalid(error.to_string()).help(error.help())
    }
}
