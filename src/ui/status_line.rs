//! The bottom line: the keys that matter just now, or the latest notice, which takes lines above it where it needs them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use super::theme::Theme;
use super::{frame as draw_frame, text};
use crate::app::action::{ACTIONS, Action, Context};
use crate::app::layers::editor::state::Editor;
use crate::app::message::{Message, MessageKind};
use crate::app::{App, DatabaseState};

/// From here on the keys of a picker and the state of the numbers stand beside each other.
const NARROW: usize = 64;
/// The most lines of a notice.
const MOST_LINES: u16 = 3;
/// Where the rest of a notice is.
const REST: &str = "… : messages";

pub fn draw(app: &App, theme: &Theme, frame: &mut Frame, area: Rect) {
    let width = usize::from(area.width);
    let (state, style) = working(app, theme);
    // Where there is little room for a picker's keys, how long the last numbers took can wait.
    let is_settled = app.editor().is_some_and(Editor::is_current);
    let state =
        if width < NARROW && !app.overlays().is_empty() && is_settled { String::new() } else { state };
    let room = width.saturating_sub(text::width(&state) + 3);
    if let Some((keys, following)) = app.begun_keys() {
        let left = following_keys(&keys, &following, theme, room);
        let line: Line = draw_frame::ends(left, vec![Span::styled(state, style)], width);
        return frame.render_widget(Paragraph::new(line), area);
    }
    let left = match app.messages().fresh() {
        Some(message) => match notice(message, room, theme) {
            Some(notice) => vec![notice],
            None => {
                // That numbers are missing is said beside any notice; how long they took can wait.
                let state = if is_settled { String::new() } else { state };
                return long_notice(message, Span::styled(state, style), theme, frame, area);
            }
        },
        None => hints(app, theme, room),
    };
    let line: Line = draw_frame::ends(left, vec![Span::styled(state, style)], width);
    frame.render_widget(Paragraph::new(line), area);
}

fn look(message: &Message, theme: &Theme) -> (&'static str, Style) {
    match message.kind {
        MessageKind::Done => (" ✓ ", theme.good),
        MessageKind::Note => (" · ", theme.text),
        MessageKind::Error => (" ✗ ", theme.error),
    }
}

/// A notice that fits beside the state of the numbers.
fn notice(message: &Message, room: usize, theme: &Theme) -> Option<Span<'static>> {
    let (mark, style) = look(message, theme);
    let text = format!("{mark}{}", text::sanitize(&message.text));
    (text::width(&text) <= room).then(|| Span::styled(text, style))
}

/// A notice that takes whole lines, over the last ones of what is above, with the state of the numbers in the last one.
fn long_notice(message: &Message, state: Span<'_>, theme: &Theme, frame: &mut Frame, area: Rect) {
    let bottom = area;
    let (mark, style) = look(message, theme);
    let columns = usize::from(area.width).saturating_sub(4 + state.width());
    let most = MOST_LINES.min(frame.area().height / 4).max(1);
    let lines = notice_lines(&message.text, columns, usize::from(most));
    let height = u16::try_from(lines.len()).unwrap_or(most);
    let area = Rect { y: area.bottom().saturating_sub(height), height, ..area };
    let starts = std::iter::once(mark).chain(std::iter::repeat("   "));
    let lines = starts.zip(lines).map(|(start, line)| Line::styled(format!("{start}{line}"), style));
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), area);
    frame.render_widget(Line::from(state).right_aligned(), bottom.intersection(area));
}

/// The lines of a notice, at most `most`; the last one says where the rest is.
fn notice_lines(text: &str, columns: usize, most: usize) -> Vec<String> {
    let mut lines = text::wrap(text, columns, most + 1);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            let start = text::start(last, columns.saturating_sub(text::width(REST)));
            *last = format!("{}{REST}", start.trim_end());
        }
    }
    lines
}

