//! SQL text as tokens, for colours and completion. It reads whatever is there, half-typed text too: nothing
//! here judges, and nothing fails.

use super::dialect::Dialect;

/// What a token of SQL is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A word of the language.
    Keyword,
    /// Any other word: a name, or a function.
    Identifier,
    /// A name in quotes, with them.
    QuotedIdentifier,
    /// A text in quotes, with them.
    StringLiteral,
    /// A number.
    Number,
    /// `:as_of`
    Parameter,
    /// A comment, or a line of one.
    Comment,
    /// Signs and blanks.
    Other,
}

/// A token on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// How it is written.
    pub text: &'a str,
}

/// What the end of one line leaves open for the next: where the lexer stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineState {
    /// Nothing.
    #[default]
    Nothing,
    /// Comments, so many inside each other.
    Comment(usize),
    /// A text or a name in these quotes.
    Quote(char),
}

/// Words that are shown as words of the language: those of queries, and the types.
const KEYWORDS: &str = "
    all and anti any array as asc at between bigint boolean both by case cast cross current current_date
    current_timestamp date decimal desc distinct double else end escape except exists extract false fetch
    filter first following for from full group having ilike in inner int integer intersect interval is join
    last lateral leading left like limit natural not null nulls offset on or order outer over partition
    preceding precision qualify range real recursive right rlike row rows select semi similar smallint some
    string table text then time timestamp timestamp_ntz to trailing true try_cast unbounded union unnest
    using values varchar when where window with zone
";

/// The keywords, in order.
pub(crate) fn keywords() -> impl Iterator<Item = &'static str> {
    KEYWORDS.split_ascii_whitespace()
}

/// A line as tokens, all of which together are the line, and what it leaves open.
#[must_use]
pub(crate) fn tokenize(line: &str, open: LineState, dialect: Dialect) -> (Vec<Token<'_>>, LineState) {
    let mut lexer = Lexer { rest: line, open, dialect };
    let tokens = std::iter::from_fn(|| lexer.next()).collect();
    (tokens, lexer.open)
}

/// What is open where each line begins.
pub(crate) fn line_states<'a>(lines: impl IntoIterator<Item = &'a str>, dialect: Dialect) -> Vec<LineState> {
    let mut open = LineState::Nothing;
    let begin = |line| {
        let after = tokenize(line, open, dialect).1;
        std::mem::replace(&mut open, after)
    };
    lines.into_iter().map(begin).collect()
}

struct Lexer<'a> {
    rest: &'a str,
    open: LineState,
    dialect: Dialect,
}

impl<'a> Lexer<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        let first = self.rest.chars().next()?;
        let (kind, length) = match self.open {
            LineState::Comment(depth) => (TokenKind::Comment, self.comment(0, depth)),
            LineState::Quote(quote) => (kind_of(quote), self.quote(0, quote)),
            LineState::Nothing => self.token(first),
        };
        let (text, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        Some(Token { kind, text })
    }

    /// What begins here, and how many bytes it takes.
    fn token(&mut self, first: char) -> (TokenKind, usize) {
        let mut after = self.rest.chars().skip(1);
        let second = after.next();
        match (first, second) {
            ('-', Some('-')) => (TokenKind::Comment, self.rest.len()),
            ('/', Some('*')) => (TokenKind::Comment, self.comment(2, 1)),
            ('\'' | '"' | '`', _) => (kind_of(first), self.quote(1, first)),
            (':', Some(next)) if is_letter(next) => {
                (TokenKind::Parameter, 1 + length(self.after(1), is_identifier_char))
            }
            // A cast in the manner of PostgreSQL.
            (':', Some(':')) => (TokenKind::Other, 2),
            ('.', Some('0'..='9')) | ('0'..='9', _) => (TokenKind::Number, number(self.rest)),
            _ if is_letter(first) => {
                let length = length(self.rest, is_identifier_char);
                let word = self.rest.get(..length).unwrap_or_default();
                let is_keyword = keywords().any(|keyword| keyword.eq_ignore_ascii_case(word));
                (if is_keyword { TokenKind::Keyword } else { TokenKind::Identifier }, length)
            }
            _ if first.is_whitespace() => (TokenKind::Other, length(self.rest, char::is_whitespace)),
            _ => (TokenKind::Other, first.len_utf8()),
        }
    }

    fn after(&self, bytes: usize) -> &'a str {
        self.rest.get(bytes..).unwrap_or_default()
    }

    /// The bytes up to the end of a comment that is `depth` deep after the first `from` of them.
    fn comment(&mut self, from: usize, mut depth: usize) -> usize {
        let mut letters = self.after(from).char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            match (letter, letters.peek().map(|(_, next)| *next)) {
                ('*', Some('/')) => {
                    depth = depth.saturating_sub(1);
                    letters.next();
                }
                ('/', Some('*')) => {
                    depth += 1;
                    letters.next();
                }
                _ => continue,
            }
            if depth == 0 {
                self.open = LineState::Nothing;
                return from + at + 2;
            }
        }
        self.open = LineState::Comment(depth);
        self.rest.len()
    }

    /// The bytes up to the closing quote, which is looked for after the first `from` of them.
    fn quote(&mut self, from: usize, quote: char) -> usize {
        let has_escapes = self.dialect.implementation().has_backslash_escapes() && quote != '`';
        let mut letters = self.after(from).char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            if letter == '\\' && has_escapes {
                letters.next();
            } else if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
                self.open = LineState::Nothing;
                return from + at + 1;
            }
        }
        self.open = LineState::Quote(quote);
        self.rest.len()
    }
}

