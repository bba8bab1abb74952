//! Opening what adds or changes a condition: pickers, the form of a purchase, the line that is typed.

use super::criteria::Cursor;
use super::state::{Editor, Pane};
use super::tables::{Branch, BranchProblem, TreeLine};
use crate::app::available_lists::{AvailableLists, ListKind};
use crate::app::layer::{Cx, Outcome};
use crate::app::layers::add::Add;
use crate::app::layers::add_subjects::{Subject, SubjectOperator};
use crate::app::layers::ask_value::ask_value;
use crate::app::layers::lists::Lists;
use crate::app::layers::notes::Notes;
use crate::app::layers::purchase::Purchase;
use crate::app::layers::quick_add::QuickAdd;
use crate::app::prompt::{Comparison, EditTarget, Measure, Owner, Prompt};
use crate::app::session::Session;
use crate::segment::{
    Arity, Condition, ConditionKind, ListCondition, ListOperator, Node, NodePath, Operator, Side, words,
};

impl Editor {
    /// Where a new condition goes: after the line of the cursor, or into the last section of a side.
    pub(super) fn new_target(&self, side: Option<Side>) -> Option<EditTarget> {
        let side = side.unwrap_or_else(|| self.cursor().side());
        if let Some(path) = self.cursor().node().filter(|path| path.side == side) {
            if let Some(group) = self.segment().group(path) {
                return Some(EditTarget::NewCondition(path.clone(), group.nodes.len()));
            }
            let (parent, index) = path.parent()?;
            return Some(EditTarget::NewCondition(parent, index + 1));
        }
        let root = NodePath::root(side);
        let group = self.segment().side(side)?;
        let last = group.nodes.iter().rposition(|node| matches!(node, Node::Group(_)));
        Some(match last {
            Some(index) => {
                let last = group.nodes.get(index).and_then(Node::as_group);
                EditTarget::NewCondition(root.child(index), last.map_or(0, |inner| inner.nodes.len()))
            }
            // The section is made when the condition is complete.
            None => EditTarget::NewCondition(root, usize::MAX),
        })
    }

    /// What editing the line of the cursor changes: a condition or a filter.
    pub(super) fn target_at_cursor(&self) -> Option<EditTarget> {
        match self.cursor() {
            Cursor::Node(path) => Some(EditTarget::EditCondition(path.clone())),
            Cursor::Filter(path, at) => Some(EditTarget::EditFilter(Owner::Condition(path.clone()), *at)),
            Cursor::Side(_) | Cursor::Add(_) => None,
        }
    }

    /// Opens the picker for a new condition, at what the tables pane shows if that has the focus.
    pub(super) fn pick_condition(&mut self, side: Option<Side>, cx: &mut Cx<'_>) -> Outcome {
        let view = self.view(cx.session);
        let (Some(database), Some(target)) = (view.database(), self.new_target(side)) else {
            return Outcome::stay();
        };
        let mut add = Add::new(target, database, &view.activation_id(), AvailableLists::new(view).as_ref());
        if let Some(subject) = self.subject_at_cursor() {
            add.start_at(&subject, database);
        }
        Outcome::open(add)
    }

    fn subject_at_cursor(&self) -> Option<Subject> {
        match self.shown_table_line()? {
            TreeLine::Attribute { table, column, data_type, .. } => Some(Subject::Measure {
                table: table.clone(),
                measure: Measure::Column(column.clone()),
                data_type: *data_type,
            }),
            TreeLine::Behaviour(behaviour) => Some(Subject::Behaviour(*behaviour)),
            TreeLine::List(kind, _) => Some(Subject::List(*kind)),
            TreeLine::Branch { .. } | TreeLine::Notes(..) => None,
        }
    }

    /// The line of the cursor of the tables, if they have the focus.
    fn shown_table_line(&self) -> Option<&TreeLine> {
        self.tables.current().filter(|_| self.pane == Pane::Tables)
    }

    /// All that there is to say of what the tables pane shows, if that is only to be read: notes, or a table of which
    /// nothing can be asked. The name of one that can be read has a place in SQL.
    pub(super) fn notes_at_cursor(&self, session: &Session) -> Option<Notes> {
        let database = session.database()?;
        let id = self.view(session).activation_id();
        match self.shown_table_line()? {
            TreeLine::Notes(None, _) => Notes::of_database(database),
            TreeLine::Notes(Some(table), _) => Notes::of_table(database.table(table)?, &id),
            TreeLine::Branch { branch: Branch::Table(table), problem: Some(problem), .. } => {
                let is_for_sql = self.sql().is_some() && matches!(problem, BranchProblem::Lacks(_));
                Notes::of_table(database.table(table)?, &id).filter(|_| !is_for_sql)
            }
            _ => None,
        }
    }

