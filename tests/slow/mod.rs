//! The obvious evaluator: loops over rows, one customer at a time, straight from the document. Slow, and
//! nothing of it is the engine's.

mod advice;
mod aggregate;
pub mod engine_against_slow;
mod exact;
mod explain;
mod members;
mod pages;
mod purchase;
mod rows;
mod segment_tests;
mod steps;
pub mod strategy;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime};
use segtui::database::{ItemsColumns, Origin};
use segtui::local::files::LocalDatabase;
use segtui::segment::{
    AttributeCondition, Condition, ConditionKind, DateValue, Filter, Group, ListCondition, ListOperator,
    ListSource, Lists, Match, NoLists, Node, NodePath, Operator, RowQuantifier as Quantifier, Segment, Side,
    Test, TimePoint,
};
use serde_json::Value;

pub use rows::{Cell, Rows};

/// A database as rows of cells.
pub struct Slow {
    /// By name.
    pub tables: BTreeMap<String, Rows>,
    items: Option<String>,
    items_columns: ItemsColumns,
    /// Sorted by code point.
    pub universe: Vec<String>,
    as_of: NaiveDate,
    activation_id: String,
    lists: Arc<dyn Lists>,
}

impl Slow {
    pub fn new(database: &LocalDatabase, activation_id: &str, as_of: NaiveDate) -> Self {
        let with_id = database.tables.iter().filter_map(|table| {
            let id = table.id_column(activation_id)?;
            Some((table.name.clone(), Rows::read(database, table, id)))
        });
        let tables: BTreeMap<String, Rows> = with_id.collect();
        let customers = database.roles.customers.as_ref().and_then(|name| tables.get(name));
        let ids: BTreeSet<String> = match customers {
            Some(rows) => rows.ids.iter().flatten().cloned().collect(),
            // Lists and queries tell of nobody new.
            None => {
                let own = database.tables.iter().filter(|table| table.origin == Origin::Database);
                let rows = own.filter_map(|table| tables.get(&table.name));
                rows.flat_map(|rows| rows.ids.iter().flatten().cloned()).collect()
            }
        };
        let universe = ids.into_iter().filter(|id| !id.trim().is_empty()).collect();
        let items = database.roles.items.clone();
        let (items_columns, activation_id) = (database.roles.items_columns.clone(), activation_id.to_owned());
        Self { tables, items, items_columns, universe, as_of, activation_id, lists: Arc::new(NoLists) }
    }

    pub fn with_lists(self, lists: Arc<dyn Lists>) -> Self {
        Self { lists, ..self }
    }

    /// From now on there is this customer alone.
    pub fn keep(&mut self, id: &str) {
        self.universe.retain(|customer| customer == id);
        self.tables.values_mut().for_each(|rows| rows.keep(id));
    }

    /// From now on it is another day.
    pub fn set_day(&mut self, day: NaiveDate) {
        self.as_of = day;
    }

    pub fn members(&self, segment: &Segment) -> Vec<String> {
        self.universe.iter().filter(|id| self.is_member(segment, id)).cloned().collect()
    }

    fn is_member(&self, segment: &Segment, id: &str) -> bool {
        let [include, exclude] = Side::BOTH
            .map(|side| self.group(segment.side(side).unwrap(), id).map(|known| known == Some(true)));
        include.unwrap_or(true) && !exclude.unwrap_or(false)
    }

    /// `None` if the node is not there; inside, `None` if it is unknown.
    pub fn node(&self, node: &Node, id: &str) -> Option<Option<bool>> {
        match node {
            _ if node.is_off() => None,
            Node::Group(group) => self.group(group, id),
            Node::Condition(condition) => Some(self.condition(condition, id)),
            Node::Unreadable(_) => panic!("a node that cannot be read"),
        }
    }

    pub fn group(&self, group: &Group, id: &str) -> Option<Option<bool>> {
        if group.off == Some(true) {
            return None;
        }
        let truths: Vec<Option<bool>> = group.nodes.iter().filter_map(|node| self.node(node, id)).collect();
        // The value that decides the group alone.
        let decisive = group.matching == Match::Any;
        if truths.is_empty() {
            None
        } else if truths.contains(&Some(decisive)) {
            Some(Some(decisive))
        } else if truths.contains(&None) {
            Some(None)
        } else {
            Some(Some(!decisive))
        }
    }

