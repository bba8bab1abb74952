//! Saving, leaving and coming back: no edit is lost, and nothing is written over by accident.

use std::sync::Arc;

use segtui::app::effect::Effect;
use segtui::app::event::{Event, SaveFailure, SlowWrite};
use segtui::app::layers::overlay::Overlay;
use segtui::diagnostic::Diagnostic;
use segtui::segment::Segment;
use segtui::workspace::{Expected, Target, Version};

use super::actions::document;
use super::harness::{Session, Setup, Shown, put, shown, stamp};

fn edited() -> Session {
    let mut session = Session::editing(&document());
    session.keys("j d").sees("● edited");
    session
}

fn question(session: &Session) -> &str {
    match session.overlay() {
        Some(Overlay::Confirm(confirm)) => &confirm.title,
        _ => "",
    }
}

#[test]
fn leaving_asks_and_each_answer_does_what_it_says() {
    for (leave, cancels) in [("q", "esc"), ("q", "c"), ("esc", "c"), ("ctrl-n", "esc"), ("ctrl-o", "c")] {
        let mut session = edited();
        session.keys(leave);
        assert_eq!(question(&session), "Given has unsaved edits");
        session.keys(cancels);
        assert!(session.app.overlays().is_empty() && !session.app.has_ended());
        assert!(session.editor().is_edited(), "{leave} {cancels}");
    }
    let mut session = edited();
    session.keys("q s");
    assert!(session.app.has_ended());
    assert_eq!(session.saved("Given").unwrap().0.revision, 4);
    assert!(session.drafts().drafts.is_empty());

    let mut session = edited();
    session.keys("esc d").sees("Discard the edits for good?").keys("esc");
    assert!(session.editor().is_edited() && session.drafts().drafts.len() == 1);
    session.keys("esc d y");
    assert_eq!((session.shown(), session.app.editor().is_none()), (Shown::Home, true));
    assert_eq!(session.saved("Given").unwrap().0, document());
    assert!(session.drafts().drafts.is_empty());

    let mut session = edited();
    session.keys("ctrl-n k");
    assert_eq!(session.segment().revision, 0);
    assert_eq!(session.saved("Given").unwrap().0, document());
    assert_eq!(session.drafts().drafts.len(), 1);
    let mut session = session.crash();
    assert_eq!(question(&session), "You have unsaved edits of Given");
    session.keys("o");
    assert!(session.shape().starts_with("ALL(ALL(points)"));
}

#[test]
fn what_was_not_edited_is_left_without_a_question() {
    let mut session = Session::editing(&document());
    session.keys("j y u v e esc");
    // One step back is to the page, the next to the list.
    assert_eq!((session.shown(), session.app.overlays().len()), (Shown::Overview, 0));
    session.keys("esc");
    assert_eq!((session.shown(), session.app.overlays().len()), (Shown::Home, 0));
    assert!(session.drafts().drafts.is_empty());
    session.keys("n esc n q");
    assert!(session.app.has_ended());
}

#[test]
fn saving_a_new_segment_on_the_way_out_asks_for_its_name() {
    let mut session = Session::small();
    session.keys("n A q s type:Way enter enter");
    assert!(session.app.has_ended());
    assert_eq!(session.saved("Way").unwrap().0.revision, 1);
    // Without a name one stays.
    let mut session = Session::small();
    session.keys("n A q s esc");
    assert!(!session.app.has_ended() && session.app.overlays().is_empty());
    session.keys("s type:Later enter enter");
    assert!(!session.app.has_ended(), "saving does not quit any more");
    assert_eq!(session.saved("Later").unwrap().0.revision, 1);
}

#[test]
fn a_crash_loses_nothing() {
    let mut session = Session::small();
    session.keys("n a type:360 enter type:city enter type:null enter");
    let shape = session.shape();
    let id = session.segment().id.clone();
    let mut session = session.crash();
    assert_eq!(question(&session), "You have unsaved edits of Untitled");
    session.sees("kept today 03:04 UTC").sees_no("by ana").keys("l").keys("q");
    // Later means later.
    let mut session = session.crash();
    assert!(question(&session).starts_with("You have unsaved edits"));
    session.keys("o");
    assert_eq!((session.shape(), session.segment().id.clone()), (shape, id));
    assert!(session.editor().is_edited());
    assert_eq!(session.drafts().drafts.len(), 1, "kept as this program's own");
    session.keys("s type:Saved enter enter");
    assert!(session.drafts().drafts.is_empty());
    assert_eq!(session.saved("Saved").unwrap().0.revision, 1);
    let mut session = session.crash();
    assert_eq!(question(&session), "");
    session.keys("/ type:Saved enter");
    assert!(!session.editor().is_edited());
}

