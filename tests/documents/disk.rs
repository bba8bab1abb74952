//! Documents in a workspace: what is saved is what was meant, byte for byte.

use std::fs;

use proptest::prelude::*;
use segtui::segment::{Extra, Segment, Stamp};
use segtui::workspace::{DraftStore, Edits, Expected, Target, Version, Workspace, WorkspaceError};
use serde_json::Value;

use super::runner;
use super::strategy::document;

fn stamp() -> Stamp {
    Stamp { at: "2026-01-02T03:04:05Z".to_owned(), by: "ana".to_owned(), extra: Extra::new() }
}

#[test]
fn saved_loaded_and_saved_again_is_the_same_file() {
    let run = |document: Value| {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::new(folder.path().join("workspace"), false);
        let segment = Segment::from_json(&document.to_string()).unwrap();
        let first = workspace.save(&segment, &Target::Keep, Expected::Anything, &stamp()).unwrap();
        let text = fs::read_to_string(&first.path).unwrap();
        prop_assert_eq!(&text, &first.segment.to_json());
        let (loaded, path) = workspace.load(&segment.id).unwrap();
        prop_assert_eq!((&loaded, &path), (&first.segment, &first.path));
        prop_assert_eq!(loaded.to_json(), text.clone());
        let second = workspace
            .save(&loaded, &Target::Keep, Expected::Version(Version::of(&loaded)), &stamp())
            .unwrap();
        prop_assert_eq!(&second.path, &first.path);
        let revision = |number| format!("\n  \"revision\": {number},\n");
        let expected =
            text.replacen(&revision(first.segment.revision), &revision(second.segment.revision), 1);
        prop_assert_eq!(fs::read_to_string(&second.path).unwrap(), expected);
        let revisions = workspace.history(&segment.id).unwrap().revisions;
        let saved = revisions.iter().find(|revision| revision.number == first.segment.revision).unwrap();
        prop_assert_eq!(fs::read_to_string(&saved.path).unwrap(), text);

        let mut drafts = DraftStore::new(folder.path().join("drafts"), "one", false);
        let edits = Edits { segment: segment.clone().into(), base: Some(Version::of(&segment)) };
        drafts.save_draft(workspace.root(), &edits, &stamp()).unwrap();
        prop_assert_eq!(&drafts.list().unwrap().drafts[0].segment, &segment);
        Ok(())
    };
    runner(25).run(&document(), run).unwrap();
}

#[test]
fn what_cannot_be_kept_whole_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::new(folder.path().join("workspace"), false);
    let saved =
        workspace.save(&Segment::new("seg_1", "D", "id"), &Target::Keep, Expected::Anything, &stamp());
    let saved = saved.unwrap();
    let text = saved.segment.to_json();
    let double = text.replacen("  \"status\"", "  \"description\": \"why\",\n  \"status\"", 1);
    let deep = text.replacen(
        "  \"status\"",
        &format!("  \"own\": {}{},\n  \"status\"", "[".repeat(120), "]".repeat(120)),
        1,
    );
    for (text, line, column, said) in
        [(double, 8, 3, "the key \"description\" stands twice"), (deep, 8, 109, "nest more than 100")]
    {
        fs::write(&saved.path, &text).unwrap();
        let error = workspace.load("seg_1").unwrap_err();
        let WorkspaceError::Damaged(damaged) = &error else { panic!("{error}") };
        assert_eq!((damaged.line, damaged.column), (line, column), "{damaged}");
        assert!(damaged.message.contains(said), "{damaged}");
        assert_eq!(workspace.list().unwrap().damaged.as_slice(), std::slice::from_ref(damaged));
        for expected in [Expected::Anything, Expected::Version(Version::numbered(1))] {
            let refused = workspace.save(&saved.segment, &Target::Keep, expected, &stamp()).unwrap_err();
            assert!(matches!(refused, WorkspaceError::Damaged(_)), "{refused}");
        }
        assert_eq!(fs::read_to_string(&saved.path).unwrap(), text);
    }
}

#[test]
fn records_beside_segments_are_read_as_strictly() {
    let folder = tempfile::tempdir().unwrap();
    let churn = folder.path().join("segments/churn");
    fs::create_dir_all(&churn).unwrap();
    fs::write(churn.join("folder.json"), "{\"id\": \"f\", \"name\": \"A\",\n \"name\": \"B\"}").unwrap();
    let listing = Workspace::new(folder.path(), true).list().unwrap();
    let [damaged] = listing.damaged.as_slice() else { panic!("{listing:?}") };
    assert_eq!((damaged.line, damaged.column), (2, 2));
}
