//! The list of segments: the folder tree, found by name.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::event::Failure;
use super::field::Field;
use super::fuzzy;
use crate::segment::Segment;
use crate::workspace::{Damaged, Entry, Folder, Listing};

/// The list of segments.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// What is in the workspace, once it is read.
    pub listing: Option<Result<Arc<Listing>, Failure>>,
    /// What is searched for.
    pub find: Field,
    /// Whether keys go into the search.
    pub finding: bool,
    /// Folders whose content is not shown, by id.
    pub folded: HashSet<String>,
    /// The line of the cursor.
    pub cursor: usize,
    /// Documents that were read for the preview, by id.
    pub previews: HashMap<String, Result<Arc<Segment>, Failure>>,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq)]
pub enum HomeRow<'a> {
    /// A folder.
    Folder {
        /// Folders around it.
        depth: usize,
        /// The folder.
        folder: &'a Folder,
        /// Whether its content is shown.
        open: bool,
    },
    /// A segment.
    Segment {
        /// Folders around it.
        depth: usize,
        /// The segment.
        entry: &'a Entry,
    },
    /// A file that cannot be read.
    Damaged(&'a Damaged),
}

impl Home {
    /// What is in the workspace, if it could be read.
    #[must_use]
    pub fn read(&self) -> Option<&Arc<Listing>> {
        self.listing.as_ref().and_then(|listing| listing.as_ref().ok())
    }

    /// The lines of the list: a tree, or what matches the search, the best first.
    #[must_use]
    pub fn rows(&self) -> Vec<HomeRow<'_>> {
        let Some(listing) = self.read() else { return Vec::new() };
        let query = self.find.text().trim();
        let mut rows = Vec::new();
        if query.is_empty() {
            self.branch(listing, None, 0, &mut rows);
        } else {
            let names: Vec<String> = listing.segments.iter().map(|entry| listing.full_name(entry)).collect();
            let found = fuzzy::search(query, names.iter().map(String::as_str));
            let found = found.into_iter().filter_map(|index| listing.segments.get(index));
            rows.extend(found.map(|entry| HomeRow::Segment { depth: 0, entry }));
        }
        rows.extend(listing.damaged.iter().map(HomeRow::Damaged));
        rows
    }

    fn branch<'a>(
        &self,
        listing: &'a Listing,
        parent: Option<&str>,
        depth: usize,
        rows: &mut Vec<HomeRow<'a>>,
    ) {
        for folder in listing.folders.iter().filter(|folder| folder.parent.as_deref() == parent) {
            let open = !self.folded.contains(&folder.id);
            rows.push(HomeRow::Folder { depth, folder, open });
            if open {
                self.branch(listing, Some(&folder.id), depth + 1, rows);
            }
        }
        let inside = listing.segments.iter().filter(|entry| entry.folder.as_deref() == parent);
        rows.extend(inside.map(|entry| HomeRow::Segment { depth, entry }));
    }

    /// The segment at the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<Entry> {
        match self.rows().get(self.cursor) {
            Some(HomeRow::Segment { entry, .. }) => Some((*entry).clone()),
            _ => None,
        }
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize) {
        let count = self.rows().len();
        self.cursor = self.cursor.saturating_add_signed(by).min(count.saturating_sub(1));
    }

    /// Folds or unfolds the folder at the cursor; folding a segment goes to its folder.
    pub fn fold(&mut self, fold: bool) {
        let rows = self.rows();
        let (id, open) = match rows.get(self.cursor) {
            Some(HomeRow::Folder { folder, open, .. }) => (folder.id.clone(), *open),
            Some(HomeRow::Segment { depth, .. }) if fold && *depth > 0 => {
                let above = rows.iter().take(self.cursor);
                self.cursor =
                    above.into_iter().rposition(|row| matches!(row, HomeRow::Folder { .. })).unwrap_or(0);
                return;
            }
            _ => return,
        };
        match (fold, open) {
            (true, true) => drop(self.folded.insert(id)),
            (false, false) => drop(self.folded.remove(&id)),
            (true, false) | (false, true) => {}
        }
    }

    /// Puts the cursor on a segment, opening the folders around it.
    pub fn go_to(&mut self, id: &str) {
        let Some(listing) = self.read().cloned() else { return };
        if let Some(entry) = listing.segment(id) {
            for folder in listing.folders_to(entry.folder.as_deref()) {
                self.folded.remove(&folder.id);
            }
        }
        let rows = self.rows();
        let at = rows.iter().position(|row| matches!(row, HomeRow::Segment { entry, .. } if entry.id == id));
        self.cursor = at.unwrap_or(self.cursor);
    }
}
