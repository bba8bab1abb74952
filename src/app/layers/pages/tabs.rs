//! All pages of an open segment, one of which may be shown.

use super::breakdown::Breakdown;
use super::compare::Compare;
use super::customers::Customers;
use super::explain::Explain;
use super::kind::PageKind;
use super::page::PageLayer;
use super::summary::Summary;
use crate::app::event::Event;
use crate::app::layer::{Cx, Layer};

/// From where the explanations were opened: one step back leads there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Origin {
    #[default]
    Editor,
    Page(PageKind),
    /// The list of segments.
    List,
}

/// All pages of an open segment. Those that are not shown remember where one was.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// The one over the editor, if one is shown.
    pub shown: Option<PageKind>,
    /// The one that was left for the editor.
    left: Option<PageKind>,
    /// From where the explanations were opened.
    origin: Origin,
    /// Its figures at a glance.
    pub summary: Summary,
    /// Its purchasers by the values of attributes.
    pub breakdown: Breakdown,
    /// It and other segments side by side.
    pub compare: Compare,
    /// Its members.
    pub customers: Customers,
    /// Why a customer is in it, or is not.
    pub explain: Explain,
}

impl Pages {
    /// Notes whether the open segment is saved as it is, so that others can refer to it.
    pub(crate) fn set_saved(&mut self, is_saved: bool) {
        (self.breakdown.is_saved, self.compare.is_saved) = (is_saved, is_saved);
    }

    /// Shows a page.
    pub(crate) fn show(&mut self, kind: PageKind) {
        if kind == PageKind::Explain {
            if self.shown != Some(kind) {
                self.origin = self.shown.map_or(Origin::Editor, Origin::Page);
            }
            self.explain.arrive();
        }
        (self.shown, self.left) = (Some(kind), None);
    }

    /// Shows the explanations of a segment that was opened for them.
    pub(crate) fn explain_from_list(&mut self) {
        self.show(PageKind::Explain);
        self.origin = Origin::List;
    }

    /// One step back from the explanations; whether that is still in the segment.
    pub(crate) fn leave_explain(&mut self) -> bool {
        match self.origin {
            Origin::Editor => self.shown = None,
            Origin::Page(kind) => self.show(kind),
            Origin::List => return false,
        }
        true
    }

    /// Shows the editor, from which one step back leads here again.
    pub(crate) fn leave(&mut self) {
        self.left = self.shown.take();
    }

    /// Shows the page that was left for the editor; whether one was.
    pub(crate) fn go_back(&mut self) -> bool {
        self.shown = self.left.take();
        self.shown.is_some()
    }

    /// Has the pages take an answer that none of the layers in sight took.
    pub(crate) fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) {
        let pages: [&mut dyn Layer; 5] = [
            &mut self.summary,
            &mut self.breakdown,
            &mut self.compare,
            &mut self.customers,
            &mut self.explain,
        ];
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
            PageKind::Explain => &self.explain,
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
            PageKind::Explain => &mut self.explain,
        })
    }
}