fn kind_of(quote: char) -> TokenKind {
    if quote == '\'' { TokenKind::StringLiteral } else { TokenKind::QuotedIdentifier }
}

fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

/// Whether a letter can stand inside a word.
#[must_use]
pub(crate) fn is_identifier_char(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

/// How many bytes the letters of a kind take that stand first.
fn length(text: &str, is_of_kind: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !is_of_kind(letter)).unwrap_or(text.len())
}

/// The bytes of a number: `12`, `1.5e-3`.
fn number(text: &str) -> usize {
    let mut before = None;
    let mut is_inside = |letter: char| {
        let is_sign_of_exponent = matches!(letter, '+' | '-') && matches!(before, Some('e' | 'E'));
        before = Some(letter);
        letter.is_alphanumeric() || letter == '.' || is_sign_of_exponent
    };
    text.find(|letter| !is_inside(letter)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str, dialect: Dialect) -> String {
        let mut open = LineState::Nothing;
        let line = |line| {
            let (tokens, left) = tokenize(line, open, dialect);
            open = left;
            let said = tokens.iter().filter(|token| !token.text.trim().is_empty()).map(|token| {
                let letter = match token.kind {
                    TokenKind::Keyword => 'k',
                    TokenKind::Identifier => 'w',
                    TokenKind::QuotedIdentifier => 'q',
                    TokenKind::StringLiteral => 't',
                    TokenKind::Number => 'n',
                    TokenKind::Parameter => 'p',
                    TokenKind::Comment => 'c',
                    TokenKind::Other => 'o',
                };
                format!("{letter}[{}]", token.text)
            });
            said.collect::<Vec<_>>().join(" ")
        };
        text.split('\n').map(line).collect::<Vec<_>>().join(" / ")
    }

    #[test]
    fn a_query_is_read() {
        let cases = [
            ("SELECT a.\"b c\" FROM T", "k[SELECT] w[a] o[.] q[\"b c\"] k[FROM] w[T]"),
            ("x >= 1.5e-3 - .5", "w[x] o[>] o[=] n[1.5e-3] o[-] n[.5]"),
            (
                "d > :as_of - INTERVAL '3 months' -- ago",
                "w[d] o[>] p[:as_of] o[-] k[INTERVAL] t['3 months'] c[-- ago]",
            ),
            ("'it''s' || ''", "t['it''s'] o[|] o[|] t['']"),
            ("x::DATE", "w[x] o[::] k[DATE]"),
            ("a /* b /* c */\nd */ e", "w[a] c[/* b /* c */] / c[d */] w[e]"),
            ("größe = 'ä", "w[größe] o[=] t['ä]"),
            ("'a\nb' c", "t['a] / t[b'] w[c]"),
            ("/* open", "c[/* open]"),
        ];
        for (text, tokens) in cases {
            assert_eq!(read(text, Dialect::Embedded), tokens, "{text}");
        }
    }

    #[test]
    fn only_spark_has_escapes_in_texts() {
        assert_eq!(read(r"'a\'b' `c\`", Dialect::Spark), r"t['a\'b'] q[`c\`]");
        assert_eq!(read(r"'a\' b", Dialect::DuckDb), r"t['a\'] w[b]");
    }

    proptest! {
        #[test]
        fn tokens_are_the_line(lines in prop::collection::vec(r#"([a-z1-9 .:'"`*/\\-]|\PC){0,12}"#, 1..4)) {
            let mut open = LineState::Nothing;
            for (line, begins) in lines.iter().zip(line_states(lines.iter().map(String::as_str), Dialect::Spark)) {
                prop_assert_eq!(open, begins);
                let (tokens, left) = tokenize(line, open, Dialect::Spark);
                prop_assert_eq!(&tokens.iter().map(|token| token.text).collect::<String>(), line);
                open = left;
            }
        }
    }
}
