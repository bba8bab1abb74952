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
    /// Whether this program has kept them in a folder that a person has chosen.
    pub is_elsewhere: bool,
}

/// Which kept edits are meant: there can be several of one segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DraftName {
    /// Those that this program has kept, by the segment's id.
    Own(String),
    /// A draft that another program left behind, by its file.
    LeftBehind(PathBuf),
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
            is_elsewhere: false,
        }));
    }

    /// Keeps the edits of this program, in place of the last ones of the same segment.
    pub(crate) fn keep(&mut self, edits: Edits, is_elsewhere: bool) {
        self.take(&DraftName::Own(edits.segment.id.clone()));
        self.kept.insert(0, UnsavedDraft { edits, left_behind: None, is_elsewhere });
    }

    /// The name of the edits that are gone on with when a segment is opened: this program's own, else the latest.
    pub(crate) fn of_segment(&self, id: &str) -> Option<DraftName> {
        let of_segment = || self.kept.iter().filter(|draft| draft.edits.segment.id == id);
        let own = of_segment().find(|draft| draft.left_behind.is_none());
        own.or_else(|| of_segment().next()).map(UnsavedDraft::name)
    }

    /// The edits of this name.
    pub(crate) fn get(&self, name: &DraftName) -> Option<&UnsavedDraft> {
        self.kept.iter().find(|draft| draft.name() == *name)
    }

    /// Takes the edits of this name.
    pub(crate) fn take(&mut self, name: &DraftName) -> Option<UnsavedDraft> {
        let at = self.kept.iter().position(|draft| draft.name() == *name)?;
        Some(self.kept.remove(at))
    }

    /// All of them, the latest first.
    pub(crate) fn all(&self) -> &[UnsavedDraft] {
        &self.kept
    }

    /// Those that this program has kept where drafts are kept otherwise.
    pub(crate) fn own(&self) -> impl Iterator<Item = &Edits> {
        let own = self.kept.iter().filter(|draft| draft.left_behind.is_none() && !draft.is_elsewhere);
        own.map(|draft| &draft.edits)
    }

    /// Those that other programs left behind.
    pub(crate) fn left_behind(&self) -> impl Iterator<Item = (&UnsavedDraft, &Draft)> {
        self.kept.iter().filter_map(|draft| Some((draft, draft.left_behind.as_deref()?)))
    }
}

impl UnsavedDraft {
    /// What tells them from all others.
    pub(crate) fn name(&self) -> DraftName {
        match &self.left_behind {
            Some(draft) => DraftName::LeftBehind(draft.path.clone()),
            None => DraftName::Own(self.edits.segment.id.clone()),
        }
    }

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
