//! Names of segments, folders, labels and files.

use std::sync::LazyLock;

use regex::Regex;

use super::error::WorkspaceError;

/// How segment files end.
pub(super) const ENDING: &str = ".segment.json";
/// The most characters of a name.
pub(crate) const LONGEST_NAME: usize = 100;
/// The most labels of a segment.
pub(crate) const MOST_LABELS: usize = 10;
/// The most characters of a label.
pub(crate) const LONGEST_LABEL: usize = 35;
/// The most bytes of a file's name before its ending; file systems allow 255 in all.
const LONGEST_FILE_NAME: usize = 120;

/// Whether a segment or folder may have this name.
///
/// # Errors
/// It is blank, longer than 100 characters or has control characters.
pub(crate) fn validate_name(name: &str) -> Result<(), WorkspaceError> {
    if name.trim().is_empty() {
        return Err(WorkspaceError::invalid("the name is empty", "give it one"));
    }
    if name.chars().count() > LONGEST_NAME {
        let message = format!("the name is longer than {LONGEST_NAME} characters");
        return Err(WorkspaceError::invalid(message, "shorten it; the description has room for the rest"));
    }
    if name.chars().any(char::is_control) {
        let message = "the name has a control character, such as a tab or a line break";
        return Err(WorkspaceError::invalid(message, "take it out"));
    }
    Ok(())
}

/// Whether a segment may have these labels.
///
/// # Errors
/// There are more than ten, or one is empty, longer than 35 characters or has other characters than
/// letters, digits, `-` and `_`.
pub(crate) fn validate_labels(labels: &[String]) -> Result<(), WorkspaceError> {
    if labels.len() > MOST_LABELS {
        let message = format!("{} labels are too many", labels.len());
        return Err(WorkspaceError::invalid(message, format!("keep at most {MOST_LABELS}")));
    }
    let fits = |label: &String| {
        !label.is_empty()
            && label.chars().count() <= LONGEST_LABEL
            && label.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
    };
    match labels.iter().find(|label| !fits(label)) {
        None => Ok(()),
        Some(label) => Err(WorkspaceError::invalid(
            format!("{label:?} cannot be a label"),
            format!("write 1 to {LONGEST_LABEL} letters, digits, - or _"),
        )),
    }
}

/// Whether two names count as the same.
#[must_use]
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// A name as a file's name without its ending: lower case letters, digits and single hyphens.
pub(super) fn file_name(name: &str, otherwise: &str) -> String {
    let mut out = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        if out.len() + letter.len_utf8() > LONGEST_FILE_NAME {
            break;
        }
        if letter.is_alphanumeric() {
            out.push(letter);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let trimmed = out.trim_end_matches('-');
    if trimmed.is_empty() { otherwise.to_owned() } else { trimmed.to_owned() }
}

/// Whether a file is called as a segment of this name would be, a number for a clash included.
pub(super) fn is_file_name_of(stem: &str, name: &str) -> bool {
    let rest = stem.strip_prefix(file_name(name, "segment").as_str());
    rest.is_some_and(|rest| {
        let number = rest.strip_prefix('-').unwrap_or_default();
        rest.is_empty() || number.parse::<u64>().is_ok_and(|number| number > 1)
    })
}

/// The first of `stem`, `stem-2`, `stem-3` ... that is not taken.
pub(super) fn unclashed(stem: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2u64..).map(|number| format!("{stem}-{number}"));
    let mut candidates = std::iter::once(stem.to_owned()).chain(numbered);
    candidates.find(|candidate| !is_taken(candidate)).unwrap_or_else(|| stem.to_owned())
}

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("[0-9]+").ok());

/// What could be better about a name: it is advice, and never stands in the way.
///
/// `folder` is the name of the folder it is in, `siblings` the names of the other segments there.
#[must_use]
pub fn advice(name: &str, folder: Option<&str>, siblings: &[&str]) -> Vec<String> {
    let mut advice = Vec::new();
    let plain = |text: &str| text.to_lowercase().replace([' ', '-'], "_");
    if plain(name).starts_with("untitled") {
        advice.push("say who is in it: nobody finds a segment called Untitled again".to_owned());
    }
    if name.contains('/') {
        advice.push(format!("leave out the /: it stands between folders and names, as in Folder/{name}"));
    }
    if let Some(prefix) = folder.and_then(|folder| missing_prefix(name, folder, siblings)) {
        advice.push(format!("begin with its folder, so that it is known elsewhere: {prefix}_{name}"));
    }
    if let Some(better) = padded(name, siblings) {
        advice
            .push(format!("write the number with leading zeros, so that it sorts among its like: {better}"));
    }
    advice
}

/// The prefix that a name lacks in a folder, the names of whose other segments are `siblings`.
#[must_use]
pub(crate) fn missing_prefix(name: &str, folder: &str, siblings: &[&str]) -> Option<String> {
    let plain = |text: &str| text.to_lowercase().replace([' ', '-'], "_");
    stands_out(&plain(name), &plain(folder), siblings).then(|| folder.replace(' ', "_"))
}

