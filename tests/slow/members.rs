//! Members as a table: the engine and plain loops over the rows must agree on every window and every whole.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use segtui::backend::{
    Backend, BackendError, Cancel, ColumnValues, CustomerWindow, ListCustomers, MemberColumn, Members,
    ReadRows, RowPick, SortBy, Task, TextRow, WindowStart, WrongConditions,
};
use segtui::local::Engine;
use segtui::local::files::LocalDatabase;
use segtui::segment::{DataType, Number, Segment};

use super::engine_against_slow::{random_databases, runner};
use super::strategy::{AS_OF, Words, segment, targets};
use super::{Cell, Slow};
use crate::conformance::{folder, open, workspace};

/// What is asked, with places for what there is to choose from.
#[derive(Clone, Debug)]
struct Asked {
    columns: Vec<(Index, usize, Index)>,
    sort: Option<(Index, bool)>,
    search: Option<&'static str>,
    start: Result<usize, &'static str>,
    rows: usize,
}

fn asked() -> impl Strategy<Value = Asked> {
    let texts = vec!["a", "A", "É", "1", "-", "0", "TRUE", "2024-0", ":00", ".5", "nobody", "", " ", "İ"];
    let ids = vec!["", "1", "01", "a", "A", "b", "é", "m", "zz", "c_01", "c_1"];
    (
        prop::collection::vec((any::<Index>(), 0..6_usize, any::<Index>()), 0..4),
        prop::option::weighted(0.7, (any::<Index>(), any::<bool>())),
        prop::option::weighted(0.4, select(texts)),
        prop_oneof![(0..12_usize).prop_map(Ok), select(ids).prop_map(Err)],
        0..9_usize,
    )
        .prop_map(|(columns, sort, search, start, rows)| Asked { columns, sort, search, start, rows })
}

impl Asked {
    /// The columns, as far as there are tables; each with another title.
    fn columns(&self, slow: &Slow) -> Vec<MemberColumn> {
        let targets = targets(slow);
        let mut columns = Vec::new();
        for (target, pick, date) in self.columns.iter().filter(|_| !targets.is_empty()) {
            let target = &targets[target.index(targets.len())];
            let types = slow.tables[target.table()].columns().iter();
            let dates: Vec<String> = types
                .filter(|(_, of)| matches!(of, DataType::Date | DataType::Datetime))
                .map(|(name, _)| name.clone())
                .collect();
            let date = (!dates.is_empty()).then(|| dates[date.index(dates.len())].clone());
            let pick = match pick {
                0 => RowPick::Only,
                1 => RowPick::First(None),
                2 => RowPick::Latest(None),
                3 => RowPick::First(date),
                4 => RowPick::Latest(date),
                _ => RowPick::Count,
            };
            let title = format!("{} {}", columns.len(), target.column());
            let (table, column) = (target.table().to_owned(), target.column().to_owned());
            columns.push(MemberColumn { table, column, title, pick });
        }
        columns
    }

    fn sort(&self, columns: usize) -> Option<SortBy> {
        let (column, is_descending) = self.sort?;
        Some(SortBy { column: column.index(columns + 1), is_descending })
    }

    fn start(&self) -> WindowStart {
        match self.start {
            Ok(row) => WindowStart::Row(row),
            Err(id) => WindowStart::Id(id.to_owned()),
        }
    }
}

/// A value to compare by, and its text.
type Shown = (Cell, Option<String>);

/// What loops find.
struct Expected {
    members: usize,
    /// The id and the columns of each, in order.
    rows: Vec<Vec<Shown>>,
    /// The first row of a member that differs from the one that was to be the only one.
    differs: bool,
}

