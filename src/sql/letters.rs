//! Where the lower case of engines is not Unicode's (`segment-language.md`, Strings compare without regard
//! to case).
//!
//! Engines map letter by letter, by tables of Unicode 15 or so. Unicode's lower case of a text differs in
//! two ways, `İ` (two letters) and the final sigma, and newer versions have more letters.

use super::tongue::Letters;

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
    ('İ', 'İ'),
];

/// Letters with case, as a class of a regular expression.
pub const CASED: &str =
    r"\p{Lu}\p{Ll}\p{Lt}ªºⅠ-ⅿⒶ-ⓩ\x{1F130}-\x{1F149}\x{1F150}-\x{1F169}\x{1F170}-\x{1F189}";
/// What may stand between the letters of a word without ending it, likewise, in a text of SQL.
pub const IGNORABLE: &str = r"\p{Mn}\p{Me}\p{Cf}\p{Lm}\p{Sk}''.:·\x{387}՟״‘’․‧︓﹒﹕＇．：";

/// What matters when a text in lower case is compared with these, which are in lower case already.
/// `by_letter`: their letters are counted, too.
pub fn letters<'a>(texts: impl Iterator<Item = &'a str>, by_letter: bool) -> Letters {
    let mut asked = Letters::default();
    let young = || YOUNG.iter().flat_map(|(first, last)| *first..=*last);
    let dotted = || ('İ', 'İ'.to_lowercase().collect::<String>());
    if by_letter {
        asked.replaced.push(dotted());
    }
    for letter in texts.flat_map(str::chars) {
        asked.has_final_sigma |= matches!(letter, 'σ' | 'ς');
        if letter.is_ascii() && letter != 'i' {
            continue;
        }
        let matter = young().filter(|upper| upper.to_lowercase().any(|lower| lower == letter));
        for upper in matter {
            let replaced = (upper, upper.to_lowercase().collect());
            if !asked.replaced.contains(&replaced) {
                asked.replaced.push(replaced);
            }
        }
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_matters_is_replaced() {
        let of = |text: &str| letters([text].into_iter(), false);
        assert_eq!(of("new york"), Letters::default());
        assert_eq!(of("chicago").replaced, [('İ', "i\u{307}".to_owned())]);
        assert_eq!(of("\u{1c8a}").replaced, [('\u{1c89}', "\u{1c8a}".to_owned())]);
        assert!(of("οδυσσεύς").has_final_sigma && of("σ").has_final_sigma);
        assert_eq!(letters([].into_iter(), true).replaced, [('İ', "i\u{307}".to_owned())]);
    }
}
