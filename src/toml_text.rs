//! TOML that a person writes, such as `settings.toml`: it is parsed as far as it is right, and what is wrong is named
//! with line and column.

use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, PlaceName};
use crate::segment::nearest;

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextPlace {
    /// Counted from 1.
    pub line: usize,
    /// The letter in the line, counted from 1.
    pub column: usize,
}

impl PlaceName for TextPlace {
    fn place_name(&self) -> Option<String> {
        Some(format!("line {}, column {}", self.line, self.column))
    }
}

/// What is wrong with a text, and where.
pub(crate) type TextError = Diagnostic<TextPlace>;

/// The table of all that is right in a text, and what is not TOML.
pub(crate) fn parse(text: &str) -> (DeTable<'_>, Vec<TextError>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let errors = errors.iter().map(|error| {
        // It may be long where what stands there is.
        let message = error.message().lines().next().unwrap_or_default();
        let help = "write name = \"value\"; until then the rest of the file holds";
        Diagnostic::new(message).with_help(help).at(place(text, error.span().unwrap_or_default()))
    });
    (table.into_inner(), errors.collect())
}

/// Where a part of a text begins.
pub(crate) fn place(text: &str, part: Range<usize>) -> TextPlace {
    let before = text.get(..part.start).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = before.matches('\n').count() + 1;
    let column = before.get(start..).unwrap_or_default().chars().count() + 1;
    TextPlace { line, column }
}

/// What kind of value stands there, as messages call it.
pub(crate) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A question for the word that an unknown one probably means, if one is near.
pub(crate) fn did_you_mean<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest(unknown, known).map(|near| format!("did you mean {near}?"))
}

/// In the order of lines, and of those of a line only the first: the others often follow from it.
pub(crate) fn one_a_line(mut errors: Vec<TextError>) -> Vec<TextError> {
    // Stable: what is no TOML comes before what follows from that.
    errors.sort_by_key(|error| error.place.line);
    errors.dedup_by_key(|error| error.place.line);
    errors
}

/// An error of a text that stands in a file.
pub(crate) fn in_file(error: &TextError, file: &Path) -> Diagnostic {
    let place = error.place.place_name().unwrap_or_default();
    Diagnostic::new(format!("{} ({}, {place})", error.message, file.display())).with_help(error.help_text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_right_is_read_beside_what_is_wrong() {
        let (table, errors) = parse("one = 1\ntwo = \nthree = 3\n");
        assert!(table.contains_key("one") && table.contains_key("three"), "{table:?}");
        let [error] = &errors[..] else { panic!("{errors:?}") };
        assert_eq!(error.place.line, 2);
        assert!(in_file(error, Path::new("a.toml")).message.ends_with("(a.toml, line 2, column 7)"));
    }

    #[test]
    fn a_column_is_counted_in_letters() {
        assert_eq!(place("a\néé = 1", 7..8), TextPlace { line: 2, column: 4 });
        assert_eq!(place("", 0..0), TextPlace { line: 1, column: 1 });
    }
}
