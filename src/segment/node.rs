//! The tree of a segment as it was written.
//!
//! Everything optional in a document is an `Option` here, and every unknown key is kept in `extra`,
//! so that what is read can be written again without loss.

use serde_json::{Map, Value};

use super::place::ConditionPart;
use super::value::TestValue;
use super::vocabulary::{
    AggregateFunction, AmountOperator, Behaviour, ListOperator, Match, Operator, RowQuantifier, WhenOperator,
};
use crate::diagnostic::Diagnostic;

/// How deep groups nest below a side, at most.
pub(crate) const MAX_GROUP_DEPTH: usize = 8;

/// Unknown keys, in the order in which they were found.
pub type Extra = Map<String, Value>;

/// A group or a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Nodes that combine.
    Group(Group),
    /// One criterion.
    Condition(Condition),
    /// Something that this version does not understand: kept as it is, refused when evaluated.
    Unreadable(Unreadable),
}

/// Nodes and how they combine.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// All of the nodes, or any of them.
    pub matching: Match,
    /// A heading, for people.
    pub title: Option<String>,
    /// Kept but treated as not there.
    pub off: Option<bool>,
    /// The nodes, in order.
    pub nodes: Vec<Node>,
    /// Unknown keys.
    pub extra: Extra,
}

/// One criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What it asks.
    pub kind: ConditionKind,
    /// Kept but treated as not there.
    pub off: Option<bool>,
    /// Unknown keys.
    pub extra: Extra,
}

/// The kinds of conditions.
#[derive(Clone, Debug, PartialEq)]
pub enum ConditionKind {
    /// A value of a column.
    Attribute(AttributeCondition),
    /// Orders.
    Purchase(PurchaseCondition),
    /// A number worked out over rows.
    Aggregate(AggregateCondition),
    /// Membership of a list.
    List(ListCondition),
}

/// Operator and value, as conditions and filters have them. The value is checked against the
/// column's type only when the segment is checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Test {
    /// How to compare.
    pub op: Option<Operator>,
    /// What to compare with.
    pub value: Option<TestValue>,
    /// Compare strings exactly.
    pub match_case: Option<bool>,
    /// Take in the ends of a range.
    pub inclusive: Option<bool>,
}

/// A test that must hold on the same row.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// A column of the condition's table.
    pub column: String,
    /// What must hold of it.
    pub test: Test,
    /// Unknown keys.
    pub extra: Extra,
}

/// `{"attribute": {"table", "column"}, "op", "value", "rows", "where"}`
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeCondition {
    /// The table.
    pub table: String,
    /// Its column.
    pub column: String,
    /// Unknown keys beside table and column.
    pub extra: Extra,
    /// What must hold.
    pub test: Test,
    /// On which rows; any by default.
    pub rows: Option<RowQuantifier>,
    /// What else must hold on the same row.
    pub filters: Option<Vec<Filter>>,
}

/// `{"purchase": "has_purchased", "op", "value", "when", "where"}`
#[derive(Clone, Debug, PartialEq)]
pub struct PurchaseCondition {
    /// What is asked.
    pub behaviour: Behaviour,
    /// How its number compares, where it has one.
    pub op: Option<AmountOperator>,
    /// With what.
    pub value: Option<Value>,
    /// Take in the ends of `between`.
    pub inclusive: Option<bool>,
    /// Which order dates count; any by default.
    pub when: Option<When>,
    /// What must hold on the items' rows.
    pub filters: Option<Vec<Filter>>,
}

/// A window of order dates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct When {
    /// How dates compare.
    pub op: Option<WhenOperator>,
    /// With which day or days.
    pub value: Option<Value>,
    /// Take in the ends of a range.
    pub inclusive: Option<bool>,
    /// Unknown keys.
    pub extra: Extra,
}

/// `{"aggregate": {"table", "fn", "column"}, "op", "value", "where"}`
#[derive(Clone, Debug, PartialEq)]
pub struct AggregateCondition {
    /// The table.
    pub table: String,
    /// What is worked out.
    pub function: AggregateFunction,
    /// Over which column; `count` does without.
    pub column: Option<String>,
    /// Unknown keys beside them.
    pub extra: Extra,
    /// What must hold of the result.
    pub test: Test,
    /// Which rows count.
    pub filters: Option<Vec<Filter>>,
}

/// `{"list": {"segment"|"file"|"query"}, "op"}`
#[derive(Clone, Debug, PartialEq)]
pub struct ListCondition {
    /// Where the ids come from.
    pub source: ListSource,
    /// Unknown keys beside the source.
    pub extra: Extra,
    /// Wanted or unwanted.
    pub op: Option<ListOperator>,
}

