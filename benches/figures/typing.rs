//! From a key to its picture where there is much: tables, columns, conditions, values. What is typed is the same each
//! time; nothing is read from files while it is.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use criterion::{BatchSize, Criterion};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use segtui::app::effect::Effect;
use segtui::app::event::Event;
use segtui::app::keymap::Key;
use segtui::app::{App, Start};
use segtui::database::{Column, Content, Database, Origin, Roles, Table};
use segtui::segment::{DataType, Segment};
use segtui::ui;
use segtui::ui::theme::Theme;
use segtui::workspace::Workspace;
use serde_json::{Value, json};

/// The program, with a picture of it, and no services.
#[derive(Clone)]
struct Screen {
    app: App,
    terminal: Terminal<TestBackend>,
}

impl Screen {
    /// With this database open and this segment, if there is one.
    fn new(database: Arc<Database>, segment: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        if let Some(segment) = segment {
            let path = folder.path().join("segments/given.segment.json");
            std::fs::create_dir(path.parent().unwrap()).unwrap();
            std::fs::write(path, segment).unwrap();
        }
        let (app, _) = App::start(Start {
            databases: vec![database.folder.clone()],
            as_of: None,
            today: NaiveDate::default(),
            size: (120, 36),
            seed: 0,
            read_only: false,
            case: None,
            folder: PathBuf::from("/"),
            home: None,
            draft_folder: None,
            cards: Default::default(),
            theme: Default::default(),
            keymap: Arc::default(),
            used: Default::default(),
        });
        let mut screen = Self { app, terminal: Terminal::new(TestBackend::new(120, 36)).unwrap() };
        let listing = Workspace::new(folder.path(), true).list().unwrap();
        screen.app.update(Event::Listed(Ok(Arc::new(listing))));
        screen.app.update(Event::Opened { folder: database.folder.clone(), result: Ok(database) });
        if let Some(segment) = segment {
            screen.open(segment);
        }
        screen
    }

    /// Opens the only segment, which reads so.
    fn open(&mut self, segment: &str) {
        for effect in self.press("g enter") {
            if let Effect::Load { id, reason, .. } = effect {
                let result = Ok(Arc::new(Segment::from_json(segment).unwrap()));
                self.app.update(Event::Loaded { id, reason, result });
            }
        }
        assert!(self.app.editor().is_some());
        self.draw();
    }

    fn press(&mut self, keys: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for key in keys.split_whitespace() {
            effects.extend(self.app.update(Event::Key(Key::parse(key).unwrap().event())));
            self.draw();
        }
        effects
    }

    fn draw(&mut self) {
        self.terminal.draw(|frame| ui::draw(&self.app, &Theme::default(), frame)).unwrap();
    }
}

/// Tables with as many columns, no two of which have one name.
fn database(tables: usize, columns: usize) -> Arc<Database> {
    let column = |table: usize, column: usize| {
        let types = [DataType::Integer, DataType::String, DataType::Date, DataType::Decimal];
        Column {
            name: format!("c{column:03}_t{table:03}"),
            label: format!("C{column:03} T{table:03}"),
            data_type: types[column % types.len()],
        }
    };
    let id =
        || Column { name: "customer_id".into(), label: "Customer Id".into(), data_type: DataType::String };
    let table = |table: usize| {
        let columns = std::iter::once(id()).chain((1..columns).map(|number| column(table, number)));
        Table {
            name: format!("table_{table:03}"),
            label: format!("table {table:03}"),
            hidden: false,
            id_columns: Vec::new(),
            origin: Origin::Database,
            notes: Vec::new(),
            content: Ok(Content { rows: Some(20), columns: columns.collect(), ..Content::default() }),
        }
    };
    let database = Database {
        folder: PathBuf::from("/wide"),
        name: "wide".to_owned(),
        as_of: NaiveDate::from_ymd_opt(2024, 3, 31),
        currency: "USD".to_owned(),
        default_id: "customer_id".to_owned(),
        ids: Vec::new(),
        tables: (0..tables).map(table).collect(),
        roles: Roles::default(),
        notes: Vec::new(),
    };
    // As the program does before it shows it.
    database.index_names();
    Arc::new(database)
}

fn document(nodes: &[Value]) -> String {
    json!({
        "format": "segtui/segment", "version": 1, "id": "seg_bench", "name": "Lots", "status": "draft",
        "database": "wide", "activation_id": "customer_id", "revision": 1,
        "include": {"match": "all", "of": nodes}, "exclude": {"match": "any", "of": []},
    })
    .to_string()
}

