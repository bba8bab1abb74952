//! Which ids are members of a segment, and which members are in another one, too.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::segment::Segment;

/// What some ids are to a segment. The first condition that is wrong is why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckIds {
    /// The segment.
    pub segment: Arc<Segment>,
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// The ids.
    pub ids: Vec<String>,
}

/// What an id is to a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdMembership {
    /// A member.
    Member,
    /// A customer who is not.
    NotMember,
    /// No customer at all.
    NoCustomer,
}

/// The members of a segment who are in another one of the same activation ID, or who are not.
#[derive(Clone, Debug, PartialEq)]
pub struct Intersect {
    /// Whose members.
    pub segment: Arc<Segment>,
    /// The other one.
    pub other: Arc<Segment>,
    /// Whether those are wanted who are in the other one.
    pub is_in_other: bool,
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// How many ids are wanted.
    pub limit: usize,
}

/// Customers of two segments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intersection {
    /// How many they are.
    pub customers: u64,
    /// The first ids by code point, as many as were wanted.
    pub ids: Vec<String>,
}
