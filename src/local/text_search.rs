//! Finding a text in many values, in any case of letters.

use std::ops::Range;

use memchr::memmem::Finder;

use super::columns::StringArray;
use super::predicate::text_predicate::lower_case;
use crate::backend::{BackendError, Cancel};

/// How many values are looked at in one go.
const VALUES: usize = 1 << 12;
/// As few digits are part of anything.
const LEAST_DIGITS: usize = 5;

/// How well a value matches; the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Match {
    /// It is the text.
    Whole,
    /// It begins with the text.
    Start,
    /// The text stands in it.
    Within,
}

/// Finds a text, which is in lower case.
pub(crate) struct TextSearch<'a> {
    text: &'a str,
    finder: Finder<'a>,
    /// The digits of a text that can be a phone number.
    digits: Option<String>,
}

impl<'a> TextSearch<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, finder: Finder::new(text), digits: None }
    }

    /// Finds phone numbers as well, whichever way they are set: with blanks, hyphens, parentheses or none.
    pub fn with_phones(text: &'a str) -> Self {
        let mut digits = String::new();
        let is_phone = digits_of(text, &mut digits) && digits.len() >= LEAST_DIGITS;
        Self { digits: is_phone.then_some(digits), ..Self::new(text) }
    }

    /// How well a value matches, if it does; `buffer` is memory for its lower case.
    pub fn look(&self, value: &str, buffer: &mut String) -> Option<Match> {
        let lower = lower_case(value, buffer);
        let as_text = self.position(lower.as_bytes()).map(|at| self.rank(at, lower.len()));
        as_text.into_iter().chain(self.look_at_digits(value, buffer)).min()
    }

    /// The values that match, of some of many, and how well.
    pub fn each(
        &self,
        values: &StringArray,
        numbers: Range<usize>,
        cancel: &Cancel,
        mut found: impl FnMut(usize, Match),
    ) -> Result<(), BackendError> {
        let mut lower = Vec::new();
        let mut buffer = String::new();
        for first in numbers.clone().step_by(VALUES) {
            cancel.check()?;
            let block = first..(first + VALUES).min(numbers.end);
            let joined = values.joined(block.clone());
            if !joined.is_ascii() {
                for (number, value) in block.clone().zip(values.iter_from(first)) {
                    self.look(value, &mut buffer).into_iter().for_each(|rank| found(number, rank));
                }
                continue;
            }
            lower.clear();
            lower.extend_from_slice(joined.as_bytes());
            lower.make_ascii_lowercase();
            self.each_of(&lower, values, block.clone(), &mut found);
            if self.digits.is_some() {
                for (number, value) in block.zip(values.iter_from(first)) {
                    self.look_at_digits(value, &mut buffer).into_iter().for_each(|rank| found(number, rank));
                }
            }
        }
        Ok(())
    }

    /// The values that have the text, of some that stand one after the other; what stands across two of them is in none.
    fn each_of(
        &self,
        joined: &[u8],
        values: &StringArray,
        numbers: Range<usize>,
        found: &mut impl FnMut(usize, Match),
    ) {
        let start = values.start(numbers.start);
        let mut from = 0;
        while let Some(rest) = joined.get(from..)
            && let Some(at) = self.position(rest).map(|at| from + at)
        {
            let number = values.number_at(start + at, numbers.clone());
            let (begin, end) = (values.start(number) - start, values.start(number + 1) - start);
            if at + self.text.len() <= end {
                found(number, self.rank(at - begin, end - begin));
            }
            // Not back, should there be nothing more to find.
            from = end.max(from + 1);
        }
    }

    fn position(&self, value: &[u8]) -> Option<usize> {
        if value.len() < self.text.len() { None } else { self.finder.find(value) }
    }

    fn rank(&self, at: usize, length: usize) -> Match {
        match at {
            0 if length == self.text.len() => Match::Whole,
            0 => Match::Start,
            _ => Match::Within,
        }
    }

    fn look_at_digits(&self, value: &str, buffer: &mut String) -> Option<Match> {
        let wanted = self.digits.as_deref()?;
        if value.len() < wanted.len() || !digits_of(value, buffer) {
            return None;
        }
        Some(match buffer.find(wanted)? {
            0 if buffer.len() == wanted.len() => Match::Whole,
            0 => Match::Start,
            _ => Match::Within,
        })
    }
}

/// Leaves the digits of a text, if it has nothing else than a phone number has.
fn digits_of(text: &str, digits: &mut String) -> bool {
    digits.clear();
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => digits.push(char::from(byte)),
            b'+' | b'-' | b'(' | b')' | b'.' | b' ' => {}
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn each(search: &TextSearch<'_>, values: &[String]) -> Vec<Option<Match>> {
        let array: StringArray = values.iter().cloned().collect();
        let mut found = vec![None; values.len()];
        let numbers = 0..values.len();
        let note = |number: usize, rank: Match| {
            let best = found[number].into_iter().chain([rank]).min();
            found[number] = best;
        };
        search.each(&array, numbers, &Cancel::default(), note).unwrap();
        found
    }

    fn ranks(text: &str, values: &[&str]) -> Vec<Option<Match>> {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        each(&TextSearch::with_phones(text), &values)
    }

    #[test]
    fn the_whole_value_comes_before_its_beginning_and_any_part() {
        let values = ["Anna@x.org", "ANNA@X.ORG.uk", "joanna@x.org", "anna@x", "", "anna@y.org"];
        let (whole, start, within) = (Some(Match::Whole), Some(Match::Start), Some(Match::Within));
        assert_eq!(ranks("anna@x.org", &values), [whole, start, within, None, None, None]);
        assert_eq!(ranks("straße", &["STRASSE", "Straße 1"]), [None, start]);
        assert_eq!(ranks("k", &["\u{212a}"]), [whole], "the sign of kelvins is a k in lower case");
    }

    #[test]
    fn what_stands_across_two_values_is_in_none() {
        let within = Some(Match::Within);
        assert_eq!(ranks("aab", &["xa", "ab", "xaab"]), [None, None, within]);
        assert_eq!(ranks("aa", &["ba", "aa"]), [None, Some(Match::Whole)]);
    }

    #[test]
    fn phone_numbers_are_found_whichever_way_they_are_set() {
        let values = ["(415) 555-0123", "+1 415.555.0123", "4155550123", "415 555 012", "a4155550123"];
        let (whole, within) = (Some(Match::Whole), Some(Match::Within));
        for text in ["415-555-0123", "4155550123", "(415)555 0123"] {
            let found = ranks(text, &values);
            assert_eq!(found[..4], [whole, within, whole, None], "{text}");
        }
        assert_eq!(
            ranks("12-34", &["1234", "12-345"]),
            [None, Some(Match::Start)],
            "four digits are no number"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn many_values_match_as_each_does(
            text in "[ab1 é-]{1,5}",
            values in prop::collection::vec("[abAB123 éÉ()-]{0,8}", 0..12),
        ) {
            let text = text.to_lowercase();
            let search = TextSearch::with_phones(&text);
            let mut buffer = String::new();
            let one_by_one: Vec<_> = values.iter().map(|value| search.look(value, &mut buffer)).collect();
            prop_assert_eq!(each(&search, &values), one_by_one);
        }
    }
}
