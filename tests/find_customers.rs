//! Customers found by any text about them, against plain loops.

use std::collections::HashMap;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::Index;
use segtui::backend::{Backend, Cancel, FindCustomers, FoundCustomer, FoundCustomers, Task};
use segtui::database::Origin;
use segtui::local::Engine;
use segtui::local::files::LocalDatabase;
use segtui::segment::DataType;

use crate::conformance::{folder, open, workspace};
use crate::slow::engine_against_slow::runner;
use crate::slow::strategy::{AS_OF, database as random};
use crate::slow::{Rows, Slow};

fn engine() -> Engine {
    let engine = Engine::new(open(&folder(None, "parquet"))).with_workspace_files(workspace());
    engine.with_chunk_rows(16)
}

fn find(engine: &Engine, id: &str, text: &str, limit: usize) -> FoundCustomers {
    let question =
        FindCustomers { text: text.to_owned(), activation_id: id.to_owned(), as_of: AS_OF(), limit };
    engine.find_customers(&question, Task::new(&Cancel::default())).unwrap()
}

/// A value about a customer, and where it stands; her id stands nowhere.
type About = (String, Option<(String, String)>);

/// All texts about each customer, in the order of the database.
fn texts(database: &LocalDatabase, slow: &Slow, id: &str) -> HashMap<String, Vec<About>> {
    let own = slow.universe.iter().map(|customer| (customer.clone(), vec![(customer.clone(), None)]));
    let mut all: HashMap<String, Vec<About>> = own.collect();
    for table in &database.tables {
        let Some(id_column) = table.id_column(id).filter(|_| !matches!(table.origin, Origin::Query(_)))
        else {
            continue;
        };
        let rows: &Rows = &slow.tables[&table.name];
        let mut seen = HashMap::<&str, usize>::new();
        for row_id in rows.ids.iter().flatten().filter(|row_id| all.contains_key(*row_id)) {
            *seen.entry(row_id.as_str()).or_default() += 1;
        }
        let is_customers = database.roles.customers.as_deref() == Some(&table.name);
        if !is_customers && seen.values().any(|count| *count > 1) {
            continue;
        }
        for (column, data_type) in rows.columns() {
            if *data_type != DataType::String || column == id_column {
                continue;
            }
            for (row, row_id) in rows.ids.iter().enumerate() {
                let about = row_id.as_ref().and_then(|row_id| all.get_mut(row_id));
                if let (Some(about), Some(text)) = (about, rows.cell(row, column).text()) {
                    about.push((text, Some((table.name.clone(), column.clone()))));
                }
            }
        }
    }
    all
}

fn digits(text: &str) -> Option<String> {
    let is_phone = text.chars().all(|letter| letter.is_ascii_digit() || "+-(). ".contains(letter));
    is_phone.then(|| text.chars().filter(char::is_ascii_digit).collect())
}

/// 0 the whole value, 1 its beginning, 2 any part.
fn rank(value: &str, text: &str) -> Option<u8> {
    let plain = |value: &str, text: &str| match value {
        _ if value == text => Some(0),
        _ if value.starts_with(text) => Some(1),
        _ => value.contains(text).then_some(2),
    };
    let text = text.trim().to_lowercase();
    let as_text = plain(&value.to_lowercase(), &text);
    let as_phone = match (digits(value), digits(&text)) {
        (Some(value), Some(text)) if text.len() >= 5 => plain(&value, &text),
        _ => None,
    };
    as_text.into_iter().chain(as_phone).min()
}

fn slowly(all: &HashMap<String, Vec<About>>, text: &str, limit: usize) -> FoundCustomers {
    if text.trim().is_empty() {
        return FoundCustomers::default();
    }
    let mut found: Vec<(u8, FoundCustomer)> = Vec::new();
    for (id, about) in all {
        let best = about.iter().filter_map(|(value, at)| Some((rank(value, text)?, value, at)));
        let Some((rank, value, at)) = best.min_by_key(|(rank, ..)| *rank) else { continue };
        let by = at.clone().map(|(table, column)| (table, column, value.clone()));
        found.push((rank, FoundCustomer { id: id.clone(), by }));
    }
    found.sort_by(|(rank, a), (other, b)| rank.cmp(other).then_with(|| a.id.chars().cmp(b.id.chars())));
    let left_out = found.len().saturating_sub(limit) as u64;
    FoundCustomers { customers: found.into_iter().take(limit).map(|(_, found)| found).collect(), left_out }
}

/// A part of a value, in any case of letters, and how many are wanted.
type Choice = (Index, Index, Index, bool, usize);

fn choice() -> impl Strategy<Value = Choice> {
    (any::<Index>(), any::<Index>(), any::<Index>(), any::<bool>(), 0..6_usize)
}

fn part((value, from, to, is_upper, _): &Choice, values: &[String]) -> String {
    let letters: Vec<char> = values[value.index(values.len())].chars().collect();
    let from = from.index(letters.len() + 1);
    let to = from + to.index(letters.len() - from + 1);
    let text: String = letters[from..to].iter().collect();
    if *is_upper { text.to_uppercase() } else { text }
}

fn values(all: &HashMap<String, Vec<About>>) -> Vec<String> {
    let mut values: Vec<String> = all.values().flatten().map(|(value, _)| value.clone()).collect();
    values.sort();
    values
}

#[test]
fn on_the_conformance_database_as_plain_loops_find_them() {
    let engine = engine();
    let database = engine.database_with_workspace(AS_OF());
    let id = "amperity_id";
    let all = texts(&database, &Slow::new(&database, id, AS_OF()), id);
    let values = values(&all);
    for text in ["", "  ", "no such text anywhere", "%", "\"", "@", "A", "1", " a "] {
        assert_eq!(find(&engine, id, text, 5), slowly(&all, text, 5), "{text:?}");
    }
    runner(300)
        .run(&choice(), |choice| {
            let text = part(&choice, &values);
            let expected = slowly(&all, &text, choice.4);
            prop_assert_eq!(find(&engine, id, &text, choice.4), expected, "{:?}", text);
            Ok(())
        })
        .unwrap();
}

#[test]
fn on_random_databases_as_plain_loops_find_them() {
    runner(100)
        .run(&(random(), choice()), |(database, choice)| {
            let all = texts(&database, &Slow::new(&database, "id", AS_OF()), "id");
            let values = values(&all);
            if values.is_empty() {
                return Ok(());
            }
            let text = part(&choice, &values);
            let engine = Engine::new(database).with_chunk_rows(8);
            let expected = slowly(&all, &text, choice.4);
            prop_assert_eq!(find(&engine, "id", &text, choice.4), expected, "{:?}", text);
            Ok(())
        })
        .unwrap();
}

#[test]
fn it_can_be_cancelled() {
    let engine = Arc::new(engine());
    let cancel = Cancel::default();
    cancel.cancel();
    let question = FindCustomers {
        text: "a".to_owned(),
        activation_id: "amperity_id".to_owned(),
        as_of: AS_OF(),
        limit: 1,
    };
    assert!(engine.find_customers(&question, Task::new(&cancel)).is_err());
    assert_eq!(find(&engine, "no_such_id", "a", 5), FoundCustomers::default());
}
