//! The bottom line: the latest notice, or the keys that matter just now.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::theme::Theme;
use super::{frame as draw_frame, text};
use crate::app::action::{ACTIONS, Action};
use crate::app::layers::editor::state::Editor;
use crate::app::message::MessageKind;
use crate::app::{App, keymap};

/// From here on the keys of a picker and the state of the numbers stand beside each other.
const NARROW: usize = 64;

pub fn draw(app: &App, theme: &Theme, frame: &mut Frame, area: Rect) {
    let width = usize::from(area.width);
    let (state, style) = working(app, theme);
    // Where there is little room for a picker's keys, how long the last numbers took can wait.
    let is_settled = app.editor().is_some_and(Editor::is_current);
    let state =
        if width < NARROW && !app.overlays().is_empty() && is_settled { String::new() } else { state };
    let room = width.saturating_sub(text::width(&state) + 3);
    let left = match app.messages().fresh() {
        Some(message) => {
            let (mark, style) = match message.kind {
                MessageKind::Done => ("✓ ", theme.good),
                MessageKind::Note => ("· ", theme.text),
                MessageKind::Error => ("✗ ", theme.error),
            };
            vec![Span::styled(text::fit(&format!(" {mark}{}", message.text), room), style)]
        }
        None => hints(app, theme, room),
    };
    let line: Line = draw_frame::ends(left, vec![Span::styled(state, style)], width);
    frame.render_widget(Paragraph::new(line), area);
}

/// The actions with a hint in the current contexts, as many as fit. Help is always among them, and in a
/// picker the way back.
fn hints(app: &App, theme: &Theme, room: usize) -> Vec<Span<'static>> {
    let contexts = app.contexts();
    let hint =
        |action: Action, hint: &str| keymap::key_of(action, &contexts).map(|key| (key, hint.to_owned()));
    let ranked = |info: &&crate::app::action::ActionInfo| {
        let bound = info
            .bindings
            .iter()
            .filter_map(|(at, _)| contexts.iter().position(|context| context == at))
            .min();
        bound.unwrap_or(usize::MAX)
    };
    let mut infos: Vec<_> = ACTIONS.iter().filter(|info| !info.hint.is_empty()).collect();
    infos.sort_by_key(ranked);
    let mut last = vec![Action::Help, Action::Palette];
    if !app.overlays().is_empty() {
        last.insert(0, Action::Back);
    }
    if app.editor().is_some_and(Editor::is_edited) {
        last.insert(0, Action::Save);
    }
    let find = |action: Action| action.info().and_then(|info| hint(action, info.hint));
    let always: Vec<(String, String)> = last.iter().copied().filter_map(find).collect();
    let wide = |(key, hint): &(String, String)| text::width(key) + text::width(hint) + 3;
    let mut left = room.saturating_sub(always.iter().map(wide).sum());
    let mut shown = Vec::new();
    for info in infos.into_iter().filter(|info| !last.contains(&info.action)) {
        if app.disabled_reason(info.action).is_some() {
            continue;
        }
        let Some(pair) = hint(info.action, info.hint) else { continue };
        if wide(&pair) > left {
            break;
        }
        left -= wide(&pair);
        shown.push(pair);
    }
    shown.extend(always);
    let spans = shown.into_iter().flat_map(|(key, hint)| {
        [Span::styled(format!(" {key}"), theme.accent), Span::styled(format!(" {hint} "), theme.dim)]
    });
    spans.collect()
}

/// How far the database is that is being opened or read ahead, else whether numbers are being worked out, or how long the
/// last ones took.
fn working(app: &App, theme: &Theme) -> (String, ratatui::style::Style) {
    if let Some(step) = app.database_step() {
        return (format!("{} … ", text::fit(step, usize::from(app.size().0) / 2)), theme.dim);
    }
    let Some(editor) = app.editor() else { return (String::new(), theme.dim) };
    match &editor.live.evaluation {
        _ if editor.live.failure.is_some() => ("✗ no numbers ".to_owned(), theme.error),
        Some(numbers) if editor.is_current() => {
            let elapsed = numbers.evaluation.elapsed;
            let time = if elapsed.as_millis() < 10 {
                format!("{:.1} ms ✓ ", elapsed.as_secs_f64() * 1000.0)
            } else {
                format!("{} ms ✓ ", elapsed.as_millis())
            };
            (time, theme.dim)
        }
        _ if app.database().is_none() => ("… ".to_owned(), theme.dim),
        _ => ("counting … ".to_owned(), theme.dim),
    }
}
