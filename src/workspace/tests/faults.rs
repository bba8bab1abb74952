//! Every operation on files of every write fails, before and after its effect, alone and as the last one: the old
//! state is there or the new one, nothing is lost or torn, and the message says why first.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::file_system::faults::{Fault, each_fault};
use crate::file_system::is_temporary;

/// What somebody sees of a workspace.
#[derive(Clone, Debug, PartialEq)]
struct State {
    segments: BTreeMap<String, Segment>,
    /// With their descriptions.
    folders: BTreeMap<String, (String, String)>,
    lists: BTreeMap<String, Vec<u8>>,
    /// Ids of what was deleted.
    trash: BTreeSet<String>,
}

impl State {
    fn of(workspace: &Workspace) -> Self {
        let listing = workspace.list().unwrap();
        assert_eq!(listing.damaged, [], "nothing is damaged");
        let document = |entry: &Entry| (entry.id.clone(), workspace.load(&entry.id).unwrap().0);
        let list = |stored: &Stored| {
            (stored.path.clone(), fs::read(workspace.root().join("lists").join(&stored.path)).unwrap())
        };
        let described =
            |folder: &Folder| (folder.id.clone(), (folder.name.clone(), folder.description.clone()));
        Self {
            segments: listing.segments.iter().map(document).collect(),
            folders: listing.folders.iter().map(described).collect(),
            lists: listing.lists.iter().map(list).collect(),
            trash: workspace.trash().unwrap().into_iter().map(|trashed| trashed.id).collect(),
        }
    }
}

type Files = BTreeMap<PathBuf, Vec<u8>>;
type Write = fn(&Workspace) -> Result<(), WorkspaceError>;

/// Two segments, one of them in a folder, a folder without any, something deleted, and a list.
fn prepared() -> (TempDir, Workspace) {
    let (folder, workspace) = fresh();
    workspace.create_folder("Churn", None, "f1").unwrap();
    workspace.create_folder("Empty", None, "f2").unwrap();
    save(&workspace, &segment("s1", "One"));
    save(&workspace, &segment("s2", "Two"));
    workspace.move_segment("s2", Some("f1")).unwrap();
    save(&workspace, &segment("s3", "Three"));
    workspace.delete_segment("s3", References::Refuse, &stamp(2)).unwrap();
    put(&workspace, "lists/vip.csv", "id\n1\n");
    fs::create_dir(folder.path().join("away")).unwrap();
    fs::write(folder.path().join("away/vip.csv"), "id\n2\n").unwrap();
    (folder, workspace)
}

/// A copy of a folder, which is made sooner than what is in it.
fn copied(folder: &TempDir) -> TempDir {
    fn copy(from: &Path, to: &Path) {
        for entry in fs::read_dir(from).unwrap() {
            let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
            if from.is_dir() {
                fs::create_dir(&to).unwrap();
                copy(&from, &to);
            } else {
                fs::copy(&from, &to).unwrap();
            }
        }
    }
    let to = tempfile::tempdir().unwrap();
    copy(folder.path(), to.path());
    to
}

fn away(workspace: &Workspace) -> PathBuf {
    workspace.root().with_file_name("away").join("vip.csv")
}

fn save_edits(workspace: &Workspace, name: &str, target: &Target) -> Result<(), WorkspaceError> {
    let (stored, _) = workspace.load("s1")?;
    let expected = Expected::Version(Version::of(&stored));
    let edited = Segment { name: name.to_owned(), description: "edited".to_owned(), ..stored };
    workspace.save(&edited, target, expected, &stamp(5)).map(drop)
}

