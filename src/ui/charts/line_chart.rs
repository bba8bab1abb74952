//! A line over time.

use ratatui::buffer::Buffer;
use ratatui::layout::{HorizontalAlignment, Rect};
use ratatui::symbols;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Axis, Chart, Dataset, GraphType, Widget};

use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

/// In less room a line says nothing.
const LEAST: (u16, u16) = (24, 4);

/// Points at equal distances, joined by a line.
pub(crate) struct LineChart<'a> {
    /// The points, from left to right.
    pub points: &'a [f64],
    /// What stands below the first and the last.
    pub ends: (&'a str, &'a str),
    /// A value in words, beside the axis.
    pub label: &'a dyn Fn(f64) -> String,
    /// Whether they are of an older definition.
    pub is_old: bool,
}

impl LineChart<'_> {
    /// Draws it, or a word in its place where there is too little room.
    pub(crate) fn render(&self, theme: &Theme, buffer: &mut Buffer, area: Rect) {
        if self.points.len() < 2 {
            Line::styled("no line through one point", theme.dim).render(area, buffer);
            return;
        }
        if area.width < LEAST.0 || area.height < LEAST.1 {
            let said = text::fit("no room for the chart here", usize::from(area.width));
            Line::styled(said, theme.dim).render(area, buffer);
            return;
        }
        let (low, high) = self.bounds();
        #[allow(clippy::cast_precision_loss)]
        let points: Vec<(f64, f64)> =
            self.points.iter().enumerate().map(|(at, value)| (at as f64, *value)).collect();
        let line = if self.is_old { theme.dim } else { theme.bar };
        let set = Dataset::default()
            .marker(theme.glyphs.marker())
            .graph_type(GraphType::Line)
            .style(line)
            .data(&points);
        #[allow(clippy::cast_precision_loss)]
        let across = [0.0, (self.points.len() - 1) as f64];
        let middle = f64::midpoint(low, high);
        let marks: &[f64] = if area.height >= 8 { &[low, middle, high] } else { &[low, high] };
        let marks: Vec<String> = marks.iter().map(|value| (self.label)(*value)).collect();
        let gutter = marks.iter().map(|mark| text::width(mark)).max().unwrap_or(0);
        let marks = marks.into_iter().map(|mark| Span::styled(mark, theme.dim));
        let chart = Chart::new(vec![set]).x_axis(Axis::default().bounds(across).style(theme.faint)).y_axis(
            Axis::default()
                .bounds([low, high])
                .labels(marks)
                .labels_alignment(HorizontalAlignment::Right)
                .style(theme.faint),
        );
        let lines = Rect { height: area.height - 1, ..area };
        chart.render(lines, buffer);
        self.draw_ends(gutter, theme, buffer, Rect { y: lines.bottom(), height: 1, ..area });
        if theme.glyphs == super::Glyphs::Ascii {
            plain_axes(buffer, area);
        }
    }

    /// Below the axis: ratatui's own labels would move it to the right.
    fn draw_ends(&self, gutter: usize, theme: &Theme, buffer: &mut Buffer, area: Rect) {
        let columns = usize::from(area.width).saturating_sub(gutter + 1);
        let ends = draw_frame::two((self.ends.0, theme.dim), (self.ends.1, theme.dim), columns);
        let x = area.right().saturating_sub(u16::try_from(columns).unwrap_or(u16::MAX));
        ends.render(Rect { x: x.max(area.x), ..area }.intersection(area), buffer);
    }

    /// What the axis goes from and to: from nothing, unless the points differ by too little to be seen then.
    fn bounds(&self) -> (f64, f64) {
        let low = self.points.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self.points.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let spread = high - low;
        if spread == 0.0 {
            return if high == 0.0 { (0.0, 1.0) } else { (0.0_f64.min(2.0 * high), 0.0_f64.max(2.0 * high)) };
        }
        if low >= 0.0 && spread * 4.0 >= high {
            return (0.0, high);
        }
        let from = low - spread / 10.0;
        (if low >= 0.0 { from.max(0.0) } else { from }, high)
    }
}

/// Axes of ASCII in place of ratatui's own.
fn plain_axes(buffer: &mut Buffer, area: Rect) {
    for at in area.positions() {
        let Some(cell) = buffer.cell_mut(at) else { continue };
        let plain = match cell.symbol() {
            symbols::line::VERTICAL => "|",
            symbols::line::HORIZONTAL => "-",
            symbols::line::BOTTOM_LEFT => "+",
            _ => continue,
        };
        cell.set_symbol(plain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::charts::Glyphs;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    fn drawn(points: &[f64], size: (u16, u16), glyphs: Glyphs) -> String {
        let theme = Theme { glyphs, ..Theme::default() };
        let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        let chart = LineChart {
            points,
            ends: ("Jan 2025", "Dec 2025"),
            label: &|value| format!("{value:.0}"),
            is_old: false,
        };
        terminal
            .draw(|frame| {
                let area = frame.area();
                chart.render(&theme, frame.buffer_mut(), area)
            })
            .unwrap();
        let cells = terminal.backend().buffer().content().chunks(usize::from(size.0));
        cells.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>() + "\n").collect()
    }

    #[test]
    fn a_line_has_its_axes_and_ends() {
        let chart = drawn(&[1.0, 5.0, 10.0], (40, 8), Glyphs::Braille);
        assert!(chart.contains("10│") && chart.contains(" 0│"), "{chart}");
        assert!(chart.contains("Jan 2025") && chart.contains("Dec 2025"), "{chart}");
        assert!(chart.chars().any(|letter| ('\u{2801}'..='\u{28ff}').contains(&letter)), "{chart}");
        let plain = drawn(&[1.0, 5.0, 10.0], (40, 8), Glyphs::Ascii);
        assert!(plain.is_ascii() && plain.contains('*'), "{plain}");
    }

    #[test]
    fn a_small_difference_is_seen() {
        let chart = drawn(&[1000.0, 1001.0, 1010.0], (40, 8), Glyphs::Braille);
        assert!(chart.contains("1010│") && chart.contains("999│"), "{chart}");
        // Nothing changes, or nobody is there: a line all the same.
        assert!(drawn(&[0.0, 0.0], (40, 8), Glyphs::Ascii).contains('*'));
        assert!(drawn(&[7.0, 7.0], (40, 8), Glyphs::Ascii).contains("14|"));
    }

    #[test]
    fn without_room_there_is_a_word() {
        assert!(drawn(&[1.0, 2.0], (30, 3), Glyphs::Braille).contains("no room for the chart here"));
        assert!(drawn(&[1.0], (40, 8), Glyphs::Braille).contains("no line through one point"));
    }
}
