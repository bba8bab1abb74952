//! The interface of the pages.

use crate::app::layer::{Cx, Layer};

pub use super::kind::PageKind;

/// What a page is beside a layer.
pub(crate) trait PageLayer: Layer {
    /// Asks for what it shows, of the segment as it is now, unless that has been asked for. Called after every event
    /// while it is shown; each state of the segment, the data and the day has another definition number.
    fn follow(&mut self, definition: u64, cx: &mut Cx<'_>);
}
