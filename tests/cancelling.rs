//! Whenever an answer is cancelled: what is asked afterwards is answered as if nothing had been.

use std::sync::Arc;
use std::sync::mpsc;
use std::thread;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use segtui::backend::{BackendError, Cancel, Evaluation, Progress, Task};
use segtui::local::Engine;
use segtui::segment::Segment;

use crate::conformance::{cases, folder, open, workspace};
use crate::slow::Slow;
use crate::slow::engine_against_slow::{random_databases, runner};
use crate::slow::strategy::AS_OF;

/// Asks, and cancels after so many turns of another thread.
fn cancelled_after<T: Send>(turns: u32, ask: impl FnOnce(&Cancel) -> T + Send) -> T {
    let cancel = Cancel::default();
    let (begin, begun) = mpsc::channel();
    thread::scope(|scope| {
        let asked = scope.spawn({
            let cancel = cancel.clone();
            move || {
                begin.send(()).unwrap();
                ask(&cancel)
            }
        });
        begun.recv().unwrap();
        for turn in 0..turns {
            std::hint::black_box(turn);
            std::hint::spin_loop();
        }
        cancel.cancel();
        asked.join().unwrap()
    })
}

fn numbers(of: &Evaluation) -> impl PartialEq + std::fmt::Debug {
    (of.insights, of.all, of.waterfall.clone(), of.files.clone(), of.problems.clone())
}

/// How long the random moments are: from at once to after the end.
fn turns() -> impl Strategy<Value = u32> {
    (0..22_u32, 0..64_u32).prop_map(|(size, part)| (1 << size) / 64 * part)
}

#[test]
fn on_the_conformance_database() {
    let cases: Vec<_> = cases().into_iter().filter(|case| case.db.is_none()).collect();
    let folder = folder(None, "parquet");
    let never = Engine::new(open(&folder)).with_workspace_files(workspace());
    let database = open(&folder);
    let new = || Engine::new(Arc::clone(&database)).with_workspace_files(workspace());
    let mut often = new();
    let (mut given_up, mut answered) = (0, 0);
    let steps = (0..cases.len(), turns(), prop::bool::weighted(0.3));
    let mut runner = runner(1);
    for _ in 0..600 {
        let (at, turns, is_new) = steps.new_tree(&mut runner).unwrap().current();
        let case = &cases[at];
        // A new engine has all still to read; an old one has been interrupted many times.
        if is_new {
            often = new();
        }
        match cancelled_after(turns, |cancel| often.evaluate(&case.segment, case.as_of, cancel)) {
            Err(BackendError::Cancelled) => given_up += 1,
            _ => answered += 1,
        }
        let [a, b] =
            [&often, &never].map(|engine| engine.evaluate(&case.segment, case.as_of, &Cancel::default()));
        match (&a, &b) {
            (Ok(a), Ok(b)) => assert_eq!(numbers(a), numbers(b), "{}", case.name),
            _ => assert_eq!(a, b, "{}", case.name),
        }
    }
    assert!(given_up > 20 && answered > 20, "{given_up} were cancelled and {answered} were not");
}

#[test]
fn on_random_databases() {
    let databases = (random_databases(3), prop::collection::vec(turns(), 3));
    runner(150)
        .run(&databases, |((database, known, segments), turns)| {
            let slow = Slow::new(&database, "id", AS_OF()).with_lists(Arc::new(known.clone()));
            let engine = Engine::new(database).with_lists(Arc::new(known));
            for (segment, turns) in segments.iter().zip(turns) {
                let _ = cancelled_after(turns, |cancel| engine.evaluate(segment, AS_OF(), cancel));
                let members = engine.members(segment, AS_OF(), &Cancel::default()).unwrap();
                prop_assert_eq!(members, slow.members(segment));
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn while_it_is_read_ahead() {
    let database = open(&folder(None, "parquet"));
    let everybody = Segment::new("seg_1", "", "amperity_id");
    let day = AS_OF();
    let plain = Engine::new(Arc::clone(&database));
    let wanted = plain.evaluate(&everybody, day, &Cancel::default()).unwrap();
    for stop_at in 0..8 {
        let engine = Engine::new(Arc::clone(&database));
        let cancel = Cancel::default();
        let steps = std::sync::Mutex::new(Vec::new());
        let progress = |step: Progress<'_>| {
            let mut steps = steps.lock().unwrap();
            steps.push((step.table.to_owned(), step.percent()));
            if steps.len() > stop_at {
                cancel.cancel();
            }
        };
        // Others ask in the middle of it.
        let (read, answer) = thread::scope(|scope| {
            let asked = scope.spawn(|| engine.evaluate(&everybody, day, &Cancel::default()));
            (
                engine.read_ahead("amperity_id", day, Task { cancel: &cancel, progress: &progress }),
                asked.join().unwrap(),
            )
        });
        let steps = steps.into_inner().unwrap();
        assert_eq!(read, if steps.len() > stop_at { Err(BackendError::Cancelled) } else { Ok(()) });
        assert!(steps.iter().is_sorted_by_key(|(_, percent)| *percent), "{steps:?}");
        assert_eq!(numbers(&answer.unwrap()), numbers(&wanted));
        let again = engine.evaluate(&everybody, day, &Cancel::default()).unwrap();
        assert_eq!(numbers(&again), numbers(&wanted));
    }
}