#[test]
fn drafts_are_discarded_only_when_told() {
    let session = edited();
    let mut session = session.crash();
    session.keys("d n esc");
    assert_eq!(session.drafts().drafts.len(), 1, "asked twice");
    let mut session = session.crash();
    session.keys("d y");
    assert!(session.app.overlays().is_empty() && session.drafts().drafts.is_empty());
    assert_eq!(session.saved("Given").unwrap().0, document());
}

#[test]
fn a_draft_of_a_saved_segment_is_saved_over_its_revision() {
    let mut session = edited().crash();
    session.keys("o s");
    let saved = session.saved("Given").unwrap().0;
    assert_eq!((saved.revision, saved.id.as_str()), (4, "seg_given"));
    assert_eq!(question(&session), "");
}

#[test]
fn several_drafts_are_offered_in_turn() {
    let mut session = edited();
    session.keys("ctrl-n k A ctrl-n k A");
    let mut session = session.crash();
    let mut offered = 0;
    while question(&session).starts_with("You have unsaved edits") {
        offered += 1;
        session.keys("d y");
    }
    assert_eq!(offered, 3);
    assert!(session.drafts().drafts.is_empty());
}

#[test]
fn drafts_of_a_running_program_are_left_to_it() {
    let session = edited();
    let mut second = session.second_program();
    assert_eq!(question(&second), "");
    second.keys("q");
    assert_eq!(session.drafts().drafts.len(), 1);
}

#[test]
fn a_name_that_cannot_be_is_refused_in_the_form() {
    let mut session = Session::small();
    session.keys("n s enter").sees("the name is empty: give it one");
    session.keys(&format!("type:{} enter", "x".repeat(101))).sees("longer than 100 characters");
    session.keys("ctrl-u type:Fine enter enter");
    assert_eq!(session.shown(), Shown::Overview);
    session.keys("R ctrl-u enter").sees("the name is empty");
    session.keys("esc");
    assert_eq!(session.segment().name, "Fine");
}

#[test]
fn folders_go_three_levels_below_the_top() {
    let mut session = Session::small();
    session.keys("n s type:A enter type:One enter");
    for (parent, folder) in [("One", "Two"), ("One/Two", "Three"), ("One/Two/Three", "Four")] {
        session.keys(&format!("S ctrl-u type:In_{folder} enter ctrl-u type:{parent}/{folder} enter"));
        assert_eq!(session.shown(), Shown::Overview, "{}", session.screen());
    }
    session.keys("S ctrl-u type:In_Five enter ctrl-u type:One/Two/Three/Four/Five enter");
    assert!(
        matches!(session.overlay(), Some(Overlay::SaveAs(form)) if form.complaint.is_some()),
        "{}",
        session.screen()
    );
    session.keys("ctrl-u type:four enter");
    assert_eq!(session.shown(), Shown::Overview, "an existing folder is found by its name alone");
    let (_, entry) = session.saved("In_Five").unwrap();
    assert!(entry.path.ends_with("segments/one/two/three/four/in-five.segment.json"), "{:?}", entry.path);
    assert_eq!(session.workspace().list().unwrap().folders.len(), 4);
}

#[test]
fn weak_names_get_advice_and_are_saved_all_the_same() {
    let mut session = Session::demo();
    session.keys("n s type:Untitled").sees("advice: say who is in it");
    session
        .keys("ctrl-u type:High enter type:Socktown")
        .sees("advice: begin with its folder")
        .sees("Socktown_High");
    session.keys("enter");
    assert_eq!(session.saved("High").unwrap().0.revision, 1);
}

