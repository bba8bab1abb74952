//! What is listed, found and loaded.

use super::*;

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
    for expected in [Expected::New, Expected::Version(Version::numbered(1)), Expected::Anything] {
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
        for expected in [Expected::New, Expected::Anything] {
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
fn segments_are_found_by_id_name_and_file() {
    let (_folder, workspace) = fresh();
    workspace.create_folder("Churn", None, "f1").unwrap();
    workspace.create_folder("Win back", Some("f1"), "f2").unwrap();
    let into = |folder: &str| Target::Folder(Some(folder.to_owned()));
    let put = |segment: Segment, target: Target| {
        workspace.save(&segment, &target, Expected::New, &stamp(1)).unwrap()
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
    for part in ["dup.segment.json has the id of", "loyalty", "almost-gold.segment.json"] {
        assert!(damaged.message.contains(part), "{}", damaged.message);
    }
    assert!(damaged.help.contains("remove"), "{}", damaged.help);
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
