//! A pasted list: what it comes to, and the values themselves.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::values::title;
use crate::app::App;
use crate::app::layers::paste::Paste;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, text};

pub fn draw(app: &App, paste: &Paste, theme: &Theme, frame: &mut Frame, area: Rect) {
    let is_small = area.height < 16;
    let height = if is_small { area.height } else { area.height.saturating_sub(2).min(24) };
    let inner = draw_frame::popup("Take the pasted list?", 76, height, theme, frame, area);
    let width = usize::from(inner.width);
    let mut about = about(paste, theme, width);
    if !is_small {
        about.insert(0, Line::styled(text::fit(&title(app, &paste.prompt, width), width), theme.dim));
    }
    let answers = answers(paste, theme, width);
    let [top, bottom] = [&about, &answers].map(|lines| u16::try_from(lines.len()).unwrap_or(u16::MAX));
    let parts = [Constraint::Max(top), Constraint::Min(1), Constraint::Length(bottom)];
    let [head, list, foot] = Layout::vertical(parts).areas(inner);
    draw_frame::lines(about, 0, frame, head);
    draw_frame::lines(values(paste, theme, &list), 0, frame, list);
    draw_frame::lines(answers, 0, frame, foot);
}

/// How many there are, what was dropped, and what cannot be taken.
fn about(paste: &Paste, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let whole = |count: usize| number::whole(count as u64);
    let mut said = vec![match paste.values.len() + paste.refused.len() {
        1 => "1 value".to_owned(),
        count => format!("{} values", whole(count)),
    }];
    let dropped = paste.dropped;
    for (count, one, many) in [
        (dropped.doubles, "1 double dropped", "doubles dropped"),
        (dropped.blanks, "1 blank dropped", "blanks dropped"),
        (dropped.trimmed, "1 trimmed", "trimmed"),
    ] {
        match count {
            0 => {}
            1 => said.push(one.to_owned()),
            _ => said.push(format!("{} {many}", whole(count))),
        }
    }
    let styled =
        |said: &str, style| text::wrap(said, width, 3).into_iter().map(move |line| Line::styled(line, style));
    let mut lines: Vec<Line> = styled(&said.join(", "), theme.text).collect();
    if !paste.refused.is_empty() {
        let said = match paste.refused.len() {
            1 => "1 is no number and cannot be taken (✗)".to_owned(),
            count => format!("{} are no numbers and cannot be taken (✗)", whole(count)),
        };
        lines.extend(styled(&said, theme.warn));
    }
    match &paste.unknown {
        Some(unknown) if unknown.count > 0 => {
            let among = if unknown.is_certain { "in the column" } else { "among its most frequent values" };
            let said = match unknown.count {
                1 => format!("1 does not occur {among} (?)"),
                count => format!("{} do not occur {among} (?)", whole(count)),
            };
            lines.extend(styled(&said, theme.warn));
        }
        Some(_) => lines.extend(styled("all of them occur in the column", theme.dim)),
        None => lines.extend(styled("looking at the column …", theme.dim)),
    }
    lines
}

/// The values, those that cannot be taken first.
fn values(paste: &Paste, theme: &Theme, area: &Rect) -> Vec<Line<'static>> {
    let width = usize::from(area.width);
    let refused = paste.refused.iter().map(|value| ("✗", value, theme.warn));
    let unknown = paste.unknown.as_ref().map(|unknown| unknown.is_unknown.as_slice()).unwrap_or_default();
    let unknown = unknown.iter().copied().chain(std::iter::repeat(false));
    let taken = paste.values.iter().zip(unknown).map(|(value, is_unknown)| {
        if is_unknown { ("?", value, theme.warn) } else { (" ", value, theme.text) }
    });
    let height = usize::from(area.height);
    // The last ones stay at the bottom.
    let most = (paste.refused.len() + paste.values.len()).saturating_sub(height);
    let shown = refused.chain(taken).skip(paste.scroll.min(most)).take(height);
    let line = |(mark, value, style): (&str, &Arc<str>, _)| {
        Line::styled(text::fit(&format!("{mark} {value}"), width), style)
    };
    shown.map(line).collect()
}

/// The keys, with what they do.
fn answers(paste: &Paste, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let whole = |count: usize| number::whole(count as u64);
    let what = match (paste.values.len(), paste.refused.len()) {
        (0, _) => "nothing can be taken".to_owned(),
        (1, 0) => "take it".to_owned(),
        (count, 0) => format!("take the {} values", whole(count)),
        (count, rest) => format!("take {}, leave out the {} that cannot be taken", whole(count), whole(rest)),
    };
    let what = match paste.instead {
        Some(op) if !paste.values.is_empty() => format!("{what}, with {}", op.label()),
        _ => what,
    };
    let split = paste.at_commas.map(|is_split| match is_split {
        true => ('s', "commas and semicolons belong to the values".to_owned()),
        false => ('s', "commas and semicolons separate values too".to_owned()),
    });
    let answers = [Some(('y', what)), split, Some(('n', "leave it".to_owned()))].into_iter().flatten();
    let line = |(key, label): (char, String)| {
        Line::from(vec![
            Span::styled(format!(" {key} "), theme.accent),
            Span::styled(text::fit(&label, width.saturating_sub(3)), theme.text),
        ])
    };
    answers.map(line).collect()
}