const WRITES: &[(&str, Write)] = &[
    ("save a new one", |it| {
        it.save(&segment("s9", "New"), &Target::Keep, Expected::New, &stamp(5)).map(drop)
    }),
    ("save", |it| save_edits(it, "One", &Target::Keep)),
    ("save under another name", |it| save_edits(it, "Other", &Target::Keep)),
    ("save into a folder", |it| save_edits(it, "One", &Target::Folder(Some("f1".to_owned())))),
    ("rename", |it| it.rename_segment("s2", "Other", Expected::Anything, &stamp(5)).map(drop)),
    ("move", |it| it.move_segment("s1", Some("f2")).map(drop)),
    ("duplicate", |it| it.duplicate("s2", "s9", "Copy", &stamp(5)).map(drop)),
    ("delete", |it| it.delete_segment("s1", References::Refuse, &stamp(5)).map(drop)),
    ("restore", |it| it.restore("s3").map(drop)),
    ("create a folder", |it| it.create_folder("New", Some("f1"), "f9").map(drop)),
    ("rename a folder", |it| it.rename_folder("f1", "Other").map(drop)),
    ("describe a folder", |it| it.describe_folder("f1", "why")),
    ("move a folder", |it| it.move_folder("f2", Some("f1")).map(drop)),
    ("delete a folder", |it| it.delete_folder("f2", &stamp(5)).map(drop)),
    ("upload", |it| it.upload(&away(it), Clash::KeepBoth, &stamp(5)).map(drop)),
    ("upload in place", |it| it.upload(&away(it), Clash::Replace, &stamp(5)).map(drop)),
];

/// Lets a write fail in every way, each time on what `prepare` makes.
fn let_fail<T>(
    name: &str,
    prepare: impl Fn() -> T,
    write: impl Fn(&T) -> Result<(), WorkspaceError>,
    check: impl Fn(&T, Fault, bool),
) {
    write(&prepare()).unwrap();
    each_fault(prepare, write, |place, fault, written| {
        if let Err(error) = &written {
            let message = error.to_string();
            assert!(message.starts_with("no storage space: "), "{name}, {fault:?}: {message}");
        }
        check(place, fault, written.is_ok());
    });
}

#[test]
fn a_write_that_fails_anywhere_leaves_the_old_state_or_the_new_one() {
    let (template, _) = prepared();
    let prepared = || {
        let folder = copied(&template);
        let workspace = Workspace::new(folder.path().join("ws"), false);
        (folder, workspace)
    };
    std::thread::scope(|scope| {
        for (name, write) in WRITES {
            scope.spawn(move || {
                let (_folder, workspace) = prepared();
                let old = (State::of(&workspace), files(workspace.root()));
                write(&workspace).unwrap();
                let new = (State::of(&workspace), files(workspace.root()));
                let check = |(_, workspace): &(TempDir, Workspace), fault: Fault, is_written: bool| {
                    let context = format!("{name}, {fault:?}");
                    if is_written {
                        assert_eq!(State::of(workspace), new.0, "{context}");
                    }
                    check_state(&old.0, &new.0, &State::of(workspace), &context);
                    check_files(&old.1, &new.1, &files(workspace.root()), fault, &context);
                    // It can be worked with as before.
                    if fault.is_final {
                        save(workspace, &segment("s7", "Later"));
                    }
                };
                let_fail(name, prepared, |(_, workspace)| write(workspace), check);
            });
        }
    });
}

/// Either state, and nothing that was there is neither in its place nor in the trash.
fn check_state(old: &State, new: &State, state: &State, context: &str) {
    let context = format!("{context}: {state:#?}");
    assert!(state.segments == old.segments || state.segments == new.segments, "{context}");
    assert!(state.folders == old.folders || state.folders == new.folders, "{context}");
    assert!(state.lists == old.lists || state.lists == new.lists, "{context}");
    let is_there = |id: &String| {
        state.trash.contains(id) || state.segments.contains_key(id) || state.folders.contains_key(id)
    };
    let mut ids = old.segments.keys().chain(old.folders.keys()).chain(&old.trash);
    assert!(ids.all(is_there), "{context}");
}

/// Every file is whole, and a temporary one is left only by a program that was ended.
fn check_files(old: &Files, new: &Files, files: &Files, fault: Fault, context: &str) {
    let whole: BTreeSet<&Vec<u8>> = old.values().chain(new.values()).collect();
    for (path, bytes) in files {
        let is_temporary = path.iter().any(is_temporary);
        assert!(if is_temporary { fault.is_final } else { whole.contains(bytes) }, "{context}: {path:?}");
    }
}

