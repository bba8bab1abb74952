//! Which panes fit beside each other.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::layers::editor::state::Pane;

/// From here on all three panes stand beside each other.
const WIDE: u16 = 100;
/// Below, there is one pane at a time.
const NARROW: u16 = 64;

/// The panes that are shown, with their places.
#[must_use]
pub(crate) fn panes(focus: Pane, area: Rect) -> Vec<(Pane, Rect)> {
    let left = (area.width * 27 / 100).clamp(26, 44);
    let right = (area.width / 5).clamp(26, 34);
    if area.width >= WIDE {
        let columns = [Constraint::Length(left), Constraint::Min(1), Constraint::Length(right)];
        let [tables, criteria, insights] = Layout::horizontal(columns).areas(area);
        return vec![(Pane::Tables, tables), (Pane::Criteria, criteria), (Pane::Insights, insights)];
    }
    if area.width < NARROW {
        return vec![(focus, area)];
    }
    let side = |constraints: [Constraint; 2]| Layout::horizontal(constraints).areas::<2>(area);
    match focus {
        Pane::Tables => {
            let [tables, criteria] = side([Constraint::Length(30), Constraint::Min(1)]);
            vec![(Pane::Tables, tables), (Pane::Criteria, criteria)]
        }
        Pane::Criteria | Pane::Insights => {
            let [criteria, insights] = side([Constraint::Min(1), Constraint::Length(26)]);
            vec![(Pane::Criteria, criteria), (Pane::Insights, insights)]
        }
    }
}
