//! Data files that change while their database is open.

use std::fs;
use std::path::Path;
use std::time::Duration;

use segtui::app::action::Action;
use segtui::app::effect::Effect;
use segtui::app::event::Event;
use segtui::app::keymap::Key;
use segtui::app::layers::editor::criteria::Cursor;
use segtui::app::layers::overlay::Overlay;
use segtui::database::{Change, ChangeKind};
use tempfile::TempDir;

use super::harness::{Session, Setup};
use segtui::diagnostic::Diagnostic;

fn write(folder: &TempDir, rows: &str) {
    fs::write(folder.path().join("t.csv"), format!("customer_id,x,y\n{rows}")).unwrap();
}

/// A segment of those with an x, on a database of two customers.
fn open() -> (TempDir, Session) {
    let folder = TempDir::new().unwrap();
    write(&folder, "1,a,1\n2,b,1\n");
    let mut session = Setup { databases: vec![folder.path().to_owned()], ..Setup::small() }.start();
    session.keys("n a type:t enter type:x enter type:\"not null\" enter");
    assert_eq!(session.members(), 2);
    (folder, session)
}

fn change(folder: &Path) -> Change {
    Change { table: Some("t".to_owned()), file: folder.join("t.csv"), kind: ChangeKind::Changed }
}

fn times_opened_again(session: &Session) -> usize {
    session.effects.iter().filter(|effect| matches!(effect, Effect::ReopenDatabase { .. })).count()
}

#[test]
fn a_file_that_changes_is_read_again_and_the_edits_stay() {
    let (folder, mut session) = open();
    session.keys("a type:t enter type:y enter type:\"not null\" enter k");
    let before = (session.segment().clone(), session.editor().criteria.cursor.clone());
    assert!(matches!(before.1, Cursor::Node(_)));
    write(&folder, "1,a,1\n2,b,1\n3,c,1\n4,,1\n");
    // Looking at it again is enough to notice.
    session.event(Event::FocusGained);
    session.sees("t.csv changed; the database was read again");
    assert_eq!(session.members(), 3);
    assert_eq!((session.segment().clone(), session.editor().criteria.cursor.clone()), before);
    assert_eq!(times_opened_again(&session), 1);
    // So is an edit, which is the one that is counted.
    write(&folder, "1,,1\n2,b,1\n");
    session.keys("d");
    assert_eq!((session.shape().as_str(), session.members()), ("ALL(ALL(y)) - ANY()", 2));
    session.keys("u");
    assert_eq!((session.shape().as_str(), session.members()), ("ALL(ALL(x y)) - ANY()", 1));
    session.keys("u");
    assert_eq!(session.shape(), "ALL(ALL(x)) - ANY()");
}

#[test]
fn numbers_are_being_worked_out_until_they_are_of_the_new_file() {
    let (folder, mut session) = open();
    let database = folder.path().to_owned();
    let event = Event::FileChanged { database, change: change(folder.path()), at: Duration::from_secs(9) };
    let effects = session.app.update(event.clone());
    let again = Effect::ReopenDatabase { folder: folder.path().to_owned(), wait: Duration::ZERO };
    assert_eq!(effects, [again]);
    assert!(!session.editor().is_current());
    session.sees("counting …");
    // Whatever else finds out about it meanwhile changes nothing.
    assert_eq!(session.app.update(event), []);
    let edits = session.app.act(Action::ToggleMatch);
    assert!(edits.iter().all(|effect| !matches!(effect, Effect::ReopenDatabase { .. })));
    assert!(!session.editor().is_current());
}

#[test]
fn what_is_added_to_the_folder_is_read_too() {
    let (folder, mut session) = open();
    fs::write(folder.path().join("u.csv"), "customer_id,z\n1,1\n").unwrap();
    session.event(Event::FocusGained);
    session.sees("u.csv was added; the database was read again");
    session.keys("a type:u enter type:z enter type:\"not null\" enter");
    assert_eq!(session.members(), 1);
    fs::write(folder.path().join("database.toml"), "nmae = \"Shop\"\n").unwrap();
    session.keys("r").sees("database.toml was added, and the database cannot be read again");
    assert!(session.app.messages().all().iter().any(|message| message.text.contains("unknown field `nmae`")
        && message.text.contains("(database.toml, line 1)")));
    fs::write(folder.path().join("database.toml"), "name = \"Shop\"\n").unwrap();
    session.keys("r").sees("the database was read again").sees("Shop");
    assert_eq!((session.members(), session.shape().as_str()), (1, "ALL(ALL(x z)) - ANY()"));
    fs::remove_file(folder.path().join("database.toml")).unwrap();
    session.keys("r").sees("database.toml was removed; the database was read again");
}

