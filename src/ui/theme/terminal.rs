//! What a terminal says of itself, and which theme and characters are for it.

use ratatui::style::{Color, Style};

use super::Theme;
use super::parts::PARTS;
use crate::ui::charts::Glyphs;

/// How many colours a terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// None, or none are wanted.
    None,
    /// Those of its own palette.
    Sixteen,
    /// 256, all but the first 16 of which are the same everywhere.
    Indexed,
    /// All.
    True,
}

/// What the environment says of the terminal.
#[derive(Clone, Debug, Default)]
pub struct TerminalLook {
    /// `TERM`
    pub term: String,
    /// `COLORTERM`
    pub colorterm: String,
    /// `COLORFGBG`: the numbers of its text and background among the 16 colours.
    pub colorfgbg: String,
    /// Whether `NO_COLOR` is set.
    pub no_color: bool,
    /// Whether it is at the other end of a line that may be slow (`SSH_CONNECTION`, `SSH_TTY`).
    pub is_remote: bool,
}

/// Terminals of true colour, as they are named in `TERM` where `COLORTERM` does not come along.
const TRUE_COLOUR: [&str; 6] = ["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour"];

impl TerminalLook {
    /// How many colours it has.
    #[must_use]
    pub fn colours(&self) -> Colours {
        let is_true = matches!(self.colorterm.as_str(), "truecolor" | "24bit")
            || self.term.ends_with("-direct")
            || TRUE_COLOUR.iter().any(|name| self.term.starts_with(name));
        match self.term.as_str() {
            term if self.no_color || !has_colours(term) => Colours::None,
            _ if is_true => Colours::True,
            term if term.contains("256color") => Colours::Indexed,
            _ => Colours::Sixteen,
        }
    }

    /// Whether its background is light, if it says so.
    #[must_use]
    pub fn is_light(&self) -> Option<bool> {
        let background = self.colorfgbg.rsplit_once(';')?.1.parse::<u8>().ok()?;
        (background < 16).then_some(matches!(background, 7 | 9..=15))
    }

    /// Whether it can be asked for its background: it has the colours to show what comes of it, knows such a question,
    /// and answers at once. Old ones would print it.
    #[must_use]
    pub fn can_be_asked(&self) -> bool {
        let knows = ["xterm", "rxvt-unicode", "vte", "tmux", "konsole", "gnome", "iterm", "mintty"];
        let is_known =
            self.colours() == Colours::True || knows.iter().any(|name| self.term.starts_with(name));
        let is_screen = self.term.starts_with("screen");
        self.colours() != Colours::None
            && is_known
            && !is_screen
            && !self.is_remote
            && self.is_light().is_none()
    }

    /// The name of the theme: the one without colours for `NO_COLOR` and for terminals that have none, whatever is
    /// asked for; else what is asked for; else by its background.
    #[must_use]
    pub fn theme_name<'a>(&self, asked: Option<&'a str>, is_light: bool) -> &'a str {
        match (self.colours(), asked, is_light) {
            (Colours::None, ..) => "mono",
            (_, Some(asked), _) => asked,
            (Colours::Sixteen, None, false) => "ansi",
            (Colours::Sixteen, None, true) => "ansi-light",
            (_, None, false) => "dark",
            (_, None, true) => "light",
        }
    }

    /// A theme in the colours that it has.
    #[must_use]
    pub fn adapt(&self, theme: Theme) -> Theme {
        if self.colours() == Colours::True { theme } else { theme.in_256_colours() }
    }

    /// The characters that it has.
    #[must_use]
    pub(crate) fn glyphs(&self) -> Glyphs {
        Glyphs::for_terminal(&self.term)
    }
}

/// Whether terminals of this name (`TERM`) have colours. Those of DEC up to the VT420 have not.
fn has_colours(term: &str) -> bool {
    let is_dec = term.strip_prefix("vt").is_some_and(|model| model.starts_with(['1', '2', '3', '4']));
    let is_mono = term.split('-').skip(1).any(|part| matches!(part, "m" | "mono"));
    let is_dumb = matches!(term, "dumb" | "unknown" | "network");
    term.contains("color") || !(is_dec || is_mono || is_dumb)
}

impl Theme {
    /// With the nearest of the 240 colours that are the same everywhere in place of those of true colour.
    #[must_use]
    pub fn in_256_colours(mut self) -> Self {
        for (_, part) in PARTS {
            let style = part(&mut self);
            *style = Style { fg: style.fg.map(indexed), bg: style.bg.map(indexed), ..*style };
        }
        self.ground.background = self.ground.background.map(indexed);
        self
    }
}

