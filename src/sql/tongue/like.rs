//! LIKE.

use super::{SqlDialect, Unsupported};
use crate::segment::LikeToken;

/// Makes the next character of a pattern a plain one. Engines have no common default.
const ESCAPE: char = '!';

/// That a value is, or is not, LIKE a pattern of these pieces.
///
/// # Errors
/// The engine has no such text.
pub fn like(
    value: &str,
    negated: bool,
    pieces: &[LikeToken],
    tongue: &(impl SqlDialect + ?Sized),
) -> Result<String, Unsupported> {
    let is_escaped = needs_escape(pieces);
    let mut pattern = String::new();
    for piece in pieces {
        match piece {
            LikeToken::AnyText => pattern.push('%'),
            LikeToken::AnyCharacter => pattern.push('_'),
            LikeToken::Literal(text) => {
                for letter in text.chars() {
                    if is_escaped && matches!(letter, '%' | '_' | ESCAPE) {
                        pattern.push(ESCAPE);
                    }
                    pattern.push(letter);
                }
            }
        }
    }
    let pattern = tongue.text(&pattern)?;
    let verb = if negated { "NOT LIKE" } else { "LIKE" };
    let escape = if is_escaped { format!(" ESCAPE '{ESCAPE}'") } else { String::new() };
    Ok(format!("{value} {verb} {pattern}{escape}"))
}

/// Whether a pattern has letters in it that mean something else in one.
pub fn needs_escape(pieces: &[LikeToken]) -> bool {
    pieces.iter().any(|piece| match piece {
        // A backslash escapes in some engines unless another character does.
        LikeToken::Literal(text) => text.contains(['%', '_', '\\']),
        LikeToken::AnyText | LikeToken::AnyCharacter => false,
    })
}
