//! The characters that charts are drawn with, and the one place that decides which of them a terminal has.

use ratatui::symbols::Marker;

/// The characters that a terminal has for charts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// All of Unicode, braille included.
    #[default]
    Braille,
    /// Lines and blocks, but no braille.
    Blocks,
    /// ASCII alone.
    Ascii,
}

/// What bars are made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BarGlyphs {
    /// A filled cell.
    pub full: char,
    /// A cell that is filled by half; none where there is no such character.
    pub half: Option<char>,
    /// An empty cell.
    pub rest: char,
    /// A cell of the other bar of a pair.
    pub other: char,
}

impl Glyphs {
    /// Those of a terminal of this name (`TERM`): the console of Linux has a font without braille, terminals that
    /// are said to be dumb have ASCII.
    #[must_use]
    pub fn for_terminal(term: &str) -> Self {
        match term {
            "dumb" | "unknown" | "network" => Self::Ascii,
            _ if term == "linux" || term.starts_with("linux-") => Self::Blocks,
            _ => Self::Braille,
        }
    }

    pub(crate) fn bar(self) -> BarGlyphs {
        match self {
            Self::Ascii => BarGlyphs { full: '#', half: None, rest: '.', other: '=' },
            Self::Braille | Self::Blocks => {
                BarGlyphs { full: '━', half: Some('╸'), rest: '─', other: '╌' }
            }
        }
    }

    /// What a line is drawn with.
    pub(crate) fn marker(self) -> Marker {
        match self {
            Self::Braille => Marker::Braille,
            Self::Blocks => Marker::HalfBlock,
            Self::Ascii => Marker::Custom('*'),
        }
    }

    /// The columns of a histogram, the lowest first; the first is empty.
    pub(crate) fn columns(self) -> &'static [char] {
        match self {
            Self::Ascii => &[' ', '.', ':', '|', '#'],
            Self::Braille | Self::Blocks => &[' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
        }
    }

    /// What moves with the day.
    pub(crate) fn moving(self) -> &'static str {
        if self == Self::Ascii { "@" } else { "↻" }
    }

    /// True, false, unknown.
    pub(crate) fn result(self, result: Option<bool>) -> &'static str {
        match (self, result) {
            (Self::Ascii, Some(true)) => "+",
            (Self::Ascii, Some(false)) => "x",
            (_, Some(true)) => "✓",
            (_, Some(false)) => "✗",
            (_, None) => "?",
        }
    }

    /// What joins a figure to those that it is the product of: the first, and the last.
    pub(crate) fn branches(self) -> [&'static str; 2] {
        if self == Self::Ascii { ["|- ", "`x "] } else { ["├─ ", "└× "] }
    }

    /// More, less, the same.
    pub(crate) fn directions(self) -> [&'static str; 3] {
        match self {
            Self::Ascii => ["^", "v", "="],
            Self::Braille | Self::Blocks => ["▲", "▼", "="],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_draws_what_it_has() {
        assert_eq!(Glyphs::for_terminal("xterm-256color"), Glyphs::Braille);
        assert_eq!(Glyphs::for_terminal("linux"), Glyphs::Blocks);
        assert_eq!(Glyphs::for_terminal("dumb"), Glyphs::Ascii);
        let BarGlyphs { full, rest, other, half } = Glyphs::Ascii.bar();
        assert!([full, rest, other].iter().all(char::is_ascii) && half.is_none());
        assert!(Glyphs::Ascii.columns().iter().all(char::is_ascii));
        assert!(Glyphs::Ascii.directions().iter().all(|mark| mark.is_ascii()));
    }
}
