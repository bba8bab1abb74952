//! The summary of a segment.

use std::sync::Arc;

use chrono::NaiveDate;

use super::figures::{Available, ListedValues, SegmentAndAll};
use super::metric::Metric;
use crate::backend::answer::{Insights, Money};
use crate::backend::question::WrongConditions;
use crate::segment::{Number, Segment};

/// The summary of a segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Summarize {
    /// The segment.
    pub segment: Arc<Segment>,
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// The custom metrics of its database and activation ID.
    pub metrics: Vec<Metric>,
    /// What becomes of conditions that are wrong.
    pub wrong: WrongConditions,
}

/// What the summary shows, all of it of one definition and day. Every sum is exact; ratios divide exact sums and are
/// rounded to six decimals, half away from zero; one whose divisor is 0 is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// Whom the figures count.
    pub activation_id: String,
    /// The four insights.
    pub insights: SegmentAndAll<Insights>,
    /// Of the orders within the past year.
    pub revenue_tree: Available<SegmentAndAll<RevenueTree>>,
    /// Averages over the customers with a prediction.
    pub predicted: Available<SegmentAndAll<Predicted>>,
    /// Customers who can be contacted each way.
    pub reachability: Available<SegmentAndAll<Reachability>>,
    /// Customers with an order of each purchase channel within the past year.
    pub channels: Available<ListedValues<u64>>,
    /// Five bands of all customers by what they have ever spent, those who spent most first.
    pub lifetime_spend: Available<Vec<SegmentAndAll<SpendBand>>>,
    /// Customers by the month of their first order: the twelve months that end with that of the day, ascending.
    pub new_purchasers: Available<Vec<MonthCount>>,
    /// The custom metrics, in their order.
    pub metrics: Vec<(String, Available<MetricValue>)>,
}

/// The seven figures of the revenue tree; `None` where a column is missing, or its divisor is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RevenueTree {
    /// The sum of the orders' revenue.
    pub net_revenue: Option<Money>,
    /// Customers with an order.
    pub customers: u64,
    /// Net revenue divided by customers.
    pub revenue_per_customer: Option<Number>,
    /// Distinct orders divided by customers.
    pub orders_per_customer: Option<Number>,
    /// Net revenue divided by distinct orders.
    pub average_order_value: Option<Number>,
    /// The sum of the orders' quantity divided by distinct orders.
    pub units_per_transaction: Option<Number>,
    /// Net revenue divided by the sum of the orders' quantity.
    pub average_unit_revenue: Option<Number>,
}

/// Averages over the customers with a value; `None` where there is no such column, or nobody with a value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Predicted {
    /// Of `predicted_clv_next_365d`.
    pub clv: Option<Number>,
    /// Of `predicted_average_order_revenue_next_365d`.
    pub average_order_revenue: Option<Number>,
    /// Of `predicted_order_frequency_next_365d`.
    pub order_frequency: Option<Number>,
}

/// How many can be contacted each way; `None` where the data cannot say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reachability {
    /// By email.
    pub email: Option<u64>,
    /// By phone.
    pub phone: Option<u64>,
    /// By mail.
    pub address: Option<u64>,
    /// By paid social media.
    pub paid_social: Option<u64>,
}

/// A fifth of all customers who have ever bought, as far as it is in the segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpendBand {
    /// How many.
    pub customers: u64,
    /// The sum of all their orders.
    pub revenue: Option<Money>,
}

/// Customers whose first order ever is of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthCount {
    /// The first day of the month.
    pub month: NaiveDate,
    /// How many.
    pub customers: SegmentAndAll<u64>,
}

/// What a custom metric comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum MetricValue {
    /// A number; `None` where nothing has a value, or for an average of nothing.
    Number(SegmentAndAll<Option<Number>>),
    /// Customers by value of a column.
    Bars(ListedValues<u64>),
}
