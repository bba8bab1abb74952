//! A file in the user's state folder that remembers something from one run to the next.

use std::marker::PhantomData;
use std::path::PathBuf;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::action_use::ActionUse;
use crate::app::layers::pages::cards::CardLayout;
use crate::diagnostic::Diagnostic;
use crate::file_system::{atomic, create_folders, parent, read_limited, reason};

/// The most bytes of it.
const LARGEST: u64 = 1_000_000;

/// The file.
#[derive(Clone, Debug)]
pub struct StateFile<T> {
    path: PathBuf,
    /// What it remembers, as a sentence begins.
    what: &'static str,
    kind: PhantomData<T>,
}

/// Which cards of the summary are shown.
pub type CardFile = StateFile<CardLayout>;

/// Which theme was chosen, if one was.
pub type ChosenThemeFile = StateFile<Option<String>>;

/// Which actions were found by name.
pub type ActionUseFile = StateFile<ActionUse>;

impl CardFile {
    /// The one at this path.
    #[must_use]
    pub fn cards(path: PathBuf) -> Self {
        Self { path, what: "the cards are", kind: PhantomData }
    }
}

impl ActionUseFile {
    /// The one at this path.
    #[must_use]
    pub fn action_use(path: PathBuf) -> Self {
        Self { path, what: "the actions used last are", kind: PhantomData }
    }
}

impl ChosenThemeFile {
    /// The one at this path.
    #[must_use]
    pub fn chosen_theme(path: PathBuf) -> Self {
        Self { path, what: "the theme is", kind: PhantomData }
    }
}

impl<T: Default + Serialize + DeserializeOwned> StateFile<T> {
    /// What it remembers. What cannot be read is nothing: all is then as at first.
    #[must_use]
    pub fn read(&self) -> T {
        serde_json::from_slice(&read_limited(&self.path, LARGEST).unwrap_or_default()).unwrap_or_default()
    }

    /// Remembers it.
    ///
    /// # Errors
    /// The file system refuses.
    pub fn keep(&self, value: &T) -> Result<(), Diagnostic> {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        let written = create_folders(&parent(&self.path))
            .and_then(|()| atomic::replace_private(&self.path, text.as_bytes()));
        written.map_err(|error| {
            let (reason, what) = (reason(&error), self.what);
            Diagnostic::new(format!("{reason}: {what} not remembered in {}", self.path.display()))
                .with_help("check the folder; what was chosen holds until the end")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let file = CardFile::cards(folder.path().join("state/cards.json"));
        assert_eq!(file.read(), CardLayout::default());
        let cards = CardLayout { order: vec!["trend".to_owned()], hidden: vec!["channels".to_owned()] };
        file.keep(&cards).unwrap();
        assert_eq!(file.read(), cards);
        std::fs::write(folder.path().join("state/cards.json"), "{").unwrap();
        assert_eq!(file.read(), CardLayout::default());
        let theme = ChosenThemeFile::chosen_theme(folder.path().join("state/theme.json"));
        assert_eq!(theme.read(), None);
        theme.keep(&Some("light".to_owned())).unwrap();
        assert_eq!(theme.read().as_deref(), Some("light"));
        let refused = CardFile::cards(folder.path().join("state/cards.json/x")).keep(&cards).unwrap_err();
        assert!(refused.message.contains("the cards are not remembered"), "{}", refused.message);
    }
}
