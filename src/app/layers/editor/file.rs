//! The file of the open segment: where it stands, and what it is by now.

use std::path::PathBuf;
use std::sync::Arc;

use super::state::{Base, Editor, FileState};
use crate::segment::Segment;
use crate::workspace::{Listing, Target};

impl Editor {
    /// Whether what is saved of it is what is open.
    #[must_use]
    pub(crate) fn is_saved(&self) -> bool {
        self.saved_version().is_some() && self.file == FileState::Same && !self.has_edits()
    }

    /// Its file is this by now; whether that is news.
    pub(crate) fn notice_file(&mut self, state: FileState) -> bool {
        std::mem::replace(&mut self.file, state) != state
    }

    /// What its file was when it was last looked at.
    #[must_use]
    pub(crate) fn file(&self) -> FileState {
        self.file
    }

    /// Its file, as far as it is known.
    #[must_use]
    pub(crate) fn path(&self) -> Option<&PathBuf> {
        self.path.as_ref()
    }

    /// Finds it in what is listed. One that is not there stood where it stood before.
    pub(crate) fn find_place(&mut self, listing: Option<&Listing>) {
        if let Some(entry) = listing.and_then(|listing| listing.segment(&self.segment.id)) {
            self.folder = entry.folder.clone();
            self.path = Some(entry.path.clone());
        }
    }

    /// Where it is saved: where it stands, or stood.
    #[must_use]
    pub(crate) fn target(&self) -> Target {
        self.path.clone().map_or(Target::Keep, Target::Former)
    }

    /// What is saved of it, if that is known.
    pub(crate) fn saved(&self) -> Option<&Arc<Segment>> {
        match &self.base {
            Base::Saved(saved, _) => Some(saved),
            Base::New | Base::Draft(_) => None,
        }
    }

    /// Shows what its file is by now. Without edits there is nothing to be undone.
    pub(crate) fn reload(&mut self, segment: Segment) {
        let opened = Self::open(segment);
        self.segment = opened.segment;
        self.base = opened.base;
        self.file = FileState::Same;
        self.undo.clear();
        self.changed();
        self.take_text();
        self.clamp_cursor();
    }
}
