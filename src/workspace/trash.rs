//! What was deleted, with where it stood: `trash/KEY/record.json` beside the file or folder itself.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::error::WorkspaceError;
use super::history::folder_name;
use super::lock::Lock;
use super::names::ENDING;
use super::record::{self, Record};
use super::save::{free_name, free_path};
use super::upload::stem_and_ending;
use super::{Workspace, text};
use crate::file_system::{self, atomic, parent};
use crate::segment::{Extra, Stamp};

const RECORD: &str = "record.json";

/// Something in the trash.
#[derive(Clone, Debug, PartialEq)]
pub struct Trashed {
    /// What to call it when restoring it.
    pub key: String,
    /// The id of the segment or folder.
    pub id: String,
    pub name: String,
    /// Where it stood, below `segments/`.
    pub place: PathBuf,
    /// When and by whom it was deleted.
    pub deleted: Stamp,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Where it is now.
    pub path: PathBuf,
}

impl Workspace {
    /// What is in the trash, the latest first.
    ///
    /// # Errors
    /// The trash exists but cannot be read.
    pub fn trash(&self) -> Result<Vec<Trashed>, WorkspaceError> {
        let root = self.source().join("trash");
        let entries = file_system::entries(&root).map_err(WorkspaceError::io("read", &root))?;
        let trashed = entries.iter().filter_map(|entry| read(&entry.path()).ok().flatten());
        let mut trashed: Vec<Trashed> = trashed.collect();
        trashed.sort_by(|a, b| (&b.deleted.at, &a.key).cmp(&(&a.deleted.at, &b.key)));
        Ok(trashed)
    }

    /// Puts something back where it stood, or into the nearest folder around that still exists.
    ///
    /// # Errors
    /// It is not in the trash, its id or name has been taken since, or the file system refuses.
    pub fn restore(&self, key: &str) -> Result<PathBuf, WorkspaceError> {
        let _lock = self.begin_write()?;
        let root = self.root.join("trash");
        let entries = file_system::entries(&root).map_err(WorkspaceError::io("read", &root))?;
        let entry = entries.iter().find(|entry| entry.file_name() == key);
        let trashed = entry.map(|entry| read(&entry.path())).transpose()?.flatten();
        let trashed = trashed.ok_or_else(|| WorkspaceError::not_found("deleted segment", key))?;
        let listing = self.list()?;
        let taken = if trashed.is_folder {
            let same = listing.folder(&trashed.id).or_else(|| listing.folder_named(&trashed.name));
            same.map(|folder| folder.path.clone())
        } else {
            if let Ok(segment) = text::read_segment(&trashed.path) {
                free_name(&listing, &segment)?;
            }
            listing.segment(&trashed.id).map(|entry| entry.path.clone())
        };
        if let Some(path) = taken {
            return Err(WorkspaceError::NameTaken { name: trashed.name, path });
        }
        let segments = self.segments();
        let place = segments.join(&trashed.place);
        let mut around = place.ancestors().skip(1).filter(|folder| folder.starts_with(&segments));
        let around = around.find(|folder| folder.is_dir()).unwrap_or(&segments).to_owned();
        let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (stem, ending) = match name.strip_suffix(ENDING) {
            Some(stem) if !trashed.is_folder => (stem, ENDING),
            _ if trashed.is_folder => (name.as_str(), ""),
            _ => stem_and_ending(&name),
        };
        let path = free_path(&around, stem, ending, None)?;
        atomic::relocate(&trashed.path, &path).map_err(WorkspaceError::io("move", &trashed.path))?;
        // What is left of it is an empty record, which is not shown.
        let entry = parent(&trashed.path);
        let _ = file_system::remove_file(&entry.join(RECORD));
        let _ = file_system::remove_empty_folder(&entry);
        Ok(path)
    }

    /// Moves a file or folder to the trash. The record comes first: should the program be stopped in
    /// between, the document is still where it was.
    pub(super) fn discard(
        &self,
        lock: &Lock,
        path: &Path,
        id: &str,
        name: &str,
        stamp: &Stamp,
    ) -> Result<Trashed, WorkspaceError> {
        let segments = self.segments();
        let place = path.strip_prefix(&segments).unwrap_or(path);
        let is_folder = path.is_dir();
        let entry = self.trash_entry(lock, place, id, name, stamp)?;
        let target = entry.join(path.file_name().unwrap_or_default());
        atomic::relocate(path, &target).map_err(WorkspaceError::io("move", path))?;
        Ok(Trashed {
            key: entry.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            id: id.to_owned(),
            name: name.to_owned(),
            place: place.to_owned(),
            deleted: stamp.clone(),
            is_folder,
            path: target,
        })
    }

    /// Keeps a copy of a list that is about to be replaced.
    pub(super) fn keep_in_trash(
        &self,
        lock: &Lock,
        list: &Path,
        name: &str,
        stamp: &Stamp,
    ) -> Result<(), WorkspaceError> {
        let place = Path::new("../lists").join(name);
        let entry = self.trash_entry(lock, &place, &format!("list-{name}"), name, stamp)?;
        let target = entry.join(name);
        atomic::copy_with_permissions(list, &target).map_err(WorkspaceError::io("copy", list))
    }

    /// A place of its own in the trash, with the record of what comes there.
    fn trash_entry(
        &self,
        _lock: &Lock,
        place: &Path,
        id: &str,
        name: &str,
        stamp: &Stamp,
    ) -> Result<PathBuf, WorkspaceError> {
        let trash = self.root.join("trash");
        file_system::create_folders(&trash).map_err(WorkspaceError::io("write", &trash))?;
        let entry = free_path(&trash, &folder_name(id), "", None)?;
        file_system::create_folder(&entry).map_err(WorkspaceError::io("write", &entry))?;
        let mut record = Record::new(record::TRASH);
        record.set("id", id).set("name", name);
        record.set("place", place.to_string_lossy().replace('\\', "/"));
        record.set("deleted", json!({"at": stamp.at, "by": stamp.by}));
        record.write(&entry.join(RECORD))?;
        file_system::flush_folder(&trash).map_err(WorkspaceError::io("write", &trash))?;
        Ok(entry)
    }
}

/// One entry of the trash; `None` for what a stopped program left there.
fn read(entry: &Path) -> Result<Option<Trashed>, WorkspaceError> {
    let Some(record) = Record::read(&entry.join(RECORD), record::TRASH)? else { return Ok(None) };
    let place = PathBuf::from(record.text("place").unwrap_or_default());
    let Some(name) = place.file_name() else { return Ok(None) };
    let path = entry.join(name);
    let deleted = record.value("deleted");
    let text = |key: &str| {
        let text = deleted.and_then(|deleted| deleted.get(key)).and_then(serde_json::Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    Ok(path.exists().then(|| Trashed {
        key: entry.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        id: record.text("id").unwrap_or_default().to_owned(),
        name: record.text("name").unwrap_or_default().to_owned(),
        is_folder: path.is_dir(),
        deleted: Stamp { at: text("at"), by: text("by"), extra: Extra::new() },
        place,
        path,
    }))
}
