//! Whether anything has changed on the disk since it was read last.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use super::Workspace;
use crate::file_system::entries;

impl Workspace {
    /// A number that changes when a file is added, edited, moved or removed. It costs a look at each
    /// folder and at each file's size and time, and reads none.
    #[must_use]
    pub fn state(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let segments = self.segments();
        segments.hash(&mut hasher);
        look(&segments, &mut hasher);
        hasher.finish()
    }
}

fn look(folder: &Path, hasher: &mut DefaultHasher) {
    for entry in entries(folder).unwrap_or_default() {
        // Of a link its own, as what it leads to may be anything.
        let (path, Ok(metadata)) = (entry.path(), entry.metadata()) else { continue };
        path.hash(hasher);
        if metadata.is_dir() {
            look(&path, hasher);
        } else {
            (metadata.len(), metadata.modified().ok()).hash(hasher);
        }
    }
}
