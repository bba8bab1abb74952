//! The file browser: a file of ids is found, looked at, and taken into the workspace.

use std::collections::HashMap;
use std::path::{Path, PathBuf, is_separator};
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};

use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::effect::{Effect, Previewed};
use crate::app::event::{Event, FolderEntry, ListPreview, UploadFailure};
use crate::app::field::Field;
use crate::app::file_path::{parse_pasted, tidy};
use crate::app::layer::{Cx, Layer, Outcome};
use crate::app::pick::{Item, Pick};
use crate::app::prompt::EditTarget;
use crate::diagnostic::Diagnostic;
use crate::segment::{ListOperator, ListSource};
use crate::workspace::{Clash, Uploaded};

/// The greatest file, in bytes, that is read only because the cursor is on it.
const MOST_READ: u64 = 64 << 20;

/// The file browser.
#[derive(Clone, Debug)]
pub struct Browse {
    /// What the file is for.
    pub target: EditTarget,
    /// Whether its customers are wanted.
    pub op: ListOperator,
    /// What is typed: a search, or a path.
    pub query: Field,
    /// The folder that a path is relative to.
    folder: PathBuf,
    home: Option<PathBuf>,
    /// The folder that is shown.
    shown: PathBuf,
    /// What is in it, once it is read.
    content: Option<Result<Arc<Vec<FolderEntry>>, Diagnostic>>,
    /// What of it matches.
    pub pick: Pick<FolderEntry>,
    /// Whether hidden files are shown.
    pub hidden: bool,
    /// What was found out about the files that the cursor has been on.
    pub previews: HashMap<PathBuf, Result<Arc<ListPreview>, Diagnostic>>,
    /// Where the cursor goes once the folder is read.
    wanted: Option<PathBuf>,
    /// The file that is taken as soon as it has been looked at.
    pub taking: Option<PathBuf>,
    /// Why the file cannot be taken.
    pub complaint: Option<String>,
}

/// What Enter does.
#[derive(Clone, Debug, PartialEq, Eq)]
enum BrowseChoice {
    /// Nothing: there is nothing at the cursor.
    Nothing,
    /// Another folder is to be read.
    Folder(PathBuf),
    /// A file is to be taken.
    File(PathBuf),
}

impl Browse {
    /// Starts in a folder, which is still to be read.
    #[must_use]
    pub fn new(target: EditTarget, op: ListOperator, folder: PathBuf, home: Option<PathBuf>) -> Self {
        Self {
            target,
            op,
            query: Field::default(),
            shown: folder.clone(),
            folder,
            home,
            content: None,
            pick: Pick::new(Vec::new()),
            hidden: false,
            previews: HashMap::new(),
            wanted: None,
            taking: None,
            complaint: None,
        }
    }

    /// The folder that is shown.
    #[must_use]
    pub fn shown(&self) -> &Path {
        &self.shown
    }

    /// Its name on screens, with `~` for the home folder.
    #[must_use]
    pub fn place(&self) -> String {
        let of_home = self.home.as_ref().and_then(|home| self.shown.strip_prefix(home).ok());
        match of_home {
            Some(rest) => Path::new("~").join(rest).display().to_string(),
            None => self.shown.display().to_string(),
        }
    }

    /// Why the folder cannot be shown; `None` while it is read, `Some(None)` once it is.
    #[must_use]
    pub fn failure(&self) -> Option<Option<&Diagnostic>> {
        self.content.as_ref().map(|content| content.as_ref().err())
    }

    fn listed(&mut self, folder: &Path, content: Result<Arc<Vec<FolderEntry>>, Diagnostic>) {
        if self.shown == folder {
            self.content = Some(content);
            self.search();
            if let Some(wanted) = self.wanted.take() {
                self.pick.go_to(|entry| entry.path == wanted);
            }
        }
    }

