mod drafts;
mod faults;
mod folders;
mod listing;
mod odd_files;
mod saving;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::segments::References;
use super::*;
use crate::segment::{Extra, Segment, Stamp, Status};

fn stamp(minute: u32) -> Stamp {
    Stamp { at: format!("2025-11-02T09:{minute:02}:00Z"), by: "ana".to_owned(), extra: Extra::new() }
}

fn segment(id: &str, name: &str) -> Segment {
    Segment { name: name.to_owned(), ..Segment::new(id, "db", "amperity_id") }
}

/// A workspace in a folder that does not exist yet.
fn fresh() -> (TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::new(folder.path().join("ws"), false);
    (folder, workspace)
}

fn save(workspace: &Workspace, segment: &Segment) -> Saved {
    let is_stored = workspace.load(&segment.id).is_ok();
    let version = Version::numbered(segment.revision);
    let expected = if is_stored { Expected::Version(version) } else { Expected::New };
    workspace.save(segment, &Target::Keep, expected, &stamp(1)).unwrap()
}

fn unsaved(segment: &Segment, base: Option<u64>) -> Edits {
    Edits { segment: Arc::new(segment.clone()), base: base.map(Version::numbered) }
}

fn put(workspace: &Workspace, place: &str, text: &str) -> PathBuf {
    let path = workspace.root().join(place);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

/// Every file below a folder with what it holds, but for the lock.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().unwrap() != ".lock" {
                found.insert(path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn names(workspace: &Workspace) -> Vec<String> {
    workspace.list().unwrap().segments.into_iter().map(|entry| entry.name).collect()
}
#[test]
fn what_does_not_exist_reads_as_empty_and_stays_so() {
    let (folder, workspace) = fresh();
    assert_eq!(workspace.list().unwrap(), Listing::default());
    assert!(workspace.trash().unwrap().is_empty() && workspace.history("x").unwrap().revisions.is_empty());
    assert!(matches!(workspace.load("x"), Err(WorkspaceError::NotFound { .. })));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn read_only_writes_nothing() {
    let (folder, writable) = fresh();
    let saved = save(&writable, &segment("s1", "A"));
    let trashed = save(&writable, &segment("s2", "B"));
    let key = writable.delete_segment("s2", References::Refuse, &stamp(1)).unwrap().key;
    writable.create_folder("F", None, "f1").unwrap();
    let before = files(folder.path());
    let workspace = Workspace::new(writable.root(), true);
    let errors = [
        workspace.save(&saved.segment, &Target::Keep, Expected::Anything, &stamp(1)).unwrap_err(),
        workspace.save(&trashed.segment, &Target::Keep, Expected::Anything, &stamp(1)).unwrap_err(),
        workspace.rename_segment("s1", "x", Expected::Anything, &stamp(1)).unwrap_err(),
        workspace.move_segment("s1", Some("f1")).unwrap_err(),
        workspace.duplicate("s1", "s3", "x", &stamp(1)).unwrap_err(),
        workspace.delete_segment("s1", References::Break, &stamp(1)).unwrap_err(),
        workspace.restore(&key).unwrap_err(),
        workspace.create_folder("G", None, "f2").unwrap_err(),
        workspace.rename_folder("f1", "G").unwrap_err(),
        workspace.describe_folder("f1", "G").unwrap_err(),
        workspace.move_folder("f1", None).unwrap_err(),
        workspace.delete_folder("f1", &stamp(1)).unwrap_err(),
        DraftStore::new(folder.path().join("d"), "1", true)
            .save_draft(Path::new("ws"), &unsaved(&saved.segment, None), &stamp(1))
            .unwrap_err(),
    ];
    assert!(errors.iter().all(|error| matches!(error, WorkspaceError::ReadOnly)), "{errors:?}");
    assert_eq!(files(folder.path()), before);
}

#[test]
fn the_seed_is_copied_on_the_first_write() {
    let folder = tempfile::tempdir().unwrap();
    let seed = Workspace::new(folder.path().join("seed"), false);
    seed.create_folder("F", None, "f1").unwrap();
    save(&seed, &segment("s1", "A"));
    fs::create_dir_all(seed.root().join("lists")).unwrap();
    fs::write(seed.root().join("lists/vip.csv"), "id\n1\n").unwrap();
    let original = files(seed.root());
    let root = folder.path().join("deep/er/ws");
    let workspace = Workspace::new(&root, false).with_seed(Some(seed.root().to_owned()));
    assert_eq!(names(&workspace), ["A"]);
    assert!(!root.exists() && !folder.path().join("deep").exists());
    save(&workspace, &workspace.load("s1").unwrap().0);
    assert_eq!(workspace.load("s1").unwrap().1, root.join("segments/a.segment.json"));
    assert!(root.join("lists/vip.csv").is_file());
    assert_eq!(workspace.load("s1").unwrap().0.revision, 2);
    assert_eq!(workspace.history("s1").unwrap().revisions.len(), 2);
    assert_eq!(files(seed.root()), original, "the seed stays as it was");
    assert_eq!(fs::read_dir(folder.path().join("deep/er")).unwrap().count(), 1);
    // From now on the copy counts, also when it is emptied.
    workspace.delete_segment("s1", References::Refuse, &stamp(1)).unwrap();
    assert!(names(&workspace).is_empty());
}

#[test]
fn a_seed_that_is_not_there_is_an_empty_one() {
    let (folder, workspace) = fresh();
    let workspace = workspace.with_seed(Some(folder.path().join("nothing")));
    assert!(names(&workspace).is_empty());
    save(&workspace, &segment("s1", "A"));
    assert_eq!(names(&workspace), ["A"]);
}

#[test]
fn two_writers_lose_nothing() {
    let (_folder, workspace) = fresh();
    save(&workspace, &segment("shared", "Shared"));
    let write = |writer: &str| {
        for number in 0..20 {
            let id = format!("{writer}{number}");
            save(&workspace, &segment(&id, &format!("Name {number}")));
            loop {
                let (stored, _) = workspace.load("shared").unwrap();
                let expected = Expected::Version(Version::of(&stored));
                match workspace.save(&stored, &Target::Keep, expected, &stamp(1)) {
                    Ok(_) => break,
                    Err(WorkspaceError::Conflict { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| write("a"));
        scope.spawn(|| write("b"));
    });
    let listing = workspace.list().unwrap();
    assert_eq!((listing.segments.len(), listing.damaged.len()), (41, 0));
    assert_eq!(listing.segment("shared").unwrap().revision, 41);
    assert_eq!(workspace.history("shared").unwrap().revisions.len(), 41);
}

#[test]
fn a_crash_between_history_and_document_is_harmless() {
    let (_folder, workspace) = fresh();
    let first = save(&workspace, &segment("s1", "A"));
    // Stopped after the revision was kept, with a temporary file left behind.
    let ahead = Segment { revision: 2, description: "lost?".to_owned(), ..first.segment.clone() };
    put(&workspace, "history/s1/000002.json", &ahead.to_json());
    put(&workspace, "segments/.segtui-abc.tmp", "{ half");
    assert!(workspace.list().unwrap().damaged.is_empty());
    let next = save(&workspace, &first.segment);
    assert_eq!(next.segment.revision, 3);
    assert_eq!(workspace.revision("s1", 2).unwrap(), ahead);
    // Stopped between the record of the trash and the move.
    put(&workspace, "trash/s1/record.json", r#"{"format": "segtui/trash", "place": "a.segment.json"}"#);
    assert!(workspace.trash().unwrap().is_empty());
    let trashed = workspace.delete_segment("s1", References::Refuse, &stamp(2)).unwrap();
    assert_eq!(workspace.trash().unwrap(), [trashed]);
}

#[cfg(unix)]
#[test]
fn a_disk_that_refuses_leaves_the_document_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, workspace) = fresh();
    let saved = save(&workspace, &segment("s1", "A"));
    let segments = workspace.root().join("segments");
    fs::set_permissions(&segments, fs::Permissions::from_mode(0o555)).unwrap();
    let is_root = fs::write(segments.join("probe"), "").is_ok();
    let edited = Segment { description: "edited".to_owned(), ..saved.segment.clone() };
    let result = workspace.save(&edited, &Target::Keep, Expected::Version(Version::numbered(1)), &stamp(2));
    fs::set_permissions(&segments, fs::Permissions::from_mode(0o755)).unwrap();
    if !is_root {
        assert!(matches!(result, Err(WorkspaceError::Io { .. })));
        assert_eq!(workspace.load("s1").unwrap().0, saved.segment);
        // The second attempt is no conflict.
        workspace.save(&edited, &Target::Keep, Expected::Version(Version::numbered(1)), &stamp(2)).unwrap();
    }
}

#[test]
fn ids_lead_nowhere_else() {
    let (folder, workspace) = fresh();
    let saved = save(&workspace, &segment("../../x", "A"));
    assert_eq!(workspace.history("../../x").unwrap().revisions.len(), 1);
    workspace.delete_segment("../../x", References::Refuse, &stamp(1)).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(!saved.path.exists());
}