    fn condition(&self, condition: &Condition, id: &str) -> Option<bool> {
        match &condition.kind {
            ConditionKind::Attribute(attribute) => self.attribute(attribute, id),
            ConditionKind::Purchase(purchase) => Some(self.purchase(purchase, id)),
            ConditionKind::Aggregate(aggregate) => self.aggregate(aggregate, id),
            ConditionKind::List(list) => Some(self.list(list, id)),
        }
    }

    fn list(&self, list: &ListCondition, id: &str) -> bool {
        let is_on = match &list.source {
            ListSource::Segment(segment) => self.is_member(&self.lists.segment(segment).unwrap(), id),
            ListSource::File(path) => {
                self.lists.file(path, &self.activation_id).unwrap().iter().any(|listed| listed == id)
            }
            ListSource::Query(path) => panic!("{path} is a query"),
        };
        is_on == (list.op == Some(ListOperator::IsMember))
    }

    /// The rows of a customer on which all filters hold.
    fn rows_of(&self, table: &str, id: &str, filters: Option<&[Filter]>) -> Vec<usize> {
        let rows = &self.tables[table];
        let passes = |row: usize, filter: &Filter| {
            passes(rows.cell(row, &filter.column), &filter.test, self.as_of) == Some(true)
        };
        (0..rows.len())
            .filter(|row| rows.ids[*row].as_deref() == Some(id))
            .filter(|row| filters.unwrap_or_default().iter().all(|filter| passes(*row, filter)))
            .collect()
    }

    fn attribute(&self, attribute: &AttributeCondition, id: &str) -> Option<bool> {
        let rows = &self.tables[&attribute.table];
        let truths: Vec<Option<bool>> = self
            .rows_of(&attribute.table, id, attribute.filters.as_deref())
            .into_iter()
            .map(|row| passes(rows.cell(row, &attribute.column), &attribute.test, self.as_of))
            .collect();
        match attribute.rows {
            Some(Quantifier::None) => Some(!truths.contains(&Some(true))),
            Some(Quantifier::Every) if truths.is_empty() || truths.contains(&Some(false)) => Some(false),
            Some(Quantifier::Every) if truths.contains(&None) => None,
            Some(Quantifier::Every) => Some(true),
            None | Some(Quantifier::Any) if truths.contains(&Some(true)) => Some(true),
            None | Some(Quantifier::Any) if truths.contains(&None) => None,
            None | Some(Quantifier::Any) => Some(false),
        }
    }

    /// Whether a customer is left after a line: reading include top down, then exclude.
    pub fn is_left_after(&self, segment: &Segment, path: &NodePath, id: &str) -> bool {
        let keeps = |path: &NodePath| self.keeps(segment, path, id);
        let is_left_before = self.is_left_before(segment, path, id);
        let is_condition = segment.group(path).is_none();
        match path.parent() {
            Some((parent, index)) if is_condition && !narrows(segment, &parent) => {
                is_left_before && (0..=index).any(|earlier| keeps(&parent.child(earlier)) == Some(true))
            }
            _ => is_left_before && keeps(path) == Some(true),
        }
    }

    /// Whether the groups around a line leave a customer.
    fn is_left_before(&self, segment: &Segment, path: &NodePath, id: &str) -> bool {
        match path.parent() {
            None => {
                path.side == Side::Include
                    || self.keeps(segment, &NodePath::root(Side::Include), id) != Some(false)
            }
            Some((parent, index)) => {
                self.is_left_before(segment, &parent, id)
                    && (!narrows(segment, &parent)
                        || (0..index)
                            .all(|earlier| self.keeps(segment, &parent.child(earlier), id) != Some(false)))
            }
        }
    }

    /// Whether a line by itself leaves a customer; `None` if it is not there.
    fn keeps(&self, segment: &Segment, path: &NodePath, id: &str) -> Option<bool> {
        let truth = match path.parent() {
            None => Some(
                self.group(segment.side(path.side).unwrap(), id).unwrap_or(Some(path.side == Side::Include)),
            ),
            Some(_) => self.node(segment.node(path).unwrap(), id),
        };
        Some((truth? == Some(true)) == (path.side == Side::Include))
    }
}

