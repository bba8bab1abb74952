//! The two programs that fault databases are opened with: the library, and the command as scripts start it.

use std::cell::RefCell;
use std::fs;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use chrono::NaiveDate;
use regex::Regex;
use segtui::backend::{Backend, BackendError, Cancel, ColumnValues, CountTable, MemberColumn, Members, Task};
use segtui::database::{Note, Table};
use segtui::local::Engine;
use segtui::local::files;
use segtui::segment::{Keyword, Segment};
use serde_json::{Value, json};

use crate::command_line::Machine;

/// The day of all questions.
const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2025, 6, 30).unwrap();

/// A hang is one however slow the machine is that others use too.
const PATIENCE: Duration = Duration::from_secs(60);

/// What answers about one database, in the shape of the commands with `--json`.
pub trait Program {
    /// Its tables, or `{"error": {"message", "help"}}`.
    fn tables(&self) -> Value;
    /// An answer for each segment.
    fn count(&self, segments: &[String]) -> Vec<Value>;
    /// The members, with a column as `TABLE.COLUMN`.
    fn members(&self, segment: &str, column: Option<&str>) -> Vec<Value>;
    /// What must never be, and was.
    fn problems(&self) -> Vec<String>;
    /// What was printed beside the answers.
    fn aside(&self) -> String;
}

/// Opened by the library, without a cache; one engine answers everything.
pub struct Library {
    engine: Result<Engine, Value>,
    problems: RefCell<Vec<String>>,
}

impl Library {
    pub fn open(folder: &Path) -> Self {
        let problems = RefCell::default();
        let failed = |error: files::OpenFilesError| json!({"error": {"message": error.to_string()}});
        let open = || files::open(folder, &|_| {});
        let engine = match caught("opening", &problems, open) {
            None => Err(failed(files::OpenFilesError::Cancelled)),
            Some(Err(error)) => Err(json!({"error": {"message": error.to_string(), "help": error.help}})),
            Some(Ok(database)) => Ok(Engine::new(database.into())),
        };
        Self { engine, problems }
    }

    fn ask(
        &self,
        what: &str,
        ask: impl FnOnce(&Engine) -> Result<Vec<Value>, BackendError>,
    ) -> Result<Vec<Value>, Value> {
        let engine = self.engine.as_ref().map_err(Value::clone)?;
        let answer = caught(what, &self.problems, || ask(engine));
        let answer = answer.unwrap_or(Err(BackendError::Cancelled));
        answer.map_err(|error| {
            let help = match &error {
                BackendError::Refused(problem) => problem.diagnostic.help.clone(),
                BackendError::Missing(diagnostic) | BackendError::Data(diagnostic) => diagnostic.help.clone(),
                _ => None,
            };
            json!({"error": {"message": error.to_string(), "help": help}})
        })
    }
}

/// A panic is a problem, whatever it is about.
fn caught<T>(what: &str, problems: &RefCell<Vec<String>>, work: impl FnOnce() -> T) -> Option<T> {
    let outcome = catch_unwind(AssertUnwindSafe(work));
    if outcome.is_err() {
        problems.borrow_mut().push(format!("{what} panics"));
    }
    outcome.ok()
}

impl Program for Library {
    fn tables(&self) -> Value {
        let answer = self.ask("tables", |engine| {
            let database = Backend::database(engine);
            let tables: Vec<Value> = database.tables.iter().map(|table| described(engine, table)).collect();
            let (id, notes) = (&database.default_id, notes(&database.notes));
            Ok(vec![json!({"activation_id": id, "notes": notes, "tables": tables})])
        });
        answer.map_or_else(|error| error, |mut answer| answer.remove(0))
    }