    /// Types into the search. Answers with the folder to read, if it is another one now.
    fn input(&mut self, key: KeyEvent) -> Option<PathBuf> {
        self.complaint = None;
        if key.code == KeyCode::Backspace && self.query.text().is_empty() {
            return self.up();
        }
        if self.query.input(key) { self.typed() } else { None }
    }

    /// Pastes a search or a path; a whole path takes the place of what was typed.
    fn paste_path(&mut self, text: &str) -> Option<PathBuf> {
        self.complaint = None;
        let text = parse_pasted(text);
        if text.contains(is_separator) {
            self.query = Field::with(&text);
        } else {
            self.query.paste(&text);
        }
        self.typed()
    }

    fn typed(&mut self) -> Option<PathBuf> {
        self.taking = None;
        let (folder, _) = self.folder_and_search();
        if folder == self.shown {
            self.search();
            return None;
        }
        Some(self.show(folder))
    }

    /// The folder and the search that the typed text means.
    fn folder_and_search(&self) -> (PathBuf, String) {
        let text = self.query.text();
        if text == "~" && self.home.is_some() {
            return (self.home.clone().unwrap_or_default(), String::new());
        }
        let Some((head, search)) =
            text.rfind(is_separator).and_then(|at| text.split_at_checked(at.saturating_add(1)))
        else {
            return (self.folder.clone(), text.to_owned());
        };
        let of_home = head.strip_prefix('~').and_then(|rest| rest.strip_prefix(is_separator));
        let folder = match (of_home, &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => self.folder.join(head),
        };
        (tidy(&folder), search.to_owned())
    }

    /// One folder up. Answers with the folder to read, if there is one.
    fn up(&mut self) -> Option<PathBuf> {
        let from = self.shown.clone();
        let parent = from.parent()?.to_owned();
        self.go(parent.clone());
        self.wanted = Some(from);
        Some(parent)
    }

    /// Into the folder at the cursor.
    fn down(&mut self) -> Option<PathBuf> {
        let folder = self.pick.current().filter(|item| item.value.is_folder)?.value.path.clone();
        self.go(folder.clone());
        Some(folder)
    }

    /// Enter: into the folder at the cursor, or takes the file there.
    fn enter(&mut self) -> BrowseChoice {
        let Some(entry) = self.pick.current().map(|item| item.value.clone()) else {
            return BrowseChoice::Nothing;
        };
        match entry.is_folder {
            true => self.down().map_or(BrowseChoice::Nothing, BrowseChoice::Folder),
            false => BrowseChoice::File(entry.path),
        }
    }

    fn go(&mut self, folder: PathBuf) {
        self.folder = folder.clone();
        self.query = Field::default();
        self.complaint = None;
        self.show(folder);
    }

    fn show(&mut self, folder: PathBuf) -> PathBuf {
        self.shown = folder.clone();
        self.content = None;
        self.wanted = None;
        self.taking = None;
        self.search();
        folder
    }

    /// Shows hidden files, or does not.
    fn toggle_hidden(&mut self) {
        let current = self.pick.current().map(|item| item.value.path.clone());
        self.hidden = !self.hidden;
        self.search();
        self.pick.go_to(|entry| Some(&entry.path) == current.as_ref());
    }

    /// The file at the cursor that is worth looking at and has not been looked at.
    #[must_use]
    pub(crate) fn to_preview(&self) -> Option<&Path> {
        let entry = &self.pick.current()?.value;
        let is_new = !entry.is_folder && !self.previews.contains_key(&entry.path);
        (is_new && entry.bytes <= MOST_READ).then_some(entry.path.as_path())
    }

    fn search(&mut self) {
        let (_, search) = self.folder_and_search();
        let entries = match &self.content {
            Some(Ok(entries)) => entries.as_slice(),
            _ => &[],
        };
        let with_hidden = self.hidden || search.starts_with('.');
        let shown = entries.iter().filter(|entry| with_hidden || !entry.name.starts_with('.'));
        let items = shown.map(|entry| Item {
            search: entry.name.clone(),
            ..Item::new(
                entry.clone(),
                match entry.is_folder {
                    true => format!("{}/", entry.name),
                    false => entry.name.clone(),
                },
            )
        });
        self.pick = Pick::searched(items.collect(), &search);
    }
}

