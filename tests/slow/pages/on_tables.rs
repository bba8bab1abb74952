//! Customers and the data explorer against plain loops.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::Index;
use segtui::backend::{
    Backend, Cancel, ListCustomers, MemberColumn, ProfileTable, RowPick, SampleRows, SortBy, TableProfile,
    Task, WindowStart, WrongConditions,
};
use segtui::database::Table;
use segtui::local::Engine;
use segtui::local::files::LocalDatabase;
use segtui::segment::{DataType, Segment};

use super::Pages;
use super::customers::{plainly, written};
use super::databases::database;
use super::on_databases::{built, random};
use super::orders::is_dated;
use super::profile::{SlowColumn, SlowTable};
use crate::conformance::{folder, open};
use crate::slow::engine_against_slow::runner;
use crate::slow::strategy::AS_OF;
use crate::slow::{Rows, Slow};

/// Which columns, in which order, with which search, and from where on.
type Choice =
    (Vec<(Index, Index, u8)>, Option<(Index, bool)>, Option<&'static str>, Result<Index, &'static str>);

fn choice() -> impl Strategy<Value = Choice> {
    let column = (any::<Index>(), any::<Index>(), 0..6_u8);
    let search = prop::sample::select(vec!["", "A", "é", " ", "1", "2024-02", "9.9", "true", "%"]);
    let start = prop_oneof![
        any::<Index>().prop_map(Ok),
        prop::sample::select(vec!["", "1", "A", "b", "é", "zz"]).prop_map(Err),
    ];
    (
        prop::collection::vec(column, 0..4),
        prop::option::of((any::<Index>(), any::<bool>())),
        prop::option::weighted(0.4, search),
        start,
    )
}

fn question(slow: &Slow, segment: &Segment, choice: &Choice, members: usize) -> ListCustomers {
    let (columns, sort, search, start) = choice;
    let tables: Vec<(&String, &Rows)> = slow.tables.iter().collect();
    let columns: Vec<MemberColumn> = columns
        .iter()
        .map(|(table, column, pick)| {
            let (table, rows) = tables[table.index(tables.len())];
            let (column, _) = &rows.columns()[column.index(rows.columns().len())];
            let date = rows.columns().iter().find(|(name, _)| is_dated(rows, name));
            let date = date.map(|(name, _)| name.clone());
            let pick = match pick {
                0 => RowPick::Only,
                1 => RowPick::First(None),
                2 => RowPick::First(date),
                3 => RowPick::Latest(None),
                4 => RowPick::Latest(date),
                _ => RowPick::Count,
            };
            MemberColumn { table: table.clone(), column: column.clone(), title: column.clone(), pick }
        })
        .collect();
    let sort = sort.as_ref().map(|(column, is_descending)| SortBy {
        column: column.index(columns.len() + 1),
        is_descending: *is_descending,
    });
    ListCustomers {
        segment: Arc::new(segment.clone()),
        columns,
        sort,
        search: search.map(str::to_owned),
        start: match start {
            Ok(row) => WindowStart::Row(row.index(members + 1)),
            Err(id) => WindowStart::Id((*id).to_owned()),
        },
        rows: 5,
        as_of: AS_OF(),
        wrong: WrongConditions::Refuse,
    }
}

#[test]
fn customers_of_random_databases() {
    let choices = prop::collection::vec(choice(), 6);
    runner(150)
        .run(&(random(1), choices), |((database, known, segments), choices)| {
            let slow = Slow::new(&database, "id", AS_OF()).with_lists(Arc::new(known.clone()));
            let pages = Pages::new(&slow, &database);
            let segment = &segments[0];
            let members: BTreeSet<String> = slow.members(segment).into_iter().collect();
            let engine = || Engine::new(Arc::clone(&database)).with_lists(Arc::new(known.clone()));
            for engine in [engine(), engine().with_chunk_rows(8)] {
                for choice in &choices {
                    let question = question(&slow, segment, choice, members.len());
                    let expected = pages.window(&question, &members);
                    let found = engine.list_customers(&question, Task::new(&Cancel::default()));
                    let Some(found) = built(found)? else { return Ok(()) };
                    let rows = expected.rows.iter().map(|(id, cells)| {
                        [Some(id.clone())].into_iter().chain(cells.iter().map(written)).collect()
                    });
                    let asked = (&question.columns, question.sort, &question.search, &question.start);
                    let found_rows = found.rows.into_iter().map(texts_plainly);
                    let found_rows: Vec<Vec<Option<String>>> = found_rows.collect();
                    // Behind the last row the last rows may be shown.
                    if !expected.rows.is_empty() || expected.matches == 0 {
                        prop_assert_eq!(found_rows, rows.collect::<Vec<Vec<_>>>(), "{:?}", asked);
                    }
                    prop_assert_eq!(found.members, expected.members);
                    prop_assert_eq!(found.matches, expected.matches, "{:?}", asked);
                    if !expected.rows.is_empty() {
                        prop_assert_eq!(found.first, expected.first, "{:?}", asked);
                    }
                    if matches!(question.start, WindowStart::Id(_)) {
                        prop_assert_eq!(found.is_found, expected.is_found, "{:?}", asked);
                    }
                }
            }
            Ok(())
        })
        .unwrap();
}

fn texts_plainly(texts: Vec<Option<String>>) -> Vec<Option<String>> {
    texts.into_iter().map(|text| text.map(plainly)).collect()
}

fn profile_of(
    engine: &Engine,
    table: &str,
    id: &str,
    as_of: NaiveDate,
    top: usize,
) -> Result<Option<TableProfile>, TestCaseError> {
    let (table, activation_id) = (table.to_owned(), id.to_owned());
    let question = ProfileTable { table, columns: None, activation_id, as_of, top };
    built(engine.profile_table(&question, Task::new(&Cancel::default())))
}