#[test]
fn a_file_that_changes_all_the_time_is_read_once_a_second() {
    let (folder, mut session) = open();
    for number in 3..8 {
        write(&folder, &format!("1,a,1\n2,b,1\n{number},c,1\n"));
        session.keys("r");
        assert_eq!(session.members(), 3);
    }
    let waits: Vec<Duration> = session.effects.iter().filter_map(wait).collect();
    let second = Duration::from_secs(1);
    assert_eq!(waits, [Duration::ZERO, second, second, second, second]);
    session.clock += Duration::from_millis(400);
    write(&folder, "1,a,1\n");
    session.keys("r");
    assert_eq!(session.effects.iter().filter_map(wait).next_back(), Some(Duration::from_millis(600)));
    session.clock += 2 * second;
    write(&folder, "1,a,1\n2,b,1\n");
    session.keys("r");
    assert_eq!(session.effects.iter().filter_map(wait).next_back(), Some(Duration::ZERO));
}

fn wait(effect: &Effect) -> Option<Duration> {
    match effect {
        Effect::ReopenDatabase { wait, .. } => Some(*wait),
        _ => None,
    }
}

#[test]
fn a_database_that_cannot_be_read_again_says_so_and_is_tried_again() {
    let (folder, mut session) = open();
    let whole = fs::read(folder.path().join("t.csv")).unwrap();
    fs::remove_file(folder.path().join("t.csv")).unwrap();
    session.event(Event::FocusGained);
    session.sees("t.csv was removed, and the database cannot be read again").sees("no numbers");
    assert!(!session.editor().is_current());
    session.keys("r").sees("✗ no numbers");
    // An edit is kept, and tries it too.
    session.keys("space").sees("✗ no numbers");
    fs::write(folder.path().join("t.csv"), &whole).unwrap();
    session.keys("r").sees("t.csv was removed; the database was read again");
    assert_eq!((session.shape().as_str(), session.members()), ("ALL(ALL(!x)) - ANY()", 2));
    for again in ["D enter", "esc k r"] {
        fs::remove_file(folder.path().join("t.csv")).unwrap();
        session.keys("r").sees("✗ no numbers");
        fs::write(folder.path().join("t.csv"), &whole).unwrap();
        session.keys(again);
        session.event(Event::FocusGained);
        if session.app.editor().is_some() {
            assert_eq!(session.members(), 2, "{again}");
        }
    }
}

#[test]
fn what_is_open_over_the_editor_is_asked_for_again() {
    let (folder, mut session) = open();
    session.keys("a type:t enter type:x enter type:exactly enter").sees("by count").sees_no(" c ");
    write(&folder, "1,a,1\n2,b,1\n3,c,1\n");
    session.event(Event::FocusGained);
    session.sees(" c ");
    let Some(Overlay::Values(values)) = session.overlay() else { panic!() };
    assert_eq!(values.counts.as_ref().unwrap().as_ref().unwrap().values.len(), 3);
    // Asked for after the change, and not before.
    while session.overlay().is_some() {
        session.keys("esc");
    }
    write(&folder, "1,a,1\n");
    session.keys("a type:t enter type:x enter type:exactly enter").sees("t.csv changed");
    let Some(Overlay::Values(values)) = session.overlay() else { panic!() };
    assert_eq!(values.counts.as_ref().unwrap().as_ref().unwrap().values.len(), 1);
}

#[test]
fn a_column_that_is_gone_is_a_problem_and_no_question() {
    let (folder, mut session) = open();
    fs::write(folder.path().join("t.csv"), "customer_id,y\n1,1\n2,1\n3,1\n").unwrap();
    session.event(Event::FocusGained);
    assert!(session.app.overlays().is_empty());
    assert_eq!((session.shape().as_str(), session.editor().problems.len()), ("ALL(ALL(x)) - ANY()", 1));
    assert_eq!(session.members(), 3, "left out");
}

#[test]
fn a_segment_stays_one_of_its_database_whatever_that_is_called() {
    let (folder, mut session) = open();
    fs::write(folder.path().join("database.toml"), "name = \"Shop\"\nid = \"customer_id\"\n").unwrap();
    write(&folder, "1,a,1\n");
    session.event(Event::FocusGained);
    assert_eq!((session.segment().database.as_str(), session.members()), ("Shop", 1));
    session.keys("u");
    assert_eq!(session.segment().database, "Shop");
}

