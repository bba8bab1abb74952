//! Drives the app as the program does, but step by step: keys go in, effects are performed at once by
//! the program's own services, and the screen can be read. Time, people, ids and sizes are fixed.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use chrono::NaiveDate;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use segtui::app::action::Action;
use segtui::app::effect::Effect;
use segtui::app::event::Event;
use segtui::app::keymap::{Key, Keymap};
use segtui::app::layers::editor::state::Editor;
use segtui::app::layers::overlay::Overlay;
use segtui::app::{App, Screen, Start};
use segtui::backend::{Cancel, Evaluation, Insights, PageAnswer, TableProfile};
use segtui::diagnostic::Diagnostic;
use segtui::runtime::open::{LocalOpener, OpenBackend};
use segtui::runtime::services::Services;
use segtui::runtime::state_file::{ActionUseFile, CardFile};
use segtui::segment::{Extra, Segment, Stamp, TypedDay};
use segtui::ui;
use segtui::ui::theme::Theme;
use segtui::workspace::{DraftStore, Drafts, Entry, Workspace};
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

/// What a session starts with; every part has a use of its own.
#[derive(Clone, Debug)]
pub struct Setup {
    pub databases: Vec<PathBuf>,
    /// What the workspace holds at the start.
    pub seed: Option<PathBuf>,
    pub read_only: bool,
    pub size: (u16, u16),
    /// What every number is shown to have taken; real times would make screens differ.
    pub elapsed: Duration,
    /// The day on the command line.
    pub as_of: Option<TypedDay>,
    /// What opens the databases.
    pub opener: fn(&Workspace) -> Arc<dyn OpenBackend>,
    pub keymap: Arc<Keymap>,
}

/// What is shown below the overlays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Home,
    Editor,
    Overview,
}

pub fn shown(app: &App) -> Shown {
    match app.screen() {
        Screen::Home(_) => Shown::Home,
        Screen::Editor(_) => Shown::Editor,
        Screen::Page(..) => Shown::Overview,
    }
}

/// The program, with a workspace and a state folder of its own.
pub struct Session {
    pub app: App,
    /// Evaluations wait until they are released.
    pub is_paused: bool,
    /// These wait until all are released.
    held: Option<fn(&Effect) -> bool>,
    waiting: Vec<Effect>,
    /// Every action that a key was resolved to.
    pub pressed: HashSet<Action>,
    /// Every effect, in order.
    pub effects: Vec<Effect>,
    /// What the time is, since the start: what notices a change says it.
    pub clock: Duration,
    setup: Setup,
    services: Services,
    folder: Arc<TempDir>,
}

/// When the files of a checkout were written is no part of what they hold; real times would make screens differ.
fn written_on_a_certain_day(profile: &TableProfile) -> TableProfile {
    let day = SystemTime::UNIX_EPOCH + Duration::from_secs(20_453 * 86_400);
    TableProfile { modified: Some(day), ..profile.clone() }
}

pub fn demo_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

pub fn conformance_folder() -> PathBuf {
    crate::conformance::folder(None, "parquet")
}

impl Setup {
    /// The demo database with the workspace that it brings along.
    pub fn demo() -> Self {
        Self {
            databases: vec![demo_folder()],
            seed: Some(demo_folder().join("workspace")),
            read_only: false,
            size: (120, 36),
            elapsed: Duration::from_millis(12),
            as_of: None,
            opener: |workspace| Arc::new(LocalOpener::new(workspace.clone())),
            keymap: Arc::default(),
        }
    }

    /// The conformance database and an empty workspace.
    pub fn small() -> Self {
        Self { databases: vec![conformance_folder()], seed: None, ..Self::demo() }
    }

    pub fn start(self) -> Session {
        Session::within(Arc::new(TempDir::new().unwrap()), self)
    }
}

impl Session {
    pub fn demo() -> Self {
        Setup::demo().start()
    }

    pub fn small() -> Self {
        Setup::small().start()
    }

    /// The conformance database with this document saved at the top of the workspace and opened.
    pub fn editing(document: &Segment) -> Self {
        Self::editing_with(document, Setup::small())
    }

