//! What differs from a revision, another segment or what is saved.

use segtui::app::layers::differences::{Differences, Found};
use segtui::app::layers::overlay::Overlay;

use super::actions::document;
use super::harness::{Session, Shown};

fn layer(session: &Session) -> &Differences {
    match session.overlay() {
        Some(Overlay::Differences(layer)) => layer,
        other => panic!("{other:?}"),
    }
}

fn found(session: &Session) -> &Found {
    match &layer(session).chosen.as_ref().unwrap().found {
        Some(Ok(found)) => found,
        other => panic!("{other:?}"),
    }
}

/// Who joins and leaves in all, and the changes.
fn told(session: &Session) -> (u64, u64, Vec<String>) {
    let found = found(session);
    let answer = found.answer.as_ref().unwrap().as_ref().unwrap();
    assert_eq!(answer.by.len(), found.changes.len());
    assert_eq!(answer.by.iter().map(|by| by.joined).sum::<u64>(), answer.all.joined);
    assert_eq!(answer.by.iter().map(|by| by.left).sum::<u64>(), answer.all.left);
    let texts = found.changes.iter().map(|change| format!("{} {}", change.kind.id(), change.text));
    (answer.all.joined, answer.all.left, texts.collect())
}

#[test]
fn edits_differ_from_what_is_saved() {
    let mut session = Session::editing(&document());
    let before = session.members();
    session.keys("j j d V").sees("What is saved");
    session.keys("enter").sees("removed: Points is less than 500");
    let (joined, left, texts) = told(&session);
    assert_eq!(texts, ["removed Points is less than 500"]);
    assert_eq!((before + joined - left, left), (session.members(), 0));
    session.keys("enter").sees("this line is gone").keys("esc esc");
    assert!(session.overlay().is_none());
    session.keys("u j j space V enter").sees("off: State is in list");
    session.keys("enter");
    assert!(session.overlay().is_none() && session.shown() == Shown::Editor);
}

#[test]
fn revisions_and_other_segments_are_compared() {
    let mut session = Session::editing(&document());
    session.keys("j d s").sees("revision 4");
    session.keys("V").sees("Revision 3").sees("2026-01-02T03:04:05Z by ana").keys("type:3 enter");
    assert_eq!(told(&session).2, ["removed City is not null"]);
    session.sees("Revision 3 → Given");
    session.keys("q esc e S ctrl-u type:Copy enter enter e & s V type:given enter");
    session.sees("Given → Copy");
    assert_eq!(told(&session).2.len(), 1);
    // From the list of segments, too.
    session.keys("esc esc ctrl-o / type:copy enter");
    session.keys("ctrl-o V type:given enter").sees("→ ");
    assert_eq!(found(&session).changes.len(), 1);
}
