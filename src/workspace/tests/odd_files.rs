//! What stands where a file of the workspace should be, and is none.

use std::io::ErrorKind;

use super::*;

#[cfg(unix)]
fn named_pipe(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    nix::unistd::mkfifo(path, nix::sys::stat::Mode::S_IRWXU).unwrap();
}

#[cfg(unix)]
#[test]
fn odd_files_are_named_and_all_others_work() {
    let (folder, workspace) = fresh();
    save(&workspace, &segment("s0", "Fine"));
    let at = |place: &str| workspace.root().join(place);
    let pipes =
        ["segments/odd.segment.json", "segments/Churn/folder.json", "lists/odd.csv", "queries/odd.sql"];
    pipes.iter().for_each(|place| named_pipe(&at(place)));
    fs::create_dir(at("segments/also.segment.json")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", at("segments/zero.segment.json")).unwrap();
    fs::write(at("lists/vip.csv"), "id\n1\n").unwrap();
    let listing = workspace.list().unwrap();
    let mut damaged: Vec<String> = listing.damaged.iter().map(ToString::to_string).collect();
    damaged.sort();
    let expected = [
        ("device, not a file", "segments/zero.segment.json"),
        ("folder with the name of a segment's file", "segments/also.segment.json"),
        ("named pipe, not a file", "lists/odd.csv"),
        ("named pipe, not a file", "queries/odd.sql"),
        ("named pipe, not a file", "segments/Churn/folder.json"),
        ("named pipe, not a file", "segments/odd.segment.json"),
    ];
    for ((what, place), damaged) in expected.into_iter().zip(&damaged) {
        assert!(damaged.starts_with(&format!("it is a {what}: ")), "{damaged}");
        assert!(damaged.ends_with(place), "{damaged}");
    }
    assert_eq!(damaged.len(), expected.len());
    assert_eq!(listing.lists.iter().map(|list| list.path.as_str()).collect::<Vec<_>>(), ["vip.csv"]);
    // All others can be written to, too.
    save(&workspace, &segment("s1", "New"));
    workspace.rename_segment("s0", "Other", Expected::Anything, &stamp(2)).unwrap();
    workspace.delete_segment("s0", References::Refuse, &stamp(3)).unwrap();
    let pipe = folder.path().join("pipe.csv");
    named_pipe(&pipe);
    let error = workspace.upload(&pipe, Clash::Refuse, &stamp(3)).unwrap_err().to_string();
    assert!(error.starts_with("it is a named pipe, not a file: cannot copy "), "{error}");
}

#[cfg(unix)]
#[test]
fn an_odd_draft_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = DraftStore::new(folder.path(), "own", false);
    store.save_draft(Path::new("/ws"), &unsaved(&segment("s1", "A"), None), &stamp(1)).unwrap();
    named_pipe(&folder.path().join("own/odd.json"));
    named_pipe(&folder.path().join("other/.lock"));
    let found = store.list().unwrap();
    assert_eq!((found.drafts.len(), found.damaged.len()), (1, 1));
    assert!(found.damaged[0].path.ends_with("own/odd.json"));
    store.remove_abandoned();
}

#[test]
fn what_is_too_large_is_not_read_and_not_written() {
    let (_folder, workspace) = fresh();
    let saved = save(&workspace, &segment("s1", "A"));
    // It has no content, so that it takes no room.
    let large = fs::File::create(saved.path.with_file_name("large.segment.json")).unwrap();
    large.set_len(limits::SEGMENT + 1).unwrap();
    let damaged = workspace.list().unwrap().damaged;
    assert!(damaged[0].message.starts_with("it is larger than 64.0 MB"), "{}", damaged[0]);
    let record = fs::File::create(workspace.root().join("workspace.json")).unwrap();
    record.set_len(limits::RECORD + 1).unwrap();
    let error = workspace.create_folder("F", None, "f1").unwrap_err();
    let WorkspaceError::Io { source, .. } = &error else { panic!("{error}") };
    assert_eq!(source.kind(), ErrorKind::FileTooLarge);
    assert!(limits::check("12345", 4).is_err() && limits::check("1234", 4).is_ok());
}
