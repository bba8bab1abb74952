//! The cards and charts of a segment's pages that can be written as SQL.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::backend::{ColumnName, DayRange, Metric};
use crate::segment::Segment;

/// A card or chart of a segment's pages.
#[derive(Clone, Debug, PartialEq)]
pub enum Card {
    /// The four insights.
    Insights,
    /// The revenue tree, which the historical revenue is a part of.
    RevenueTree,
    /// The predicted revenue.
    Predicted,
    /// Who can be contacted each way.
    Reachability,
    /// Purchasers by channel.
    Channels,
    /// Revenue by lifetime spend.
    LifetimeSpend,
    /// New purchasers by month.
    NewPurchasers,
    /// The insights at each of these days.
    Trend(Vec<NaiveDate>),
    /// A custom metric.
    Metric(Metric),
    /// The breakdown by an attribute, of the orders in a range of days.
    Breakdown(ColumnName, DayRange),
    /// The figures of segments side by side.
    Compare(Vec<Arc<Segment>>, DayRange),
}

impl Card {
    /// What it shows.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Insights => "Insights".to_owned(),
            Self::RevenueTree => "Revenue tree".to_owned(),
            Self::Predicted => "Predicted revenue".to_owned(),
            Self::Reachability => "Reachability".to_owned(),
            Self::Channels => "Purchasers by channel".to_owned(),
            Self::LifetimeSpend => "Revenue by lifetime spend".to_owned(),
            Self::NewPurchasers => "New purchasers".to_owned(),
            Self::Trend(_) => "Segment over time".to_owned(),
            Self::Metric(metric) => metric.name.clone(),
            Self::Breakdown(attribute, _) => format!("Breakdown by {}", attribute.column),
            Self::Compare(..) => "Comparison".to_owned(),
        }
    }
}
