//! Segments side by side.

use std::sync::Arc;

use chrono::NaiveDate;

use super::day_range::DayRange;
use crate::backend::answer::Money;
use crate::backend::question::WrongConditions;
use crate::segment::{Number, Segment};

/// Up to five segments and all customers side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Compare {
    /// The segments, of one activation ID.
    pub segments: Vec<Arc<Segment>>,
    /// The days whose orders count.
    pub range: DayRange,
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// What becomes of conditions that are wrong.
    pub wrong: WrongConditions,
}

/// What they come to and what they share, all of it of one day and range.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// Whom the figures count.
    pub activation_id: String,
    /// The days whose orders count.
    pub range: DayRange,
    /// One for each segment, in their order, then one for all customers.
    pub columns: Vec<ComparedFigures>,
    /// How many each two of the segments share: the positions of both, ascending.
    pub pairs: Vec<([usize; 2], u64)>,
    /// Those who are in exactly some of the segments; only where there is somebody, the largest first.
    pub regions: Vec<Region>,
}

/// The seven figures of a segment, or of all; `None` where the data cannot say, or a divisor is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ComparedFigures {
    /// Members.
    pub unique_customers: u64,
    /// Members with an order in the range.
    pub active_customers: Option<u64>,
    /// The sum of their orders in the range.
    pub revenue: Option<Money>,
    /// Revenue divided by active customers.
    pub revenue_per_customer: Option<Number>,
    /// Distinct orders divided by active customers.
    pub orders_per_customer: Option<Number>,
    /// Units divided by distinct orders.
    pub units_per_order: Option<Number>,
    /// Revenue divided by distinct orders.
    pub average_order_value: Option<Number>,
}

/// Customers who are in exactly these segments and in none of the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The positions of the segments, ascending; empty: in none of them.
    pub within: Vec<usize>,
    /// How many.
    pub unique_customers: u64,
    /// Those of them with an order in the range.
    pub active_customers: Option<u64>,
    /// The sum of their orders in the range.
    pub revenue: Option<Money>,
}
