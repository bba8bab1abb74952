//! What one source file defines, imports and names. Items under `#[cfg(test)]` are left out.

use std::collections::BTreeSet;

use super::tokens::{Kind, Token, tokens};

/// A file of the crate.
#[derive(Debug)]
pub struct SourceFile {
    /// Below `src/`, with `/`.
    pub path: String,
    /// Its own module first, then those that stand in it in braces.
    pub scopes: Vec<Scope>,
    /// Modules in files of their own that are there for tests only.
    pub test_modules: Vec<Vec<String>>,
    pub functions: Vec<Function>,
    pub structs: Vec<Struct>,
    /// Every name in it outside of `use` lines.
    pub names: BTreeSet<String>,
    /// Whether polars is named, be it in a test.
    pub names_polars: bool,
}

/// A module.
#[derive(Debug, Default)]
pub struct Scope {
    pub module: Vec<String>,
    /// What it defines.
    pub items: BTreeSet<String>,
    /// The modules in it.
    pub children: BTreeSet<String>,
    pub imports: Vec<Import>,
    /// Paths of at least two names in its code.
    pub paths: Vec<CodePath>,
}

/// One name of a `use` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub path: Vec<String>,
    /// What it is called here; `None` for `*`.
    pub name: Option<String>,
    pub is_public: bool,
    pub line: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub struct CodePath {
    pub path: Vec<String>,
    pub line: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub line: usize,
    /// From `fn` to its closing brace.
    pub lines: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Struct {
    pub name: String,
    pub line: usize,
    pub fields: usize,
}

impl SourceFile {
    /// Reads the text of a file at a path below `src/`.
    pub fn parse(path: &str, text: &str) -> Self {
        let tokens = tokens(text);
        let module = module_of(path);
        let file = Self {
            path: path.to_owned(),
            scopes: vec![Scope { module: module.clone(), ..Scope::default() }],
            test_modules: Vec::new(),
            functions: Vec::new(),
            structs: Vec::new(),
            names: BTreeSet::new(),
            names_polars: tokens.iter().any(|token| token.ident() == Some("polars")),
        };
        let mut reader = Reader { tokens: &tokens, at: 0, depth: 0, open: vec![(0, 0)], file };
        while reader.at < tokens.len() {
            reader.step();
        }
        reader.file
    }

    /// The top-level folder or file that it is in.
    pub fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }
}

/// The module of a file: `segment/check/mod.rs` is `segment::check`. The program's own file is no module of
/// the library; it gets a name that no path can have.
fn module_of(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let mut steps: Vec<String> = path.split('/').map(str::to_owned).collect();
    match steps.last().map(String::as_str) {
        Some("mod") => drop(steps.pop()),
        Some("lib") if steps.len() == 1 => steps.clear(),
        Some("main") if steps.len() == 1 => steps = vec!["<main>".to_owned()],
        _ => {}
    }
    steps
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    /// How many braces are open.
    depth: usize,
    /// The modules that are open: the position of each in `scopes`, and its depth.
    open: Vec<(usize, usize)>,
    file: SourceFile,
}

