//! The tables of the workspace, uploaded lists and saved queries, beside those of the database.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::engine::Engine;
use super::query::{SavedQueries, SavedQuery};
use crate::backend::{BackendError, Cancel};
use crate::database::{Database, Table};
use crate::local::files::{LocalDatabase, LocalTable};
use crate::segment::{CheckedSegment, ConditionKind, ListSource, Node, Segment};

/// The tables of one answer: those of the database and, where it may ask of them, those of the workspace.
pub(super) struct QueryScope {
    /// With saved queries that have not run.
    pub(super) database: Arc<LocalDatabase>,
    pub(super) queries: Vec<Arc<SavedQuery>>,
}

impl Engine {
    /// The tables of the workspace as they are now; of saved queries without rows.
    #[must_use]
    pub fn workspace_tables(&self, as_of: NaiveDate) -> Vec<Table> {
        self.with_workspace(as_of).database.workspace_tables().cloned().collect()
    }

    /// The database together with the tables of the workspace; of saved queries without rows.
    #[must_use]
    pub fn database_with_workspace(&self, as_of: NaiveDate) -> Arc<LocalDatabase> {
        self.with_workspace(as_of).database
    }

    /// The database, with the tables of the workspace where a segment may speak of them; of saved queries
    /// without rows.
    #[must_use]
    pub fn database_of(&self, segment: &Segment, as_of: NaiveDate) -> Arc<LocalDatabase> {
        self.tables_of(segment, as_of).database
    }

    /// The database together with the tables of the workspace, with the rows of those named.
    ///
    /// # Errors
    /// Cancelled; a query fails when it runs.
    pub fn database_with_rows<'a>(
        &self,
        tables: impl IntoIterator<Item = &'a str> + Clone,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<Arc<LocalDatabase>, BackendError> {
        self.answer(|| {
            let scope = self.with_workspace(as_of);
            let mut reading = scope.reading(cancel);
            for table in tables.clone() {
                reading = reading.table(table)?;
            }
            Ok(reading.database())
        })
    }

    /// What a segment means, with every problem, and the database with the rows of all that it asks of.
    ///
    /// # Errors
    /// Cancelled; a query that it asks of fails when it runs.
    pub fn check_with_rows(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<(CheckedSegment, Arc<LocalDatabase>), BackendError> {
        self.answer(|| {
            let scope = self.tables_of(segment, as_of);
            let checked = self.check_on(&scope.database, segment, as_of);
            let database = scope.reading(cancel).segment(&checked)?.database();
            Ok((checked, database))
        })
    }

    pub(super) fn tables_of(&self, segment: &Segment, as_of: NaiveDate) -> QueryScope {
        self.tables_at(&self.queries, segment, as_of)
    }

    /// The same, with saved queries that are kept elsewhere.
    pub(super) fn tables_at(
        &self,
        queries: &SavedQueries,
        segment: &Segment,
        as_of: NaiveDate,
    ) -> QueryScope {
        match self.names_workspace_tables(segment) {
            true => self.with_workspace_at(queries, as_of),
            false => self.own_tables(),
        }
    }

    /// With the tables of the workspace if one of this name is none of the database's own.
    pub(super) fn tables_with(&self, table: &str, as_of: NaiveDate) -> QueryScope {
        match self.database.table(table) {
            Some(_) => self.own_tables(),
            None => self.with_workspace(as_of),
        }
    }

    pub(super) fn with_workspace(&self, as_of: NaiveDate) -> QueryScope {
        self.with_workspace_at(&self.queries, as_of)
    }

    fn with_workspace_at(&self, queries: &SavedQueries, as_of: NaiveDate) -> QueryScope {
        if self.frozen.is_some() {
            // They are in it already.
            return self.own_tables();
        }
        let mut tables =
            self.list_tables.as_ref().map(|lists| lists.tables_for(&self.database)).unwrap_or_default();
        let queries = queries.look(&*self.lists, as_of, &self.database);
        let with_lists = self.database.with_workspace_tables(&tables);
        tables.extend(queries.iter().map(|query| {
            let table = query.table();
            let table = Table { label: with_lists.label_for(&table.name), ..table.clone() };
            LocalTable { table, frame: None }
        }));
        match tables.is_empty() {
            true => self.own_tables(),
            false => QueryScope { database: Arc::new(self.database.with_workspace_tables(&tables)), queries },
        }
    }

    fn own_tables(&self) -> QueryScope {
        QueryScope { database: Arc::clone(&self.database), queries: Vec::new() }
    }

    /// Whether a segment, or one that it refers to, names a table that is none of the database's own.
    fn names_workspace_tables(&self, segment: &Segment) -> bool {
        let mut seen = HashSet::new();
        let mut referred_to = referred(segment);
        if self.names_other(segment) {
            return true;
        }
        while let Some(id) = referred_to.pop() {
            if seen.insert(id.clone())
                && let Ok(segment) = self.lists.segment(&id)
            {
                if self.names_other(&segment) {
                    return true;
                }
                referred_to.extend(referred(&segment));
            }
        }
        false
    }

    fn names_other(&self, segment: &Segment) -> bool {
        let is_other = |table: &str| self.database.table(table).is_none();
        segment.walk().into_iter().any(|(_, node)| match node {
            Node::Group(_) => false,
            Node::Unreadable(_) => true,
            Node::Condition(condition) => match &condition.kind {
                ConditionKind::Attribute(attribute) => is_other(&attribute.table),
                ConditionKind::Aggregate(aggregate) => is_other(&aggregate.table),
                ConditionKind::Purchase(_) | ConditionKind::List(_) => false,
            },
        })
    }
}

/// The ids of the segments that a segment's lists refer to.
pub(super) fn referred(segment: &Segment) -> Vec<String> {
    let ids = segment.walk().into_iter().filter_map(|(_, node)| match node {
        Node::Condition(condition) => match &condition.kind {
            ConditionKind::List(list) => match &list.source {
                ListSource::Segment(id) => Some(id.clone()),
                ListSource::File(_) | ListSource::Query(_) => None,
            },
            _ => None,
        },
        _ => None,
    });
    ids.collect()
}

/// What results about a table are kept under.
pub(super) fn key(database: &Database, table: &str) -> String {
    database.table(table).map_or_else(|| table.to_owned(), |table| table.key().into_owned())
}
