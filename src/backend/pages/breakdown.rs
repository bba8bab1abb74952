//! The breakdown of a segment by attributes.

use std::sync::Arc;

use chrono::NaiveDate;

use super::day_range::DayRange;
use super::figures::{Available, ColumnName, ListedValues, SegmentAndAll};
use crate::backend::answer::Money;
use crate::backend::question::WrongConditions;
use crate::segment::Segment;

/// How many attributes one breakdown has at most.
pub const MOST_ATTRIBUTES: usize = 6;

/// Who of a segment has bought, by the values of some attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct BreakDown {
    /// The segment.
    pub segment: Arc<Segment>,
    /// Up to [`MOST_ATTRIBUTES`].
    pub attributes: Vec<ColumnName>,
    /// The days whose orders count.
    pub range: DayRange,
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// What becomes of conditions that are wrong.
    pub wrong: WrongConditions,
}

/// What the breakdown shows, all of it of one definition, day and range.
#[derive(Clone, Debug, PartialEq)]
pub struct Breakdown {
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// Whom the figures count.
    pub activation_id: String,
    /// The days whose orders count.
    pub range: DayRange,
    /// A result for each attribute, in their order.
    pub attributes: Vec<(ColumnName, Available<AttributeBreakdown>)>,
}

/// Purchasers by the values of an attribute. Someone with several values counts at each. A value that nobody with an
/// order in the range has is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeBreakdown {
    /// By value.
    pub values: ListedValues<Purchases>,
    /// Of everybody with an order in the range.
    pub total: SegmentAndAll<Purchases>,
}

/// Customers with an order in a range of days, and what they spent then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Purchases {
    /// How many.
    pub purchasers: u64,
    /// The sum of their orders in the range; `None` where the data has no revenue.
    pub revenue: Option<Money>,
}
