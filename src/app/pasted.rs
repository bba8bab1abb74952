//! Reads a list of values that was pasted from a spreadsheet, a file or a mail.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

/// What separates the values of a pasted text, beside line breaks and tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Separators {
    /// Commas do.
    pub commas: bool,
    /// Semicolons do.
    pub semicolons: bool,
}

/// The values of a pasted text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// Different values, without blanks around them, in the order of the text.
    pub values: Vec<Arc<str>>,
    /// How many were dropped as they stood there before.
    pub doubles: usize,
    /// How many were dropped as there is nothing in them.
    pub blanks: usize,
    /// How many had blanks around them that were taken off.
    pub trimmed: usize,
}

impl Separators {
    /// What probably separates the values: commas and semicolons do where the text is a single line, or
    /// where they stand next to quotes or end every line; else they belong to the values, as in
    /// `Salem, OR` above `Boise, ID`.
    #[must_use]
    pub(crate) fn guess(text: &str) -> Self {
        let seen = SeparatorCounts::scan(text);
        if seen.breaks == 0 {
            let semicolons = seen.semicolons > 0;
            return Self { commas: seen.commas > 0 && (!semicolons || seen.commas_at_quotes), semicolons };
        }
        Self {
            commas: seen.commas_at_quotes || seen.lines_end_in == Some(','),
            semicolons: seen.semicolons_at_quotes || seen.lines_end_in == Some(';'),
        }
    }

    /// Whether the text would come to other values if commas and semicolons were read in another way.
    #[must_use]
    pub(crate) fn matters(text: &str) -> bool {
        let seen = SeparatorCounts::scan(text);
        seen.commas + seen.semicolons > 0
    }

    /// At commas and semicolons, or at neither.
    #[must_use]
    pub fn all(on: bool) -> Self {
        Self { commas: on, semicolons: on }
    }

    fn at(self, letter: char) -> bool {
        match letter {
            '\n' | '\r' | '\t' => true,
            ',' => self.commas,
            ';' => self.semicolons,
            _ => false,
        }
    }
}

impl Pasted {
    /// Takes a text apart. A value in quotes keeps the separators in it, and two quotes in it are one;
    /// quotes elsewhere are a part of the value.
    #[must_use]
    pub fn read(text: &str, split: Separators) -> Self {
        let mut pasted = Self::default();
        let mut seen: HashSet<Arc<str>> = HashSet::new();
        for field in Fields::new(text, split) {
            let trimmed = field.text.trim_matches(is_blank);
            if trimmed.is_empty() {
                pasted.blanks += usize::from(!field.is_rest);
                continue;
            }
            pasted.trimmed += usize::from(trimmed.len() < field.text.len());
            if seen.contains(trimmed) {
                pasted.doubles += 1;
            } else {
                let value: Arc<str> = trimmed.into();
                seen.insert(Arc::clone(&value));
                pasted.values.push(value);
            }
        }
        pasted
    }
}

/// White space, and what spreadsheets and web pages put in its place.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}' | '\u{2060}')
}

/// The separators that stand outside of quotes.
#[derive(Default)]
struct SeparatorCounts {
    /// Line breaks and tabs that something follows.
    breaks: usize,
    commas: usize,
    semicolons: usize,
    commas_at_quotes: bool,
    semicolons_at_quotes: bool,
    /// The separator with which every line but the last ends.
    lines_end_in: Option<char>,
}

