//! The pages of a segment: every figure is that of the same members, and edge cases made by hand.

mod breakdown;
mod compare;
mod shop;
mod summary;
mod trend;