    fn count(&self, segments: &[String]) -> Vec<Value> {
        let count = |segment: &String| {
            let segment = Segment::from_json(segment).unwrap();
            let answer = self.ask("count", |engine| {
                let numbers = engine.evaluate_strictly(&segment, AS_OF, &Cancel::default())?;
                Ok(vec![json!({"unique_customers": numbers.insights.unique_customers})])
            });
            answer.map_or_else(|error| error, |mut answer| answer.remove(0))
        };
        segments.iter().map(count).collect()
    }

    fn members(&self, segment: &str, column: Option<&str>) -> Vec<Value> {
        let segment = Segment::from_json(segment).unwrap().into();
        let columns = column.into_iter().map(|text| {
            let (table, column) = text.split_once('.').unwrap();
            MemberColumn {
                table: table.to_owned(),
                column: column.to_owned(),
                title: column.to_owned(),
                pick: segtui::backend::RowPick::Only,
            }
        });
        let question =
            Members { segment, as_of: AS_OF, columns: columns.collect(), sort: None, search: None };
        let answer = self.ask("members", |engine| {
            let members = Backend::members(engine, &question, Task::new(&Cancel::default()))?;
            let row = |at: usize| {
                let values = members.columns.iter().map(|column| value(&column.values, at)).enumerate();
                Value::Object(values.map(|(at, value)| (at.to_string(), value)).collect())
            };
            Ok((0..members.rows).map(row).collect())
        });
        answer.unwrap_or_else(|error| vec![error])
    }

    fn problems(&self) -> Vec<String> {
        self.problems.borrow().clone()
    }

    fn aside(&self) -> String {
        String::new()
    }
}

fn described(engine: &Engine, table: &Table) -> Value {
    let id = Backend::database(engine).default_id.clone();
    let question = CountTable { table: table.name.clone(), activation_id: id.clone(), as_of: AS_OF };
    let count = || Backend::count_table(engine, &question, Task::new(&Cancel::default()));
    let counts = table.id_column(&id).map(|_| count());
    let error = match (&table.content, &counts) {
        (Err(error), _) => Some(format!("{error}; {}", error.help_text())),
        (_, Some(Err(error))) => Some(error.to_string()),
        _ => None,
    };
    let counts = counts.and_then(Result::ok);
    let doubt = counts.and_then(|_| {
        Backend::unmatched_ids(engine, &question, Task::new(&Cancel::default())).unwrap_or_default()
    });
    let notes = notes(&[&table.notes[..], doubt.as_slice()].concat());
    let column =
        |column: &segtui::database::Column| json!({"name": column.name, "type": column.data_type.id()});
    json!({
        "name": table.name, "rows": table.content.as_ref().ok().and_then(|content| content.rows),
        "customers": counts.map(|counts| counts.customers),
        "orphan_rows": counts.map(|counts| counts.orphan_rows),
        "error": error, "notes": notes,
        "columns": table.columns().map(column).collect::<Vec<Value>>(),
    })
}

fn notes(notes: &[Note]) -> Vec<Value> {
    let note = |note: &Note| json!({"column": note.place, "message": note.message, "help": note.help});
    notes.iter().map(note).collect()
}

fn value(values: &ColumnValues, at: usize) -> Value {
    match values {
        ColumnValues::String(values) => json!(values[at]),
        ColumnValues::Integer(values) => json!(values[at]),
        ColumnValues::Decimal(values) => json!(values[at]),
        ColumnValues::Exact { parts, decimals } => json!(parts[at].map(|parts| {
            let digits = format!("{parts}e-{decimals}");
            serde_json::from_str::<Value>(&digits).unwrap()
        })),
        ColumnValues::Boolean(values) => json!(values[at]),
        ColumnValues::Date(values) => {
            json!(values[at].map(|day| NaiveDate::from_epoch_days(day).unwrap().to_string()))
        }
        ColumnValues::Datetime(values) => {
            let text =
                |at| chrono::DateTime::from_timestamp_micros(at).unwrap().format("%Y-%m-%dT%H:%M:%S%.fZ");
            json!(values[at].map(|at| text(at).to_string()))
        }
    }
}