    pub fn editing_with(document: &Segment, setup: Setup) -> Self {
        let folder = TempDir::new().unwrap();
        put(&folder.path().join("workspace/segments/given.segment.json"), &document.to_json());
        let mut session = Session::within(Arc::new(folder), setup);
        session.keys("g enter");
        assert_eq!(session.segment().id, document.id);
        session
    }

    pub fn within(folder: Arc<TempDir>, setup: Setup) -> Self {
        static SESSIONS: AtomicUsize = AtomicUsize::new(0);
        let session = SESSIONS.fetch_add(1, Ordering::Relaxed);
        let root = folder.path().join("workspace");
        let workspace = Workspace::new(root, setup.read_only).with_seed(setup.seed.clone());
        let drafts =
            DraftStore::new(folder.path().join("drafts"), &format!("run-{session}"), setup.read_only);
        let opener = (setup.opener)(&workspace);
        let known = folder.path().join("draft-folders");
        let folders: Vec<PathBuf> =
            fs::read_to_string(&known).unwrap_or_default().lines().map(PathBuf::from).collect();
        let draft_folder = folders.first().cloned();
        let cards = CardFile::cards(folder.path().join("cards.json"));
        let used = ActionUseFile::action_use(folder.path().join("actions.json"));
        let services = Services::new(workspace, drafts, opener, stamp)
            .with_card_file(cards.clone())
            .with_action_use_file(used.clone())
            .with_draft_folders(folders, move |folder| {
                fs::write(&known, folder.display().to_string()).is_ok()
            });
        let (app, effects) = App::start(Start {
            databases: setup.databases.clone(),
            as_of: setup.as_of,
            today: NaiveDate::from_ymd_opt(2026, 1, 2).unwrap(),
            size: setup.size,
            seed: 0x0194_2A00_0000_0000_0000_0000_0000_0000 + ((session as u128) << 32),
            read_only: setup.read_only,
            case: None,
            folder: folder.path().to_owned(),
            home: Some(folder.path().join("home")),
            draft_folder,
            cards: cards.read(),
            theme: super::themes::choice(),
            keymap: Arc::clone(&setup.keymap),
            used: used.read(),
        });
        let mut session = Self {
            app,
            is_paused: false,
            held: None,
            waiting: Vec::new(),
            pressed: HashSet::new(),
            effects: Vec::new(),
            clock: Duration::ZERO,
            setup,
            services,
            folder,
        };
        session.perform(effects);
        session
    }

    /// The program is gone without a word, and is started again by the same person.
    pub fn crash(self) -> Self {
        let (folder, setup) = (Arc::clone(&self.folder), self.setup.clone());
        // As when a process dies: its locks go, its drafts stay.
        drop(self);
        Self::within(folder, setup)
    }

    /// A second program of the same person beside this one.
    pub fn second_program(&self) -> Self {
        Self::within(Arc::clone(&self.folder), self.setup.clone())
    }

    /// What the program does last when it is told to end.
    pub fn is_told_to_end(&mut self) {
        self.perform(self.app.keep_all());
    }

    /// The same folders with another setup.
    pub fn again(self, setup: Setup) -> Self {
        let folder = Arc::clone(&self.folder);
        drop(self);
        Self::within(folder, setup)
    }

    /// Presses keys: names as in settings, `type:word`, `type:"some words"`, `paste:"a\nb"`.
    pub fn keys(&mut self, script: &str) -> &mut Self {
        for token in tokens(script) {
            if let Some(text) = token.strip_prefix("type:").filter(|text| !text.is_empty()) {
                for letter in text.chars() {
                    self.key(Key::parse(&name_of(letter)).unwrap());
                }
            } else if let Some(text) = token.strip_prefix("paste:").filter(|text| !text.is_empty()) {
                self.event(Event::Paste(text.replace("\\n", "\n").replace("\\t", "\t")));
            } else {
                self.key(Key::parse(&token).unwrap_or_else(|| panic!("{token:?} is no key")));
            }
        }
        self
    }

    fn key(&mut self, key: Key) {
        assert!(!self.app.has_ended(), "the program has ended");
        self.pressed.extend(self.app.keymap().action(key.event(), &self.app.contexts()));
        self.event(Event::Key(key.event()));
    }

    pub fn event(&mut self, event: Event) {
        let effects = self.app.update(event);
        self.perform(effects);
    }

