//! What differs between a segment and something else, and who joins and leaves by each change.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::app::App;
use crate::app::layers::differences::{Compared, Differences, Found};
use crate::backend::JoinedAndLeft;
use crate::segment::{Change, ChangeKind, NodePath};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, pick, text};

/// The most columns of the box.
const WIDE: u16 = 112;
/// The columns of a number, where there is room.
const NUMBER: usize = 9;
/// Below so many columns the numbers stand under the words.
const ROOM_FOR_NUMBERS: usize = 56;
/// The most lines of a change.
const MOST_LINES: usize = 6;

pub fn draw(app: &App, layer: &Differences, theme: &Theme, frame: &mut Frame, area: Rect) {
    match &layer.chosen {
        None => choosing(layer, theme, frame, area),
        Some(compared) => shown(app, layer, compared, theme, frame, area),
    }
}

fn choosing(layer: &Differences, theme: &Theme, frame: &mut Frame, area: Rect) {
    let lines = u16::try_from(layer.pick.found().len()).unwrap_or(u16::MAX).saturating_add(4).clamp(8, 22);
    let title = format!("What differs in {}: from what?", text::sanitize(&layer.name));
    let inner = draw_frame::popup(&title, 76, lines, theme, frame, area);
    let [list, foot] = Layout::vertical([Constraint::Min(1), Constraint::Length(1)]).areas(inner);
    pick::draw(&layer.pick, true, |_| "", theme, frame, list);
    let width = usize::from(foot.width);
    let line = match layer.history_failure() {
        Some(failure) => Line::styled(text::fit(&format!("✗ {}", failure.message), width), theme.error),
        None if layer.is_reading() => Line::styled("reading the revisions …", theme.dim),
        None => Line::styled(text::fit("Enter compares, type to search, Esc closes", width), theme.dim),
    };
    frame.render_widget(line, foot);
}

fn shown(app: &App, layer: &Differences, compared: &Compared, theme: &Theme, frame: &mut Frame, area: Rect) {
    let columns = WIDE.min(area.width);
    let title = format!("{} → {}", text::sanitize(&compared.label), text::sanitize(&layer.name));
    let width = usize::from(columns.saturating_sub(4));
    let found = match &compared.found {
        Some(Ok(found)) => found,
        other => {
            let inner = draw_frame::popup(&title, columns, 5, theme, frame, area);
            let line = match other {
                Some(Err(failure)) => {
                    Line::styled(text::fit(&format!("✗ {}", failure.message), width), theme.error)
                }
                _ => Line::styled("reading …", theme.dim),
            };
            return draw_frame::lines(vec![line], 0, frame, inner);
        }
    };
    let pen = Pen { found, theme, width };
    let mut lines = Vec::new();
    let mut cursor = 0;
    for (at, change) in found.changes.iter().enumerate() {
        let paragraph = pen.change(at, change);
        if at == found.cursor {
            cursor = lines.len() + paragraph.len() / 2;
        }
        lines.extend(paragraph);
    }
    if found.changes.is_empty() {
        lines.push(Line::styled(text::fit("Nothing differs in whom they mean.", width), theme.text));
    }
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(5).max(8);
    let inner = draw_frame::popup(&title, columns, height, theme, frame, area);
    let [head, list, foot] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(1), Constraint::Length(1)]).areas(inner);
    if let Some(heading) = pen.heading() {
        frame.render_widget(heading, head);
    }
    draw_frame::list(lines, cursor, frame, list);
    frame.render_widget(pen.sum(&app.whom().plural), foot);
    if let Some(place) = found.changes.get(found.cursor).and_then(place) {
        draw_frame::note(&place, theme, frame, inner);
    }
}

