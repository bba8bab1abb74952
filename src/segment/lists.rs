//! What the language needs to know of the lists that segments refer to.

use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use super::document::Segment;
use crate::diagnostic::Diagnostic;

/// The ids of a list, which may be a million: cheap to clone, to hash, and to compare with its clones.
#[derive(Clone, Debug, Default)]
pub struct Ids(Arc<Vec<String>>);

impl From<Vec<String>> for Ids {
    fn from(ids: Vec<String>) -> Self {
        Self(Arc::new(ids))
    }
}

impl Deref for Ids {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl PartialEq for Ids {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Eq for Ids {}

impl Hash for Ids {
    fn hash<H: Hasher>(&self, state: &mut H) {
        /// So many ids tell lists apart.
        const HASHED: usize = 16;
        self.0.len().hash(state);
        self.0.iter().step_by(self.0.len().div_ceil(HASHED).max(1)).for_each(|id| id.hash(state));
    }
}

/// How the files of queries end.
pub(crate) const QUERY_EXTENSION: &str = ".sql";

/// Where segments, uploaded files and queries are found.
pub trait Lists: Send + Sync {
    /// The segment with this id, as it was saved.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    fn segment(&self, id: &str) -> Result<Arc<Segment>, Diagnostic>;

    /// The ids in an uploaded file: those of its column named like the activation ID, or of its only
    /// one. What is no id (NULL, blank) is left out.
    ///
    /// # Errors
    /// There is no such file, it cannot be read, or has several columns of which none is the ID.
    fn file(&self, path: &str, activation_id: &str) -> Result<Ids, Diagnostic>;

    /// The queries that there are now, as conditions name them.
    fn queries(&self) -> Vec<String> {
        Vec::new()
    }

    /// The text of a query of the embedded engine.
    ///
    /// # Errors
    /// There is no such file, or it cannot be read.
    fn query(&self, path: &str) -> Result<String, Diagnostic>;
}

/// Where there are none.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLists;

impl Lists for NoLists {
    fn segment(&self, id: &str) -> Result<Arc<Segment>, Diagnostic> {
        Err(Diagnostic::new(format!("there is no segment {id:?}")).with_help("open its workspace"))
    }

    fn file(&self, path: &str, _: &str) -> Result<Ids, Diagnostic> {
        Err(Diagnostic::new(format!("there is no list {path:?}")).with_help("open its workspace"))
    }

    fn query(&self, path: &str) -> Result<String, Diagnostic> {
        Err(Diagnostic::new(format!("there is no query {path:?}")).with_help("open its workspace"))
    }
}