impl Expected {
    fn new(
        slow: &Slow,
        segment: &Segment,
        columns: &[MemberColumn],
        texts: &[Vec<TextRow>],
        asked: &Asked,
    ) -> Self {
        let members = slow.members(segment);
        let mut rows: Vec<Vec<Shown>> = Vec::new();
        for id in &members {
            let mut row = vec![(Cell::Text(id.clone()), Some(id.clone()))];
            row.extend(columns.iter().zip(texts).map(|(column, texts)| shown(slow, id, column, texts)));
            rows.push(row);
        }
        let differs = columns.iter().filter(|column| column.pick == RowPick::Only).any(|column| {
            let table = &slow.tables[&column.table];
            let cells = |id: &String| -> Vec<&Cell> {
                rows_of(slow, &column.table, id).map(|row| table.cell(row, &column.column)).collect()
            };
            members.iter().any(|id| cells(id).windows(2).any(|pair| pair[0] != pair[1]))
        });
        if let Some(text) = asked.search {
            let text = text.to_lowercase();
            let has =
                |(_, shown): &Shown| shown.as_ref().is_some_and(|shown| shown.to_lowercase().contains(&text));
            rows.retain(|row| row.iter().any(has));
        }
        if let Some(SortBy { column, is_descending }) = asked.sort(columns.len()) {
            rows.sort_by(|a, b| order(&a[column].0, &b[column].0, is_descending));
        }
        Self { members: members.len(), rows, differs }
    }

    fn window(&self, columns: &[MemberColumn], asked: &Asked) -> CustomerWindow {
        let last = self.rows.len().saturating_sub(asked.rows.max(1));
        let id = |row: &[Shown]| row[0].1.clone().unwrap();
        let (first, is_found) = match asked.start() {
            WindowStart::Row(row) => (if row < self.rows.len() { row } else { last }, false),
            WindowStart::Id(wanted) => {
                let next = self.rows.iter().map(|row| id(row)).filter(|id| *id >= wanted).min();
                let first = self.rows.iter().position(|row| Some(id(row)) == next);
                (first.unwrap_or(last), next == Some(wanted))
            }
        };
        let texts = |row: &Vec<Shown>| row.iter().map(|(_, text)| text.clone()).collect();
        CustomerWindow {
            as_of: AS_OF(),
            titles: std::iter::once("id")
                .chain(columns.iter().map(|column| column.title.as_str()))
                .map(str::to_owned)
                .collect(),
            first,
            rows: self.rows.iter().skip(first).take(asked.rows).map(texts).collect(),
            is_found,
            members: self.members,
            matches: self.rows.len(),
        }
    }
}

fn rows_of<'a>(slow: &'a Slow, table: &str, id: &'a String) -> impl Iterator<Item = usize> + use<'a> {
    let rows = &slow.tables[table];
    (0..rows.len()).filter(move |row| rows.ids[*row].as_ref() == Some(id))
}

fn shown(slow: &Slow, id: &String, column: &MemberColumn, texts: &[TextRow]) -> Shown {
    let table = &slow.tables[&column.table];
    let rows: Vec<usize> = rows_of(slow, &column.table, id).collect();
    let date = |row: usize, date: &str| match table.cell(row, date) {
        Cell::Null => None,
        Cell::Day(day) => Some(day.and_hms_opt(0, 0, 0).unwrap()),
        Cell::Time(time) => Some(*time),
        other => panic!("{other:?}"),
    };
    let row = match &column.pick {
        RowPick::Count => {
            return (Cell::Whole(rows.len() as i64), Some(rows.len().to_string()));
        }
        RowPick::Only | RowPick::First(None) => rows.first().copied(),
        RowPick::Latest(None) => rows.last().copied(),
        RowPick::First(Some(by)) => {
            rows.iter().copied().min_by_key(|row| (date(*row, by).is_none(), date(*row, by), *row))
        }
        RowPick::Latest(Some(by)) => rows.iter().copied().max_by_key(|row| (date(*row, by), *row)),
    };
    let Some(row) = row else { return (Cell::Null, None) };
    // The engine has one zero.
    let text = texts[row][0].clone().map(|text| if text == "-0" { "0".to_owned() } else { text });
    (table.cell(row, &column.column).clone(), text)
}

