//! The form of an export: the file, and which of the customers' columns are written.

use std::path::{Path, PathBuf, is_separator};
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};

use super::columns::Columns;
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::event::{Event, FolderEntry};
use crate::app::exporting::ExportRequest;
use crate::app::field::Field;
use crate::app::file_path::{parse_pasted, tidy, typed_folder};
use crate::app::fuzzy;
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::number::whole;
use crate::app::view::View;
use crate::backend::{CustomerWindow, ListCustomers, MemberColumn, Members};
use crate::diagnostic::Diagnostic;
use crate::export::{Format, Packing, Shape};

/// The longest name that is proposed, in characters.
const NAME: usize = 60;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The columns, the order and the search that are on the screen.
    Shown,
    /// The ids of all members.
    Ids,
    /// All members with columns of choice.
    Chosen,
}

impl What {
    const ALL: [Self; 3] = [Self::Shown, Self::Ids, Self::Chosen];

    fn step(self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|what| *what == self).unwrap_or(0);
        let next = (at.cast_signed() + by).rem_euclid(Self::ALL.len().cast_signed());
        Self::ALL.get(next.cast_unsigned()).copied().unwrap_or(self)
    }

    /// In a few words.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Shown => "what is shown",
            Self::Ids => "ids alone",
            Self::Chosen => "chosen columns",
        }
    }
}

/// The form of an export.
#[derive(Clone, Debug)]
pub struct Export {
    /// The path of the file, as it is typed.
    pub path: Field,
    /// What is written.
    pub what: What,
    /// Whether keys go to the choice of what is written, and not to the path.
    pub in_what: bool,
    /// The line of the cursor among what is in the folder; `None` while it is in the path.
    pub cursor: Option<usize>,
    /// What is chosen where columns are.
    pub chosen: Vec<MemberColumn>,
    /// What is in the folder that the path is in, once it is read.
    content: Option<Result<Arc<Vec<FolderEntry>>, Diagnostic>>,
    /// That folder.
    folder: PathBuf,
    /// What a path begins at that does not begin at the top.
    from: PathBuf,
    home: Option<PathBuf>,
    /// What is shown, and how many rows it has: all members, and those that the search leaves.
    question: ListCustomers,
    counts: (usize, usize),
    /// Whom they count: one of them, several.
    whom: (String, String),
}

impl Export {
    /// The form, with a name for the file.
    pub(super) fn open(question: ListCustomers, window: &CustomerWindow, cx: &mut Cx<'_>) -> Outcome {
        let from = cx.session.remembered.export_folder.clone().unwrap_or_else(|| cx.session.browsed.clone());
        let home = cx.session.home_folder.clone();
        let whom = cx.view().whom();
        let file = from.join(format!("{}.csv", proposed(&question.segment.name)));
        let mut form = Self {
            path: Field::with(&shown_path(&file, home.as_deref())),
            what: What::Shown,
            in_what: false,
            cursor: None,
            chosen: question.columns.clone(),
            content: None,
            folder: PathBuf::new(),
            from,
            home,
            question,
            counts: (window.members, window.matches),
            whom: (whom.singular, whom.plural),
        };
        form.read_folder(cx);
        Outcome::open(form)
    }

    /// The file that the path means.
    fn file(&self) -> PathBuf {
        typed_folder(self.path.text().trim(), &self.from, self.home.as_deref())
    }

    /// The folder that it is in, and the name so far.
    fn folder_and_name(&self) -> (PathBuf, String) {
        let text = self.path.text();
        let (folder, name) = match text.rfind(is_separator) {
            Some(at) => text.split_at_checked(at.saturating_add(1)).unwrap_or((text, "")),
            None => ("", text),
        };
        (typed_folder(folder, &self.from, self.home.as_deref()), name.trim().to_owned())
    }

    /// Reads the folder of the path, if it is another one now.
    fn read_folder(&mut self, cx: &mut Cx<'_>) {
        let (folder, _) = self.folder_and_name();
        if folder != self.folder {
            self.content = None;
            cx.session.request(Effect::ListFolder(folder.clone()));
            self.folder = folder;
        }
    }

