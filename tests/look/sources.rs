//! What the source can draw.

use std::path::{Path, PathBuf};

/// Every character of the source that could be drawn has its likeness in ASCII, whether a snapshot shows it or not.
#[test]
fn no_character_is_without_its_likeness_in_ascii() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for room in
        ["app", "ui", "segment", "backend", "database", "workspace", "diagnostic.rs", "export", "sql/layout"]
    {
        for file in rust_files(&root.join(room)) {
            let text = std::fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let code = code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
            for (at, line) in code {
                let unknown = line.chars().find(|letter| {
                    !letter.is_ascii()
                        && !letter.is_alphanumeric()
                        && segtui::ui::ascii_likeness(*letter).is_none()
                });
                assert_eq!(unknown, None, "{}:{}: add it to src/ui/ascii.rs", file.display(), at + 1);
            }
        }
    }
}

fn rust_files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let inside = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let is_code = |file: &PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        name.ends_with(".rs") && !name.ends_with("tests.rs")
    };
    inside
        .filter(|path| path.file_name().is_some_and(|name| name != "tests"))
        .flat_map(|path| rust_files(&path))
        .filter(is_code)
        .collect()
}
