//! The pages of a segment and the data explorer, answered (`docs/reference/insights.md`).

mod breakdown;
mod compare;
mod customers;
mod order_source;
mod order_totals;
mod profile;
mod repeated_orders;
mod rows_within;
mod summary;
mod trend;