impl SeparatorCounts {
    fn scan(text: &str) -> Self {
        let mut seen = Self::default();
        let text = text.trim_matches(is_blank);
        let mut lines_end: Option<Option<char>> = None;
        let mut last = None;
        let mut was_quoted = false;
        for field in Fields::new(text, Separators::all(true)) {
            match field.before {
                Some(',') => {
                    seen.commas += 1;
                    seen.commas_at_quotes |= was_quoted && field.is_quoted;
                }
                Some(';') => {
                    seen.semicolons += 1;
                    seen.semicolons_at_quotes |= was_quoted && field.is_quoted;
                }
                Some('\n' | '\r') => {
                    seen.breaks += 1;
                    lines_end = Some(match lines_end {
                        Some(before) if before != last => None,
                        _ => last,
                    });
                }
                Some(_) => seen.breaks += 1,
                None => {}
            }
            // With nothing behind it, the separator before is the end of the line.
            let is_end = field.text.trim_matches(is_blank).is_empty();
            last = field.before.filter(|before| is_end && matches!(before, ',' | ';'));
            was_quoted = field.is_quoted;
        }
        seen.lines_end_in = lines_end.flatten();
        seen
    }
}

/// A part of the text between two separators.
struct Field<'a> {
    text: Cow<'a, str>,
    is_quoted: bool,
    /// The separator before it.
    before: Option<char>,
    /// Whether it is only what is left after the last separator of a line, or after the last line.
    is_rest: bool,
}

/// Walks through the fields of a text.
struct Fields<'a> {
    rest: Option<&'a str>,
    split: Separators,
    before: Option<char>,
}

impl<'a> Fields<'a> {
    fn new(text: &'a str, split: Separators) -> Self {
        Self { rest: Some(text.trim_start_matches('\u{feff}')), split, before: None }
    }

