//! What is found out about a line.

use crate::segment::place::{ConditionPart, NodePath};

/// Something certain about a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The line.
    pub path: NodePath,
    /// The part of it that is the reason.
    pub part: ConditionPart,
    /// What is certain.
    pub claim: Claim,
    /// The other lines because of which.
    pub by: Vec<NodePath>,
    /// Whether taking the line away changes nothing.
    pub changes_nothing: bool,
}

/// What is certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nobody passes the line.
    Never(Reason),
    /// Everybody passes the line.
    Always(Reason),
    /// Nobody passes the line and all of the others.
    Contradicts,
    /// Nobody passes the exclusion and all of the others, which say who is in.
    ExcludesNone,
    /// Whoever passes the others passes the line.
    Implied,
    /// Whoever passes the others, which say who is in, passes the exclusion: nobody is left of them.
    ExcludesAll,
    /// Whoever passes the line passes the one other too, and either is enough.
    Subsumed,
    /// Whoever passes the line is taken out by the exclusions.
    Excluded,
    /// Everybody passes the line or the others, and either is enough.
    Covers,
    /// Everybody with a value in this column of this table passes the line or the others.
    CoversValues {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
}

/// Why nobody, or everybody, passes a line by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Whoever has orders has at least one.
    Orders,
    /// No date is within the window.
    Window,
    /// No value passes the test.
    Test,
    /// No value passes the test and the filters.
    TestAndFilters,
    /// No value passes the filter.
    Filter,
    /// No value passes the filter and those before it.
    Filters,
    /// The number that is asked for.
    Number,
}
