//! What there is to say of tables: which are damaged, have no activation ID, or open with notes.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use segtui::app::effect::Effect;
use segtui::app::layers::editor::state::Pane;
use segtui::app::layers::notes::NoteLine;
use segtui::app::layers::overlay::Overlay;
use segtui::backend::{Backend, ReadTask};
use segtui::database::{Column, Content, Database, Note, Origin, Roles, Table, TableError};
use segtui::diagnostic::{Diagnostic, FileLine};
use segtui::runtime::open::{OpenBackend, OpenError};
use segtui::segment::DataType;
use segtui::workspace::Workspace;

use super::fake_backend::Fake;
use super::harness::{Session, Setup, put};

const DECIMAL: &str = "[tables.visits]\ncsv = { decimal = \",\" }";
const DAY_FIRST: &str = "[tables.visits]\ncsv = { date = \"%d/%m/%Y\" }";
const MONTH_FIRST: &str = "[tables.visits]\ncsv = { date = \"%m/%d/%Y\" }";
const SKIP: &str = "[tables.orders]\ncsv = { bad_lines = \"skip\" }";

/// A database with a damaged table, one without the activation ID, and one with notes.
struct Shop;

/// What no database is opened of.
struct Refusing;

fn table(name: &str, columns: &[&str], notes: Vec<Note>) -> Table {
    let column =
        |name: &&str| Column { name: (*name).to_owned(), label: shown(name), data_type: DataType::String };
    let columns: Vec<Column> = columns.iter().map(column).collect();
    Table {
        name: name.to_owned(),
        label: name.to_owned(),
        hidden: false,
        id_columns: Vec::new(),
        origin: Origin::Database,
        notes,
        content: Ok(Content { rows: Some(1_200), columns: columns.into(), ..Content::default() }),
    }
}

fn shown(name: &str) -> String {
    name.replace('_', " ")
}

fn note(column: Option<&str>, message: &str, help: &str) -> Note {
    Diagnostic::new(message).with_help(help).at(column.map(str::to_owned))
}

impl OpenBackend for Shop {
    fn open(&self, folder: &Path, _: ReadTask<'_>) -> Result<Arc<dyn Backend>, OpenError> {
        let error: TableError = Diagnostic::new("2 records have other than 4 fields; the first has 5")
            .with_help(SKIP)
            .at(FileLine { file: "orders/part-2.csv".into(), line: Some(17) });
        let orders = Table { content: Err(error), ..table("orders", &[], Vec::new()) };
        let either = format!("{DAY_FIRST}\nor\n{MONTH_FIRST}");
        let notes = vec![
            note(
                Some("total"),
                "its values look like numbers with a decimal comma, such as \"12,50\"",
                DECIMAL,
            ),
            note(Some("seen on"), "its values look like days, such as \"01/02/2024\"", &either),
            note(None, "the separator is ;", ""),
        ];
        let tables = vec![
            orders,
            table("stores", &["store_id", "city", "grid"], Vec::new()),
            table("visits", &["id", "total", "seen on", ""], notes),
        ];
        Ok(Arc::new(Fake(Arc::new(Database {
            folder: folder.to_owned(),
            name: "shop".to_owned(),
            as_of: chrono::NaiveDate::from_ymd_opt(2025, 12, 31),
            currency: "USD".to_owned(),
            default_id: "id".to_owned(),
            ids: Vec::new(),
            tables,
            roles: Roles::default(),
            notes: vec![
                note(None, "report.xlsx is an Excel workbook, which is not read", "save its sheets as .csv"),
                note(None, "readme.json is JSON, which is not read", ""),
            ],
        }))))
    }
}

impl OpenBackend for Refusing {
    fn open(&self, folder: &Path, _: ReadTask<'_>) -> Result<Arc<dyn Backend>, OpenError> {
        let help = "say which column it is:\n[tables.orders]\nid = { customer_id = \"user_id\" }";
        let error = Diagnostic::new("no column is surely the activation ID").with_help(help);
        let file = folder.join("database.toml").file_name().unwrap().into();
        Err(OpenError::Failed(error.at(FileLine { file, line: None })))
    }
}

/// That database, with an empty workspace.
pub fn session() -> Session {
    let opener = |_: &Workspace| Arc::new(Shop) as Arc<dyn OpenBackend>;
    Setup { opener, ..Setup::small() }.start()
}

/// A database that does not open.
pub fn refused() -> Session {
    let opener = |_: &Workspace| Arc::new(Refusing) as Arc<dyn OpenBackend>;
    Setup { opener, ..Setup::small() }.start()
}

fn copied(session: &Session) -> Option<&str> {
    session.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    })
}

fn lines(session: &Session) -> &[NoteLine] {
    let Some(Overlay::Notes(notes)) = session.overlay() else { panic!("{:?}", session.overlay()) };
    &notes.lines
}

