//! Rust source as tokens, without comments and without what literals say.

/// A token and the line it begins on, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub line: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword.
    Ident(String),
    /// `::`
    PathSep,
    /// Any other single character.
    Punct(char),
    /// A string, character or number.
    Literal,
    /// `'a`
    Lifetime,
}

impl Token {
    pub fn ident(&self) -> Option<&str> {
        match &self.kind {
            Kind::Ident(name) => Some(name),
            _ => None,
        }
    }

    pub fn is(&self, punct: char) -> bool {
        self.kind == Kind::Punct(punct)
    }
}

/// Splits a source text into tokens.
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut lexer = Lexer { chars: &chars, at: 0, line: 1, tokens: Vec::new() };
    while lexer.at < chars.len() {
        lexer.next();
    }
    lexer.tokens
}

struct Lexer<'a> {
    chars: &'a [char],
    at: usize,
    line: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn bump(&mut self) {
        if self.peek(0) == Some('\n') {
            self.line += 1;
        }
        self.at += 1;
    }

    fn push(&mut self, kind: Kind, line: usize) {
        self.tokens.push(Token { kind, line });
    }

    fn next(&mut self) {
        let (line, Some(first)) = (self.line, self.peek(0)) else { return };
        match (first, self.peek(1)) {
            ('/', Some('/')) => self.skip_while(|letter| letter != '\n'),
            ('/', Some('*')) => self.block_comment(),
            ('"', _) => self.string(line),
            ('\'', _) => self.quote(line),
            (':', Some(':')) => {
                self.at += 2;
                self.push(Kind::PathSep, line);
            }
            _ if first.is_whitespace() => self.bump(),
            _ if first.is_ascii_digit() => {
                self.skip_while(|letter| letter.is_alphanumeric() || letter == '_');
                self.push(Kind::Literal, line);
            }
            _ if first.is_alphabetic() || first == '_' => self.word(line),
            _ => {
                self.bump();
                self.push(Kind::Punct(first), line);
            }
        }
    }

    fn skip_while(&mut self, goes_on: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&goes_on) {
            self.bump();
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while let Some(letter) = self.peek(0) {
            match (letter, self.peek(1)) {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth -= 1,
                _ => {
                    self.bump();
                    continue;
                }
            }
            self.at += 2;
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self, line: usize) {
        self.bump();
        while let Some(letter) = self.peek(0) {
            if letter == '\\' {
                self.bump();
            }
            self.bump();
            if letter == '"' {
                break;
            }
        }
        self.push(Kind::Literal, line);
    }

    /// A string without escapes that ends with as many `#` as stand before it.
    fn raw_string(&mut self, hashes: usize, line: usize) {
        self.at += hashes + 1;
        while let Some(letter) = self.peek(0) {
            self.bump();
            if letter == '"' && (0..hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                self.at += hashes;
                break;
            }
        }
        self.push(Kind::Literal, line);
    }

    /// A character or a lifetime.
    fn quote(&mut self, line: usize) {
        let is_char = self.peek(1) == Some('\\') || self.peek(2) == Some('\'');
        self.bump();
        if !is_char {
            self.skip_while(|letter| letter.is_alphanumeric() || letter == '_');
            return self.push(Kind::Lifetime, line);
        }
        if self.peek(0) == Some('\\') {
            self.bump();
        }
        self.bump();
        self.skip_while(|letter| letter != '\'');
        self.bump();
        self.push(Kind::Literal, line);
    }

    /// A name, or what its letters are the prefix of.
    fn word(&mut self, line: usize) {
        let start = self.at;
        self.skip_while(|letter| letter.is_alphanumeric() || letter == '_');
        let mut word: String = self.chars[start..self.at].iter().collect();
        let hashes = (0..).take_while(|ahead| self.peek(*ahead) == Some('#')).count();
        let is_string = self.peek(hashes) == Some('"');
        match word.as_str() {
            "r" | "br" | "cr" if is_string => return self.raw_string(hashes, line),
            "b" | "c" if is_string && hashes == 0 => return self.string(line),
            "b" if self.peek(0) == Some('\'') => return self.quote(line),
            "r" if hashes == 1 => {
                self.bump();
                let start = self.at;
                self.skip_while(|letter| letter.is_alphanumeric() || letter == '_');
                word = self.chars[start..self.at].iter().collect();
            }
            _ => {}
        }
        self.push(Kind::Ident(word), line);
    }
}