/// Whether every node of a group takes customers away from what is left.
fn narrows(segment: &Segment, path: &NodePath) -> bool {
    (segment.group(path).unwrap().matching == Match::All) == (path.side == Side::Include)
}

/// Whether a value passes a test; `None` if that is unknown.
fn passes(cell: &Cell, test: &Test, as_of: NaiveDate) -> Option<bool> {
    let op = test.op.unwrap();
    match op {
        Operator::IsNull => return Some(*cell == Cell::Null),
        Operator::IsNotNull => return Some(*cell != Cell::Null),
        Operator::IsEmpty => return Some(is_empty(cell)),
        Operator::IsNotEmpty => return Some(!is_empty(cell)),
        _ => {}
    }
    let inclusive = test.inclusive == Some(true);
    let value = test.value.as_deref().cloned().unwrap_or_default();
    Some(match cell {
        Cell::Null => return None,
        Cell::Flag(flag) => *flag == (op == Operator::IsTrue),
        Cell::Text(text) => text_passes(text, op, &value, test.match_case == Some(true)),
        Cell::Whole(_) | Cell::Decimal(_) | Cell::Exact(_) => match op {
            Operator::IsInList => list(&value).iter().any(|one| compare_numbers(cell, one).is_eq()),
            Operator::IsNotInList => list(&value).iter().all(|one| compare_numbers(cell, one).is_ne()),
            _ => ordered(op, inclusive, &value, |value| compare_numbers(cell, value)),
        },
        Cell::Day(_) | Cell::Time(_) if op == Operator::AnniversaryIsBetween => {
            let [first, last] = [0, 1].map(|end| day(time_point(&value[end], as_of)));
            first.iter_days().take_while(|day| *day <= last).any(|day| falls_on(cell.day(), day))
        }
        Cell::Day(_) | Cell::Time(_) => {
            ordered(op, inclusive, &value, |value| match time_point(value, as_of) {
                TimePoint::Day(day) => cell.day().cmp(&day),
                TimePoint::Instant(instant) => cell.instant().cmp(&instant),
            })
        }
    })
}