#[test]
fn a_copy_is_another_segment() {
    let mut session = edited();
    session.keys("S ctrl-u type:Copy enter type:New enter");
    let (copy, entry) = session.saved("Copy").unwrap();
    assert_eq!((session.segment(), copy.revision), (&copy, 1));
    assert!(copy.id != "seg_given" && entry.folder.is_some());
    assert_eq!(session.saved("Given").unwrap().0, document(), "the edits went into the copy");
    assert!(session.drafts().drafts.is_empty());
    session.keys("e j d s");
    assert_eq!(session.saved("Copy").unwrap().0.revision, 2);
}

#[test]
fn renaming_keeps_edits_and_identity() {
    // In the editor, with edits.
    let mut session = edited();
    session.keys("R ctrl-u type:Editor enter").sees("renamed to Editor");
    assert!(session.editor().is_edited());
    assert_eq!(session.saved("Editor").unwrap().0.definition, document().definition);
    session.keys("s");
    let saved = session.saved("Editor").unwrap().0;
    assert_eq!((saved.id.as_str(), saved.revision), ("seg_given", 5));
    assert_ne!(saved.definition, document().definition);
    // On the overview.
    session.keys("R ctrl-u type:Overview enter");
    assert_eq!((session.shown(), session.segment().name.as_str()), (Shown::Overview, "Overview"));
    // In the list.
    session.keys("esc R ctrl-u type:Home enter").sees("Home");
    let (saved, entry) = session.saved("Home").unwrap();
    assert_eq!((saved.id.as_str(), saved.revision), ("seg_given", 7));
    assert!(entry.path.ends_with("home.segment.json"));
    assert!(session.saved("Overview").is_none());
    // A name that an active segment of the database has is refused where one is looking.
    let other = Segment {
        id: "seg_other".into(),
        name: "Taken".into(),
        status: segtui::segment::Status::Active,
        ..document()
    };
    put(&session.root().join("workspace/segments/taken.segment.json"), &other.to_json());
    let active = Segment { status: segtui::segment::Status::Active, ..saved };
    put(&entry.path, &active.to_json());
    session.keys("r g R ctrl-u type:Taken enter");
    assert!(
        matches!(session.overlay(), Some(Overlay::SaveAs(form)) if form.complaint.is_some()),
        "{}",
        session.screen()
    );
}

/// Someone else saves the segment that is open here.
fn saved_elsewhere(session: &Session) -> Segment {
    let (theirs, _) = session.saved("Given").unwrap();
    let theirs = Segment { description: "theirs".into(), ..theirs };
    let expected = Expected::Version(Version::numbered(theirs.revision));
    session.workspace().save(&theirs, &Target::Keep, expected, &stamp()).unwrap().segment
}

#[test]
fn a_conflict_asks_and_loses_neither_side() {
    let mut session = edited();
    let theirs = saved_elsewhere(&session);
    session.keys("s").sees("Your edits are still here.").sees("has been saved since");
    session.keys("n");
    assert!(session.editor().is_edited() && session.app.overlays().is_empty());
    assert_eq!(session.saved("Given").unwrap().0, theirs);
    assert_eq!(session.drafts().drafts.len(), 1);
    // It asks again, and a copy leaves the other as it is.
    session.keys("s c ctrl-u type:Mine enter enter");
    assert_eq!(session.saved("Given").unwrap().0, theirs);
    assert!(super::harness::shape(&session.saved("Mine").unwrap().0).starts_with("ALL(ALL(points)"));

    let mut session = edited();
    let theirs = saved_elsewhere(&session);
    session.keys("s o");
    let saved = session.saved("Given").unwrap().0;
    assert!(super::harness::shape(&saved).starts_with("ALL(ALL(points)"));
    assert_eq!(saved.revision, 5);
    let history = session.workspace().history("seg_given").unwrap();
    assert!(history.revisions.iter().any(|revision| revision.segment.description == theirs.description));
    assert!(!session.editor().is_edited());
}

/// The file of the open segment has other content, with the same revision.
fn replaced_by_git(session: &Session) -> Segment {
    let (theirs, entry) = session.saved("Given").unwrap();
    let theirs = Segment { description: "by git".into(), ..theirs };
    put(&entry.path, &theirs.to_json());
    theirs
}

