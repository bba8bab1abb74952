//! A new segment of the members who have a value.

use serde_json::Value;

use crate::app::typed::{parse_date, parse_number};
use crate::backend::{ColumnName, ListedValue};
use crate::segment::{
    Condition, ConditionKind, DataType, Definition, Extra, Filter, Group, ListCondition, ListOperator,
    ListSource, Match, Node, Operator, Segment, Test,
};

/// The most characters of a segment's name.
const LONGEST_NAME: usize = 100;
/// How deep groups nest, at most.
const DEEPEST: usize = 8;

/// The condition that a customer has a row with exactly this value.
///
/// # Errors
/// No condition can say it.
pub(in crate::app::layers) fn has_value(
    name: &ColumnName,
    data_type: DataType,
    value: &ListedValue,
) -> Result<Condition, String> {
    let test = match value {
        ListedValue::Null => Test::new(Operator::IsNull, None),
        ListedValue::Blank => Test::new(Operator::IsEmpty, None),
        ListedValue::Value(text) => exactly(data_type, text)?,
    };
    let mut condition = Condition::attribute(name.table.clone(), name.column.clone(), test);
    if *value == ListedValue::Blank
        && let Some(filters) = condition.filters_mut()
    {
        // NULL is empty, too.
        let test = Test::new(Operator::IsNotNull, None);
        *filters = Some(vec![Filter { column: name.column.clone(), test, extra: Extra::new() }]);
    }
    Ok(condition)
}

fn exactly(data_type: DataType, text: &str) -> Result<Test, String> {
    Ok(match data_type {
        DataType::String => {
            let test = Test::new(Operator::IsExactly, Some(Value::String(text.to_owned())));
            Test { match_case: Some(true), ..test }
        }
        DataType::Boolean => {
            Test::new(if text == "true" { Operator::IsTrue } else { Operator::IsFalse }, None)
        }
        DataType::Integer | DataType::Decimal => Test::new(Operator::Is, Some(parse_number(text)?)),
        DataType::Date | DataType::Datetime => Test::new(Operator::Is, Some(parse_date(text)?)),
    })
}

/// The condition that a customer is a member of a saved segment, or is none.
pub(super) fn membership(id: &str, op: ListOperator) -> Node {
    let source = ListSource::Segment(id.to_owned());
    let list = ListCondition { source, extra: Extra::new(), op: Some(op) };
    Node::Condition(Condition::new(ConditionKind::List(list)))
}

/// A segment of these members that is not saved yet, like another one.
pub(in crate::app::layers) fn new_segment(name: &str, include: Group, like: &Segment) -> Segment {
    let mut segment = Segment::new("", like.database.clone(), like.activation_id.clone());
    segment.name = short_name(name);
    segment.definition = Definition::Visual { include, exclude: Group::empty(Match::Any) };
    segment
}

fn short_name(name: &str) -> String {
    let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
    match name.chars().count() > LONGEST_NAME {
        true => name.chars().take(LONGEST_NAME - 1).chain(['…']).collect(),
        false => name,
    }
}

/// The members of the open segment for whom a condition holds. What is saved is named; else the conditions are copied.
///
/// # Errors
/// The definition takes no further condition, and it is not saved.
pub(super) fn members_with(
    open: &Segment,
    is_saved: bool,
    condition: Condition,
    value: &str,
) -> Result<Segment, String> {
    let name = format!("{}_{value}", open.name);
    let condition = Node::Condition(condition);
    if is_saved {
        let nodes = vec![membership(&open.id, ListOperator::IsMember), condition];
        let section = Node::Group(Group::new(Match::All, nodes));
        return Ok(new_segment(&name, Group::new(Match::All, vec![section]), open));
    }
    let Definition::Visual { include, exclude } = &open.definition else {
        return Err("save this segment first: a query takes no further condition".to_owned());
    };
    let section = Node::Group(Group::new(Match::All, vec![condition]));
    let mut include = include.clone();
    if include.matching == Match::All && include.off != Some(true) {
        include.nodes.push(section);
    } else {
        let deepest = open.walk().into_iter().filter(|(_, node)| matches!(node, Node::Group(_)));
        if deepest.map(|(path, _)| path.steps.len()).max().unwrap_or(0) >= DEEPEST {
            return Err("save this segment first: its groups nest too deep for a further one".to_owned());
        }
        include = Group::new(Match::All, vec![Node::Group(include), section]);
    }
    let mut segment = new_segment(&name, include, open);
    if let Definition::Visual { exclude: copy, .. } = &mut segment.definition {
        *copy = exclude.clone();
    }
    Ok(segment)
}
