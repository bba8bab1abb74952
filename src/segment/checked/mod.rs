//! What a segment means on one database and day: every part typed, dates resolved, nothing missing.
//!
//! Conditions are `Eq` and `Hash`: a [`Criterion`] is the key under which its set is cached.

mod criterion;
mod predicate;
mod segment;

pub use criterion::{Aggregate, ColumnTest, Criterion, PurchaseTest};
pub use predicate::{AmountTest, Comparison, DateTest, LikeToken, NumberTest, Predicate, TextKind, TextTest};
pub use segment::{CheckedDefinition, CheckedGroup, CheckedList, CheckedNode, CheckedSegment, ListMembers};