/// Where a change is, as the editor counts.
fn place(change: &Change) -> Option<String> {
    let words = |path: &NodePath| {
        let steps: Vec<String> = path.steps.iter().map(|step| (step + 1).to_string()).collect();
        format!("{} {}", path.side.id(), steps.join(".")).trim_end().to_owned()
    };
    let [was, is] = [&change.place_a, &change.place_b].map(|place| place.as_ref()?.node().map(words));
    match (was, is) {
        (Some(was), Some(is)) if was != is => Some(format!("{was} → {is}")),
        (_, Some(is)) => Some(format!("line {is}")),
        (Some(was), None) => Some(format!("was line {was}")),
        (None, None) => None,
    }
}

fn mark(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "+",
        ChangeKind::Removed => "-",
        ChangeKind::Changed | ChangeKind::Data => "~",
        ChangeKind::Moved => "→",
        ChangeKind::On => "✓",
        ChangeKind::Off => "○",
    }
}

struct Pen<'a> {
    found: &'a Found,
    theme: &'a Theme,
    width: usize,
}

impl Pen<'_> {
    fn is_wide(&self) -> bool {
        self.width >= ROOM_FOR_NUMBERS
    }

    fn heading(&self) -> Option<Line<'static>> {
        let said = format!("{:>NUMBER$}{:>NUMBER$}  change", "joined", "left");
        (self.is_wide() && !self.found.changes.is_empty()).then(|| Line::styled(said, self.theme.dim))
    }

    /// Who joins and leaves by a change: two words, empty where nobody knows.
    fn numbers(&self, at: usize) -> [String; 2] {
        let by = self.found.answer.as_ref().and_then(|answer| answer.as_ref().ok()?.by.get(at));
        match (by, &self.found.answer) {
            (Some(by), _) => [signed('+', by.joined), signed('-', by.left)],
            (None, None) => ["…".to_owned(), "…".to_owned()],
            (None, Some(_)) => ["–".to_owned(), "–".to_owned()],
        }
    }

    fn change(&self, at: usize, change: &Change) -> Vec<Line<'static>> {
        let said = format!("{} {}: {}", mark(change.kind), change.kind.id(), text::sanitize(&change.text));
        let [joined, left] = self.numbers(at);
        let start = if self.is_wide() { 2 * NUMBER + 2 } else { 0 };
        let mut lines: Vec<Line> = text::wrap(&said, self.width.saturating_sub(start), MOST_LINES)
            .into_iter()
            .enumerate()
            .map(|(row, said)| {
                let numbers = match (self.is_wide(), row) {
                    (true, 0) => format!("{joined:>NUMBER$}{left:>NUMBER$}  "),
                    (true, _) => " ".repeat(start),
                    (false, _) => String::new(),
                };
                let said = text::left(&said, self.width.saturating_sub(start));
                Line::from(vec![
                    Span::styled(numbers, self.theme.accent),
                    Span::styled(said, self.theme.text),
                ])
            })
            .collect();
        if !self.is_wide() {
            let said = text::left(&format!("    {joined} joined, {left} left"), self.width);
            lines.push(Line::styled(said, self.theme.accent));
        }
        if at == self.found.cursor {
            return lines.into_iter().map(|line| line.patch_style(self.theme.selection)).collect();
        }
        lines
    }

    /// Everybody who joins and leaves, or why that is not known.
    fn sum(&self, people: &str) -> Line<'static> {
        let (said, style) = match &self.found.answer {
            None => ("counting who joins and leaves …".to_owned(), self.theme.dim),
            Some(Err(failure)) => (format!("✗ {failure}"), self.theme.error),
            Some(Ok(answer)) => (total(answer.all, people), self.theme.text),
        };
        Line::styled(text::fit(&said, self.width), style)
    }
}

fn total(JoinedAndLeft { joined, left }: JoinedAndLeft, people: &str) -> String {
    match (joined, left) {
        (0, 0) => format!("the same {people}"),
        _ => format!("{} {people} join, {} leave", number::whole(joined), number::whole(left)),
    }
}

fn signed(sign: char, count: u64) -> String {
    if count == 0 { "0".to_owned() } else { format!("{sign}{}", number::whole(count)) }
}