#[test]
fn other_content_under_the_same_revision_is_asked_about() {
    let mut session = edited();
    let theirs = replaced_by_git(&session);
    session.keys("s").sees("It was changed meanwhile").sees("other content now");
    assert_eq!(session.saved("Given").unwrap().0, theirs);
    session.keys("o");
    let history = session.workspace().history("seg_given").unwrap();
    assert!(history.revisions.iter().any(|revision| revision.segment.description == "by git"));
    assert!(super::harness::shape(&session.saved("Given").unwrap().0).starts_with("ALL(ALL(points)"));
    // What was just saved is known, and so is what replaces it.
    session.keys("e j d");
    let theirs = replaced_by_git(&session);
    session.keys("s").sees("It was changed meanwhile").keys("n");
    // A rename asks nothing, but writes over nothing either.
    session.keys("R ctrl-u type:Other enter").sees("other content now");
    assert_eq!(session.saved("Given").unwrap().0, theirs);
}

#[test]
fn edits_resumed_after_a_crash_write_over_nothing_else() {
    let session = edited();
    let theirs = replaced_by_git(&session);
    let mut session = session.crash();
    session.keys("o").sees("the segment was changed meanwhile");
    session.keys("s").sees("It was changed meanwhile");
    assert_eq!(session.saved("Given").unwrap().0, theirs);
    session.keys("c ctrl-u type:Mine enter enter");
    assert!(super::harness::shape(&session.saved("Mine").unwrap().0).starts_with("ALL(ALL(points)"));
    assert_eq!(session.saved("Given").unwrap().0, theirs);
}

#[test]
fn read_only_writes_nothing_at_all() {
    let session = Session::editing(&document());
    let mut session = session.again(Setup { read_only: true, ..Setup::small() });
    let before = session.files();
    session.keys("g enter j d").sees("read-only");
    session.keys("s").sees("nothing is saved in read-only mode");
    session.keys("S").sees("nothing is saved in read-only mode");
    session.keys("R").sees("nothing is saved in read-only mode");
    session.keys("v esc");
    assert_eq!(question(&session), "Given has unsaved edits");
    session.keys("d n A q d");
    assert!(session.app.has_ended());
    assert_eq!(session.files(), before);
}

#[test]
fn a_newer_document_is_only_looked_at() {
    let text = document().to_json().replacen("\"version\": 1", "\"version\": 2", 1);
    let newer = Segment::from_json(&text).unwrap();
    assert!(newer.is_newer());
    let mut session = Session::editing(&newer);
    session.sees("open read-only");
    let before = session.files();
    for key in ["d", "space", "a", "e", "y", "s", "S"] {
        session.keys("g j j").keys(key).sees("newer version");
        assert!(!session.editor().is_edited() && session.app.overlays().is_empty(), "{key}");
    }
    assert_eq!(session.files(), before);
    session.keys("esc").sees("newer version");
}

#[test]
fn files_that_change_on_the_disk_are_noticed() {
    let mut session = Session::small();
    let path = session.root().join("workspace/segments/given.segment.json");
    put(&path, &document().to_json());
    session.event(Event::FocusGained);
    session.sees("Given").keys("g enter");
    assert_eq!(session.segment().name, "Given");
    session.keys("esc");
    std::fs::remove_file(path).unwrap();
    session.keys("r").sees_no("Given").keys("enter");
    assert!(session.app.editor().is_none());
}

/// A file stands where the folder of the drafts should be.
pub fn spoil_drafts(session: &Session) {
    let folder = session.root().join("drafts");
    std::fs::remove_dir_all(&folder).unwrap_or_default();
    put(&folder, "");
}

fn mend_drafts(session: &Session) {
    std::fs::remove_file(session.root().join("drafts")).unwrap();
}

#[test]
fn edits_that_cannot_be_kept_are_not_left() {
    for leave in ["q", "ctrl-o", "ctrl-n"] {
        let mut session = Session::editing(&document());
        spoil_drafts(&session);
        session.keys("j d").sees("drafts is a file, not a folder").sees("● edited, not kept");
        session.keys(leave).keys("k");
        assert_eq!(question(&session), "The edits are not kept", "{leave}");
        // Still not, and said again.
        session.keys("r");
        assert_eq!(question(&session), "The edits are not kept");
        session.keys("esc");
        assert!(
            session.app.overlays().is_empty() && session.editor().is_edited() && !session.app.has_ended()
        );
        mend_drafts(&session);
        session.keys(leave).keys("k");
        assert!(session.app.has_ended() || !session.app.editor().is_some_and(|editor| editor.is_edited()));
        assert_eq!(session.drafts().drafts.len(), 1, "{leave}");
    }
    // What can be saved needs no draft.
    let mut session = Session::editing(&document());
    spoil_drafts(&session);
    session.keys("j d s").sees("saved Given as revision 4").sees_no("not kept");
    // Whoever insists leaves without them.
    let mut session = Session::editing(&document());
    spoil_drafts(&session);
    session.keys("j d q k d");
    assert!(session.app.has_ended());
}