/// NULL last; what is the same stays as it is, by id.
fn order(a: &Cell, b: &Cell, is_descending: bool) -> Ordering {
    let values = match (a, b) {
        (Cell::Null, Cell::Null) => return Ordering::Equal,
        (Cell::Null, _) => return Ordering::Greater,
        (_, Cell::Null) => return Ordering::Less,
        (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
        (Cell::Whole(a), Cell::Whole(b)) => a.cmp(b),
        (Cell::Decimal(a), Cell::Decimal(b)) => a.partial_cmp(b).unwrap(),
        (Cell::Flag(a), Cell::Flag(b)) => a.cmp(b),
        (Cell::Day(a), Cell::Day(b)) => a.cmp(b),
        (Cell::Time(a), Cell::Time(b)) => a.cmp(b),
        other => panic!("{other:?}"),
    };
    if is_descending { values.reverse() } else { values }
}

fn texts(values: &ColumnValues) -> Vec<Option<String>> {
    fn each<T: Copy>(values: &[Option<T>], text: impl Fn(T) -> String) -> Vec<Option<String>> {
        values.iter().map(|value| value.map(&text)).collect()
    }
    match values {
        ColumnValues::String(values) => values.clone(),
        ColumnValues::Integer(values) => each(values, |value| value.to_string()),
        ColumnValues::Decimal(values) => each(values, |value| match value {
            f64::INFINITY => "Infinity".to_owned(),
            f64::NEG_INFINITY => "-Infinity".to_owned(),
            value => value.to_string(),
        }),
        ColumnValues::Exact { parts, decimals } => {
            each(parts, |parts| Number::text_of_parts(parts, *decimals))
        }
        ColumnValues::Boolean(values) => each(values, |value| value.to_string()),
        ColumnValues::Date(values) => each(values, |days| {
            let epoch = NaiveDate::default();
            let distance = Days::new(u64::from(days.unsigned_abs()));
            (if days < 0 { epoch - distance } else { epoch + distance }).to_string()
        }),
        ColumnValues::Datetime(values) => each(values, |micros| {
            DateTime::from_timestamp_micros(micros).unwrap().format("%Y-%m-%d %H:%M:%S%.6f").to_string()
        }),
    }
}

fn agree(engine: &Engine, slow: &Slow, segment: &Segment, asked: &Asked) -> Result<(), TestCaseError> {
    let columns = asked.columns(slow);
    let (cancel, segment) = (Cancel::default(), Arc::new(segment.clone()));
    let task = || Task::new(&cancel);
    let rows = |column: &MemberColumn| {
        let (table, columns) = (column.table.clone(), vec![column.column.clone()]);
        Backend::read_rows(engine, &ReadRows { table, columns, as_of: AS_OF() }, task()).unwrap()
    };
    let all_texts: Vec<Vec<TextRow>> = columns.iter().map(rows).collect();
    let expected = Expected::new(slow, &segment, &columns, &all_texts, asked);
    let question = ListCustomers {
        segment: Arc::clone(&segment),
        columns: columns.clone(),
        sort: asked.sort(columns.len()),
        search: asked.search.map(str::to_owned),
        start: asked.start(),
        rows: asked.rows,
        as_of: AS_OF(),
        wrong: WrongConditions::Refuse,
    };
    let mut window = expected.window(&columns, asked);
    window.titles[0] = segment.activation_id.clone();
    // The second time from what is kept.
    for _ in 0..2 {
        let found = Backend::list_customers(engine, &question, task());
        prop_assert_eq!(found, Ok(window.clone()));
    }
    let ListCustomers { segment, columns, sort, search, as_of, .. } = question;
    let members = Members { segment, as_of, columns, sort, search };
    match Backend::members(engine, &members, task()) {
        Ok(table) => {
            prop_assert!(!expected.differs);
            prop_assert_eq!(table.rows, expected.rows.len());
            for (at, column) in table.columns.iter().enumerate() {
                let expected: Vec<_> = expected.rows.iter().map(|row| row[at].1.clone()).collect();
                prop_assert_eq!((&column.name, texts(&column.values)), (&window.titles[at], expected));
            }
        }
        Err(BackendError::Data(error)) => {
            prop_assert!(expected.differs && error.message.contains("several rows"), "{}", error);
        }
        Err(error) => prop_assert!(false, "{error}"),
    }
    Ok(())
}

#[test]
fn on_random_databases() {
    let questions = prop::collection::vec(asked(), 4);
    runner(100)
        .run(&(random_databases(2), questions), |((database, known, segments), questions)| {
            let slow = Slow::new(&database, "id", AS_OF()).with_lists(Arc::new(known.clone()));
            let engine = || Engine::new(Arc::clone(&database)).with_lists(Arc::new(known.clone()));
            for engine in [engine(), engine().with_chunk_rows(8), engine().with_chunk_rows(2).with_budget(1)]
            {
                for segment in &segments {
                    questions.iter().try_for_each(|asked| agree(&engine, &slow, segment, asked))?;
                }
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn on_the_conformance_database() {
    for format in ["parquet", "csv"] {
        // With the list as a table, too; of several chunks, which hold other values each.
        let engine =
            Engine::new(open(&folder(None, format))).with_workspace_files(workspace()).with_chunk_rows(16);
        let database: Arc<LocalDatabase> = engine.database_with_workspace(AS_OF());
        let slow = Slow::new(&database, "amperity_id", AS_OF()).with_lists(crate::conformance::lists());
        let words = Words {
            targets: targets(&slow),
            items: engine.database().roles.items.clone(),
            lists: Vec::new(),
        };
        runner(60)
            .run(&(segment(&words), prop::collection::vec(asked(), 4)), |(mut segment, questions)| {
                segment.activation_id = "amperity_id".to_owned();
                questions.iter().try_for_each(|asked| agree(&engine, &slow, &segment, asked))
            })
            .unwrap();
    }
}

#[test]
fn on_a_saved_query() {
    let place = tempfile::tempdir().unwrap();
    let text = "SELECT amperity_id, COUNT(*) AS number, MAX(order_datetime) AS last_at \
                FROM Unified_Itemized_Transactions GROUP BY amperity_id";
    crate::flows::harness::put(&place.path().join("queries/each.sql"), text);
    let files = Arc::new(segtui::workspace::Workspace::new(place.path(), true));
    let engine = Engine::new(open(&folder(None, "parquet"))).with_workspace_files(files);
    let database = engine.database_with_rows(["queries/each"], AS_OF(), &Cancel::default()).unwrap();
    let slow = Slow::new(&database, "amperity_id", AS_OF());
    let words =
        Words { targets: targets(&slow), items: engine.database().roles.items.clone(), lists: Vec::new() };
    runner(60)
        .run(&(segment(&words), prop::collection::vec(asked(), 4)), |(mut segment, questions)| {
            segment.activation_id = "amperity_id".to_owned();
            questions.iter().try_for_each(|asked| agree(&engine, &slow, &segment, asked))
        })
        .unwrap();
}

#[test]
fn what_is_not_there_is_said() {
    let engine = Engine::new(open(&folder(None, "parquet")));
    let segment = Arc::new(Segment::new("seg_all", "All", "amperity_id"));
    let ask = |table: &str, column: &str, pick: RowPick, sort: usize| {
        let columns = vec![MemberColumn {
            table: table.to_owned(),
            column: column.to_owned(),
            title: column.to_owned(),
            pick,
        }];
        let sort = Some(SortBy { column: sort, is_descending: false });
        let members = Members { segment: Arc::clone(&segment), as_of: AS_OF(), columns, sort, search: None };
        match Backend::members(&engine, &members, Task::new(&Cancel::default())) {
            Err(BackendError::Missing(error)) => error.message,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(ask("Nobody", "city", RowPick::Only, 0), "there is no table \"Nobody\"");
    let message = ask("Customer_360", "nothing", RowPick::Only, 0);
    assert_eq!(message, "table \"Customer_360\" has no column \"nothing\"");
    let message = ask("Customer_360", "city", RowPick::Latest(Some("city".to_owned())), 0);
    assert_eq!(message, "column \"city\" of table \"Customer_360\" has no dates");
    assert_eq!(ask("Customer_360", "city", RowPick::Only, 2), "there is no column 2 to sort by");
}
