//! Which theme the screen is drawn with, of those that there are.

use crate::diagnostic::Diagnostic;

/// A theme that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownTheme {
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub detail: String,
    /// What is wrong with its text; the rest of it holds.
    pub problems: Vec<Diagnostic>,
}

/// The theme in force, and the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThemeChoice {
    /// The name of the one in force.
    pub current: String,
    /// All of them.
    pub known: Vec<KnownTheme>,
    /// Why none can be chosen.
    pub disabled: Option<String>,
    /// Whether it was chosen in the picker.
    pub is_chosen: bool,
    /// What says which theme the next run has, so that a choice is not kept for it.
    pub said_by: Option<String>,
}
