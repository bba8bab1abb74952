//! The pages of a segment and the data explorer, answered (`docs/reference/insights.md`).

mod breakdown;
mod compare;
mod order_totals;
mod profile;
mod summary;
mod trend;
