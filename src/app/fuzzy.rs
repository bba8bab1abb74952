//! Search by typing: the letters in order, the best match first.

use crate::segment::Letters;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// A query, to be held against many texts.
pub(crate) struct Search {
    pattern: Pattern,
    matcher: Matcher,
    buffer: Vec<char>,
    /// Letters that whatever matches has.
    pub needed: Letters,
}

impl Search {
    /// For a query that is not empty.
    pub fn new(query: &str) -> Self {
        Self {
            pattern: Pattern::parse(query.trim(), CaseMatching::Ignore, Normalization::Smart),
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
            needed: needed_letters(query.trim()),
        }
    }

    fn score(&mut self, item: &str) -> Option<u32> {
        self.buffer.clear();
        self.pattern.score(Utf32Str::new(item, &mut self.buffer), &mut self.matcher)
    }

    /// Whether an item matches.
    pub fn matches(&mut self, item: &str) -> bool {
        self.score(item).is_some()
    }

    /// The positions of the items that match, the best first.
    pub fn ranked<'a>(&mut self, items: impl Iterator<Item = (usize, &'a str)>) -> Vec<usize> {
        let scored = items.filter_map(|(index, item)| Some((self.score(item)?, item.len(), index)));
        let mut found: Vec<(u32, usize, usize)> = scored.collect();
        // Of equal matches the shorter is the closer one.
        found.sort_by_key(|(score, length, index)| (std::cmp::Reverse(*score), *length, *index));
        found.into_iter().map(|(_, _, index)| index).collect()
    }
}

/// The positions of the items that match, the best first; all of them in order for an empty query.
pub fn search<'a>(query: &str, items: impl Iterator<Item = &'a str>) -> Vec<usize> {
    if query.trim().is_empty() {
        return (0..items.count()).collect();
    }
    Search::new(query).ranked(items.enumerate())
}

/// Letters that whatever matches a query has; none where signs in it have a meaning.
pub(crate) fn needed_letters(query: &str) -> Letters {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == ' ';
    let plain: String = if query.chars().all(is_plain) { query.replace(' ', "") } else { String::new() };
    Letters::of(&plain)
}

#[cfg(test)]
mod tests {
    use super::search;

    #[test]
    fn the_best_match_comes_first() {
        let items = ["Product Subcategory", "Product Category", "City"];
        assert_eq!(search("category", items.into_iter()).first(), Some(&1));
        assert_eq!(search("", items.into_iter()), [0, 1, 2]);
        assert!(search("zzz", items.into_iter()).is_empty());
    }
}
