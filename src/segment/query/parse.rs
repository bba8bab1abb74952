//! From text to one parsed query.

use sqlparser::ast::{Query, SetExpr, Statement};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError, ParserOptions};
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use super::error::{QueryError, position};
use crate::segment::place::TextPosition;

/// What a query starts with.
const START: &str = "start with SELECT or WITH";
/// How many operators may follow each other without brackets: each is a step into the depth for whoever
/// reads the query.
const LONGEST_CHAIN: usize = 500;

/// The one query in a text, as the embedded engine reads it.
pub fn one(text: &str) -> Result<Box<Query>, QueryError> {
    let tokens = tokens(text)?;
    let mut meaningful = tokens.iter().filter(|token| is_meaningful(&token.token));
    let Some(first) = meaningful.next() else { return Err(QueryError::empty()) };
    let second = tokens.iter().skip_while(|token| token.token != Token::SemiColon);
    if let Some(second) = second.clone().find(|token| is_meaningful(&token.token)) {
        let message = "the query ends at the semicolon, and here another statement begins";
        let help = "leave one query, or join both with UNION";
        return Err(QueryError::new(position(second.span.start), message, help));
    }
    let at = position(first.span.start);
    refuse_long_chains(&tokens)?;
    let mut statements = Parser::new(&GenericDialect)
        .with_options(ParserOptions { trailing_commas: true, ..ParserOptions::default() })
        .with_tokens_with_locations(tokens.clone())
        .parse_statements()
        .map_err(|error| not_parsed(error, at, end(&tokens)))?
        .into_iter();
    match (statements.next(), statements.next()) {
        (Some(Statement::Query(query)), None) => Ok(query),
        (Some(_), None) => {
            let message =
                format!("{} is no query: a query only reads", first.token.to_string().to_uppercase());
            Err(QueryError::new(at, message, START))
        }
        (None, _) => Err(QueryError::empty()),
        (Some(_), Some(_)) => Err(QueryError::new(None, "there is more than one query", "leave one")),
    }
}

/// Where the first SELECT of a query stands.
pub(crate) fn first_select(body: &SetExpr) -> Option<TextPosition> {
    match body {
        SetExpr::Select(select) => position(select.select_token.0.span.start),
        SetExpr::Query(query) => first_select(&query.body),
        SetExpr::SetOperation { left, .. } => first_select(left),
        SetExpr::Values(_)
        | SetExpr::Insert(_)
        | SetExpr::Update(_)
        | SetExpr::Delete(_)
        | SetExpr::Merge(_)
        | SetExpr::Table(_) => None,
    }
}

/// Where a word stands first, outside of texts and comments.
pub fn find(text: &str, word: &str) -> Option<TextPosition> {
    let tokens = tokens(text).ok()?;
    let matching = |exactly: bool| {
        tokens.iter().find(|token| match &token.token {
            Token::Word(found) if exactly => found.value == word,
            Token::Word(found) => found.value.eq_ignore_ascii_case(word),
            _ => false,
        })
    };
    matching(true).or_else(|| matching(false)).and_then(|token| position(token.span.start))
}

fn tokens(text: &str) -> Result<Vec<TokenWithSpan>, QueryError> {
    Tokenizer::new(&GenericDialect, text).tokenize_with_location().map_err(|error| {
        let message = error.message.trim().to_owned();
        let help = match message.contains("Unterminated") {
            true => "close it; a quote within a text is written twice",
            false => "a query is text in SQL",
        };
        QueryError::new(position(error.location), lower_first(&message), help)
    })
}

fn is_meaningful(token: &Token) -> bool {
    !matches!(token, Token::Whitespace(_) | Token::SemiColon | Token::EOF)
}

/// Behind the last word.
fn end(tokens: &[TokenWithSpan]) -> Option<TextPosition> {
    let last = tokens.iter().rev().find(|token| is_meaningful(&token.token))?;
    position(last.span.end)
}

/// The parser's message ends in the position, if it is not the end.
fn not_parsed(error: ParserError, start: Option<TextPosition>, end: Option<TextPosition>) -> QueryError {
    let message = match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
        ParserError::RecursionLimitExceeded => {
            let help = "give parts of it a name in WITH, and write IN for many values";
            return QueryError::new(start, "the query nests too deeply", help);
        }
    };
    let (message, at) = match message.rsplit_once(" at Line: ") {
        Some((message, place)) => (message.to_owned(), numbers(place)),
        None => (message, end),
    };
    let message = message.replace("found: EOF", "but the query ends");
    let help = if at == start { START } else { "correct the query here, or just before" };
    QueryError::new(at, lower_first(&message), help)
}

/// `3, Column: 14`
fn numbers(place: &str) -> Option<TextPosition> {
    let (line, column) = place.split_once(", Column: ")?;
    Some(TextPosition { line: line.parse().ok()?, column: column.parse().ok()? })
}

fn lower_first(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// Chains of operators are trees as deep as they are long, and depth has an end.
fn refuse_long_chains(tokens: &[TokenWithSpan]) -> Result<(), QueryError> {
    let mut chains = vec![0];
    for token in tokens {
        let is_step = match &token.token {
            Token::LParen | Token::LBracket => {
                chains.push(0);
                continue;
            }
            Token::RParen | Token::RBracket => {
                chains.pop();
                continue;
            }
            Token::Comma => {
                chains.pop();
                chains.push(0);
                continue;
            }
            Token::Word(word) => {
                use sqlparser::keywords::Keyword as K;
                matches!(
                    word.keyword,
                    K::AND | K::OR | K::XOR | K::UNION | K::EXCEPT | K::INTERSECT | K::NOT | K::CASE
                )
            }
            Token::Plus
            | Token::Minus
            | Token::Mul
            | Token::Div
            | Token::StringConcat
            | Token::DoubleColon => true,
            _ => false,
        };
        if let Some(chain) = chains.last_mut().filter(|_| is_step) {
            *chain += 1;
            if *chain > LONGEST_CHAIN {
                let message = format!("more than {LONGEST_CHAIN} operators follow each other");
                let help = "write IN (…) for many values, or give parts of the query a name in WITH";
                return Err(QueryError::new(position(token.span.start), message, help));
            }
        }
    }
    Ok(())
}
