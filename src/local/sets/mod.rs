//! Sets of customers, sums for each of them, and all that is worked out from both without touching data:
//! groups, insights, the numbers of each line, what segments share.

pub mod block;
pub mod customer_set;
pub mod insights;
pub mod overlaps;
pub mod sum;
pub mod ternary_mask;
pub mod totals;
pub mod tree;
pub mod waterfall;
