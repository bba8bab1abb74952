//! A condition that has been checked.

use super::predicate::{AmountTest, DateTest, Predicate};
use crate::segment::vocabulary::RowQuantifier;

/// A condition on a table whose every part is there and fits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Criterion {
    /// Customers by rows of `table` on which the filters and the test hold.
    Attribute {
        /// The table's key (`Schema::table_key`).
        table: String,
        /// What must hold.
        test: ColumnTest,
        /// On which of the rows where the filters hold.
        rows: RowQuantifier,
        /// What else must hold on the same row.
        filters: Vec<ColumnTest>,
    },
    /// Customers by their orders in the items table.
    Purchase {
        /// The items table.
        table: String,
        /// What is asked of the orders.
        test: PurchaseTest,
        /// Which order dates count.
        when: Option<DateTest>,
        /// What must hold on the same row.
        filters: Vec<ColumnTest>,
    },
    /// Customers by a value worked out over their rows.
    Aggregate {
        /// The table's key.
        table: String,
        /// What is worked out.
        aggregate: Aggregate,
        /// What must hold of the result.
        predicate: Predicate,
        /// Which rows count.
        filters: Vec<ColumnTest>,
    },
}

impl Criterion {
    /// The key of the table that it asks of.
    #[must_use]
    pub fn table(&self) -> &str {
        match self {
            Self::Attribute { table, .. } | Self::Purchase { table, .. } | Self::Aggregate { table, .. } => {
                table
            }
        }
    }
}

/// What is worked out over the rows of a customer. NULLs are left out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// The number of rows.
    Rows,
    /// The number of values of a column.
    Count(String),
    /// The number of different values, as they are stored.
    CountDistinct(String),
    /// The sum, rounded to six decimals; 0 without values.
    Sum(String),
    /// The average, rounded to six decimals; NULL without values.
    Average(String),
    /// The least value; NULL without values.
    Minimum(String),
    /// The greatest value; NULL without values.
    Maximum(String),
}

impl Aggregate {
    /// Whether the result is a number even without values.
    #[must_use]
    pub(crate) fn is_never_null(&self) -> bool {
        match self {
            Self::Rows | Self::Count(_) | Self::CountDistinct(_) | Self::Sum(_) => true,
            Self::Average(_) | Self::Minimum(_) | Self::Maximum(_) => false,
        }
    }

    /// The column, but for the number of rows.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Rows => None,
            Self::Count(column)
            | Self::CountDistinct(column)
            | Self::Sum(column)
            | Self::Average(column)
            | Self::Minimum(column)
            | Self::Maximum(column) => Some(column),
        }
    }
}

/// A predicate on a column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ColumnTest {
    pub column: String,
    /// What must hold of it.
    pub predicate: Predicate,
}

/// What a purchase condition asks of the rows within its window on which its filters hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PurchaseTest {
    /// The number of their orders, at least 1.
    Orders(AmountTest),
    None,
    /// One belongs to the customer's first order of all.
    First,
    /// One belongs to another order than the customer's first of all.
    Repeat,
    /// The filters hold for a most frequent combination of values in the filters' columns. There is
    /// at least one filter.
    MostFrequent,
    /// The sum of a column over them, rounded to cents; there is at least one row.
    Total {
        /// Of amounts or of numbers of pieces.
        column: String,
        /// How the sum compares.
        amount: AmountTest,
    },
}
