//! The list picker: the segments, files and queries that can serve as customer lists.

use std::collections::HashMap;
use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::pick::{Item, Pick};
use super::prompt::EditTarget;
use crate::app::event::{Failure, ListPreview};
use crate::segment::{ListOperator, ListSource, nearest};
use crate::workspace::{Entry, Listing, Stored};

/// The list picker.
#[derive(Clone, Debug)]
pub struct Lists {
    /// What the list is for.
    pub target: EditTarget,
    /// Whether its customers are wanted.
    pub op: ListOperator,
    /// Which kind is shown.
    pub kind: ListKind,
    /// What there is of that kind.
    pub pick: Pick<ListChoice>,
    /// What was found out about those that the cursor has been on.
    pub previews: HashMap<ListSource, Result<Arc<ListPreview>, Failure>>,
    /// The list that the condition names now.
    before: Option<ListSource>,
    from: AvailableLists,
}

/// The kinds of customer lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListKind {
    /// Members of other segments.
    Segments,
    /// Ids in uploaded files.
    Files,
    /// Ids that queries return.
    Queries,
}

impl ListKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Segments, Self::Files, Self::Queries];

    /// Its name on screens.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Segments => "Segments",
            Self::Files => "Files",
            Self::Queries => "Queries",
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(self, listing: &Listing) -> usize {
        match self {
            Self::Segments => listing.segments.len(),
            Self::Files => listing.lists.len(),
            Self::Queries => listing.queries.len(),
        }
    }

    /// The kind of a list.
    #[must_use]
    pub fn from_source(source: &ListSource) -> Self {
        match source {
            ListSource::Segment(_) => Self::Segments,
            ListSource::File(_) => Self::Files,
            ListSource::Query(_) => Self::Queries,
        }
    }

    fn next(self, forward: bool) -> Self {
        match (self, forward) {
            (Self::Segments, true) | (Self::Queries, false) => Self::Files,
            (Self::Files, true) | (Self::Segments, false) => Self::Queries,
            (Self::Queries, true) | (Self::Files, false) => Self::Segments,
        }
    }
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListChoice {
    /// A list.
    Source(ListSource),
    /// A file that is not in the workspace yet.
    Upload,
}

/// What there is to choose from, and for whom.
#[derive(Clone, Debug)]
pub struct AvailableLists {
    /// The workspace as it was read last.
    pub listing: Arc<Listing>,
    /// The segment that gets the condition, by id.
    pub segment: String,
    /// Its activation ID.
    pub activation_id: String,
    /// That of segments which name none.
    pub default_id: String,
    /// Why no file can be added.
    pub no_upload: Option<String>,
}

impl Lists {
    /// Offers the lists of a kind.
    #[must_use]
    pub fn new(target: EditTarget, op: ListOperator, kind: ListKind, from: AvailableLists) -> Self {
        let pick = Pick::new(Vec::new());
        let mut lists = Self { target, op, kind, pick, previews: HashMap::new(), before: None, from };
        lists.show(kind);
        lists
    }

    /// Starts at the list that a condition names now, or where there is none of that name at the one
    /// that was probably meant.
    #[must_use]
    pub fn at(self, source: &ListSource) -> Self {
        let mut lists = Self { before: Some(source.clone()), ..self };
        lists.show(ListKind::from_source(source));
        lists
    }

    /// What the workspace holds has changed.
    pub fn refresh(&mut self, listing: &Arc<Listing>) {
        self.from.listing = Arc::clone(listing);
        let (query, current) = (self.pick.query.clone(), self.current().cloned());
        self.pick = Pick::searched(self.from.items(self.kind), query.text());
        self.pick.go_to(|choice| Some(choice) == current.as_ref());
    }

    /// Goes to the next or the previous kind.
    pub fn turn(&mut self, forward: bool) {
        self.show(self.kind.next(forward));
    }

    fn show(&mut self, kind: ListKind) {
        self.kind = kind;
        self.pick = Pick::new(self.from.items(kind));
        self.pick.go_to(|choice| matches!(choice, ListChoice::Source(_)));
        let Some(before) = self.before.clone().filter(|before| ListKind::from_source(before) == kind) else {
            return;
        };
        let suggested = self.from.suggest(&before).unwrap_or(before);
        self.pick.go_to(|choice| *choice == ListChoice::Source(suggested.clone()));
    }

