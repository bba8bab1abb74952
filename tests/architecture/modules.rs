//! The modules of the crate, and which file a path leads to.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Import, Scope, SourceFile};

/// Where a path leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A module of the crate.
    Module(Vec<String>),
    /// An item of a file, by the file's position.
    Item { file: usize, name: String },
    /// Another crate.
    OtherCrate,
    /// A local name, a part of a type, or nothing.
    Elsewhere,
}

/// One file needs another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    pub from: usize,
    pub to: usize,
    pub item: String,
    pub line: usize,
    /// It is only passed on (`pub use`), and nothing in the file itself uses it.
    pub is_passed_on: bool,
}

/// The files of the crate.
pub struct Modules {
    pub files: Vec<SourceFile>,
    /// The file and the position in its scopes of each module.
    by_path: BTreeMap<Vec<String>, (usize, usize)>,
}

impl Modules {
    /// From the texts of files, by their paths below `src/`. Modules that are there for tests only are left
    /// out.
    pub fn new<'a>(sources: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut files: Vec<SourceFile> =
            sources.into_iter().map(|(path, text)| SourceFile::parse(path, text)).collect();
        let tests: Vec<Vec<String>> = files.iter().flat_map(|file| file.test_modules.clone()).collect();
        files.retain(|file| !tests.iter().any(|test| file.scopes[0].module.starts_with(test)));
        let mut by_path = BTreeMap::new();
        for (at, file) in files.iter().enumerate() {
            for (scope, module) in file.scopes.iter().enumerate() {
                by_path.insert(module.module.clone(), (at, scope));
            }
        }
        Self { files, by_path }
    }

    fn scope(&self, module: &[String]) -> Option<(usize, &Scope)> {
        let (file, scope) = *self.by_path.get(module)?;
        Some((file, self.files.get(file)?.scopes.get(scope)?))
    }

    /// Where a path in a module leads.
    pub fn resolve(&self, module: &[String], path: &[String]) -> Target {
        self.follow(module, path, &mut BTreeSet::new())
    }

    fn follow(&self, module: &[String], path: &[String], seen: &mut BTreeSet<Vec<String>>) -> Target {
        // An import that leads to itself leads nowhere.
        if !seen.insert([module, path].concat()) {
            return Target::Elsewhere;
        }
        let (mut at, mut rest) = (module.to_vec(), path);
        while let Some((first, after)) = rest.split_first() {
            match first.as_str() {
                "crate" | "segtui" => at.clear(),
                "super" => drop(at.pop()),
                "self" => {}
                _ => break,
            }
            rest = after;
        }
        while let Some((name, after)) = rest.split_first() {
            match self.member(&at, name, after.is_empty(), seen) {
                Target::Module(inner) => (at, rest) = (inner, after),
                other => return other,
            }
        }
        Target::Module(at)
    }

    /// What a name means in a module. A module and a function can share a name: the last name of a path means
    /// the function.
    fn member(
        &self,
        module: &[String],
        name: &str,
        is_last: bool,
        seen: &mut BTreeSet<Vec<String>>,
    ) -> Target {
        let Some((file, scope)) = self.scope(module) else { return Target::Elsewhere };
        let child = || Target::Module([module, &[name.to_owned()]].concat());
        let is_child = scope.children.contains(name);
        if is_child && !is_last {
            return child();
        }
        if scope.items.contains(name) {
            return Target::Item { file, name: name.to_owned() };
        }
        let called = |import: &&Import| import.name.as_deref() == Some(name);
        for import in scope.imports.iter().filter(called) {
            match self.follow_import(module, import, seen) {
                // The child itself, imported by its own name.
                Target::Elsewhere => {}
                found => return found,
            }
        }
        if is_child {
            return child();
        }
        let mut may_be_theirs = false;
        for glob in scope.imports.iter().filter(|import| import.name.is_none()) {
            if let Target::Module(inner) = self.follow_import(module, glob, seen) {
                match self.member(&inner, name, is_last, seen) {
                    Target::Elsewhere => {}
                    found => return found,
                }
            } else {
                may_be_theirs = true;
            }
        }
        if may_be_theirs { Target::OtherCrate } else { Target::Elsewhere }
    }

    fn follow_import(&self, module: &[String], import: &Import, seen: &mut BTreeSet<Vec<String>>) -> Target {
        let Some(first) = import.path.first() else { return Target::Elsewhere };
        let is_relative = ["crate", "super", "self", "segtui"].contains(&first.as_str());
        // The name of another crate is no module here.
        let is_known = self.scope(module).is_some_and(|(_, scope)| {
            scope.children.contains(first)
                || scope.items.contains(first)
                || scope.imports.iter().any(|other| other != import && other.name.as_ref() == Some(first))
        });
        if is_relative || is_known { self.follow(module, &import.path, seen) } else { Target::OtherCrate }
    }

    /// All arrows between files, in order.
    pub fn arrows(&self) -> Vec<Arrow> {
        let mut arrows = BTreeSet::new();
        for (from, file) in self.files.iter().enumerate() {
            for scope in &file.scopes {
                for import in &scope.imports {
                    let to = self.follow_import(&scope.module, import, &mut BTreeSet::new());
                    let is_used = match (&import.name, &to) {
                        (Some(name), _) => file.names.contains(name),
                        (None, Target::Module(module)) => {
                            let items = self.scope(module).map(|(_, scope)| &scope.items);
                            items.is_some_and(|items| !items.is_disjoint(&file.names))
                        }
                        (None, _) => false,
                    };
                    let is_passed_on = import.is_public && !is_used;
                    arrows.extend(self.arrow(from, &to, import.line, is_passed_on));
                }
                for code in &scope.paths {
                    let to = self.resolve(&scope.module, &code.path);
                    arrows.extend(self.arrow(from, &to, code.line, false));
                }
            }
        }
        arrows.into_iter().collect()
    }

    fn arrow(&self, from: usize, to: &Target, line: usize, is_passed_on: bool) -> Option<Arrow> {
        let (to, item) = match to {
            Target::Item { file, name } => (*file, name.clone()),
            Target::Module(module) => (self.by_path.get(module)?.0, module.join("::")),
            Target::OtherCrate | Target::Elsewhere => return None,
        };
        (from != to).then_some(Arrow { from, to, item, line, is_passed_on })
    }

    /// Paths that begin within this crate and lead to nothing: the checks would be blind to them.
    pub fn lost_paths(&self) -> Vec<String> {
        let mut lost = Vec::new();
        for file in &self.files {
            for scope in &file.scopes {
                let imports = scope.imports.iter().map(|import| (&import.path, import.line));
                let paths = scope.paths.iter().map(|code| (&code.path, code.line));
                for (path, line) in imports.chain(paths) {
                    let is_ours = ["crate", "super", "self", "segtui"].contains(&path[0].as_str());
                    if is_ours && self.resolve(&scope.module, path) == Target::Elsewhere {
                        lost.push(format!("{}:{line}: {}", file.path, path.join("::")));
                    }
                }
            }
        }
        lost
    }
}
