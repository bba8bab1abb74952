//! Tests on columns and other expressions, as conditions in SQL.

mod column;
mod date;
mod number;
mod operators;
mod string;

pub use column::{TypedExpr, predicate};
pub use date::{DateOperand, date_test};
pub use number::NumericOperand;
