//! The pages of a segment and the data explorer, answered (`docs/reference/insights.md`).

mod breakdown;
mod compare;
mod order_source;
mod order_sums;
mod order_totals;
mod profile;
mod purchases_by_value;
mod repeated_orders;
mod rows_within;
mod summary;
mod trend;
mod trend_activity;
mod trend_days;