#[test]
fn three_kinds_of_trouble_look_different() {
    let mut session = session();
    session.keys("n 1").sees("◦ 2 notes on this folder");
    let screen = session.screen();
    let line = |table: &str| screen.lines().find(|line| line.contains(table)).unwrap().to_owned();
    assert!(line("orders").contains("✗ orders") && line("orders").contains("damaged"));
    assert!(line("stores").contains("– stores") && line("stores").contains("no id"));
    assert!(line("visits").contains("▸ visits") && line("visits").contains("◦ 1.2K"));
    // The text shows where the cursor is.
    session.sees("report.xlsx is an Excel");
    session.keys("j").sees("2 records have other than 4").sees("line 17").sees_no("report.xlsx");
    session.keys("j").sees("Enter shows it whole").sees_no("line 17");
    session.keys("j").sees("total: its values look like").sees_no("Enter shows");
}

#[test]
fn enter_opens_a_damaged_table_and_copies_its_line() {
    let mut session = session();
    session.keys("n 1 j enter").sees("orders/part-2.csv, line 17").sees("Enter copy").sees("Esc back");
    let place = NoteLine::Place("orders/part-2.csv, line 17".to_owned());
    assert!(lines(&session).contains(&place) && lines(&session).contains(&NoteLine::Paste(SKIP.to_owned())));
    assert_eq!(copied(&session), None);
    session.keys("enter").sees("copied");
    assert_eq!(copied(&session), Some(format!("{SKIP}\n").as_str()));
    session.keys("esc");
    assert!(session.overlay().is_none() && session.editor().pane == Pane::Tables);
}

#[test]
fn of_a_table_without_the_id_the_columns_that_may_be_it_are_offered() {
    let mut session = session();
    session.keys("n 1 j j enter").sees("it has no column \"id\"");
    session.keys("y");
    assert_eq!(copied(&session), Some("[tables.stores]\nid = { id = \"store_id\" }\n"));
    session.keys("j j y");
    assert_eq!(copied(&session), Some("[tables.stores]\nid = { id = \"grid\" }\n"));
}

#[test]
fn notes_of_a_usable_table_stand_in_it() {
    let mut session = session();
    session.keys("n 1 j j j enter").sees("▾ visits").sees("◦ 3 notes");
    // A column without a name can be seen.
    session.sees("abc \"\"");
    session.keys("j enter").sees("with a decimal comma").sees("the separator is ;");
    session.keys("enter");
    assert_eq!(copied(&session), Some(format!("{DECIMAL}\n").as_str()));
    // From what is said the cursor goes on to either way out.
    session.keys("down enter");
    assert_eq!(copied(&session), Some(format!("{DAY_FIRST}\n").as_str()));
    session.keys("down down down enter");
    assert_eq!(copied(&session), Some(format!("{MONTH_FIRST}\n").as_str()));
    // Of the last there is nothing to copy.
    let before = session.effects.len();
    session.keys("G enter").sees("there are no lines to copy here");
    assert_eq!(session.effects.len(), before);
    // Searching shows attributes only.
    session.keys("esc / type:total").sees("total").sees_no("3 notes").sees_no("on this folder");
}

#[test]
fn notes_of_the_folder_stand_at_the_top() {
    let mut session = session();
    session.keys("n 1 enter").sees("readme.json is JSON").sees("save its sheets as .csv");
    assert_eq!(lines(&session).len(), 3);
}

#[test]
fn a_sql_segment_can_look_at_notes_and_name_tables_without_the_id() {
    let mut session = session();
    session.keys("N esc 1 j enter").sees("orders/part-2.csv, line 17").keys("esc j enter");
    assert!(session.overlay().is_none() && session.editor().sql().unwrap().text().contains("stores"));
}

#[test]
fn a_database_that_does_not_open_says_so_in_every_pane() {
    let mut session = refused();
    session.sees("no column is surely the").sees("id = { customer_id = \"user_id\" }");
    session.keys("n 2").sees_no("…  ").sees("no database");
    for (columns, lines) in [(120, 36), (80, 24), (40, 12)] {
        session.resize(columns, lines);
        session.keys("1").sees("no column is surely").keys("3").sees("no column is surely");
        session.sees("✗ no database");
    }
}

#[test]
fn a_line_that_was_pasted_takes_its_note_away() {
    let folder = tempfile::tempdir().unwrap();
    put(&folder.path().join("visits.csv"), "customer_id,seen\n1,31/12/2024\n2,13/02/2024\n3,05/02/2024\n");
    let mut session = Setup { databases: vec![folder.path().to_owned()], ..Setup::small() }.start();
    session.keys("n 1 enter j").sees("◦ 1 note").keys("enter enter");
    let text = copied(&session).unwrap().to_owned();
    fs::write(folder.path().join("database.toml"), text).unwrap();
    session.keys("esc r").sees_no("◦ 1 note").sees("day Seen");
}

#[test]
fn ids_that_nobody_has_are_a_note_once_they_are_read() {
    use segtui::app::event::Event;
    let mut session = session();
    session.keys("n 1 j j j").sees("total: its values look like");
    let database = session.app.database().unwrap().folder.clone();
    let unmatched = |notes: &[&str]| Event::ReadAheadDone {
        database: database.clone(),
        unmatched: notes.iter().map(|text| ("visits".to_owned(), note(None, text, ""))).collect(),
    };
    session.event(unmatched(&["none of its ids is a customer's"]));
    session.keys("enter").sees("4 notes").keys("j enter").sees("none of its ids");
    // Of another ID nothing may be wrong.
    session.keys("esc").event(unmatched(&[]));
    session.sees("3 notes");
}
