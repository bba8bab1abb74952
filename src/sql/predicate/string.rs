//! Tests on strings.

use crate::segment::{LikeToken, TextKind, TextTest};
use crate::sql::dialect::LowerCaseFixes;
use crate::sql::dialect::SqlDialect;
use crate::sql::layout::{Fragment, sql};
use crate::sql::unsupported::Unsupported;

/// A test as a condition that is true where the test holds.
pub(crate) fn string_test(
    value: &Fragment,
    test: &TextTest,
    dialect: &dyn SqlDialect,
) -> Result<Fragment, Unsupported> {
    let value = if test.match_case { value.clone() } else { dialect.lower(value, &fixes(&test.kind)) };
    let (equal, within) = if test.negated { (" <> ", "NOT IN") } else { (" = ", "IN") };
    let like = |tokens: &[LikeToken]| dialect.like(&value, test.negated, tokens);
    let literal = |text: &String| LikeToken::Literal(text.clone());
    match &test.kind {
        TextKind::Exactly(text) => Ok(sql![&value, equal, dialect.string_literal(text)?]),
        TextKind::In(texts) => {
            let items =
                texts.iter().map(|text| dialect.string_literal(text)).collect::<Result<Vec<_>, _>>()?;
            match items.as_slice() {
                [only] => Ok(sql![&value, equal, only]),
                items => Ok(Fragment::is_in(&value, within, items)),
            }
        }
        TextKind::Contains(text) => like(&[LikeToken::AnyText, literal(text), LikeToken::AnyText]),
        TextKind::StartsWith(text) => like(&[literal(text), LikeToken::AnyText]),
        TextKind::EndsWith(text) => like(&[LikeToken::AnyText, literal(text)]),
        TextKind::Like(tokens) => like(tokens),
    }
}

/// What lower case needs in a test that does not match case.
fn fixes(kind: &TextKind) -> LowerCaseFixes {
    match kind {
        TextKind::Exactly(text)
        | TextKind::Contains(text)
        | TextKind::StartsWith(text)
        | TextKind::EndsWith(text) => LowerCaseFixes::for_texts([text.as_str()].into_iter(), false),
        TextKind::In(texts) => LowerCaseFixes::for_texts(texts.iter().map(String::as_str), false),
        TextKind::Like(tokens) => {
            let literals = tokens.iter().filter_map(|token| match token {
                LikeToken::Literal(text) => Some(text.as_str()),
                LikeToken::AnyText | LikeToken::AnyCharacter => None,
            });
            LowerCaseFixes::for_texts(literals, tokens.contains(&LikeToken::AnyCharacter))
        }
    }
}
