//! The rows of the items table that are purchases, as conditions see them.

use crate::segment::DataType;
use crate::sql::layout::Fragment;
use crate::sql::predicate::TypedExpr;

/// The common table expression of purchases and what its columns are called.
pub(crate) struct Purchases {
    pub name: String,
    pub order: Fragment,
    /// The customer's first order.
    pub first_order: Fragment,
    pub columns: Vec<RenamedColumn>,
}

/// A column of the items table under its name among the purchases.
pub(crate) struct RenamedColumn {
    pub column: String,
    pub renamed: TypedExpr,
}

impl Purchases {
    /// A column of the items table.
    pub fn column(&self, column: &str) -> TypedExpr {
        find(&self.columns, column)
    }
}

/// A column by its name in the items table.
pub fn find(columns: &[RenamedColumn], column: &str) -> TypedExpr {
    let known = columns.iter().find(|known| known.column == column);
    // They have all been asked for.
    known.map_or_else(
        || TypedExpr { sql: column.to_owned().into(), data_type: DataType::String },
        |known| known.renamed.clone(),
    )
}