/// The real binary on a person's machine, a process for each question.
pub struct Cli {
    machine: Machine,
    folder: PathBuf,
    /// Of each of its outputs.
    most_bytes: u64,
    problems: RefCell<Vec<String>>,
    aside: RefCell<String>,
}

impl Cli {
    pub fn new(folder: &Path, most_bytes: u64) -> Self {
        let (problems, aside) = Default::default();
        Self { machine: Machine::new(), folder: folder.to_owned(), most_bytes, problems, aside }
    }

    /// The objects that it prints.
    fn run(&self, arguments: &[&str]) -> Vec<Value> {
        let mut command = self.machine.command(arguments);
        let workspace = self.machine.home().join("workspace");
        command.arg("--data").arg(&self.folder).arg("--workspace").arg(workspace);
        command.args(["--as-of", &AS_OF.to_string(), "--json"]);
        let what = arguments.first().copied().unwrap_or_default();
        let problem = |text: String| self.problems.borrow_mut().push(format!("{what}: {text}"));
        let Some((code, out, err)) = outputs(&mut command) else {
            problem("still at work".to_owned());
            return Vec::new();
        };
        let panics = Regex::new(
            "(?i)panicked at|RUST_BACKTRACE|stack backtrace|memory allocation of|internal error|Result::unwrap\
             |Option::unwrap|core dumped",
        );
        let panics = panics.unwrap();
        if !matches!(code, Some(0 | 1)) {
            problem(format!("ends with {code:?}"));
        }
        for text in [&out, &err] {
            if let Some(found) = panics.find(text) {
                problem(format!("{:?} reaches the person", found.as_str()));
            }
            if text.len() as u64 > self.most_bytes {
                problem(format!("{} bytes of output", text.len()));
            }
        }
        self.aside.borrow_mut().push_str(&err);
        let lines: Result<Vec<Value>, _> = out.lines().map(serde_json::from_str).collect();
        lines.unwrap_or_else(|_| {
            problem(format!("no JSON: {}", out.chars().take(200).collect::<String>()));
            Vec::new()
        })
    }
}

/// Code, output and error output; `None` of what does not end.
fn outputs(command: &mut Command) -> Option<(Option<i32>, String, String)> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let (sender, ended) = mpsc::channel();
    let errors = thread::spawn(move || read(&mut err));
    thread::spawn(move || {
        let _ = sender.send((read(&mut out), errors.join().unwrap()));
    });
    let texts = ended.recv_timeout(PATIENCE).ok();
    if texts.is_none() {
        child.kill().unwrap();
    }
    let code = child.wait().unwrap().code();
    texts.map(|(out, err)| (code, out, err))
}

fn read(from: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Program for Cli {
    fn tables(&self) -> Value {
        match <[Value; 1]>::try_from(self.run(&["tables"])) {
            Ok([answer]) => answer,
            Err(answers) => json!({"error": {"message": format!("{} answers", answers.len())}}),
        }
    }

    fn count(&self, segments: &[String]) -> Vec<Value> {
        let files = segments.iter().enumerate().map(|(at, segment)| {
            let path = self.machine.home().join(format!("{at}.segment.json"));
            fs::write(&path, segment).unwrap();
            path.to_str().unwrap().to_owned()
        });
        let files: Vec<String> = files.collect();
        let arguments = std::iter::once("count").chain(files.iter().map(String::as_str));
        self.run(&arguments.collect::<Vec<_>>())
    }

    fn members(&self, segment: &str, column: Option<&str>) -> Vec<Value> {
        let file = self.machine.file("members.segment.json", segment);
        let columns = column.into_iter().flat_map(|column| ["--columns", column]);
        self.run(&["members", &file].into_iter().chain(columns).collect::<Vec<_>>())
    }

    fn problems(&self) -> Vec<String> {
        self.problems.borrow().clone()
    }

    fn aside(&self) -> String {
        self.aside.borrow().clone()
    }
}
