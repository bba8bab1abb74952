//! `keymap.toml` in the person's config folder.

use std::path::Path;

use crate::app::keymap::{self, Keymap};
use crate::diagnostic::Diagnostic;
use crate::settings::read_text;
use crate::toml_text;

/// The keys that it asks for, and what is wrong with it.
pub(super) fn read(file: &Path) -> (Keymap, Vec<Diagnostic>) {
    match read_text(file) {
        Ok(text) => {
            let (keymap, errors) = keymap::read(&text);
            (keymap, errors.iter().map(|error| toml_text::in_file(error, file)).collect())
        }
        Err(error) => (Keymap::default(), vec![error]),
    }
}

/// A whole file that says nothing but the keys of the program itself.
#[must_use]
pub(crate) fn defaults() -> String {
    Keymap::default().to_toml()
}
