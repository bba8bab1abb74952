//! Segments without what they say of customers who are not of the case.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Value, json};

use crate::diagnostic::Diagnostic;
use crate::local::view::View;
use crate::segment::{
    ConditionKind, Filter, Ids, Lists, Node, NodePath, Operator, Segment, SegmentTests, Test,
};

/// What stands in a list of ids of which none is of the case; a list without values is none.
const LEFT_OUT: &str = "(left out)";

/// Knows whose ids may stand in a case.
#[derive(Clone)]
pub(super) struct Others {
    /// Those of the case, in lower case, as conditions compare them.
    ids: Arc<HashSet<String>>,
    /// The column of each table that has the activation ID.
    columns: Arc<HashMap<String, String>>,
    /// The table of purchases.
    items: Option<String>,
}

impl Others {
    pub fn new(view: &View<'_>, ids: &[String]) -> Self {
        let tables = view.database.tables.iter();
        let columns = tables
            .filter_map(|table| Some((table.name.clone(), table.id_column(view.activation_id)?.to_owned())));
        Self {
            ids: Arc::new(ids.iter().map(|id| id.to_lowercase()).collect()),
            columns: Arc::new(columns.collect()),
            items: view.database.roles.items.clone(),
        }
    }

    /// A segment without tests, which name customers, and with lists of ids cut to those of the case.
    pub fn leave_out(&self, segment: &Segment) -> Segment {
        let mut own = Segment { tests: SegmentTests::default(), ..segment.clone() };
        let paths: Vec<NodePath> = segment.walk().into_iter().map(|(path, _)| path).collect();
        for path in paths {
            let Some(Node::Condition(condition)) = own.node_mut(&path) else { continue };
            let table = match &mut condition.kind {
                ConditionKind::Attribute(attribute) => {
                    self.cut(&attribute.table, &attribute.column, &mut attribute.test);
                    Some(attribute.table.clone())
                }
                ConditionKind::Aggregate(aggregate) => Some(aggregate.table.clone()),
                ConditionKind::Purchase(_) => self.items.clone(),
                ConditionKind::List(_) => None,
            };
            let filters = condition.filters_mut().and_then(Option::as_mut).into_iter().flatten();
            if let Some(table) = table {
                filters.for_each(|Filter { column, test, .. }| self.cut(&table, column, test));
            }
        }
        own
    }

    /// The segments of lists, likewise.
    pub fn left_out_of(&self, lists: Arc<dyn Lists>) -> OwnLists {
        OwnLists { others: self.clone(), lists }
    }

    fn cut(&self, table: &str, column: &str, test: &mut Test) {
        let is_list = matches!(test.op, Some(Operator::IsInList | Operator::IsNotInList));
        if !is_list || self.columns.get(table).is_none_or(|id| id != column) {
            return;
        }
        let Some(Value::Array(items)) = test.value.as_deref() else { return };
        let Some(first) = items.first() else { return };
        let mut own: Vec<Value> = items.iter().filter(|item| self.is_own(item)).cloned().collect();
        if own.is_empty() {
            own.push(if first.is_number() { self.number_of_nobody() } else { json!(LEFT_OUT) });
        }
        test.value = Some(Value::Array(own).into());
    }

    fn is_own(&self, item: &Value) -> bool {
        match item {
            Value::String(text) => self.ids.contains(&text.to_lowercase()),
            Value::Number(number) => {
                let text = number.to_string();
                self.ids.contains(text.strip_suffix(".0").unwrap_or(&text))
            }
            _ => false,
        }
    }

    /// A column of numbers compares with numbers only.
    fn number_of_nobody(&self) -> Value {
        let free = (i64::MIN..0).rev().find(|number| !self.ids.contains(&number.to_string()));
        json!(free.unwrap_or_default())
    }
}

/// Lists whose segments say nothing of others.
pub(super) struct OwnLists {
    others: Others,
    lists: Arc<dyn Lists>,
}

impl Lists for OwnLists {
    fn segment(&self, id: &str) -> Result<Arc<Segment>, Diagnostic> {
        self.lists.segment(id).map(|segment| Arc::new(self.others.leave_out(&segment)))
    }

    fn file(&self, path: &str, activation_id: &str) -> Result<Ids, Diagnostic> {
        self.lists.file(path, activation_id)
    }

    fn queries(&self) -> Vec<String> {
        self.lists.queries()
    }

    fn query(&self, path: &str) -> Result<String, Diagnostic> {
        self.lists.query(path)
    }
}
