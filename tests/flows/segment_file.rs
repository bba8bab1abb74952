//! What others do with the file of the open segment: it is noticed, nothing is written over, and the last copy
//! is not lost.

use std::fs;
use std::path::PathBuf;

use segtui::app::event::Event;
use segtui::app::layers::overlay::Overlay;
use segtui::segment::{Segment, Stamp};
use segtui::workspace::{Expected, Target, Version};

use super::actions::document;
use super::harness::{Session, put, shape, stamp};

/// The open segment stands in a folder.
fn editing() -> (Session, PathBuf) {
    let mut session = Session::small();
    let path = session.root().join("workspace/segments/churn/given.segment.json");
    put(&path, &document().to_json());
    session.keys("r g l j enter");
    assert_eq!(session.segment().name, "Given");
    (session, path)
}

fn edited() -> (Session, PathBuf) {
    let (mut session, path) = editing();
    session.keys("j d").sees("● edited");
    (session, path)
}

fn question(session: &Session) -> &str {
    match session.overlay() {
        Some(Overlay::Confirm(confirm)) => &confirm.title,
        _ => "",
    }
}

fn look(session: &mut Session) -> &mut Session {
    session.event(Event::FocusGained);
    session
}

#[test]
fn the_open_segment_follows_its_file_and_edits_are_told_of_it() {
    let (mut session, path) = editing();
    let by_git = Segment { description: "by git".into(), ..document() };
    put(&path, &by_git.to_json());
    look(&mut session).sees("Given was changed outside the program; showing revision 3");
    assert_eq!((session.segment(), session.editor().is_edited()), (&by_git, false));
    assert!(!session.editor().can_undo());
    session.keys("j d");
    // By hand nobody's name is written.
    let ben = Stamp { by: "ben".into(), ..stamp() };
    let by_hand = Segment { description: "by hand".into(), updated: Some(ben.clone()), ..by_git };
    put(&path, &by_hand.to_json());
    look(&mut session).sees("the file of Given was changed meanwhile").sees_no("ben");
    assert!(session.editor().is_edited());
    // Said once.
    let said = session.app.messages().all().len();
    look(&mut session);
    assert_eq!(session.app.messages().all().len(), said);
    session.keys("s").sees("It was changed meanwhile").sees_no("ben").keys("n");
    // A save has a name.
    let expected = Expected::Version(Version::of(&by_hand));
    session.workspace().save(&by_hand, &Target::Keep, expected, &ben).unwrap();
    look(&mut session).sees("Given was saved by ben as revision 4 meanwhile");
}

#[test]
fn what_lies_over_the_editor_never_meets_another_condition() {
    let (mut session, path) = editing();
    session.keys("j :");
    let by_git = Segment { description: "by git".into(), ..document() };
    put(&path, &by_git.to_json());
    look(&mut session).sees("the file of Given was changed meanwhile");
    assert_eq!(session.segment(), &document());
    session.keys("esc");
    look(&mut session).sees("showing revision 3");
    assert_eq!(session.segment(), &by_git);
}

#[test]
fn what_was_deleted_is_said_and_the_last_copy_is_not_left_unasked() {
    let (mut session, path) = editing();
    fs::remove_file(&path).unwrap();
    look(&mut session).sees("the file of Given was deleted").sees("file deleted").sees_no("edited");
    assert_eq!(session.drafts().drafts.len(), 1, "kept at once");
    session.keys("esc");
    assert_eq!(question(&session), "The file of Given was deleted");
    session.keys("c");
    // It comes back.
    put(&path, &document().to_json());
    look(&mut session).sees("the file of Given is as it was again").sees_no("file deleted");
    assert!(session.drafts().drafts.is_empty());
    session.keys("esc");
    assert!(session.app.editor().is_none());
}

#[test]
fn what_was_deleted_is_saved_again_where_it_was() {
    for has_noticed in [true, false] {
        for has_edits in [true, false] {
            let (mut session, path) = if has_edits { edited() } else { editing() };
            fs::remove_dir_all(path.parent().unwrap()).unwrap();
            if has_noticed || !has_edits {
                look(&mut session).sees("file deleted");
            }
            session.keys("s").sees("The file of Given was deleted.").keys("s");
            let (saved, entry) = session.saved("Given").unwrap();
            assert_eq!((saved.revision, saved.id.as_str(), &entry.path), (4, "seg_given", &path));
            session.keys("e").sees_no("file deleted");
            assert!(!session.editor().is_edited() && session.drafts().drafts.is_empty());
        }
    }
    // A copy leaves it deleted.
    let (mut session, path) = edited();
    fs::remove_file(&path).unwrap();
    session.keys("s c ctrl-u type:Mine enter enter e").sees_no("file deleted");
    assert!(session.saved("Given").is_none() && !session.editor().is_edited());
    assert!(shape(&session.saved("Mine").unwrap().0).starts_with("ALL(ALL(points)"));
}

#[test]
fn what_is_damaged_is_never_written_over_nor_stored_twice() {
    for damage in ["{ \"id", "", "x \"seg_given\""] {
        let (mut session, path) = editing();
        fs::write(&path, damage).unwrap();
        look(&mut session).sees("the file of Given is damaged").sees("file damaged");
        session.keys("j d").sees("● edited");
        session.keys("s").sees("its file is damaged (line 1, column ").sees("written over").keys("n");
        session.keys("s o").sees("Its file is damaged");
        assert_eq!(fs::read_to_string(&path).unwrap(), damage);
        assert!(session.workspace().list().unwrap().segments.is_empty(), "nothing else has its id");
        session.keys("c ctrl-u type:Mine enter enter");
        assert_eq!(session.saved("Mine").unwrap().0.revision, 1);
        assert_eq!(fs::read_to_string(&path).unwrap(), damage);
    }
}
