//! Colours and ASCII of the main screens, kept beside the snapshots of their text: the letters in ASCII, then what each
//! line is drawn in, as runs of a part of the theme and a number of columns.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use segtui::ui::theme::{Theme, Themes};

use crate::flows::harness::Session;

/// One of each kind of layer.
const MAIN: [&str; 31] = [
    "add",
    "advice",
    "breakdown",
    "browse",
    "compare",
    "confirm",
    "customers",
    "customers-columns",
    "day",
    "days",
    "differences",
    "editor-walk",
    "entry-number",
    "explain-nested",
    "explorer-column",
    "export",
    "filters",
    "help",
    "home",
    "keep-in",
    "lists",
    "messages",
    "metric-form",
    "notes-table-open",
    "palette",
    "paste",
    "purchase",
    "quick-add-values",
    "save-as",
    "sql-view",
    "summary-card",
];

/// What is kept of a screen in addition to its text; nothing for most.
pub fn look_of(name: &str, session: &Session) -> Option<String> {
    MAIN.contains(&name).then(|| {
        let (theme, _) = Themes::default().get("dark").unwrap();
        let ascii = session.screen_with(&theme.clone().in_ascii());
        format!("{ascii}\n{}", colours(session, &theme))
    })
}

fn colours(session: &Session, theme: &Theme) -> String {
    let buffer = session.drawn(theme);
    let lines = buffer.content.chunks(usize::from(buffer.area.width)).map(|line| {
        let names: Vec<String> = line.iter().map(|cell| name_of(cell, theme)).collect();
        let runs = names.chunk_by(|one, other| one == other);
        runs.map(|run| format!("{} {}", run[0], run.len())).collect::<Vec<_>>().join(", ") + "\n"
    });
    lines.collect()
}

/// The part of the theme that a cell is drawn in; a blank has only a background.
fn name_of(cell: &Cell, theme: &Theme) -> String {
    let parts = [
        ("text", theme.text),
        ("dim", theme.dim),
        ("faint", theme.faint),
        ("accent", theme.accent),
        ("exclude", theme.exclude),
        ("warn", theme.warn),
        ("error", theme.error),
        ("good", theme.good),
        ("track", theme.ground.track),
        ("strong", theme.strong),
        ("keyword", theme.sql.keyword),
        ("string", theme.sql.string),
        ("number", theme.sql.number),
        ("name", theme.sql.name),
    ];
    let is_selected = Some(cell.bg) == theme.selection.bg;
    let modifier = cell.modifier - Modifier::BOLD - Modifier::DIM;
    let part = match cell.symbol() {
        " " if modifier.is_empty() => "",
        _ => parts.iter().find(|(_, style)| style.fg == Some(cell.fg)).map_or("", |(name, _)| name),
    };
    let bold = if cell.modifier.contains(Modifier::BOLD) && !part.is_empty() { "!" } else { "" };
    let rest = if modifier.is_empty() { String::new() } else { format!("{modifier:?}") };
    assert_ne!(cell.fg, Color::Reset, "every cell has a colour of the theme");
    let part = if part.is_empty() && !is_selected && rest.is_empty() { "-" } else { part };
    format!("{part}{bold}{}{rest}", if is_selected { "*" } else { "" })
}
