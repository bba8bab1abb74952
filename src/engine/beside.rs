//! The uploaded files that are tables, beside those of the database.

use std::sync::Arc;

use super::evaluate::Engine;
use crate::catalog::{Database, ListFiles, ListTables, Table};
use crate::segment::{Kind, ListSource, Node, Segment};

impl Engine {
    /// The same, with the uploaded files found here as tables of their own. Each answer looks at them anew.
    #[must_use]
    pub fn with_list_tables(mut self, files: Arc<dyn ListFiles>) -> Self {
        self.list_tables = Some(ListTables::new(files));
        self
    }

    /// The uploaded files that are tables, as they are now.
    #[must_use]
    pub fn list_tables(&self) -> Vec<Table> {
        self.list_tables.as_ref().map(|lists| lists.beside(&self.database)).unwrap_or_default()
    }

    /// The database together with the uploaded files that are tables.
    #[must_use]
    pub fn database_with_lists(&self) -> Arc<Database> {
        match self.list_tables() {
            none if none.is_empty() => Arc::clone(&self.database),
            lists => Arc::new(self.database.with_lists(&lists)),
        }
    }

    /// The database, with the uploaded files where a segment may speak of them.
    #[must_use]
    pub fn database_of(&self, segment: &Segment) -> Arc<Database> {
        let is_own = |table: &str| self.database.table(table).is_some();
        let is_settled = |node: &Node| match node {
            Node::Group(_) => true,
            Node::Condition(condition) => match &condition.kind {
                Kind::Attribute(attribute) => is_own(&attribute.table),
                Kind::Aggregate(aggregate) => is_own(&aggregate.table),
                Kind::Purchase(_) => true,
                // Another segment may have any conditions.
                Kind::List(list) => !matches!(list.source, ListSource::Segment(_)),
            },
            Node::Unreadable(_) => false,
        };
        match segment.walk().into_iter().all(|(_, node)| is_settled(node)) {
            true => Arc::clone(&self.database),
            false => self.database_with_lists(),
        }
    }

    /// The database, with the uploaded files if a table of this name is none of its own.
    pub(super) fn database_with(&self, table: &str) -> Arc<Database> {
        match self.database.table(table) {
            Some(_) => Arc::clone(&self.database),
            None => self.database_with_lists(),
        }
    }
}

/// What results about a table are kept under.
pub(super) fn key(database: &Database, table: &str) -> String {
    database.table(table).map_or_else(|| table.to_owned(), |table| table.key().into_owned())
}
