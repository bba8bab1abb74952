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

/// Several of these for one table as one, to be pasted together; `None` where they contradict one another.
pub(crate) fn joined(settings: &[&str]) -> Option<String> {
    let section = settings.first()?.lines().next()?;
    let mut keys: Vec<(&str, Vec<&str>)> = Vec::new();
    for setting in settings {
        let (own, lines) = setting.split_once('\n')?;
        if own != section {
            return None;
        }
        for (key, value) in lines.lines().filter_map(|line| line.split_once(" = ")) {
            let inner = value.strip_prefix("{ ").and_then(|inner| inner.strip_suffix(" }")).unwrap_or(value);
            match keys.iter_mut().find(|(known, _)| *known == key) {
                Some((_, values)) if values.contains(&inner) => {}
                Some((_, values)) => values.push(inner),
                None => keys.push((key, vec![inner])),
            }
        }
    }
    let is_table = |value: &str| value.contains(" = ");
    let line = |(key, values): &(&str, Vec<&str>)| match values.as_slice() {
        [only] if !is_table(only) => format!("{key} = {only}"),
        values => format!("{key} = {{ {} }}", values.join(", ")),
    };
    let lines: Vec<String> = keys.iter().map(line).collect();
    let text = format!("{section}\n{}", lines.join("\n"));
    // A key that stands in it twice would be refused.
    toml::from_str::<toml::Table>(&text).is_ok().then_some(text)
}

/// A key as TOML has it.
pub(crate) fn toml_key(name: &str) -> String {
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    if !name.is_empty() && name.chars().all(is_bare) { name.to_owned() } else { toml_text(name) }
}

/// A text as TOML has it.
pub(crate) fn toml_text(text: &str) -> String {
    if !text.contains(char::is_control) {
        return toml::Value::String(text.to_owned()).to_string();
    }
    // On one line, which a key has to be.
    let escaped = text.chars().map(|letter| match letter {
        '"' | '\\' => format!("\\{letter}"),
        letter if letter.is_control() => format!("\\u{:04X}", u32::from(letter)),
        letter => letter.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_one_table_are_joined() {
        let csv = |value: &str| setting("t", "csv", value);
        let (null, decimal, id) =
            (csv("{ null = [\"NA\"] }"), csv("{ decimal = \",\" }"), setting("t", "id", "{ a = \"b\" }"));
        assert_eq!(
            joined(&[&null, &id, &decimal, &null]).unwrap(),
            "[tables.t]\ncsv = { null = [\"NA\"], decimal = \",\" }\nid = { a = \"b\" }"
        );
        assert_eq!(joined(&[&decimal, &csv("{ decimal = \".\" }")]), None);
        assert_eq!(joined(&[&decimal, &setting("u", "csv", "{ skip = 1 }")]), None);
        let parts = setting("t", "parts", "\"union\"");
        assert_eq!(joined(&[&parts]), Some(parts.clone()));
    }

    #[test]
    fn names_of_any_letters_are_keys_on_one_line() {
        for name in ["a\nb", "a \"b\"", "\\N", "é", "a\n\"\"\"\\"] {
            let text = setting(name, "hidden", "true");
            let read: toml::Table = toml::from_str(&text).unwrap();
            assert!(read["tables"].get(name).is_some(), "{text}");
        }
    }
}
