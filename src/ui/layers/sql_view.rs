//! A segment as SQL: the engines, then the text or why there is none.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use crate::app::App;
use crate::app::event::{SegmentFailure, WrittenSql};
use crate::app::layers::sql_view::SqlView;
use crate::sql::{DateStyle, Dialect};
use crate::ui::sql::{self, Highlighter, Viewport};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, text};

/// The most columns of the view.
const WIDE: u16 = 124;

pub fn draw(app: &App, view: &SqlView, theme: &Theme, frame: &mut Frame, area: Rect) {
    let title = title(view);
    let inner = draw_frame::popup(&title, WIDE, area.height, theme, frame, area);
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(inner);
    draw_frame::lines(vec![dialects(view, theme, usize::from(head.width))], 0, frame, head);
    let width = usize::from(body.width);
    match &view.written {
        None => {
            frame.render_widget(Line::styled(text::fit("writing …", width), theme.dim), body);
        }
        Some((_, Ok(written))) => {
            script(app, view, written, theme, frame, body);
            draw_frame::note(&place(view, written, app.size().1), theme, frame, inner);
        }
        Some((_, Err(failure))) => {
            draw_frame::lines(refused(app, view.dialect, failure, theme, width), 0, frame, body);
        }
    }
}

fn title(view: &SqlView) -> String {
    let name = match &view.card {
        None => view.segment.name.clone(),
        Some(card) => format!("{} of {}", card.title(), view.segment.name),
    };
    match view.sql().map_or(0, |written| written.left_out) {
        0 => format!("{name} as SQL"),
        1 => format!("{name} as SQL, 1 problem left out"),
        count => format!("{name} as SQL, {count} problems left out"),
    }
}

/// The engines, the one that is shown in brackets, and how dates are written.
fn dialects(view: &SqlView, theme: &Theme, width: usize) -> Line<'static> {
    let dates = match view.dates {
        DateStyle::Resolved => "resolved dates",
        DateStyle::Relative => "relative dates",
    };
    let named = |dialect: Dialect| {
        if dialect == view.dialect {
            Span::styled(format!("[{}]", dialect.title()), theme.focus)
        } else {
            Span::styled(format!(" {} ", dialect.title()), theme.dim)
        }
    };
    let all: Vec<Span> = Dialect::ALL.into_iter().map(named).collect();
    let room = width.saturating_sub(text::width(dates) + 1);
    let start =
        if all.iter().map(Span::width).sum::<usize>() <= room { all } else { vec![named(view.dialect)] };
    draw_frame::ends(start, vec![Span::styled(dates, theme.text)], width)
}

fn script(app: &App, view: &SqlView, written: &WrittenSql, theme: &Theme, frame: &mut Frame, area: Rect) {
    let script = &written.script;
    let pen = Highlighter::new(app, script.dialect(), theme);
    let gutter = sql::gutter(script.lines().len());
    let width = usize::from(area.width).saturating_sub(gutter);
    let window = Viewport { pan: view.pan, width };
    let first = view.scroll.min(view.most_scroll(app.size().1));
    let lines = script.from(first).take(usize::from(area.height)).enumerate().map(|(row, (line, open))| {
        let mut shown = pen.line(line, open, window, &|_, style| style);
        shown.spans.insert(0, sql::number(first + row, gutter, ' ', theme.dim));
        // Until that of the other engine is there.
        if view.is_current() { shown } else { shown.patch_style(theme.dim.add_modifier(Modifier::DIM)) }
    });
    draw_frame::lines(lines.collect(), 0, frame, area);
}

/// Which lines are seen, in the lower border.
fn place(view: &SqlView, written: &WrittenSql, terminal: u16) -> String {
    let count = written.script.lines().len();
    let most = view.most_scroll(terminal);
    let first = view.scroll.min(most);
    let whole = |count: usize| number::whole(count as u64);
    match most {
        0 => format!("{} lines", whole(count)),
        _ => format!("{}–{} of {} lines", whole(first + 1), whole(first + count - most), whole(count)),
    }
}

fn refused(
    app: &App,
    dialect: Dialect,
    failure: &SegmentFailure,
    theme: &Theme,
    width: usize,
) -> Vec<Line<'static>> {
    let (message, help) = match failure {
        SegmentFailure::Refused(problem) => {
            (app.described(problem), problem.diagnostic.help.as_deref().unwrap_or_default())
        }
        SegmentFailure::Other(failure) => (failure.message.clone(), failure.help_text()),
    };
    let said = format!("✗ there is no SQL for {}", dialect.title());
    let mut lines = vec![Line::default()];
    for (said, style) in [(said.as_str(), theme.error), (&message, theme.text), (help, theme.dim)] {
        lines.extend(text::wrap(said, width, 8).into_iter().map(|line| Line::styled(line, style)));
    }
    lines
}
