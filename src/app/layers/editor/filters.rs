//! Filters on the same row as the condition at the cursor, or of the purchase form above.

use crossterm::event::KeyEvent;

use super::criteria::Cursor;
use super::state::Editor;
use crate::app::layer::{Cx, Outcome};
use crate::app::prompt::{Comparison, EditTarget, Measure, Owner};
use crate::app::session::Session;
use crate::diagnostic::Diagnostic;
use crate::segment::{Condition, ConditionKind, Filter, Node};

impl Editor {
    /// The table whose columns the filters of a condition look at.
    fn table_of(&self, condition: &Condition, session: &Session) -> Result<String, Diagnostic> {
        self.view(session).with_schema(|schema| match &condition.kind {
            ConditionKind::Attribute(attribute) => {
                schema.table(&attribute.table).map(|()| attribute.table.clone())
            }
            ConditionKind::Aggregate(aggregate) => {
                schema.table(&aggregate.table).map(|()| aggregate.table.clone())
            }
            ConditionKind::Purchase(_) => schema.items_table(),
            ConditionKind::List(_) => Err(Diagnostic::new("a customer list has no rows to filter")
                .with_help("add a condition beside it (a)")),
        })
    }

    /// The table whose columns a filter looks at.
    pub(super) fn filtered_table(&self, target: &EditTarget, session: &Session) -> Option<String> {
        match target {
            EditTarget::NewFilter(Owner::Form(_), _) | EditTarget::EditFilter(Owner::Form(_), _) => {
                self.view(session).with_schema(|schema| schema.items_table()).ok()
            }
            EditTarget::NewFilter(Owner::Condition(path), _)
            | EditTarget::EditFilter(Owner::Condition(path), _) => {
                self.table_of(self.view(session).condition_at(path)?, session).ok()
            }
            EditTarget::NewCondition(..) | EditTarget::EditCondition(_) => None,
        }
    }

    /// Why no filter can be added just now.
    pub(super) fn filter_disabled_reason(&self, session: &Session) -> Option<String> {
        match self.cursor().node().and_then(|path| self.segment().node(path)) {
            Some(Node::Condition(condition)) => {
                let missing = self.table_of(condition, session).err()?;
                Some(missing.one_line())
            }
            Some(Node::Group(_) | Node::Unreadable(_)) | None => {
                Some("put the cursor on a condition to filter its rows".to_owned())
            }
        }
    }

    /// Opens the picker over the columns of the same table, for a filter after the one at the cursor.
    pub(super) fn add_filter(&mut self, cx: &mut Cx<'_>) -> Outcome {
        let target = match self.cursor() {
            Cursor::Filter(path, at) => EditTarget::NewFilter(Owner::Condition(path.clone()), at + 1),
            Cursor::Node(path) => EditTarget::NewFilter(Owner::Condition(path.clone()), usize::MAX),
            Cursor::Side(_) | Cursor::Add(_) => return Outcome::stay(),
        };
        self.pick_filter(&target, None, None, cx)
    }

    /// Opens the picker over the columns of the table that a filter looks at.
    pub(super) fn pick_filter(
        &mut self,
        target: &EditTarget,
        filter: Option<&Filter>,
        typed: Option<KeyEvent>,
        cx: &mut Cx<'_>,
    ) -> Outcome {
        let comparison = filter.and_then(|filter| {
            Some(Comparison {
                table: self.filtered_table(target, cx.session)?,
                measure: Measure::Column(filter.column.clone()),
                test: filter.test.clone(),
            })
        });
        match self.subject_picker(target.clone(), comparison, cx.session) {
            Some(mut add) => {
                typed.into_iter().for_each(|key| add.type_search(key, cx));
                Outcome::open(add)
            }
            None => Outcome::stay(),
        }
    }
}
