//! What segments refer to, as it is in the workspace now.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::{Workspace, WorkspaceError};
use crate::catalog::read_ids;
use crate::segment::{Lists, Missing, Segment, nearest};

impl Lists for Workspace {
    fn segment(&self, id: &str) -> Result<Arc<Segment>, Missing> {
        let (segment, _) = self.load(id)?;
        Ok(Arc::new(segment))
    }

    fn file(&self, path: &str, activation_id: &str) -> Result<Vec<String>, Missing> {
        let file = self.list_file(path)?;
        read_ids(&file, activation_id)
            .map_err(|error| Missing { message: error.to_string(), help: error.help })
    }
}

impl Workspace {
    /// The uploaded file that a path means, which never leads out of `lists/`.
    fn list_file(&self, path: &str) -> Result<PathBuf, Missing> {
        let folder = self.source().join("lists");
        let is_inside =
            Path::new(path).components().all(|step| matches!(step, Component::Normal(_) | Component::CurDir));
        if !is_inside {
            return Err(Missing {
                message: format!("{path:?} leads out of the workspace's lists"),
                help: format!("copy the file into {} and name it from there", folder.display()),
            });
        }
        let file = folder.join(path);
        if file.is_file() {
            return Ok(file);
        }
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        let names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        let near = nearest(path, names.iter().map(String::as_str));
        let help = near.map(|near| format!("did you mean {near:?}?"));
        Err(Missing {
            message: format!("there is no list {path:?}"),
            help: help.unwrap_or_else(|| format!("put the file into {}", folder.display())),
        })
    }
}

impl From<WorkspaceError> for Missing {
    fn from(error: WorkspaceError) -> Self {
        Self { message: error.to_string(), help: error.help() }
    }
}
