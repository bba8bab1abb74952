//! The file that remembers which cards of the summary are shown, in the user's state folder.

use std::path::PathBuf;

use crate::app::layers::pages::cards::CardLayout;
use crate::diagnostic::Diagnostic;
use crate::file_system::{atomic, create_folders, parent, read_limited, reason};

/// The most bytes of it.
const LARGEST: u64 = 1_000_000;

/// The file.
#[derive(Clone, Debug)]
pub struct CardFile(PathBuf);

impl CardFile {
    /// The one at this path.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// What it remembers. What cannot be read is nothing: the cards are then as at first.
    #[must_use]
    pub fn read(&self) -> CardLayout {
        serde_json::from_slice(&read_limited(&self.0, LARGEST).unwrap_or_default()).unwrap_or_default()
    }

    /// Remembers it.
    ///
    /// # Errors
    /// The file system refuses.
    pub fn keep(&self, cards: &CardLayout) -> Result<(), Diagnostic> {
        let text = serde_json::to_string_pretty(cards).unwrap_or_default();
        let written =
            create_folders(&parent(&self.0)).and_then(|()| atomic::replace_private(&self.0, text.as_bytes()));
        written.map_err(|error| {
            Diagnostic::new(format!(
                "{}: the cards are not remembered in {}",
                reason(&error),
                self.0.display()
            ))
            .with_help("check the folder; they stay as they are until the end")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let file = CardFile::new(folder.path().join("state/cards.json"));
        assert_eq!(file.read(), CardLayout::default());
        let cards = CardLayout { order: vec!["trend".to_owned()], hidden: vec!["channels".to_owned()] };
        file.keep(&cards).unwrap();
        assert_eq!(file.read(), cards);
        std::fs::write(folder.path().join("state/cards.json"), "{").unwrap();
        assert_eq!(file.read(), CardLayout::default());
        let refused = CardFile::new(folder.path().join("state/cards.json/x")).keep(&cards).unwrap_err();
        assert!(refused.message.contains("the cards are not remembered"), "{}", refused.message);
    }
}
