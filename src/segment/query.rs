//! A query of the embedded engine, as SQL segments and lists from queries have it.

/// One query that returns ids.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Query {
    text: String,
}

impl Query {
    /// The query as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}
