//! Characters that terminals obey.

use serde_json::Value;

/// Whether a character is to be kept from terminals: they obey control characters, and changes of writing
/// direction make a text look like another one.
#[must_use]
pub(crate) fn is_control(letter: char) -> bool {
    matches!(letter, '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}')
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A value as JSON in which nothing is left that a terminal obeys: what JSON lets stand (C1, DEL, changes of
/// writing direction) is escaped, too.
pub(crate) fn json_text(value: &Value) -> String {
    escape(value.to_string())
}

/// The same for a JSON text.
pub(crate) fn escape(json: String) -> String {
    if !json.contains(is_control) {
        return json;
    }
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if is_control(letter) {
            // They are all of the first plane, and stand in strings only.
            text.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_gives_back_the_value_and_is_harmless() {
        let value = Value::from("a\u{1b}[2J\n\\\u{9b}\u{7f}é\u{202e}\u{61c}日");
        let text = json_text(&value);
        assert_eq!(text, r#""a\u001b[2J\n\\\u009b\u007fé\u202e\u061c日""#);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
