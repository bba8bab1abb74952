//! The parts of a theme as they are named in files, and what can be written for one.

use ratatui::style::{Color, Modifier, Style};

use super::Theme;
use crate::segment::nearest;

/// The name of a part, and the part.
type Part = (&'static str, fn(&mut Theme) -> &mut Style);

/// All parts but the background, which belongs to ordinary text.
pub(super) const PARTS: [Part; 17] = [
    ("text", |theme| &mut theme.text),
    ("dim", |theme| &mut theme.dim),
    ("faint", |theme| &mut theme.faint),
    ("accent", |theme| &mut theme.accent),
    ("focus", |theme| &mut theme.focus),
    ("selection", |theme| &mut theme.selection),
    ("exclude", |theme| &mut theme.exclude),
    ("warn", |theme| &mut theme.warn),
    ("error", |theme| &mut theme.error),
    ("good", |theme| &mut theme.good),
    ("bar", |theme| &mut theme.bar),
    ("track", |theme| &mut theme.ground.track),
    ("strong", |theme| &mut theme.strong),
    ("keyword", |theme| &mut theme.sql.keyword),
    ("string", |theme| &mut theme.sql.string),
    ("number", |theme| &mut theme.sql.number),
    ("name", |theme| &mut theme.sql.name),
];

pub(super) const BACKGROUND: &str = "background";
pub(super) const SELECTION: &str = "selection";

/// The names of all that a file can set.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    PARTS.into_iter().map(|(name, _)| name).chain([BACKGROUND])
}

/// The names of colours that a palette need not define, and of no colour.
const COLOURS: [&str; 17] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "gray",
    "darkgray",
    "lightred",
    "lightgreen",
    "lightyellow",
    "lightblue",
    "lightmagenta",
    "lightcyan",
    "white",
    "none",
];

/// The names of modifiers.
const MODIFIERS: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
];

/// Why what is written is no colour or modifier, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub message: String,
    pub help: String,
}

/// A colour, looked up in a palette first; `None` for no colour.
pub(super) fn colour<'p>(
    written: &str,
    palette: impl Fn(&str) -> Option<&'p str>,
    names: impl Iterator<Item = &'p str>,
) -> Result<Option<Color>, Wrong> {
    let meant = palette(written).unwrap_or(written);
    if meant == "none" {
        return Ok(None);
    }
    if let Ok(colour) = meant.parse::<Color>() {
        return Ok(Some(colour));
    }
    let help = match nearest(meant, COLOURS.into_iter().chain(names)) {
        Some(name) => format!("did you mean {name:?}?"),
        None => "write \"#rrggbb\", the name of one of the 16 colours, a name of [palette], or \"none\""
            .to_owned(),
    };
    Err(Wrong { message: format!("{:?} is no colour", shortened(meant)), help })
}

/// A modifier.
pub(super) fn modifier(written: &str) -> Result<Modifier, Wrong> {
    let found = MODIFIERS.iter().find(|(name, _)| *name == written).map(|(_, modifier)| *modifier);
    found.ok_or_else(|| {
        let names = MODIFIERS.iter().map(|(name, _)| *name);
        let help = match nearest(written, names.clone()) {
            Some(name) => format!("did you mean {name:?}?"),
            None => format!("write {}", names.collect::<Vec<_>>().join(", ")),
        };
        Wrong { message: format!("{:?} is no modifier", shortened(written)), help }
    })
}

fn shortened(text: &str) -> String {
    crate::diagnostic::shortened(text).into_owned()
}
