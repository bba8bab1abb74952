//! Colours by what they mean. State is never carried by colour alone.

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use super::charts::Glyphs;

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
    /// The rest of a bar.
    pub track: Style,
    /// Headings.
    pub strong: Style,
    /// Text of SQL.
    pub sql: SqlTheme,
    /// What charts are drawn with.
    pub glyphs: Glyphs,
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

/// A theme as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Palette {
    accent: String,
    dim: String,
    faint: String,
    selection: String,
    exclude: String,
    warn: String,
    error: String,
    good: String,
    bar: String,
    track: String,
    keyword: String,
    string: String,
    number: String,
    name: String,
}

/// Why a theme cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// There is none of that name.
    #[error("there is no theme {0:?}; there are dark, light, ansi and mono")]
    Unknown(String),
    /// It is not written as themes are.
    #[error("the theme {name:?} cannot be read: {message}")]
    Broken {
        /// Its name.
        name: String,
        /// Line and reason.
        message: String,
    },
}

const BUILT_IN: [(&str, &str); 4] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("ansi", include_str!("../../themes/ansi.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

impl Theme {
    /// A theme that is built in.
    ///
    /// # Errors
    /// There is none of that name, or it is not written as themes are.
    pub fn named(name: &str) -> Result<Self, ThemeError> {
        let text = BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
        let text = text.ok_or_else(|| ThemeError::Unknown(name.to_owned()))?;
        let broken = |message: String| ThemeError::Broken { name: name.to_owned(), message };
        let palette: Palette = toml::from_str(text).map_err(|error| broken(error.to_string()))?;
        palette.theme().map_err(|colour| broken(format!("{colour:?} is no colour")))
    }

    /// With the characters that a terminal of this name (`TERM`) has.
    #[must_use]
    pub(crate) fn for_terminal(self, term: &str) -> Self {
        Self { glyphs: Glyphs::for_terminal(term), ..self }
    }

    /// The name of the theme for a terminal: the one without colours for `NO_COLOR` and for terminals that have
    /// none, whatever is asked for; else what is asked for; else the 16 colours of the terminal where it does
    /// not say that it has true colour.
    #[must_use]
    pub(crate) fn name_for<'a>(asked: &'a str, no_color: bool, term: &str, colorterm: &str) -> &'a str {
        match (no_color || !has_colours(term), asked, colorterm) {
            (true, ..) => "mono",
            (false, "", "truecolor" | "24bit") => "dark",
            (false, "", _) => "ansi",
            (false, asked, _) => asked,
        }
    }
}

/// Whether terminals of this name (`TERM`) have colours. Those of DEC up to the VT420 have not.
fn has_colours(term: &str) -> bool {
    let is_dec = term.strip_prefix("vt").is_some_and(|model| model.starts_with(['1', '2', '3', '4']));
    let is_mono = term.split('-').skip(1).any(|part| matches!(part, "m" | "mono"));
    let is_dumb = matches!(term, "dumb" | "unknown" | "network");
    term.contains("color") || !(is_dec || is_mono || is_dumb)
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
            selection: plain.add_modifier(Modifier::REVERSED),
            exclude: plain,
            warn: bold,
            error: bold,
            good: plain,
            bar: plain,
            track: dim,
            strong: bold,
            sql: SqlTheme { keyword: bold, string: plain, number: plain, name: plain },
            glyphs: Glyphs::default(),
        }
    }
}

impl Palette {
    fn theme(self) -> Result<Theme, String> {
        let colour = |text: &str| match text {
            "none" => Ok(None),
            other => other.parse::<Color>().map(Some).map_err(|_| other.to_owned()),
        };
        let plain = Theme::default();
        let paint = |style: Style, text: &str| {
            colour(text).map(|colour| colour.map_or(style, |colour| Style::new().fg(colour)))
        };
        let accent = paint(plain.accent, &self.accent)?;
        let selection = match colour(&self.selection)? {
            Some(colour) => Style::new().bg(colour),
            None => plain.selection,
        };
        Ok(Theme {
            text: plain.text,
            dim: paint(plain.dim, &self.dim)?,
            faint: paint(plain.faint, &self.faint)?,
            accent,
            focus: accent.add_modifier(Modifier::BOLD),
            selection,
            exclude: paint(plain.exclude, &self.exclude)?,
            warn: paint(plain.warn, &self.warn)?,
            error: paint(plain.error, &self.error)?,
            good: paint(plain.good, &self.good)?,
            bar: paint(plain.bar, &self.bar)?,
            track: paint(plain.track, &self.track)?,
            strong: plain.strong,
            sql: SqlTheme {
                keyword: paint(plain.sql.keyword, &self.keyword)?,
                string: paint(plain.sql.string, &self.string)?,
                number: paint(plain.sql.number, &self.number)?,
                name: paint(plain.sql.name, &self.name)?,
            },
            glyphs: plain.glyphs,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_can_be_read() {
        for (name, _) in BUILT_IN {
            Theme::named(name).unwrap();
        }
        assert!(Theme::named("nope").is_err());
    }

    #[test]
    fn no_colour_where_none_is_wanted_or_there_is_none() {
        assert_eq!(Theme::name_for("light", true, "xterm-256color", "truecolor"), "mono");
        for term in ["dumb", "vt100", "vt220", "vt220-8bit", "linux-m", "xterm-mono"] {
            assert_eq!(Theme::name_for("dark", false, term, "truecolor"), "mono", "{term}");
        }
        for term in ["xterm", "linux", "vte-256color", "screen-256color", "vt220-color", "vt525", ""] {
            assert_eq!(Theme::name_for("", false, term, ""), "ansi", "{term}");
        }
        assert_eq!(Theme::name_for("", false, "xterm", "truecolor"), "dark");
        assert_eq!(Theme::name_for("light", false, "xterm", ""), "light");
    }
}
