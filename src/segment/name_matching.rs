//! How names are said and found in a text: without regard to case and to the number of blanks.

/// Whether two names are said alike.
pub(crate) fn is_same_name(a: &str, b: &str) -> bool {
    phrase_end(a, 0, b) == Some(a.len())
}

/// Where a name or a phrase ends that is said at a place of the text, if it is. What ends in a letter or
/// a digit ends where the word does.
pub(crate) fn phrase_end(text: &str, at: usize, phrase: &str) -> Option<usize> {
    let rest = text.get(at..)?;
    let mut letters = rest.char_indices().peekable();
    let mut wanted = phrase.chars().peekable();
    let mut last = None;
    while let Some(letter) = wanted.next() {
        if letter.is_whitespace() {
            while wanted.next_if(|next| next.is_whitespace()).is_some() {}
            letters.next_if(|(_, found)| found.is_whitespace())?;
            while letters.next_if(|(_, found)| found.is_whitespace()).is_some() {}
        } else {
            letters.next_if(|(_, found)| is_same_letter(*found, letter))?;
        }
        last = Some(letter);
    }
    let next = letters.peek();
    if last.is_some_and(is_of_word) && next.is_some_and(|(_, next)| is_of_word(*next)) {
        return None;
    }
    last.map(|_| at + next.map_or(rest.len(), |(length, _)| *length))
}

/// Whether a phrase goes on where the text ends, which says its first letters already.
#[must_use]
pub(crate) fn is_proper_prefix(text: &str, phrase: &str) -> bool {
    let mut wanted = phrase.chars();
    text.chars().all(|letter| wanted.next().is_some_and(|next| is_same_letter(letter, next)))
        && wanted.next().is_some()
}

fn is_same_letter(a: char, b: char) -> bool {
    a == b || a.to_lowercase().eq(b.to_lowercase())
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Something with a name of its own and one for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What segments call it.
    pub name: String,
    /// What screens call it.
    pub label: String,
}

/// Whether a text is its name or its label.
pub(crate) fn is_called(named: &Named, said: &str) -> bool {
    [&named.name, &named.label].into_iter().any(|text| text == said || is_same_name(text, said))
}

/// Those that `said` can mean: one whose name it is to the letter comes before one whose label it is,
/// and that before all that are called alike.
pub(crate) fn best_matches<'a>(said: &str, alike: Vec<&'a Named>) -> Vec<&'a Named> {
    let by = |is_it: &dyn Fn(&Named) -> bool| -> Vec<&'a Named> {
        alike.iter().copied().filter(|named| is_it(named)).collect()
    };
    let by_name = by(&|named| named.name == said);
    let by_label = by(&|named| named.label == said);
    match (by_name.is_empty(), by_label.is_empty()) {
        (false, _) => by_name,
        (true, false) => by_label,
        (true, true) => alike,
    }
}

/// A text in double quotes, on one line.
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            letter if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') => {
                quoted.push_str(&format!("\\u{{{:x}}}", u32::from(letter)));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_said_without_regard_to_case_and_blanks() {
        assert_eq!(phrase_end("ORDER   revenue > 5", 0, "Order Revenue"), Some(15));
        assert_eq!(phrase_end("citys", 0, "City"), None);
        assert_eq!(phrase_end("city=x", 0, "City"), Some(4));
        assert_eq!(phrase_end("a>=5", 1, ">="), Some(3));
        assert_eq!(phrase_end("Größe x", 0, "gRÖẞE"), Some("Größe".len()));
        assert!(
            is_same_name("is  null", "Is Null")
                && !is_same_name("is nul", "is null")
                && !is_same_name("", "a")
        );
        assert!(
            is_proper_prefix("is n", "Is Not")
                && !is_proper_prefix("is not", "is not")
                && !is_proper_prefix("x", "is")
        );
    }

    #[test]
    fn quotes_keep_a_text_on_its_line() {
        assert_eq!(quote("a\"b\\c\nd\u{1b}"), r#""a\"b\\c\nd\u{1b}""#);
    }
}
