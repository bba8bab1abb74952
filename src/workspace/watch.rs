//! Whether anything has changed on the disk since it was read last.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use super::Workspace;

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
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
        path.hash(hasher);
        if metadata.is_dir() {
            look(&path, hasher);
        } else {
            (metadata.len(), metadata.modified().ok()).hash(hasher);
        }
    }
}
