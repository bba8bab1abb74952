//! What was noticed about files that open all the same.

use crate::diagnostic::Diagnostic;

/// Something left out, renamed or detected (`docs/files.md`): what, and the line for `database.toml`
/// that changes it, where there is one. Its place is the column that it is about; `None` where it is about the
/// table or the database as a whole.
pub type Note = Diagnostic<Option<String>>;

/// What to write into the manifest for a table, to be pasted: its section and the key.
pub(crate) fn setting(table: &str, key: &str, value: &str) -> String {
    format!("[tables.{}]\n{key} = {value}", toml_key(table))
}

/// A key as TOML has it.
pub(crate) fn toml_key(name: &str) -> String {
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    if !name.is_empty() && name.chars().all(is_bare) { name.to_owned() } else { toml_text(name) }
}

/// A text as TOML has it.
pub(crate) fn toml_text(text: &str) -> String {
    let text = toml::Value::String(text.to_owned()).to_string();
    if !text.contains('\n') {
        return text;
    }
    // On one line, which a key has to be.
    let lines = text.trim_start_matches("\"\"\"\n").trim_end_matches("\"\"\"");
    format!("\"{}\"", lines.replace('\n', "\\n").replace('"', "\\\""))
}