#[test]
fn a_failing_draft_is_said_once_and_tried_again_with_the_next_edit() {
    let mut session = Session::editing(&document());
    spoil_drafts(&session);
    session.keys("j d").sees("drafts is a file, not a folder");
    let said = session.app.messages().all().len();
    session.keys("y").sees("● edited, not kept");
    assert_eq!(session.app.messages().all().len(), said, "{:?}", session.app.messages().all());
    mend_drafts(&session);
    session.keys("y").sees("your unsaved edits are kept again").sees_no("not kept");
    assert_eq!(session.drafts().drafts.len(), 1);
}

#[test]
fn edits_kept_in_another_folder_are_found_again() {
    let mut session = Session::editing(&document());
    spoil_drafts(&session);
    session.keys("j d q k f").sees("Keep the edits in another folder");
    session.keys("type:~/rescued enter");
    assert!(session.app.has_ended());
    let farewell = session.app.farewell().unwrap();
    assert!(farewell.contains("rescued; the next start offers them"), "{farewell}");
    mend_drafts(&session);
    let mut session = session.crash();
    assert_eq!(question(&session), "You have unsaved edits of Given");
    session.keys("o");
    assert!(session.shape().starts_with("ALL(ALL(points)"));
    session.keys("s");
    assert_eq!(question(&session.crash()), "");
    // A folder that cannot be either is no way out.
    let mut session = Session::editing(&document());
    spoil_drafts(&session);
    session.keys("j d esc").sees("They are not kept so far").sees_no("come back");
    session
        .keys("k f type:drafts/deep enter")
        .sees("drafts is a file, not a folder")
        .sees("folder  drafts/deep");
    session.keys("esc");
    assert!(session.editor().is_edited() && session.app.overlays().is_empty());
}

#[test]
fn edits_kept_in_another_folder_are_discarded_wherever_they_are() {
    let mut session = Session::editing(&document());
    spoil_drafts(&session);
    session.keys("j d q k f type:~/rescued enter");
    let mut session = session.crash();
    session.keys("o").sees("● edited, not kept").keys("q k f").sees("home/rescued");
    session.keys("esc q d y");
    assert_eq!(question(&session.crash()), "");
    // Kept there again they are there once.
    let mut session = Session::editing(&document());
    spoil_drafts(&session);
    session.keys("j d q k f type:~/rescued enter");
    let mut session = session.crash();
    session.keys("o q k f enter");
    let mut session = session.crash();
    session.keys("d y");
    assert_eq!(question(&session), "");
}

/// The outcome of this kind of effect is held back.
fn held_back(effect: &Effect) -> bool {
    matches!(effect, Effect::Save { .. } | Effect::KeepDraft(_))
}

#[test]
fn a_save_that_takes_long_is_waited_for_given_up_or_left_behind() {
    // Waited for: what was to come after it comes.
    let mut session = edited();
    session.hold_back(held_back);
    session.keys("q s");
    session.event(Event::StillWriting(SlowWrite::Lock));
    session.sees("waiting for the workspace's lock").keys("q");
    assert_eq!(question(&session), "Still saving");
    session.keys("w").keys("s").sees("Esc gives up").keys("esc");
    session.release();
    assert_eq!((question(&session), session.app.has_ended()), ("", true));
    assert_eq!(session.saved("Given").unwrap().0.revision, 4);

    // Given up: it goes on being edited, and what is saved late after all is known.
    let mut session = edited();
    session.hold_back(held_back);
    session.keys("s");
    session.event(Event::StillWriting(SlowWrite::Workspace));
    session.sees("saving …").keys("j").sees("saving …");
    session.keys("esc esc").sees("the save was given up").sees_no("saving …");
    assert!(session.effects.contains(&Effect::GiveUpWaiting) && session.editor().is_edited());
    session.keys("s").sees("has not ended yet");
    session.release();
    assert!(!session.editor().is_edited());
    session.keys("y s");
    assert_eq!(question(&session), "", "no conflict with oneself");

    // Left behind: the edits are kept first.
    let mut session = edited();
    session.hold_back(|effect| matches!(effect, Effect::Save { .. }));
    session.keys("s");
    session.event(Event::StillWriting(SlowWrite::Lock));
    session.keys("q l");
    assert!(session.app.has_ended());
    assert_eq!(session.drafts().drafts.len(), 1);
}

