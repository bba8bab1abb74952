//! Search by typing: the letters in order, the best match first.

use crate::segment::Letters;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// The positions of the items that match, the best first; all of them in order for an empty query.
pub fn search<'a>(query: &str, items: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let query = query.trim();
    if query.is_empty() {
        return (0..items.count()).collect();
    }
    let pattern = Pattern::parse(query, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut found: Vec<(u32, usize, usize)> = items
        .enumerate()
        .filter_map(|(index, item)| {
            buffer.clear();
            pattern
                .score(Utf32Str::new(item, &mut buffer), &mut matcher)
                .map(|score| (score, item.len(), index))
        })
        .collect();
    // Of equal matches the shorter is the closer one.
    found.sort_by_key(|(score, length, index)| (std::cmp::Reverse(*score), *length, *index));
    found.into_iter().map(|(_, _, index)| index).collect()
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
