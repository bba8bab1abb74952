//! The terminal program as a pure state machine: an event goes in, the state changes, effects come out.
//!
//! Nothing here does I/O, starts a thread, reads a clock or runs a query. The day, the size of the
//! terminal and the seed of new ids come in as data.

pub mod action;
mod as_sql;
mod asking;
mod completing;
mod disabled;
mod editing;
pub mod editor;
pub mod effect;
pub mod event;
pub mod field;
mod filters;
pub mod fuzzy;
pub mod home;
pub mod keymap;
mod leaving;
mod membership;
pub mod message;
pub mod number;
pub mod overlay;
pub mod pasted;
mod pasting;
mod perform;
mod quick_add;
mod receive;
mod reload;
mod sql_text;
mod typing;
mod upload;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use crossterm::event::KeyEvent;
use ulid::Ulid;

use crate::database::{ActivationId, Database, DatabaseView};
use crate::diagnostic::Diagnostic;
use crate::segment::{self, NamedSchema, Schema, Segment, WorkspaceNames};
use crate::sql::{DateStyle, Dialect};
use crate::workspace::{Draft, Expected, Listing, Target};
use action::{Action, Context};
use editor::{Editor, Pane};
use effect::Effect;
use event::{Event, Failure};
use home::Home;
use message::{Message, Messages};
use overlay::Overlay;
use overlay::confirm::After;
use reload::Reload;

/// What the program starts with.
#[derive(Clone, Debug)]
pub struct Start {
    /// The databases, the first of which is opened.
    pub databases: Vec<PathBuf>,
    /// The day to evaluate at, if not the data's own.
    pub as_of: Option<NaiveDate>,
    /// Today, for data that does not say at which day it stands.
    pub today: NaiveDate,
    /// The terminal's size in columns and lines.
    pub size: (u16, u16),
    /// Where new ids start.
    pub seed: u128,
    /// Whether nothing is written.
    pub read_only: bool,
    /// Where files are looked for first.
    pub folder: PathBuf,
    /// What `~` stands for.
    pub home: Option<PathBuf>,
}

/// The whole state of the terminal program.
#[derive(Clone, Debug)]
pub struct App {
    /// The databases at hand.
    pub databases: Vec<PathBuf>,
    /// The one that is open.
    pub database: Opening,
    /// Which of them it is.
    pub database_at: usize,
    /// What is being done to open one, where that takes long.
    pub opening_step: Option<String>,
    /// What of the open database is being read ahead, where that takes long.
    pub warming_step: Option<String>,
    /// For which activation ID and day the open database was last read ahead.
    ahead: Option<(String, NaiveDate)>,
    /// What becomes of files that change while it is open.
    reload: Reload,
    /// One that was read but waits for an answer.
    waiting: Option<(usize, Arc<Database>)>,
    fixed_as_of: Option<NaiveDate>,
    today: NaiveDate,
    /// The terminal's size in columns and lines.
    pub size: (u16, u16),
    /// Whether nothing is written.
    pub read_only: bool,
    /// What is shown below the overlays.
    pub screen: Screen,
    /// The list of segments.
    pub home: Home,
    /// The open segment.
    pub editor: Option<Editor>,
    /// What lies over the screen, the topmost last.
    pub overlays: Vec<Overlay>,
    /// Notices.
    pub messages: Messages,
    /// Unsaved edits that were kept, the latest first.
    drafts: Vec<UnsavedDraft>,
    /// The edits that are gone on with once their saved segment is read.
    resuming: Option<UnsavedDraft>,
    /// The segment that is being read to be opened.
    opening: Option<String>,
    /// The open segment's id when the save that is under way was sent off.
    saving: Option<String>,
    /// What comes after the save that is under way.
    after_save: Option<After>,
    /// The save that was refused because someone else saved.
    refused_save: Option<(Target, Expected)>,
    /// How many lines the overview is scrolled down.
    pub scroll: usize,
    /// The SQL that was looked at last.
    sql_form: (Dialect, DateStyle),
    /// The folder in which files are looked for.
    browsed: PathBuf,
    home_folder: Option<PathBuf>,
    ids: Ulid,
    effects: Vec<Effect>,
    /// Whether the program is to end.
    pub ended: bool,
}

/// Unsaved edits that wait to be gone on with.
#[derive(Clone, Debug)]
struct UnsavedDraft {
    segment: Arc<Segment>,
    /// The draft that another program left behind; `None` for edits that this one has kept.
    left_behind: Option<Box<Draft>>,
}

/// A database on its way.
#[derive(Clone, Debug)]
pub enum Opening {
    /// Being read.
    InProgress,
    /// Open.
    Open(Arc<Database>),
    /// Not to be had.
    Failed(Failure),
}

/// What is shown below the overlays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// The list of segments.
    Home,
    /// The editor.
    Editor,
    /// The page of the open segment.
    Overview,
}

