//! What the compared segments share: each two of them as a matrix, and who is in exactly which of them as an UpSet plot.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::breakdown_words::currency;
use super::page_line;
use crate::app::App;
use crate::app::layers::pages::compare::Compare;
use crate::app::layers::pages::{Compared, Part};
use crate::backend::{Comparison, Region};
use crate::ui::charts::{BarRow, Glyphs, bar};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, text};

/// From here on pairs and regions stand beside each other.
const WIDE: u16 = 76;
/// How wide a cell of the matrix is at least, with the blank before it.
const LEAST_CELL: usize = 7;
/// At most.
const MOST_CELL: usize = 12;
/// With less room a bar says nothing.
const LEAST_BAR: usize = 4;
/// With fewer lines there are no borders.
const TALL: u16 = 14;

/// What is drawn, and with what.
struct Plot<'a> {
    app: &'a App,
    page: &'a Compare,
    comparison: &'a Comparison,
    compared: Vec<Compared>,
    theme: &'a Theme,
}

pub(super) fn draw(app: &App, page: &Compare, theme: &Theme, frame: &mut Frame, area: Rect) {
    let Some(comparison) = page.comparison() else {
        return frame.render_widget(Line::styled(" …", theme.dim), area);
    };
    let plot = Plot { app, page, comparison, compared: page.compared(), theme };
    let foot = if area.height >= TALL { 3 } else { 1 };
    let [body, bottom] = Layout::vertical([Constraint::Min(0), Constraint::Length(foot)]).areas(area);
    frame.render_widget(Paragraph::new(plot.words(bottom)), bottom);
    let in_pairs = page.overlaps.in_pairs;
    if area.width < WIDE {
        return match in_pairs {
            true => plot.segments(frame, body),
            false => plot.regions(frame, body),
        };
    }
    let count = u16::try_from(plot.compared.len()).unwrap_or(5);
    let left = (6 + count * 9).max(area.width * 2 / 5).clamp(32, area.width / 2 + 8);
    let [left, right] = Layout::horizontal([Constraint::Length(left), Constraint::Min(0)]).areas(body);
    plot.segments(frame, left);
    plot.regions(frame, right);
}