impl Reader<'_> {
    fn token(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    fn ident(&self, ahead: usize) -> Option<String> {
        self.token(ahead).and_then(Token::ident).map(str::to_owned)
    }

    fn is(&self, ahead: usize, punct: char) -> bool {
        self.token(ahead).is_some_and(|token| token.is(punct))
    }

    fn before(&self) -> Option<&Token> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at))
    }

    fn scope(&mut self) -> &mut Scope {
        let (scope, _) = *self.open.last().unwrap();
        &mut self.file.scopes[scope]
    }

    /// Whether an item here is one of the module, rather than of a function or an `impl`.
    fn is_module_level(&self) -> bool {
        self.open.last().is_some_and(|(_, depth)| *depth == self.depth)
    }

    fn step(&mut self) {
        if self.is(0, '#') && (self.is(1, '[') || (self.is(1, '!') && self.is(2, '['))) {
            return self.attribute();
        }
        if let Some(word) = self.ident(0) {
            return self.word(&word);
        }
        if self.is(0, '{') {
            self.depth += 1;
        }
        if self.is(0, '}') {
            self.depth = self.depth.saturating_sub(1);
            if self.open.len() > 1 && self.open.last().is_some_and(|(_, depth)| *depth > self.depth) {
                self.open.pop();
            }
        }
        self.at += 1;
    }

    fn attribute(&mut self) {
        let start = self.at;
        self.at += if self.is(1, '!') { 2 } else { 1 };
        let end = self.end_of_group(self.at);
        let words: Vec<&str> = self.tokens[start..end].iter().filter_map(Token::ident).collect();
        self.at = end;
        if words.first() == Some(&"cfg") && words.contains(&"test") && !words.contains(&"not") {
            self.skip_item();
        }
    }

    /// Behind the bracket that closes the one at `at`.
    fn end_of_group(&self, at: usize) -> usize {
        let mut depth = 0_usize;
        for (position, token) in self.tokens.iter().enumerate().skip(at) {
            match token.kind {
                Kind::Punct('(' | '[' | '{') => depth += 1,
                Kind::Punct(')' | ']' | '}') => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return position + 1;
            }
        }
        self.tokens.len()
    }

    /// Passes over an item that is there for tests only.
    fn skip_item(&mut self) {
        let start = self.at;
        let mut words = Vec::new();
        while let Some(token) = self.token(0) {
            words.extend(token.ident().map(str::to_owned));
            let ends_with_semicolon =
                words.iter().any(|word| ["use", "const", "static"].contains(&word.as_str()))
                    && !words.iter().any(|word| word == "fn");
            match token.kind {
                Kind::Punct(';') => {
                    self.at += 1;
                    break;
                }
                Kind::Punct('{') if !ends_with_semicolon => {
                    self.at = self.end_of_group(self.at);
                    break;
                }
                Kind::Punct('(' | '[' | '{') => self.at = self.end_of_group(self.at),
                _ => self.at += 1,
            }
        }
        let item = &self.tokens[start..self.at];
        let is_file = item.last().is_some_and(|token| token.is(';'));
        let name = words.iter().skip_while(|word| *word != "mod").nth(1).cloned();
        if let Some(name) = name.filter(|_| is_file) {
            let mut module = self.scope().module.clone();
            module.push(name);
            self.file.test_modules.push(module);
        }
    }

    fn word(&mut self, word: &str) {
        let name = self.ident(1);
        match (word, name) {
            ("use", _) if !self.is(1, '<') => return self.import(),
            ("mod", Some(name)) if self.is(2, ';') || self.is(2, '{') => return self.module(name),
            ("fn", Some(name)) => {
                self.define(&name);
                self.function(name);
            }
            ("struct", Some(name)) => {
                self.define(&name);
                self.structure(name);
            }
            ("enum" | "trait" | "type" | "static" | "union", Some(name)) => self.define(&name),
            ("const", Some(name)) if name != "fn" && name != "unsafe" => self.define(&name),
            (_, _) if self.is(1, '!') && self.is_module_level() => self.macro_items(word == "macro_rules"),
            _ => {}
        }
        self.path();
    }

    /// The items that a macro here may make: those that its definition spells out, and names before braces
    /// where it is called.
    fn macro_items(&mut self, is_definition: bool) {
        let Some(start) = (self.at..self.tokens.len()).find(|at| self.tokens[*at].is('{')) else { return };
        let body = &self.tokens[start..self.end_of_group(start)];
        let pairs = body.windows(2).filter_map(|pair| match (pair[0].ident()?, pair[1].ident()) {
            ("enum" | "struct" | "trait" | "type" | "const" | "static" | "fn", name) if is_definition => name,
            (name, None) if !is_definition && pair[1].is('{') => Some(name),
            _ => None,
        });
        let own = self.ident(2).filter(|_| is_definition);
        let names: Vec<String> = pairs.map(str::to_owned).chain(own).collect();
        self.scope().items.extend(names);
    }

    fn define(&mut self, name: &str) {
        if self.is_module_level() {
            self.scope().items.insert(name.to_owned());
        }
    }

    fn module(&mut self, name: String) {
        self.scope().children.insert(name.clone());
        let mut module = self.scope().module.clone();
        module.push(name);
        if self.is(2, '{') {
            self.depth += 1;
            self.open.push((self.file.scopes.len(), self.depth));
            self.file.scopes.push(Scope { module, ..Scope::default() });
        }
        self.at += 3;
    }

    fn function(&mut self, name: String) {
        let line = self.tokens[self.at].line;
        let mut at = self.at;
        while let Some(token) = self.tokens.get(at) {
            match token.kind {
                Kind::Punct(';') => return,
                Kind::Punct('{') => break,
                Kind::Punct('(' | '[') => at = self.end_of_group(at),
                _ => at += 1,
            }
        }
        let last = self.end_of_group(at).checked_sub(1).and_then(|last| self.tokens.get(last));
        let lines = last.map_or(0, |token| token.line + 1 - line);
        self.file.functions.push(Function { name, line, lines });
    }

    fn structure(&mut self, name: String) {
        let line = self.tokens[self.at].line;
        let (mut at, mut angles) = (self.at, 0_usize);
        let start = loop {
            match self.tokens.get(at).map(|token| &token.kind) {
                None | Some(Kind::Punct(';')) => return,
                Some(Kind::Punct('{' | '(')) if angles == 0 => break at,
                Some(Kind::Punct('<')) => angles += 1,
                Some(Kind::Punct('>')) if !self.tokens[at - 1].is('-') => angles = angles.saturating_sub(1),
                Some(_) => {}
            }
            at += 1;
        };
        let body = &self.tokens[start + 1..self.end_of_group(start).max(start + 2) - 1];
        self.file.structs.push(Struct { name, line, fields: fields(body) });
    }

    fn import(&mut self) {
        let is_public = self.is_public();
        let line = self.tokens[self.at].line;
        self.at += 1;
        let mut imports = Vec::new();
        self.tree(&mut Vec::new(), &mut imports);
        let imports = imports.into_iter().map(|(path, name)| Import { path, name, is_public, line });
        let imports: Vec<Import> = imports.collect();
        self.scope().imports.extend(imports);
    }

    /// Whether `pub` or `pub(…)` stands before this.
    fn is_public(&self) -> bool {
        let Some(before) = self.before() else { return false };
        if !before.is(')') {
            return before.ident() == Some("pub");
        }
        let start = (0..self.at).rev().find(|at| self.tokens[*at].is('('));
        let start = start.and_then(|start| start.checked_sub(1));
        start.is_some_and(|start| self.tokens[start].ident() == Some("pub"))
    }

    /// One branch of a `use`: `a::b`, `a::b as c`, `a::*`, `a::{…}`.
    fn tree(&mut self, path: &mut Vec<String>, imports: &mut Vec<(Vec<String>, Option<String>)>) {
        let length = path.len();
        while let Some(token) = self.token(0).cloned() {
            self.at += 1;
            match token.kind {
                Kind::PathSep => {}
                Kind::Ident(word) if word == "as" => {
                    let alias = self.ident(0);
                    self.at += 1;
                    imports.push((plain(path), alias));
                    path.clear();
                    break;
                }
                Kind::Ident(word) => path.push(word),
                Kind::Punct('*') => {
                    imports.push((path.clone(), None));
                    path.clear();
                    break;
                }
                Kind::Punct('{') => {
                    while self.token(0).is_some() && !self.is(0, '}') {
                        self.tree(&mut path.clone(), imports);
                        if self.is(0, ',') {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    path.clear();
                    break;
                }
                _ => {
                    // What ends this branch belongs to whoever reads on.
                    self.at -= 1;
                    break;
                }
            }
        }
        if path.len() > length || (!path.is_empty() && path.last().is_some_and(|last| last == "self")) {
            let path = plain(path);
            let name = path.last().cloned();
            imports.push((path, name));
        }
    }

    /// A path in the code, from its first name on.
    fn path(&mut self) {
        let line = self.tokens[self.at].line;
        let is_inner = self.before().is_some_and(|before| before.kind == Kind::PathSep || before.is('.'));
        // `pub(in crate::a)` uses nothing of `a`.
        let is_visibility = self.before().is_some_and(|before| before.ident() == Some("in"))
            && self.at.checked_sub(2).is_some_and(|at| self.tokens[at].is('('));
        let mut path = Vec::new();
        while let Some(name) = self.ident(0) {
            self.file.names.insert(name.clone());
            path.push(name);
            self.at += 1;
            let goes_on = self.token(0).is_some_and(|token| token.kind == Kind::PathSep)
                && self.token(1).and_then(Token::ident).is_some();
            if !goes_on {
                break;
            }
            self.at += 1;
        }
        if path.len() > 1 && !is_inner && !is_visibility {
            self.scope().paths.push(CodePath { path, line });
        }
    }
}

/// A path whose last name may be `self`, which stands for the module itself.
fn plain(path: &[String]) -> Vec<String> {
    match path.split_last() {
        Some((last, rest)) if last == "self" && !rest.is_empty() => rest.to_vec(),
        _ => path.to_vec(),
    }
}

/// The fields in the body of a struct: parts between commas that are not empty.
fn fields(body: &[Token]) -> usize {
    let (mut depth, mut fields, mut is_empty) = (0_usize, 0, true);
    let mut before = ' ';
    for token in body {
        match token.kind {
            Kind::Punct('(' | '[' | '{' | '<') => depth += 1,
            Kind::Punct('>') if before == '-' => {}
            Kind::Punct(')' | ']' | '}' | '>') => depth = depth.saturating_sub(1),
            Kind::Punct(',') if depth == 0 => is_empty = true,
            _ => {}
        }
        let is_separator = token.is(',') && depth == 0;
        if is_empty && !is_separator {
            (fields, is_empty) = (fields + 1, false);
        }
        before = match token.kind {
            Kind::Punct(punct) => punct,
            _ => ' ',
        };
    }
    fields
}
