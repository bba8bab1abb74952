//! Who joins and leaves by each change: the changes applied one by one, and everybody looked at after each.

use std::sync::Arc;

use proptest::prelude::*;
use segtui::backend::{Backend, Cancel, CompareSteps, JoinedAndLeft, Step, Task, WrongConditions};
use segtui::database::DatabaseView;
use segtui::local::Engine;
use segtui::segment::{Segment, diff};
use serde_json::json;

use super::Slow;
use super::engine_against_slow::runner;
use super::strategy::{AS_OF, Words, database, segment, targets};
use crate::conformance::{folder, open, workspace};

/// Everybody is looked at by herself: the last change after which she is not what she was before it counts.
fn one_by_one(slow: &Slow, steps: &[Arc<Segment>]) -> Vec<JoinedAndLeft> {
    let members: Vec<Vec<String>> = steps.iter().map(|step| slow.members(step)).collect();
    let mut by = vec![JoinedAndLeft::default(); steps.len() - 1];
    for id in &slow.universe {
        let is_in = |at: usize| members[at].contains(id);
        if is_in(0) == is_in(steps.len() - 1) {
            continue;
        }
        let last = (1..steps.len()).rev().find(|at| is_in(*at) != is_in(at - 1)).unwrap();
        match is_in(steps.len() - 1) {
            true => by[last - 1].joined += 1,
            false => by[last - 1].left += 1,
        }
    }
    by
}

fn agree(engine: &Engine, slow: &Slow, a: Segment, b: Segment) -> Result<(), TestCaseError> {
    let (a, b) = (Arc::new(a), Arc::new(b));
    let view = DatabaseView { database: engine.database(), activation_id: &a.activation_id };
    let steps = diff(&a, &b, &view).steps;
    let expected = one_by_one(slow, &steps);
    let steps: Vec<Step> = steps.into_iter().map(|segment| Step { segment, as_of: AS_OF() }).collect();
    let question = CompareSteps { steps, wrong: WrongConditions::Refuse };
    let cancel = Cancel::default();
    let found = engine.compare_steps(&question, Task::new(&cancel));
    let found = found.map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(&found.by, &expected);
    let sum = |of: fn(&JoinedAndLeft) -> u64| expected.iter().map(of).sum::<u64>();
    prop_assert_eq!(found.all, JoinedAndLeft { joined: sum(|by| by.joined), left: sum(|by| by.left) });
    let [was, is] = [&a, &b].map(|segment| slow.members(segment));
    prop_assert_eq!(found.all.joined as usize, is.iter().filter(|id| !was.contains(id)).count());
    prop_assert_eq!(found.all.left as usize, was.iter().filter(|id| !is.contains(id)).count());
    Ok(())
}

#[test]
fn on_the_conformance_database() {
    let engine = Engine::new(open(&folder(None, "parquet"))).with_workspace_files(workspace());
    let database = engine.database_with_workspace(AS_OF());
    let slow = Slow::new(&database, "amperity_id", AS_OF()).with_lists(crate::conformance::lists());
    let lists = vec![json!({"segment": "seg_loyal"}), json!({"file": "vip.csv"})];
    let items = engine.database().roles.items.clone();
    let words = Words { targets: targets(&slow), items, lists };
    let of_amperity = |segment: Segment| Segment { activation_id: "amperity_id".to_owned(), ..segment };
    runner(200)
        .run(&(segment(&words), segment(&words)), |(a, b)| {
            agree(&engine, &slow, of_amperity(a), of_amperity(b))
        })
        .unwrap();
}

#[test]
fn on_random_databases() {
    let cases = database().prop_flat_map(|database| {
        let slow = Slow::new(&database, "id", AS_OF());
        let items = database.roles.items.clone();
        let words = Words { targets: targets(&slow), items, lists: Vec::new() };
        (Just(Arc::clone(&database)), segment(&words), segment(&words))
    });
    runner(150)
        .run(&cases, |(database, a, b)| {
            let slow = Slow::new(&database, "id", AS_OF());
            agree(&Engine::new(Arc::clone(&database)), &slow, a, b)
        })
        .unwrap();
}
