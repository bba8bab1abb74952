//! Numbers compared in SQL exactly as they are compared here: whole numbers beyond what a double holds,
//! doubles as they are stored, sums as they are rounded.

mod operand;
mod outcome;
mod rounded;
mod stored;

pub(crate) use operand::NumericOperand;
