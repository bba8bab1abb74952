//! Segments as people refer to them: by file, by id, by name.

use std::path::{Path, PathBuf};

use super::error::WorkspaceError;
use super::listing::{Entry, Listing};
use super::{Workspace, text};
use crate::segment::{Segment, nearest};

impl Workspace {
    /// Reads the segment with this id, and says where it is.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub fn load(&self, id: &str) -> Result<(Segment, PathBuf), WorkspaceError> {
        let listing = self.list()?;
        let entry = listing.segment(id).ok_or_else(|| WorkspaceError::not_found("segment", id))?;
        Ok((text::read_segment(&entry.path)?, entry.path.clone()))
    }

    /// Reads the segment that a person means, as [`Listing::find`].
    ///
    /// # Errors
    /// There is none, there are several, or it cannot be read.
    pub fn find(&self, reference: &str) -> Result<(Segment, PathBuf), WorkspaceError> {
        self.list()?.find(reference)
    }
}

impl Listing {
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
        // A file that is there but damaged is what was meant, more likely than anything else.
        let stem = super::names::file_name(reference.rsplit('/').next().unwrap_or(reference), "");
        let is_meant = |path: &Path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.strip_suffix(super::listing::ENDING) == Some(&stem)
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
