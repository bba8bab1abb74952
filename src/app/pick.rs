//! A list that is searched by typing, with a cursor.

use crossterm::event::KeyEvent;

use crate::app::field::Field;
use crate::app::fuzzy;

/// A list that is searched by typing.
#[derive(Clone, Debug)]
pub struct Pick<T> {
    /// What is searched for.
    pub query: Field,
    items: Vec<Item<T>>,
    found: Vec<usize>,
    cursor: usize,
}

/// One thing to pick.
#[derive(Clone, Debug, PartialEq)]
pub struct Item<T> {
    /// What it is.
    pub value: T,
    /// Its name on screens.
    pub label: String,
    /// What the search looks through.
    pub search: String,
    /// Something short beside the name.
    pub detail: String,
    /// Why it cannot be picked just now.
    pub disabled: Option<String>,
}

impl<T> Item<T> {
    /// An item found by its label.
    pub fn new(value: T, label: impl Into<String>) -> Self {
        let label = label.into();
        Self { value, search: label.clone(), label, detail: String::new(), disabled: None }
    }

    /// With something short beside the name.
    #[must_use]
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

impl<T> Pick<T> {
    /// A list with nothing searched for and the cursor at the top.
    #[must_use]
    pub fn new(items: Vec<Item<T>>) -> Self {
        let found = (0..items.len()).collect();
        Self { query: Field::default(), items, found, cursor: 0 }
    }

    /// A list with something searched for already.
    #[must_use]
    pub(crate) fn searched(items: Vec<Item<T>>, query: &str) -> Self {
        let mut pick = Self { query: Field::with(query), ..Self::new(items) };
        pick.search();
        pick
    }

    /// Whether nothing matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// These items, found otherwise, in place of those that match; the search stays as it is typed.
    pub(crate) fn replace(&mut self, items: Vec<Item<T>>) {
        self.found = (0..items.len()).collect();
        (self.items, self.cursor) = (items, 0);
    }

    /// The items that match, the best first, and whether the cursor is on them.
    pub fn found(&self) -> impl ExactSizeIterator<Item = (bool, &Item<T>)> {
        let items = self.found.iter().filter_map(|index| self.items.get(*index)).collect::<Vec<_>>();
        items.into_iter().enumerate().map(|(at, item)| (at == self.cursor, item))
    }

    /// The positions of the items that match, among all.
    pub fn found_at(&self) -> impl Iterator<Item = usize> {
        self.found.iter().copied()
    }

    /// Where the cursor is among the items that match.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The item at the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&Item<T>> {
        self.found.get(self.cursor).and_then(|index| self.items.get(*index))
    }

    /// Puts the cursor on the first item that is so.
    pub(crate) fn go_to(&mut self, is_it: impl Fn(&T) -> bool) {
        let at =
            self.found.iter().position(|index| self.items.get(*index).is_some_and(|item| is_it(&item.value)));
        self.cursor = at.unwrap_or(self.cursor);
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.found.len().saturating_sub(1));
    }

    /// Types into the search.
    pub fn input(&mut self, key: KeyEvent) {
        if self.query.input(key) {
            self.search();
        }
    }

    /// Changes the search, which `change` answers if it has.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Field) -> bool) {
        if change(&mut self.query) {
            self.search();
        }
    }

    /// Pastes into the search.
    pub fn paste(&mut self, text: &str) {
        self.query.paste(text);
        self.search();
    }

    fn search(&mut self) {
        let items = self.items.iter().map(|item| (item.label.as_str(), item.search.as_str()));
        self.found = fuzzy::search_labelled(self.query.text(), items);
        self.cursor = 0;
    }
}
