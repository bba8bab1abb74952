//! The field in which customers are named: by their ids, or by any text about them.

use std::collections::HashSet;

use crossterm::event::KeyEvent;

use crate::app::field::Field;
use crate::app::layer::Cx;
use crate::app::layers::pages::Asked;
use crate::app::pasted::{Pasted, Separators};
use crate::backend::{FindCustomers, FoundCustomer, FoundCustomers, PageAnswer, PageQuestion};

/// How many customers that match are shown.
const MOST_FOUND: usize = 50;

/// The field in which customers are named.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// What is typed.
    pub field: Field,
    /// Whether keys go into it.
    pub is_typing: bool,
    /// The customers that match.
    pub search: Asked,
    /// The match at the cursor.
    pub cursor: usize,
    /// Whether what is typed is taken as soon as the search is done.
    pub is_awaited: bool,
}

/// Whom a person has named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// Nobody.
    Nobody,
    /// This one.
    One(String),
    /// Several; or one whose id is the whole text, if there is one.
    Several { whole: Option<String>, ids: Vec<String> },
}

impl Entry {
    /// Has keys go into the field, with what stood there last.
    pub(super) fn start(&mut self) {
        (self.is_typing, self.is_awaited, self.cursor) = (true, false, 0);
    }

    pub(super) fn stop(&mut self) {
        (self.is_typing, self.is_awaited) = (false, false);
    }

    pub(super) fn type_key(&mut self, key: KeyEvent) {
        self.is_awaited = false;
        if self.field.input(key) {
            self.cursor = 0;
        }
    }

    /// Takes pasted text; several ids at once.
    pub(super) fn paste(&mut self, text: &str) -> Option<Named> {
        let ids = listed(text);
        if ids.len() > 1 {
            return Some(Named::Several { whole: None, ids });
        }
        if !self.is_typing {
            self.field = Field::default();
        }
        self.field.paste(text);
        self.start();
        None
    }

    /// Looks for what is typed.
    pub(super) fn follow(&mut self, definition: u64, cx: &mut Cx<'_>) {
        let text = self.field.text();
        if !self.is_typing || text.trim().is_empty() {
            return;
        }
        let question = FindCustomers {
            text: text.to_owned(),
            activation_id: cx.view().activation_id(),
            as_of: cx.session.as_of(),
            limit: MOST_FOUND,
        };
        self.search.ask(definition, PageQuestion::Find(question), cx.session);
    }

    /// Who matches what is typed; `None` until that is known.
    #[must_use]
    pub fn found(&self) -> Option<&FoundCustomers> {
        match (self.search.answered()?, self.search.answer()?) {
            (PageQuestion::Find(question), PageAnswer::Found(found))
                if self.search.is_current() && question.text == self.field.text() =>
            {
                Some(found)
            }
            _ => None,
        }
    }

    /// How many ids what is typed would be.
    #[must_use]
    pub fn typed_ids(&self) -> usize {
        parts(self.field.text()).len()
    }

    fn matches(&self) -> &[FoundCustomer] {
        self.found().map_or(&[], |found| &found.customers)
    }

    pub(super) fn step(&mut self, by: isize) {
        let last = self.matches().len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    /// Takes what is typed: an id that is there, else the match at the cursor, else the text as it stands. `None` while
    /// it is still looked for.
    pub(super) fn accept(&mut self) -> Option<Named> {
        let text = self.field.text();
        if text.trim().is_empty() {
            return Some(Named::Nobody);
        }
        let is_pending = self.found().is_none() && self.search.failure().is_none();
        if is_pending && self.search.has_asked() {
            self.is_awaited = true;
            return None;
        }
        self.is_awaited = false;
        let found = self.matches();
        if found.iter().any(|customer| customer.id == text) {
            return Some(Named::One(text.to_owned()));
        }
        if let Some(customer) = found.get(self.cursor) {
            return Some(Named::One(customer.id.clone()));
        }
        let ids = parts(text);
        Some(match ids.len() {
            0 | 1 => Named::One(text.to_owned()),
            _ => Named::Several { whole: Some(text.to_owned()), ids },
        })
    }
}

/// The ids of a pasted text of several lines: one a line, as it stands there, so that blanks and quotes may be in it;
/// where commas end the lines or stand at quotes, they part ids too.
fn listed(text: &str) -> Vec<String> {
    let separators = Separators::guess(text);
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    if lines < 2 {
        return Vec::new();
    }
    if separators.commas || separators.semicolons {
        return Pasted::read(text, separators).values.iter().map(|value| value.to_string()).collect();
    }
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    unique(lines.map(str::to_owned))
}

/// The ids on one line, between commas, semicolons and blanks; quotes keep those.
fn parts(text: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut id = String::new();
    let mut letters = text.chars().peekable();
    let mut is_quoted = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                id.push('"');
                letters.next();
            }
            '"' if is_quoted || id.is_empty() => is_quoted = !is_quoted,
            ',' | ';' if !is_quoted => ids.push(std::mem::take(&mut id)),
            blank if blank.is_whitespace() && !is_quoted => ids.push(std::mem::take(&mut id)),
            other => id.push(other),
        }
    }
    ids.push(id);
    unique(ids.into_iter().filter(|id| !id.is_empty()))
}

fn unique(ids: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    ids.filter(|id| seen.insert(id.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_parted_at_commas_and_blanks_unless_they_are_quoted() {
        assert_eq!(parts("a, b;c  d,a"), ["a", "b", "c", "d"]);
        assert_eq!(parts("\"a b\" c \"d \"\"e\""), ["a b", "c", "d \"e"]);
        assert_eq!(parts("5\" 6"), ["5\"", "6"]);
        assert_eq!(parts("alone"), ["alone"]);
    }

    #[test]
    fn ids_of_several_lines_are_taken_as_they_stand() {
        assert_eq!(listed("a b\r\n \"c\"\n\na b\n x"), ["a b", " \"c\"", " x"]);
        assert_eq!(listed("a,\nb,\nc,"), ["a", "b", "c"]);
        assert!(listed("a, b").is_empty() && listed("a\n").is_empty());
    }
}