    /// What the cursor is on.
    #[must_use]
    pub fn current(&self) -> Option<&ListChoice> {
        self.pick.current().map(|item| &item.value)
    }

    /// The list that the cursor is on.
    #[must_use]
    pub fn source(&self) -> Option<&ListSource> {
        match self.current()? {
            ListChoice::Source(source) => Some(source),
            ListChoice::Upload => None,
        }
    }

    /// The segment that the cursor is on.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        match self.source()? {
            ListSource::Segment(id) => self.from.listing.segment(id),
            ListSource::File(_) | ListSource::Query(_) => None,
        }
    }

    /// The file that the cursor is on.
    #[must_use]
    pub fn stored(&self) -> Option<&Stored> {
        let listing = &self.from.listing;
        match self.source()? {
            ListSource::Segment(_) => None,
            ListSource::File(path) => listing.lists.iter().find(|stored| stored.path == *path),
            ListSource::Query(path) => listing.queries.iter().find(|stored| stored.path == *path),
        }
    }

    /// Types into the search.
    pub fn input(&mut self, key: KeyEvent) {
        self.pick.input(key);
    }

    /// Pastes into the search.
    pub fn paste(&mut self, text: &str) {
        self.pick.paste(text);
    }
}

impl AvailableLists {
    fn items(&self, kind: ListKind) -> Vec<Item<ListChoice>> {
        let listing = &self.listing;
        let stored = |stored: &Stored, source: fn(String) -> ListSource| {
            Item::new(ListChoice::Source(source(stored.path.clone())), stored.path.clone())
        };
        match kind {
            ListKind::Segments => listing.segments.iter().map(|entry| self.segment(entry)).collect(),
            ListKind::Files => {
                let upload = Item::new(ListChoice::Upload, "upload a file…");
                let upload = Item { disabled: self.no_upload.clone(), ..upload };
                let files = listing.lists.iter().map(|file| stored(file, ListSource::File));
                std::iter::once(upload).chain(files).collect()
            }
            ListKind::Queries => listing.queries.iter().map(|file| stored(file, ListSource::Query)).collect(),
        }
    }

    fn segment(&self, entry: &Entry) -> Item<ListChoice> {
        let folders = self.listing.folders_to(entry.folder.as_deref());
        let folder = folders.iter().map(|folder| folder.name.as_str()).collect::<Vec<_>>().join("/");
        let choice = ListChoice::Source(ListSource::Segment(entry.id.clone()));
        let item = Item::new(choice, entry.name.clone()).detail(folder);
        Item { search: self.listing.full_name(entry), disabled: self.disabled_reason(entry), ..item }
    }

    /// Why the segment cannot refer to another one.
    pub fn disabled_reason(&self, entry: &Entry) -> Option<String> {
        if entry.id == self.segment {
            return Some("this segment itself".to_owned());
        }
        let id = if entry.activation_id.is_empty() { &self.default_id } else { &entry.activation_id };
        if *id != self.activation_id {
            return Some(format!("is made of {id}, this segment of {}", self.activation_id));
        }
        let way = self.listing.way(&entry.id, &self.segment)?;
        let names = way.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>().join(" → ");
        Some(format!("would make a circle: {names}"))
    }

    /// The list that was probably meant by one that does not exist.
    fn suggest(&self, source: &ListSource) -> Option<ListSource> {
        let listing = &self.listing;
        let near = |path: &str, stored: &[Stored]| {
            nearest(path, stored.iter().map(|stored| stored.path.as_str())).map(str::to_owned)
        };
        match source {
            ListSource::Segment(id) if listing.segment(id).is_some() => None,
            ListSource::Segment(id) => {
                let near = nearest(id, listing.segments.iter().map(|entry| entry.name.as_str()))?;
                let entry = listing.segments.iter().find(|entry| entry.name == near)?;
                Some(ListSource::Segment(entry.id.clone()))
            }
            ListSource::File(path) => near(path, &listing.lists).map(ListSource::File),
            ListSource::Query(path) => near(path, &listing.queries).map(ListSource::Query),
        }
    }
}
