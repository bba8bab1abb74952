//! The segments, files and queries that can serve as customer lists of the open segment.

use std::sync::Arc;

use super::pick::Item;
use super::view::View;
use crate::segment::{ListSource, nearest};
use crate::workspace::{Entry, Listing, Stored};

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

    #[must_use]
    pub(crate) fn from_source(source: &ListSource) -> Self {
        match source {
            ListSource::Segment(_) => Self::Segments,
            ListSource::File(_) => Self::Files,
            ListSource::Query(_) => Self::Queries,
        }
    }

    pub(crate) fn next(self, forward: bool) -> Self {
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

impl AvailableLists {
    /// Those of the open segment.
    pub(crate) fn new(view: View<'_>) -> Option<Self> {
        let read_only = view.session.read_only;
        Some(Self {
            listing: view.session.workspace().cloned().unwrap_or_default(),
            segment: view.segment?.id.clone(),
            activation_id: view.activation_id(),
            default_id: view.database().map(|database| database.default_id.clone()).unwrap_or_default(),
            no_upload: read_only.then(|| "nothing is saved in read-only mode".to_owned()),
        })
    }

    /// Those of a kind.
    pub(crate) fn items(&self, kind: ListKind) -> Vec<Item<ListChoice>> {
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
    pub(crate) fn disabled_reason(&self, entry: &Entry) -> Option<String> {
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
    pub(crate) fn suggest(&self, source: &ListSource) -> Option<ListSource> {
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