#[test]
fn another_database_that_is_asked_for_goes_before() {
    let (folder, mut session) = open();
    let other = super::harness::conformance_folder();
    session.app.add_database(other.clone());
    let changed = |folder: &Path| Event::FileChanged {
        database: folder.to_owned(),
        change: change(folder),
        at: Duration::ZERO,
    };
    // Nothing is performed, so that one is under way when the other comes.
    let ask = |session: &mut Session| {
        for key in ["D", "down", "enter"] {
            session.app.update(Event::Key(Key::parse(key).unwrap().event()));
        }
    };
    ask(&mut session);
    assert_eq!(session.app.update(changed(folder.path())), [], "the other one is on its way");
    assert_eq!(session.app.update(changed(&other)), [], "and is not open");
    // It fails: what has changed is noticed when the numbers are asked for.
    let failure = Diagnostic::new("no");
    let failed = Event::Opened { folder: other, result: Err(failure) };
    let keeps = Effect::KeepOnly(vec![folder.path().to_owned()]);
    assert_eq!(session.app.update(failed.clone()), [keeps]);
    // What is still missing then is asked for once more.
    session.app.act(Action::ToggleOff);
    ask(&mut session);
    assert!(matches!(&session.app.update(failed)[..], [Effect::Evaluate { .. }, Effect::KeepOnly(_)]));
    assert!(matches!(&session.app.update(changed(folder.path()))[..], [Effect::ReopenDatabase { .. }]));
}

#[test]
fn a_database_that_waits_for_an_answer_outlives_a_change_of_the_open_one() {
    let (folder, mut session) = open();
    let other = TempDir::new().unwrap();
    fs::write(other.path().join("t.csv"), "customer_id,y\n1,1\n2,1\n3,1\n").unwrap();
    session.app.add_database(other.path().to_owned());
    session.keys("D down enter").sees("cannot carry these conditions");
    write(&folder, "1,a,1\n");
    session.event(Event::FocusGained);
    assert_eq!((times_opened_again(&session), session.members()), (1, 1));
    session.keys("y");
    assert_eq!(session.app.database().unwrap().folder, other.path());
    assert_eq!(session.members(), 3, "its condition is left out");
}

#[test]
fn another_activation_id_is_read_ahead_and_each_once() {
    let folder = TempDir::new().unwrap();
    let manifest = "id = \"customer_id\"\n[ids.email]\n";
    fs::write(folder.path().join("database.toml"), manifest).unwrap();
    fs::write(folder.path().join("t.csv"), "customer_id,email,x\n1,a@b,1\n2,a@b,1\n").unwrap();
    let mut session = Setup { databases: vec![folder.path().to_owned()], ..Setup::small() }.start();
    let ahead = |session: &Session| -> Vec<String> {
        let ids = session.effects.iter().filter_map(|effect| match effect {
            Effect::ReadAhead { activation_id, as_of, .. } => {
                assert_eq!(*as_of, session.app.as_of());
                Some(activation_id.clone())
            }
            _ => None,
        });
        ids.collect()
    };
    assert_eq!(ahead(&session), ["customer_id"]);
    session.keys("n a type:t enter type:x enter type:\"not null\" enter j k");
    assert_eq!(ahead(&session), ["customer_id"]);
    let step = |session: &Session| Event::ReadingAhead {
        database: session.app.databases()[0].clone(),
        what: "indexing t, 42%".to_owned(),
    };
    session.event(step(&session));
    session.sees("42%").keys("I type:email enter").sees_no("42%");
    assert_eq!(ahead(&session), ["customer_id", "email"]);
    assert_eq!(session.members(), 1);
    let last = |which: fn(&Effect) -> bool| session.effects.iter().rposition(which).unwrap();
    let counted = last(|effect| matches!(effect, Effect::Evaluate { .. }));
    assert!(
        counted < last(|effect| matches!(effect, Effect::ReadAhead { .. })),
        "what is asked for goes first"
    );
    session.keys("space").keys("u");
    assert_eq!(ahead(&session).len(), 2);
    session.keys("u");
    assert_eq!(ahead(&session), ["customer_id", "email", "customer_id"]);
    assert_eq!(session.members(), 2);
}

#[test]
fn how_far_reading_ahead_is_stands_in_the_bottom_line() {
    let (folder, mut session) = open();
    let read_ahead = |effect: &Effect| match effect {
        Effect::ReadAhead { database, .. } => Some(database.clone()),
        _ => None,
    };
    assert_eq!(session.effects.iter().filter_map(read_ahead).collect::<Vec<_>>(), [folder.path()]);
    let step = |database: &Path, what: &str| Event::ReadingAhead {
        database: database.to_owned(),
        what: what.to_owned(),
    };
    session.event(step(folder.path(), "indexing Items, 42%"));
    session.sees("indexing Items, 42% …");
    session.event(Event::ReadAheadDone { database: folder.path().to_owned(), unmatched: Vec::new() });
    session.sees_no("indexing");
    session.event(step("elsewhere".as_ref(), "indexing what is closed"));
    session.sees_no("closed");
    // Opening it once more starts anew.
    session.event(step(folder.path(), "indexing Items, 99%"));
    session.keys("D enter").sees_no("indexing");
    assert_eq!(session.effects.iter().filter_map(read_ahead).count(), 2);
}