    pub fn act(&mut self, action: Action) {
        let effects = self.app.act(action);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut queue = VecDeque::from(effects);
        while let Some(effect) = queue.pop_front() {
            self.effects.push(effect.clone());
            let is_held = self.held.is_some_and(|held| held(&effect));
            if is_held || self.is_paused && matches!(effect, Effect::Evaluate { .. }) {
                self.waiting.push(effect);
                continue;
            }
            queue.extend(self.answer(effect));
        }
    }

    fn answer(&mut self, effect: Effect) -> Vec<Effect> {
        // Tests look at no other folders than their own.
        if let Effect::ListFolder(folder) = &effect
            && !folder.starts_with(self.folder.path())
        {
            let failure = Diagnostic::new("outside of the test");
            return self.app.update(Event::FolderListed { folder: folder.clone(), result: Err(failure) });
        }
        // Time passes as tests say.
        let effect = match effect {
            Effect::ReopenDatabase { folder, wait } => {
                self.clock += wait;
                Effect::ReopenDatabase { folder, wait: Duration::ZERO }
            }
            effect => effect,
        };
        let answers = Mutex::new(Vec::new());
        let answer = self.services.perform(effect, &Cancel::default(), &|event| {
            // Others only tell how far something is.
            if matches!(event, Event::SegmentTested { .. } | Event::VariantCounted { .. }) {
                answers.lock().unwrap().push(event);
            }
        });
        for event in answers.into_inner().unwrap() {
            let effects = self.app.update(event);
            assert!(effects.is_empty(), "nothing comes of one of several answers");
        }
        match answer {
            Some(Event::FileChanged { database, change, .. }) => {
                self.app.update(Event::FileChanged { database, change, at: self.clock })
            }
            Some(Event::Evaluated { definition, result }) => {
                let elapsed = self.setup.elapsed;
                let result = result.map(|found| Arc::new(Evaluation { elapsed, ..(*found).clone() }));
                self.app.update(Event::Evaluated { definition, result })
            }
            Some(Event::PageAnswered { request, result }) => {
                let result = result.map(|found| match &*found {
                    PageAnswer::Profile(profile) => {
                        Arc::new(PageAnswer::Profile(written_on_a_certain_day(profile)))
                    }
                    _ => found,
                });
                self.app.update(Event::PageAnswered { request, result })
            }
            Some(event) => self.app.update(event),
            None => Vec::new(),
        }
    }

    /// Performs the evaluation that has been kept back longest.
    pub fn release_one(&mut self) {
        let effect = self.waiting.remove(0);
        let effects = self.answer(effect);
        self.perform(effects);
    }

    /// From now on effects of this kind wait, as for a disk that hangs.
    pub fn hold_back(&mut self, held: fn(&Effect) -> bool) {
        self.held = Some(held);
    }

    /// Performs all effects that have been held back, and holds back none any more.
    pub fn release(&mut self) {
        self.held = None;
        for effect in std::mem::take(&mut self.waiting) {
            let effects = self.answer(effect);
            self.perform(effects);
        }
    }

