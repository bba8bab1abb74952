//! How every screen of the snapshots looks: in ASCII where a terminal has no more, and readable in every theme.

mod contrast;
mod kept;
mod selection;
mod sources;

use ratatui::buffer::{Buffer, Cell};
use segtui::ui::theme::{Theme, Themes};

pub use self::kept::look_of;

use self::contrast::{PALETTES, Palette, ratio};
use crate::flows::harness::Session;

/// With `--ascii` nothing but what data is written in is beyond ASCII: letters, and what is joined to them.
pub fn is_ascii(name: &str, session: &Session) {
    let screen = session.screen_with(&Theme::default().in_ascii());
    let is_ours = |letter: &char| !letter.is_ascii() && !letter.is_alphanumeric();
    let ours: String = screen.chars().filter(is_ours).filter(|letter| !is_of_data(*letter)).collect();
    assert!(ours.is_empty(), "{name}: {ours:?} is drawn in ASCII:\n{screen}");
}

/// What the tests have in data beside letters.
fn is_of_data(letter: char) -> bool {
    letter == '\u{200d}'
        || ('\u{300}'..='\u{36f}').contains(&letter)
        || ('\u{1f000}'..='\u{1ffff}').contains(&letter)
}

/// Every character on the screen can be read in every theme, on a terminal of any background: text at 4.5 to 1, what is
/// drawn (marks, bars, borders) at 3 to 1, by WCAG 2. The empty part of a bar, beside which its number stands, is left out.
pub fn is_readable(name: &str, session: &Session) {
    for (title, theme, palettes) in themes() {
        let buffer = session.drawn(theme);
        for palette in *palettes {
            if let Some((at, found, least)) = worst(&buffer, theme, palette) {
                let (x, y) = (at % usize::from(buffer.area.width), at / usize::from(buffer.area.width));
                let cell = &buffer.content[at];
                panic!(
                    "{name}, {title}, {}: {:?} at column {x}, line {y} has {found:.2}:1, not {least}:1: {cell:?}\n{}",
                    palette.name,
                    cell.symbol(),
                    session.screen_with(theme),
                );
            }
        }
    }
}

/// Every theme, as it is and in 256 colours, with the palettes of the terminals in which it has to be readable.
fn themes() -> &'static [(String, Theme, &'static [Palette])] {
    static THEMES: std::sync::OnceLock<Vec<(String, Theme, &'static [Palette])>> = std::sync::OnceLock::new();
    THEMES.get_or_init(|| {
        let themes = Themes::default();
        let mut all = Vec::new();
        for name in themes.names() {
            let (theme, problems) = themes.get(&name).unwrap();
            assert_eq!(problems, []);
            // Where the background is the terminal's, it is black or white, with text that is not.
            let palettes = if theme.ground.background.is_some() { PALETTES } else { &PALETTES[..2] };
            all.push((format!("{name} in 256 colours"), theme.clone().in_256_colours(), palettes));
            all.push((name, theme, palettes));
        }
        all
    })
}

/// The first cell that cannot be read, with its ratio and the one it has to have.
fn worst(buffer: &Buffer, theme: &Theme, palette: &Palette) -> Option<(usize, f64, f64)> {
    buffer.content.iter().enumerate().find_map(|(at, cell)| {
        let least = least(cell, theme)?;
        let found = ratio(cell, palette);
        (found < least).then_some((at, found, least))
    })
}

fn least(cell: &Cell, theme: &Theme) -> Option<f64> {
    let letter = cell.symbol().chars().next().filter(|letter| *letter != ' ')?;
    let is_drawn = matches!(letter, '\u{2190}'..='\u{28ff}' | '·');
    // A theme without colours has none for the rest of a bar, either.
    let is_rest = is_drawn && theme.ground.track.fg == Some(cell.fg);
    (!is_rest).then_some(if is_drawn { 3.0 } else { 4.5 })
}
