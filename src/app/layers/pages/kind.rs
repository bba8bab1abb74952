//! The list of the pages. A further one has its lines here and in `tabs.rs`.

/// A page of the open segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PageKind {
    /// Its figures at a glance.
    #[default]
    Summary,
    /// Its purchasers by the values of attributes.
    Breakdown,
    /// It and other segments side by side.
    Compare,
    /// Its members.
    Customers,
    /// Why a customer is in it, or is not.
    Explain,
}

impl PageKind {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 5] =
        [Self::Summary, Self::Breakdown, Self::Compare, Self::Customers, Self::Explain];

    /// What its tab says.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Summary => "Summary",
            Self::Breakdown => "Breakdown",
            Self::Compare => "Compare",
            Self::Customers => "Customers",
            Self::Explain => "Explain",
        }
    }

    /// The one so many tabs further.
    #[must_use]
    pub(super) fn step(self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|kind| *kind == self).unwrap_or(0);
        let count = Self::ALL.len().cast_signed();
        let next = (at.cast_signed() + by).rem_euclid(count).cast_unsigned();
        Self::ALL.get(next).copied().unwrap_or_default()
    }
}