    /// How many evaluations are kept back.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub fn resize(&mut self, columns: u16, lines: u16) -> &mut Self {
        self.event(Event::Resize(columns, lines));
        self
    }

    /// The cells of the screen.
    pub fn drawn(&self, theme: &Theme) -> Buffer {
        let (columns, lines) = self.app.size();
        let mut terminal = Terminal::new(TestBackend::new(columns, lines)).unwrap();
        terminal.draw(|frame| ui::draw(&self.app, theme, frame)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// What is on the screen, without blanks at the ends of lines.
    pub fn screen(&self) -> String {
        self.screen_with(&Theme::default())
    }

    /// The same, drawn with a theme.
    pub fn screen_with(&self, theme: &Theme) -> String {
        let (columns, lines) = self.app.size();
        let buffer = self.drawn(theme);
        let mut screen = String::new();
        for y in 0..lines {
            let mut line = String::new();
            let mut x = 0;
            while x < columns {
                let symbol = buffer[(x, y)].symbol();
                line.push_str(symbol);
                x += u16::try_from(symbol.width().max(1)).unwrap();
            }
            screen.push_str(line.trim_end());
            screen.push('\n');
        }
        screen
    }

    #[track_caller]
    pub fn sees(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(screen.contains(text), "{text:?} is not on the screen:\n{screen}");
        self
    }

    #[track_caller]
    pub fn sees_no(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(!screen.contains(text), "{text:?} is on the screen:\n{screen}");
        self
    }

    pub fn editor(&self) -> &Editor {
        self.app.editor().unwrap()
    }

    pub fn shown(&self) -> Shown {
        shown(&self.app)
    }

    pub fn segment(&self) -> &Segment {
        self.editor().segment()
    }

    /// The numbers of the definition as it is now.
    #[track_caller]
    pub fn insights(&self) -> Insights {
        assert!(self.editor().is_current(), "{:?}", self.editor().live.failure);
        self.editor().live.evaluation.as_ref().unwrap().evaluation.insights
    }

    #[track_caller]
    pub fn members(&self) -> u64 {
        self.insights().unique_customers
    }

    /// The definition as one line: `ALL(ALL(city is_exactly) …) - ANY()`, `!` for off, `+` and `-` for
    /// being on a list or not.
    pub fn shape(&self) -> String {
        shape(self.segment())
    }

    pub fn overlay(&self) -> Option<&Overlay> {
        self.app.overlays().last()
    }

    pub fn workspace(&self) -> Workspace {
        let workspace = Workspace::new(self.folder.path().join("workspace"), false);
        workspace.with_seed(self.setup.seed.clone())
    }

    /// The saved segment of this name.
    pub fn saved(&self, name: &str) -> Option<(Segment, Entry)> {
        let listing = self.workspace().list().unwrap();
        let entry = listing.segments.iter().find(|entry| entry.name == name)?.clone();
        Some((Segment::from_json(&fs::read_to_string(&entry.path).unwrap()).unwrap(), entry))
    }

    pub fn drafts(&self) -> Drafts {
        DraftStore::new(self.folder.path().join("drafts"), "looking", true).list().unwrap()
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Every file below the workspace and the state folder, with what it holds.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.file_name().unwrap() != ".lock" {
                    found.insert(path.clone(), fs::read(&path).unwrap());
                }
            }
        }
        found
    }
}

pub fn stamp() -> Stamp {
    Stamp { at: "2026-01-02T03:04:05Z".to_owned(), by: "ana".to_owned(), extra: Extra::new() }
}

pub fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The definition as one line.
pub fn shape(segment: &Segment) -> String {
    use segtui::segment::{ConditionKind, Group, Keyword, ListOperator, ListSource, Match, Node, Side};
    fn group(group: &Group) -> String {
        let of: Vec<String> = group.nodes.iter().map(node).collect();
        let matching = if group.matching == Match::All { "ALL" } else { "ANY" };
        let off = if group.off == Some(true) { "!" } else { "" };
        format!("{off}{matching}({})", of.join(" "))
    }
    fn node(node: &Node) -> String {
        let off = if node.is_off() { "!" } else { "" };
        match node {
            Node::Group(inner) => group(inner),
            Node::Condition(condition) => match &condition.kind {
                ConditionKind::Attribute(attribute) => format!("{off}{}", attribute.column),
                ConditionKind::Purchase(purchase) => format!("{off}{}", purchase.behaviour.id()),
                ConditionKind::List(list) => {
                    let op = match list.op {
                        Some(ListOperator::IsMember) => "+",
                        Some(ListOperator::IsNotMember) => "-",
                        None => "?",
                    };
                    match &list.source {
                        ListSource::Segment(name) | ListSource::File(name) | ListSource::Query(name) => {
                            format!("{off}{op}{name}")
                        }
                    }
                }
                other => format!("{off}{other:?}"),
            },
            Node::Unreadable(_) => format!("{off}?"),
        }
    }
    Side::BOTH.map(|side| segment.side(side).map_or_else(String::new, group)).join(" - ")
}

fn name_of(letter: char) -> String {
    if letter == ' ' { "space".to_owned() } else { letter.to_string() }
}

/// Words between blanks; quotes keep blanks.
pub fn tokens(script: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut token = String::new();
    let mut quoted = false;
    for letter in script.chars() {
        match letter {
            '"' => quoted = !quoted,
            blank if blank.is_whitespace() && !quoted => tokens.push(std::mem::take(&mut token)),
            other => token.push(other),
        }
    }
    tokens.push(token);
    tokens.retain(|token| !token.is_empty());
    tokens
}