    /// Opens the line for a new condition, with what the tables pane shows if that has the focus.
    pub(super) fn quick_add(&mut self, cx: &mut Cx<'_>) -> Outcome {
        let Some(target) = self.new_target(None) else { return Outcome::stay() };
        let text = self.text_at_cursor(cx.session).unwrap_or_default();
        QuickAdd::open(target, &text, cx)
    }

    /// What the tables pane shows at its cursor, as the beginning of a line.
    fn text_at_cursor(&self, session: &Session) -> Option<String> {
        match self.shown_table_line()? {
            TreeLine::Attribute { table, column, .. } => {
                let subject = |schema: &dyn crate::segment::Schema| words::subject(table, column, schema);
                Some(self.view(session).with_schema(subject) + " ")
            }
            TreeLine::Behaviour(behaviour) => Some(format!("{} ", words::behaviour(*behaviour))),
            TreeLine::Branch { .. } | TreeLine::List(..) | TreeLine::Notes(..) => None,
        }
    }

    /// Opens the line for one more condition after an edit.
    pub(super) fn type_condition(
        &self,
        target: EditTarget,
        text: &str,
        cx: &mut Cx<'_>,
        outcome: Outcome,
    ) -> Outcome {
        cx.segment = Some(self.segment().clone());
        Outcome { opened: QuickAdd::open(target, text, cx).opened, ..outcome }
    }

    /// Opens the line with the condition at the cursor in full.
    pub(super) fn quick_edit(&mut self, cx: &mut Cx<'_>) -> Outcome {
        let Some(path) = self.cursor().node().cloned() else { return Outcome::stay() };
        let view = self.view(cx.session);
        let Some(condition) = view.condition_at(&path) else { return Outcome::stay() };
        match view.with_schema(|schema| words::canonical(condition, schema)) {
            Some(text) => QuickAdd::open(EditTarget::EditCondition(path), &text, cx),
            None => {
                cx.session.note("this condition is not complete yet: e asks for what is missing");
                Outcome::stay()
            }
        }
    }

    /// What is compared now, and how; nothing for something new, and for what has no test of a column.
    pub(super) fn comparison(&self, target: &EditTarget, session: &Session) -> Option<Comparison> {
        let view = self.view(session);
        let filter = match target {
            EditTarget::EditCondition(path) => return comparison_of(view.condition_at(path)?),
            EditTarget::EditFilter(Owner::Condition(path), at) => {
                view.condition_at(path)?.filters().get(*at)?
            }
            EditTarget::NewCondition(..)
            | EditTarget::NewFilter(..)
            | EditTarget::EditFilter(Owner::Form(_), _) => return None,
        };
        Some(Comparison {
            table: self.filtered_table(target, session)?,
            measure: Measure::Column(filter.column.clone()),
            test: filter.test.clone(),
        })
    }

    /// Opens what changes the line of the cursor.
    pub(super) fn edit_line(&mut self, cx: &mut Cx<'_>) -> Outcome {
        match self.cursor().clone() {
            Cursor::Side(_) => Outcome::stay(),
            Cursor::Add(_) => self.pick_condition(None, cx),
            Cursor::Filter(path, at) => {
                self.edit_test(EditTarget::EditFilter(Owner::Condition(path), at), cx)
            }
            Cursor::Node(path) => match self.segment().node(&path) {
                Some(Node::Group(_)) => {
                    let folded = self.criteria.folded.contains(&path);
                    self.fold(!folded);
                    Outcome::stay()
                }
                Some(Node::Condition(condition)) => self.edit_condition(path, &condition.clone(), cx),
                Some(Node::Unreadable(_)) => {
                    let note = "this version does not understand this condition: mend the file, or remove it";
                    cx.session.note(note);
                    Outcome::stay()
                }
                None => Outcome::stay(),
            },
        }
    }

    pub(super) fn edit_condition(
        &mut self,
        path: NodePath,
        condition: &Condition,
        cx: &mut Cx<'_>,
    ) -> Outcome {
        if let ConditionKind::List(list) = &condition.kind {
            return edit_list(path, list, cx);
        }
        let target = EditTarget::EditCondition(path);
        match Purchase::edit(target.clone(), condition) {
            Some(form) => Outcome::open(form),
            None => self.edit_test(target, cx),
        }
    }

