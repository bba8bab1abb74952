//! A database that knows whether queries can run.

use super::{ids, plan};
use crate::database::DatabaseView;
use crate::local::files::LocalDatabase;
use crate::local::frozen_queries::FrozenQueries;
use crate::segment::{Query, QueryError, Schema, SchemaOverlay};

/// A database seen through an activation ID, by an engine.
pub(crate) struct WithQueries<'a> {
    /// The database, perhaps with tables of the workspace.
    pub view: DatabaseView<'a>,
    /// The database alone, whose tables queries read.
    pub own: &'a LocalDatabase,
    /// What queries have returned, if they do not run.
    pub frozen: Option<&'a FrozenQueries>,
}

impl SchemaOverlay for WithQueries<'_> {
    fn under(&self) -> &dyn Schema {
        &self.view
    }
    fn query(&self, query: &Query) -> Result<(), QueryError> {
        if self.frozen.is_some_and(|frozen| frozen.ids(query).is_some()) {
            return Ok(());
        }
        ids::check(&plan(self.own, query)?, self.view.activation_id)
    }
}
