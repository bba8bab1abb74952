//! Segments as people refer to them: by file, by id, by name.

use std::cmp::Reverse;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::error::{Damaged, WorkspaceError};
use super::listing::{Entry, Listing, documents};
use super::names::ENDING;
use super::names::is_file_name_of;
use super::{Workspace, limits, text};
use crate::file_system::{read_limited, regular_metadata};
use crate::segment::{Segment, nearest};

impl Workspace {
    /// Reads the segment with this id, and says where it is.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub fn load(&self, id: &str) -> Result<(Segment, PathBuf), WorkspaceError> {
        if let Some(found) = self.search(id) {
            return Ok(found);
        }
        // The id can be spelled in another way in the file, and what is wrong is known to the listing.
        let listing = self.list()?;
        let missing = || match listing.damaged_with(id) {
            Some(damaged) => damaged.clone().into(),
            None => listing.missing("segment", id),
        };
        let entry = listing.segment(id).ok_or_else(missing)?;
        Ok((text::read_segment(&entry.path)?, entry.path.clone()))
    }

    /// Reads the segment with this id from the file where it was last seen ([`Entry::path`]), and
    /// wherever it is should it no longer be there.
    ///
    /// # Errors
    /// As [`Workspace::load`].
    pub(crate) fn load_at(&self, path: &Path, id: &str) -> Result<(Segment, PathBuf), WorkspaceError> {
        // The first write moves everything from the seed to the root: what the seed has is old then.
        if !path.starts_with(self.segments()) {
            return self.load(id);
        }
        match text::read_segment(path) {
            Ok(segment) if segment.id == id => Ok((segment, path.to_owned())),
            Err(error @ WorkspaceError::Damaged(_)) => match self.load(id) {
                Err(WorkspaceError::NotFound { .. }) => Err(error),
                loaded => loaded,
            },
            _ => self.load(id),
        }
    }

    /// The segment with this id, parsing only the files in which the id occurs.
    fn search(&self, id: &str) -> Option<(Segment, PathBuf)> {
        let quoted = serde_json::to_string(id).ok()?;
        let mut found = Vec::new();
        for path in documents(&self.segments()) {
            let Ok(Some(text)) = text::read(&path, limits::SEGMENT) else { continue };
            if !text.contains(&quoted) {
                continue;
            }
            if let Ok(segment) = text::parse_segment(&text, &path)
                && segment.id == id
            {
                found.push((segment, path));
            }
        }
        if found.len() < 2 {
            return found.pop();
        }
        // The last of the greatest is the first in the order of the listing, which takes the same one.
        found.into_iter().rev().max_by_key(|(segment, path)| self.fit(path, segment))
    }

    /// How well a file stands for its segment, should several have its id: the greatest is the segment,
    /// the others are copies of it.
    pub(super) fn fit(&self, path: &Path, segment: &Segment) -> Fit {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let stem = name.strip_suffix(ENDING).unwrap_or(&name);
        let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
        Fit {
            is_named_so: is_file_name_of(stem, &segment.name),
            revision: self.saved_revision(segment),
            age: modified.ok().map(Reverse),
        }
    }

    /// Reads the segment that a person means, as `Listing::find`.
    ///
    /// # Errors
    /// There is none, there are several, or it cannot be read.
    pub fn find(&self, reference: &str) -> Result<(Segment, PathBuf), WorkspaceError> {
        self.list()?.find(reference)
    }
}

/// See [`Workspace::fit`]; the first difference decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    /// Whether the file is called as the program would call it.
    is_named_so: bool,
    /// The saved revision that it is, if it is one: the later the better.
    revision: Option<u64>,
    /// The older the better.
    age: Option<Reverse<SystemTime>>,
}

impl Listing {
    /// Why there is nothing of this name or id: it may be in what could not be read.
    pub(super) fn missing(&self, what: &'static str, reference: &str) -> WorkspaceError {
        match self.unread() {
            Some(damaged) => damaged.clone().into(),
            None => WorkspaceError::not_found(what, reference),
        }
    }

    /// The first file or folder that the system refused to read.
    pub(super) fn unread(&self) -> Option<&Damaged> {
        self.damaged.iter().find(|damaged| damaged.is_unread)
    }

    /// The file that cannot be read in which the segment with this id may be.
    pub(super) fn damaged_with(&self, id: &str) -> Option<&Damaged> {
        let quoted = serde_json::to_string(id).ok()?;
        let has_it = |damaged: &&Damaged| {
            let bytes = read_limited(&damaged.path, limits::SEGMENT);
            bytes.is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(&quoted))
        };
        self.damaged.iter().find(has_it)
    }

    /// Reads the segment that a person means: a path to a document, an id, or a name, with folders
    /// (`Churn/High_CLV`) or, where that is clear, without. Names are compared without regard to case.
    ///
    /// # Errors
    /// There is none, there are several, or it cannot be read.
    pub fn find(&self, reference: &str) -> Result<(Segment, PathBuf), WorkspaceError> {
        let path = Path::new(reference);
        if path.is_file() {
            return Ok((text::read_segment(path)?, path.to_owned()));
        }
        match self.matching(reference).as_slice() {
            [entry] => Ok((text::read_segment(&entry.path)?, entry.path.clone())),
            [] => Err(self.unknown(reference)),
            several => {
                let candidates = several.iter().map(|entry| {
                    format!("{} ({}, {})", entry.id, self.full_name(entry), entry.path.display())
                });
                Err(WorkspaceError::Ambiguous {
                    reference: reference.to_owned(),
                    candidates: candidates.collect(),
                })
            }
        }
    }

    fn matching(&self, reference: &str) -> Vec<&Entry> {
        if let Some(entry) = self.segment(reference) {
            return vec![entry];
        }
        let wanted = reference.trim_matches('/').to_lowercase();
        let end = format!("/{wanted}");
        let named = self.segments.iter().map(|entry| (self.full_name(entry).to_lowercase(), entry));
        let named: Vec<(String, &Entry)> = named.collect();
        let exact: Vec<&Entry> =
            named.iter().filter(|(name, _)| *name == wanted).map(|(_, entry)| *entry).collect();
        if !exact.is_empty() {
            return exact;
        }
        named.into_iter().filter(|(name, _)| name.ends_with(&end)).map(|(_, entry)| entry).collect()
    }

    fn unknown(&self, reference: &str) -> WorkspaceError {
        // A path that leads to something else than a file was meant as a path.
        if reference.contains(std::path::is_separator)
            && let Err(error) = regular_metadata(Path::new(reference))
            && matches!(error.kind(), ErrorKind::IsADirectory | ErrorKind::InvalidInput)
        {
            return WorkspaceError::io("read", Path::new(reference))(error);
        }
        // A file that is there but damaged is what was meant, more likely than anything else.
        let stem = super::names::file_name(reference.rsplit('/').next().unwrap_or(reference), "");
        let is_meant = |path: &Path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.strip_suffix(ENDING) == Some(&stem)
        };
        if let Some(damaged) = self.damaged.iter().find(|damaged| is_meant(&damaged.path)) {
            return damaged.clone().into();
        }
        let full: Vec<String> = self.segments.iter().map(|entry| self.full_name(entry)).collect();
        let bare = self.segments.iter().map(|entry| entry.name.as_str());
        let near = nearest(reference, full.iter().map(String::as_str).chain(bare));
        WorkspaceError::NotFound {
            what: "segment",
            reference: reference.to_owned(),
            near: near.map(str::to_owned),
        }
    }
}
