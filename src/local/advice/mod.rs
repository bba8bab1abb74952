//! Advice on a segment from what is known of the data: the certain (see [`crate::segment::advice`]), values
//! that do not occur, customers that a negative line leaves out because of NULL.

mod distinct_values;
mod missing_values;

pub(crate) use distinct_values::{DistinctValues, read_distinct_values};

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::engine::Engine;
use super::refuse::refuse_what_is_no_tree;
use super::sets::customer_set::count;
use super::sets::insights::InsightTables as _;
use super::sets::tree::MaskSource;
use super::view::View;
use crate::backend::{BackendError, Cancel};
use crate::database::DatabaseView;
use crate::segment::advice::{Population, RowsPerCustomer, advise};
use crate::segment::{
    CheckedNode, CheckedSegment, ColumnTest, Condition, ConditionKind, ConditionPart, Criterion, Node,
    NodePath, Operator, Place, Problem, RowQuantifier, Schema, Segment, Side, Test, words,
};

impl Engine {
    /// Advice on a segment that is right as it stands, in document order. It reads each column that is
    /// compared with single values once and keeps what is in it.
    ///
    /// # Errors
    /// As [`Engine::evaluate`].
    pub fn advise(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<Vec<Problem>, BackendError> {
        self.answer(|| {
            let refuse = |problems: &[Problem]| refuse_what_is_no_tree(segment, problems);
            let (checked, view) = self.prepare(segment, as_of, refuse, cancel)?;
            let schema = DatabaseView { database: view.database(), activation_id: view.activation_id };
            let population = view.population(&checked)?;
            let mut advice = advise(segment, &checked, &schema, &population);
            let mut adviser = Adviser { view: &view, segment, schema: &schema, cancel, advice: Vec::new() };
            for criterion in criteria(&checked) {
                adviser.criterion(criterion)?;
            }
            advice.extend(adviser.advice);
            advice.sort_by(|a, b| a.diagnostic.place.cmp(&b.diagnostic.place));
            Ok(advice)
        })
    }
}

/// The conditions of a segment and where they stand.
fn criteria<'c>(checked: &'c CheckedSegment) -> Vec<(&'c NodePath, &'c Arc<Criterion>)> {
    let condition = |leaf: &'c CheckedNode| match leaf {
        CheckedNode::Condition(path, criterion) => Some((path, criterion)),
        CheckedNode::Group(_) | CheckedNode::List(..) => None,
    };
    checked.leaves().into_iter().filter_map(condition).collect()
}

/// How many rows customers have of the tables that a segment asks of.
struct Counted(HashMap<String, RowsPerCustomer>);

impl Population for Counted {
    fn rows(&self, table: &str) -> Option<RowsPerCustomer> {
        self.0.get(table).copied()
    }
}

impl View<'_> {
    fn population(&self, checked: &CheckedSegment) -> Result<Counted, BackendError> {
        let mut tables = HashMap::new();
        for (_, criterion) in criteria(checked) {
            let table = criterion.table();
            if !tables.contains_key(table) {
                let counts = self.table_and_index(table)?.1.counts(self.reader())?;
                let at_least_one = counts.customers == self.size() as u64;
                tables.insert(
                    table.to_owned(),
                    RowsPerCustomer { at_most_one: !counts.is_multi_row, at_least_one },
                );
            }
        }
        Ok(Counted(tables))
    }
}

/// Looks for advice condition by condition.
struct Adviser<'a> {
    view: &'a View<'a>,
    segment: &'a Segment,
    schema: &'a dyn Schema,
    cancel: &'a Cancel,
    advice: Vec<Problem>,
}

impl Adviser<'_> {
    fn criterion(&mut self, (path, criterion): (&NodePath, &Arc<Criterion>)) -> Result<(), BackendError> {
        self.cancel.check()?;
        let Some(Node::Condition(condition)) = self.segment.node(path) else { return Ok(()) };
        let filters = match &**criterion {
            Criterion::Attribute { filters, .. }
            | Criterion::Purchase { filters, .. }
            | Criterion::Aggregate { filters, .. } => filters,
        };
        let table = criterion.table();
        if let (Criterion::Attribute { test, rows, .. }, ConditionKind::Attribute(attribute)) =
            (&**criterion, &condition.kind)
        {
            self.values(path, ConditionPart::Whole, table, test, &attribute.test)?;
            if attribute.test.op.is_some_and(Operator::is_negative) {
                self.nulls(path, criterion, test, *rows)?;
            }
        }
        for (at, (test, filter)) in filters.iter().zip(written(condition)).enumerate() {
            self.values(path, ConditionPart::Where(at), table, test, filter)?;
        }
        Ok(())
    }

    /// Values that do not occur.
    fn values(
        &mut self,
        path: &NodePath,
        part: ConditionPart,
        table: &str,
        test: &ColumnTest,
        written: &Test,
    ) -> Result<(), BackendError> {
        if !matches!(
            written.op,
            Some(
                Operator::Is
                    | Operator::IsNot
                    | Operator::IsExactly
                    | Operator::IsNotExactly
                    | Operator::IsInList
                    | Operator::IsNotInList
            )
        ) {
            return Ok(());
        }
        let distinct = self.view.distinct_values(table, &test.column)?;
        let label = self.schema.column_label(table, &test.column);
        if let Some((message, help)) = missing_values::advice(test, written, &distinct, &label, self.cancel)?
        {
            let problem = Problem::advice(Place::Node(path.clone(), part), message);
            self.advice.push(problem.with_help(help.unwrap_or_default()));
        }
        Ok(())
    }

    /// Customers that a negative line leaves out, or whom an exclusion leaves in, because of NULL.
    fn nulls(
        &mut self,
        path: &NodePath,
        criterion: &Arc<Criterion>,
        test: &ColumnTest,
        rows: RowQuantifier,
    ) -> Result<(), BackendError> {
        let null = count(&self.view.criterion(criterion)?.unknowns);
        if null == 0 {
            return Ok(());
        }
        let label = self.schema.column_label(criterion.table(), &test.column);
        let database = self.view.database();
        let whom = database.words(database.activation_id(self.segment));
        let whom = if null == 1 { whom.singular } else { whom.plural };
        let number = words::count(null);
        let (verb, doing) = match path.side {
            Side::Include => ("leaves out", "takes them in"),
            Side::Exclude => ("spares", "excludes them"),
        };
        let message = format!("{verb} {number} {whom} with NULL in {label}");
        // With every row there is no single line that adds just those.
        let help = format!("ANY of this and “{label} is null” {doing} (N in the editor)");
        let help = (rows == RowQuantifier::Any).then_some(help);
        let problem = Problem::advice(Place::Node(path.clone(), ConditionPart::Whole), message);
        self.advice.push(problem.with_help(help.unwrap_or_default()));
        Ok(())
    }
}

/// The filters of a condition as they are written.
fn written(condition: &Condition) -> impl Iterator<Item = &Test> {
    condition.filters().iter().map(|filter| &filter.test)
}
