//! Names for the common table expressions and columns of a query.

use std::collections::HashSet;

/// How long a name may become; engines cut at 63 bytes.
const LONGEST: usize = 48;

/// Gives each name once. Engines do not tell capitals from small letters.
#[derive(Debug, Default)]
pub(crate) struct UniqueNames(HashSet<String>);

impl UniqueNames {
    /// Names that are not to be given away.
    pub(crate) fn reserving<'a>(taken: impl IntoIterator<Item = &'a str>) -> Self {
        Self(taken.into_iter().map(str::to_lowercase).collect())
    }

    /// Takes a name as it is; false if it is taken.
    pub(crate) fn reserve(&mut self, name: &str) -> bool {
        self.0.insert(name.to_lowercase())
    }

    /// A name made of a text that is not taken yet: `city_is_exactly_chicago`.
    pub(crate) fn allocate(&mut self, text: &str) -> String {
        let name = to_identifier(text);
        let more = (2..).map(|number: usize| format!("{name}_{number}"));
        let free = std::iter::once(name.clone()).chain(more).find(|name| !self.0.contains(name));
        let free = free.unwrap_or(name);
        self.0.insert(free.clone());
        free
    }
}

/// A text as a name of small letters, digits and `_`, cut after a word.
fn to_identifier(text: &str) -> String {
    let text = text.to_lowercase();
    let mut name = String::new();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let word: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
        if word.is_empty() {
            continue;
        }
        if name.len() + word.len() >= LONGEST {
            break;
        }
        if !name.is_empty() {
            name.push('_');
        }
        name.push_str(&word);
    }
    match name.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("is_{name}"),
        Some(_) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_names() {
        let mut names = UniqueNames::reserving(["Universe"]);
        assert_eq!(names.allocate("City is exactly Chicago"), "city_is_exactly_chicago");
        assert_eq!(names.allocate("city_is EXACTLY chicago!"), "city_is_exactly_chicago_2");
        assert_eq!(names.allocate("universe"), "universe_2");
        assert_eq!(names.allocate("Name is São or 日本"), "name_is_so_or");
        assert_eq!(names.allocate("日本"), "unnamed");
        assert_eq!(names.allocate("1st"), "is_1st");
        assert_eq!(
            names.allocate("Predicted Customer Lifecycle Status is in list Active"),
            "predicted_customer_lifecycle_status_is_in_list"
        );
    }
}
