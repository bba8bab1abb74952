//! The text of a theme: what stands in it, and what is wrong there. Whatever can be read holds.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::parts::{self, BACKGROUND, Wrong};
use crate::diagnostic::Diagnostic;
use crate::segment::nearest;
use crate::toml_text::{self, TextPlace};

/// Something written at a place.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub text: String,
    /// Where it begins, in bytes.
    at: usize,
}

/// What is written for a part.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// A colour alone.
    Colour(Written),
    /// Colours and modifiers.
    Style { fg: Option<Written>, bg: Option<Written>, modifiers: Vec<Written> },
}

/// A theme as it is written.
#[derive(Debug, Default)]
pub(super) struct ThemeFile {
    /// How the file is called in messages.
    title: String,
    text: String,
    /// The theme whose parts hold where this one says nothing.
    pub inherits: Option<Written>,
    /// Names for colours.
    pub palette: BTreeMap<String, String>,
    pub parts: BTreeMap<&'static str, Value>,
    pub problems: Vec<Diagnostic>,
}

impl ThemeFile {
    /// Reads a text.
    pub fn parse(title: &str, text: &str) -> Self {
        let mut file = Self { title: title.to_owned(), text: text.to_owned(), ..Self::default() };
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let message = error.message().lines().next().unwrap_or_default().to_owned();
            let help = "write it as TOML: name = \"colour\"; the rest of the theme holds".to_owned();
            file.complain(error.span().map_or(0, |span| span.start), None, Wrong { message, help });
        }
        for (key, value) in root.get_ref() {
            file.take(key.get_ref(), key.span().start, value);
        }
        file
    }

    fn take(&mut self, key: &str, at: usize, value: &Spanned<DeValue>) {
        let place = value.span().start;
        match (key, value.get_ref()) {
            ("inherits", DeValue::String(name)) => {
                self.inherits = Some(Written { text: name.clone().into_owned(), at: place });
            }
            ("palette", DeValue::Table(colours)) => {
                for (name, colour) in colours {
                    match colour.get_ref() {
                        DeValue::String(text) => {
                            drop(
                                self.palette
                                    .insert(name.get_ref().clone().into_owned(), text.clone().into_owned()),
                            );
                        }
                        _ => self.complain(colour.span().start, Some(name.get_ref()), no_text("a colour")),
                    }
                }
            }
            ("inherits", _) => self.complain(place, Some(key), no_text("the name of a theme")),
            ("palette", _) => {
                let wrong = Wrong {
                    message: "it is no table".into(),
                    help: "write [palette] and colours below".into(),
                };
                self.complain(place, Some(key), wrong);
            }
            _ => match parts::names().find(|name| *name == key) {
                Some(name) => self.take_part(name, place, value.get_ref()),
                None => self.unknown(key, at, parts::names().chain(["inherits", "palette"])),
            },
        }
    }

    fn take_part(&mut self, name: &'static str, at: usize, value: &DeValue) {
        let value = match value {
            DeValue::String(text) => Value::Colour(Written { text: text.clone().into_owned(), at }),
            DeValue::Table(table) if name != BACKGROUND => self.style(table),
            _ => return self.complain(at, Some(name), no_text("a colour")),
        };
        self.parts.insert(name, value);
    }

    fn style(&mut self, table: &DeTable) -> Value {
        let (mut fg, mut bg, mut modifiers) = (None, None, Vec::new());
        for (key, value) in table {
            let at = value.span().start;
            let written = |text: &str, at| Written { text: text.to_owned(), at };
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("fg", DeValue::String(text)) => fg = Some(written(text, at)),
                ("bg", DeValue::String(text)) => bg = Some(written(text, at)),
                ("modifiers", DeValue::Array(list)) => {
                    for item in list.iter() {
                        match item.get_ref() {
                            DeValue::String(text) => modifiers.push(written(text, item.span().start)),
                            _ => self.complain(item.span().start, Some("modifiers"), no_text("a modifier")),
                        }
                    }
                }
                ("fg" | "bg", _) => self.complain(at, Some(key.get_ref()), no_text("a colour")),
                ("modifiers", _) => {
                    let help = "write modifiers = [\"bold\"]".to_owned();
                    self.complain(at, Some("modifiers"), Wrong { message: "it is no list".to_owned(), help });
                }
                (key_name, _) => {
                    self.unknown(key_name, key.span().start, ["fg", "bg", "modifiers"].into_iter());
                }
            }
        }
        Value::Style { fg, bg, modifiers }
    }

    fn unknown<'n>(&mut self, key: &str, at: usize, names: impl Iterator<Item = &'n str> + Clone) {
        let help = match nearest(key, names.clone()) {
            Some(name) => format!("did you mean {name}?"),
            None => format!("there are {}", names.collect::<Vec<_>>().join(", ")),
        };
        let message = format!("{:?} is no part of a theme", crate::diagnostic::shortened(key));
        self.complain(at, None, Wrong { message, help });
    }

    fn complain(&mut self, at: usize, key: Option<&str>, wrong: Wrong) {
        let problem = self.problem(at, key, wrong);
        self.problems.push(problem);
    }

    /// What is wrong with something that is written here.
    pub fn problem_with(&self, written: &Written, key: &str, wrong: Wrong) -> Diagnostic {
        self.problem(written.at, Some(key), wrong)
    }

    fn problem(&self, at: usize, key: Option<&str>, wrong: Wrong) -> Diagnostic {
        let TextPlace { line, column } = toml_text::place(&self.text, at..at);
        let key = key.map(|key| format!("{key}: ")).unwrap_or_default();
        Diagnostic::new(format!("{key}{}: {}, line {line}, column {column}", wrong.message, self.title))
            .with_help(wrong.help)
    }
}

fn no_text(what: &str) -> Wrong {
    Wrong { message: "it is no text".to_owned(), help: format!("write {what} in quotes") }
}
