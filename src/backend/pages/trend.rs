//! A segment over time.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::backend::answer::Insights;
use crate::backend::question::WrongConditions;
use crate::segment::Segment;

/// A segment at thirteen days: the last days of the twelve units before that of the day of evaluation, and that day.
#[derive(Clone, Debug, PartialEq)]
pub struct FollowTrend {
    /// The segment.
    pub segment: Arc<Segment>,
    /// How far the days are apart.
    pub step: TrendStep,
    /// The last day.
    pub as_of: NaiveDate,
    /// What becomes of conditions that are wrong.
    pub wrong: WrongConditions,
}

/// How far the days of a trend are apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TrendStep {
    /// A day.
    Day,
    /// A week, which ends on Sunday.
    Week,
    /// A calendar month.
    #[default]
    Month,
    /// A quarter of a calendar year.
    Quarter,
}

/// The segment over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// Whom the figures count.
    pub activation_id: String,
    /// The days, ascending, with the insights at each.
    pub points: Vec<(NaiveDate, Insights)>,
}
