//! Name and folder of a segment, with advice on the name.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::action::{Action, Context};
use crate::app::command::{Command, Naming};
use crate::app::event::{Event, SaveFailure};
use crate::app::field::Field;
use crate::app::fuzzy::{NameMatch, Search};
use crate::app::layer::{Cx, Layer, Outcome};
use crate::diagnostic::Diagnostic;
use crate::segment::{Status, UNTITLED};
use crate::workspace::{self, Listing, Target};

/// Name and folder of a segment.
#[derive(Clone, Debug)]
pub struct SaveAs {
    /// What is asked for: a whole new segment, or just another name.
    pub naming: Naming,
    pub name: Field,
    /// The folder, as names with `/` between them; empty for none.
    pub folder: Field,
    /// Whether keys go to the folder.
    pub in_folder: bool,
    /// Every folder, with those around it.
    folders: Vec<(String, String)>,
    /// Every segment's folder and name.
    siblings: Vec<(Option<String>, String)>,
    /// The names of the other active segments of the database.
    taken: Vec<String>,
    /// Whether this one is active, so that it cannot have one of those.
    is_active: bool,
    /// The name that was suggested, as long as it is left as it is: the folder's prefix comes before it.
    suggested: Option<String>,
    found: Vec<usize>,
    /// The line of the list of folders, if the cursor is in it.
    pub cursor: Option<usize>,
    /// Why it cannot be saved as it stands.
    pub complaint: Option<String>,
}

impl SaveAs {
    /// Asks for a name, and for a folder unless it is a rename.
    fn new(naming: Naming, name: &str, folder: Option<&str>, listing: &Listing) -> Self {
        let path = |id: Option<&str>| {
            listing.folders_to(id).iter().map(|folder| folder.name.as_str()).collect::<Vec<_>>().join("/")
        };
        let folders = listing.folders.iter().map(|folder| (folder.id.clone(), path(Some(&folder.id))));
        let own = match &naming {
            Naming::Rename { id } => Some(id.clone()),
            Naming::First | Naming::Copy => None,
        };
        let others = listing.segments.iter().filter(|entry| Some(&entry.id) != own.as_ref());
        let mut save_as = Self {
            naming,
            name: Field::with(name),
            folder: Field::with(&path(folder)),
            in_folder: false,
            folders: folders.collect(),
            siblings: others.map(|entry| (entry.folder.clone(), entry.name.clone())).collect(),
            taken: Vec::new(),
            is_active: false,
            suggested: None,
            found: Vec::new(),
            cursor: None,
            complaint: None,
        };
        save_as.search();
        save_as
    }

    /// Whether a folder is asked for too.
    #[must_use]
    pub(crate) fn takes_folder(&self) -> bool {
        !matches!(self.naming, Naming::Rename { .. })
    }

    /// The folders that match what is typed, with those around them.
    pub fn found(&self) -> impl Iterator<Item = &str> {
        self.found.iter().filter_map(|index| self.folders.get(*index)).map(|(_, path)| path.as_str())
    }

    /// What stands in the way of the name: another segment has it.
    #[must_use]
    pub fn clash(&self) -> Option<String> {
        let name = self.name.text().trim();
        (self.is_active && self.is_taken(name))
            .then(|| format!("another segment is called {name:?}: change the name"))
    }

    fn is_taken(&self, name: &str) -> bool {
        self.taken.iter().any(|taken| workspace::same_name(taken, name))
    }

    /// The folder's prefix comes before a name that was suggested, where the names there have one.
    fn follow_folder(&mut self) {
        let Some(suggested) = self.suggested.clone() else { return };
        let Destination::Folder(Some(id)) = self.destination() else {
            self.name = Field::with(&suggested);
            return;
        };
        let folder = self.folders.iter().find(|(known, _)| *known == id).map(|(_, path)| path.clone());
        let folder = folder.unwrap_or_default();
        let own = folder.rsplit('/').next().unwrap_or_default();
        let siblings: Vec<&str> = self
            .siblings
            .iter()
            .filter(|(folder, _)| folder.as_deref() == Some(&id))
            .map(|(_, name)| name.as_str())
            .collect();
        let prefix = workspace::missing_prefix(&suggested, own, &siblings);
        let name = prefix.map_or_else(|| suggested.clone(), |prefix| format!("{prefix}_{suggested}"));
        self.name = Field::with(&name);
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
        let clash = (!self.is_active && self.is_taken(name)).then(|| {
            "an active segment is called so: this one needs another name before it becomes active".to_owned()
        });
        let advice = workspace::advice(name, folder_name.filter(|name| !name.is_empty()), &siblings);
        clash.into_iter().chain(advice).collect()
    }

