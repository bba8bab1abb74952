//! A person's own keys, several keys that mean something together, and how help and palette show them.

use segtui::app::action::Action;
use segtui::app::effect::Effect;
use segtui::app::event::Event;
use segtui::app::keymap;

use super::actions::document;
use super::harness::{Session, Setup};

fn session_with(keys: &str) -> Session {
    let (keymap, errors) = keymap::read(keys);
    assert!(errors.is_empty(), "{errors:?}");
    Session::editing_with(&document(), Setup { keymap: keymap.into(), ..Setup::small() })
}

/// The bottom line.
fn bottom(session: &Session) -> String {
    session.screen().lines().last().unwrap_or_default().to_owned()
}

#[test]
fn an_action_has_the_keys_that_the_file_gives_it_and_no_others() {
    let mut session = session_with("[criteria]\nadd = \"z\"\ntoggle_off = { add = \"t\" }\n");
    assert!(
        bottom(&session).contains(" z add") && !bottom(&session).contains(" a add"),
        "{}",
        bottom(&session)
    );
    session.keys("a");
    assert_eq!(session.app.overlays().len(), 0);
    session.keys("z");
    assert_eq!(session.app.overlays().len(), 1);
    session.keys("esc ?").sees("Add a condition after this line");
    let screen = session.screen();
    let line = screen.lines().find(|line| line.contains("Add a condition after this line")).unwrap();
    assert!(line.contains("  z ┃"), "{line}");
}

#[test]
fn of_several_keys_the_bottom_line_says_what_may_follow() {
    let mut session =
        session_with("[criteria]\ntop = \"g g\"\nbottom = \"g e\"\n[editor]\nsave_as = \"g s\"\n");
    session.keys("g g");
    let first = session.screen();
    session.keys("j j g");
    for said in [" g …", "g To the first line", "e To the last line", "s save as", "Esc leave"] {
        assert!(bottom(&session).contains(said), "{said}: {}", bottom(&session));
    }
    session.keys("g");
    assert_eq!(session.screen(), first, "the cursor is at the first line again");
    session.keys("g esc").sees("? help");
    session.keys("g z").sees("g z is no key here");
    session.keys("g s").sees("Save as");
}

#[test]
fn keys_that_were_begun_are_left_when_something_else_lies_on_top() {
    let mut session = session_with("[criteria]\ntop = \"g g\"\n");
    session.keys("j g");
    session.act(Action::Help);
    // It is typed into the search of help.
    session.keys("g").sees("/ g");
    session.keys("esc g");
    session.event(Event::Paste("x".to_owned()));
    assert!(!bottom(&session).contains('…'), "{}", bottom(&session));
}

#[test]
fn help_has_what_one_does_here_before_how_one_moves() {
    let mut session = Session::editing_with(&document(), Setup { size: (120, 200), ..Setup::small() });
    session.keys("?");
    let screen = session.screen();
    let line_of =
        |said: &str| screen.lines().position(|line| line.contains(said)).unwrap_or_else(|| panic!("{said}"));
    assert!(line_of("Add a condition after this line") < line_of("Save under another name"));
    assert!(line_of("Save under another name") < line_of("One line up"));
    assert!(line_of("One line up") < line_of("Break this seg"));
    session.keys("type:qqqq").sees("nothing matches \"qqqq\"");
}

#[test]
fn the_palette_has_what_was_used_last_first_in_the_next_run_too() {
    let mut session = Session::editing_with(&document(), Setup::small());
    session.keys(": type:\"every notice\" enter esc");
    assert!(session.effects.iter().any(|effect| matches!(effect, Effect::KeepActionUse(_))));
    let first = |session: &Session| {
        let screen = session.screen();
        screen.lines().skip_while(|line| !line.contains("┃ /")).nth(1).unwrap_or_default().to_owned()
    };
    session.keys(":");
    assert!(first(&session).contains("Show every notice"), "{}", session.screen());
    session.keys("type:\"another day\" enter esc");
    let mut session = session.crash();
    session.keys(":");
    assert!(first(&session).contains("Evaluate as of another day"), "{}", session.screen());
    session.keys("down").keys("esc");
}

#[test]
fn control_c_and_control_z_mean_one_thing_everywhere() {
    for keys in ["", "i type:ci", "a", "/ type:x", "?"] {
        let mut session = Session::editing_with(&document(), Setup::small());
        session.keys(keys).keys("ctrl-z");
        assert_eq!(session.effects.last(), Some(&Effect::Suspend), "{keys}");
        session.keys("ctrl-c");
        assert!(session.app.has_ended(), "{keys}");
    }
    let mut session = Session::editing_with(&document(), Setup::small());
    session.keys("j j space i ctrl-c").sees("has unsaved edits");
    session.keys("ctrl-c").sees("answer this first");
    session.keys("esc").sees("Type a condition");
}

#[test]
fn the_bottom_line_says_what_can_be_done_with_the_line() {
    let mut session = Session::editing_with(&document(), Setup::small());
    session.keys("g");
    let has = |session: &Session, said: &str| bottom(session).contains(said);
    // The side, a group, a condition, the line on which things are added.
    assert!(
        has(&session, " & AND/OR  a add  i type  A section") && !has(&session, "e edit"),
        "{}",
        bottom(&session)
    );
    session.keys("j");
    assert!(
        has(&session, " & AND/OR  Space on/off  a add") && !has(&session, "e edit"),
        "{}",
        bottom(&session)
    );
    session.keys("j");
    assert!(has(&session, " e edit  o operator  Space on/off  a add"), "{}", bottom(&session));
    session.keys("G");
    assert!(has(&session, " a add  i type  A section"), "{}", bottom(&session));
    for said in ["e edit", "o operator", "Space", "x exclude"] {
        assert!(!has(&session, said), "{said}: {}", bottom(&session));
    }
}

#[test]
fn a_notice_of_what_is_under_way_goes_when_it_is_done() {
    let session = Session::editing_with(&document(), Setup::small());
    assert!(
        bottom(&session).contains("? help") && !bottom(&session).contains("opening"),
        "{}",
        bottom(&session)
    );
    session.app.messages().all().iter().find(|message| message.text == "opening Given").expect("it is kept");
}
