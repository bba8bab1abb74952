//! Whether a string passes a test (`docs/reference/segment-language.md`, Attribute conditions).

use std::collections::HashSet;

use crate::segment::{LikeToken, TextKind, TextTest};

/// A test made ready for many strings.
pub(crate) struct TextPredicate<'a> {
    kind: Matcher<'a>,
    negated: bool,
    match_case: bool,
}

enum Matcher<'a> {
    Exactly(&'a str),
    Contains(&'a str),
    StartsWith(&'a str),
    EndsWith(&'a str),
    Like(Like<'a>),
    In(HashSet<&'a str>),
}

impl<'a> TextPredicate<'a> {
    pub fn new(test: &'a TextTest) -> Self {
        let kind = match &test.kind {
            TextKind::Exactly(text) => Matcher::Exactly(text),
            TextKind::Contains(text) => Matcher::Contains(text),
            TextKind::StartsWith(text) => Matcher::StartsWith(text),
            TextKind::EndsWith(text) => Matcher::EndsWith(text),
            TextKind::Like(tokens) => Matcher::Like(Like::new(tokens)),
            TextKind::In(texts) => Matcher::In(texts.iter().map(String::as_str).collect()),
        };
        Self { kind, negated: test.negated, match_case: test.match_case }
    }

    /// `buffer` is memory for the lower case of `value`, so that not every string needs its own.
    pub fn holds(&self, value: &str, buffer: &mut String) -> bool {
        let value = if self.match_case { value } else { lower_case(value, buffer) };
        let matches = match &self.kind {
            Matcher::Exactly(text) => value == *text,
            Matcher::Contains(text) => value.contains(text),
            Matcher::StartsWith(text) => value.starts_with(text),
            Matcher::EndsWith(text) => value.ends_with(text),
            Matcher::Like(like) => like.matches(value),
            Matcher::In(texts) => texts.contains(value),
        };
        matches != self.negated
    }
}

/// A text in lower case; `buffer` is memory for it.
pub(crate) fn lower_case<'b>(value: &'b str, buffer: &'b mut String) -> &'b str {
    if value.is_ascii() {
        if !value.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return value;
        }
        buffer.clear();
        buffer.push_str(value);
        buffer.make_ascii_lowercase();
    } else {
        *buffer = value.to_lowercase();
    }
    buffer
}

/// A LIKE pattern: runs of literals and single characters with any text between them.
struct Like<'a>(Vec<&'a [LikeToken]>);

impl<'a> Like<'a> {
    fn new(tokens: &'a [LikeToken]) -> Self {
        Self(tokens.split(|token| *token == LikeToken::AnyText).collect())
    }

    /// The first run stands at the start, the last at the end, and the ones between where they are
    /// first found: taking less text for them leaves no fewer ways for the rest.
    fn matches(&self, text: &str) -> bool {
        let [first, between @ .., last] = self.0.as_slice() else {
            return self.0.first().is_some_and(|only| after(only, text) == Some(""));
        };
        let Some(mut rest) = after(first, text) else { return false };
        for run in between {
            match starts(rest).find_map(|start| after(run, start)) {
                Some(found) => rest = found,
                None => return false,
            }
        }
        starts(rest).any(|start| after(last, start) == Some(""))
    }
}

/// What follows after a run at the start of a text; `None` if the run does not stand there.
fn after<'t>(run: &[LikeToken], text: &'t str) -> Option<&'t str> {
    run.iter().try_fold(text, |rest, token| match token {
        LikeToken::Literal(literal) => rest.strip_prefix(literal.as_str()),
        LikeToken::AnyCharacter => {
            let mut letters = rest.chars();
            letters.next().map(|_| letters.as_str())
        }
        LikeToken::AnyText => None,
    })
}

/// A text from each of its characters on, and from its end.
fn starts(text: &str) -> impl Iterator<Item = &str> {
    let from = text.char_indices().filter_map(|(start, _)| text.get(start..));
    from.chain(std::iter::once(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(tokens: &[&str], text: &str) -> bool {
        let tokens: Vec<LikeToken> = tokens
            .iter()
            .map(|token| match *token {
                "%" => LikeToken::AnyText,
                "_" => LikeToken::AnyCharacter,
                literal => LikeToken::Literal(literal.to_owned()),
            })
            .collect();
        Like::new(&tokens).matches(text)
    }

    #[test]
    fn patterns_match_whole_values() {
        assert!(like(&["a", "%"], "abc") && like(&["a", "%"], "a") && !like(&["a", "%"], "ba"));
        assert!(like(&["%", "c"], "ccc") && !like(&["%", "c"], "ccd") && !like(&["%", "c"], ""));
        assert!(like(&["%", "a", "%", "a"], "aa") && !like(&["%", "a", "%", "a"], "a"));
        assert!(like(&["a", "%", "a"], "aba") && !like(&["a", "%", "a"], "a"));
        assert!(like(&["_"], "é") && like(&["_"], "\n") && !like(&["_"], "") && !like(&["_"], "ab"));
        assert!(like(&["%"], "") && like(&["%"], "a\nb") && like(&["%", "%"], "x"));
        assert!(like(&["a", "_", "%", "_", "b"], "axxb") && !like(&["a", "_", "%", "_", "b"], "axb"));
    }

    #[test]
    fn case_folds_as_unicode_has_it() {
        let test = TextTest {
            kind: TextKind::Exactly("i\u{307}stanbul ὀδυσσεύς".to_owned()),
            negated: false,
            match_case: false,
        };
        assert!(TextPredicate::new(&test).holds("İSTANBUL ὈΔΥΣΣΕΎΣ", &mut String::new()));
    }
}
