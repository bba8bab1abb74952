//! What segments refer to, as it is in the workspace now.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::listing::{DEEPEST_SEARCH, Listing, Stored, children};
use super::{Damaged, Workspace, WorkspaceError, limits, text};
use crate::backend::{ListFile, WorkspaceFiles};
use crate::diagnostic::Diagnostic;
use crate::file_system::{reason, regular_metadata};
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
            let modified = regular_metadata(&file).and_then(|metadata| metadata.modified()).ok();
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
        let missing = || WorkspaceError::not_found("query", path);
        match text::read(&file, limits::QUERY) {
            Ok(text) => Ok(text.ok_or_else(missing)?),
            // Whoever asks names the file by its path in the workspace.
            Err(WorkspaceError::Damaged(Damaged { line, column, help, .. })) => {
                let message = format!("the query {path:?} is not UTF-8: line {line}, column {column}");
                Err(Diagnostic::new(message).with_help(help))
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl Workspace {
    /// The files below one of the workspace's folders, by path without regard to case. Hidden ones are
    /// not of the workspace; a folder that cannot be read has none.
    pub(super) fn stored(&self, folder: &str, is_one: &dyn Fn(&str) -> bool) -> Vec<Stored> {
        let mut found = Below::of(self.source().join(folder)).files;
        found.retain(|stored: &Stored| is_one(&stored.path));
        found.sort_by_cached_key(|stored| (stored.path.to_lowercase(), stored.path.clone()));
        found
    }

    /// What is below one of the workspace's folders and is no file.
    pub(super) fn odd_files(&self, folder: &str) -> Vec<Damaged> {
        Below::of(self.source().join(folder)).odd
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
        match regular_metadata(&file) {
            Ok(_) => return Ok(file),
            Err(error) if is_missing(&error) => {}
            Err(error) => {
                return Err(Diagnostic::new(format!("{}: the {what} {path:?}", reason(&error)))
                    .with_help(format!("put a file in its place in {}", root.display())));
            }
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

/// What is below a folder.
#[derive(Default)]
struct Below {
    root: PathBuf,
    files: Vec<Stored>,
    /// What is neither a file nor a folder.
    odd: Vec<Damaged>,
}

impl Below {
    fn of(root: PathBuf) -> Self {
        let mut below = Self { root: root.clone(), ..Self::default() };
        below.add(&root, 0);
        below
    }

    fn add(&mut self, folder: &Path, depth: usize) {
        for (path, is_folder) in children(folder).unwrap_or_default() {
            if is_folder {
                if depth < DEEPEST_SEARCH {
                    self.add(&path, depth + 1);
                }
                continue;
            }
            match regular_metadata(&path) {
                Ok(metadata) => {
                    let steps = path.strip_prefix(&self.root).unwrap_or(&path).components();
                    let steps: Vec<String> =
                        steps.map(|step| step.as_os_str().to_string_lossy().into_owned()).collect();
                    self.files.push(Stored { path: steps.join("/"), bytes: metadata.len() });
                }
                Err(error) => {
                    self.odd.push(Damaged::unreadable(&path, WorkspaceError::io("read", &path)(error)))
                }
            }
        }
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

impl From<WorkspaceError> for Diagnostic {
    fn from(error: WorkspaceError) -> Self {
        Self::new(error.to_string()).with_help(error.help())
    }
}
