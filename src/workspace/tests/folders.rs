//! Folders and the trash.

use super::*;

#[test]
fn the_trash_gives_back_what_was_deleted() {
    let (_folder, workspace) = fresh();
    workspace.create_folder("F", None, "f1").unwrap();
    let target = Target::Folder(Some("f1".to_owned()));
    let saved = workspace.save(&segment("s1", "One"), &target, Expected::New, &stamp(1)).unwrap();
    let trashed = workspace.delete_segment("s1", References::Refuse, &stamp(2)).unwrap();
    assert!(names(&workspace).is_empty() && !saved.path.exists());
    assert_eq!(workspace.trash().unwrap(), std::slice::from_ref(&trashed));
    assert_eq!(trashed.place, Path::new("f/one.segment.json"));
    assert_eq!(workspace.history("s1").unwrap().revisions.len(), 1);
    // Someone who was editing it hears of it.
    let refused =
        workspace.save(&saved.segment, &Target::Keep, Expected::Version(Version::numbered(1)), &stamp(3));
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
    workspace.save(&segment("s1", "One"), &target, Expected::New, &stamp(1)).unwrap();
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