impl Browse {
    /// The browser, in the folder in which a file was found last.
    pub(super) fn open(target: EditTarget, op: ListOperator, cx: &mut Cx<'_>) -> Outcome {
        let (folder, home) = (cx.session.browsed.clone(), cx.session.home_folder.clone());
        cx.session.request(Effect::ListFolder(folder.clone()));
        Outcome::open(Self::new(target, op, folder, home))
    }

    /// Reads the folder that a step leads to, or looks at the file at the cursor.
    fn follow(&self, folder: Option<PathBuf>, cx: &mut Cx<'_>) -> Outcome {
        match folder {
            Some(folder) => cx.session.request(Effect::ListFolder(folder)),
            None => self.request_preview(cx),
        }
        Outcome::stay()
    }

    fn request_preview(&self, cx: &mut Cx<'_>) {
        if let Some(file) = self.to_preview() {
            inspect(file, cx);
        }
    }

    fn accept(&mut self, cx: &mut Cx<'_>) {
        match self.enter() {
            BrowseChoice::Folder(folder) => cx.session.request(Effect::ListFolder(folder)),
            BrowseChoice::File(file) => self.upload(file, cx),
            BrowseChoice::Nothing => {}
        }
    }

    /// Copies a file into the lists, once it has been looked at and holds ids.
    fn upload(&mut self, file: PathBuf, cx: &mut Cx<'_>) {
        let complaint = match self.previews.get(&file).map(|preview| preview.as_deref()) {
            None => {
                inspect(&file, cx);
                self.taking = Some(file);
                return;
            }
            Some(Err(failure)) => Some(format!("cannot be taken: {}", failure.message)),
            Some(Ok(ListPreview::Ids { counts, .. })) if counts.ids == 0 => {
                Some("there is no id in this file".to_owned())
            }
            Some(Ok(_)) => None,
        };
        match complaint {
            Some(complaint) => self.complaint = Some(complaint),
            None => cx.session.request(Effect::UploadList { file, clash: Clash::Refuse }),
        }
    }

    /// The file is a list of the workspace, or not.
    fn uploaded(&mut self, result: &Result<Uploaded, UploadFailure>, cx: &mut Cx<'_>) -> Outcome {
        match result {
            Ok(uploaded) => {
                self.shown.clone_into(&mut cx.session.browsed);
                let source = ListSource::File(uploaded.path.clone());
                Outcome::ask(Command::SetList { target: self.target.clone(), op: self.op, source })
            }
            Err(UploadFailure::Other(failure)) => {
                self.complaint = Some(format!("{}: {}", failure.message, failure.help_text()));
                Outcome::stay()
            }
            Err(UploadFailure::Taken { .. }) => Outcome::pass(),
        }
    }
}

/// Finds out about a file.
fn inspect(file: &Path, cx: &mut Cx<'_>) {
    let effect = cx.view().preview_list(Previewed::Outside(file.to_owned()));
    cx.session.effects.extend(effect);
}

