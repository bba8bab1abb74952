//! In which order the rows of customers follow one another.

/// How a table is ordered by customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowOrder {
    /// In the order of the customers' numbers.
    Sorted,
    /// No customer comes again once another one has come.
    Clustered,
    Unordered,
}
