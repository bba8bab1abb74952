//! JSON texts as values, with nothing lost on the way: what a parser would pass over in silence is refused
//! with its place.

use std::collections::HashSet;

use serde_json::Value;

use super::place::TextPosition;
use crate::diagnostic::Diagnostic;

/// How many objects and arrays may stand in one another: more than any segment needs, and few enough to be
/// read again from within a draft.
const DEEPEST: usize = 100;

/// What the parser itself takes for the digits of a number.
const RESERVED: &str = "$serde_json::private::Number";

/// Reads a text, with or without a byte order mark.
///
/// # Errors
/// It is no JSON, names a key of an object twice, or nests too deeply.
pub fn parse(text: &str) -> Result<Value, Diagnostic<TextPosition>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value = serde_json::from_str(text).map_err(|error| {
        let said = error.to_string();
        // The place stands beside it already.
        let place = format!(" at line {} column {}", error.line(), error.column());
        let message = match said.strip_suffix(&place) {
            Some("recursion limit exceeded") => too_deep(),
            Some(said) => format!("this is not JSON: {said}"),
            None => format!("this is not JSON: {said}"),
        };
        Diagnostic::new(message).at(TextPosition { line: error.line(), column: error.column() })
    })?;
    let mut objects: Vec<Option<HashSet<String>>> = Vec::new();
    for token in Tokens::new(text) {
        let message = match token.kind {
            TokenKind::Opens { is_object } => {
                objects.push(is_object.then(HashSet::new));
                (objects.len() > DEEPEST).then(too_deep)
            }
            TokenKind::Closes => {
                objects.pop();
                None
            }
            TokenKind::Key(key) if key == RESERVED => Some(format!("the key {key:?} cannot be used")),
            TokenKind::Key(key) => {
                let keys = objects.last_mut().and_then(Option::as_mut);
                let said = format!("the key {key:?} stands twice in this object: remove one of them");
                keys.is_some_and(|keys| !keys.insert(key)).then_some(said)
            }
        };
        if let Some(message) = message {
            return Err(Diagnostic::new(message).at(position(text, token.start)));
        }
    }
    Ok(value)
}

/// Where a key of the outermost object stands in a text that [`parse`] reads.
pub(crate) fn position_of(text: &str, wanted: &str) -> Option<TextPosition> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut depth = 0;
    for token in Tokens::new(text) {
        match token.kind {
            TokenKind::Opens { .. } => depth += 1,
            TokenKind::Closes => depth -= 1,
            TokenKind::Key(key) if depth == 1 && key == wanted => return Some(position(text, token.start)),
            TokenKind::Key(_) => {}
        }
    }
    None
}

/// A value in few words, for messages: it may be a list of a million items.
pub(super) fn brief(value: &Value) -> String {
    const MOST: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

fn too_deep() -> String {
    format!("objects and arrays nest more than {DEEPEST} levels deep")
}

fn position(text: &str, at: usize) -> TextPosition {
    let before = text.get(..at).unwrap_or_default();
    let last = before.rsplit('\n').next().unwrap_or_default();
    TextPosition { line: before.matches('\n').count() + 1, column: last.chars().count() + 1 }
}

enum TokenKind {
    Opens { is_object: bool },
    Closes,
    Key(String),
}

struct Token {
    kind: TokenKind,
    start: usize,
}

/// What gives a JSON text its shape. The text is known to be JSON.
struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// Whether each object or array around is an object.
    around: Vec<bool>,
    /// Whether the next string is a key.
    is_key: bool,
}

impl<'a> Tokens<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, around: Vec::new(), is_key: false }
    }

    /// Goes behind the string that starts at `start`, and returns it with its quotes.
    fn string(&mut self, start: usize) -> &'a str {
        let mut is_escaped = false;
        for byte in self.text.bytes().skip(start + 1) {
            self.at += 1;
            match byte {
                b'"' if !is_escaped => break,
                _ => is_escaped = byte == b'\\' && !is_escaped,
            }
        }
        self.text.get(start..self.at).unwrap_or_default()
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let start = self.at;
            let byte = *self.text.as_bytes().get(start)?;
            self.at += 1;
            let kind = match byte {
                b'{' | b'[' => {
                    self.is_key = byte == b'{';
                    self.around.push(self.is_key);
                    TokenKind::Opens { is_object: self.is_key }
                }
                b'}' | b']' => {
                    self.around.pop();
                    TokenKind::Closes
                }
                b',' => {
                    self.is_key = self.around.last() == Some(&true);
                    continue;
                }
                b'"' => {
                    let string = self.string(start);
                    if !std::mem::take(&mut self.is_key) {
                        continue;
                    }
                    TokenKind::Key(serde_json::from_str(string).unwrap_or_default())
                }
                _ => continue,
            };
            return Some(Token { kind, start });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> (usize, usize, String) {
        let error = parse(text).unwrap_err();
        (error.place.line, error.place.column, error.message)
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_where_it_stands_again() {
        let (line, column, message) = error("{\"a\": 1,\n \"é\": {\"a\": \"a\"}, \"\\u0061\": 2}");
        assert_eq!((line, column), (2, 19));
        assert_eq!(message, "the key \"a\" stands twice in this object: remove one of them");
        assert_eq!(error("[{\"a\": 1}, {\"b\\\\\": {}, \"b\\\\\": []}]").1, 24);
        // The same key in another object, and a value that looks like a key, are no doubles.
        for text in [r#"[{"a": 1}, {"a": 1}]"#, r#"{"a": ["a", "a"], "b": "a", "c": {"a": "\"a"}}"#] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_too_deep_is_refused() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&nested(DEEPEST)).is_ok());
        assert_eq!(error(&nested(DEEPEST + 1)), (1, DEEPEST + 1, too_deep()));
        assert_eq!(error(&nested(100_000)).2, too_deep());
    }

    #[test]
    fn a_key_that_the_parser_keeps_for_itself_is_refused() {
        let text = r#"{"a": {"$serde_json::private::Number": "12"}}"#;
        assert_eq!(error(text).1, 8);
    }

    #[test]
    fn what_is_no_json_has_a_place() {
        assert_eq!(error("{\n  oops").0, 2);
        assert!(error("{").2.starts_with("this is not JSON: "));
    }

    #[test]
    fn keys_have_places() {
        let text = "\u{feff}{\"x\": {\"id\": 1},\n  \"id\": 2}";
        assert_eq!(position_of(text, "id"), Some(TextPosition { line: 2, column: 3 }));
        assert_eq!(position_of(text, "name"), None);
    }
}
