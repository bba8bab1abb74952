//! Horizontal bars with their numbers.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::ui::text;
use crate::ui::theme::Theme;

/// With less room a bar says nothing.
pub(super) const LEAST_BAR: usize = 4;
/// Wider bars are no easier to read.
const MOST_BAR: usize = 60;

/// A line of a bar chart.
#[derive(Clone, Debug, Default)]
pub(crate) struct BarRow {
    /// What it is of.
    pub label: String,
    /// How long the bar is; the longest of the chart fills the room. `None`: there is no number.
    pub value: Option<f64>,
    /// The number in words.
    pub number: String,
    /// More of it, such as its share; may be empty.
    pub note: String,
}

/// A bar of `columns`: the filled part and the rest.
#[must_use]
pub(crate) fn bar(part: f64, all: f64, columns: usize, theme: &Theme) -> Vec<Span<'static>> {
    let glyphs = theme.glyphs.bar();
    let (filled, has_half) = filled(part, all, columns, glyphs.half.is_some());
    let mut text = glyphs.full.to_string().repeat(filled);
    text.extend(glyphs.half.filter(|_| has_half));
    let rest = columns.saturating_sub(text::width(&text));
    vec![
        Span::styled(text, theme.bar),
        Span::styled(glyphs.rest.to_string().repeat(rest), theme.ground.track),
    ]
}

/// How many whole cells are filled, and whether half a cell more is. Something is never shown as nothing, nor a part
/// as all of it.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
pub(super) fn filled(part: f64, all: f64, columns: usize, by_halves: bool) -> (usize, bool) {
    let fraction = if all > 0.0 { (part / all).clamp(0.0, 1.0) } else { 0.0 };
    let steps = if by_halves { 2 } else { 1 };
    let most = steps * columns;
    let exact = (fraction * most as f64).round() as usize;
    let least = usize::from(part > 0.0 && all > 0.0);
    let most = if part < all { most.saturating_sub(1) } else { most };
    let filled = exact.max(least).min(most.max(least));
    (filled / steps, filled % steps == 1)
}

/// Lines of a label, a bar, a number and a note. The numbers stand under each other; where there is little room the
/// bars go first, then the notes.
#[must_use]
pub(crate) fn bars(rows: &[BarRow], number: Style, theme: &Theme, columns: usize) -> Vec<Line<'static>> {
    let most = rows.iter().filter_map(|row| row.value).fold(0.0, f64::max);
    let room = Room::new(
        rows.iter().map(|row| row.label.as_str()),
        rows.iter().map(|row| row.number.as_str()),
        rows.iter().map(|row| row.note.as_str()),
        columns,
    );
    rows.iter()
        .map(|row| {
            let mut spans = vec![Span::styled(text::left(&row.label, room.label), theme.text)];
            if room.bar > 0 {
                spans.push(Span::raw(" "));
                spans.extend(bar(row.value.unwrap_or(0.0), most, room.bar, theme));
            }
            spans.push(Span::styled(format!(" {}", text::right(&row.number, room.number)), number));
            if room.note > 0 {
                spans.push(Span::styled(format!("  {}", text::right(&row.note, room.note)), theme.dim));
            }
            Line::from(spans)
        })
        .collect()
}

/// The same, where the notes are shares of all: that is said behind them or, where there is little room, above them.
#[must_use]
pub(crate) fn bars_of_all(
    rows: &[BarRow],
    number: Style,
    theme: &Theme,
    columns: usize,
) -> Vec<Line<'static>> {
    let said = |row: &BarRow| match row.note.ends_with('%') {
        true => BarRow { note: format!("{} {OF_ALL}", row.note), ..row.clone() },
        false => row.clone(),
    };
    let full: Vec<BarRow> = rows.iter().map(said).collect();
    let room_of = |rows: &[BarRow]| {
        let text = |of: fn(&BarRow) -> &str| rows.iter().map(of);
        Room::new(text(|row| &row.label), text(|row| &row.number), text(|row| &row.note), columns)
    };
    let room = room_of(&full);
    let fits = |row: &BarRow| text::width(&row.label) <= room.label;
    if room.note > 0 && room.bar >= 2 * LEAST_BAR && full.iter().all(fits) {
        return bars(&full, number, theme, columns);
    }
    let mut lines = bars(rows, number, theme, columns);
    if let Some(width) = lines.first().map(Line::width).filter(|_| room_of(rows).note > 0) {
        lines.insert(0, Line::styled(text::right(&format!("% {OF_ALL}"), width), theme.dim));
    }
    lines
}

/// Of what the shares are.
const OF_ALL: &str = "of all";

