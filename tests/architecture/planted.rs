//! The checks find what is planted for them.

use super::circles::{circles, describe};
use super::modules::{Modules, Target};
use super::named::{missing_paths, missing_types};
use super::rooms::{disagreements, table};
use super::source::SourceFile;

fn modules(sources: &[(&str, &str)]) -> Modules {
    Modules::new(sources.iter().copied())
}

/// The arrows as `from → to: item`.
fn arrows(modules: &Modules) -> Vec<String> {
    let path = |file: usize| modules.files[file].path.clone();
    let arrows = modules.arrows();
    arrows.iter().map(|arrow| format!("{} → {}: {}", path(arrow.from), path(arrow.to), arrow.item)).collect()
}

fn circle_texts(modules: &Modules) -> Vec<String> {
    let arrows = modules.arrows();
    circles(modules, &arrows).iter().map(|circle| describe(circle, modules, &arrows)).collect()
}

#[test]
fn a_planted_circle_is_found_through_the_parents_re_exports() {
    let modules = modules(&[
        ("lib.rs", "pub mod a;"),
        ("a/mod.rs", "mod one;\nmod three;\nmod two;\npub use one::One;\npub use two::Two;"),
        ("a/one.rs", "use super::Two;\npub struct One(Two);"),
        ("a/two.rs", "pub struct Two;\nfn f() { crate::a::three::g(); }"),
        ("a/three.rs", "use crate::a::{One as First, Two};\npub fn g(_: First) {}"),
    ]);
    let [text] = circle_texts(&modules).try_into().unwrap();
    assert_eq!(
        text,
        "circle of 3 files\
         \n    a/one.rs → a/two.rs: Two (line 1)\
         \n    a/two.rs → a/three.rs: g (line 2)\
         \n    a/three.rs → a/one.rs: One (line 1)\
         \n    a/three.rs → a/two.rs: Two (line 1)"
    );
}

#[test]
fn a_parent_makes_a_circle_only_by_its_own_code() {
    let child = ("a/one.rs", "use super::Two;\npub struct One;");
    let lib = ("lib.rs", "pub mod a;");
    let two = ("a/two.rs", "pub struct Two;");
    let passes_on = "mod one;\nmod two;\npub use one::One;\npub use two::Two;";
    assert!(circle_texts(&modules(&[lib, ("a/mod.rs", passes_on), child, two])).is_empty());
    let defines = "mod one;\npub use one::One;\npub struct Two;";
    assert!(circle_texts(&modules(&[lib, ("a/mod.rs", defines), child])).is_empty());
    for needs in [
        "pub use one::One;\npub struct Two(One);",
        "pub use one::*;\npub struct Two(One);",
        "pub struct Two(one::One);",
    ] {
        let parent = format!("mod one;\n{needs}");
        let circles = circle_texts(&modules(&[lib, ("a/mod.rs", &parent), child]));
        assert_eq!(circles.len(), 1, "{needs}");
    }
}

#[test]
fn tests_comments_and_strings_make_no_arrows() {
    let modules = modules(&[
        ("lib.rs", "pub mod a;\npub mod b;"),
        (
            "a.rs",
            "// use crate::b::B;\n/* crate::b::B /* nested */ crate::b::B */\n\
             const T: &str = \"crate::b::B\"; const R: &str = r#\"\" crate::b::B\"#; const C: char = '\"';\n\
             fn f<'a>(x: &'a str) -> char { '\\'' }\n\
             #[cfg(test)]\nuse crate::b::B;\n#[cfg(test)]\nmod tests { use crate::b::B; fn f() {} }\n\
             #[cfg(test)]\nmod more;",
        ),
        ("a/more.rs", "use crate::b::B;"),
        ("b.rs", "pub struct B;"),
    ]);
    assert_eq!(arrows(&modules), Vec::<String>::new());
    assert_eq!(modules.files.len(), 3);
}

#[test]
fn use_lines_are_read_whatever_their_form() {
    let modules = modules(&[
        ("lib.rs", "pub mod a;\npub mod b;\npub mod c;"),
        (
            "a/mod.rs",
            "mod inner;\nuse std::{fmt, io::{self, Read}};\nuse crate::{\n    b::{self, deep::{Deep as D, *}, B},\n    \
             c as other,\n};\npub(crate) use inner::Inner;\nfn f(_: Inner) { other::g(); b::deep::h(); }",
        ),
        ("a/inner.rs", "pub struct Inner;\nimpl Inner { fn f() { use super::super::c::g; g() } }"),
        ("b/mod.rs", "pub mod deep;\npub struct B;"),
        ("b/deep.rs", "pub struct Deep;\npub fn h() {}"),
        ("c.rs", "pub fn g() {}\npub mod inside { pub fn k() { super::g() } }"),
    ]);
    let mut found = arrows(&modules);
    found.dedup();
    let expected = [
        "a/mod.rs → a/inner.rs: Inner",
        "a/mod.rs → b/mod.rs: B",
        "a/mod.rs → b/mod.rs: b",
        "a/mod.rs → b/deep.rs: Deep",
        "a/mod.rs → b/deep.rs: b::deep",
        "a/mod.rs → b/deep.rs: h",
        "a/mod.rs → c.rs: c",
        "a/mod.rs → c.rs: g",
        "a/inner.rs → c.rs: g",
    ];
    let expected: std::collections::BTreeSet<String> = expected.map(str::to_owned).into();
    assert_eq!(found.into_iter().collect::<std::collections::BTreeSet<_>>(), expected);
    assert!(modules.lost_paths().is_empty());
}