/// Where the ids of a list come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ListSource {
    /// The members of another segment, by id.
    Segment(String),
    /// An uploaded file, relative to the workspace's `lists/`.
    File(String),
    /// A query, relative to the workspace's `queries/`.
    Query(String),
}

/// A node that could not be understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Unreadable {
    /// The JSON as it was.
    pub raw: Value,
    /// What was not understood; at least one.
    pub errors: Vec<Diagnostic<ConditionPart>>,
    /// What is left of it without that, so that all that is wrong in it can be told at once. It counts
    /// for nothing else.
    pub rest: Option<Box<Node>>,
}

impl Group {
    /// A group without nodes.
    #[must_use]
    pub fn empty(matching: Match) -> Self {
        Self { matching, title: None, off: None, nodes: Vec::new(), extra: Extra::new() }
    }

    /// A group of these nodes.
    #[must_use]
    pub fn new(matching: Match, nodes: Vec<Node>) -> Self {
        Self { nodes, ..Self::empty(matching) }
    }
}

impl Condition {
    /// A condition that is on.
    #[must_use]
    pub fn new(kind: ConditionKind) -> Self {
        Self { kind, off: None, extra: Extra::new() }
    }

    /// Any rows of `table` where `test` holds of `column`.
    pub fn attribute(table: impl Into<String>, column: impl Into<String>, test: Test) -> Self {
        Self::new(ConditionKind::Attribute(AttributeCondition {
            table: table.into(),
            column: column.into(),
            extra: Extra::new(),
            test,
            rows: None,
            filters: None,
        }))
    }

    /// What `function` makes of a customer's rows of `table`, and how it compares.
    pub fn aggregate(
        table: impl Into<String>,
        function: AggregateFunction,
        column: Option<String>,
        test: Test,
    ) -> Self {
        Self::new(ConditionKind::Aggregate(AggregateCondition {
            table: table.into(),
            function,
            column,
            extra: Extra::new(),
            test,
            filters: None,
        }))
    }

    /// A purchase behaviour without window and filters.
    #[must_use]
    pub fn purchase(behaviour: Behaviour) -> Self {
        Self::new(ConditionKind::Purchase(PurchaseCondition {
            behaviour,
            op: None,
            value: None,
            inclusive: None,
            when: None,
            filters: None,
        }))
    }

    /// What else must hold on the same row; nothing for a customer list.
    #[must_use]
    pub fn filters(&self) -> &[Filter] {
        let filters = match &self.kind {
            ConditionKind::Attribute(attribute) => &attribute.filters,
            ConditionKind::Purchase(purchase) => &purchase.filters,
            ConditionKind::Aggregate(aggregate) => &aggregate.filters,
            ConditionKind::List(_) => return &[],
        };
        filters.as_deref().unwrap_or_default()
    }

    /// The filters, to change them; `None` for a customer list, which takes none.
    pub(crate) fn filters_mut(&mut self) -> Option<&mut Option<Vec<Filter>>> {
        match &mut self.kind {
            ConditionKind::Attribute(attribute) => Some(&mut attribute.filters),
            ConditionKind::Purchase(purchase) => Some(&mut purchase.filters),
            ConditionKind::Aggregate(aggregate) => Some(&mut aggregate.filters),
            ConditionKind::List(_) => None,
        }
    }
}

impl Test {
    /// A test with operator and value.
    #[must_use]
    pub fn new(op: Operator, value: Option<Value>) -> Self {
        Self { op: Some(op), value: value.map(TestValue::from), match_case: None, inclusive: None }
    }
}

impl Node {
    /// Whether the node is kept but treated as not there.
    #[must_use]
    pub fn is_off(&self) -> bool {
        match self {
            Self::Group(group) => group.off == Some(true),
            Self::Condition(condition) => condition.off == Some(true),
            Self::Unreadable(unreadable) => unreadable.raw.get("off") == Some(&Value::Bool(true)),
        }
    }

    /// Switches the node on or off. A node that is no JSON object has no switch and stays as it is.
    pub fn set_off(&mut self, off: bool) {
        let off = off.then_some(true);
        match self {
            Self::Group(group) => group.off = off,
            Self::Condition(condition) => condition.off = off,
            Self::Unreadable(unreadable) => {
                if let Value::Object(map) = &mut unreadable.raw {
                    match off {
                        Some(on) => drop(map.insert("off".to_owned(), Value::Bool(on))),
                        None => drop(map.shift_remove("off")),
                    }
                }
            }
        }
    }

    #[must_use]
    pub(crate) fn as_group(&self) -> Option<&Group> {
        match self {
            Self::Group(group) => Some(group),
            Self::Condition(_) | Self::Unreadable(_) => None,
        }
    }
}
