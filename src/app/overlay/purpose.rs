//! What a picked column and value are for.

use crate::segment::{DataType, NodePath, Operator, Test, TestValue};

/// Where a test goes once it is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new condition in this group, before the node at this position.
    NewCondition(NodePath, usize),
    /// The condition at this path.
    EditCondition(NodePath),
    /// A new filter of the purchase form below.
    NewFilter,
    /// A filter of the purchase form below.
    EditFilter(usize),
}

impl Purpose {
    /// The condition that is being edited, for counts that leave it out.
    #[must_use]
    pub fn without(&self) -> Option<&NodePath> {
        match self {
            Self::EditCondition(path) => Some(path),
            Self::NewCondition(..) | Self::NewFilter | Self::EditFilter(_) => None,
        }
    }
}

/// A column, an operator, and the value that is still asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Where the answer goes.
    pub purpose: Purpose,
    /// The table's name.
    pub table: String,
    /// The column's name.
    pub column: String,
    /// Its type.
    pub data_type: DataType,
    /// The operator.
    pub op: Operator,
    /// The test as it was, to start from.
    pub before: Test,
}

impl Question {
    /// Whether it asks about this column.
    #[must_use]
    pub fn is_about(&self, table: &str, column: &str) -> bool {
        self.table == table && self.column == column
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
}
