//! The four insights, for programs and for people.

use serde_json::Value;

use super::numbers;
use super::session::Opened;
use crate::backend::{Insights, Money};

/// By the keys that they have in JSON.
pub(super) fn as_json(of: &Insights) -> [(&'static str, Value); 4] {
    [
        ("unique_customers", of.unique_customers.into()),
        ("active_customers_1y", of.active_customers_1y.into()),
        ("revenue_1y", of.revenue_1y.map(Money::as_f64).into()),
        ("reachable_customers", of.reachable_customers.into()),
    ]
}

/// As cells of a table.
pub(super) fn cells(insights: &Insights, opened: &Opened) -> [String; 4] {
    let number = |number: Option<u64>| number.map_or_else(|| "–".to_owned(), numbers::count);
    let revenue = insights.revenue_1y.map(|revenue| numbers::money(revenue, &opened.database.currency));
    [
        number(Some(insights.unique_customers)),
        number(insights.active_customers_1y),
        revenue.unwrap_or_else(|| "–".to_owned()),
        number(insights.reachable_customers),
    ]
}
