//! What ARCHITECTURE.md promises of the source: which rooms use which, no circles between files, polars in
//! its rooms only, and how long things may be; and that what it names exists.

mod circles;
mod modules;
mod named;
mod planted;
mod rooms;
mod source;
mod tokens;

use std::fs;
use std::path::Path;

use modules::{Arrow, Modules};
use source::SourceFile;

/// The most lines of a file, tests and comments included.
const LONGEST_FILE: usize = 500;
/// The most lines of a function, from `fn` to its closing brace; tests may be longer.
const LONGEST_FUNCTION: usize = 60;
/// The most fields of a struct.
const MOST_FIELDS: usize = 15;
/// The rooms that may name polars.
const POLARS_ROOMS: [&str; 2] = ["local", "demo"];

/// The files below `src/`, by their paths there.
fn paths() -> Vec<String> {
    let root = root().join("src");
    let mut folders = vec![root.clone()];
    let mut paths = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let steps = path.strip_prefix(&root).unwrap().iter();
            paths.push(steps.map(|step| step.to_str().unwrap()).collect::<Vec<_>>().join("/"));
        }
    }
    paths.sort();
    paths
}

/// The texts of the source files, by their paths below `src/`.
fn sources() -> Vec<(String, String)> {
    let paths = paths().into_iter().filter(|path| path.ends_with(".rs"));
    let text = |path: &String| fs::read_to_string(root().join("src").join(path)).unwrap();
    paths.map(|path| (path.clone(), text(&path))).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// ARCHITECTURE.md.
fn page() -> String {
    fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap()
}

fn modules() -> (Modules, Vec<Arrow>) {
    let sources = sources();
    let modules = Modules::new(sources.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let arrows = modules.arrows();
    (modules, arrows)
}

/// Fails if there are violations; names them all.
fn check(what: &str, violations: &[String]) {
    assert!(violations.is_empty(), "{what}: {} violations\n  {}", violations.len(), violations.join("\n  "));
}

#[test]
fn every_path_is_understood() {
    check("paths", &modules().0.lost_paths());
}

#[test]
fn rooms_use_only_those_of_the_table() {
    let table = rooms::table(&page());
    assert!(!table.is_empty(), "ARCHITECTURE.md has no table `| room | may use |`");
    let (modules, arrows) = modules();
    check("arrows", &rooms::disagreements(&table, &modules, &arrows));
}

#[test]
fn files_make_no_circles() {
    let (modules, arrows) = modules();
    let circles = circles::circles(&modules, &arrows);
    let circles: Vec<String> =
        circles.iter().map(|circle| circles::describe(circle, &modules, &arrows)).collect();
    check("circles", &circles);
}

#[test]
fn polars_is_named_in_its_rooms_only() {
    let sources = sources();
    let files = sources.iter().map(|(path, text)| SourceFile::parse(path, text));
    let outside = files.filter(|file| file.names_polars && !POLARS_ROOMS.contains(&file.room()));
    check("polars", &outside.map(|file| format!("{} names polars", file.path)).collect::<Vec<_>>());
}

#[test]
fn files_functions_and_structs_are_short() {
    let files = sources().into_iter().map(|(path, text)| (path, text.lines().count()));
    let files = files.filter(|(_, lines)| *lines > LONGEST_FILE);
    let mut long: Vec<String> = files.map(|(path, lines)| format!("{path} has {lines} lines")).collect();
    let (modules, _) = modules();
    for file in &modules.files {
        let path = &file.path;
        for function in file.functions.iter().filter(|function| function.lines > LONGEST_FUNCTION) {
            let (name, line, lines) = (&function.name, function.line, function.lines);
            long.push(format!("{path}:{line}: fn {name} has {lines} lines"));
        }
        for structure in file.structs.iter().filter(|structure| structure.fields > MOST_FIELDS) {
            let (name, line, fields) = (&structure.name, structure.line, structure.fields);
            long.push(format!("{path}:{line}: struct {name} has {fields} fields"));
        }
    }
    check("lengths", &long);
}

#[test]
fn nothing_but_source_stands_among_the_source() {
    let others = paths().into_iter().filter(|path| !path.ends_with(".rs"));
    check("others", &others.collect::<Vec<_>>());
}

#[test]
fn files_that_are_no_tests_are_not_called_so() {
    let (modules, _) = modules();
    let called_so = modules.files.iter().filter(|file| file.path.ends_with("_test.rs"));
    check("names", &called_so.map(|file| file.path.clone()).collect::<Vec<_>>());
}

#[test]
fn what_architecture_names_exists() {
    let page = page();
    let exists = |path: &str| {
        let path = root().join(path);
        if path.to_string_lossy().ends_with('/') { path.is_dir() } else { path.is_file() }
    };
    check("named paths", &named::missing_paths(&page, &exists));
    let sources = sources();
    check("named types", &named::missing_types(&page, sources.iter().map(|(_, text)| text.as_str())));
}
