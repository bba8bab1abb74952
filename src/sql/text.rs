//! Tests on strings in SQL.

use super::letters::letters;
use super::piece::is_in;
use super::tongue::{Letters, Tongue, Unsayable};
use crate::segment::{LikePiece, TextKind, TextTest};

/// A test as a condition that is true where the test holds.
pub fn text_test(value: &str, test: &TextTest, tongue: &dyn Tongue) -> Result<String, Unsayable> {
    let value = if test.match_case { value.to_owned() } else { tongue.lower(value, &asked(&test.kind)) };
    let (equal, within, like) = if test.negated { ("<>", "NOT IN", "NOT LIKE") } else { ("=", "IN", "LIKE") };
    let like = |pieces: &[LikePiece]| Ok(format!("{value} {like} {}", pattern(pieces, tongue)?));
    let literal = |text: &String| LikePiece::Literal(text.clone());
    match &test.kind {
        TextKind::Exactly(text) => Ok(format!("{value} {equal} {}", tongue.text(text)?)),
        TextKind::In(texts) => {
            let items = texts.iter().map(|text| tongue.text(text)).collect::<Result<Vec<_>, _>>()?;
            Ok(is_in(&value, within, &items))
        }
        TextKind::Contains(text) => like(&[LikePiece::AnyText, literal(text), LikePiece::AnyText]),
        TextKind::StartsWith(text) => like(&[literal(text), LikePiece::AnyText]),
        TextKind::EndsWith(text) => like(&[LikePiece::AnyText, literal(text)]),
        TextKind::Like(pieces) => like(pieces),
    }
}

/// What matters of letters in a test that does not match case.
fn asked(kind: &TextKind) -> Letters {
    match kind {
        TextKind::Exactly(text)
        | TextKind::Contains(text)
        | TextKind::StartsWith(text)
        | TextKind::EndsWith(text) => letters([text.as_str()].into_iter(), false),
        TextKind::In(texts) => letters(texts.iter().map(String::as_str), false),
        TextKind::Like(pieces) => {
            let literals = pieces.iter().filter_map(|piece| match piece {
                LikePiece::Literal(text) => Some(text.as_str()),
                LikePiece::AnyText | LikePiece::AnyCharacter => None,
            });
            letters(literals, pieces.contains(&LikePiece::AnyCharacter))
        }
    }
}

/// Makes the next character of a pattern a plain one. Engines have no common default.
const ESCAPE: char = '!';

/// A LIKE pattern of these pieces.
fn pattern(pieces: &[LikePiece], tongue: &dyn Tongue) -> Result<String, Unsayable> {
    // A backslash escapes in some engines unless another character does.
    let is_special = |piece: &LikePiece| match piece {
        LikePiece::Literal(text) => text.contains(['%', '_', '\\']),
        LikePiece::AnyText | LikePiece::AnyCharacter => false,
    };
    let is_escaped = pieces.iter().any(is_special);
    let mut pattern = String::new();
    for piece in pieces {
        match piece {
            LikePiece::AnyText => pattern.push('%'),
            LikePiece::AnyCharacter => pattern.push('_'),
            LikePiece::Literal(text) => {
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
    Ok(if is_escaped { format!("{pattern} ESCAPE '{ESCAPE}'") } else { pattern })
}
