//! The line of the cursor.

use segtui::ui::theme::Themes;

use crate::flows::harness::Session;

/// Wherever text stands on the line of the cursor, it has the background of that line in every theme that has one.
#[test]
fn the_line_of_the_cursor_is_marked_from_end_to_end() {
    let mut session = Session::demo();
    session.keys("ctrl-t down down");
    let themes = Themes::default();
    for name in themes.names() {
        let (theme, _) = themes.get(&name).unwrap();
        let buffer = session.drawn(&theme);
        let line = (0..buffer.area.height).find(|y| {
            let text: String = (0..buffer.area.width).map(|x| buffer[(x, *y)].symbol()).collect();
            text.contains(" high-contrast  ")
        });
        let cells: Vec<_> = (32..88).map(|x| &buffer[(x, line.unwrap())]).collect();
        let look = |cell: &ratatui::buffer::Cell| {
            (cell.bg, cell.modifier.contains(ratatui::style::Modifier::REVERSED))
        };
        assert!(cells.iter().all(|cell| look(cell) == look(cells[0])), "{name}: {cells:?}");
        let expected = theme.selection.bg.unwrap_or_default();
        assert_eq!(cells[0].bg, expected, "{name}");
    }
}
