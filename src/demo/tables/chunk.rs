//! What the rows of tables are made from.

use crate::demo::customer::Customer;

/// Customers whose rows are written together.
pub(crate) struct Chunk<'w> {
    /// Seed of the database.
    pub seed: u64,
    /// Customers of the universe.
    pub customers: Vec<Customer<'w>>,
    /// People who bought but are in no table of customers.
    pub orphans: Vec<Customer<'w>>,
}
