//! What is wrong, where, and what to do about it: the one carrier of what every room tells a person.
//!
//! An error that has more to say (a severity, alternatives to choose from, a path) embeds a [`Diagnostic`]
//! and adds its own fields. This room knows nothing else of the crate.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

/// What is wrong, where, and what to do.
///
/// It is displayed as `place: message`, with a file as `message (FILE, line 3)`, or as the message alone where the
/// place is not known or has no name; the help is for whoever shows it to set apart (`Diagnostic::one_line` puts it behind the message).
///
/// ```
/// use segtui::diagnostic::Diagnostic;
///
/// let missing = Diagnostic::new("there is no table \"Order\"").with_help("did you mean \"Orders\"?");
/// assert_eq!(missing.to_string(), "there is no table \"Order\"");
/// assert_eq!(missing.one_line(), "there is no table \"Order\": did you mean \"Orders\"?");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic<P = ()> {
    /// Where it is.
    pub place: P,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// A part of what to do, which is words, or lines to be pasted into `database.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HelpPart {
    /// Words.
    Words(String),
    /// Lines to be pasted, as they stand.
    Lines(String),
}

/// Tells the lines to be pasted from the words around them.
#[must_use]
pub fn help_parts(help: &str) -> Vec<HelpPart> {
    let mut parts = Vec::new();
    for line in help.lines() {
        let is_header = line.starts_with('[') && line.ends_with(']');
        match (is_header || is_setting(line), parts.last_mut()) {
            (true, Some(HelpPart::Lines(lines))) if !is_header => {
                lines.push('\n');
                lines.push_str(line);
            }
            (true, _) => parts.push(HelpPart::Lines(line.to_owned())),
            (false, _) => parts.push(HelpPart::Words(line.to_owned())),
        }
    }
    parts
}

/// `key = value`, as TOML has it.
fn is_setting(line: &str) -> bool {
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    line.split_once(" = ").is_some_and(|(key, _)| !key.is_empty() && key.chars().all(is_bare))
}

/// Where something is, as it is named before a message.
pub trait PlaceName {
    /// The name; `None` where the place is not known.
    fn place_name(&self) -> Option<String>;

    /// A message with the place, where that is known.
    fn placed(&self, message: &str) -> String {
        match self.place_name() {
            Some(place) => format!("{place}: {message}"),
            None => message.to_owned(),
        }
    }
}

impl PlaceName for () {
    fn place_name(&self) -> Option<String> {
        None
    }
}

impl<P: PlaceName> PlaceName for Option<P> {
    fn place_name(&self) -> Option<String> {
        self.as_ref().and_then(PlaceName::place_name)
    }

    fn placed(&self, message: &str) -> String {
        self.as_ref().map_or_else(|| message.to_owned(), |place| place.placed(message))
    }
}

impl PlaceName for String {
    fn place_name(&self) -> Option<String> {
        Some(self.clone())
    }
}

/// A file, and the line in it where that can be told. Its name is `FILE` or `FILE, line 3`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileLine {
    /// The file.
    pub file: PathBuf,
    /// Counted from 1. Files may have more lines than fit into memory.
    pub line: Option<u64>,
}

impl PlaceName for FileLine {
    fn place_name(&self) -> Option<String> {
        let line = self.line.map(|line| format!(", line {line}")).unwrap_or_default();
        Some(format!("{}{line}", self.file.display()))
    }

    /// The reason first: paths are long, and whoever reads only the start of a line reads that.
    fn placed(&self, message: &str) -> String {
        let place = self.place_name().unwrap_or_default();
        if place.is_empty() { message.to_owned() } else { format!("{message} ({place})") }
    }
}

impl Diagnostic {
    /// Something is wrong, without a place and without help.
    pub fn new(message: impl Into<String>) -> Self {
        Self { place: (), message: message.into(), help: None }
    }

    /// The same in a file, of which the line is not known.
    #[must_use]
    pub(crate) fn in_file(self, file: impl Into<PathBuf>) -> Diagnostic<FileLine> {
        self.at(FileLine { file: file.into(), line: None })
    }
}

impl Diagnostic<FileLine> {
    /// The same with the file as it is called in a folder, where it lies in it.
    #[must_use]
    pub(crate) fn relative_to(mut self, folder: &Path) -> Self {
        let file = self.place.file.strip_prefix(folder).ok();
        if let Some(file) = file.filter(|file| !file.as_os_str().is_empty()) {
            self.place.file = file.to_owned();
        }
        self
    }
}

