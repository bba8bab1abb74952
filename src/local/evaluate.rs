//! What is asked of the engine.

use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;

use super::engine::Engine;
use super::matched_ids::MatchedIds;
use super::query::{self, Plan, WithQueries};
use super::query_scope::{QueryScope, key};
use super::refuse::{refuse, refuse_errors, refuse_what_is_no_tree};
use super::sets::insights::InsightTables as _;
use super::sets::insights::PreparedInsights;
use super::sets::tree::Sides;
use super::sets::waterfall::insights_and_waterfall;
use super::value_counts::value_counts;
use super::view::View;
use crate::backend::{
    BackendError, Cancel, Evaluate, Evaluation, IdCounts, TableCounts, ValueCounts, WantedNumbers,
    WrongConditions,
};
use crate::database::{Database, DatabaseView, Table};
use crate::diagnostic::Diagnostic;
use crate::segment::{
    CheckedDefinition, CheckedSegment, NodePath, Problem, Query, QueryError, Segment, check,
};

impl Engine {
    /// The numbers of a segment that may still be in the making: conditions with a problem are left out
    /// and named in the result.
    ///
    /// # Errors
    /// [`BackendError::Refused`] if not even a part of the segment can be evaluated: a query that is wrong,
    /// sides that cannot be read, an activation ID that no table has. Cancelled; a table cannot be read, or has changed.
    pub fn evaluate(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<Evaluation, BackendError> {
        let (segment, wrong) = (Arc::new(segment.clone()), WrongConditions::LeaveOut);
        self.numbers(&Evaluate { segment, as_of, wrong, wanted: WantedNumbers::All }, cancel)
    }

    /// The numbers of a segment of which every part counts.
    ///
    /// # Errors
    /// [`BackendError::Refused`] with the first error in the segment. Cancelled; a table cannot be read, or has changed.
    pub fn evaluate_strictly(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<Evaluation, BackendError> {
        let (segment, wrong) = (Arc::new(segment.clone()), WrongConditions::Refuse);
        self.numbers(&Evaluate { segment, as_of, wrong, wanted: WantedNumbers::All }, cancel)
    }

    /// The ids of the members, sorted by code point.
    ///
    /// # Errors
    /// As [`Engine::evaluate_strictly`].
    pub fn members(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<Vec<String>, BackendError> {
        self.answer(|| {
            let (checked, view) = self.prepare(segment, as_of, refuse_errors, cancel)?;
            view.ids()?.sorted(&view.sides(&checked)?.members(cancel)?)
        })
    }

    /// How many customers have each value of a column, in the universe and in the segment as it stands
    /// without the condition at `without`. Conditions with a problem are left out.
    ///
    /// # Errors
    /// [`BackendError::Missing`] if there is no such column. Otherwise as [`Engine::evaluate`].
    pub fn value_counts(
        &self,
        table: &str,
        column: &str,
        segment: &Segment,
        without: Option<&NodePath>,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<ValueCounts, BackendError> {
        self.answer(|| {
            let scope = match self.database.table(table) {
                Some(_) => self.tables_of(segment, as_of),
                None => self.with_workspace(as_of),
            };
            let checked = self.check_on(&scope.database, segment, as_of);
            refuse_what_is_no_tree(segment, &checked.problems)?;
            let database = scope.reading(cancel).table(table)?.segment(&checked)?.database();
            let key = key(&database, table);
            let view = self.view(database, self.database.activation_id(segment), cancel)?;
            let (table, index) = view.table_and_index(&key)?;
            check_column(table, column)?;
            let sides = view.sides(&checked)?;
            let members = match without {
                Some(path) => sides.members_without(path, cancel)?,
                None => sides.members(cancel)?,
            };
            value_counts(&*view.values_by_customer((table, &index), column)?, &members, cancel)
        })
    }

    /// How many different ids there are in a list, and how many of them are no customers.
    ///
    /// # Errors
    /// Cancelled; a table cannot be read, or has changed.
    pub fn count_ids(
        &self,
        ids: &[String],
        activation_id: &str,
        cancel: &Cancel,
    ) -> Result<IdCounts, BackendError> {
        self.answer(|| {
            let view = self.view(Arc::clone(&self.database), activation_id, cancel)?;
            cancel.check()?;
            let listed = MatchedIds::find_all(ids, &*view.ids()?, cancel)?;
            Ok(IdCounts { ids: listed.ids, unmatched: listed.unmatched })
        })
    }

    /// The customers that a query returns: their ids, sorted by code point.
    ///
    /// # Errors
    /// [`BackendError::Refused`] if it cannot run, or fails. Cancelled; a table cannot be read, or has changed.
    pub fn customers_of(
        &self,
        query: &Query,
        activation_id: &str,
        cancel: &Cancel,
    ) -> Result<Vec<String>, BackendError> {
        self.answer(|| {
            let view = self.view(Arc::clone(&self.database), activation_id, cancel)?;
            let listed = view.queried(&Arc::new(query.clone()), QueryError::in_segment)?;
            view.ids()?.sorted(&listed.members)
        })
    }

    /// How a query runs over the database: the columns that it returns, and its rows once they are wanted.
    ///
    /// # Errors
    /// A table that it names is missing or cannot be used; polars cannot do what it says.
    pub fn plan(&self, query: &Query) -> Result<Plan, QueryError> {
        query::plan(&self.database, query)
    }

    /// What a table holds for an activation ID. Rows without an id are neither of a customer nor orphans.
    ///
    /// # Errors
    /// [`BackendError::Missing`] if there is no such table with this activation ID. Cancelled; a table
    /// cannot be read.
    pub fn table_counts(
        &self,
        table: &str,
        activation_id: &str,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<TableCounts, BackendError> {
        self.answer(|| {
            let database = self.tables_with(table, as_of).reading(cancel).table(table)?.database();
            let key = key(&database, table);
            let view = self.view(database, activation_id, cancel)?;
            view.table_and_index(&key)?.1.counts(view.reader())
        })
    }

    /// What a segment means on this database, with every problem.
    #[must_use]
    pub fn check(&self, segment: &Segment, as_of: NaiveDate) -> CheckedSegment {
        self.check_on(&self.database_of(segment, as_of), segment, as_of)
    }

    pub(super) fn check_on(
        &self,
        database: &Database,
        segment: &Segment,
        as_of: NaiveDate,
    ) -> CheckedSegment {
        let view = DatabaseView { database, activation_id: database.activation_id(segment) };
        check(
            segment,
            &WithQueries { view, own: &self.database, frozen: self.frozen.as_deref() },
            &*self.lists,
            as_of,
        )
    }

    /// What every answer about a segment begins with: the segment is checked on the tables that it may name and
    /// refused if it has to be, the saved queries that it asks of have run, and the database is seen through its
    /// activation ID.
    pub(super) fn prepare<'a>(
        &'a self,
        segment: &'a Segment,
        as_of: NaiveDate,
        refuse: impl Fn(&[Problem]) -> Result<(), BackendError>,
        cancel: &'a Cancel,
    ) -> Result<(CheckedSegment, View<'a>), BackendError> {
        self.prepare_on(&self.tables_of(segment, as_of), (segment, as_of), refuse, cancel)
    }

    /// The same, on the tables of that day.
    pub(super) fn prepare_on<'a>(
        &'a self,
        scope: &QueryScope,
        (segment, as_of): (&'a Segment, NaiveDate),
        refuse: impl Fn(&[Problem]) -> Result<(), BackendError>,
        cancel: &'a Cancel,
    ) -> Result<(CheckedSegment, View<'a>), BackendError> {
        let checked = self.check_on(&scope.database, segment, as_of);
        refuse(&checked.problems)?;
        let database = scope.reading(cancel).segment(&checked)?.database();
        let activation_id = self.database.activation_id(segment);
        if self.knows_customers(activation_id) {
            let view = self.view(database, activation_id, cancel)?;
            return Ok((checked, view));
        }
        // While the ids of all customers are read, a core has nothing to do.
        let view = std::thread::scope(|scope| {
            scope.spawn(|| self.read_tested_columns(&checked, &database, cancel));
            self.view(Arc::clone(&database), activation_id, cancel)
        })?;
        Ok((checked, view))
    }

    /// The numbers of a segment, as far as they are wanted.
    ///
    /// # Errors
    /// As [`Engine::evaluate`] where wrong conditions are left out, else as [`Engine::evaluate_strictly`].
    pub fn numbers(&self, question: &Evaluate, cancel: &Cancel) -> Result<Evaluation, BackendError> {
        let Evaluate { segment, as_of, wrong, wanted } = question;
        let start = Instant::now();
        let refuse = |problems: &[Problem]| refuse(segment, problems, *wrong);
        self.answer(|| {
            let (checked, view) = self.prepare(segment, *as_of, refuse, cancel)?;
            let activation_id = view.activation_id;
            let (sides, prepared) = match (wanted, view.known_prepared(*as_of)) {
                (_, Some(prepared)) => (view.sides(&checked)?, Some(prepared)),
                (WantedNumbers::Members, None) => (view.sides(&checked)?, None),
                (WantedNumbers::All, None) => sides_and_insights(&view, &checked, *as_of)
                    .map(|(sides, prepared)| (sides, Some(prepared)))?,
            };
            let has_all_insights = prepared.is_some();
            let prepared = match prepared {
                Some(prepared) => prepared,
                None => Arc::new(PreparedInsights::of_members_alone(view.size())?),
            };
            let (insights, waterfall) = insights_and_waterfall(&sides, &prepared, cancel)?;
            Ok(Evaluation {
                as_of: *as_of,
                activation_id: activation_id.to_owned(),
                insights,
                all: prepared.all,
                has_all_insights,
                waterfall: match &checked.meaning {
                    CheckedDefinition::Visual { .. } => waterfall,
                    CheckedDefinition::Query(_) | CheckedDefinition::Unknown => Vec::new(),
                },
                files: view.files(&checked)?,
                problems: checked.problems,
                elapsed: start.elapsed(),
            })
        })
    }
}

/// Checks that a table has a column.
///
/// # Errors
/// [`BackendError::Missing`] if it has not.
pub(super) fn check_column(table: &Table, column: &str) -> Result<(), BackendError> {
    let missing = || {
        BackendError::Missing(
            Diagnostic::new(format!("table {:?} has no column {column:?}", table.name))
                .with_help("choose another column"),
        )
    };
    table.column(column).map(|_| ()).ok_or_else(missing)
}

/// Both at once where the insights are not at hand: they read other tables.
fn sides_and_insights(
    view: &View,
    checked: &CheckedSegment,
    as_of: NaiveDate,
) -> Result<(Sides, Arc<PreparedInsights>), BackendError> {
    std::thread::scope(|scope| {
        let preparing = scope.spawn(|| view.prepared(as_of));
        let sides = view.sides(checked);
        let prepared = preparing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok((sides?, prepared?))
    })
}
