//! The whole state of the terminal program: what every layer may know, the stack of layers, and what is under
//! way between the open segment and the workspace.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use crossterm::event::KeyEvent;
use ulid::Ulid;

use super::action::{Action, Context};
use super::action_use::ActionUse;
use super::chosen_day::ChosenDay;
use super::databases::{DatabaseState, Databases};
use super::drafts::UnsavedDrafts;
use super::effect::Effect;
use super::event::Event;
use super::keymap::Keymap;
use super::keys::{Keys, Pressed};
use super::layer::Cx;
use super::layers::editor::state::Editor;
use super::layers::export::Export;
use super::layers::overlay::Overlay;
use super::layers::pages::cards::CardLayout;
use super::layers::pages::explain::Explain;
use super::layers::stack::{Screen, Stack};
use super::lifecycle::Lifecycle;
use super::message::Messages;
use super::remembered::Remembered;
use super::session::Session;
use super::theme_choice::ThemeChoice;
use super::view::View;
use crate::backend::TestReport;
use crate::database::{ActivationId, Database};
use crate::diagnostic::Diagnostic;
use crate::segment::{Condition, Problem, Schema, TypedDay};
use crate::sql::{DateStyle, Dialect};
use crate::workspace::{Entry, Listing};

/// What the program starts with.
#[derive(Clone, Debug)]
pub struct Start {
    /// The databases, the first of which is opened.
    pub databases: Vec<PathBuf>,
    /// The day to evaluate as of, if not the data's own.
    pub as_of: Option<TypedDay>,
    /// Today, for data that does not say at which day it stands.
    pub today: NaiveDate,
    /// The terminal's size in columns and lines.
    pub size: (u16, u16),
    /// Where new ids start.
    pub seed: u128,
    /// Whether nothing is written.
    pub read_only: bool,
    /// Of a case what is said of it at the start.
    pub case: Option<String>,
    /// Where files are looked for first.
    pub folder: PathBuf,
    /// What `~` stands for.
    pub home: Option<PathBuf>,
    /// The folder in which edits were kept last when their own could not be written.
    pub draft_folder: Option<PathBuf>,
    /// Which cards of the summary are shown, and in which order.
    pub cards: CardLayout,
    /// The theme in force, and the others.
    pub theme: ThemeChoice,
    /// What keys mean.
    pub keymap: Arc<Keymap>,
    /// Which actions were found by name.
    pub used: ActionUse,
}

/// The whole state of the terminal program.
#[derive(Clone, Debug)]
pub struct App {
    /// What every layer may know.
    pub(super) session: Session,
    /// The layers of the screen.
    pub(super) stack: Stack,
    /// What is under way between the open segment and the workspace.
    pub(super) lifecycle: Lifecycle,
    /// How many saves were given up that have not ended.
    pub(super) given_up_saves: usize,
    /// Unsaved edits that were kept.
    pub(super) drafts: UnsavedDrafts,
    /// The form of the export that was asked for last, in case another file is to be named after all.
    pub(super) export_form: Option<Box<Export>>,
    /// What keys mean, and those that have been pressed of several.
    pub(super) keys: Keys,
    /// Whether the program is to end.
    pub(super) has_ended: bool,
    /// Whether the database is a case.
    pub(super) is_case: bool,
    /// What is still to be said then, when the screen is gone.
    pub(super) farewell: Option<String>,
    /// The theme in force, and the others.
    pub(super) theme: ThemeChoice,
}

impl App {
    /// The state to start in, and what to do first.
    #[must_use]
    pub fn start(start: Start) -> (Self, Vec<Effect>) {
        let effects = start.databases.first().cloned().map(Effect::OpenDatabase).into_iter();
        let effects = effects.chain([Effect::ListSegments, Effect::ListDrafts]).collect();
        let session = Session {
            databases: Databases::new(start.databases),
            day: ChosenDay::new(start.as_of),
            today: start.today,
            listing: None,
            messages: Messages::default(),
            size: start.size,
            read_only: start.read_only,
            sql_form: (Dialect::DuckDb, DateStyle::Resolved),
            browsed: start.folder,
            home_folder: start.home,
            ids: Ulid(start.seed),
            requests: 0,
            next_segment: None,
            remembered: Remembered { cards: start.cards, used: start.used, ..Remembered::default() },
            effects: Vec::new(),
        };
        let is_case = start.case.is_some();
        let mut app = Self {
            session,
            stack: Stack::default(),
            lifecycle: Lifecycle::default(),
            given_up_saves: 0,
            drafts: UnsavedDrafts::new(start.draft_folder),
            export_form: None,
            keys: Keys::new(start.keymap),
            has_ended: false,
            is_case,
            farewell: None,
            theme: start.theme,
        };
        if let Some(said) = start.case {
            app.session.note(said);
        }
        (app, effects)
    }

