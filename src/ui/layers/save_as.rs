//! Name and folder, with advice.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::Naming;
use crate::app::layers::save_as::{Destination, SaveAs};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

pub fn draw(save_as: &SaveAs, theme: &Theme, frame: &mut Frame, area: Rect) {
    let title = match &save_as.naming {
        Naming::First => "Save the segment",
        Naming::Copy => "Save as a copy",
        Naming::Rename { .. } => "Rename the segment",
    };
    let height = if save_as.takes_folder() { 16 } else { 8 };
    let inner = draw_frame::popup(title, 76, height, theme, frame, area);
    let width = usize::from(inner.width);
    let row = |at: u16| Rect {
        y: (inner.y + at).min(inner.bottom().saturating_sub(1)),
        height: inner.height.min(1),
        ..inner
    };
    draw_frame::field("name    ", &save_as.name, !save_as.in_folder, theme, frame, row(0));
    let advice = save_as.advice();
    let complaint = save_as.complaint.clone().or_else(|| save_as.clash());
    let (said, style) = match (&complaint, advice.first()) {
        (Some(complaint), _) => (complaint.clone(), theme.error),
        (None, Some(advice)) => (format!("advice: {advice}"), theme.warn),
        (None, None) => (String::new(), theme.dim),
    };
    let wrapped = text::wrap(&said, width.saturating_sub(8), 2).into_iter();
    for (at, line) in wrapped.enumerate() {
        frame.render_widget(
            Line::styled(format!("        {line}"), style),
            row(1 + u16::try_from(at).unwrap_or(0)),
        );
    }
    if !save_as.takes_folder() {
        return;
    }
    let has_keys = save_as.in_folder && save_as.cursor.is_none();
    draw_frame::field("folder  ", &save_as.folder, has_keys, theme, frame, row(4));
    let note = match save_as.destination() {
        Destination::Keep | Destination::Nowhere(_) => String::new(),
        Destination::Folder(None) => "        outside all folders".to_owned(),
        Destination::Folder(Some(_)) => {
            let path = save_as.chosen_path().unwrap_or_default();
            format!("        in {}", text::sanitize(path))
        }
        Destination::NewFolder { name, .. } => format!("        a new folder {name}"),
    };
    frame.render_widget(Line::styled(text::fit(&note, width), theme.accent), row(5));
    let new = save_as.offers_new().then(|| format!("+ new folder {}", save_as.folder.text().trim()));
    let rows = save_as.found().map(str::to_owned).chain(new);
    let lines = rows.enumerate().map(|(at, path)| {
        let line = Line::styled(text::left(&format!("        {path}"), width), theme.dim);
        if save_as.cursor == Some(at) { line.patch_style(theme.selection) } else { line }
    });
    let list = Rect { y: row(6).y, height: inner.bottom().saturating_sub(row(6).y), ..inner };
    draw_frame::list(lines.collect(), save_as.cursor.unwrap_or(0), frame, list);
}
