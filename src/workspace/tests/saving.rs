//! Saving, revisions and names.

use super::*;

#[test]
fn every_save_is_a_revision() {
    let (_folder, workspace) = fresh();
    let first = save(&workspace, &segment("s1", "Churn_High CLV"));
    assert_eq!(first.segment.revision, 1);
    assert_eq!(first.path, workspace.root().join("segments/churn-high-clv.segment.json"));
    assert_eq!(first.segment.created, Some(stamp(1)));
    let edited = Segment { description: "new".to_owned(), ..first.segment.clone() };
    let second = workspace
        .save(&edited, &Target::Keep, Expected::Version(Version::numbered(1)), &stamp(2))
        .unwrap()
        .segment;
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
    match workspace.save(&mine, &Target::Keep, Expected::Version(Version::numbered(1)), &stamp(3)) {
        Err(WorkspaceError::Conflict { stored: 2, stamp: Some(by), .. }) => assert_eq!(*by, stamp(1)),
        other => panic!("{other:?}"),
    }
    assert_eq!(files(workspace.root()), before);
    let saved = workspace.save(&mine, &Target::Keep, Expected::Anything, &stamp(3)).unwrap().segment;
    assert_eq!(saved.revision, 3);
    assert_eq!(workspace.revision("s1", 2).unwrap().description, "theirs");
    // A new segment whose id is taken is no new segment.
    let twin = segment("s1", "B");
    let refused = workspace.save(&twin, &Target::Keep, Expected::New, &stamp(4));
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
fn other_content_under_the_same_revision_is_asked_about_and_kept() {
    let (_folder, workspace) = fresh();
    let first = save(&workspace, &segment("s1", "A"));
    let opened = Expected::Version(Version::of(&first.segment));
    let theirs = Segment { description: "by git".to_owned(), ..first.segment.clone() };
    fs::write(&first.path, theirs.to_json()).unwrap();
    let mine = Segment { description: "mine".to_owned(), ..first.segment.clone() };
    let before = files(workspace.root());
    let refused = workspace.save(&mine, &Target::Keep, opened, &stamp(2)).unwrap_err();
    assert!(matches!(refused, WorkspaceError::Conflict { is_same_revision: true, .. }), "{refused}");
    assert!(refused.to_string().contains("revision 1 has other content now"), "{refused}");
    let refused = workspace.rename_segment("s1", "B", opened, &stamp(2)).unwrap_err();
    assert!(matches!(refused, WorkspaceError::Conflict { .. }), "{refused}");
    assert_eq!(files(workspace.root()), before);
    // Whoever insists loses nothing of either side.
    assert_eq!(
        workspace.save(&mine, &Target::Keep, Expected::Anything, &stamp(2)).unwrap().segment.revision,
        3
    );
    let history = workspace.history("s1").unwrap().revisions;
    let said: Vec<&str> = history.iter().map(|revision| revision.segment.description.as_str()).collect();
    assert_eq!(said, ["", "by git", "mine"]);
    // Written otherwise it is the same document.
    let (stored, path) = workspace.load("s1").unwrap();
    fs::write(path, stored.to_json().replace("\n", "\n  ")).unwrap();
    workspace.save(&mine, &Target::Keep, Expected::Version(Version::of(&stored)), &stamp(3)).unwrap();
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
fn names_of_active_segments_are_unique_in_a_database() {
    let (_folder, workspace) = fresh();
    let active = |id: &str, name: &str| Segment { status: Status::Active, ..segment(id, name) };
    save(&workspace, &active("s1", "Loyal"));
    save(&workspace, &segment("s2", "Loyal"));
    save(&workspace, &Segment { database: "other".to_owned(), ..active("s3", "Loyal") });
    let refused = workspace.save(&active("s4", "LOYAL"), &Target::Keep, Expected::New, &stamp(2));
    assert!(matches!(refused, Err(WorkspaceError::NameTaken { .. })));
    let bad = [segment("s5", ""), Segment { labels: vec!["a b".to_owned()], ..segment("s5", "x") }];
    for segment in &bad {
        let refused = workspace.save(segment, &Target::Keep, Expected::New, &stamp(2));
        assert!(matches!(refused, Err(WorkspaceError::Invalid { .. })));
    }
}

#[test]
fn renaming_and_moving_keep_the_id_and_lose_nothing() {
    let (_folder, workspace) = fresh();
    save(&workspace, &segment("s1", "One"));
    save(&workspace, &segment("s2", "Two"));
    let renamed =
        workspace.rename_segment("s1", "Two", Expected::Version(Version::numbered(1)), &stamp(5)).unwrap();
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
    let saved = workspace.save(&stored, &target, Expected::Version(Version::numbered(3)), &stamp(6)).unwrap();
    assert_eq!(saved.path, folder.path.join("g/two-2.segment.json"));
    assert_eq!(workspace.list().unwrap().segments.len(), 2);
}

#[test]
fn renaming_what_someone_else_saved_is_refused() {
    let (_folder, workspace) = fresh();
    let first = save(&workspace, &segment("s1", "One")).segment;
    save(&workspace, &Segment { description: "theirs".to_owned(), ..first });
    let before = files(workspace.root());
    let refused = workspace
        .rename_segment("s1", "Two", Expected::Version(Version::numbered(1)), &stamp(5))
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "\"One\" has been saved since, by ana on 2025-11-02 at 09:01 UTC, as revision 2"
    );
    assert_eq!(refused.help(), "save a copy, or overwrite: the other one stays in the history");
    assert_eq!(files(workspace.root()), before);
    let renamed = workspace
        .rename_segment("s1", "Two", Expected::Version(Version::numbered(2)), &stamp(5))
        .unwrap()
        .segment;
    assert_eq!((renamed.revision, renamed.description.as_str()), (3, "theirs"));
}

#[test]
fn a_conflict_says_what_the_document_says() {
    let conflict = |at: &str, by: &str| {
        let stamp = Stamp { at: at.to_owned(), by: by.to_owned(), extra: Extra::new() };
        WorkspaceError::Conflict {
            name: "A".to_owned(),
            stored: 2,
            is_same_revision: false,
            stamp: Some(Box::new(stamp)),
        }
        .to_string()
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
    workspace.save(&active, &target, Expected::New, &stamp(1)).unwrap();
    let copy = workspace.duplicate("s1", "s2", "One copy", &stamp(9)).unwrap();
    assert_eq!((copy.segment.revision, copy.segment.status), (1, Status::Draft));
    assert_eq!(copy.segment.created, Some(stamp(9)));
    assert_eq!(workspace.list().unwrap().segment("s2").unwrap().folder.as_deref(), Some("f1"));
    assert_eq!(workspace.history("s2").unwrap().revisions.len(), 1);
}