#[test]
fn items_that_macros_make_are_known() {
    let modules = modules(&[
        ("lib.rs", "pub mod a;\npub mod b;\npub mod c;"),
        ("a.rs", "use crate::b::{LIST, Word};\nuse crate::c::{Kind, Side};"),
        (
            "b.rs",
            "macro_rules! words { ($($name:ident)+) => { pub enum Word { $($name)+ } const LIST: u8 = 1; } }",
        ),
        ("c.rs", "words! {\n    /// Doc.\n    Kind { A = \"a\", }\n    Side { B, }\n}"),
    ]);
    assert_eq!(modules.lost_paths(), Vec::<String>::new());
    let items: Vec<String> = modules.arrows().into_iter().map(|arrow| arrow.item).collect();
    assert_eq!(items, ["LIST", "Word", "Kind", "Side"]);
}

#[test]
fn a_path_that_leads_nowhere_is_told() {
    let modules = modules(&[("lib.rs", "pub mod a;"), ("a.rs", "use crate::gone::Thing;")]);
    assert_eq!(modules.lost_paths(), ["a.rs:1: crate::gone::Thing"]);
    let source = "use serde::Serialize;\npub mod inner { use super::Serialize; }";
    assert!(self::modules(&[("lib.rs", source)]).lost_paths().is_empty());
    assert_eq!(modules.resolve(&[], &["a".to_owned()]), Target::Module(vec!["a".to_owned()]));
}

#[test]
fn arrows_that_the_table_lacks_and_rows_that_no_code_needs_are_told() {
    let text = "# Rooms\n\n| room | may use |\n|---|---|\n| `app`, `ui` | `data` |\n| `app/open.rs` | `files` |\n| `*` | `help` |\n\n| `data` | `app` |";
    let table = table(text);
    assert_eq!(table.len(), 4);
    let app = ("app/open.rs", "use crate::files::File;\nuse crate::data::Data;");
    let sources = [
        ("lib.rs", "pub mod app; pub mod data; pub mod files; pub mod help; pub mod ui;"),
        ("app/mod.rs", "mod open;"),
        app,
        ("data.rs", "pub struct Data;"),
        ("files.rs", "pub struct File;"),
        ("help.rs", "pub struct Help;"),
        ("ui.rs", "pub fn f(_: crate::files::File, _: crate::help::Help) {}"),
    ];
    let modules = modules(&sources);
    assert_eq!(
        disagreements(&table, &modules, &modules.arrows()),
        [
            "ui may not use files\n    ui.rs:1: File of files.rs",
            "the table lets ui use data, and no code does"
        ]
    );
}

#[test]
fn lengths_are_counted() {
    let text = "struct A<F: Fn(u8) -> u8> {\n    a: F,\n    #[x(y, z)]\n    pub b: Map<u8, u8>,\n    c: fn(u8, u8) -> u8,\n}\n\
                struct B(u8, (u8, u8));\nstruct C;\n\
                const fn long<'a>(\n    x: &'a [u8; 3],\n) -> u8 {\n    match x { _ => 0 }\n}\n\
                trait T { fn none(&self); }\n#[cfg(test)]\nmod tests {\n    fn f() {\n    }\n}\n";
    let file = SourceFile::parse("a.rs", text);
    let fields: Vec<_> = file.structs.iter().map(|one| (one.name.as_str(), one.fields)).collect();
    assert_eq!(fields, [("A", 3), ("B", 2)]);
    let functions: Vec<_> =
        file.functions.iter().map(|one| (one.name.as_str(), one.line, one.lines)).collect();
    assert_eq!(functions, [("long", 9, 5)]);
}

#[test]
fn what_is_named_and_not_there_is_told() {
    let text = "| `app/` | `one.rs`, `gone.rs`, `parts/` | `else/` |\n\
                In `one.rs`, `app/one.rs` and `app/parts/`, `tests/`, `a/gone.rs`, `app/NAME.rs`, `/` and `and/or`:\n\
                `One`, `One::new`, `One::old`, `Gone`, `TODO`, `fn`.\n```\n`Gone` `gone.rs`\n```\n";
    let there = ["src/app/", "src/app/one.rs", "src/app/parts/", "tests/"];
    let lines = |missing: Vec<String>| -> Vec<String> {
        missing.iter().map(|line| line.replace("ARCHITECTURE.md:", "").replace(" there is no", "")).collect()
    };
    assert_eq!(
        lines(missing_paths(text, &|path| there.contains(&path))),
        ["1: gone.rs", "1: else/", "2: one.rs", "2: a/gone.rs", "2: and/or"]
    );
    let source = "struct One;\nimpl One { fn new() {} }\n// Gone\nconst A: &str = \"Gone\";";
    assert_eq!(lines(missing_types(text, [source].into_iter())), ["3: One::old", "3: Gone"]);
}