/// How the columns of a line are shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    pub label: usize,
    pub bar: usize,
    pub number: usize,
    pub note: usize,
}

impl Room {
    pub(super) fn new<'a>(
        labels: impl Iterator<Item = &'a str>,
        numbers: impl Iterator<Item = &'a str>,
        notes: impl Iterator<Item = &'a str>,
        columns: usize,
    ) -> Self {
        let widest = |texts: &mut dyn Iterator<Item = &'a str>| texts.map(text::width).max().unwrap_or(0);
        let (mut labels, mut numbers, mut notes) = (labels, numbers, notes);
        let wanted = widest(&mut labels);
        let number = widest(&mut numbers).min(columns.saturating_sub(2));
        let note = widest(&mut notes);
        // A third is for labels, and what bars leave of the rest.
        let least_label = wanted.min((columns / 3).max(6));
        let spent = number + 1;
        let with_note = note > 0 && least_label + spent + note + 2 <= columns;
        let note = if with_note { note } else { 0 };
        let spent = spent + if with_note { note + 2 } else { 0 };
        let left = columns.saturating_sub(spent);
        let bar = left.saturating_sub(least_label + 1);
        if bar < LEAST_BAR {
            return Self { label: left, bar: 0, number, note };
        }
        // Longer labels take from the bar until half of it is left.
        let label = wanted.min(least_label + bar / 2);
        let bar = left.saturating_sub(label + 1);
        if bar <= MOST_BAR {
            return Self { label, bar, number, note };
        }
        Self { label: label + (bar - MOST_BAR).min(8), bar: MOST_BAR, number, note }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::charts::Glyphs;

    fn shown(lines: &[Line]) -> Vec<String> {
        lines.iter().map(Line::to_string).collect()
    }

    fn row(label: &str, value: f64, number: &str, note: &str) -> BarRow {
        BarRow { label: label.into(), value: Some(value), number: number.into(), note: note.into() }
    }

    #[test]
    fn bars_stand_under_each_other() {
        let rows = [row("Email", 50.0, "50", "50.0 %"), row("Phone", 100.0, "100", "100.0 %")];
        let theme = Theme::default();
        assert_eq!(
            shown(&bars(&rows, theme.text, &theme, 30)),
            ["Email ━━━━━╸─────  50   50.0 %", "Phone ━━━━━━━━━━━ 100  100.0 %"]
        );
    }

    #[test]
    fn shares_say_what_they_are_of() {
        let rows = [row("Email", 50.0, "50", "8.8 %"), row("Phone", 100.0, "100", "–")];
        let theme = Theme::default();
        let shown = |columns| shown(&bars_of_all(&rows, theme.text, &theme, columns));
        assert_eq!(
            shown(36),
            ["Email ━━━━━━──────  50  8.8 % of all", "Phone ━━━━━━━━━━━━ 100             –"]
        );
        assert_eq!(
            shown(24),
            ["                % of all", "Email ━━━╸───  50  8.8 %", "Phone ━━━━━━━ 100      –"]
        );
        assert_eq!(shown(10).len(), 2);
    }

    #[test]
    fn bars_go_where_there_is_no_room_and_nothing_is_wider_than_it() {
        let rows = [row("A very long label indeed", 3.0, "1,234", "3.0 %"), row("語", 0.0, "0", "")];
        let theme = Theme::default();
        for columns in 0..120 {
            for line in bars(&rows, theme.text, &theme, columns) {
                assert!(line.width() <= columns.max(3), "{columns}: {line}");
            }
        }
        assert_eq!(shown(&bars(&rows, theme.text, &theme, 14)), ["A very … 1,234", "語           0"]);
    }

    #[test]
    fn something_is_never_shown_as_nothing_nor_a_part_as_all() {
        let theme = Theme::default();
        let bar = |part, all| Line::from(bar(part, all, 4, &theme)).to_string();
        assert_eq!(bar(1.0, 2.0), "━━──");
        assert_eq!(bar(1.0, 1e6), "╸───");
        assert_eq!(bar(999_999.0, 1e6), "━━━╸");
        assert_eq!(
            [bar(0.0, 5.0), bar(5.0, 5.0), bar(0.0, 0.0), bar(7.0, 5.0)],
            ["────", "━━━━", "────", "━━━━"]
        );
        let ascii = Theme { glyphs: Glyphs::Ascii, ..Theme::default() };
        assert_eq!(Line::from(super::bar(1.0, 2.0, 4, &ascii)).to_string(), "##..");
        assert_eq!(Line::from(super::bar(1.0, 1e6, 4, &ascii)).to_string(), "#...");
        assert_eq!(Line::from(super::bar(99.0, 100.0, 4, &ascii)).to_string(), "###.");
    }
}