/// The actions with a hint in the current contexts, as many as fit. Help is always among them, and in a
/// picker the way back.
fn hints(app: &App, theme: &Theme, room: usize) -> Vec<Span<'static>> {
    let mut contexts = app.contexts();
    // Help has what is the same everywhere.
    contexts.retain(|context| *context != Context::Anywhere);
    let hint =
        |action: Action, hint: &str| app.keymap().key_of(action, &contexts).map(|key| (key, hint.to_owned()));
    let ranked = |info: &&crate::app::action::ActionInfo| {
        let bound = info
            .bindings
            .iter()
            .filter_map(|(at, _)| contexts.iter().position(|context| context == at))
            .min();
        bound.unwrap_or(usize::MAX)
    };
    let own = app.hints();
    let is_own = |action: Action| own.iter().any(|(own, _)| *own == action);
    let mut infos: Vec<_> =
        ACTIONS.iter().filter(|info| !info.hint.is_empty() && !is_own(info.action)).collect();
    infos.sort_by_key(ranked);
    let others = infos.into_iter().map(|info| (info.action, info.hint));
    let named = own.iter().copied().filter(|(_, said)| !said.is_empty()).chain(others);
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
    for (action, said) in named.filter(|(action, _)| !last.contains(action)) {
        if app.disabled_reason(action).is_some() {
            continue;
        }
        let Some(pair) = hint(action, said) else { continue };
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

/// The keys that have been pressed of several, and as many of those that may follow as there is room for.
fn following_keys(
    keys: &str,
    following: &[(String, Action)],
    theme: &Theme,
    room: usize,
) -> Vec<Span<'static>> {
    let mut spans = vec![Span::styled(format!(" {keys} "), theme.accent), Span::styled("… ", theme.dim)];
    let mut left = room.saturating_sub(text::width(keys) + 4 + text::width(" Esc leave "));
    for (key, action) in following {
        let Some(info) = action.info() else { continue };
        let said = if info.hint.is_empty() { info.title } else { info.hint };
        let wide = text::width(key) + text::width(said) + 3;
        if wide > left {
            break;
        }
        left -= wide;
        spans.push(Span::styled(format!(" {key}"), theme.accent));
        spans.push(Span::styled(format!(" {said} "), theme.dim));
    }
    spans.push(Span::styled(" Esc", theme.accent));
    spans.push(Span::styled(" leave ", theme.dim));
    spans
}

/// How far the database is that is being opened or read ahead, else whether numbers are being worked out, or how long the
/// last ones took.
fn working(app: &App, theme: &Theme) -> (String, Style) {
    if let Some(step) = app.database_step() {
        return (format!("{} … ", text::fit(step, usize::from(app.size().0) / 2)), theme.dim);
    }
    if let Some(step) = app.export_step() {
        return (format!("{step} "), theme.dim);
    }
    let Some(editor) = app.editor() else { return (String::new(), theme.dim) };
    match &editor.live.evaluation {
        _ if editor.live.failure.is_some() => ("✗ no numbers ".to_owned(), theme.error),
        Some(numbers) if editor.is_current() && numbers.evaluation.has_all_insights => {
            let elapsed = numbers.evaluation.elapsed;
            let time = if elapsed.as_millis() < 10 {
                format!("{:.1} ms ✓ ", elapsed.as_secs_f64() * 1000.0)
            } else {
                format!("{} ms ✓ ", elapsed.as_millis())
            };
            (time, theme.dim)
        }
        _ if matches!(app.database_state(), DatabaseState::Failed(_)) => {
            ("✗ no database ".to_owned(), theme.error)
        }
        _ if app.database().is_none() => ("… ".to_owned(), theme.dim),
        _ => ("counting … ".to_owned(), theme.dim),
    }
}

#[cfg(test)]
mod tests {
    use super::notice_lines;

    #[test]
    fn a_notice_is_whole_or_says_where_it_is_whole() {
        let text = "No such file: cannot read /a/b · check the path";
        assert_eq!(notice_lines(text, 30, 2), ["No such file: cannot read /a/b", "· check the path"]);
        assert_eq!(notice_lines(text, 30, 1), ["No such file: cann… : messages"]);
    }
}