    /// The folder that is meant, with those around it, if it is there already.
    #[must_use]
    pub(crate) fn chosen_path(&self) -> Option<&str> {
        let Destination::Folder(Some(id)) = self.destination() else { return None };
        self.folders.iter().find(|(known, _)| *known == id).map(|(_, path)| path.as_str())
    }

    /// Where the typed folder is, or that it is made.
    #[must_use]
    pub(crate) fn destination(&self) -> Destination {
        if !self.takes_folder() {
            return Destination::Keep;
        }
        let typed = self.folder.text().trim().trim_matches('/').trim();
        let known = |path: &str| {
            let same = |candidate: &str| candidate.to_lowercase() == path.to_lowercase();
            let by_path = self.folders.iter().find(|(_, known)| same(known));
            by_path
                .or_else(|| self.folders.iter().find(|(_, known)| known.rsplit('/').next().is_some_and(same)))
        };
        let at = self.cursor.and_then(|at| self.found.get(at)).and_then(|index| self.folders.get(*index));
        if let Some((id, _)) = at {
            return Destination::Folder(Some(id.clone()));
        }
        if typed.is_empty() {
            return Destination::Folder(None);
        }
        if let Some((id, _)) = known(typed).filter(|_| self.cursor.is_none()) {
            return Destination::Folder(Some(id.clone()));
        }
        // One that is there comes before a new one; that is the line after them.
        let first = self.found.first().and_then(|index| self.folders.get(*index));
        if let Some((id, _)) = first.filter(|_| self.cursor.is_none()) {
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
    fn next(&mut self) {
        self.in_folder = !self.in_folder && self.takes_folder();
        self.cursor = None;
    }

    /// How many lines there are to choose a folder from: those that match, then a new one of what is typed.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.found.len() + usize::from(self.offers_new())
    }

    /// Whether a new folder is offered after those that match.
    #[must_use]
    pub fn offers_new(&self) -> bool {
        let typed = self.folder.text().trim().trim_matches('/').trim().to_lowercase();
        !typed.is_empty() && !self.folders.iter().any(|(_, path)| path.to_lowercase() == typed)
    }

    /// Moves through the fields and the list of folders.
    fn step(&mut self, by: isize) {
        let count = self.rows();
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

    /// Enter: goes on to the folder, takes the folder at the cursor, or answers that all is said.
    fn is_complete(&mut self) -> bool {
        if let Err(error) = workspace::validate_name(self.name.text().trim()) {
            self.complaint = Some(format!("{error}: {}", error.help()));
            self.in_folder = false;
            return false;
        }
        if let Some(clash) = self.clash() {
            self.complaint = Some(clash);
            self.in_folder = false;
            return false;
        }
        if !self.in_folder && self.takes_folder() {
            self.in_folder = true;
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
        let typed = self.folder.text().trim();
        self.found = if typed.is_empty() {
            (0..self.folders.len()).collect()
        } else {
            // Letters that are scattered over a name mean no folder that is there.
            let mut search = Search::new(typed);
            let mut found: Vec<_> = self
                .folders
                .iter()
                .enumerate()
                .filter_map(|(at, (_, path))| Some((search.closeness(path)?, at)))
                .filter(|(closeness, _)| closeness.0 < NameMatch::Scattered)
                .collect();
            found.sort_unstable();
            found.into_iter().map(|(_, at)| at).collect()
        };
    }
}

impl SaveAs {
    /// The form for the open segment of this name and folder, or for one of the list.
    pub(crate) fn for_segment(naming: Naming, name: &str, folder: Option<&str>, listing: &Listing) -> Self {
        match &naming {
            // What was started from a page has a name already.
            Naming::First if name == UNTITLED => Self::new(naming, "", None, listing),
            Naming::First => Self::new(naming, name, None, listing),
            Naming::Copy => Self::new(naming, &copy_name(name, listing), folder, listing),
            Naming::Rename { id } => {
                let name = listing.segment(id).map(|entry| entry.name.clone()).unwrap_or_default();
                Self::new(naming, &name, None, listing)
            }
        }
    }

    /// With the names that are taken in the database of the segment.
    pub(crate) fn in_database(self, database: &str, status: Status, listing: &Listing) -> Self {
        let own = match &self.naming {
            Naming::Rename { id } => Some(id.as_str()),
            Naming::First | Naming::Copy => None,
        };
        let others = listing.segments.iter().filter(|entry| Some(entry.id.as_str()) != own);
        let taken = others.filter(|entry| entry.database == database && entry.status == Status::Active);
        let taken = taken.map(|entry| entry.name.clone()).collect();
        Self { taken, is_active: status == Status::Active, ..self }
    }

    /// With a name made of the conditions, where the form has none.
    pub(crate) fn with_suggestion(self, suggested: String) -> Self {
        if !self.name.text().is_empty() || suggested.is_empty() {
            return self;
        }
        let is_taken =
            |name: &String| self.siblings.iter().any(|(_, other)| workspace::same_name(other, name));
        let numbered = (2..).map(|number| format!("{suggested}_{number:02}"));
        let free = std::iter::once(suggested.clone()).chain(numbered).find(|name| !is_taken(name));
        let name = free.unwrap_or(suggested);
        Self { name: Field::with(&name), suggested: Some(name), ..self }
    }

    fn accept(&mut self, cx: &mut Cx<'_>) -> Outcome {
        if !self.is_complete() {
            return Outcome::stay();
        }
        let target = match self.destination() {
            Destination::Keep => Target::Keep,
            Destination::Folder(folder) => Target::Folder(folder),
            // The form does not go on with a folder that cannot be made.
            Destination::Nowhere(_) => return Outcome::stay(),
            Destination::NewFolder { name, parent } => {
                Target::NewFolder { name, parent, id: cx.session.new_id("fld_") }
            }
        };
        let name = self.name.text().trim().to_owned();
        Outcome::ask(Command::SaveNamed { naming: self.naming.clone(), name, target })
    }

    /// The segment has its name, or not.
    fn finished(&mut self, failure: Option<&Diagnostic>, cx: &Cx<'_>) -> Outcome {
        match failure {
            None if cx.is_top => Outcome::close(),
            None => Outcome::pass(),
            Some(failure) => {
                self.complaint = Some(format!("{}: {}", failure.message, failure.help_text()));
                Outcome::stay()
            }
        }
    }
}

impl Layer for SaveAs {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::SaveAs]
    }

    fn hints(&self) -> Vec<(Action, &'static str)> {
        match self.in_folder || !self.takes_folder() {
            true => vec![(Action::Accept, "save"), (Action::Apply, "")],
            false => vec![(Action::Accept, "to the folder"), (Action::Apply, "save")],
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.step(by);
            self.follow_folder();
            return Outcome::stay();
        }
        match action {
            Action::Accept => self.accept(cx),
            Action::Apply => {
                // All that is said is taken, whichever field the keys go to.
                self.in_folder = self.takes_folder();
                self.cursor = None;
                self.accept(cx)
            }
            Action::NextField | Action::PreviousField => {
                self.next();
                Outcome::stay()
            }
            Action::Back => Outcome::close().then_ask(Command::Cancel),
            _ => Outcome::pass(),
        }
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        self.complaint = None;
        if self.in_folder {
            self.cursor = None;
            if self.folder.input(key) {
                self.search();
                self.follow_folder();
            }
        } else {
            // What is typed takes the place of a suggestion that was left as it is.
            let types = matches!(key.code, KeyCode::Char(_))
                && !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
            if types && self.suggested.take().is_some() {
                self.name = Field::default();
            }
            self.suggested = None;
            self.name.input(key);
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _: &mut Cx<'_>) -> Outcome {
        self.complaint = None;
        if self.in_folder {
            self.folder.paste(text);
            self.search();
            self.follow_folder();
        } else {
            if self.suggested.take().is_some() {
                self.name = Field::default();
            }
            self.name.paste(text);
        }
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        match event {
            Event::Saved { result: Ok(_), .. } | Event::Renamed { result: Ok(_) } => self.finished(None, cx),
            Event::Saved { result: Err(SaveFailure::NameTaken(failure)), .. } => {
                self.in_folder = false;
                self.finished(Some(failure), cx)
            }
            Event::Saved { result: Err(SaveFailure::Other(failure)), .. }
            | Event::Renamed { result: Err(failure) } => self.finished(Some(failure), cx),
            _ => Outcome::pass(),
        }
    }
}

/// A name for a copy that no segment has.
fn copy_name(name: &str, listing: &Listing) -> String {
    let is_free = |name: &String| listing.segments.iter().all(|entry| entry.name != *name);
    let numbered = (2..).map(|number| format!("{name} copy {number}"));
    std::iter::once(format!("{name} copy")).chain(numbered).find(is_free).unwrap_or_default()
}

/// Where a segment is saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// Where it stands.
    Keep,
    /// In a folder, by id, or outside all folders.
    Folder(Option<String>),
    /// In a folder that is made for it.
    NewFolder {
        name: String,
        /// The id of the folder around it.
        parent: Option<String>,
    },
    /// In a folder inside one that does not exist.
    Nowhere(String),
}