impl Plot<'_> {
    fn pane(&self, title: &str, is_focused: bool, frame: &mut Frame, area: Rect) -> Rect {
        match area.height >= TALL - 3 {
            true => {
                let is_top = self.app.overlays().is_empty();
                draw_frame::pane(title, is_focused && is_top, self.theme, frame, area)
            }
            false => Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area },
        }
    }

    fn all(&self) -> u64 {
        self.comparison.columns.last().map_or(0, |all| all.unique_customers)
    }

    fn size(&self, position: usize) -> u64 {
        self.comparison.columns.get(position).map_or(0, |of| of.unique_customers)
    }

    /// How large the segments are, and the matrix of pairs.
    fn segments(&self, frame: &mut Frame, area: Rect) {
        let inner = self.pane("Segments and pairs, % of the row", self.page.overlaps.in_pairs, frame, area);
        let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
        let style = page_line::number_style(self.page.is_current(), self.theme);
        let rows: Vec<BarRow> =
            self.compared.iter().enumerate().map(|(at, one)| self.size_row(at, one)).collect();
        let mut lines = sizes(&rows, style, self.theme, columns);
        if self.compared.len() < 2 {
            let said = text::wrap("a adds a segment to compare with", columns, height);
            lines.push(Line::default());
            lines.extend(said.into_iter().map(|line| Line::styled(line, self.theme.dim)));
            return frame.render_widget(Paragraph::new(lines), inner);
        }
        let matrix = self.matrix(columns, true);
        let matrix =
            if lines.len() + 1 + matrix.len() <= height { matrix } else { self.matrix(columns, false) };
        // Where not all fits, the matrix is what the cursor is in.
        if lines.len() + 1 + matrix.len() > height {
            lines.clear();
        } else {
            lines.push(Line::default());
        }
        lines.extend(matrix);
        frame.render_widget(Paragraph::new(lines), inner);
    }

    #[allow(clippy::cast_precision_loss)]
    fn size_row(&self, at: usize, one: &Compared) -> BarRow {
        let size = self.size(at);
        BarRow {
            label: format!("{} {}", one.mark, one.name),
            value: Some(size as f64),
            number: number::whole(size),
            note: number::share(size as f64, self.all() as f64),
        }
    }

    fn matrix(&self, columns: usize, with_shares: bool) -> Vec<Line<'static>> {
        let theme = self.theme;
        let count = self.compared.len();
        let cell = (columns.saturating_sub(3) / count.max(1)).clamp(LEAST_CELL, MOST_CELL);
        let mut head = vec![Span::styled("in both", theme.dim)];
        for (at, one) in self.compared.iter().enumerate() {
            // The words take room of the first column.
            let room = if at == 0 { (cell + 3).saturating_sub(7) } else { cell };
            head.push(Span::styled(text::right(&one.mark.to_string(), room), theme.accent));
        }
        let mut lines = vec![Line::from(head)];
        for (row, one) in self.compared.iter().enumerate() {
            let mut numbers = vec![Span::styled(text::left(&one.mark.to_string(), 3), theme.accent)];
            let mut shares = vec![Span::raw("   ")];
            for column in 0..count {
                let (number, share) = self.cell(row, column, cell);
                numbers.push(number);
                shares.push(share);
            }
            lines.push(Line::from(numbers));
            if with_shares {
                lines.push(Line::from(shares));
            }
        }
        lines
    }

    /// How many are in both, and their share of the segment of the row.
    #[allow(clippy::cast_precision_loss)]
    fn cell(&self, row: usize, column: usize, width: usize) -> (Span<'static>, Span<'static>) {
        let theme = self.theme;
        let pair = [row.min(column), row.max(column)];
        let shared = match row == column {
            true => Some(self.size(row)),
            false => self.comparison.pairs.iter().find(|(of, _)| *of == pair).map(|(_, count)| *count),
        };
        let overlaps = &self.page.overlaps;
        let [one, other] = pair;
        let is_ticked = overlaps.ticked.contains(&Part::Pair(one, other));
        let mark = if is_ticked { tick(theme) } else { ' ' };
        let (said, share) = match shared {
            None => ("…".to_owned(), String::new()),
            Some(count) => {
                let whole = number::whole(count);
                let fits = text::width(&whole) + 2 <= width;
                let said = if fits { whole } else { number::short(count) };
                (said, number::share(count as f64, self.size(row) as f64))
            }
        };
        let style = match row == column {
            true => theme.dim,
            false => page_line::number_style(self.page.is_current(), theme),
        };
        let said = text::right(&format!("{mark}{said}"), width.saturating_sub(1));
        let is_at = overlaps.in_pairs && overlaps.pair == (row, column);
        let style = if is_at { style.patch(theme.selection) } else { style };
        let share = if row == column { String::new() } else { share };
        (
            Span::styled(format!(" {said}"), style),
            Span::styled(format!(" {}", text::right(&share, width.saturating_sub(1))), theme.dim),
        )
    }

    /// Who is in exactly which segments, the largest first.
    fn regions(&self, frame: &mut Frame, area: Rect) {
        let inner = self.pane(
            "Customers by the exact segments they are in",
            !self.page.overlaps.in_pairs,
            frame,
            area,
        );
        let [top, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(inner);
        let marks = self.compared.iter().map(|one| format!("{} ", one.mark)).collect::<String>();
        frame.render_widget(
            Line::styled(text::fit(&format!("  {marks}"), usize::from(top.width)), self.theme.accent),
            top,
        );
        let regions = &self.comparison.regions;
        let cursor = self.page.overlaps.region.min(regions.len().saturating_sub(1));
        // The bar of those in no segment would leave the others none.
        let within = regions.iter().filter(|region| !region.within.is_empty());
        let most = within.map(|region| region.unique_customers).max().unwrap_or(0);
        let widest = regions.iter().map(|region| text::width(&number::whole(region.unique_customers))).max();
        let near = draw_frame::near(regions.len(), cursor, body);
        let lines = regions.iter().enumerate().skip(near.start).take(near.len()).map(|(at, region)| {
            let line = self.region(region, most, widest.unwrap_or(0), usize::from(body.width));
            let is_at = !self.page.overlaps.in_pairs && at == cursor;
            if is_at { line.patch_style(self.theme.selection) } else { line }
        });
        draw_frame::list(lines.collect(), cursor - near.start, frame, body);
    }

    #[allow(clippy::cast_precision_loss)]
    fn region(&self, region: &Region, most: u64, widest: usize, columns: usize) -> Line<'static> {
        let theme = self.theme;
        let is_ticked = self.page.overlaps.ticked.contains(&Part::Region(region.within.clone()));
        let mark = if is_ticked { tick(theme) } else { ' ' };
        let dots = dots(&region.within, self.compared.len(), theme.glyphs);
        let count = text::right(&number::whole(region.unique_customers), widest);
        let share = text::right(&number::share(region.unique_customers as f64, self.all() as f64), 8);
        let mut spans = vec![
            Span::styled(format!("{mark} "), theme.accent),
            Span::styled(dots, theme.bar),
            Span::styled(format!("  {count}"), page_line::number_style(self.page.is_current(), theme)),
            Span::styled(share, theme.dim),
        ];
        let used: usize = spans.iter().map(|span| text::width(&span.content)).sum();
        let room = columns.saturating_sub(used + 2);
        if region.within.is_empty() {
            spans.push(Span::styled(format!("  {}", text::fit("in none of them", room)), theme.dim));
        } else if room >= 4 {
            spans.push(Span::raw("  "));
            spans.extend(bar(region.unique_customers as f64, most as f64, room, theme));
        }
        Line::from(spans)
    }

    /// What the cursor is on, and what would come of what is ticked.
    fn words(&self, area: Rect) -> Vec<Line<'static>> {
        let (theme, columns) = (self.theme, usize::from(area.width));
        let whom = self.app.whom().plural;
        let at =
            self.page.overlaps.at_cursor(self.comparison).map(|part| self.of_part(&part)).unwrap_or_default();
        let mut lines = vec![Line::styled(text::fit(&format!(" {at}"), columns), theme.text)];
        if area.height < 3 {
            return lines;
        }
        let made = self.page.combinations();
        // Of one part both are the same.
        let is_same = match &made {
            [Ok(both), Ok(any)] => (&both.words, both.count) == (&any.words, any.count),
            _ => false,
        };
        let keys: &[&str] = if is_same { &["i u"] } else { &["i", "u"] };
        for (key, made) in keys.iter().zip(made) {
            let said = match made {
                Err(fault) => fault,
                Ok(made) => {
                    let words = match made.words.as_slice() {
                        [only] => only.clone(),
                        words => format!("in any of the {} that are ticked", words.len()),
                    };
                    format!("{} {whom}: {words}", number::whole(made.count))
                }
            };
            let key = Span::styled(format!(" {key} "), theme.accent);
            let said = format!("new segment of {said}");
            let said = text::fit(&said, columns.saturating_sub(key.width()));
            lines.push(Line::from(vec![key, Span::styled(said, theme.dim)]));
        }
        lines
    }

    /// Which part of the segment of the row is in that of the column, too.
    #[allow(clippy::cast_precision_loss)]
    fn share_of_row(&self, count: u64) -> Option<String> {
        let overlaps = &self.page.overlaps;
        let (row, column) = overlaps.pair;
        let mark = self.compared.get(row).filter(|_| overlaps.in_pairs && row != column)?.mark;
        Some(format!(", {} of {mark}", number::share(count as f64, self.size(row) as f64)))
    }

    /// `in 1 and 2, not in 3: 7 customers, 5 active, $1,204`
    fn of_part(&self, part: &Part) -> String {
        let words = part.words(&self.page.compared_marks());
        let whom = self.app.whom().plural;
        let is_in = |region: &&Region| part.contains(&region.within);
        let count: u64 =
            self.comparison.regions.iter().filter(is_in).map(|region| region.unique_customers).sum();
        let found = match part {
            Part::Region(_) => self.comparison.regions.iter().find(is_in),
            Part::Pair(..) => None,
        };
        let active = found.and_then(|region| region.active_customers);
        let active = active.map(|count| format!(", {} active", number::whole(count))).unwrap_or_default();
        let revenue = found.and_then(|region| region.revenue);
        let revenue =
            revenue.map(|revenue| format!(", {}", number::money(revenue, &currency(self.app), false)));
        let share = self.share_of_row(count).unwrap_or_default();
        format!("{words}: {} {whom}{share}{active}{}", number::whole(count), revenue.unwrap_or_default())
    }
}