impl App {
    /// The state to start in, and what to do first.
    #[must_use]
    pub fn start(start: Start) -> (Self, Vec<Effect>) {
        let effects = start.databases.first().cloned().map(Effect::OpenDatabase).into_iter();
        let effects = effects.chain([Effect::ListSegments, Effect::ListDrafts]).collect();
        let app = Self {
            databases: start.databases,
            database: Opening::InProgress,
            database_at: 0,
            opening_step: None,
            warming_step: None,
            ahead: None,
            reload: Reload::default(),
            waiting: None,
            fixed_as_of: start.as_of,
            today: start.today,
            size: start.size,
            read_only: start.read_only,
            screen: Screen::Home,
            home: Home::default(),
            editor: None,
            overlays: Vec::new(),
            messages: Messages::default(),
            drafts: Vec::new(),
            resuming: None,
            opening: None,
            saving: None,
            after_save: None,
            refused_save: None,
            scroll: 0,
            sql_form: (Dialect::DuckDb, DateStyle::Resolved),
            browsed: start.folder,
            home_folder: start.home,
            ids: Ulid(start.seed),
            effects: Vec::new(),
            ended: false,
        };
        (app, effects)
    }

    /// Takes an event; answers what is to be done outside.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Key(key) => self.key(key),
            Event::Paste(text) => self.paste(&text),
            Event::Resize(columns, lines) => self.size = (columns, lines),
            other => self.receive(other),
        }
        self.take_effects()
    }

    /// Performs an action, as a key or the palette would.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        self.perform(action);
        self.take_effects()
    }

    /// What is to be done outside. What is asked for now goes first, then what is read ahead of the next answers.
    fn take_effects(&mut self) -> Vec<Effect> {
        self.read_ahead();
        std::mem::take(&mut self.effects)
    }

    /// Reads the open database ahead, once for each activation ID and day that come into force.
    fn read_ahead(&mut self) {
        let Some(database) = self.database().map(|database| database.folder.clone()) else { return };
        let (activation_id, as_of) = (self.activation_id(), self.as_of());
        if self.ahead.as_ref().is_some_and(|(id, day)| (id, day) == (&activation_id, &as_of)) {
            return;
        }
        self.warming_step = None;
        self.ahead = Some((activation_id.clone(), as_of));
        self.request(Effect::WarmUp { database, activation_id, as_of });
    }

    fn key(&mut self, key: KeyEvent) {
        self.messages.age();
        match keymap::action(key, &self.contexts()) {
            // Where one value is taken, a blank is a part of what is typed.
            Some(Action::Tick) if self.disabled_reason(Action::Tick).is_some() => self.type_key(key),
            Some(action) => self.perform(action),
            None => self.type_key(key),
        }
    }

    /// The places in which a key is looked up, the innermost first.
    #[must_use]
    pub fn contexts(&self) -> Vec<Context> {
        if let Some(overlay) = self.overlays.last() {
            return vec![overlay.context()];
        }
        match (self.screen, &self.editor) {
            (Screen::Home, _) | (_, None) if self.home.finding => vec![Context::HomeFind],
            (Screen::Home, _) | (_, None) => vec![Context::Home, Context::Screen],
            (Screen::Overview, Some(_)) => vec![Context::Overview, Context::Screen],
            (Screen::Editor, Some(editor)) => match editor.pane {
                Pane::Tables if editor.tables.finding => vec![Context::TablesFind],
                Pane::Tables => vec![Context::Tables, Context::Editor, Context::Screen],
                Pane::Criteria if editor.is_typing() => vec![Context::SqlTyping],
                Pane::Criteria if editor.sql().is_some() => {
                    vec![Context::Sql, Context::Editor, Context::Screen]
                }
                Pane::Criteria => vec![Context::Criteria, Context::Editor, Context::Screen],
                Pane::Insights => vec![Context::Insights, Context::Editor, Context::Screen],
            },
        }
    }

    /// The open database.
    #[must_use]
    pub fn database(&self) -> Option<&Arc<Database>> {
        match &self.database {
            Opening::Open(database) => Some(database),
            Opening::InProgress | Opening::Failed(_) => None,
        }
    }

    /// The activation ID in force: the open segment's, else the database's own.
    #[must_use]
    pub fn activation_id(&self) -> String {
        let of_segment = self.editor.as_ref().map(|editor| editor.segment().activation_id.clone());
        let of_segment = of_segment.filter(|id| !id.is_empty());
        of_segment.or_else(|| self.database().map(|database| database.default_id.clone())).unwrap_or_default()
    }

    /// What those are called whom the numbers count.
    #[must_use]
    pub fn whom(&self) -> ActivationId {
        let id = self.activation_id();
        let words = self.database().map(|database| database.words(&id));
        words.unwrap_or(ActivationId { column: id, singular: "customer".into(), plural: "customers".into() })
    }

    /// The lines of the tree of what can be asked.
    #[must_use]
    pub fn table_lines(&self) -> Vec<editor::tables::TreeLine> {
        let (Some(editor), Some(database)) = (&self.editor, self.database()) else { return Vec::new() };
        editor.tables.entries(database, self.home.read().map(|listing| &**listing), &self.activation_id())
    }

    /// The day at which everything is evaluated.
    #[must_use]
    pub fn as_of(&self) -> NaiveDate {
        let of_data = self.database().and_then(|database| database.as_of);
        self.fixed_as_of.or(of_data).unwrap_or(self.today)
    }

    /// Looks at the open database through the activation ID in force. Without a database every
    /// column is missing, but names can still be shown.
    pub fn with_schema<T>(&self, look: impl FnOnce(&dyn Schema) -> T) -> T {
        let name = Workspace(self.home.read().map(|listing| &**listing));
        match self.database() {
            Some(database) => {
                let activation_id = self.activation_id();
                let view = DatabaseView { database, activation_id: &activation_id };
                look(&NamedSchema { schema: &view, names: name })
            }
            None => look(&NamedSchema { schema: &NoDatabase, names: name }),
        }
    }

    fn new_id(&mut self, prefix: &str) -> String {
        // The next one in order: unique in this program, as the seed is among programs.
        self.ids = Ulid(self.ids.0.wrapping_add(1));
        format!("{prefix}{}", self.ids)
    }

    fn request(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn notify(&mut self, message: Message) {
        self.messages.push(message);
    }

    /// Asks for the numbers of the definition as it is now, and keeps it as a draft.
    fn definition_changed(&mut self) {
        self.recount();
        if let Some(editor) = &self.editor {
            let effect = if editor.is_edited() {
                Effect::KeepDraft(Arc::clone(editor.segment()))
            } else {
                Effect::DropDraft { id: editor.segment().id.clone() }
            };
            self.request(effect);
        }
    }

    /// Checks the open segment and asks for its numbers.
    fn recount(&mut self) {
        let as_of = self.as_of();
        let Some(editor) = &self.editor else { return };
        let segment = Arc::clone(editor.segment());
        let definition = editor.definition();
        let problems = self.with_schema(|schema| segment::problems(&segment, schema, as_of));
        let folder = self.database().map(|database| database.folder.clone());
        if let Some(editor) = &mut self.editor {
            editor.problems = problems;
            editor.live.failure = None;
        }
        if let Some(database) = folder {
            self.request(Effect::Evaluate { database, definition, segment, as_of });
        }
    }

    /// Asks for advice on the definition as it is now.
    fn ask_advice(&mut self) {
        let (Some(editor), Some(database)) = (&self.editor, self.database()) else { return };
        let (definition, segment) = (editor.definition(), Arc::clone(editor.segment()));
        let (database, as_of) = (database.folder.clone(), self.as_of());
        self.request(Effect::Advise { database, definition, segment, as_of });
    }

    /// How many lines a page is.
    fn page(&self) -> isize {
        isize::try_from(self.size.1 / 2).unwrap_or(1).max(1)
    }
}

