//! Unsaved edits that were kept, and wait to be gone on with.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate};

use super::effect::Effect;
use crate::segment::Stamp;
use crate::workspace::{Draft, Drafts, Edits};

/// Unsaved edits of a segment.
#[derive(Clone, Debug)]
pub(crate) struct UnsavedDraft {
    /// The document's revision is the one that they were made from.
    pub edits: Edits,
    /// The draft that another program left behind; `None` for edits that this one has kept.
    pub left_behind: Option<Box<Draft>>,
}

/// All of them, and whether the latest edits are among them.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnsavedDrafts {
    /// The latest first.
    kept: Vec<UnsavedDraft>,
    /// Why what is being edited is not kept just now.
    pub failure: Option<String>,
    /// The draft that the open segment's edits come from. It is there until they are kept elsewhere.
    pub resumed: Option<Box<Draft>>,
    /// The folder in which edits were kept last when their own could not be written.
    pub other_folder: Option<PathBuf>,
}

impl UnsavedDrafts {
    /// None yet; the folder is the one in which edits were kept last when their own could not be written.
    pub(crate) fn new(other_folder: Option<PathBuf>) -> Self {
        Self { other_folder, ..Self::default() }
    }

    /// Takes in the drafts that other programs left behind.
    pub(crate) fn add_left_behind(&mut self, drafts: &Drafts) {
        let left = drafts.drafts.iter().filter(|draft| !draft.is_live);
        self.kept.extend(left.map(|draft| UnsavedDraft {
            edits: Edits { segment: Arc::new(draft.segment.clone()), base: draft.base },
            left_behind: Some(Box::new(draft.clone())),
        }));
    }

    /// Keeps the edits of this program.
    pub(crate) fn keep(&mut self, edits: Edits) {
        self.kept.insert(0, UnsavedDraft { edits, left_behind: None });
    }

    /// Puts back one that was taken.
    pub(crate) fn put_back(&mut self, draft: Option<UnsavedDraft>) {
        self.kept.extend(draft);
    }

    /// Takes the edits of a segment.
    pub(crate) fn take(&mut self, id: &str) -> Option<UnsavedDraft> {
        let at = self.kept.iter().position(|draft| draft.edits.segment.id == id)?;
        Some(self.kept.remove(at))
    }

    /// All of them, the latest first.
    pub(crate) fn all(&self) -> &[UnsavedDraft] {
        &self.kept
    }

    /// Those that other programs left behind.
    pub(crate) fn left_behind(&self) -> impl Iterator<Item = (&UnsavedDraft, &Draft)> {
        self.kept.iter().filter_map(|draft| Some((draft, draft.left_behind.as_deref()?)))
    }
}

impl UnsavedDraft {
    /// The effect that throws them away.
    pub(crate) fn discard(self) -> Effect {
        match self.left_behind {
            Some(draft) => Effect::RemoveDraft(draft),
            None => Effect::DropDraft { id: self.edits.segment.id.clone() },
        }
    }
}

/// When edits were kept: `kept today 02:13 UTC`.
pub(crate) fn kept_at(stamp: &Stamp, today: NaiveDate) -> String {
    match DateTime::parse_from_rfc3339(&stamp.at).map(|at| at.to_utc()) {
        Ok(at) if at.date_naive() == today => at.format("kept today %H:%M UTC").to_string(),
        Ok(at) => at.format("kept %Y-%m-%d %H:%M UTC").to_string(),
        // Whatever was written by hand is passed on as it is.
        Err(_) => format!("kept {}", stamp.at),
    }
}
