//! What a model would predict for a customer's next 365 days.

use super::activity::Activity;
use super::orders::Order;
use super::random::{Stream, rng};

/// A prediction for a customer with at least one order.
pub(crate) struct Prediction {
    /// Probability of another order, in basis points.
    pub probability: i64,
    /// Orders if the customer returns, in hundredths.
    pub frequency: i64,
    /// Revenue of an order if the customer returns, in cents.
    pub order_revenue: i64,
    /// Product of the three, in cents.
    pub clv: i64,
    /// Lifecycle status.
    pub status: &'static str,
}

impl Prediction {
    /// Orders are due when a customer's own rhythm says so: the longer overdue, the less likely.
    pub fn of(seed: u64, index: u32, orders: &[Order], activity: &Activity) -> Self {
        let mut r = rng(seed, Stream::Prediction, index);
        let since = activity.days_since_latest;
        let gaps = i64::try_from(orders.len()).unwrap_or(1) - 1;
        // The mean gap between orders, drawn towards that of everybody while orders are few.
        let rhythm = ((activity.first_to_latest + 120) / (gaps + 1)).clamp(20, 365);
        // Overdue in percent of the rhythm; at 260 the chance is halved.
        let overdue = since * 100 / rhythm;
        let chance = 9300 * 67_600 / (67_600 + overdue * overdue);
        let probability = (chance + r.i64(-400..=400)).clamp(50, 9900);
        let yearly = 36_500 / rhythm;
        let frequency = (yearly * r.i64(70..=110) / 100).clamp(100, 5000);
        let typical = activity.lifetime().average_order_value().unwrap_or_default();
        let order_revenue = typical * r.i64(85..=115) / 100;
        Self {
            probability,
            frequency,
            order_revenue,
            clv: (probability * frequency * order_revenue + 500_000).div_euclid(1_000_000),
            status: if gaps > 0 { repeat_status(probability) } else { one_time_status(since) },
        }
    }
}

/// Status of a customer with several orders, by the probability of another one.
fn repeat_status(basis_points: i64) -> &'static str {
    match basis_points {
        6001.. => "Active",
        5000.. => "Cooling down",
        3500.. => "At risk",
        2000.. => "Highly at risk",
        _ => "Lost",
    }
}

/// Status of a customer with one order, by the days since then.
fn one_time_status(days: i64) -> &'static str {
    match days {
        ..=60 => "Active",
        61..=120 => "Cooling down",
        121..=180 => "At risk",
        181..=240 => "Highly at risk",
        _ => "Lost",
    }
}
