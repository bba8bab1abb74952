//! Whatever is pressed, typed, pasted or resized: the program goes on, and no edit is lost.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use segtui::app::Screen;
use segtui::app::action::{ACTIONS, Action};
use segtui::app::event::Event;
use segtui::app::keymap::Key;
use segtui::app::layers::overlay::Overlay;
use segtui::app::layers::pages::PageKind;
use segtui::segment::Segment;

use crate::flows::actions::document;
use crate::flows::harness::{Session, Setup, conformance_folder};

#[derive(Clone, Debug)]
enum Step {
    Do(Action),
    Press(&'static str),
    Type(String),
    Paste(String),
    Resize(u16, u16),
}

fn keys() -> Vec<&'static str> {
    let bindings = ACTIONS.iter().flat_map(|info| info.bindings.iter());
    let mut keys: Vec<&str> = bindings.flat_map(|(_, keys)| keys.split_whitespace()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn step() -> impl Strategy<Value = Step> {
    let texts = prop_oneof![
        Just("socks".to_owned()),
        Just("12".to_owned()),
        Just("-0.5".to_owned()),
        Just("3 months ago".to_owned()),
        Just("2024-02-30".to_owned()),
        Just("city".to_owned()),
        Just("has purchased".to_owned()),
        Just("é語🍎\u{301}".to_owned()),
        "[ -~]{0,6}",
    ];
    let pastes = prop_oneof![Just("a\nb\nb".to_owned()), Just("1\t2\u{1b}[2J".to_owned()), "\\PC{0,8}"];
    let sides = prop_oneof![1u16..12, 12u16..130];
    prop_oneof![
        6 => prop::sample::select(ACTIONS.iter().map(|info| info.action).collect::<Vec<_>>()).prop_map(Step::Do),
        8 => prop::sample::select(keys()).prop_map(Step::Press),
        // What leads to edits, so that most steps are not spent in one list.
        6 => prop::sample::select(vec!["a", "enter", "enter", "enter", "esc", "space", "&", "y", "d", "X", ">", "A", "j", "j", "2"]).prop_map(Step::Press),
        // What leads to the pages and the data explorer.
        2 => prop::sample::select(vec!["v", "v", "2", "3", "4", "1", "tab", "P", "f2", "e"]).prop_map(Step::Press),
        2 => texts.prop_map(Step::Type),
        1 => pastes.prop_map(Step::Paste),
        1 => (sides.clone(), sides).prop_map(|(columns, lines)| Step::Resize(columns, lines)),
    ]
}

fn take(session: &mut Session, step: &Step) {
    match step {
        Step::Do(action) => session.act(*action),
        Step::Press(key) => session.event(Event::Key(Key::parse(key).unwrap().event())),
        Step::Type(text) => {
            for letter in text.chars() {
                session.event(Event::Key(crossterm::event::KeyCode::Char(letter).into()));
            }
        }
        Step::Paste(text) => session.event(Event::Paste(text.clone())),
        Step::Resize(columns, lines) => drop(session.resize(*columns, *lines)),
    }
}

fn round_trips(segment: &Segment) {
    assert_eq!(&Segment::from_json(&segment.to_json()).unwrap(), segment);
}

/// Steps that stay on the page of the customers, most of them.
fn customer_step() -> impl Strategy<Value = Step> {
    let keys = vec![
        "j", "j", "k", "l", "l", "h", "g", "G", "0", "$", "pagedown", "pageup", "s", "f", "d", "H", "L", "y",
        "Y", "c", "/", "i", "a", "x", "enter", "enter", "esc", "space", "tab", "down", "right", "ctrl-u",
        "ctrl-a", "4",
    ];
    let texts = prop::sample::select(vec!["a", "smi", "9", "order", "é語", "rows"]).prop_map(str::to_owned);
    prop_oneof![
        10 => prop::sample::select(keys).prop_map(Step::Press),
        1 => texts.prop_map(Step::Type),
        1 => (1u16..130, 1u16..60).prop_map(|(columns, lines)| Step::Resize(columns, lines)),
        1 => step(),
    ]
}

#[test]
fn anything_goes_among_customers() {
    let run = |steps: Vec<Step>| {
        let mut session = Session::editing(&document());
        session.keys("v 4");
        for step in &steps {
            if session.app.has_ended() {
                break;
            }
            take(&mut session, step);
            session.screen();
            let Screen::Page(_, pages) = session.app.screen() else { continue };
            let page = &pages.customers;
            // All is answered at once here: the cursor is always on a row that is there, and its value is known.
            if pages.shown == Some(PageKind::Customers) && page.rows.is_current() {
                let window = page.rows.window().unwrap();
                assert!(page.row < window.matches.max(1) && page.column <= page.columns.list().len());
                assert_eq!(page.value().is_some(), window.matches > 0);
            }
        }
        Ok(())
    };
    runner(60).run(&prop::collection::vec(customer_step(), 100..200), run).unwrap();
}

/// The same cases on every machine.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]))
}

#[test]
fn anything_goes_and_nothing_breaks() {
    let databases = vec![
        conformance_folder(),
        crate::conformance::folder(Some("variants/items-only"), "parquet"),
        "no/such/folder".into(),
    ];
    let (visited, has_explored) = (RefCell::new(HashSet::new()), Cell::new(false));
    let run = |steps: Vec<Step>| {
        let setup = Setup { databases: databases.clone(), ..Setup::small() };
        let mut session = Session::editing_with(&document(), setup);
        for step in &steps {
            if session.app.has_ended() {
                break;
            }
            take(&mut session, step);
            session.screen();
            if let Screen::Page(_, pages) = session.app.screen() {
                visited.borrow_mut().extend(pages.shown);
            }
            has_explored.set(has_explored.get() || matches!(session.overlay(), Some(Overlay::Explorer(_))));
            if let Some(editor) = session.app.editor() {
                round_trips(editor.segment());
            }
        }
        Ok(())
    };
    runner(100).run(&prop::collection::vec(step(), 200..300), run).unwrap();
    assert_eq!(visited.borrow().len(), PageKind::ALL.len(), "all pages are visited");
    assert!(has_explored.get(), "and the data explorer");
}

#[test]
fn all_edits_are_undone_done_again_and_saved() {
    let run = |steps: Vec<Step>| {
        let mut session = Session::editing(&document());
        let given = session.segment().clone();
        for step in &steps {
            let leaves = matches!(
                step,
                Step::Do(
                    Action::Quit
                        | Action::New
                        | Action::NewSql
                        | Action::Open
                        | Action::Segments
                        | Action::Drafts
                        | Action::Save
                        | Action::Rename
                )
            );
            if !leaves {
                take(&mut session, step);
            }
            let is_same = session.app.editor().is_some_and(|editor| {
                editor.segment().id == given.id && editor.base_revision() == given.revision
            });
            if session.app.has_ended() || !is_same {
                // It was left, and saved or thrown away; that has tests of its own.
                return Ok(());
            }
        }
        session.app.close_overlays();
        session.keys("2");
        let last = session.segment().clone();
        let mut undone = 0;
        while session.editor().can_undo() {
            undone += 1;
            session.act(Action::Undo);
            round_trips(session.segment());
        }
        assert_eq!(session.segment(), &given);
        // What was undone before stays so.
        for _ in 0..undone {
            session.act(Action::Redo);
        }
        assert_eq!(session.segment(), &last);
        if last != given {
            session.act(Action::Save);
            let saved = session.saved("Given").unwrap().0;
            assert_eq!(saved.definition, last.definition);
            assert_eq!(session.segment(), &saved);
        }
        Ok(())
    };
    let edits = prop::sample::select(vec![
        "j", "j", "k", "y", "d", "X", ">", "<", "J", "K", "&", "space", "A", "u", "U", "e", "o", "a",
        "enter", "enter", "esc",
    ]);
    let steps = prop_oneof![4 => edits.prop_map(Step::Press), 1 => step()];
    runner(100).run(&prop::collection::vec(steps, 60..120), run).unwrap();
}
