//! The kinds of tests that a segment may have.

/// The kinds of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestKind {
    /// Ids that are members.
    In,
    /// Ids that are not.
    Out,
    /// So many members.
    Size,
    /// Such a share of all customers.
    Share,
    /// Not far from the number that was saved last.
    Change,
    /// Nobody in common with another segment.
    Disjoint,
    /// All of them in another segment.
    Within,
    /// No line that changes nothing.
    EveryLineCounts,
}

impl TestKind {
    /// All of them.
    pub(crate) const ALL: [Self; 8] = [
        Self::In,
        Self::Out,
        Self::Size,
        Self::Share,
        Self::Change,
        Self::Disjoint,
        Self::Within,
        Self::EveryLineCounts,
    ];

    /// What it requires.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::In => "These ids are in it",
            Self::Out => "These ids are not in it",
            Self::Size => "Number of members",
            Self::Share => "Share of all customers",
            Self::Change => "Changed by at most … % since the last save",
            Self::Disjoint => "Nobody in common with another segment",
            Self::Within => "All of them in another segment",
            Self::EveryLineCounts => "Every line changes something",
        }
    }
}
