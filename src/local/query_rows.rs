//! Running the saved queries that an answer asks of, before it is worked out.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::beside::Beside;
use super::view::behind;
use super::{Cancel, EngineError};
use crate::local::files::{Content, Database, Table};
use crate::segment::{
    CheckedDefinition, CheckedGroup, CheckedNode, CheckedSegment, ConditionPart, ListMembers, NodePath,
    Place, QueryError,
};

/// Tables of which rows are being read.
pub(super) struct Reading<'a> {
    tables: &'a Beside,
    cancel: &'a Cancel,
    /// What the queries in use return, by the name of the table.
    rows: HashMap<String, Content>,
    /// The segments that lists refer to and that were looked at.
    seen: HashSet<String>,
}

impl Beside {
    /// Starts with no rows of queries.
    pub(super) fn reading<'a>(&'a self, cancel: &'a Cancel) -> Reading<'a> {
        Reading { tables: self, cancel, rows: HashMap::new(), seen: HashSet::new() }
    }
}

impl Reading<'_> {
    /// With the rows of what a segment asks of. A query that fails is a problem at the place of the condition.
    pub(super) fn segment(mut self, checked: &CheckedSegment) -> Result<Self, EngineError> {
        self.meaning(checked)?;
        Ok(self)
    }

    /// With the rows of the table of this name, if it is a query.
    pub(super) fn table(mut self, name: &str) -> Result<Self, EngineError> {
        let told = |path: &str, fault: QueryError| {
            let problem = fault.in_file(path, Place::Database);
            EngineError::Missing {
                message: problem.diagnostic.message,
                help: problem.diagnostic.help.unwrap_or_default(),
            }
        };
        self.read(|table| table.name == name, told)?;
        Ok(self)
    }

    /// The tables with the rows that were read.
    pub(super) fn database(mut self) -> Arc<Database> {
        if self.rows.is_empty() {
            return Arc::clone(&self.tables.database);
        }
        let mut database = (*self.tables.database).clone();
        for table in &mut database.tables {
            if let Some(content) = self.rows.remove(&table.name) {
                table.content = Ok(content);
            }
        }
        Arc::new(database)
    }

    fn meaning(&mut self, checked: &CheckedSegment) -> Result<(), EngineError> {
        match &checked.meaning {
            CheckedDefinition::Visual { include, exclude } => {
                self.group(include)?;
                self.group(exclude)
            }
            CheckedDefinition::Query(_) | CheckedDefinition::Unknown => Ok(()),
        }
    }

    fn group(&mut self, group: &CheckedGroup) -> Result<(), EngineError> {
        group.nodes.iter().try_for_each(|node| match node {
            CheckedNode::Group(inner) => self.group(inner),
            CheckedNode::Condition(path, criterion) => self.condition(path, criterion.table()),
            CheckedNode::List(path, list) => match &list.members {
                ListMembers::Segment(id, checked) if self.seen.insert(id.clone()) => {
                    self.meaning(checked).map_err(|error| behind(path, id, error))
                }
                ListMembers::Segment(..) | ListMembers::Ids(_) | ListMembers::Query(..) => Ok(()),
            },
        })
    }

    fn condition(&mut self, path: &NodePath, key: &str) -> Result<(), EngineError> {
        let place = || Place::Node(path.clone(), ConditionPart::Whole);
        self.read(
            |table| table.key() == key,
            |file, fault| EngineError::Refused(Box::new(fault.in_file(file, place()))),
        )
    }

    fn read(
        &mut self,
        is_wanted: impl Fn(&Table) -> bool,
        failed: impl Fn(&str, QueryError) -> EngineError,
    ) -> Result<(), EngineError> {
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
