//! Search by typing: the letters in order, the best match first.

use crate::segment::Letters;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// The part of the best score, a numerator and a denominator, below which letters stand together by chance.
const TIGHT: (u32, u32) = (7, 10);

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

/// How a query stands in a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// As it is, in the label.
    Named,
    /// As it is, elsewhere.
    Whole,
    /// Its letters, in order, in the label.
    ScatteredName,
    /// Its letters, in order, over the whole.
    Scattered,
}

/// The positions of the items that match by their label or else by what else is searched, the best first: those that
/// have the query in their label as it stands before all others. Where any has it as it stands, letters that are
/// scattered over a text match by chance; elsewhere matches far from the best one do.
pub(crate) fn search_labelled<'a>(
    query: &str,
    items: impl ExactSizeIterator<Item = (&'a str, &'a str)>,
) -> Vec<usize> {
    let query = query.trim();
    if query.is_empty() {
        return (0..items.len()).collect();
    }
    let mut search = Search::new(query);
    let lower = query.to_lowercase();
    let scored = items.enumerate().filter_map(|(index, (label, text))| {
        let likeness = if label.to_lowercase().contains(&lower) {
            Likeness::Named
        } else if text.to_lowercase().contains(&lower) {
            Likeness::Whole
        } else if search.matches(label) {
            Likeness::ScatteredName
        } else {
            Likeness::Scattered
        };
        Some((likeness, search.score(text)?, text.len(), index))
    });
    let mut found: Vec<(Likeness, u32, usize, usize)> = scored.collect();
    let has_whole = found.iter().any(|(likeness, ..)| *likeness <= Likeness::Whole);
    let best = found.iter().map(|(_, score, ..)| *score).max().unwrap_or_default();
    let is_tight = |score: u32| score.saturating_mul(TIGHT.1) >= best.saturating_mul(TIGHT.0);
    found.retain(|(likeness, score, ..)| *likeness <= Likeness::Whole || (!has_whole && is_tight(*score)));
    found.sort_by_key(|(likeness, score, length, index)| {
        (*likeness, std::cmp::Reverse(*score), *length, *index)
    });
    found.into_iter().map(|(.., index)| index).collect()
}

/// Letters that whatever matches a query has; none where signs in it have a meaning.
pub(crate) fn needed_letters(query: &str) -> Letters {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == ' ';
    let plain: String = if query.chars().all(is_plain) { query.replace(' ', "") } else { String::new() };
    Letters::of(&plain)
}

#[cfg(test)]
mod tests {
    use super::{search, search_labelled};

    #[test]
    fn the_best_match_comes_first() {
        let items = ["Product Subcategory", "Product Category", "City"];
        assert_eq!(search("category", items.into_iter()).first(), Some(&1));
        assert_eq!(search("", items.into_iter()), [0, 1, 2]);
        assert!(search("zzz", items.into_iter()).is_empty());
    }

    #[test]
    fn names_come_first_and_chance_is_no_match() {
        let items = [
            ("Show active customers over time", "Show active customers over time segments"),
            ("Quit", "Quit quit save everything"),
            ("Save", "Save save segments"),
        ];
        assert_eq!(search_labelled("save", items.into_iter()), [2, 1]);
        assert_eq!(search_labelled("sve", items.into_iter()).first(), Some(&2));
    }
}
