//! Common table expressions: each once, under a name of its own.

use super::names::Names;
use super::piece::hung;
use super::tongue::is_hidden;

/// A common table expression.
#[derive(Clone, Debug)]
struct Part {
    name: String,
    comment: String,
    body: String,
}

/// The common table expressions of a query, in an order in which each comes after those it needs.
#[derive(Debug)]
pub struct With {
    names: Names,
    parts: Vec<Part>,
}

/// How wide comments may become.
const WIDTH: usize = 100;

impl With {
    /// None yet; `taken` are names that would hide a table.
    pub fn new<'a>(taken: impl IntoIterator<Item = &'a str>) -> Self {
        Self { names: Names::with(taken), parts: Vec::new() }
    }

    /// Adds a query and returns its name, which is made of `words`. The same query is added once.
    pub fn add(&mut self, words: &str, comment: &str, body: String) -> String {
        if let Some(known) = self.parts.iter().find(|part| part.body == body) {
            return known.name.clone();
        }
        let name = self.names.give(words);
        self.parts.push(Part { name: name.clone(), comment: comment.to_owned(), body });
        name
    }

    /// All of them, ready for the query that uses them.
    pub fn sql(&self, quoted: &dyn Fn(&str) -> String) -> String {
        let parts = self.parts.iter().map(|part| {
            let comment = commented(&part.comment);
            format!("{comment}{} AS (\n    {}\n)", quoted(&part.name), hung(&part.body, 4))
        });
        format!("WITH\n\n{}", parts.collect::<Vec<_>>().join(",\n\n"))
    }
}

/// Words as lines of comment; nothing in them ends the comment.
pub fn commented(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let harmless: String = text.chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect();
    for word in harmless.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("-- {word}")),
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}
