//! The page of a saved segment: its insights, and the definition in words.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::app::App;
use crate::app::layers::editor::state::Editor;
use crate::app::layers::pages::summary::Summary;
use crate::ui::insights::Density;
use crate::ui::remarks::sql_problems;
use crate::ui::theme::Theme;
use crate::ui::{definition, frame as draw_frame, insights, text};

/// Lines of one insight with its border.
const CARD: u16 = 5;
/// Lines of what is wrong with a query.
const MOST_PROBLEMS: usize = 8;

pub fn draw(app: &App, editor: &Editor, page: &Summary, theme: &Theme, frame: &mut Frame, area: Rect) {
    let columns = if area.width >= 80 { 4 } else { 2 };
    let cards = CARD * (4 / columns);
    // The definition is what one scrolls through: it needs some room of its own.
    let (top, body) = if area.height >= cards + 6 {
        let [top, body] = Layout::vertical([Constraint::Length(cards), Constraint::Min(0)]).areas(area);
        cards_of(app, editor, theme, frame, top, usize::from(columns));
        (Some(top), body)
    } else {
        (None, area)
    };
    let inner = draw_frame::pane("Definition", app.overlays().is_empty(), theme, frame, body);
    let width = usize::from(inner.width);
    let segment = editor.segment();
    let mut lines = Vec::new();
    if top.is_none() {
        let (evaluation, is_current) = insights::current(editor);
        let value = if is_current { theme.strong } else { theme.dim };
        for insight in insights::of_segment(app, editor, false) {
            lines.extend(insights::lines(&insight, evaluation.is_some(), value, Density::Line, theme, width));
        }
        lines.push(Line::default());
    }
    if !segment.description.is_empty() {
        lines.extend(text::wrap(&segment.description, width, 4).into_iter().map(Line::raw));
        lines.push(Line::default());
    }
    lines.extend(definition::lines(app, segment, theme, width));
    if editor.sql().is_some() {
        lines.extend(sql_problems(editor, width, MOST_PROBLEMS, theme));
    }
    lines.push(Line::default());
    if let Some(stamp) = &segment.updated {
        let saved = format!("revision {}, saved by {} at {}", segment.revision, stamp.by, stamp.at);
        lines.push(Line::styled(text::fit(&saved, width), theme.dim));
    }
    let (evaluation, _) = insights::current(editor);
    if let Some(evaluation) = evaluation {
        let data = app.database().and_then(|database| database.as_of);
        let data = data.map(|day| format!("; the data stands at {day}")).unwrap_or_default();
        let day = format!("numbers as of {}{data}; reachable says nothing of consent", evaluation.as_of);
        lines.push(Line::styled(text::fit(&day, width), theme.dim));
    }
    draw_frame::lines(lines, page.scroll, frame, inner);
}

fn cards_of(app: &App, editor: &Editor, theme: &Theme, frame: &mut Frame, area: Rect, columns: usize) {
    let (evaluation, is_current) = insights::current(editor);
    let value = if is_current { theme.strong } else { theme.dim };
    // Cents are worth their room only where there is some.
    let insights = insights::of_segment(app, editor, area.width >= 100);
    let rows = insights.chunks(columns);
    let areas = Layout::vertical(vec![Constraint::Length(CARD); rows.len()]).split(area);
    for (row, area) in rows.zip(areas.iter()) {
        let cells = Layout::horizontal(vec![Constraint::Fill(1); columns]).split(*area);
        for (insight, cell) in row.iter().zip(cells.iter()) {
            let inner = draw_frame::pane("", false, theme, frame, *cell);
            let lines = insights::lines(
                insight,
                evaluation.is_some(),
                value,
                Density::Bar,
                theme,
                usize::from(inner.width),
            );
            frame.render_widget(Paragraph::new(lines), inner);
        }
    }
}
