//! Colours by what they mean. State is never carried by colour alone.

mod contrast;
mod file;
mod parts;
mod terminal;
mod themes;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier, Style};

use super::charts::Glyphs;

pub use self::terminal::{Colours, TerminalLook};
pub use self::themes::{ThemeSource, Themes};

/// What each kind of text looks like.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Ordinary text.
    pub text: Style,
    /// What stands back.
    pub dim: Style,
    /// Borders and rules.
    pub faint: Style,
    /// The one colour that leads the eye.
    pub accent: Style,
    /// The border and title of the focused pane.
    pub focus: Style,
    /// The line of the cursor.
    pub selection: Style,
    /// The exclude side.
    pub exclude: Style,
    /// Something to look at.
    pub warn: Style,
    /// Something that is wrong.
    pub error: Style,
    /// Something that was done.
    pub good: Style,
    /// The filled part of a bar.
    pub bar: Style,
    /// What other things stand out from.
    pub ground: GroundTheme,
    /// Headings.
    pub strong: Style,
    /// Text of SQL.
    pub sql: SqlTheme,
    /// What charts are drawn with.
    pub glyphs: Glyphs,
}

/// What other things stand out from.
#[derive(Clone, Debug)]
pub struct GroundTheme {
    /// The background of the screen; none is that of the terminal.
    pub background: Option<Color>,
    /// The rest of a bar.
    pub track: Style,
}

/// What each kind of token of SQL looks like.
#[derive(Clone, Debug)]
pub struct SqlTheme {
    /// Keywords.
    pub keyword: Style,
    /// String literals.
    pub string: Style,
    /// Numbers.
    pub number: Style,
    /// Tables and columns that the database has.
    pub name: Style,
}

impl Theme {
    /// The same, drawn in ASCII alone.
    #[must_use]
    pub fn in_ascii(self) -> Self {
        Self { glyphs: Glyphs::Ascii, ..self }
    }

    /// The same, with the characters that a terminal has.
    #[must_use]
    pub(crate) fn with_glyphs(self, glyphs: Glyphs) -> Self {
        Self { glyphs, ..self }
    }

    /// What lies under an overlay: without colours of its own, and standing back.
    pub(super) fn covered(&self) -> Style {
        match (self.dim.fg, self.ground.background) {
            (Some(fg), bg) => Style::new().fg(fg).bg(bg.unwrap_or(Color::Reset)),
            (None, _) => Style::new().add_modifier(Modifier::DIM),
        }
    }

    /// Gives every cell without colours those of ordinary text, and takes away colours that cannot be read on the
    /// selected line.
    pub(super) fn fill(&self, buffer: &mut Buffer) {
        let (fg, bg) = (self.text.fg.unwrap_or_default(), self.ground.background.unwrap_or_default());
        for cell in &mut buffer.content {
            if cell.fg == Color::Reset {
                cell.fg = fg;
            }
            if cell.bg == Color::Reset {
                cell.bg = bg;
            }
            self.select(cell);
        }
    }

    fn select(&self, cell: &mut Cell) {
        match (self.selection.fg, self.selection.bg) {
            (Some(fg), Some(bg)) if cell.bg == bg => {
                cell.modifier.remove(Modifier::DIM);
                // The rest of a bar is to be told from the bar.
                let is_track = Some(cell.fg) == self.ground.track.fg;
                if !is_track && !contrast::is_readable(cell.symbol(), cell.fg, bg) {
                    cell.fg = fg;
                }
            }
            (None, None) if cell.modifier.contains(Modifier::REVERSED) => cell.modifier.remove(Modifier::DIM),
            _ => {}
        }
    }
}

impl Default for Theme {
    /// Without colours.
    fn default() -> Self {
        let plain = Style::new();
        let dim = plain.add_modifier(Modifier::DIM);
        let bold = plain.add_modifier(Modifier::BOLD);
        Self {
            text: plain,
            dim,
            faint: dim,
            accent: bold,
            focus: bold,
            selection: plain.add_modifier(Modifier::REVERSED).remove_modifier(Modifier::DIM),
            exclude: plain,
            warn: bold,
            error: bold,
            good: plain,
            bar: plain,
            ground: GroundTheme { background: None, track: dim },
            strong: bold,
            sql: SqlTheme { keyword: bold, string: plain, number: plain, name: plain },
            glyphs: Glyphs::default(),
        }
    }
}