/// Whether a name lacks the prefix of its folder that most others there have, at least two. Where a
/// folder's names have none, they need none.
fn stands_out(name: &str, folder: &str, siblings: &[&str]) -> bool {
    // The first word of the folder is enough: `Churn_Socks` in `Churn_2025`.
    let first = folder.split('_').next().unwrap_or_default();
    let has_prefix = |sibling: &&&str| {
        let rest = sibling.to_lowercase().strip_prefix(first).map(str::to_owned);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    let alike = siblings.iter().filter(has_prefix).count();
    !first.is_empty() && !name.starts_with(first) && alike >= 2 && alike * 2 > siblings.len()
}

/// The name with zeros before its last number, where a sibling differs in that number only and the
/// two would not sort by it.
fn padded(name: &str, siblings: &[&str]) -> Option<String> {
    let regex = NUMBER.as_ref()?;
    let split = |text: &str| {
        let found = regex.find_iter(text).last()?;
        let (before, after) = (text.get(..found.start())?, text.get(found.end()..)?);
        Some((before.to_owned(), found.as_str().to_owned(), after.to_owned()))
    };
    let (before, number, after) = split(name)?;
    let like = siblings.iter().filter_map(|sibling| split(sibling));
    let like = like.filter(|(start, _, end)| same_name(start, &before) && same_name(end, &after));
    let widest = like.map(|(_, number, _)| number.len()).max()?;
    let width = widest.max(2);
    (number.len() < width).then(|| format!("{before}{number:0>width$}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_without_control_characters() {
        assert!(validate_name("Churn / Äpfel 🍎").is_ok());
        assert!(validate_name(&"ä".repeat(100)).is_ok());
        for bad in ["", "  ", "a\tb", "a\nb", &"a".repeat(101)] {
            assert!(validate_name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn labels_are_few_and_plain() {
        let labels = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert!(validate_labels(&labels(&["Q4-churn", "größe_2"])).is_ok());
        assert!(validate_labels(&labels(&["a b"])).is_err());
        assert!(validate_labels(&labels(&[""])).is_err());
        assert!(validate_labels(&["a".repeat(36)]).is_err());
        assert!(validate_labels(&vec!["a".to_owned(); 11]).is_err());
    }

    #[test]
    fn file_names_are_plain() {
        assert_eq!(file_name("Churn_ActiveCoolingDown", "segment"), "churn-activecoolingdown");
        assert_eq!(file_name("  50% off: A/B ", "segment"), "50-off-a-b");
        assert_eq!(file_name("../../etc", "segment"), "etc");
        assert_eq!(file_name("???", "segment"), "segment");
        assert!(file_name(&"語".repeat(100), "segment").len() <= LONGEST_FILE_NAME);
    }

    #[test]
    fn a_clash_gets_a_number() {
        let taken = ["a", "a-2"];
        assert_eq!(unclashed("a", |name| taken.contains(&name)), "a-3");
        assert_eq!(unclashed("b", |name| taken.contains(&name)), "b");
    }

    #[test]
    fn the_prefix_of_the_folder_is_advised_where_most_have_it() {
        let like = ["Win_back_A", "win back B", "Other"];
        assert!(advice("High_CLV", Some("Win back"), &like)[0].contains("Win_back_High_CLV"));
        for (name, siblings) in [
            ("win-back 1", &like[..]),
            ("WinBack", &like[..]),
            ("High_CLV", &[]),
            ("High_CLV", &like[..1]),
            ("High_CLV", &["Win_A", "Win_B", "Other", "Another"][..]),
            ("High_CLV", &["Winter_A", "Winning_B"][..]),
        ] {
            assert!(advice(name, Some("Win back"), siblings).is_empty(), "{name} {siblings:?}");
        }
    }

    #[test]
    fn a_file_is_called_by_its_segment() {
        for stem in ["almost-gold", "almost-gold-2", "almost-gold-13"] {
            assert!(is_file_name_of(stem, "Almost_Gold"), "{stem}");
        }
        for stem in ["dup", "almost-gold-1", "almost-gold-", "almost-gold copy", "almost-goldfish"] {
            assert!(!is_file_name_of(stem, "Almost_Gold"), "{stem}");
        }
    }

    #[test]
    fn weak_names_get_advice() {
        assert_eq!(advice("Churn_High", Some("Churn"), &["Churn_Low"]), Vec::<String>::new());
        assert_eq!(advice("High", None, &[]), Vec::<String>::new());
        assert_eq!(advice("Untitled 3", None, &[]).len(), 1);
        assert!(advice("A/B", None, &[])[0].contains("leave out the /"));
        assert!(advice("Test_2", None, &["Test_10"])[0].contains("Test_02"));
        assert!(advice("Test_2", None, &["Test_1"])[0].contains("Test_02"));
        assert!(advice("Test_02", None, &["Test_01"]).is_empty());
        assert!(advice("Test_2", None, &["Other_10"]).is_empty());
        assert!(advice("2025", None, &["2024"]).is_empty());
    }
}
