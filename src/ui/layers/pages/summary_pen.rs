//! What figures are written and drawn with.

use ratatui::style::Style;
use ratatui::text::Line;

use super::page_line;
use crate::app::layers::pages::card_table::{self, Cell};
use crate::backend::{ListedValues, SegmentAndAll};
use crate::ui::charts::{BarRow, Change, bars_of_all, change};
use crate::ui::theme::Theme;
use crate::ui::{cells, number, text};

/// Bars of one card; the others are in its whole table.
const MOST_BARS: usize = 8;

/// What figures are written and drawn with.
pub(super) struct Pen<'a> {
    pub theme: &'a Theme,
    pub currency: String,
    /// Whether the figures are those of the definition as it is.
    pub is_current: bool,
}

impl Pen<'_> {
    /// How numbers look: those that are still being worked out stand back.
    pub(super) fn number(&self) -> Style {
        page_line::number_style(self.is_current, self.theme)
    }

    /// Members by value, most first.
    pub(super) fn values(&self, values: &ListedValues<u64>, columns: usize) -> Vec<Line<'static>> {
        if values.values.is_empty() {
            return vec![Line::styled("nobody has a value", self.theme.dim)];
        }
        let counts = values.values.iter().map(|(of, both)| (card_table::value(of), *both));
        self.counted(counts, values.left_out, columns)
    }

    /// A bar for each count of members, with its share of all.
    pub(super) fn counted(
        &self,
        counts: impl ExactSizeIterator<Item = (String, SegmentAndAll<u64>)>,
        left_out: u64,
        columns: usize,
    ) -> Vec<Line<'static>> {
        let more = counts.len().saturating_sub(MOST_BARS) as u64 + left_out;
        #[allow(clippy::cast_precision_loss)]
        let row = |(label, both): (String, SegmentAndAll<u64>)| BarRow {
            label,
            value: Some(both.segment as f64),
            number: number::whole(both.segment),
            note: number::share(both.segment as f64, both.all as f64),
        };
        let rows: Vec<BarRow> = counts.take(MOST_BARS).map(row).collect();
        let mut lines = bars_of_all(&rows, self.number(), self.theme, columns);
        if more > 0 {
            let said = format!("… {} more: Enter shows all", number::whole(more));
            lines.push(Line::styled(text::fit(&said, columns), self.theme.dim));
        }
        lines
    }

    /// The change from all customers to the segment, where both are known.
    pub(super) fn change_of(&self, segment: &Cell, all: &Cell) -> Option<(Change, Style)> {
        let (ours, theirs) = (cells::value(segment)?, cells::value(all)?);
        let change =
            change(ours, theirs, self.theme, |amount| cells::amount(segment, amount, &self.currency));
        let style = if self.is_current { change.style(self.theme) } else { self.theme.dim };
        Some((change, style))
    }
}
