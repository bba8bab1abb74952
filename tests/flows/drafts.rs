//! Several kept edits of one segment, drafts that somebody deletes, and the end of the program.

use std::fs;

use segtui::app::layers::overlay::Overlay;

use super::actions::document;
use super::harness::{Session, Shown};

/// A program that starts after two others, one of which had deleted a condition, the other had negated one, have
/// crashed. The second one's edits are the first in the order of their files.
fn two_left_behind() -> Session {
    let mut first = Session::editing(&document());
    let mut second = first.second_program();
    second.keys("g enter");
    first.keys("j d");
    second.keys("j d d");
    assert_ne!(first.shape(), second.shape());
    let third = second.second_program();
    drop((first, second));
    third.crash()
}

fn drafts(session: &Session) -> Vec<String> {
    let mut drafts: Vec<String> =
        session.drafts().drafts.iter().map(|draft| format!("{:?}", draft.segment.definition)).collect();
    drafts.sort();
    drafts
}

fn open(session: &Session) -> String {
    format!("{:?}", session.segment().definition)
}

#[test]
fn the_edits_are_opened_that_are_asked_about() {
    for way in ["o", "l E enter", "l E down enter"] {
        let mut session = two_left_behind();
        let both = drafts(&session);
        let asked = match session.overlay() {
            Some(Overlay::Confirm(confirm)) => confirm.lines.clone(),
            _ => Vec::new(),
        };
        session.keys(way);
        let opened = open(&session);
        assert_eq!((both.len(), both.contains(&opened)), (2, true), "{way}");
        assert_eq!(drafts(&session), both, "{way}: both are kept");
        // Those that were not opened are the only ones that are left to open.
        session.keys("esc d y");
        let left: Vec<String> = both.into_iter().filter(|draft| *draft != opened).collect();
        assert_eq!((drafts(&session), session.shown()), (left.clone(), Shown::Home), "{way}");
        session.keys("E enter");
        assert_eq!([open(&session)], *left, "{way}");
        assert!(!asked.is_empty());
    }
    let opened = |way: &str| {
        let mut session = two_left_behind();
        session.keys(way);
        open(&session)
    };
    assert_eq!(opened("o"), opened("l E enter"));
    assert_ne!(opened("o"), opened("l E down enter"));
}

#[test]
fn the_edits_are_discarded_that_are_asked_about() {
    let mut session = two_left_behind();
    let both = drafts(&session);
    session.keys("o");
    let asked = open(&session);
    let mut session = two_left_behind();
    session.keys("d y");
    let left: Vec<String> = both.iter().filter(|draft| **draft != asked).cloned().collect();
    assert_eq!(drafts(&session), left);
    session.keys("o");
    assert_eq!([open(&session)], *left);
    session.keys("esc d y");
    assert!(drafts(&session).is_empty());
}

#[test]
fn edits_that_were_kept_just_now_make_no_room_for_others_of_the_same_segment() {
    let mut session = two_left_behind();
    let both = drafts(&session);
    session.keys("o esc k");
    session.keys("E down enter").sees("were kept just now");
    assert_eq!((drafts(&session), session.shown()), (both, Shown::Home));
}

#[test]
fn drafts_that_were_deleted_are_written_again_at_the_end() {
    let mut session = Session::editing(&document());
    session.keys("j d");
    let kept = drafts(&session);
    let path = session.drafts().drafts[0].path.clone();
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    session.is_told_to_end();
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before, "what is there stays as it is");
    for leave in ["", "esc k"] {
        session.keys(leave);
        fs::remove_dir_all(session.root().join("drafts")).unwrap();
        session.is_told_to_end();
        assert_eq!((kept.len(), drafts(&session)), (1, kept.clone()), "{leave}");
        assert!(session.drafts().drafts[0].is_live, "another program leaves them to this one");
    }
    // What is discarded does not come back.
    session.keys("E enter q d y");
    session.is_told_to_end();
    assert!(drafts(&session).is_empty());
}
