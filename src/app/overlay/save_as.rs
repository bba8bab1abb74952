//! Name and folder of a segment, with advice on the name.

use crossterm::event::KeyEvent;

use crate::app::field::Field;
use crate::app::fuzzy;
use crate::workspace::{self, Listing};

/// Name and folder of a segment.
#[derive(Clone, Debug)]
pub struct SaveAs {
    /// What is asked for: a whole new segment, or just another name.
    pub target: Naming,
    /// The name.
    pub name: Field,
    /// The folder, as names with `/` between them; empty for none.
    pub folder: Field,
    /// Whether keys go to the folder.
    pub in_folder: bool,
    /// Every folder, with those around it.
    folders: Vec<(String, String)>,
    /// Every segment's folder and name.
    siblings: Vec<(Option<String>, String)>,
    found: Vec<usize>,
    /// The line of the list of folders, if the cursor is in it.
    pub cursor: Option<usize>,
    /// Why it cannot be saved as it stands.
    pub complaint: Option<String>,
}

/// What a name is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The first save of the open segment.
    First,
    /// A copy of the open segment under another name, which is then the open one.
    Copy,
    /// Another name for a saved segment.
    Rename {
        /// Its id.
        id: String,
    },
}

impl SaveAs {
    /// Asks for a name, and for a folder unless it is a rename.
    #[must_use]
    pub fn new(target: Naming, name: &str, folder: Option<&str>, listing: &Listing) -> Self {
        let path = |id: Option<&str>| {
            listing.folders_to(id).iter().map(|folder| folder.name.as_str()).collect::<Vec<_>>().join("/")
        };
        let folders = listing.folders.iter().map(|folder| (folder.id.clone(), path(Some(&folder.id))));
        let own = match &target {
            Naming::Rename { id } => Some(id.clone()),
            Naming::First | Naming::Copy => None,
        };
        let others = listing.segments.iter().filter(|entry| Some(&entry.id) != own.as_ref());
        let mut save_as = Self {
            target,
            name: Field::with(name),
            folder: Field::with(&path(folder)),
            in_folder: false,
            folders: folders.collect(),
            siblings: others.map(|entry| (entry.folder.clone(), entry.name.clone())).collect(),
            found: Vec::new(),
            cursor: None,
            complaint: None,
        };
        save_as.search();
        save_as
    }

    /// Whether a folder is asked for too.
    #[must_use]
    pub fn takes_folder(&self) -> bool {
        !matches!(self.target, Naming::Rename { .. })
    }

    /// The folders that match what is typed, with those around them.
    pub fn found(&self) -> impl Iterator<Item = &str> {
        self.found.iter().filter_map(|index| self.folders.get(*index)).map(|(_, path)| path.as_str())
    }

    /// What would make the name better.
    #[must_use]
    pub fn advice(&self) -> Vec<String> {
        let name = self.name.text().trim();
        if name.is_empty() {
            return Vec::new();
        }
        let folder = self.destination();
        let (folder_id, folder_name) = match &folder {
            Destination::Folder(id) => (id.clone(), self.folder.text().rsplit('/').next().map(str::trim)),
            Destination::NewFolder { name, .. } => (Some(String::new()), Some(name.as_str())),
            Destination::Keep | Destination::Nowhere(_) => (None, None),
        };
        let siblings: Vec<&str> = self
            .siblings
            .iter()
            .filter(|(folder, _)| *folder == folder_id)
            .map(|(_, name)| name.as_str())
            .collect();
        workspace::advice(name, folder_name.filter(|name| !name.is_empty()), &siblings)
    }

    /// Where the typed folder is, or that it is made.
    #[must_use]
    pub fn destination(&self) -> Destination {
        if !self.takes_folder() {
            return Destination::Keep;
        }
        let typed = self.folder.text().trim().trim_matches('/').trim();
        if typed.is_empty() {
            return Destination::Folder(None);
        }
        let known = |path: &str| {
            let same = |candidate: &str| candidate.to_lowercase() == path.to_lowercase();
            let by_path = self.folders.iter().find(|(_, known)| same(known));
            by_path
                .or_else(|| self.folders.iter().find(|(_, known)| known.rsplit('/').next().is_some_and(same)))
        };
        if let Some((id, _)) = known(typed) {
            return Destination::Folder(Some(id.clone()));
        }
        let Some((around, name)) = typed.rsplit_once('/') else {
            return Destination::NewFolder { name: typed.to_owned(), parent: None };
        };
        match known(around.trim()) {
            Some((id, _)) => {
                Destination::NewFolder { name: name.trim().to_owned(), parent: Some(id.clone()) }
            }
            None => Destination::Nowhere(around.trim().to_owned()),
        }
    }

    /// Goes to the other field.
    pub fn next(&mut self) {
        self.in_folder = !self.in_folder && self.takes_folder();
        self.cursor = None;
    }

    /// Moves through the fields and the list of folders.
    pub fn step(&mut self, by: isize) {
        let count = self.found.len();
        match (self.in_folder, self.cursor, by > 0) {
            (false, _, true) => self.next(),
            (false, _, false) => {}
            (true, None, false) => self.in_folder = false,
            (true, None, true) => self.cursor = (count > 0).then_some(0),
            (true, Some(0), false) => self.cursor = None,
            (true, Some(at), _) => {
                self.cursor = Some(at.saturating_add_signed(by).min(count.saturating_sub(1)))
            }
        }
    }

    /// Types into the focused field.
    pub fn input(&mut self, key: KeyEvent) {
        self.complaint = None;
        if self.in_folder {
            self.cursor = None;
            if self.folder.input(key) {
                self.search();
            }
        } else {
            self.name.input(key);
        }
    }

    /// Pastes into the focused field.
    pub fn paste(&mut self, text: &str) {
        self.complaint = None;
        if self.in_folder {
            self.folder.paste(text);
            self.search();
        } else {
            self.name.paste(text);
        }
    }

    /// Enter: goes on to the folder, takes the folder at the cursor, or answers that all is said.
    pub fn accept(&mut self) -> bool {
        if let Err(error) = workspace::validate_name(self.name.text().trim()) {
            self.complaint = Some(format!("{error}: {}", error.help()));
            self.in_folder = false;
            return false;
        }
        if !self.in_folder && self.takes_folder() {
            self.in_folder = true;
            return false;
        }
        if let Some(path) = self.cursor.take().and_then(|at| self.found().nth(at).map(str::to_owned)) {
            self.folder = Field::with(&path);
            self.search();
            return false;
        }
        if let Destination::Nowhere(around) = self.destination() {
            self.complaint =
                Some(format!("there is no folder {around:?} to make one in: make that one first"));
            return false;
        }
        true
    }

    fn search(&mut self) {
        self.found = fuzzy::search(self.folder.text(), self.folders.iter().map(|(_, path)| path.as_str()));
    }
}

/// Where a segment is saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Where it stands.
    Keep,
    /// In a folder, by id, or outside all folders.
    Folder(Option<String>),
    /// In a folder that is made for it.
    NewFolder {
        /// Its name.
        name: String,
        /// The id of the folder around it.
        parent: Option<String>,
    },
    /// In a folder inside one that does not exist.
    Nowhere(String),
}
