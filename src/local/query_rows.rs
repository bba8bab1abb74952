//! Running the saved queries that an answer asks of, before it is worked out.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::query_scope::QueryScope;
use super::view::wrap_error;
use crate::backend::{BackendError, Cancel};
use crate::database::Table;
use crate::local::files::{LocalContent, LocalDatabase};
use crate::segment::{
    CheckedDefinition, CheckedGroup, CheckedNode, CheckedSegment, ConditionPart, ListMembers, NodePath,
    Place, QueryError,
};

/// Tables of which rows are being read.
pub(super) struct Reading<'a> {
    tables: &'a QueryScope,
    cancel: &'a Cancel,
    /// What the queries in use return, by the name of the table.
    rows: HashMap<String, LocalContent>,
    /// The segments that lists refer to and that were looked at.
    seen: HashSet<String>,
}

impl QueryScope {
    /// Starts with no rows of queries.
    pub(super) fn reading<'a>(&'a self, cancel: &'a Cancel) -> Reading<'a> {
        Reading { tables: self, cancel, rows: HashMap::new(), seen: HashSet::new() }
    }
}

impl Reading<'_> {
    /// With the rows of what a segment asks of. A query that fails is a problem at the place of the condition.
    pub(super) fn segment(mut self, checked: &CheckedSegment) -> Result<Self, BackendError> {
        self.meaning(checked)?;
        Ok(self)
    }

    /// With the rows of the table of this name, if it is a query.
    pub(super) fn table(mut self, name: &str) -> Result<Self, BackendError> {
        let told = |path: &str, fault: QueryError| {
            BackendError::Missing(fault.in_file(path, Place::Database).diagnostic.at(()))
        };
        self.read(|table| table.name == name, told)?;
        Ok(self)
    }

    /// The tables with the rows that were read.
    pub(super) fn database(self) -> Arc<LocalDatabase> {
        match self.rows.is_empty() {
            true => Arc::clone(&self.tables.database),
            false => Arc::new(self.tables.database.with_contents(self.rows)),
        }
    }

    fn meaning(&mut self, checked: &CheckedSegment) -> Result<(), BackendError> {
        match &checked.meaning {
            CheckedDefinition::Visual { include, exclude } => {
                self.group(include)?;
                self.group(exclude)
            }
            CheckedDefinition::Query(_) | CheckedDefinition::Unknown => Ok(()),
        }
    }

    fn group(&mut self, group: &CheckedGroup) -> Result<(), BackendError> {
        group.nodes.iter().try_for_each(|node| match node {
            CheckedNode::Group(inner) => self.group(inner),
            CheckedNode::Condition(path, criterion) => self.condition(path, criterion.table()),
            CheckedNode::List(path, list) => match &list.members {
                ListMembers::Segment(id, checked) if self.seen.insert(id.clone()) => {
                    self.meaning(checked).map_err(|error| wrap_error(path, id, error))
                }
                ListMembers::Segment(..) | ListMembers::Ids(..) | ListMembers::Query(..) => Ok(()),
            },
        })
    }

    fn condition(&mut self, path: &NodePath, key: &str) -> Result<(), BackendError> {
        let place = || Place::Node(path.clone(), ConditionPart::Whole);
        self.read(
            |table| table.key() == key,
            |file, fault| BackendError::Refused(Box::new(fault.in_file(file, place()))),
        )
    }

    fn read(
        &mut self,
        is_wanted: impl Fn(&Table) -> bool,
        failed: impl Fn(&str, QueryError) -> BackendError,
    ) -> Result<(), BackendError> {
        let Some(query) = self.tables.queries.iter().find(|query| is_wanted(query.table())) else {
            return Ok(());
        };
        // A table of the database's own goes before.
        let name = &query.table().name;
        if self.tables.database.table(name).is_none_or(|table| table.origin != query.table().origin) {
            return Ok(());
        }
        let read = query
            .with_rows(self.cancel)
            .map_err(|stopped| stopped.or(|fault| failed(query.path(), fault)))?;
        if let Some(content) = read {
            self.rows.insert(name.clone(), content);
        }
        Ok(())
    }
}