impl<P> Diagnostic<P> {
    /// Adds what to do. Nothing is added where the help is empty.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()).filter(|help| !help.is_empty()), ..self }
    }

    /// The same at another place.
    #[must_use]
    pub fn at<Q>(self, place: Q) -> Diagnostic<Q> {
        Diagnostic { place, message: self.message, help: self.help }
    }

    /// The same at a place made of this one.
    pub(crate) fn map_place<Q>(self, make: impl FnOnce(P) -> Q) -> Diagnostic<Q> {
        Diagnostic { place: make(self.place), message: self.message, help: self.help }
    }

    /// Message and help without the place: `message: help`.
    #[must_use]
    pub(crate) fn one_line(&self) -> String {
        match &self.help {
            Some(help) => format!("{}: {help}", self.message),
            None => self.message.clone(),
        }
    }

    /// The help, empty where there is none.
    #[must_use]
    pub fn help_text(&self) -> &str {
        self.help.as_deref().unwrap_or_default()
    }
}

impl<P: PlaceName> Diagnostic<P> {
    /// The same for whoever shows nothing but message and help: the message says the place too.
    #[must_use]
    pub(crate) fn with_place_in_message(self) -> Diagnostic {
        Diagnostic { message: self.to_string(), ..self.at(()) }
    }
}

impl From<Diagnostic<FileLine>> for Diagnostic {
    fn from(diagnostic: Diagnostic<FileLine>) -> Self {
        diagnostic.with_place_in_message()
    }
}

/// A value or name as messages have it: of a long one only the start, 60 letters.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST).and_then(|(end, _)| text.get(..end)) {
        Some(start) => Cow::Owned(format!("{start}…")),
        None => Cow::Borrowed(text),
    }
}

impl<P: PlaceName> fmt::Display for Diagnostic<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place.placed(&self.message))
    }
}

impl<P: PlaceName + fmt::Debug> std::error::Error for Diagnostic<P> {}

#[cfg(test)]
mod tests {
    use super::*;

    struct Line(usize);

    impl PlaceName for Line {
        fn place_name(&self) -> Option<String> {
            Some(format!("line {}", self.0))
        }
    }

    #[test]
    fn a_file_is_named_behind_the_message_with_its_line() {
        let at = |line| FileLine { file: "a.toml".into(), line };
        assert_eq!(Diagnostic::new("no").at(at(Some(3))).to_string(), "no (a.toml, line 3)");
        assert_eq!(Diagnostic::new("no").at(at(None)).to_string(), "no (a.toml)");
        assert_eq!(Diagnostic::new("no").at(Some(at(None))).to_string(), "no (a.toml)");
        assert_eq!(Diagnostic::new("no").in_file("").to_string(), "no");
    }

    #[test]
    fn a_file_is_called_as_in_its_folder() {
        let named =
            |file: &str| Diagnostic::new("no").in_file(file).relative_to(Path::new("/data/shop")).to_string();
        assert_eq!(named("/data/shop/orders/1.csv"), "no (orders/1.csv)");
        assert_eq!(named("/data/shop"), "no (/data/shop)");
        assert_eq!(named("/data/shops/1.csv"), "no (/data/shops/1.csv)");
        assert_eq!(named("queries/a.sql"), "no (queries/a.sql)");
    }

    #[test]
    fn lines_to_be_pasted_are_told_from_words() {
        let words = |text: &str| HelpPart::Words(text.to_owned());
        let lines = |text: &str| HelpPart::Lines(text.to_owned());
        let day = "[tables.\"my orders\"]\ncsv = { date = \"%d/%m/%Y\" }";
        assert_eq!(help_parts(day), [lines(day)]);
        assert_eq!(help_parts(&format!("{day}\nor\n{day}")), [lines(day), words("or"), lines(day)]);
        assert_eq!(
            help_parts("say which:\nparts = \"union\""),
            [words("say which:"), lines("parts = \"union\"")]
        );
        assert_eq!(help_parts("save it as UTF-8, where x = y"), [words("save it as UTF-8, where x = y")]);
        assert_eq!(help_parts(""), []);
    }

    #[test]
    fn of_what_is_long_the_start_is_told() {
        for short in ["", "é", &"é".repeat(60)] {
            assert_eq!(shortened(short), short);
        }
        assert_eq!(shortened(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
        assert_eq!(shortened(&"x".repeat(1 << 20)).chars().count(), 61);
    }

    #[test]
    fn the_place_stands_before_the_message() {
        let diagnostic = Diagnostic::new("a comma is missing").with_help("write one");
        assert_eq!(diagnostic.to_string(), "a comma is missing");
        assert_eq!(diagnostic.clone().at(Line(3)).to_string(), "line 3: a comma is missing");
        assert_eq!(diagnostic.clone().at(None::<Line>).to_string(), "a comma is missing");
        assert_eq!(diagnostic.one_line(), "a comma is missing: write one");
        assert_eq!(diagnostic.with_help("").one_line(), "a comma is missing");
    }
}