fn table_agrees(engine: &Engine, pages: &Pages<'_>, table: &Table, id: &str) -> Result<(), TestCaseError> {
    let own_id = table.id_column(id);
    let rows = Rows::read_any(pages.database, table, own_id);
    let Some(found) = profile_of(engine, &table.name, id, AS_OF(), 100_000)? else { return Ok(()) };
    prop_assert_eq!((&found.name, found.columns), (&table.name, rows.columns().len()));
    let expected = pages.table_profile(&rows, own_id.is_some());
    let same = SlowTable {
        rows: found.rows,
        customers: found.customers,
        rows_without_id: found.rows_without_id,
        orphan_rows: found.orphan_rows,
        most_rows: found.most_rows,
        newest_day: found.newest_day,
    };
    prop_assert_eq!(same, expected, "{}", table.name);
    prop_assert_eq!(found.profile.len(), found.columns);
    let few = profile_of(engine, &table.name, id, AS_OF(), 3)?.unwrap();
    for (column, few) in found.profile.into_iter().zip(few.profile) {
        let expected = pages.column_profile(&rows, &column.name, own_id.is_some());
        prop_assert_eq!(&few.top[..], &column.top[..column.top.len().min(3)]);
        let by_rows = |top: &segtui::backend::TopValue| std::cmp::Reverse(top.rows);
        prop_assert!(column.top.is_sorted_by_key(by_rows), "{:?}", column.top);
        prop_assert!(
            column.examples.iter().all(|one| expected.texts.contains(&plainly(one.clone()))),
            "{:?}",
            column.examples
        );
        prop_assert_eq!(column.rows, rows.len() as u64);
        let in_bins: u64 = column.histogram.iter().map(|bin| bin.rows).sum();
        if !matches!(column.data_type, DataType::String | DataType::Boolean) {
            prop_assert_eq!(in_bins, column.non_null, "{:?}", column.histogram);
            prop_assert!(column.histogram.windows(2).all(|bins| bins[0].to == bins[1].from));
            let ends = (column.histogram.first(), column.histogram.last());
            // Those of instants are days.
            let is_of = |end: Option<&String>, of: &Option<String>| match (end, of) {
                (Some(end), Some(of)) => of.starts_with(end.as_str()),
                (end, of) => end.is_none() && of.is_none(),
            };
            prop_assert!(is_of(ends.0.map(|bin| &bin.from), &column.min), "{:?}", ends);
            prop_assert!(is_of(ends.1.map(|bin| &bin.to), &column.max), "{:?}", ends);
        }
        let same = SlowColumn {
            texts: expected.texts.clone(),
            data_type: column.data_type,
            non_null: column.non_null,
            blank: column.blank,
            distinct: column.distinct,
            min: column.min.map(plainly),
            max: column.max.map(plainly),
            mean: column.mean,
            values: column
                .top
                .into_iter()
                .map(|top| (plainly(top.value), (top.rows, top.customers)))
                .collect(),
        };
        prop_assert_eq!(same, expected, "{}.{}", table.name, column.name);
    }
    samples_agree(engine, &rows, &table.name)
}

/// Rows that are there, in their order, the same for the same seed.
fn samples_agree(engine: &Engine, rows: &Rows, table: &str) -> Result<(), TestCaseError> {
    for (seed, count) in [(1, 3), (2, 100)] {
        let question = SampleRows { table: table.to_owned(), rows: count, seed, as_of: AS_OF() };
        let ask = || built(engine.sample_rows(&question, Task::new(&Cancel::default())));
        let Some(found) = ask()? else { return Ok(()) };
        let again = ask()?;
        prop_assert_eq!(Some(&found), again.as_ref());
        prop_assert_eq!(found.rows.len(), count.min(rows.len()));
        prop_assert!(found.rows.is_sorted_by(|(a, _), (b, _)| a < b));
        for (row, texts) in &found.rows {
            let cells = rows.columns().iter().map(|(name, _)| written(rows.cell(*row as usize, name)));
            prop_assert_eq!(texts_plainly(texts.clone()), cells.collect::<Vec<_>>());
        }
    }
    Ok(())
}

fn tables_agree(engine: &Engine, database: &LocalDatabase, id: &str) -> Result<(), TestCaseError> {
    let slow = Slow::new(database, id, AS_OF());
    let pages = Pages::new(&slow, database);
    database.tables.iter().try_for_each(|table| table_agrees(engine, &pages, table, id))
}

#[test]
fn profiles_of_random_databases() {
    runner(100)
        .run(&database(), |database| {
            let engine = || Engine::new(Arc::clone(&database));
            for engine in [engine(), engine().with_chunk_rows(8)] {
                tables_agree(&engine, &database, "id")?;
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn profiles_of_the_conformance_databases() {
    for variant in [None, Some("items-only"), Some("attributes-only"), Some("bare"), Some("no-customers")] {
        for format in ["parquet", "csv"] {
            let folder = folder(variant.map(|variant| format!("variants/{variant}")).as_deref(), format);
            let engine = Engine::new(open(&folder));
            let outcome = tables_agree(&engine, engine.database(), "amperity_id");
            assert!(outcome.is_ok(), "{variant:?} {format}: {outcome:?}");
        }
    }
}

#[test]
fn profiles_of_the_demo() {
    let engine = Engine::new(open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data")));
    for id in ["amperity_id", "email"] {
        tables_agree(&engine, engine.database(), id).unwrap();
    }
}
