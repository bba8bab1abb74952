//! What a segment means on one database and day: every part typed, dates resolved, nothing missing.
//!
//! Conditions are `Eq` and `Hash`: a [`Criterion`] is the key under which its set is cached.

mod criterion;
mod predicate;
mod segment;

pub use criterion::{Aggregate, Criterion};
pub(crate) use criterion::{ColumnTest, PurchaseTest};
pub(crate) use predicate::{
    AmountTest, Comparison, DateTest, LikeToken, NumberTest, Predicate, TextKind, TextTest,
};
pub use segment::{CheckedDefinition, CheckedNode, CheckedSegment};
pub(crate) use segment::{CheckedGroup, CheckedList, ListMembers};