fn indexed(colour: Color) -> Color {
    const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let Color::Rgb(red, green, blue) = colour else { return colour };
    let level =
        |part: u8| (0u8..).zip(LEVELS).min_by_key(|(_, level)| level.abs_diff(part)).unwrap_or_default();
    let distance = |other: [u8; 3]| -> u32 {
        let of = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        [red, green, blue].into_iter().zip(other).map(|(a, b)| of(a, b)).sum()
    };
    let [red_level, green_level, blue_level] = [red, green, blue].map(level);
    let cube = distance([red_level.1, green_level.1, blue_level.1]);
    let grays = (0u8..24).map(|step| (distance([8 + 10 * step; 3]), step));
    match grays.min() {
        Some((gray, step)) if gray < cube => Color::Indexed(232 + step),
        _ => Color::Indexed(16 + 36 * red_level.0 + 6 * green_level.0 + blue_level.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal(term: &str, colorterm: &str) -> TerminalLook {
        TerminalLook { term: term.to_owned(), colorterm: colorterm.to_owned(), ..TerminalLook::default() }
    }

    #[test]
    fn no_colour_where_none_is_wanted_or_there_is_none() {
        let unwanted = TerminalLook { no_color: true, ..terminal("xterm-256color", "truecolor") };
        assert_eq!(unwanted.theme_name(Some("light"), true), "mono");
        for term in ["dumb", "vt100", "vt220", "vt220-8bit", "linux-m", "xterm-mono"] {
            let terminal = terminal(term, "truecolor");
            assert_eq!(terminal.theme_name(Some("dark"), false), "mono", "{term}");
            assert!(!terminal.can_be_asked(), "{term}");
        }
    }

    #[test]
    fn the_theme_is_one_of_its_colours_and_background() {
        for (term, colorterm, dark, light) in [
            ("xterm", "", "ansi", "ansi-light"),
            ("linux", "", "ansi", "ansi-light"),
            ("vt220-color", "", "ansi", "ansi-light"),
            ("vt525", "", "ansi", "ansi-light"),
            ("", "", "ansi", "ansi-light"),
            ("screen-256color", "", "dark", "light"),
            ("xterm", "truecolor", "dark", "light"),
            ("foot", "", "dark", "light"),
        ] {
            let terminal = terminal(term, colorterm);
            assert_eq!(terminal.theme_name(None, false), dark, "{term}");
            assert_eq!(terminal.theme_name(None, true), light, "{term}");
            assert_eq!(terminal.theme_name(Some("own"), true), "own");
        }
    }

    #[test]
    fn a_light_background_is_told_by_its_number() {
        let said = |colorfgbg: &str| {
            TerminalLook { colorfgbg: colorfgbg.to_owned(), ..terminal("xterm", "") }.is_light()
        };
        assert_eq!([said("0;15"), said("15;0"), said("0;default;15")], [Some(true), Some(false), Some(true)]);
        assert_eq!(
            [said("12;8"), said("0;7"), said("0;default"), said(""), said("15")],
            [Some(false), Some(true), None, None, None]
        );
    }

    #[test]
    fn only_a_terminal_that_knows_the_question_is_asked() {
        assert!(
            terminal("xterm-256color", "").can_be_asked()
                && terminal("tmux-256color", "truecolor").can_be_asked()
        );
        for term in ["linux", "vt100", "screen", "screen-256color", "ansi", "", "dumb", "eterm", "sun"] {
            assert!(!terminal(term, "").can_be_asked(), "{term}");
        }
        let xterm = || terminal("xterm-256color", "truecolor");
        assert!(!TerminalLook { is_remote: true, ..xterm() }.can_be_asked());
        assert!(!TerminalLook { no_color: true, ..xterm() }.can_be_asked());
        assert!(!TerminalLook { colorfgbg: "0;15".to_owned(), ..xterm() }.can_be_asked());
    }

    #[test]
    fn colours_are_the_nearest_of_256() {
        let rgb = |red, green, blue| indexed(Color::Rgb(red, green, blue));
        assert_eq!([rgb(0, 0, 0), rgb(255, 255, 255)], [Color::Indexed(16), Color::Indexed(231)]);
        assert_eq!([rgb(95, 135, 175), rgb(8, 8, 8)], [Color::Indexed(67), Color::Indexed(232)]);
        assert_eq!(indexed(Color::Cyan), Color::Cyan);
    }
}