/// How large the segments are. Their names have up to half of the room, as they stand nowhere else.
fn sizes(rows: &[BarRow], style: Style, theme: &Theme, columns: usize) -> Vec<Line<'static>> {
    let widest = |of: fn(&BarRow) -> &String| rows.iter().map(|row| text::width(of(row))).max().unwrap_or(0);
    let label = widest(|row| &row.label).min(columns / 2);
    let (count, note) = (widest(|row| &row.number), widest(|row| &row.note));
    let has_note = label + count + note + 3 <= columns;
    let room = columns.saturating_sub(label + count + note + 4);
    let most = rows.iter().filter_map(|row| row.value).fold(0.0, f64::max);
    let line = |row: &BarRow| {
        let mut spans = vec![Span::styled(text::left(&row.label, label), theme.text)];
        if room >= LEAST_BAR {
            spans.push(Span::raw(" "));
            spans.extend(bar(row.value.unwrap_or(0.0), most, room, theme));
        }
        spans.push(Span::styled(format!(" {}", text::right(&row.number, count)), style));
        if has_note {
            spans.push(Span::styled(format!("  {}", text::right(&row.note, note)), theme.dim));
        }
        Line::from(spans)
    };
    rows.iter().map(line).collect()
}

/// The mark of what is ticked.
fn tick(theme: &Theme) -> char {
    if theme.glyphs == Glyphs::Ascii { 'x' } else { '✓' }
}

/// `●─○─● ○`: a full dot for each segment that the customers are in, with a line from the first to the last.
fn dots(within: &[usize], count: usize, glyphs: Glyphs) -> String {
    let [full, empty, line] = match glyphs {
        Glyphs::Ascii => ['*', 'o', '-'],
        Glyphs::Braille | Glyphs::Blocks => ['●', '○', '─'],
    };
    let (first, last) = (within.first(), within.last());
    let mut text = String::new();
    for position in 0..count {
        let is_between =
            first.is_some_and(|first| *first < position) && last.is_some_and(|last| position <= *last);
        if position > 0 {
            text.push(if is_between { line } else { ' ' });
        }
        text.push(if within.contains(&position) { full } else { empty });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_say_who_is_in_which_segments() {
        let shown = |within: &[usize]| dots(within, 4, Glyphs::Braille);
        assert_eq!([shown(&[0, 2]), shown(&[]), shown(&[3])], ["●─○─● ○", "○ ○ ○ ○", "○ ○ ○ ●"]);
        assert_eq!(dots(&[1, 2], 3, Glyphs::Ascii), "o *-*");
    }
}
