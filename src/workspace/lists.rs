//! What segments refer to, as it is in the workspace now.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::listing::{DEEPEST_SEARCH, Listing, Stored, children};
use super::{Workspace, WorkspaceError};
use crate::backend::{ListFile, WorkspaceFiles};
use crate::diagnostic::Diagnostic;
use crate::segment::{QUERY_EXTENSION, Segment, nearest};

impl WorkspaceFiles for Workspace {
    fn segment(&self, id: &str) -> Result<Arc<Segment>, Diagnostic> {
        match self.load(id) {
            Ok((segment, _)) => Ok(Arc::new(segment)),
            Err(error @ WorkspaceError::NotFound { .. }) => {
                let near = self.list().ok().and_then(|listing| listing.nearest(id));
                let help = near.unwrap_or_else(|| error.help());
                Err(Diagnostic::new(error.to_string()).with_help(help))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn list_files(&self) -> Vec<ListFile> {
        let root = self.source().join("lists");
        let stored = self.stored("lists", &|_| true).into_iter();
        let file = |stored: Stored| {
            let file = root.join(&stored.path);
            let modified = std::fs::metadata(&file).and_then(|metadata| metadata.modified()).ok();
            ListFile { path: stored.path, file, bytes: stored.bytes, modified }
        };
        stored.map(file).collect()
    }

    /// The uploaded list that a path means, which never leads out of its folder.
    fn list_file(&self, path: &str) -> Result<PathBuf, Diagnostic> {
        self.stored_file("lists", "list", path)
    }

    fn queries(&self) -> Vec<String> {
        self.stored_queries().into_iter().map(|stored| stored.path).collect()
    }

    fn query(&self, path: &str) -> Result<String, Diagnostic> {
        let file = self.stored_file("queries", "query", path)?;
        let text = std::fs::read_to_string(&file).map_err(WorkspaceError::io("read", &file))?;
        Ok(text)
    }
}

impl Workspace {
    /// The files below one of the workspace's folders, by path without regard to case. Hidden ones are
    /// not of the workspace; a folder that cannot be read has none.
    pub(super) fn stored(&self, folder: &str, is_one: &dyn Fn(&str) -> bool) -> Vec<Stored> {
        let root = self.source().join(folder);
        let mut found = Vec::new();
        below(&root, &root, 0, &mut found);
        found.retain(|stored: &Stored| is_one(&stored.path));
        found.sort_by_cached_key(|stored| (stored.path.to_lowercase(), stored.path.clone()));
        found
    }

    /// The queries that serve as customer lists.
    pub(super) fn stored_queries(&self) -> Vec<Stored> {
        self.stored("queries", &|name| name.ends_with(QUERY_EXTENSION))
    }

    /// The file that a path means, which never leads out of its folder.
    fn stored_file(&self, folder: &str, what: &str, path: &str) -> Result<PathBuf, Diagnostic> {
        let root = self.source().join(folder);
        let is_inside =
            Path::new(path).components().all(|step| matches!(step, Component::Normal(_) | Component::CurDir));
        if !is_inside {
            return Err(Diagnostic::new(format!("{path:?} leads out of the workspace's {folder}"))
                .with_help(format!("copy the file into {} and name it from there", root.display())));
        }
        let file = root.join(path);
        if file.is_file() {
            return Ok(file);
        }
        let stored = self.stored(folder, &|_| true);
        let near = nearest(path, stored.iter().map(|stored| stored.path.as_str()));
        let help = near.map(|near| format!("did you mean {near:?}?"));
        Err(Diagnostic::new(format!("there is no {what} {path:?}"))
            .with_help(help.unwrap_or_else(|| format!("put the file into {}", root.display()))))
    }
}

impl Listing {
    /// Advice for an id that no segment has: the segment with that name, or nearly that name or id.
    fn nearest(&self, id: &str) -> Option<String> {
        let named = self.segments.iter().flat_map(|entry| [entry.name.as_str(), entry.id.as_str()]);
        let near = nearest(id, named)?;
        let entry = self.segments.iter().find(|entry| entry.name == near || entry.id == near)?;
        Some(format!("did you mean {:?}, which has the id {:?}?", entry.name, entry.id))
    }
}

fn below(root: &Path, folder: &Path, depth: usize, found: &mut Vec<Stored>) {
    for (path, is_folder) in children(folder).unwrap_or_default() {
        if is_folder {
            if depth < DEEPEST_SEARCH {
                below(root, &path, depth + 1, found);
            }
        } else if let Ok(metadata) = std::fs::metadata(&path)
            && metadata.is_file()
        {
            let steps = path.strip_prefix(root).unwrap_or(&path).components();
            let steps: Vec<String> =
                steps.map(|step| step.as_os_str().to_string_lossy().into_owned()).collect();
            found.push(Stored { path: steps.join("/"), bytes: metadata.len() });
        }
    }
}

impl From<WorkspaceError> for Diagnostic {
    fn from(error: WorkspaceError) -> Self {
        Self::new(error.to_string()).with_help(error.help())
    }
}
