//! Search by typing: the letters in order, the best match first.

use std::cmp::Reverse;

use crate::segment::Letters;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// The part of the best score, a numerator and a denominator, below which letters stand together by chance.
const TIGHT: (u32, u32) = (7, 10);

/// How a query stands in a name, the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NameMatch {
    /// It is the name.
    Exact,
    /// The name begins with it.
    Prefix,
    /// Each of its words begins a word of the name.
    Words,
    /// It stands somewhere in the name.
    Substring,
    /// Its letters stand in the name, in order.
    Scattered,
}

/// How good a match is: its kind, its score, and its length, of which the shorter is the closer one.
pub(crate) type Closeness = (NameMatch, Reverse<u32>, usize);

/// A query, to be held against many texts.
pub(crate) struct Search {
    pattern: Pattern,
    matcher: Matcher,
    buffer: Vec<char>,
    /// The query as names are compared with it.
    plain: String,
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
            plain: plain(query.trim()),
            needed: needed_letters(query.trim()),
        }
    }

    fn score(&mut self, item: &str) -> Option<u32> {
        self.buffer.clear();
        self.pattern.score(Utf32Str::new(item, &mut self.buffer), &mut self.matcher)
    }

    /// Whether an item matches.
    pub fn matches(&mut self, item: &str) -> bool {
        self.score(item).is_some() || self.literal(item).is_some()
    }

    /// How the query stands in a name, unless its letters are scattered over it.
    fn literal(&self, name: &str) -> Option<NameMatch> {
        let (name, query) = (plain(name), self.plain.as_str());
        if name == query {
            return Some(NameMatch::Exact);
        }
        if name.starts_with(query) {
            return Some(NameMatch::Prefix);
        }
        let begins = |word: &str| words(&name).any(|of_name| of_name.starts_with(word));
        if words(query).next().is_some() && words(query).all(begins) {
            return Some(NameMatch::Words);
        }
        name.contains(query).then_some(NameMatch::Substring)
    }

    /// How close a name is, if it matches.
    pub fn closeness(&mut self, name: &str) -> Option<Closeness> {
        let (literal, score) = (self.literal(name), self.score(name));
        let kind = literal.or(score.map(|_| NameMatch::Scattered))?;
        Some((kind, Reverse(score.unwrap_or(0)), name.len()))
    }

    /// Whether each word of the query begins a word of the name or of what it stands in, and one of them a word of
    /// the name.
    pub fn matches_within(&self, name: &str, place: &str) -> bool {
        let (name, place) = (plain(name), plain(place));
        let begins = |text: &str, word: &str| words(text).any(|of_text| of_text.starts_with(word));
        words(&self.plain).any(|word| begins(&name, word))
            && words(&self.plain).all(|word| begins(&name, word) || begins(&place, word))
    }

    /// The positions of the items that match, the best first.
    pub fn ranked<'a>(&mut self, items: impl Iterator<Item = (usize, &'a str)>) -> Vec<usize> {
        let found = items.filter_map(|(index, item)| Some((self.closeness(item)?, index)));
        best_first(found.collect(), |(closeness, _)| *closeness).into_iter().map(|(_, index)| index).collect()
    }
}

/// Sorts what was found. Where something has the query as it stands, letters that are scattered over a text match by
/// chance; elsewhere those do that are far from the best match.
pub(crate) fn best_first<T: Ord>(mut found: Vec<T>, closeness: impl Fn(&T) -> Closeness) -> Vec<T> {
    let is_literal = |item: &T| closeness(item).0 < NameMatch::Scattered;
    let has_literal = found.iter().any(is_literal);
    let best = found.iter().map(|item| closeness(item).1.0).max().unwrap_or_default();
    let is_tight = |score: u32| score.saturating_mul(TIGHT.1) >= best.saturating_mul(TIGHT.0);
    found.retain(|item| is_literal(item) || (!has_literal && is_tight(closeness(item).1.0)));
    found.sort();
    found
}

/// The positions of the items that match, the best first; all of them in order for an empty query.
pub fn search<'a>(query: &str, items: impl Iterator<Item = &'a str>) -> Vec<usize> {
    if query.trim().is_empty() {
        return (0..items.count()).collect();
    }
    Search::new(query).ranked(items.enumerate())
}

/// The positions of the items that match by their label or else by what else is searched, the best first: those that
/// have the query in their label as it stands before all others.
pub(crate) fn search_labelled<'a>(
    query: &str,
    items: impl ExactSizeIterator<Item = (&'a str, &'a str)>,
) -> Vec<usize> {
    if query.trim().is_empty() {
        return (0..items.len()).collect();
    }
    let mut search = Search::new(query);
    let found = items.enumerate().filter_map(|(index, (label, text))| {
        let by_label = search.closeness(label).filter(|(kind, ..)| *kind < NameMatch::Scattered);
        let is_by_text = by_label.is_none();
        let closeness = by_label.or_else(|| search.closeness(text))?;
        let is_scattered = closeness.0 == NameMatch::Scattered;
        // Of texts in which letters are scattered those come first that have them all in the label.
        let is_elsewhere = is_by_text && !(is_scattered && search.matches(label));
        Some((is_scattered, is_elsewhere, closeness, index))
    });
    let found = best_first(found.collect(), |(_, _, closeness, _)| *closeness);
    found.into_iter().map(|(.., index)| index).collect()
}

/// A text as names are compared: small letters, and blanks in place of underscores.
fn plain(text: &str) -> String {
    text.trim().to_lowercase().replace('_', " ")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
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
    fn a_name_comes_before_those_that_only_have_it_in_them() {
        let items = ["Estate", "Statement", "Home State", "State", "Scattered ate", "State Code"];
        let found: Vec<&str> = search("state", items.into_iter()).into_iter().map(|at| items[at]).collect();
        assert_eq!((found[0], found[3], found[4], found.len()), ("State", "Home State", "Estate", 5));
        assert_eq!(search("tier", ["Loyalty Tier", "Churn Trigger"].into_iter()), [0]);
        assert_eq!(search("product_cat", ["Product Category"].into_iter()), [0]);
        assert_eq!(search("cat prod", ["Product Category"].into_iter()), [0]);
        assert_eq!(search("prct", ["Product Category"].into_iter()), [0]);
    }

    #[test]
    fn names_come_first_and_chance_is_no_match() {
        let items = [
            ("Show active customers over time", "Show active customers over time segments"),
            ("Quit", "Quit quit save everything"),
            ("Save", "Save save segments"),
        ];
        assert_eq!(search_labelled("save", items.into_iter()), [2, 1]);
        let signs = [("more than", "more than >"), ("at least", "at least >="), ("exactly", "exactly =")];
        assert_eq!(search_labelled("=", signs.into_iter()).first(), Some(&2));
        assert_eq!(search_labelled("sve", items.into_iter()).first(), Some(&2));
    }
}