/// What is opened, what is typed into it, and the key that is measured then.
const TYPED: [(&str, &str, &str); 24] = [
    ("opening the line of a condition", "", "i"),
    ("line, 1st letter", "i", "c"),
    ("line, 2nd letter", "i c", "0"),
    ("line, 3rd letter", "i c 0", "1"),
    ("line, taking one back", "i c 0 1 7", "backspace"),
    ("line, what nothing is called", "i q", "q"),
    ("line, a name with a slip", "i c 0 1 7 space t x 1", "7"),
    ("line, a name with a slip, of a sum", "i s u m space o f space c 0 1 7 space t x 1", "7"),
    ("line, a number", "i c 0 0 1 space t 1 7 1 space > space", "5"),
    ("line, a text", "i c 0 1 7 space t 1 7 1 space = space", "x"),
    ("line, a table", "i t a b l e space 1", "5"),
    ("line, a column of a table", "i t a b l e space 0 1 5 : space c 0", "5"),
    ("line, a sum", "i s u m space o f space", "c"),
    ("line, a sum of what nothing is called", "i s u m space o f space", "q"),
    ("opening the picker", "", "a"),
    ("picker, a table", "a t", "1"),
    ("picker, a column of some table", "a c 0", "1"),
    ("picker, what nothing is called", "a q", "q"),
    ("picker, the next table", "a", "down"),
    ("tables, search", "tab tab / c", "0"),
    ("tables, the next line of what was found", "tab tab / c 0 enter", "down"),
    ("tables, the next table", "tab tab", "down"),
    ("palette", ":", "c"),
    ("help", "?", "c"),
];

/// A key at 300 tables of 300 columns.
pub fn wide(criterion: &mut Criterion) {
    let mut screen = Screen::new(database(300, 300), None);
    screen.press("n");
    let mut group = criterion.benchmark_group("a key at 300 x 300 (at most 5 ms)");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(500));
    for (name, before, key) in TYPED {
        let mut ready = screen.clone();
        ready.press(before);
        let setup = || (ready.clone(), key);
        group.bench_function(name, |bench| {
            bench.iter_batched(
                setup,
                |(mut screen, key)| (screen.press(key), screen),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

/// A key in a segment of 2,000 conditions in groups of 100.
pub fn long(criterion: &mut Criterion) {
    let condition = |number: usize| {
        let (column, table) = (1 + number % 29, number % 30);
        json!({
            "attribute": {"table": format!("table_{table:03}"), "column": format!("c{column:03}_t{table:03}")},
            "op": "is_not_null",
        })
    };
    let group_of = |group: usize| {
        let nodes: Vec<Value> = (0..100).map(|number| condition(100 * group + number)).collect();
        json!({"match": "all", "of": nodes})
    };
    let nodes: Vec<Value> = (0..20).map(group_of).collect();
    let screen = Screen::new(database(30, 30), Some(&document(&nodes)));
    let mut group = criterion.benchmark_group("a key at 2,000 conditions (at most 30 ms)");
    group.sample_size(10).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    for (name, before, key) in [
        ("the next condition", "j j", "j"),
        ("the last condition", "j", "end"),
        ("a condition off", "j j j", "space"),
        ("undo", "j j j space", "u"),
        ("opening the line of a condition", "j j", "i"),
        ("a letter of that line", "j j i", "c"),
        ("a condition added", "j j i c 0 0 1 space t 0 0 0 space > space 5", "enter"),
    ] {
        let mut ready = screen.clone();
        ready.press(before);
        let setup = || (ready.clone(), key);
        group.bench_function(name, |bench| {
            bench.iter_batched(
                setup,
                |(mut screen, key)| (screen.press(key), screen),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

/// A segment of 300,000 values, in one condition and in three.
pub fn many_values(criterion: &mut Criterion) {
    let database = database(30, 30);
    let values =
        |count: usize| -> Vec<String> { (0..count).map(|number| format!("value {number}")).collect() };
    let condition = |column: &str, values: Vec<String>| json!({"attribute": {"table": "table_000", "column": column}, "op": "is_in_list", "value": values});
    let mut group = criterion.benchmark_group("a segment of 300,000 values");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    for (conditions, at_most) in [(1, 500), (3, 500)] {
        let nodes: Vec<Value> = (0..conditions)
            .map(|number| condition(&format!("c{:03}_t000", 1 + 4 * number), values(300_000 / conditions)))
            .collect();
        let document = document(&nodes);
        let mut open = Screen::new(Arc::clone(&database), Some(&document));
        group.bench_function(format!("opening, {conditions} conditions (at most {at_most} ms)"), |bench| {
            bench.iter(|| Screen::new(Arc::clone(&database), Some(&document)));
        });
        group.bench_function(format!("a key, {conditions} conditions (at most 16 ms)"), |bench| {
            bench.iter(|| open.press("j k"));
        });
    }
    group.finish();
}