    /// The value in quotes at the start of a text, and what follows it up to the separator.
    fn quoted(&self, text: &'a str) -> Option<(Cow<'a, str>, &'a str)> {
        let is_space = |letter: char| is_blank(letter) && !self.split.at(letter);
        let inside = text.trim_start_matches(is_space).strip_prefix('"')?;
        let mut value = Cow::Borrowed("");
        let mut rest = inside;
        loop {
            let (part, after) = rest.split_once('"')?;
            // Stays borrowed as long as nothing has to be put together.
            value += part;
            match after.strip_prefix('"') {
                Some(after) => {
                    value += "\"";
                    rest = after;
                }
                None => {
                    let after = after.trim_start_matches(is_space);
                    let is_end = after.chars().next().is_none_or(|letter| self.split.at(letter));
                    return is_end.then_some((value, after));
                }
            }
        }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        let text = self.rest?;
        let before = self.before;
        let (value, after, is_quoted) = match self.quoted(text) {
            Some((value, after)) => (value, after, true),
            None => {
                let end = text.find(|letter| self.split.at(letter)).unwrap_or(text.len());
                let (value, after) = text.split_at_checked(end).unwrap_or((text, ""));
                (Cow::Borrowed(value), after, false)
            }
        };
        let mut letters = after.chars();
        self.before = letters.next();
        // Either sign of a line break, or both in this order, are one.
        self.rest = self.before.map(|letter| match letter {
            '\r' => letters.as_str().strip_prefix('\n').unwrap_or(letters.as_str()),
            _ => letters.as_str(),
        });
        let is_rest = !is_quoted
            && match before {
                Some('\n' | '\r') => after.is_empty(),
                Some(',' | ';') => matches!(self.before, None | Some('\n' | '\r')),
                _ => false,
            };
        Some(Field { text: value, is_quoted, before, is_rest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<String> {
        texts(Pasted::read(text, Separators::guess(text)))
    }

    fn texts(pasted: Pasted) -> Vec<String> {
        pasted.values.iter().map(|value| value.to_string()).collect()
    }

    #[test]
    fn columns_and_rows_of_a_spreadsheet() {
        assert_eq!(read("02134\r\n98101\r\n7\r\n"), ["02134", "98101", "7"]);
        assert_eq!(read("a\tb\nc\td"), ["a", "b", "c", "d"]);
        assert_eq!(read("a\rb"), ["a", "b"], "some terminals send a carriage return for a line break");
        assert_eq!(read("\u{feff}a\nb"), ["a", "b"]);
        assert_eq!(read("\"two\nlines\"\nb"), ["two\nlines", "b"]);
        assert_eq!(read("\"5\"\" pipe\"\n\"a\tb\""), ["5\" pipe", "a\tb"]);
    }

    #[test]
    fn lists_on_one_line() {
        assert_eq!(read("a, b,c"), ["a", "b", "c"]);
        assert_eq!(read("a; b;c, d"), ["a", "b", "c, d"]);
        assert_eq!(read("\"a, b\",\"c\""), ["a, b", "c"]);
        assert_eq!(read("\"a;b\";\"c,d\""), ["a;b", "c,d"]);
        assert_eq!(read("\"a\nb\",\"c\""), ["a\nb", "c"]);
    }

    #[test]
    fn commas_belong_to_values_that_stand_in_lines() {
        assert_eq!(read("Salem, OR\nBoise, ID"), ["Salem, OR", "Boise, ID"]);
        assert_eq!(read("a,\nb,\nc"), ["a", "b", "c"]);
        assert_eq!(read("\"a\";\n\"b\";\n"), ["a", "b"]);
        assert_eq!(read("\"a\",\"b\"\n\"c\",\"d\""), ["a", "b", "c", "d"]);
        assert!(
            Separators::matters("Salem, OR\nBoise, ID")
                && !Separators::matters("a\nb")
                && !Separators::matters("\"a,b\"\nc")
        );
        assert_eq!(texts(Pasted::read("a,b\nc", Separators::all(true))), ["a", "b", "c"]);
        assert_eq!(texts(Pasted::read("a,b", Separators::all(false))), ["a,b"]);
    }

    #[test]
    fn quotes_that_enclose_nothing_are_letters() {
        assert_eq!(read("5\" pipe\n6\" pipe"), ["5\" pipe", "6\" pipe"]);
        assert_eq!(read("\"open\nb"), ["\"open", "b"]);
        assert_eq!(read("\"a\" b\nc"), ["\"a\" b", "c"]);
    }

    #[test]
    fn what_is_dropped_is_counted() {
        let text = " a \nb\n\nb\n\u{a0}c\u{a0}\n \n";
        let pasted = Pasted::read(text, Separators::guess(text));
        assert_eq!(texts(pasted.clone()), ["a", "b", "c"]);
        assert_eq!((pasted.doubles, pasted.blanks, pasted.trimmed), (1, 2, 2));
        let none = Pasted::read("", Separators::default());
        assert_eq!((none.values.len(), none.blanks), (0, 1));
    }

    fn quoted(value: &str) -> String {
        format!("\"{}\"", value.replace('"', "\"\""))
    }

    proptest! {
        #[test]
        fn what_was_quoted_is_read_again(
            values in prop::collection::vec("[a-c\",; \n\t\u{e9}]{0,6}", 1..12),
            joiner in prop::sample::select(vec!["\n", "\r\n", "\t", ",", ";", ", ", " ;"]),
            ends in any::<bool>(),
        ) {
            let mut wanted: Vec<String> = Vec::new();
            for value in &values {
                let value = value.trim().to_owned();
                if !value.is_empty() && !wanted.contains(&value) {
                    wanted.push(value);
                }
            }
            let mut text = values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(joiner);
            if ends {
                text.push_str("\r\n");
            }
            let pasted = Pasted::read(&text, Separators::guess(&text));
            prop_assert_eq!(texts(pasted.clone()), wanted);
            prop_assert_eq!(pasted.values.len() + pasted.doubles + pasted.blanks, values.len());
        }

        #[test]
        fn nothing_is_lost_however_it_is_written(text in "[a-c\",; \r\n\t\u{a0}]{0,40}", commas: bool, semicolons: bool) {
            let pasted = Pasted::read(&text, Separators { commas, semicolons });
            let letters = |text: &str| text.chars().filter(|letter| letter.is_alphabetic()).collect::<Vec<_>>();
            if pasted.doubles == 0 {
                prop_assert_eq!(letters(&texts(pasted.clone()).concat()), letters(&text));
            }
            let _ = Separators::guess(&text);
        }
    }
}
