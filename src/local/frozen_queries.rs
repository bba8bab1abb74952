//! What queries returned on another database, of which this one has a few customers.

use std::collections::HashMap;

use crate::segment::Query;

/// Which customers each query returned. Where there are some, no query runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct FrozenQueries {
    ids: HashMap<Query, Vec<String>>,
}

impl FrozenQueries {
    /// From what each query has returned.
    pub fn new(ids: impl IntoIterator<Item = (Query, Vec<String>)>) -> Self {
        Self { ids: ids.into_iter().collect() }
    }

    /// Which customers a query has returned; `None` if it has not run on that day.
    pub fn ids(&self, query: &Query) -> Option<&[String]> {
        self.ids.get(query).map(Vec::as_slice)
    }

    /// All queries with what they have returned.
    pub fn iter(&self) -> impl Iterator<Item = (&Query, &[String])> {
        self.ids.iter().map(|(query, ids)| (query, ids.as_slice()))
    }
}