fn is_empty(cell: &Cell) -> bool {
    match cell {
        Cell::Null => true,
        Cell::Text(text) => text.chars().all(char::is_whitespace),
        _ => false,
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn ordered(op: Operator, inclusive: bool, value: &Value, order: impl Fn(&Value) -> Ordering) -> bool {
    match op {
        Operator::Is => order(value).is_eq(),
        Operator::IsNot => order(value).is_ne(),
        Operator::IsGreaterThan | Operator::IsAfter => order(value).is_gt(),
        Operator::IsGreaterThanOrEqualTo | Operator::IsOnOrAfter => order(value).is_ge(),
        Operator::IsLessThan | Operator::IsBefore => order(value).is_lt(),
        Operator::IsLessThanOrEqualTo | Operator::IsOnOrBefore => order(value).is_le(),
        Operator::IsBetween if inclusive => order(&value[0]).is_ge() && order(&value[1]).is_le(),
        Operator::IsBetween => order(&value[0]).is_gt() && order(&value[1]).is_lt(),
        Operator::IsNotBetween => order(&value[0]).is_lt() || order(&value[1]).is_gt(),
        other => panic!("{other:?} does not order"),
    }
}

/// How the number of a row stands to that of a document, without losing a digit.
fn compare_numbers(cell: &Cell, value: &Value) -> Ordering {
    let value = Cell::number(value);
    match (cell, &value) {
        (Cell::Whole(a), Cell::Whole(b)) => a.cmp(b),
        (Cell::Decimal(a), Cell::Decimal(b)) => a.partial_cmp(b).unwrap(),
        (Cell::Whole(a), Cell::Decimal(b)) => compare_mixed(*a, *b),
        (Cell::Decimal(a), Cell::Whole(b)) => compare_mixed(*b, *a).reverse(),
        (Cell::Exact(a), Cell::Whole(b)) => a.cmp(&exact::units(&b.to_string())),
        (Cell::Exact(_), Cell::Decimal(b)) if b.abs() >= 1e25 => 0.0.partial_cmp(b).unwrap(),
        (Cell::Exact(a), Cell::Decimal(b)) => a.cmp(&exact::units(&b.to_string())),
        other => panic!("{other:?} are no numbers"),
    }
}

fn compare_mixed(whole: i64, decimal: f64) -> Ordering {
    if decimal.is_infinite() || decimal.abs() > 1e19 {
        return 0.0.partial_cmp(&decimal).unwrap();
    }
    let floor = decimal.floor() as i128;
    match i128::from(whole).cmp(&floor) {
        Ordering::Equal if decimal > decimal.floor() => Ordering::Less,
        other => other,
    }
}

fn text_passes(text: &str, op: Operator, value: &Value, match_case: bool) -> bool {
    let fold = |text: &str| if match_case { text.to_owned() } else { text.to_lowercase() };
    let text = fold(text);
    let is_in = || list(value).iter().any(|one| fold(one.as_str().unwrap()) == text);
    match op {
        Operator::IsInList => return is_in(),
        Operator::IsNotInList => return !is_in(),
        _ => {}
    }
    let value = fold(value.as_str().unwrap());
    match op {
        Operator::IsExactly => text == value,
        Operator::IsNotExactly => text != value,
        Operator::Contains => text.contains(&value),
        Operator::DoesNotContain => !text.contains(&value),
        Operator::StartsWith => text.starts_with(&value),
        Operator::DoesNotStartWith => !text.starts_with(&value),
        Operator::EndsWith => text.ends_with(&value),
        Operator::DoesNotEndWith => !text.ends_with(&value),
        Operator::IsLike => is_like(&text, &value),
        Operator::IsNotLike => !is_like(&text, &value),
        other => panic!("{other:?} does not compare texts"),
    }
}

/// A character of a LIKE pattern, and whether it is a wildcard.
type PatternCharacter = (char, bool);

fn is_like(text: &str, pattern: &str) -> bool {
    let mut parsed: Vec<PatternCharacter> = Vec::new();
    let letters: Vec<char> = pattern.chars().collect();
    let mut position = 0;
    while position < letters.len() {
        let is_escape = letters[position] == '\\' && position + 1 < letters.len();
        position += usize::from(is_escape);
        parsed.push((letters[position], !is_escape && "%_".contains(letters[position])));
        position += 1;
    }
    if parsed.iter().all(|(_, is_wildcard)| !is_wildcard) {
        return text.contains(&parsed.iter().map(|(letter, _)| *letter).collect::<String>());
    }
    matches_whole(&text.chars().collect::<Vec<_>>(), &parsed)
}

fn matches_whole(text: &[char], pattern: &[PatternCharacter]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [('%', true), rest @ ..] => (0..=text.len()).any(|skipped| matches_whole(&text[skipped..], rest)),
        [('_', true), rest @ ..] => !text.is_empty() && matches_whole(&text[1..], rest),
        [(letter, _), rest @ ..] => text.first() == Some(letter) && matches_whole(&text[1..], rest),
    }
}

fn time_point(value: &Value, as_of: NaiveDate) -> TimePoint {
    DateValue::from_json(value).unwrap().resolve(as_of).unwrap().at
}

fn day(time_point: TimePoint) -> NaiveDate {
    match time_point {
        TimePoint::Day(day) => day,
        TimePoint::Instant(_) => panic!("an anniversary at a time"),
    }
}

/// Whether the anniversary of `born` is celebrated on `day`.
fn falls_on(born: NaiveDate, day: NaiveDate) -> bool {
    let that_year = born.with_year(day.year());
    let first_of_march = || NaiveDate::from_ymd_opt(day.year(), 3, 1).unwrap();
    that_year.unwrap_or_else(first_of_march) == day
}

/// A day earlier or later, for the nasty values next to a boundary.
fn shifted(day: NaiveDate, by: i64) -> NaiveDate {
    if by < 0 { day - Days::new(by.unsigned_abs()) } else { day + Days::new(by.unsigned_abs()) }
}

fn midnight(day: NaiveDate) -> NaiveDateTime {
    day.into()
}