#[test]
fn drafts_that_take_long_are_waited_for_before_leaving() {
    let mut session = edited();
    session.hold_back(held_back);
    session.keys("q k");
    assert!(!session.app.has_ended());
    session.event(Event::StillWriting(SlowWrite::Draft));
    assert_eq!(question(&session), "The edits are still being kept");
    session.keys("w");
    session.release();
    assert!(session.app.has_ended());
    // What is edited while they are being kept is asked about.
    let mut session = edited();
    session.hold_back(held_back);
    session.keys("q k y");
    session.release();
    assert!(!session.app.has_ended());
    assert_eq!(question(&session), "Given has unsaved edits");
}

#[test]
fn what_is_edited_while_it_is_saved_on_the_way_out_is_asked_about() {
    let mut session = edited();
    session.hold_back(|effect| matches!(effect, Effect::Save { .. }));
    session.keys("q s y");
    session.release();
    assert!(!session.app.has_ended());
    assert_eq!(question(&session), "Given has unsaved edits");
}

#[test]
fn edits_that_were_saved_just_before_the_end_are_no_unsaved_edits() {
    let mut session = edited();
    session.hold_back(|effect| matches!(effect, Effect::DropDraft { .. }));
    session.keys("s");
    assert_eq!(session.drafts().drafts.len(), 1);
    let mut session = session.crash();
    session.keys("o");
    assert_eq!((session.editor().is_edited(), session.segment().revision), (false, 4));
    assert!(session.drafts().drafts.is_empty());
}

#[test]
fn a_copy_is_given_a_free_name_and_one_that_is_taken_is_asked_for_again() {
    let active = Segment { status: segtui::segment::Status::Active, ..document() };
    let mut session = Session::editing(&active);
    session.keys("S").sees("Given copy").keys("ctrl-u type:Given enter enter");
    session.sees("another segment is called \"Given\"").keys("type:2 enter enter");
    assert_eq!(session.saved("Given2").unwrap().0.revision, 1);
}

#[test]
fn a_save_that_fails_on_the_way_out_says_that_and_one_that_was_given_up_is_no_error() {
    let refused = |session: &Session| Event::Saved {
        sent: Arc::clone(session.editor().segment()),
        result: Err(SaveFailure::Other(Diagnostic::new("the disk is full"))),
    };
    let mut session = edited();
    session.hold_back(held_back);
    session.keys("q s");
    session.event(refused(&session));
    session.sees("✗ not saved: the disk is full");
    assert!(!session.app.has_ended() && session.editor().is_edited());
    session.keys("s");
    session.event(Event::StillWriting(SlowWrite::Lock));
    session.keys("q g");
    session.event(refused(&session));
    session.sees("not saved; your edits are here").sees_no("✗");
}

#[test]
fn a_segment_started_from_a_page_is_kept_and_has_a_name() {
    let mut session = Session::demo();
    session.keys("/ type:ActiveCooling enter v 2 enter").sees("● edited");
    assert!(session.effects.iter().any(|effect| matches!(effect, Effect::KeepDraft(_))));
    session.keys("esc").sees("has unsaved edits").keys("c s");
    assert!(matches!(session.overlay(), Some(Overlay::SaveAs(form)) if !form.name.text().is_empty()));
}

#[test]
fn back_from_the_editor_leads_to_the_page_that_was_left() {
    let mut session = Session::demo();
    session.keys("/ type:ActiveCooling enter v 3 e esc");
    assert_eq!(shown(&session.app), Shown::Overview);
    session.sees("[3 Compare]").keys("esc");
    assert_eq!(shown(&session.app), Shown::Home);
}
