//! Drafts: kept privately, found again however the workspace is named, cleaned up.

use super::*;

#[test]
fn drafts_outlive_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("drafts");
    let workspace = Path::new("/ws");
    let mut first = DraftStore::new(&dir, "one", false);
    let mut second = DraftStore::new(&dir, "two", false);
    assert_eq!(first.list().unwrap(), Drafts::default());
    assert!(!dir.exists());
    let mut edited = segment("s1", "A");
    first.save_draft(workspace, &unsaved(&edited, Some(3)), &stamp(1)).unwrap();
    edited.description = "later".to_owned();
    let base = Some(Version::of(&edited));
    first.save_draft(workspace, &Edits { base, ..unsaved(&edited, None) }, &stamp(2)).unwrap();
    second.save_draft(workspace, &unsaved(&edited, None), &stamp(3)).unwrap();
    let seen = second.list().unwrap().drafts;
    assert_eq!(seen.iter().map(|draft| draft.is_live).collect::<Vec<_>>(), [true, true]);

    drop(first);
    fs::write(dir.join("two/broken.json"), "{\n oops").unwrap();
    let seen = second.list().unwrap();
    assert_eq!((seen.damaged.len(), seen.damaged[0].line), (1, 2));
    let left = seen.drafts.iter().find(|draft| !draft.is_live).unwrap();
    assert_eq!((&left.segment, left.base, &left.stamp), (&edited, base, &stamp(2)));
    assert_eq!(left.workspace, workspace);
    second.remove(left).unwrap();
    assert!(!dir.join("one").exists());
    second.remove_draft("s1").unwrap();
    second.remove_draft("s1").unwrap();
    drop(second);
    assert!(dir.join("two/broken.json").is_file(), "what cannot be read is kept");
}

/// Those of a workspace.
fn offered(store: &DraftStore, workspace: &Workspace) -> usize {
    let drafts = store.list().unwrap().drafts;
    drafts.iter().filter(|draft| draft.workspace == workspace.root()).count()
}

#[cfg(unix)]
#[test]
fn drafts_are_of_the_same_workspace_however_it_is_named() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("real/inner")).unwrap();
    std::os::unix::fs::symlink(at("real"), at("link")).unwrap();
    let odd = folder.path().join(OsStr::from_bytes(b"ws\xff"));
    for (named, later) in [
        (at("link/ws"), at("real/ws")),
        (at("real/inner/../ws2"), at("real/ws2")),
        (odd.clone(), odd.join(".")),
    ] {
        let mut store = DraftStore::new(at("drafts"), "one", false);
        let workspace = Workspace::new(&named, false);
        store.save_draft(workspace.root(), &unsaved(&segment("s1", "A"), None), &stamp(1)).unwrap();
        // The first write makes the folder, and changes nothing of that.
        save(&workspace, &segment("s2", "B"));
        assert_eq!(offered(&store, &Workspace::new(&later, false)), 1, "{named:?}");
        assert_eq!(offered(&store, &Workspace::new(at("other"), false)), 0, "{named:?}");
        store.remove_draft("s1").unwrap();
    }
}

#[test]
fn drafts_of_earlier_versions_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::new(folder.path().join("ws"), false);
    let dir = folder.path().join("drafts");
    fs::create_dir_all(dir.join("1-2")).unwrap();
    let named = folder.path().join("ws").display().to_string();
    let document: serde_json::Value = serde_json::from_str(&segment("s1", "A").to_json()).unwrap();
    let draft =
        serde_json::json!({"format": "segtui/draft", "version": 1, "workspace": named, "segment": document});
    fs::write(dir.join("1-2/s1.json"), draft.to_string()).unwrap();
    assert_eq!(offered(&DraftStore::new(&dir, "3-4", false), &workspace), 1);
}

#[cfg(unix)]
#[test]
fn drafts_are_for_nobody_else() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("drafts");
    fs::create_dir(&dir).unwrap();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
    let mut store = DraftStore::new(&dir, "one", false);
    let path = store.save_draft(Path::new("/ws"), &unsaved(&segment("s1", "A"), None), &stamp(1)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode(&path), mode(path.parent().unwrap()), mode(&dir)], [0o600, 0o700, 0o700]);
}

#[test]
fn what_an_ended_program_left_is_removed_but_for_its_drafts() {
    let folder = tempfile::tempdir().unwrap();
    let keep = |store: &mut DraftStore| {
        store.save_draft(Path::new("/ws"), &unsaved(&segment("s1", "A"), None), &stamp(1)).unwrap()
    };
    let mut running = DraftStore::new(folder.path(), "running", false);
    let being_written = keep(&mut running).with_file_name(".segtui-1-aB3dE6.tmp");
    fs::write(&being_written, "{").unwrap();
    let mut ended = DraftStore::new(folder.path(), "ended", false);
    let draft = keep(&mut ended);
    drop(ended);
    for session in ["empty", "ended"] {
        fs::create_dir_all(folder.path().join(session)).unwrap();
        fs::write(folder.path().join(session).join(".segtui-aB3dE6.tmp"), "{").unwrap();
    }
    DraftStore::new(folder.path(), "new", true).remove_abandoned();
    assert!(folder.path().join("empty").exists(), "nothing is written in read-only mode");
    let mut own = DraftStore::new(folder.path(), "own", false);
    own.remove_abandoned();
    assert!(!folder.path().join("empty").exists() && being_written.exists() && draft.exists());
    assert!(!draft.with_file_name(".segtui-aB3dE6.tmp").exists());
    assert_eq!(own.list().unwrap().drafts.len(), 2);
    keep(&mut own);
}

#[test]
fn drafts_are_offered_while_another_program_cleans_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut ended = DraftStore::new(folder.path(), "ended", false);
    ended.save_draft(Path::new("/ws"), &unsaved(&segment("s1", "A"), None), &stamp(1)).unwrap();
    drop(ended);
    let _claimed = super::super::drafts::claim(&folder.path().join("ended")).unwrap();
    let seen = DraftStore::new(folder.path(), "new", false).list().unwrap().drafts;
    assert_eq!(seen.iter().map(|draft| draft.is_live).collect::<Vec<_>>(), [false]);
}