impl Layer for Browse {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Browse]
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        let folder = match action {
            Action::Left => self.up(),
            Action::Right => self.down(),
            Action::ToggleHidden => {
                self.toggle_hidden();
                None
            }
            Action::Accept => {
                self.accept(cx);
                return Outcome::stay();
            }
            Action::Back => return Outcome::close(),
            _ => match action.step(cx.session.page()) {
                Some(by) => {
                    self.pick.step(by);
                    None
                }
                None => return Outcome::pass(),
            },
        };
        self.follow(folder, cx)
    }

    fn type_key(&mut self, key: KeyEvent, cx: &mut Cx<'_>) -> Outcome {
        let folder = self.input(key);
        self.follow(folder, cx)
    }

    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Outcome {
        let folder = self.paste_path(text);
        self.follow(folder, cx)
    }

    fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        match event {
            Event::FolderListed { folder, result } if cx.is_top => {
                self.listed(folder, result.clone());
                self.request_preview(cx);
            }
            Event::ListPreviewed { of: Previewed::Outside(file), result } => {
                self.previews.insert(file.clone(), result.clone());
                if let Some(file) = self.taking.take_if(|taking| taking == file) {
                    self.upload(file, cx);
                }
            }
            Event::ListUploaded { result, .. } if cx.is_top => return self.uploaded(result, cx),
            _ => {}
        }
        Outcome::pass()
    }

    fn refresh(&mut self, cx: &mut Cx<'_>) {
        self.previews.clear();
        match &self.taking {
            Some(file) => inspect(file, cx),
            None => self.request_preview(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::{NodePath, Side};

    fn browse() -> Browse {
        let target = EditTarget::NewCondition(NodePath::root(Side::Include), 0);
        let mut browse =
            Browse::new(target, ListOperator::IsMember, "/srv/data".into(), Some("/home/ana".into()));
        browse.listed(
            Path::new("/srv/data"),
            Ok(Arc::new(entries("/srv/data", &["sub/", ".git/", "vip.csv", ".x"]))),
        );
        browse
    }

    fn entries(folder: &str, names: &[&str]) -> Vec<FolderEntry> {
        let entry = |name: &&str| FolderEntry {
            name: name.trim_end_matches('/').to_owned(),
            path: Path::new(folder).join(name.trim_end_matches('/')),
            is_folder: name.ends_with('/'),
            bytes: 1,
        };
        names.iter().map(entry).collect()
    }

    fn labels(browse: &Browse) -> Vec<String> {
        browse.pick.found().map(|(_, item)| item.label.clone()).collect()
    }

    #[test]
    fn hidden_files_show_when_asked_for() {
        let mut browse = browse();
        assert_eq!(labels(&browse), ["sub/", "vip.csv"]);
        browse.toggle_hidden();
        assert_eq!(labels(&browse), ["sub/", ".git/", "vip.csv", ".x"]);
        browse.toggle_hidden();
        browse.paste_path(".g");
        assert_eq!(labels(&browse), [".git/"]);
    }

    #[test]
    fn paths_go_elsewhere_and_the_rest_searches() {
        let asked = |text: &str| {
            let mut browse = browse();
            browse.query = Field::with(text);
            let (folder, search) = browse.folder_and_search();
            (folder.display().to_string(), search)
        };
        let pair = |folder: &str, search: &str| (folder.to_owned(), search.to_owned());
        assert_eq!(asked("vip"), pair("/srv/data", "vip"));
        assert_eq!(asked("~"), pair("/home/ana", ""));
        assert_eq!(asked("~/li"), pair("/home/ana", "li"));
        assert_eq!(asked("/"), pair("/", ""));
        assert_eq!(asked("/tmp/a b/c.csv"), pair("/tmp/a b", "c.csv"));
        assert_eq!(asked("../x"), pair("/srv", "x"));
        assert_eq!(asked("sub/deep/"), pair("/srv/data/sub/deep", ""));
        assert_eq!(asked("~x"), pair("/srv/data", "~x"));
    }

    #[test]
    fn up_comes_back_to_where_one_was() {
        let mut browse = browse();
        assert_eq!(browse.enter(), BrowseChoice::Folder("/srv/data/sub".into()));
        browse.listed(Path::new("/srv/data/sub"), Ok(Arc::new(Vec::new())));
        assert_eq!(browse.enter(), BrowseChoice::Nothing);
        assert_eq!(browse.up(), Some("/srv/data".into()));
        browse.listed(Path::new("/srv/data"), Ok(Arc::new(entries("/srv/data", &["a/", "sub/"]))));
        assert_eq!(browse.pick.current().unwrap().label, "sub/");
        // What is late is of another folder.
        browse.listed(Path::new("/srv/data/sub"), Ok(Arc::new(Vec::new())));
        assert_eq!(labels(&browse), ["a/", "sub/"]);
    }
}