    /// What is in the folder and goes on from what is typed, the best first.
    #[must_use]
    pub fn found(&self) -> Vec<&FolderEntry> {
        let Some(Ok(entries)) = &self.content else { return Vec::new() };
        let (_, name) = self.folder_and_name();
        let shown = entries.iter().filter(|entry| name.starts_with('.') || !entry.name.starts_with('.'));
        let shown: Vec<&FolderEntry> = shown.collect();
        // A whole name searches no more: what is in the folder is looked at.
        let name = if Format::of(Path::new(&name)).is_ok() { "" } else { name.as_str() };
        let found = fuzzy::search(name, shown.iter().map(|entry| entry.name.as_str()));
        found.into_iter().filter_map(|at| shown.get(at).copied()).collect()
    }

    /// Why the folder cannot be read.
    #[must_use]
    pub fn folder_failure(&self) -> Option<&Diagnostic> {
        self.content.as_ref()?.as_ref().err()
    }

    /// What comes of the name as it is typed, or what is missing.
    ///
    /// # Errors
    /// There is no name, or its ending says no format.
    pub fn format(&self) -> Result<String, String> {
        let (_, name) = self.folder_and_name();
        if name.is_empty() {
            return Err("type the name of a file".to_owned());
        }
        let Ok(format) = Format::of(Path::new(&name)) else {
            return Err("end the name with .csv, .jsonl (each also .gz or .zst) or .parquet".to_owned());
        };
        let shape = match format.shape {
            Shape::Csv => "CSV with a header line",
            Shape::JsonLines => "JSON, an object a line",
            Shape::Parquet => "Parquet, each column in its type",
        };
        let packing = match format.packing {
            Packing::None => "",
            Packing::Gzip => ", compressed by gzip",
            Packing::Zstd => ", compressed by zstd",
        };
        let is_there =
            matches!(&self.content, Some(Ok(entries)) if entries.iter().any(|entry| entry.name == name));
        let there = if is_there { "; it is there: you will be asked" } else { "" };
        Ok(format!("{shape}{packing}{there}"))
    }

    /// What will be in the file, in words.
    #[must_use]
    pub fn content_words(&self) -> String {
        let (members, matches) = self.counts;
        let counted = |count: usize| {
            let whom = if count == 1 { &self.whom.0 } else { &self.whom.1 };
            format!("{} {whom}", whole(count as u64))
        };
        let columns = |count: usize| match count {
            0 => "the id alone".to_owned(),
            1 => "the id and 1 column".to_owned(),
            _ => format!("the id and {count} columns"),
        };
        match (self.what, &self.question.search) {
            (What::Shown, None) => {
                let columns = columns(self.question.columns.len());
                format!("{}, {columns}, {}", counted(members), self.order())
            }
            (What::Shown, Some(search)) => {
                let columns = columns(self.question.columns.len());
                format!("{} found with “{search}”, {columns}, {}", counted(matches), self.order())
            }
            (What::Ids, _) => format!("{}, the id alone, by id", counted(members)),
            (What::Chosen, _) => {
                format!("{}, {}, by id; Ctrl-A chooses", counted(members), columns(self.chosen.len()))
            }
        }
    }

    fn order(&self) -> String {
        let Some(sort) = self.question.sort else { return "by id".to_owned() };
        let column = sort.column.checked_sub(1).and_then(|at| self.question.columns.get(at));
        let by = column.map_or("id", |column| column.title.as_str());
        format!("by {by}{}", if sort.is_descending { ", the greatest first" } else { "" })
    }

    fn members(&self) -> Members {
        let ListCustomers { segment, columns, sort, search, as_of, .. } = self.question.clone();
        match self.what {
            What::Shown => Members { segment, as_of, columns, sort, search },
            What::Ids => Members { segment, as_of, columns: Vec::new(), sort: None, search: None },
            What::Chosen => {
                Members { segment, as_of, columns: self.chosen.clone(), sort: None, search: None }
            }
        }
    }

