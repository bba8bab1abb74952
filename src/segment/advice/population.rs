//! What advice needs to know of the data.

/// What advice needs to know of the data.
pub trait Population {
    /// How many rows of a table customers have; `None` if that is not known.
    fn rows(&self, table: &str) -> Option<RowsPerCustomer>;
}

/// How many rows of a table each customer has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowsPerCustomer {
    /// Nobody has more than one.
    pub at_most_one: bool,
    /// Nobody has none.
    pub at_least_one: bool,
}
