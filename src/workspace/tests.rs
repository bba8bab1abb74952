use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

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
    workspace.save(segment, &Target::Keep, Expected::Revision(segment.revision), &stamp(1)).unwrap()
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
    let _ = workspace.state();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn every_save_is_a_revision() {
    let (_folder, workspace) = fresh();
    let first = save(&workspace, &segment("s1", "Churn_High CLV"));
    assert_eq!(first.segment.revision, 1);
    assert_eq!(first.path, workspace.root().join("segments/churn-high-clv.segment.json"));
    assert_eq!(first.segment.created, Some(stamp(1)));
    let edited = Segment { description: "new".to_owned(), ..first.segment.clone() };
    let second = workspace.save(&edited, &Target::Keep, Expected::Revision(1), &stamp(2)).unwrap().segment;
    assert_eq!((second.revision, &second.created, &second.updated), (2, &Some(stamp(1)), &Some(stamp(2))));
    assert_eq!(workspace.load("s1").unwrap().0, second);
    let history = workspace.history("s1").unwrap().revisions;
    assert_eq!(history.iter().map(|revision| revision.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((&history[0].segment, &history[1].segment), (&first.segment, &second));
    assert_eq!(workspace.revision("s1", 1).unwrap(), first.segment);
    assert!(workspace.root().join("history/s1/000002.json").is_file());
    assert!(workspace.root().join("workspace.json").is_file());
    assert!(matches!(workspace.revision("s1", 7), Err(WorkspaceError::NotFound { .. })));
}

#[test]
fn saving_over_what_someone_else_saved_is_refused() {
    let (_folder, workspace) = fresh();
    let first = save(&workspace, &segment("s1", "A")).segment;
    let theirs = Segment { description: "theirs".to_owned(), ..first.clone() };
    save(&workspace, &theirs);
    let mine = Segment { description: "mine".to_owned(), ..first };
    let before = files(workspace.root());
    match workspace.save(&mine, &Target::Keep, Expected::Revision(1), &stamp(3)) {
        Err(WorkspaceError::Conflict { stored: 2, stamp: Some(by), .. }) => assert_eq!(*by, stamp(1)),
        other => panic!("{other:?}"),
    }
    assert_eq!(files(workspace.root()), before);
    let saved = workspace.save(&mine, &Target::Keep, Expected::Anything, &stamp(3)).unwrap().segment;
    assert_eq!(saved.revision, 3);
    assert_eq!(workspace.revision("s1", 2).unwrap().description, "theirs");
    // A new segment whose id is taken is no new segment.
    let twin = segment("s1", "B");
    let refused = workspace.save(&twin, &Target::Keep, Expected::Revision(0), &stamp(4));
    assert!(matches!(refused, Err(WorkspaceError::Conflict { .. })));
}

#[test]
fn what_was_written_by_hand_goes_into_the_history() {
    let (_folder, workspace) = fresh();
    let by_hand = segment("s1", "By hand");
    let path = put(&workspace, "segments/some name.segment.json", &by_hand.to_json());
    let saved = save(&workspace, &Segment { description: "edited".to_owned(), ..by_hand.clone() });
    assert_eq!((saved.segment.revision, &saved.path), (1, &path), "the file keeps its name");
    assert_eq!(workspace.revision("s1", 0).unwrap(), by_hand);

    // Changed by hand, with the revision left as it was.
    let changed = Segment { description: "by hand again".to_owned(), ..saved.segment.clone() };
    fs::write(&path, changed.to_json()).unwrap();
    let last = save(&workspace, &Segment { description: "last".to_owned(), ..saved.segment });
    assert_eq!(last.segment.revision, 3);
    let history = workspace.history("s1").unwrap().revisions;
    let said: Vec<&str> = history.iter().map(|revision| revision.segment.description.as_str()).collect();
    assert_eq!(said, ["", "edited", "by hand again", "last"]);
}

#[test]
fn unknown_keys_stay() {
    let (_folder, workspace) = fresh();
    let text = segment("s1", "A").to_json().replacen("{\n", "{\n  \"x_team\": {\"a\": 1.50},\n", 1);
    let path = put(&workspace, "segments/a.segment.json", &text);
    let (stored, _) = workspace.load("s1").unwrap();
    save(&workspace, &Segment { description: "edited".to_owned(), ..stored });
    let written = fs::read_to_string(path).unwrap();
    assert!(written.contains("x_team") && written.contains("1.50"), "{written}");
    // Of folders as well.
    let folder = workspace.create_folder("F", None, "f1").unwrap();
    let record = folder.path.join("folder.json");
    let text = fs::read_to_string(&record).unwrap().replacen("{\n", "{\n  \"x\": 1,\n", 1);
    fs::write(&record, text).unwrap();
    workspace.describe_folder("f1", "for tests").unwrap();
    let written = fs::read_to_string(&record).unwrap();
    assert!(written.contains("\"x\": 1") && written.contains("for tests"));
}

#[test]
fn a_damaged_file_is_listed_with_its_place_and_never_written_over() {
    let (_folder, workspace) = fresh();
    save(&workspace, &segment("s0", "Fine"));
    let broken = "{\n  \"id\": \"s1\",\n  \"name\" \"A\"\n}";
    let path = put(&workspace, "segments/a.segment.json", broken);
    let no_name = put(&workspace, "segments/b.segment.json", "{\"format\": \"segtui/segment\",\n \"id\": 7}");
    let bytes = workspace.root().join("segments/c.segment.json");
    fs::write(&bytes, b"{\n\xff").unwrap();
    let listing = workspace.list().unwrap();
    assert_eq!(listing.segments.len(), 1);
    let places: Vec<(&Path, usize, usize)> =
        listing.damaged.iter().map(|found| (found.path.as_path(), found.line, found.column)).collect();
    assert_eq!(places, [(path.as_path(), 3, 10), (no_name.as_path(), 2, 2), (bytes.as_path(), 2, 1)]);
    // Its own name leads to another file, its id is recognised.
    let same_name = save(&workspace, &segment("s2", "A"));
    assert_eq!(same_name.path, workspace.root().join("segments/a-2.segment.json"));
    for expected in [Expected::Revision(0), Expected::Revision(1), Expected::Anything] {
        let refused = workspace.save(&segment("s1", "A"), &Target::Keep, expected, &stamp(2));
        assert!(matches!(refused, Err(WorkspaceError::Damaged(_))), "{refused:?}");
    }
    assert!(matches!(workspace.find("A"), Ok((found, _)) if found.id == "s2"));
    assert!(matches!(workspace.find("b"), Err(WorkspaceError::Damaged(_))));
    assert_eq!(fs::read_to_string(path).unwrap(), broken);
}

#[test]
fn a_newer_version_is_read_only() {
    let (_folder, workspace) = fresh();
    let text = segment("s1", "A").to_json().replace("\"version\": 1", "\"version\": 2");
    let path = put(&workspace, "segments/a.segment.json", &text);
    let (stored, _) = workspace.load("s1").unwrap();
    assert!(stored.is_newer() && workspace.list().unwrap().segments[0].is_newer);
    let older = Segment { version: 1, ..stored.clone() };
    for segment in [&stored, &older] {
        for expected in [Expected::Revision(0), Expected::Anything] {
            let refused = workspace.save(segment, &Target::Keep, expected, &stamp(2));
            assert!(matches!(refused, Err(WorkspaceError::Newer { version: 2, .. })));
        }
    }
    assert_eq!(fs::read_to_string(path).unwrap(), text);
    // A workspace as a whole.
    put(&workspace, "workspace.json", r#"{"format": "segtui/workspace", "version": 9}"#);
    let refused = workspace.create_folder("F", None, "f1");
    assert!(matches!(refused, Err(WorkspaceError::Newer { version: 9, .. })));
}

#[test]
fn names_of_active_segments_are_unique_in_a_database() {
    let (_folder, workspace) = fresh();
    let active = |id: &str, name: &str| Segment { status: Status::Active, ..segment(id, name) };
    save(&workspace, &active("s1", "Loyal"));
    save(&workspace, &segment("s2", "Loyal"));
    save(&workspace, &Segment { database: "other".to_owned(), ..active("s3", "Loyal") });
    let refused = workspace.save(&active("s4", "LOYAL"), &Target::Keep, Expected::Revision(0), &stamp(2));
    assert!(matches!(refused, Err(WorkspaceError::NameTaken { .. })));
    let bad = [segment("s5", ""), Segment { labels: vec!["a b".to_owned()], ..segment("s5", "x") }];
    for segment in &bad {
        let refused = workspace.save(segment, &Target::Keep, Expected::Revision(0), &stamp(2));
        assert!(matches!(refused, Err(WorkspaceError::Invalid { .. })));
    }
}

#[test]
fn segments_are_found_by_id_name_and_file() {
    let (_folder, workspace) = fresh();
    workspace.create_folder("Churn", None, "f1").unwrap();
    workspace.create_folder("Win back", Some("f1"), "f2").unwrap();
    let into = |folder: &str| Target::Folder(Some(folder.to_owned()));
    let put = |segment: Segment, target: Target| {
        workspace.save(&segment, &target, Expected::Revision(0), &stamp(1)).unwrap()
    };
    let high = put(segment("s1", "High_CLV"), into("f1"));
    put(segment("s2", "High_CLV"), into("f2"));
    put(segment("s3", "Odd/name"), Target::Keep);
    put(segment("s4", "s1"), Target::Keep);
    let found = |reference: &str| workspace.find(reference).map(|(segment, _)| segment.id);
    assert_eq!(found("Churn/High_CLV").unwrap(), "s1");
    assert_eq!(found("churn/win BACK/high_clv").unwrap(), "s2");
    assert_eq!(found("win back/High_CLV").unwrap(), "s2");
    assert_eq!(found("odd/name").unwrap(), "s3");
    assert_eq!(found("s1").unwrap(), "s1", "an id comes before a name");
    assert_eq!(found(high.path.to_str().unwrap()).unwrap(), "s1");
    assert!(
        matches!(found("High_CLV"), Err(WorkspaceError::Ambiguous { candidates, .. }) if candidates.len() == 2)
    );
    match found("Churn/Hihg_CLV") {
        Err(error @ WorkspaceError::NotFound { .. }) => {
            assert_eq!(error.help(), "did you mean \"Churn/High_CLV\"?")
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn listing_is_in_order_of_names() {
    let (_folder, workspace) = fresh();
    for (id, name) in [("s1", "beta"), ("s2", "Alpha"), ("s3", "alpha"), ("s4", "Zeta")] {
        save(&workspace, &segment(id, name));
    }
    assert_eq!(names(&workspace), ["Alpha", "alpha", "beta", "Zeta"]);
    // A copy made by hand has the same id.
    let (_, path) = workspace.load("s1").unwrap();
    fs::copy(&path, path.with_file_name("copy.segment.json")).unwrap();
    let listing = workspace.list().unwrap();
    assert_eq!((listing.segments.len(), listing.damaged.len()), (4, 1));
    assert!(listing.damaged[0].message.contains("copy.segment.json has the id of beta.segment.json"));
}

#[test]
fn a_copy_with_the_same_id_does_not_hide_the_original() {
    let (_folder, workspace) = fresh();
    let text = segment("s1", "Almost_Gold").to_json();
    // Neither has a history, and the copy comes first in order.
    let copy = put(&workspace, "segments/dup.segment.json", &text);
    let original = put(&workspace, "segments/loyalty/almost-gold.segment.json", &text);
    let listing = workspace.list().unwrap();
    assert_eq!(listing.segments.len(), 1);
    assert_eq!(listing.segment("s1").unwrap().path, original);
    assert_eq!(workspace.load("s1").unwrap().1, original);
    let [damaged] = listing.damaged.as_slice() else { panic!("{:?}", listing.damaged) };
    assert_eq!(damaged.path, copy);
    for part in ["dup.segment.json has the id of", "loyalty", "almost-gold.segment.json", "remove"] {
        assert!(damaged.message.contains(part), "{}", damaged.message);
    }
    // What is saved goes into the original.
    let saved = save(&workspace, &segment("s1", "Almost_Gold"));
    assert_eq!((saved.path, fs::read_to_string(&copy).unwrap()), (original, text));
}

#[test]
fn of_two_with_the_same_id_the_later_revision_counts_then_the_older_file() {
    let (_folder, workspace) = fresh();
    let first = save(&workspace, &segment("s1", "A"));
    let earlier = fs::read_to_string(&first.path).unwrap();
    let second = save(&workspace, &first.segment);
    put(&workspace, "segments/a/a.segment.json", &earlier);
    // Changed by hand: never saved.
    let by_hand = Segment { description: "by hand".to_owned(), ..second.segment.clone() };
    put(&workspace, "segments/0/a.segment.json", &by_hand.to_json());
    let listing = workspace.list().unwrap();
    assert_eq!(
        (listing.segment("s1").unwrap().path.clone(), listing.damaged.len()),
        (second.path.clone(), 2)
    );
    assert!(listing.damaged.iter().all(|damaged| damaged.message.contains("has the id of a.segment.json")));
    assert_eq!(workspace.load("s1").unwrap(), (second.segment, second.path));

    let [new, old] = ["1", "2"].map(|folder| {
        put(&workspace, &format!("segments/{folder}/b.segment.json"), &segment("s2", "B").to_json())
    });
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    fs::File::options().append(true).open(&old).unwrap().set_modified(long_ago).unwrap();
    assert_eq!(workspace.list().unwrap().segment("s2").unwrap().path, old);
    assert_eq!(workspace.load("s2").unwrap().1, old);
    fs::File::options().append(true).open(&new).unwrap().set_modified(long_ago).unwrap();
    assert_eq!(workspace.list().unwrap().segment("s2").unwrap().path, new, "the first in order");
    assert_eq!(workspace.load("s2").unwrap().1, new);
}

#[test]
fn a_segment_is_loaded_from_where_it_was_seen_or_from_where_it_is() {
    let (folder, workspace) = fresh();
    let saved = save(&workspace, &segment("s1", "A"));
    let other = save(&workspace, &segment("s2", "B"));
    let loaded = (saved.segment.clone(), saved.path.clone());
    assert_eq!(workspace.load_at(&saved.path, "s1").unwrap(), loaded);
    for wrong in [&other.path, &folder.path().join("nothing"), workspace.root()] {
        assert_eq!(workspace.load_at(wrong, "s1").unwrap(), loaded, "{}", wrong.display());
    }
    let moved = workspace.root().join("segments/moved.segment.json");
    fs::rename(&saved.path, &moved).unwrap();
    assert_eq!(workspace.load_at(&saved.path, "s1").unwrap(), (saved.segment, moved.clone()));
    fs::write(&moved, "{\n oops").unwrap();
    assert!(matches!(workspace.load_at(&moved, "s1"), Err(WorkspaceError::Damaged(_))));
    assert!(matches!(workspace.load_at(&other.path, "s1"), Err(WorkspaceError::NotFound { .. })));
    // An id can be spelled in other ways.
    let text = segment("sé", "C").to_json().replace("sé", "s\\u00e9");
    let path = put(&workspace, "segments/c.segment.json", &text);
    assert_eq!(workspace.load("sé").unwrap().1, path);
}

#[test]
fn a_path_in_the_seed_is_no_longer_looked_at_once_it_is_copied() {
    let folder = tempfile::tempdir().unwrap();
    let seed = Workspace::new(folder.path().join("seed"), false);
    let seen = save(&seed, &segment("s1", "A")).path;
    let workspace = Workspace::new(folder.path().join("ws"), false).with_seed(Some(seed.root().to_owned()));
    let (stored, path) = workspace.load_at(&seen, "s1").unwrap();
    assert_eq!(path, seen);
    let saved = save(&workspace, &stored);
    assert_eq!(workspace.load_at(&seen, "s1").unwrap(), (saved.segment, saved.path));
}

#[test]
fn renaming_and_moving_keep_the_id_and_lose_nothing() {
    let (_folder, workspace) = fresh();
    save(&workspace, &segment("s1", "One"));
    save(&workspace, &segment("s2", "Two"));
    let renamed = workspace.rename_segment("s1", "Two", Expected::Revision(1), &stamp(5)).unwrap();
    assert_eq!((renamed.segment.id.as_str(), renamed.segment.revision), ("s1", 2));
    assert!(renamed.path.ends_with("segments/two-2.segment.json"));
    let again = workspace.rename_segment("s1", "TWO", Expected::Anything, &stamp(5)).unwrap();
    assert!(again.path.ends_with("segments/two-2.segment.json"));
    let folder = workspace.create_folder("F", None, "f1").unwrap();
    let moved = workspace.move_segment("s1", Some("f1")).unwrap();
    assert_eq!(moved, folder.path.join("two-2.segment.json"), "a file's name is kept on a move");
    assert_eq!(workspace.load("s1").unwrap().0.revision, 3, "a move is no revision");
    let listing = workspace.list().unwrap();
    assert_eq!(listing.full_name(listing.segment("s1").unwrap()), "F/TWO");
    assert_eq!(listing.segments.len(), 2);
    workspace.move_segment("s1", None).unwrap();
    assert_eq!(workspace.list().unwrap().segment("s1").unwrap().folder, None);
    assert!(matches!(workspace.move_segment("s1", Some("no")), Err(WorkspaceError::NotFound { .. })));
    // Saving can move as well.
    let (stored, _) = workspace.load("s1").unwrap();
    let target =
        Target::NewFolder { name: "G".to_owned(), parent: Some("f1".to_owned()), id: "f2".to_owned() };
    let saved = workspace.save(&stored, &target, Expected::Revision(3), &stamp(6)).unwrap();
    assert_eq!(saved.path, folder.path.join("g/two-2.segment.json"));
    assert_eq!(workspace.list().unwrap().segments.len(), 2);
}

#[test]
fn renaming_what_someone_else_saved_is_refused() {
    let (_folder, workspace) = fresh();
    let first = save(&workspace, &segment("s1", "One")).segment;
    save(&workspace, &Segment { description: "theirs".to_owned(), ..first });
    let before = files(workspace.root());
    let refused = workspace.rename_segment("s1", "Two", Expected::Revision(1), &stamp(5)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "\"One\" has been saved since, by ana on 2025-11-02 at 09:01 UTC, as revision 2"
    );
    assert_eq!(refused.help(), "save a copy, or overwrite: the other one stays in the history");
    assert_eq!(files(workspace.root()), before);
    let renamed = workspace.rename_segment("s1", "Two", Expected::Revision(2), &stamp(5)).unwrap().segment;
    assert_eq!((renamed.revision, renamed.description.as_str()), (3, "theirs"));
}

#[test]
fn a_conflict_says_what_the_document_says() {
    let conflict = |at: &str, by: &str| {
        let stamp = Stamp { at: at.to_owned(), by: by.to_owned(), extra: Extra::new() };
        WorkspaceError::Conflict { name: "A".to_owned(), stored: 2, stamp: Some(Box::new(stamp)) }.to_string()
    };
    assert_eq!(conflict("last week", "bo"), "\"A\" has been saved since, by bo, last week, as revision 2");
    assert_eq!(conflict("", ""), "\"A\" has been saved since, as revision 2");
    assert!(conflict("2025-11-02T23:30:00-02:00", "").contains("since, on 2025-11-03 at 01:30 UTC, as"));
}

#[test]
fn a_duplicate_has_a_history_of_its_own() {
    let (_folder, workspace) = fresh();
    workspace.create_folder("F", None, "f1").unwrap();
    let active = Segment { status: Status::Active, ..segment("s1", "One") };
    let target = Target::Folder(Some("f1".to_owned()));
    workspace.save(&active, &target, Expected::Revision(0), &stamp(1)).unwrap();
    let copy = workspace.duplicate("s1", "s2", "One copy", &stamp(9)).unwrap();
    assert_eq!((copy.segment.revision, copy.segment.status), (1, Status::Draft));
    assert_eq!(copy.segment.created, Some(stamp(9)));
    assert_eq!(workspace.list().unwrap().segment("s2").unwrap().folder.as_deref(), Some("f1"));
    assert_eq!(workspace.history("s2").unwrap().revisions.len(), 1);
}

#[test]
fn the_trash_gives_back_what_was_deleted() {
    let (_folder, workspace) = fresh();
    workspace.create_folder("F", None, "f1").unwrap();
    let target = Target::Folder(Some("f1".to_owned()));
    let saved = workspace.save(&segment("s1", "One"), &target, Expected::Revision(0), &stamp(1)).unwrap();
    let trashed = workspace.delete_segment("s1", References::Refuse, &stamp(2)).unwrap();
    assert!(names(&workspace).is_empty() && !saved.path.exists());
    assert_eq!(workspace.trash().unwrap(), std::slice::from_ref(&trashed));
    assert_eq!(trashed.place, Path::new("f/one.segment.json"));
    assert_eq!(workspace.history("s1").unwrap().revisions.len(), 1);
    // Someone who was editing it hears of it.
    let refused = workspace.save(&saved.segment, &Target::Keep, Expected::Revision(1), &stamp(3));
    assert!(matches!(refused, Err(WorkspaceError::Gone { .. })));
    assert_eq!(workspace.restore(&trashed.key).unwrap(), saved.path);
    assert!(workspace.trash().unwrap().is_empty());
    assert_eq!(workspace.load("s1").unwrap(), (saved.segment.clone(), saved.path));

    // Twice deleted, its folder gone, its file name taken: it comes back all the same.
    let trashed = workspace.delete_segment("s1", References::Refuse, &stamp(4)).unwrap();
    let folder = workspace.delete_folder("f1", &stamp(5)).unwrap();
    save(&workspace, &segment("s2", "One"));
    let path = workspace.restore(&trashed.key).unwrap();
    assert_eq!(path, workspace.root().join("segments/one-2.segment.json"));
    assert_eq!(workspace.load("s1").unwrap().0, saved.segment);
    workspace.restore(&folder.key).unwrap();
    assert_eq!(workspace.list().unwrap().folders[0].id, "f1");
    assert!(matches!(workspace.restore("nothing"), Err(WorkspaceError::NotFound { .. })));
}

#[test]
fn a_segment_in_use_is_deleted_only_on_request() {
    let (_folder, workspace) = fresh();
    save(&workspace, &segment("s1", "Used"));
    let text = segment("s2", "User").to_json().replacen(
        "\"of\": []",
        r#""of": [{"list": {"segment": "s1"}, "op": "is_member", "off": true}]"#,
        1,
    );
    put(&workspace, "segments/user.segment.json", &text);
    assert_eq!(workspace.used_by("s1").unwrap()[0].id, "s2");
    match workspace.delete_segment("s1", References::Refuse, &stamp(2)) {
        Err(WorkspaceError::InUse { users, .. }) => assert_eq!(users, ["User"]),
        other => panic!("{other:?}"),
    }
    workspace.delete_segment("s1", References::Break, &stamp(2)).unwrap();
}

#[test]
fn folders_are_made_renamed_and_moved() {
    let (_folder, workspace) = fresh();
    let a = workspace.create_folder("Año 1", None, "f1").unwrap();
    assert!(a.path.ends_with("segments/año-1"));
    for refused in [
        workspace.create_folder("AÑO 1", None, "f2"),
        workspace.create_folder("x", None, "f1"),
        workspace.create_folder("x", Some("no"), "f2"),
        workspace.create_folder("a\nb", None, "f2"),
    ] {
        assert!(refused.is_err());
    }
    workspace.create_folder("B", Some("f1"), "f2").unwrap();
    workspace.create_folder("C", Some("f2"), "f3").unwrap();
    workspace.create_folder("D", Some("f3"), "f4").unwrap();
    assert!(workspace.create_folder("E", Some("f4"), "f5").is_err(), "three levels below a top folder");
    let target = Target::Folder(Some("f4".to_owned()));
    workspace.save(&segment("s1", "One"), &target, Expected::Revision(0), &stamp(1)).unwrap();
    assert!(matches!(workspace.delete_folder("f3", &stamp(1)), Err(WorkspaceError::NotEmpty { .. })));
    workspace.rename_folder("f2", "Beta").unwrap();
    assert!(workspace.root().join("segments/año-1/beta/c/d/one.segment.json").is_file());
    assert!(workspace.move_folder("f1", Some("f3")).is_err(), "not into itself");
    workspace.move_folder("f3", None).unwrap();
    let listing = workspace.list().unwrap();
    assert_eq!(listing.full_name(&listing.segments[0]), "C/D/One");
    assert!(workspace.move_folder("f1", Some("f4")).is_ok());
    assert!(workspace.move_folder("f3", Some("f2")).is_err());
    assert_eq!(workspace.list().unwrap().folders.len(), 4);
}

#[test]
fn a_folder_made_by_hand_is_a_folder() {
    let (_folder, workspace) = fresh();
    put(&workspace, "segments/By Hand/a.segment.json", &segment("s1", "A").to_json());
    let broken = put(&workspace, "segments/broken/folder.json", "{");
    let listing = workspace.list().unwrap();
    assert_eq!(
        listing.folders.iter().map(|folder| folder.name.as_str()).collect::<Vec<_>>(),
        ["broken", "By Hand"]
    );
    assert_eq!((listing.damaged.len(), listing.damaged[0].line), (1, 1));
    let id = listing.segments[0].folder.clone().unwrap();
    workspace.rename_folder(&id, "Renamed").unwrap();
    let listing = workspace.list().unwrap();
    assert_eq!(listing.folder(&id).unwrap().name, "Renamed");
    assert!(workspace.root().join("segments/renamed/a.segment.json").is_file());
    let id = listing.folder_named("broken").unwrap().id.clone();
    assert!(matches!(workspace.rename_folder(&id, "x"), Err(WorkspaceError::Damaged(_))));
    assert_eq!(fs::read_to_string(broken).unwrap(), "{");
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
            .save_draft(Path::new("ws"), &saved.segment, 0, &stamp(1))
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
                let expected = Expected::Revision(stored.revision);
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
    let result = workspace.save(&edited, &Target::Keep, Expected::Revision(1), &stamp(2));
    fs::set_permissions(&segments, fs::Permissions::from_mode(0o755)).unwrap();
    if !is_root {
        assert!(matches!(result, Err(WorkspaceError::Io { .. })));
        assert_eq!(workspace.load("s1").unwrap().0, saved.segment);
        // The second attempt is no conflict.
        workspace.save(&edited, &Target::Keep, Expected::Revision(1), &stamp(2)).unwrap();
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

#[test]
fn changes_are_noticed() {
    let (_folder, workspace) = fresh();
    let empty = workspace.state();
    let saved = save(&workspace, &segment("s1", "A"));
    let one = workspace.state();
    assert!(one != empty && one == workspace.state());
    fs::write(&saved.path, "{}").unwrap();
    let edited = workspace.state();
    fs::rename(&saved.path, saved.path.with_file_name("b.segment.json")).unwrap();
    assert!(edited != one && workspace.state() != edited);
}

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
    first.save_draft(workspace, &edited, 3, &stamp(1)).unwrap();
    edited.description = "later".to_owned();
    first.save_draft(workspace, &edited, 3, &stamp(2)).unwrap();
    second.save_draft(workspace, &edited, 4, &stamp(3)).unwrap();
    let seen = second.list().unwrap().drafts;
    assert_eq!(seen.iter().map(|draft| draft.is_live).collect::<Vec<_>>(), [true, true]);

    drop(first);
    fs::write(dir.join("two/broken.json"), "{\n oops").unwrap();
    let seen = second.list().unwrap();
    assert_eq!((seen.damaged.len(), seen.damaged[0].line), (1, 2));
    let left = seen.drafts.iter().find(|draft| !draft.is_live).unwrap();
    assert_eq!((&left.segment, left.base_revision, &left.stamp), (&edited, 3, &stamp(2)));
    assert_eq!(left.workspace, workspace);
    second.remove(left).unwrap();
    assert!(!dir.join("one").exists());
    second.remove_draft("s1").unwrap();
    second.remove_draft("s1").unwrap();
    drop(second);
    assert!(dir.join("two/broken.json").is_file(), "what cannot be read is kept");
}