#[test]
fn a_first_write_that_fails_anywhere_makes_the_workspace_or_none() {
    let (_template, seed) = prepared();
    let seeded = || {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::new(folder.path().join("deep/own"), false);
        (folder, workspace.with_seed(Some(seed.root().to_owned())))
    };
    let write = |(_, workspace): &(TempDir, Workspace)| save_edits(workspace, "One", &Target::Keep);
    let (_folder, workspace) = seeded();
    let old = workspace.list().unwrap().segments.len();
    let check = |(_, workspace): &(TempDir, Workspace), fault: Fault, _: bool| {
        let listing = workspace.list().unwrap();
        assert_eq!((listing.segments.len(), listing.damaged.len()), (old, 0), "{fault:?}");
        save_edits(workspace, "Again", &Target::Keep).unwrap();
        assert_eq!(State::of(workspace).folders.len(), 2, "{fault:?}");
    };
    let_fail("first save", seeded, write, check);
}

/// A store of drafts, in which another program has left one.
fn with_drafts() -> (TempDir, std::cell::RefCell<DraftStore>) {
    let folder = tempfile::tempdir().unwrap();
    let mut left = DraftStore::new(folder.path(), "left", false);
    left.save_draft(Path::new("/ws"), &unsaved(&segment("s1", "Left"), None), &stamp(1)).unwrap();
    drop(left);
    let mut own = DraftStore::new(folder.path(), "own", false);
    own.save_draft(Path::new("/ws"), &unsaved(&segment("s2", "Old"), None), &stamp(1)).unwrap();
    (folder, own.into())
}

#[test]
fn a_draft_whose_write_fails_anywhere_is_the_old_one_or_the_new_one() {
    type Place = (TempDir, std::cell::RefCell<DraftStore>);
    type DraftWrite = fn(&mut DraftStore) -> Result<(), WorkspaceError>;
    let writes: &[(&str, &[&str], DraftWrite)] = &[
        ("keep", &["Left+Old", "Left+New"], |it| {
            it.save_draft(Path::new("/ws"), &unsaved(&segment("s2", "New"), None), &stamp(5)).map(drop)
        }),
        ("keep another", &["Left+Old", "Left+New+Old"], |it| {
            it.save_draft(Path::new("/ws"), &unsaved(&segment("s3", "New"), None), &stamp(5)).map(drop)
        }),
        // Both are there for a moment.
        ("take over", &["Left+Old", "Left+New+Old", "New+Old"], |it| {
            let drafts = it.list()?.drafts;
            let left = drafts.iter().find(|draft| draft.segment.name == "Left");
            let left = left.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::StorageFull));
            let left = left.map_err(WorkspaceError::io("find", Path::new("draft")))?;
            it.save_draft(Path::new("/ws"), &unsaved(&segment("s1", "New"), None), &stamp(5))?;
            it.remove(left)
        }),
        ("remove", &["Left+Old", "Left"], |it| it.remove_draft("s2")),
    ];
    for (name, states, write) in writes {
        let check = |(folder, store): &Place, fault: Fault, is_written: bool| {
            // As another program sees them, after this one has ended.
            drop(store.replace(DraftStore::new("nowhere", "nobody", false)));
            let found = DraftStore::new(folder.path(), "other", false).list().unwrap();
            assert_eq!(found.damaged, [], "{name}, {fault:?}");
            let mut names: Vec<String> = found.drafts.into_iter().map(|draft| draft.segment.name).collect();
            names.sort();
            let names = names.join("+");
            let allowed = if is_written { &states[states.len() - 1..] } else { states };
            assert!(allowed.contains(&names.as_str()), "{name}, {fault:?}: {names}");
        };
        let_fail(name, with_drafts, |(_, store)| write(&mut store.borrow_mut()), check);
    }
}
