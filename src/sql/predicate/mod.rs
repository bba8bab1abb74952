//! Tests on columns and other expressions, as conditions in SQL.

mod column;
mod date;
mod number;
mod operators;
mod string;

pub(crate) use column::{TypedExpr, predicate};
pub(crate) use date::{DateOperand, date_test};
pub(crate) use number::NumericOperand;
