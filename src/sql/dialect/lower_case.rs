//! Where the lower case of engines is not Unicode's (`docs/reference/segment-language.md`, Strings compare
//! without regard to case).
//!
//! Engines map letter by letter, by tables of Unicode 15 or so. Unicode's lower case of a text differs in
//! two ways, `İ` (two letters) and the final sigma, and newer versions have more letters.

use std::collections::BTreeSet;

/// Its lower case is two letters.
pub(crate) const DOTTED_CAPITAL_I: char = 'İ';

/// Capital letters younger than the tables of engines: first and last of each run.
const YOUNG: [(char, char); 10] = [
    ('\u{1c89}', '\u{1c89}'),
    ('\u{a7cb}', '\u{a7cc}'),
    ('\u{a7ce}', '\u{a7ce}'),
    ('\u{a7d2}', '\u{a7d2}'),
    ('\u{a7d4}', '\u{a7d4}'),
    ('\u{a7da}', '\u{a7da}'),
    ('\u{a7dc}', '\u{a7dc}'),
    ('\u{10d50}', '\u{10d65}'),
    ('\u{16ea0}', '\u{16eb8}'),
    (DOTTED_CAPITAL_I, DOTTED_CAPITAL_I),
];

/// Letters with case, as a class of a regular expression.
const CASED: &str = r"\p{Lu}\p{Ll}\p{Lt}ªºⅠ-ⅿⒶ-ⓩ\x{1F130}-\x{1F149}\x{1F150}-\x{1F169}\x{1F170}-\x{1F189}";
/// What may stand between the letters of a word without ending it, likewise, in a text of SQL.
const IGNORABLE: &str = r"\p{Mn}\p{Me}\p{Cf}\p{Lm}\p{Sk}''.:·\x{387}՟״‘’․‧︓﹒﹕＇．：";

/// A string literal with the regular expression of a capital sigma at the end of a word, with what stands
/// before and after it.
pub(crate) fn final_sigma_pattern() -> String {
    format!("'([{CASED}][{IGNORABLE}]*)Σ([{IGNORABLE}]*([^{CASED}{IGNORABLE}]|$))'")
}

/// What an engine's lower case has to be helped with, so that comparing with certain texts is right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LowerCaseFixes {
    /// A sigma is among the letters.
    pub has_final_sigma: bool,
    /// Capital letters that engines are known to get wrong, with their lower case.
    pub replaced: Vec<(char, String)>,
}

impl LowerCaseFixes {
    /// For a comparison with these texts, which are in lower case already. `by_letter`: their letters are
    /// counted, too.
    pub(crate) fn for_texts<'a>(texts: impl Iterator<Item = &'a str>, by_letter: bool) -> Self {
        let young = YOUNG.iter().flat_map(|(first, last)| *first..=*last);
        let young: Vec<(char, String)> = young.map(|upper| (upper, upper.to_lowercase().collect())).collect();
        let is_plain = |letter: &char| letter.is_ascii() && *letter != 'i';
        let there: BTreeSet<char> = texts.flat_map(str::chars).filter(|letter| !is_plain(letter)).collect();
        let matters = |(upper, lower): &(char, String)| {
            (by_letter && *upper == DOTTED_CAPITAL_I) || lower.chars().any(|letter| there.contains(&letter))
        };
        Self {
            has_final_sigma: there.contains(&'σ') || there.contains(&'ς'),
            replaced: young.into_iter().filter(matters).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_matters_is_replaced() {
        let of = |text: &str| LowerCaseFixes::for_texts([text].into_iter(), false);
        assert_eq!(of("new york"), LowerCaseFixes::default());
        assert_eq!(of("chicago").replaced, [('İ', "i\u{307}".to_owned())]);
        assert_eq!(of("\u{1c8a}").replaced, [('\u{1c89}', "\u{1c8a}".to_owned())]);
        assert!(of("οδυσσεύς").has_final_sigma && of("σ").has_final_sigma);
        let counted = LowerCaseFixes::for_texts([].into_iter(), true);
        assert_eq!(counted.replaced, [('İ', "i\u{307}".to_owned())]);
    }
}
