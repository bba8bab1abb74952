//! Which panes of the explorer fit beside each other.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::layers::explorer::ExplorerPane;

/// From here on three panes stand beside each other.
const WIDE: u16 = 100;
/// Below, there is one pane at a time.
const NARROW: u16 = 64;
/// Below, there is one pane at a time, too.
const LOW: u16 = 16;

/// The panes that are shown, with their places.
pub(super) fn panes(focus: ExplorerPane, area: Rect) -> Vec<(ExplorerPane, Rect)> {
    if area.width < NARROW || area.height < LOW {
        return vec![(focus, area)];
    }
    let low = (area.height / 3).clamp(7, 14);
    let [top, rows] = Layout::vertical([Constraint::Min(1), Constraint::Length(low)]).areas(area);
    let mut panes = vec![(ExplorerPane::Rows, rows)];
    if area.width >= WIDE {
        let (left, right) = ((area.width / 4).clamp(28, 40), (area.width * 35 / 100).clamp(40, 64));
        let widths = [Constraint::Length(left), Constraint::Min(1), Constraint::Length(right)];
        let [tables, columns, values] = Layout::horizontal(widths).areas(top);
        panes.push((ExplorerPane::Tables, tables));
        panes.push((ExplorerPane::Columns, columns));
        panes.push((ExplorerPane::Values, values));
        return panes;
    }
    let (widths, left, right) = match focus {
        ExplorerPane::Tables => {
            ([Constraint::Length(30), Constraint::Min(1)], ExplorerPane::Tables, ExplorerPane::Columns)
        }
        _ => ([Constraint::Fill(1), Constraint::Fill(1)], ExplorerPane::Columns, ExplorerPane::Values),
    };
    let [one, other] = Layout::horizontal(widths).areas(top);
    panes.push((left, one));
    panes.push((right, other));
    panes
}
