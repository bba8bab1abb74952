//! Pairs of bars: the segment and all customers, told apart by what they are made of as well as by colour.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::bars::{Room, bar, filled};
use crate::ui::text;
use crate::ui::theme::Theme;

/// A label with a bar for the segment and one for all customers.
#[derive(Clone, Debug, Default)]
pub(crate) struct PairedRow {
    /// What it is of.
    pub label: String,
    /// How long the bars are; the longest of the chart fills the room. `None`: there is no number.
    pub values: (Option<f64>, Option<f64>),
    /// The numbers in words.
    pub numbers: (String, String),
}

/// Two lines for each row: the label with the bar of the segment, and below it that of all customers.
#[must_use]
pub(crate) fn pairs(rows: &[PairedRow], number: Style, theme: &Theme, columns: usize) -> Vec<Line<'static>> {
    let values = rows.iter().flat_map(|row| [row.values.0, row.values.1]).flatten();
    let most = values.fold(0.0, f64::max);
    let room = Room::new(
        rows.iter().map(|row| row.label.as_str()),
        rows.iter().flat_map(|row| [row.numbers.0.as_str(), row.numbers.1.as_str()]),
        std::iter::empty(),
        columns,
    );
    let mut lines = Vec::with_capacity(2 * rows.len());
    for row in rows {
        let mut first = vec![Span::styled(text::left(&row.label, room.label), theme.text)];
        let mut second = vec![Span::raw(" ".repeat(room.label))];
        if room.bar > 0 {
            first.push(Span::raw(" "));
            first.extend(bar(row.values.0.unwrap_or(0.0), most, room.bar, theme));
            second.push(Span::raw(" "));
            second.extend(other(row.values.1.unwrap_or(0.0), most, room.bar, theme));
        }
        first.push(Span::styled(format!(" {}", text::right(&row.numbers.0, room.number)), number));
        second.push(Span::styled(format!(" {}", text::right(&row.numbers.1, room.number)), theme.dim));
        lines.extend([Line::from(first), Line::from(second)]);
    }
    lines
}

/// What the two bars are: `━━ segment  ╌╌ all customers`.
#[must_use]
pub(crate) fn legend(segment: &str, all: &str, theme: &Theme) -> Line<'static> {
    let glyphs = theme.glyphs.bar();
    let sample = |glyph: char| glyph.to_string().repeat(2);
    Line::from(vec![
        Span::styled(sample(glyphs.full), theme.bar),
        Span::styled(format!(" {}  ", text::sanitize(segment)), theme.dim),
        Span::styled(sample(glyphs.other), theme.dim),
        Span::styled(format!(" {}", text::sanitize(all)), theme.dim),
    ])
}

/// The bar of all customers.
fn other(part: f64, all: f64, columns: usize, theme: &Theme) -> Vec<Span<'static>> {
    let (filled, _) = filled(part, all, columns, false);
    vec![
        Span::styled(theme.glyphs.bar().other.to_string().repeat(filled), theme.dim),
        Span::raw(" ".repeat(columns.saturating_sub(filled))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::charts::Glyphs;

    fn rows() -> Vec<PairedRow> {
        let row = |label: &str, segment: Option<f64>, all: f64| PairedRow {
            label: label.into(),
            values: (segment, Some(all)),
            numbers: (segment.map_or_else(|| "–".into(), |part| format!("{part} %")), format!("{all} %")),
        };
        vec![row("WA", Some(40.0), 20.0), row("Oregon", None, 5.0)]
    }

    fn shown(columns: usize, glyphs: Glyphs) -> Vec<String> {
        let theme = Theme { glyphs, ..Theme::default() };
        pairs(&rows(), theme.text, &theme, columns)
            .iter()
            .map(|line| line.to_string().trim_end().into())
            .collect()
    }

    #[test]
    fn the_bars_of_a_pair_differ_by_what_they_are_made_of() {
        assert_eq!(
            shown(24, Glyphs::Braille),
            [
                "WA     ━━━━━━━━━━━━ 40 %",
                "       ╌╌╌╌╌╌       20 %",
                "Oregon ────────────    –",
                "       ╌╌            5 %",
            ]
        );
        assert_eq!(shown(24, Glyphs::Ascii)[..2], ["WA     ############ 40 %", "       ======       20 %"]);
        assert_eq!(legend("segment", "all", &Theme::default()).to_string(), "━━ segment  ╌╌ all");
    }

    #[test]
    fn without_room_the_numbers_stay() {
        assert_eq!(
            shown(12, Glyphs::Braille),
            ["WA      40 %", "        20 %", "Oregon     –", "         5 %"]
        );
    }
}