/// The names of the workspace, once it is read.
struct Workspace<'a>(Option<&'a Listing>);

impl WorkspaceNames for Workspace<'_> {
    fn segment_name(&self, id: &str) -> Option<String> {
        Some(self.0?.segment(id)?.name.clone())
    }

    fn segments(&self) -> Vec<(&str, &str)> {
        let entries = self.0.into_iter().flat_map(|listing| &listing.segments);
        entries.map(|entry| (entry.id.as_str(), entry.name.as_str())).collect()
    }

    fn list_files(&self) -> Vec<&str> {
        let files = self.0.into_iter().flat_map(|listing| &listing.lists);
        files.map(|file| file.path.as_str()).collect()
    }

    fn list_queries(&self) -> Vec<&str> {
        let queries = self.0.into_iter().flat_map(|listing| &listing.queries);
        queries.map(|query| query.path.as_str()).collect()
    }
}

/// Stands for the database while there is none.
struct NoDatabase;

impl NoDatabase {
    fn missing<T>() -> Result<T, Diagnostic> {
        Err(Diagnostic::new("no database is open").with_help("open one"))
    }
}

impl Schema for NoDatabase {
    fn activation_id(&self) -> Result<(), Diagnostic> {
        Ok(())
    }

    fn table(&self, _: &str) -> Result<(), Diagnostic> {
        Self::missing()
    }

    fn column_type(&self, _: &str, _: &str) -> Result<segment::DataType, Diagnostic> {
        Self::missing()
    }

    fn items_table(&self) -> Result<String, Diagnostic> {
        Self::missing()
    }

    fn item_revenue(&self) -> Result<String, Diagnostic> {
        Self::missing()
    }

    fn item_quantity(&self) -> Result<String, Diagnostic> {
        Self::missing()
    }
}