    /// Takes what is at the cursor into the path; without one there, exports.
    fn accept(&mut self, cx: &mut Cx<'_>) -> Outcome {
        let entry = self.cursor.and_then(|at| self.found().get(at).map(|entry| (*entry).clone()));
        if let Some(entry) = entry {
            let path = shown_path(&entry.path, self.home.as_deref());
            let end = if entry.is_folder { std::path::MAIN_SEPARATOR_STR } else { "" };
            self.path = Field::with(&format!("{path}{end}"));
            self.cursor = None;
            self.read_folder(cx);
            return Outcome::stay();
        }
        match self.format() {
            Ok(_) => {
                let request = ExportRequest { question: self.members(), file: self.file() };
                // The app takes the form off the screen, and brings it back if the file is there already.
                Outcome::ask(Command::Export(Box::new(request), false))
            }
            Err(missing) => {
                cx.session.note(missing);
                Outcome::stay()
            }
        }
    }

    fn step(&mut self, by: isize) {
        let last = self.found().len().checked_sub(1);
        self.cursor = match self.cursor {
            _ if self.in_what => None,
            None if by > 0 => last.map(|_| 0),
            Some(0) if by < 0 => None,
            Some(at) => last.map(|last| at.saturating_add_signed(by).min(last)),
            None => None,
        };
    }

    fn typed(&mut self, cx: &mut Cx<'_>) {
        self.cursor = None;
        self.read_folder(cx);
    }
}

/// A path as it is shown, with `~` for the home folder.
fn shown_path(path: &Path, home: Option<&Path>) -> String {
    match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) => Path::new("~").join(rest).display().to_string(),
        None => tidy(path).display().to_string(),
    }
}

/// A file name for a segment of this name.
fn proposed(name: &str) -> String {
    let is_odd = |letter: char| letter.is_control() || "/\\:*?\"<>|".contains(letter);
    let name: String = name.trim().chars().take(NAME).map(|at| if is_odd(at) { '-' } else { at }).collect();
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() { "customers".to_owned() } else { name.to_owned() }
}

impl Layer for Export {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Export]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        match action {
            // One export at a time is begun here already.
            Action::Export => Check::Disabled("this is the form of an export".to_owned()),
            _ => is_bound(action, &self.contexts()),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        match action {
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::Left | Action::Right if self.in_what => {
                self.what = self.what.step(if action == Action::Left { -1 } else { 1 });
            }
            Action::Left => drop(self.path.input(KeyCode::Left.into())),
            Action::Right => drop(self.path.input(KeyCode::Right.into())),
            Action::NextField | Action::PreviousField => {
                self.in_what = !self.in_what;
                self.cursor = None;
            }
            Action::ChooseColumns => {
                self.what = What::Chosen;
                return Columns::open(&self.chosen, cx);
            }
            Action::Accept => return self.accept(cx),
            Action::Back => return Outcome::close(),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }

    fn type_key(&mut self, key: KeyEvent, cx: &mut Cx<'_>) -> Outcome {
        if self.in_what {
            if key.code == KeyCode::Char(' ') {
                self.what = self.what.step(1);
            }
        } else if self.path.input(key) {
            self.typed(cx);
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Outcome {
        if !self.in_what {
            let text = parse_pasted(text);
            match text.contains(is_separator) {
                true => self.path = Field::with(&text),
                false => self.path.paste(&text),
            }
            self.typed(cx);
        }
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, _: &mut Cx<'_>) -> Outcome {
        match event {
            Event::FolderListed { folder, result } if *folder == self.folder => {
                self.content = Some(result.clone());
                Outcome::stay()
            }
            _ => Outcome::pass(),
        }
    }

    fn take(&mut self, command: &Command, _: &mut Cx<'_>) -> Outcome {
        match command {
            Command::ShowColumns(columns) => {
                self.chosen.clone_from(columns);
                Outcome::stay()
            }
            _ => Outcome::pass(),
        }
    }
}
