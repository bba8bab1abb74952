//! Words that usually mean NULL, yes or no. They mean it only where that is declared.

/// What usually means NULL.
pub(crate) const NULLS: [&str; 25] = [
    "NA", "N/A", "n/a", "na", "#N/A", "NULL", "Null", "null", "None", "none", "NONE", "nil", "NaN", "nan",
    "NAN", "-", "--", "\\N", "?", "(null)", "<null>", "[null]", "<NA>", "(blank)", "(none)",
];

/// What usually means yes and no.
pub(crate) const ANSWERS: [(&str, &str); 10] = [
    ("Y", "N"),
    ("y", "n"),
    ("Yes", "No"),
    ("yes", "no"),
    ("YES", "NO"),
    ("T", "F"),
    ("t", "f"),
    ("1", "0"),
    ("J", "N"),
    ("ja", "nein"),
];

/// The word as a bit of [`NULLS`]; 0 if it is none of them.
pub(crate) fn null(text: &str) -> u32 {
    if text.len() > 7 {
        return 0;
    }
    NULLS.iter().position(|word| *word == text).map_or(0, |at| 1 << at)
}

/// The words of a set of bits.
pub(crate) fn nulls(words: u32) -> Vec<&'static str> {
    NULLS.iter().enumerate().filter(|(at, _)| words >> at & 1 == 1).map(|(_, word)| *word).collect()
}
