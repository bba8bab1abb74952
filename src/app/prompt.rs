//! What a picked column and value are for.

use crate::diagnostic::Diagnostic;
use crate::segment::{
    AggregateCondition, AggregateFunction, AttributeCondition, Condition, ConditionKind, DataType, Extra,
    Filter, Node, NodePath, Operator, Schema, Segment, Test, TestValue, words,
};

/// Where a test goes once it is complete.
#[derive(Clone, Debug, PartialEq)]
pub enum EditTarget {
    /// A new condition in this group, before the node at this position.
    NewCondition(NodePath, usize),
    /// The condition at this path.
    EditCondition(NodePath),
    /// A new filter, before the one at this position.
    NewFilter(Owner, usize),
    /// The filter at this position.
    EditFilter(Owner, usize),
}

/// Whose filters are meant.
#[derive(Clone, Debug, PartialEq)]
pub enum Owner {
    /// Those of the purchase form below.
    Form(Box<FormLine>),
    /// Those of the condition at this path.
    Condition(NodePath),
}

/// The line that a form is making.
#[derive(Clone, Debug, PartialEq)]
pub struct FormLine {
    /// Where it goes.
    pub target: EditTarget,
    /// As the form says it now, if that can be said.
    pub condition: Option<Condition>,
}

impl EditTarget {
    /// The condition that is being edited, for counts that leave it out.
    #[must_use]
    pub fn without(&self) -> Option<&NodePath> {
        match self {
            Self::EditCondition(path)
            | Self::NewFilter(Owner::Condition(path), _)
            | Self::EditFilter(Owner::Condition(path), _) => Some(path),
            Self::NewFilter(Owner::Form(line), _) | Self::EditFilter(Owner::Form(line), _) => {
                line.target.without()
            }
            Self::NewCondition(..) => None,
        }
    }

    /// Whether it is about a filter.
    #[must_use]
    pub(crate) fn is_filter(&self) -> bool {
        matches!(self, Self::NewFilter(..) | Self::EditFilter(..))
    }
}

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The value of a column.
    Column(String),
    /// What a function makes of a customer's rows, of a column or of the rows themselves.
    Aggregate(AggregateFunction, Option<String>),
}

impl Measure {
    /// The column, but for the number of rows.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Column(column) => Some(column),
            Self::Aggregate(_, column) => column.as_deref(),
        }
    }

    /// The column whose values it takes: its own, or that of which it is the least or greatest.
    #[must_use]
    pub(crate) fn values_of(&self) -> Option<&str> {
        match self {
            Self::Column(column)
            | Self::Aggregate(AggregateFunction::Minimum | AggregateFunction::Maximum, Some(column)) => {
                Some(column)
            }
            Self::Aggregate(..) => None,
        }
    }

    /// Its words: "City", "Sum of Order Revenue".
    #[must_use]
    pub fn label(&self, table: &str, schema: &dyn Schema) -> String {
        match self {
            Self::Column(column) => schema.column_label(table, column),
            Self::Aggregate(function, column) => {
                words::aggregate(*function, table, column.as_deref(), schema)
            }
        }
    }

    /// The type of what is compared.
    ///
    /// # Errors
    /// The table or column does not exist, or the function does not work on the column.
    pub fn data_type(&self, table: &str, schema: &dyn Schema) -> Result<DataType, Diagnostic> {
        match self {
            Self::Column(column) => schema.column_type(table, column),
            Self::Aggregate(function, column) => {
                schema.table(table)?;
                let column = column.as_deref().map(|column| schema.column_type(table, column)).transpose()?;
                function.result(column).ok_or_else(|| {
                    Diagnostic::new(format!("{:?} does not work on this column", self.label(table, schema)))
                        .with_help("choose another function or another column")
                })
            }
        }
    }
}

/// What is compared, an operator, and the value that is still asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// Where the answer goes.
    pub target: EditTarget,
    pub table: String,
    /// What is compared.
    pub measure: Measure,
    pub data_type: DataType,
    pub op: Operator,
    /// The test as it was, to start from.
    pub before: Test,
}

