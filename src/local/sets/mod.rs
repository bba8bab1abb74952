//! Sets of customers, sums for each of them, and all that is worked out from both without touching data:
//! groups, insights, the numbers of each line, what segments share.

pub(crate) mod block;
pub(crate) mod customer_set;
pub(crate) mod insight_tables;
pub mod insights;
pub mod overlaps;
pub(crate) mod reachable;
mod steps;
pub mod sum;
pub(crate) mod ternary_mask;
pub(crate) mod totals;
pub mod tree;
pub mod waterfall;
pub(crate) mod whole_sums;
