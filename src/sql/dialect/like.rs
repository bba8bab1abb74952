//! Patterns of LIKE.

use crate::segment::LikeToken;

/// Makes the next character of a pattern a plain one. Engines have no common default.
const ESCAPE: char = '!';

/// A pattern, and what has to stand after it.
pub(crate) struct LikePattern {
    pub text: String,
    /// `ESCAPE '!'`, where the pattern needs it.
    pub escape: &'static str,
}

impl LikePattern {
    pub fn new(tokens: &[LikeToken]) -> Self {
        let is_escaped = needs_escape(tokens);
        let mut text = String::new();
        for token in tokens {
            match token {
                LikeToken::AnyText => text.push('%'),
                LikeToken::AnyCharacter => text.push('_'),
                LikeToken::Literal(literal) => {
                    for letter in literal.chars() {
                        if is_escaped && matches!(letter, '%' | '_' | ESCAPE) {
                            text.push(ESCAPE);
                        }
                        text.push(letter);
                    }
                }
            }
        }
        Self { text, escape: if is_escaped { " ESCAPE '!'" } else { "" } }
    }
}

/// Whether a pattern has letters in it that mean something else in one.
pub(crate) fn needs_escape(tokens: &[LikeToken]) -> bool {
    tokens.iter().any(|token| match token {
        // A backslash escapes in some engines unless another character does.
        LikeToken::Literal(text) => text.contains(['%', '_', '\\']),
        LikeToken::AnyText | LikeToken::AnyCharacter => false,
    })
}
