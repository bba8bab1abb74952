//! The list of the pages. A further one has its lines here.

use super::breakdown::Breakdown;
use super::compare::Compare;
use super::customers::Customers;
use super::summary::Summary;
use crate::app::event::Event;
use crate::app::layer::{Cx, Layer};

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
}

impl PageKind {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Summary, Self::Breakdown, Self::Compare, Self::Customers];

    /// What its tab says.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Summary => "Summary",
            Self::Breakdown => "Breakdown",
            Self::Compare => "Compare",
            Self::Customers => "Customers",
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

/// What a page is beside a layer.
pub(crate) trait PageLayer: Layer {
    /// Asks for what it shows, of the segment as it is now, unless that has been asked for. Called after every event
    /// while it is shown; each state of the segment, the data and the day has another definition number.
    fn follow(&mut self, definition: u64, cx: &mut Cx<'_>);
}

/// All pages of an open segment. Those that are not shown remember where one was.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// The one over the editor, if one is shown.
    pub shown: Option<PageKind>,
    /// The one that was shown last.
    pub last: PageKind,
    /// Its figures at a glance.
    pub summary: Summary,
    /// Its purchasers by the values of attributes.
    pub breakdown: Breakdown,
    /// It and other segments side by side.
    pub compare: Compare,
    /// Its members.
    pub customers: Customers,
}

impl Pages {
    /// Notes whether the open segment is saved as it is, so that others can refer to it.
    pub(crate) fn set_saved(&mut self, is_saved: bool) {
        (self.breakdown.is_saved, self.compare.is_saved) = (is_saved, is_saved);
    }

    /// Shows a page.
    pub(crate) fn show(&mut self, kind: PageKind) {
        self.shown = Some(kind);
        self.last = kind;
    }

    /// Has the pages take an answer that none of the layers in sight took.
    pub(crate) fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) {
        let pages: [&mut dyn Layer; 4] =
            [&mut self.summary, &mut self.breakdown, &mut self.compare, &mut self.customers];
        for page in pages {
            if !page.receive(event, cx).is_passed {
                return;
            }
        }
    }

    /// The page that is shown.
    pub(crate) fn layer(&self) -> Option<&dyn Layer> {
        Some(match self.shown? {
            PageKind::Summary => &self.summary as &dyn Layer,
            PageKind::Breakdown => &self.breakdown,
            PageKind::Compare => &self.compare,
            PageKind::Customers => &self.customers,
        })
    }

    /// The page that is shown.
    pub(crate) fn layer_mut(&mut self) -> Option<&mut dyn Layer> {
        Some(self.page_mut()? as &mut dyn Layer)
    }

    /// The page that is shown.
    pub(crate) fn page_mut(&mut self) -> Option<&mut dyn PageLayer> {
        Some(match self.shown? {
            PageKind::Summary => &mut self.summary as &mut dyn PageLayer,
            PageKind::Breakdown => &mut self.breakdown,
            PageKind::Compare => &mut self.compare,
            PageKind::Customers => &mut self.customers,
        })
    }
}