impl Prompt {
    /// Whether the values of this column are those it asks for.
    #[must_use]
    pub(crate) fn is_about(&self, table: &str, column: &str) -> bool {
        self.table == table && self.measure.values_of() == Some(column)
    }

    /// A condition that asks this.
    #[must_use]
    pub fn condition(&self, test: Test) -> Condition {
        let table = self.table.clone();
        match &self.measure {
            Measure::Column(column) => Condition::attribute(table, column.clone(), test),
            Measure::Aggregate(function, column) => {
                Condition::aggregate(table, *function, column.clone(), test)
            }
        }
    }

    /// Makes a condition ask this. Its switch and its unknown keys stay, filters and quantifier only
    /// where the table does.
    pub fn put(&self, condition: &mut Condition, test: Test) {
        let (table, filters, rows, extra) = match &mut condition.kind {
            ConditionKind::Attribute(before) => {
                (before.table.as_str(), before.filters.take(), before.rows, std::mem::take(&mut before.extra))
            }
            ConditionKind::Aggregate(before) => {
                (before.table.as_str(), before.filters.take(), None, std::mem::take(&mut before.extra))
            }
            ConditionKind::Purchase(_) | ConditionKind::List(_) => ("", None, None, Extra::new()),
        };
        let stays = table == self.table;
        let (filters, rows) = (filters.filter(|_| stays), rows.filter(|_| stays));
        condition.kind = match self.condition(test).kind {
            ConditionKind::Attribute(after) => {
                ConditionKind::Attribute(AttributeCondition { extra, filters, rows, ..after })
            }
            ConditionKind::Aggregate(after) => {
                ConditionKind::Aggregate(AggregateCondition { extra, filters, ..after })
            }
            other => other,
        };
    }

    /// The whole line with this test in it, and where it goes.
    #[must_use]
    pub(crate) fn line(&self, test: Test, segment: &Segment) -> Option<(EditTarget, Condition)> {
        let at = |path: &NodePath| match segment.node(path)? {
            Node::Condition(condition) => Some(condition.clone()),
            Node::Group(_) | Node::Unreadable(_) => None,
        };
        let (target, mut condition) = match &self.target {
            EditTarget::NewCondition(..) => return Some((self.target.clone(), self.condition(test))),
            EditTarget::EditCondition(path) => {
                let mut condition = at(path)?;
                self.put(&mut condition, test);
                return Some((self.target.clone(), condition));
            }
            EditTarget::NewFilter(owner, _) | EditTarget::EditFilter(owner, _) => match owner {
                Owner::Condition(path) => (EditTarget::EditCondition(path.clone()), at(path)?),
                Owner::Form(line) => (line.target.clone(), line.condition.clone()?),
            },
        };
        let slot = condition.filters_mut()?;
        let filters = slot.get_or_insert_default();
        let filter = Filter::new(self.measure.column()?, test);
        match &self.target {
            EditTarget::EditFilter(_, index) => *filters.get_mut(*index)? = filter,
            EditTarget::NewFilter(_, index) => filters.insert((*index).min(filters.len()), filter),
            EditTarget::NewCondition(..) | EditTarget::EditCondition(_) => {}
        }
        Some((target, condition))
    }

    /// The test with its new value.
    #[must_use]
    pub fn answer(&self, value: Option<serde_json::Value>, match_case: bool, inclusive: bool) -> Test {
        let flag = |now: bool, before: Option<bool>| if now { Some(true) } else { before.map(|_| false) };
        Test {
            op: Some(self.op),
            value: value.map(TestValue::from),
            match_case: flag(match_case, self.before.match_case),
            inclusive: flag(inclusive, self.before.inclusive),
        }
    }

    /// The test with another value; all else stays.
    #[must_use]
    pub(crate) fn unchanged_test(&self, value: Option<serde_json::Value>) -> Test {
        self.answer(value, self.before.match_case == Some(true), self.before.inclusive == Some(true))
    }
}

/// What a condition or a filter compares, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub table: String,
    /// What is compared.
    pub measure: Measure,
    pub test: Test,
}