    /// Asks for the value of a test, or for its operator where that takes none.
    fn edit_test(&mut self, target: EditTarget, cx: &mut Cx<'_>) -> Outcome {
        match self.prompt(&target, cx.session) {
            Some(prompt) if prompt.op.arity() != Arity::None => ask_value(prompt, cx),
            _ => self.choose_operator_for(target, cx),
        }
    }

    /// The prompt that a test answers, if its column exists and its operator fits.
    fn prompt(&self, target: &EditTarget, session: &Session) -> Option<Prompt> {
        let Comparison { table, measure, test } = self.comparison(target, session)?;
        let data_type = self.view(session).with_schema(|schema| measure.data_type(&table, schema)).ok()?;
        let op = test.op.filter(|op| Operator::for_type(data_type).contains(op))?;
        Some(Prompt { target: target.clone(), table, measure, data_type, op, before: test })
    }

    /// Opens the picker at what the line of the cursor looks at, to look at something else.
    pub(super) fn change_subject(&mut self, cx: &mut Cx<'_>) -> Outcome {
        let Some(target) = self.target_at_cursor() else { return Outcome::stay() };
        let comparison = self.comparison(&target, cx.session);
        match self.subject_picker(target, comparison, cx.session) {
            Some(add) => Outcome::open(add.at_subject()),
            None => Outcome::stay(),
        }
    }

    /// The picker at what a condition or a filter looks at, with its operator.
    pub(super) fn subject_picker(
        &self,
        target: EditTarget,
        comparison: Option<Comparison>,
        session: &Session,
    ) -> Option<Add> {
        let view = self.view(session);
        let database = view.database()?;
        let (subject, op) = match &comparison {
            Some(Comparison { table, measure, test }) => {
                let data_type = view.with_schema(|schema| measure.data_type(table, schema)).ok();
                let (table, measure) = (table.clone(), measure.clone());
                let subject = data_type.map(|data_type| Subject::Measure { table, measure, data_type });
                (subject, test.op.map(SubjectOperator::Test))
            }
            None => self.behaviour_of(&target, session),
        };
        let mut add = if target.is_filter() {
            let table = database.table(&self.filtered_table(&target, session)?)?;
            Add::within(target, table, database, &view.activation_id())
        } else {
            Add::new(target, database, &view.activation_id(), AvailableLists::new(view).as_ref())
        };
        if let Some(subject) = subject {
            add.start_at(&subject, database);
            add.operators.go_to(|candidate| Some(*candidate) == op);
        }
        Some(add.changing(comparison))
    }

    /// The behaviour that a condition asks for, with its operator.
    fn behaviour_of(
        &self,
        target: &EditTarget,
        session: &Session,
    ) -> (Option<Subject>, Option<SubjectOperator>) {
        let EditTarget::EditCondition(path) = target else { return (None, None) };
        match self.view(session).condition_at(path).map(|condition| &condition.kind) {
            Some(ConditionKind::Purchase(purchase)) => {
                let op = purchase.op.map(SubjectOperator::Amount);
                (Some(Subject::Behaviour(purchase.behaviour)), op)
            }
            _ => (None, None),
        }
    }
}

/// What a condition compares, if it is a test of a column.
fn comparison_of(condition: &Condition) -> Option<Comparison> {
    match &condition.kind {
        ConditionKind::Attribute(attribute) => Some(Comparison {
            table: attribute.table.clone(),
            measure: Measure::Column(attribute.column.clone()),
            test: attribute.test.clone(),
        }),
        ConditionKind::Aggregate(aggregate) => Some(Comparison {
            table: aggregate.table.clone(),
            measure: Measure::Aggregate(aggregate.function, aggregate.column.clone()),
            test: aggregate.test.clone(),
        }),
        ConditionKind::Purchase(_) | ConditionKind::List(_) => None,
    }
}

/// Opens the picker at the list of a condition.
fn edit_list(path: NodePath, list: &ListCondition, cx: &mut Cx<'_>) -> Outcome {
    let op = list.op.unwrap_or(ListOperator::IsMember);
    let kind = ListKind::from_source(&list.source);
    Lists::open(EditTarget::EditCondition(path), op, kind, Some(&list.source), cx)
}
