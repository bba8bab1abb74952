//! A database together with the names of a workspace.

use super::schema::Schema;
use super::schema_overlay::SchemaOverlay;

/// The names of what stands in a workspace. A function from ids to the names of segments will do where
/// nothing is to be read.
pub trait WorkspaceNames {
    /// The name of the segment with an id.
    fn segment_name(&self, id: &str) -> Option<String>;

    /// Every segment, by id and name.
    fn segments(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    /// The uploaded files.
    fn list_files(&self) -> Vec<&str> {
        Vec::new()
    }

    /// The saved queries.
    fn list_queries(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl<F: Fn(&str) -> Option<String>> WorkspaceNames for F {
    fn segment_name(&self, id: &str) -> Option<String> {
        self(id)
    }
}

/// A database together with the names of a workspace.
pub struct NamedSchema<'a, N: WorkspaceNames> {
    /// The database.
    pub schema: &'a dyn Schema,
    /// The names.
    pub names: N,
}

impl<N: WorkspaceNames> SchemaOverlay for NamedSchema<'_, N> {
    fn under(&self) -> &dyn Schema {
        self.schema
    }
    fn segment_name(&self, id: &str) -> Option<String> {
        self.names.segment_name(id)
    }
    fn segments(&self) -> Vec<(&str, &str)> {
        self.names.segments()
    }
    fn list_files(&self) -> Vec<&str> {
        self.names.list_files()
    }
    fn list_queries(&self) -> Vec<&str> {
        self.names.list_queries()
    }
}