    /// Takes an event; answers what is to be done outside.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Key(key) => self.key(key),
            Event::Paste(text) => {
                self.keys.leave();
                self.paste(&text);
            }
            Event::Resize(columns, lines) => self.session.size = (columns, lines),
            other => {
                if other.ends_opening() {
                    self.session.messages.pass();
                }
                self.receive(&other);
            }
        }
        self.take_effects()
    }

    /// Performs an action, as a key or the palette would.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        self.perform(action);
        self.take_effects()
    }

    fn key(&mut self, key: KeyEvent) {
        self.session.messages.age();
        let contexts = self.contexts();
        match self.keys.press(key, &contexts) {
            // Where one value is taken, a blank is a part of what is typed.
            Pressed::Action(Action::Tick) if self.disabled_reason(Action::Tick).is_some() => {
                self.type_key(key);
            }
            Pressed::Action(action) => self.perform(action),
            Pressed::Typed => self.type_key(key),
            Pressed::Taken => {}
            Pressed::Unknown(keys) => self.session.note(format!("{keys} is no key here")),
        }
    }

    /// What is to be done outside. What is asked for now goes first, then what is read ahead of the next answers.
    fn take_effects(&mut self) -> Vec<Effect> {
        self.read_ahead();
        if let Some(open) = &mut self.stack.open {
            open.editor.refresh_tables(&self.session);
            open.follow(&mut self.session);
            let (definition, segment) = (open.editor.definition(), open.editor.segment());
            let top = self.stack.overlays.len();
            for (at, overlay) in (1..).zip(&mut self.stack.overlays) {
                let segment = Some(Arc::clone(segment));
                let cx = &mut Cx { session: &mut self.session, segment, is_top: at == top };
                overlay.layer_mut().keep_up(definition, cx);
            }
            if self.stack.overlays.is_empty() && open.pages.shown.is_none() {
                open.editor.follow_column(&mut self.session);
            }
        }
        std::mem::take(&mut self.session.effects)
    }

    /// Reads the open database ahead, once for each activation ID and day that come into force.
    fn read_ahead(&mut self) {
        let Some(database) = self.session.database_folder() else { return };
        let (activation_id, as_of) = (self.activation_id(), self.as_of());
        if self.session.databases.start_read_ahead(&activation_id, as_of) {
            self.session.request(Effect::ReadAhead { database, activation_id, as_of });
        }
    }

    /// The session and the open segment, to be looked at.
    pub(super) fn view(&self) -> View<'_> {
        View::new(&self.session, self.stack.editor().map(Editor::segment))
    }

    /// The places in which a key is looked up, the innermost first.
    #[must_use]
    pub fn contexts(&self) -> Vec<Context> {
        let mut contexts = self.stack.top().contexts();
        contexts.push(Context::Anywhere);
        contexts
    }

    /// What keys mean.
    #[must_use]
    pub fn keymap(&self) -> &Keymap {
        &self.keys.keymap
    }

    /// The keys that have been pressed of several, and what may follow.
    #[must_use]
    pub(crate) fn begun_keys(&self) -> Option<(String, Vec<(String, Action)>)> {
        self.keys.begun(&self.contexts())
    }

    /// The actions that matter most where keys go, each in a word.
    #[must_use]
    pub fn hints(&self) -> Vec<(Action, &'static str)> {
        self.stack.top().hints()
    }

    /// What is shown below the overlays.
    #[must_use]
    pub fn screen(&self) -> Screen<'_> {
        self.stack.screen()
    }

    /// The editor of the open segment.
    #[must_use]
    pub fn editor(&self) -> Option<&Editor> {
        self.stack.editor()
    }

    /// The explanation of the customer who stays beside the criteria.
    #[must_use]
    pub(crate) fn pinned(&self) -> Option<&Explain> {
        let explain = &self.stack.open.as_ref()?.pages.explain;
        explain.pinned().map(|_| explain)
    }

    /// What lies over the screen, the topmost last.
    #[must_use]
    pub fn overlays(&self) -> &[Overlay] {
        &self.stack.overlays
    }

    /// Closes all overlays.
    pub fn close_overlays(&mut self) {
        self.stack.overlays.clear();
    }

    /// Whether the program is to end.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// What is still to be said when the program has ended and the screen is gone.
    #[must_use]
    pub fn farewell(&self) -> Option<&str> {
        self.farewell.as_deref().filter(|_| self.has_ended)
    }

    /// Whether a save takes long.
    #[must_use]
    pub(crate) fn is_saving_long(&self) -> bool {
        self.lifecycle.is_saving_long()
    }

    /// Why the edits of the open segment are not kept as a draft just now.
    #[must_use]
    pub(crate) fn draft_failure(&self) -> Option<&str> {
        self.drafts.failure.as_deref()
    }

    /// The notices.
    #[must_use]
    pub fn messages(&self) -> &Messages {
        &self.session.messages
    }

    /// The terminal's size in columns and lines.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        self.session.size
    }

    /// Whether nothing is written.
    #[must_use]
    /// What the open database is called; a case is said to be one.
    pub(crate) fn database_title(&self) -> Option<String> {
        let name = &self.session.database()?.name;
        Some(if self.is_case { format!("{name} (case)") } else { name.clone() })
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.session.read_only
    }

    /// What is in the workspace, once it is read.
    #[must_use]
    pub fn listing(&self) -> Option<&Result<Arc<Listing>, Diagnostic>> {
        self.session.listing.as_ref()
    }

    /// What came of the tests of a listed segment when they were run last.
    #[must_use]
    pub(crate) fn test_result(&self, entry: &Entry) -> Option<&Result<TestReport, Diagnostic>> {
        self.session.remembered.tests.of(entry, self.as_of())
    }

    /// How many of how many segments have been tested, while all are.
    #[must_use]
    pub(crate) fn tests_running(&self) -> Option<(usize, usize)> {
        self.session.remembered.tests.running
    }

    /// What is in the workspace, if it could be read.
    #[must_use]
    pub fn workspace(&self) -> Option<&Arc<Listing>> {
        self.session.workspace()
    }

    /// The folders of the databases at hand.
    #[must_use]
    pub fn databases(&self) -> &[PathBuf] {
        &self.session.databases.known
    }

    /// A further database is at hand.
    pub fn add_database(&mut self, folder: PathBuf) {
        self.session.databases.known.push(folder);
    }

    /// What has become of the database.
    #[must_use]
    pub fn database_state(&self) -> &DatabaseState {
        &self.session.databases.state
    }

    /// The open database.
    #[must_use]
    pub fn database(&self) -> Option<&Arc<Database>> {
        self.session.database()
    }

    /// What is being done with a database that takes long.
    #[must_use]
    pub(crate) fn database_step(&self) -> Option<&str> {
        let databases = &self.session.databases;
        databases.opening_step.as_ref().or(databases.read_ahead_step.as_ref()).map(String::as_str)
    }

    /// The activation ID in force: the open segment's, else the database's own.
    #[must_use]
    pub fn activation_id(&self) -> String {
        self.view().activation_id()
    }

    /// What those are called whom the numbers count.
    #[must_use]
    pub fn whom(&self) -> ActivationId {
        self.view().whom()
    }

    /// The day at which everything is evaluated.
    #[must_use]
    pub fn as_of(&self) -> NaiveDate {
        self.session.as_of()
    }

    /// The data's own day.
    #[must_use]
    pub fn data_day(&self) -> NaiveDate {
        self.session.data_day()
    }

    /// Looks at the open database through the activation ID in force. Without a database every
    /// column is missing, but names can still be shown.
    pub fn with_schema<T>(&self, look: impl FnOnce(&dyn Schema) -> T) -> T {
        self.view().with_schema(look)
    }

    /// What is wrong with a condition, if it is not only that a part is still missing.
    #[must_use]
    pub(crate) fn fault_of(&self, condition: Condition) -> Option<String> {
        self.view().fault_of(condition)
    }

    /// A problem with the words of what it is about.
    #[must_use]
    pub(crate) fn described(&self, problem: &Problem) -> String {
        self.view().described(problem)
    }
}
