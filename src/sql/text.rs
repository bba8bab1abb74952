//! Tests on strings in SQL.

use super::letters::letters;
use super::piece::is_in;
use super::tongue::{Letters, SqlDialect, Unsupported};
use crate::segment::{LikeToken, TextKind, TextTest};

/// A test as a condition that is true where the test holds.
pub fn text_test(value: &str, test: &TextTest, tongue: &dyn SqlDialect) -> Result<String, Unsupported> {
    let value = if test.match_case { value.to_owned() } else { tongue.lower(value, &asked(&test.kind)) };
    let (equal, within) = if test.negated { ("<>", "NOT IN") } else { ("=", "IN") };
    let like = |pieces: &[LikeToken]| tongue.like(&value, test.negated, pieces);
    let literal = |text: &String| LikeToken::Literal(text.clone());
    match &test.kind {
        TextKind::Exactly(text) => Ok(format!("{value} {equal} {}", tongue.text(text)?)),
        TextKind::In(texts) => {
            let items = texts.iter().map(|text| tongue.text(text)).collect::<Result<Vec<_>, _>>()?;
            match items.as_slice() {
                [only] => Ok(format!("{value} {equal} {only}")),
                items => Ok(is_in(&value, within, items)),
            }
        }
        TextKind::Contains(text) => like(&[LikeToken::AnyText, literal(text), LikeToken::AnyText]),
        TextKind::StartsWith(text) => like(&[literal(text), LikeToken::AnyText]),
        TextKind::EndsWith(text) => like(&[LikeToken::AnyText, literal(text)]),
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
                LikeToken::Literal(text) => Some(text.as_str()),
                LikeToken::AnyText | LikeToken::AnyCharacter => None,
            });
            letters(literals, pieces.contains(&LikeToken::AnyCharacter))
        }
    }
}
