//! What is in a workspace, read from the disk.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use super::error::{Damaged, WorkspaceError};
use super::names::{ENDING, same_name};
use super::record::{self, Record};
use super::version::Version;
use super::{Workspace, text};
use crate::backend::Metric;
use crate::file_system::entries;
use crate::segment::{ConditionKind, Group, ListSource, Node, Segment, Side, Stamp, Status};

/// How deep folders are looked into; more can only be made by hand.
pub(super) const DEEPEST_SEARCH: usize = 32;

/// Folders and segments, by name without regard to case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Every folder.
    pub folders: Vec<Folder>,
    /// Every segment that can be read.
    pub segments: Vec<Entry>,
    /// Every file that cannot.
    pub damaged: Vec<Damaged>,
    /// The uploaded lists of ids.
    pub lists: Vec<Stored>,
    /// The queries that serve as customer lists.
    pub queries: Vec<Stored>,
    /// The custom metrics of all databases that can be understood.
    pub metrics: Vec<Metric>,
}

/// A file that conditions can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Where it is below `lists/` or `queries/`, steps with `/` between them.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its identity; made from its place where it has no `folder.json`.
    pub id: String,
    /// Its name; that of the directory where it has no `folder.json`.
    pub name: String,
    pub description: String,
    /// The id of the folder around it.
    pub parent: Option<String>,
    /// The directory.
    pub path: PathBuf,
}

/// A segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its identity.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The id of the folder it is in.
    pub folder: Option<String>,
    /// Draft or active.
    pub status: Status,
    /// How often it was saved.
    pub revision: u64,
    /// Its labels.
    pub labels: Vec<String>,
    /// The database that it was made for.
    pub database: String,
    /// The column that says whom its numbers count.
    pub activation_id: String,
    /// When and by whom it was saved last.
    pub updated: Option<Stamp>,
    /// The ids of the segments that its conditions refer to.
    pub uses: Vec<String>,
    /// The uploaded lists that its conditions refer to.
    pub files: Vec<String>,
    /// Those of the segments that its members are worked out from: what is switched off left out.
    pub needs: Vec<String>,
    /// Whether a newer program wrote it, so that it is read only.
    pub is_newer: bool,
    /// Its tests, if it has any.
    pub tests: Option<ListedTests>,
    /// The file.
    pub path: PathBuf,
}

/// The tests of a listed segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedTests {
    /// How many there are.
    pub count: usize,
    /// What the document is, so that results of another one are told from its own.
    pub version: Version,
}

impl ListedTests {
    fn of(segment: &Segment) -> Option<Self> {
        let count = segment.tests.len();
        (count > 0).then(|| Self { count, version: Version::of(segment) })
    }
}

impl Workspace {
    /// Reads what there is.
    ///
    /// # Errors
    /// The folder exists but cannot be read. A single file that cannot is listed as damaged.
    pub fn list(&self) -> Result<Listing, WorkspaceError> {
        let mut scan = Scan {
            workspace: self,
            listing: Listing::default(),
            ids: HashSet::new(),
            places: HashMap::new(),
            twins: Vec::new(),
            root: self.segments(),
        };
        let root = scan.root.clone();
        scan.folder(&root, None, 0)?;
        scan.note_twins();
        let mut listing = scan.listing;
        listing.lists = self.stored("lists", &|_| true);
        listing.queries = self.stored_queries();
        listing.damaged.extend(["lists", "queries"].into_iter().flat_map(|folder| self.odd_files(folder)));
        self.list_metrics(&mut listing);
        let key = |name: &str, path: &Path| (name.to_lowercase(), name.to_owned(), path.to_owned());
        listing.folders.sort_by_cached_key(|folder| key(&folder.name, &folder.path));
        listing.segments.sort_by_cached_key(|entry| key(&entry.name, &entry.path));
        Ok(listing)
    }

    /// A file that cannot be understood is listed as damaged.
    fn list_metrics(&self, listing: &mut Listing) {
        match self.readable_metrics() {
            Ok((metrics, damaged)) => {
                listing.metrics = metrics;
                listing.damaged.extend(damaged);
            }
            Err(error) => {
                let path = self.source().join("workspace.json");
                listing.damaged.push(Damaged::unreadable(&path, error));
            }
        }
    }
}

impl Listing {
    #[must_use]
    pub fn segment(&self, id: &str) -> Option<&Entry> {
        self.segments.iter().find(|entry| entry.id == id)
    }

    #[must_use]
    pub fn folder(&self, id: &str) -> Option<&Folder> {
        self.folders.iter().find(|folder| folder.id == id)
    }

    /// The folders around something in `folder`, outermost first.
    #[must_use]
    pub(crate) fn folders_to(&self, folder: Option<&str>) -> Vec<&Folder> {
        let mut way = Vec::new();
        let mut next = folder;
        while let Some(folder) = next.and_then(|id| self.folder(id)) {
            way.push(folder);
            next = folder.parent.as_deref();
        }
        way.reverse();
        way
    }

    /// A segment's name with its folders: `Churn/High_CLV`.
    #[must_use]
    pub(crate) fn full_name(&self, entry: &Entry) -> String {
        let folders = self.folders_to(entry.folder.as_deref());
        let names = folders.iter().map(|folder| folder.name.as_str()).chain([entry.name.as_str()]);
        names.collect::<Vec<_>>().join("/")
    }

    /// The segments over which the members of `from` are worked out from those of `to`, both included,
    /// by the shortest way; `None` if they are not.
    #[must_use]
    pub fn way(&self, from: &str, to: &str) -> Option<Vec<&Entry>> {
        let mut ways = VecDeque::from([vec![self.segment(from)?]]);
        let mut seen = HashSet::from([from]);
        while let Some(way) = ways.pop_front() {
            let last = way.last()?;
            if last.id == to {
                return Some(way);
            }
            for next in last.needs.iter().filter_map(|id| self.segment(id)) {
                if seen.insert(next.id.as_str()) {
                    ways.push_back(way.iter().copied().chain([next]).collect());
                }
            }
        }
        None
    }

    /// The names of the segments that refer to an uploaded list.
    #[must_use]
    pub(crate) fn users_of_list(&self, path: &str) -> Vec<String> {
        let users = self.segments.iter().filter(|entry| entry.files.iter().any(|file| file == path));
        users.map(|entry| entry.name.clone()).collect()
    }

    /// The folder with this name, without regard to case.
    #[must_use]
    pub(crate) fn folder_named(&self, name: &str) -> Option<&Folder> {
        self.folders.iter().find(|folder| same_name(&folder.name, name))
    }
}

/// What is in a directory, in order, each with whether it is a directory itself. Hidden files are not
/// of the workspace.
pub(super) fn children(folder: &Path) -> Result<Vec<(PathBuf, bool)>, WorkspaceError> {
    let mut entries = entries(folder).map_err(WorkspaceError::io("read", folder))?;
    entries.retain(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    let is_folder = |entry: &DirEntry| entry.file_type().is_ok_and(|file_type| file_type.is_dir());
    Ok(entries.iter().map(|entry| (entry.path(), is_folder(entry))).collect())
}

/// Every segment file below a directory, in the order in which they are listed. What cannot be read
/// has none.
pub(super) fn documents(folder: &Path) -> Vec<PathBuf> {
    fn add(folder: &Path, depth: usize, documents: &mut Vec<PathBuf>) {
        for (path, is_folder) in children(folder).unwrap_or_default() {
            if !is_folder {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if name.ends_with(ENDING) {
                    documents.push(path);
                }
            } else if depth < DEEPEST_SEARCH {
                add(&path, depth + 1, documents);
            }
        }
    }
    let mut documents = Vec::new();
    add(folder, 0, &mut documents);
    documents
}

struct Scan<'a> {
    workspace: &'a Workspace,
    listing: Listing,
    /// Of folders.
    ids: HashSet<String>,
    /// Where in the listing the segment with an id is.
    places: HashMap<String, usize>,
    /// Files that are not listed, as another has their id.
    twins: Vec<(PathBuf, String)>,
    root: PathBuf,
}

impl Scan<'_> {
    fn folder(&mut self, path: &Path, id: Option<&str>, depth: usize) -> Result<(), WorkspaceError> {
        for (path, is_folder) in children(path)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !is_folder {
                if name.ends_with(ENDING) {
                    self.segment(path, id);
                }
            } else if depth < DEEPEST_SEARCH {
                if name.ends_with(ENDING) && documents(&path).is_empty() {
                    let help = "rename it, or move it elsewhere".to_owned();
                    let damaged =
                        text::damaged(&path, 0, 0, "it is a folder with the name of a segment's file");
                    self.listing.damaged.push(Damaged { help, ..damaged });
                    continue;
                }
                let child = self.describe(&path, name, id);
                let child_id = child.id.clone();
                self.listing.folders.push(child);
                if let Err(error) = self.folder(&path, Some(&child_id), depth + 1) {
                    self.note(&path, error);
                }
            }
        }
        Ok(())
    }

    fn describe(&mut self, path: &Path, directory: String, parent: Option<&str>) -> Folder {
        let record = Record::read(&path.join("folder.json"), record::FOLDER).unwrap_or_else(|error| {
            // Its directory is listed all the same.
            self.note(&path.join("folder.json"), error);
            None
        });
        let text = |key| record.as_ref().and_then(|record| record.text(key)).filter(|text| !text.is_empty());
        let place = path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        // A folder that was copied by hand brings an id that is taken.
        let recorded = text("id").map(str::to_owned).filter(|id| !self.ids.contains(id));
        let mut id = recorded.unwrap_or_else(|| format!("folder:{place}"));
        while !self.ids.insert(id.clone()) {
            id.push('+');
        }
        Folder {
            id,
            name: text("name").map_or(directory, str::to_owned),
            description: text("description").unwrap_or_default().to_owned(),
            parent: parent.map(str::to_owned),
            path: path.to_owned(),
        }
    }

    fn segment(&mut self, path: PathBuf, folder: Option<&str>) {
        let segment = match text::read_segment(&path) {
            Ok(segment) => segment,
            Err(error) => return self.note(&path, error),
        };
        let place = self.places.get(&segment.id).copied();
        let twin = place.and_then(|place| self.listing.segments.get_mut(place));
        if let Some(listed) = &twin {
            let fits = self.workspace.fit(&path, &segment);
            let listed_fits =
                text::read_segment(&listed.path).map(|twin| self.workspace.fit(&listed.path, &twin));
            if listed_fits.is_ok_and(|listed_fits| listed_fits >= fits) {
                self.twins.push((path, segment.id));
                return;
            }
        }
        let (uses, files, needs) = (uses(&segment), files(&segment), needs(&segment));
        let entry = Entry {
            is_newer: segment.is_newer(),
            tests: ListedTests::of(&segment),
            id: segment.id,
            name: segment.name,
            folder: folder.map(str::to_owned),
            status: segment.status,
            revision: segment.revision,
            labels: segment.labels,
            database: segment.database,
            activation_id: segment.activation_id,
            updated: segment.updated,
            uses,
            files,
            needs,
            path,
        };
        match twin {
            Some(listed) => {
                let copy = std::mem::replace(listed, entry);
                self.twins.push((copy.path, copy.id));
            }
            None => {
                self.places.insert(entry.id.clone(), self.listing.segments.len());
                self.listing.segments.push(entry);
            }
        }
    }

    /// Reports the files that are not listed. That is last, as which one is listed is known last.
    fn note_twins(&mut self) {
        for (path, id) in std::mem::take(&mut self.twins) {
            let short = |path: &Path| path.strip_prefix(&self.root).unwrap_or(path).display().to_string();
            let listed = self.listing.segment(&id).map(|entry| short(&entry.path)).unwrap_or_default();
            let message = format!("{} has the id of {listed}, which is the one in use", short(&path));
            let help = "give one of them another \"id\", or remove the one that is not wanted".to_owned();
            self.listing.damaged.push(Damaged { help, ..text::damaged(&path, 1, 1, &message) });
        }
    }

    fn note(&mut self, path: &Path, error: WorkspaceError) {
        self.listing.damaged.push(Damaged::unreadable(path, error));
    }
}

/// The ids of the segments that a segment's conditions refer to, switched off or not.
pub(super) fn uses(segment: &Segment) -> Vec<String> {
    sorted(segment.walk().into_iter().filter_map(|(_, node)| referred(node)).collect())
}

fn files(segment: &Segment) -> Vec<String> {
    let files = segment.walk().into_iter().filter_map(|(_, node)| match source(node)? {
        ListSource::File(path) => Some(path.clone()),
        ListSource::Segment(_) | ListSource::Query(_) => None,
    });
    sorted(files.collect())
}

/// Those that count: nothing around them is switched off.
fn needs(segment: &Segment) -> Vec<String> {
    fn add(group: &Group, ids: &mut Vec<String>) {
        for node in group.nodes.iter().filter(|node| !node.is_off()) {
            ids.extend(referred(node));
            if let Node::Group(inner) = node {
                add(inner, ids);
            }
        }
    }
    let mut ids = Vec::new();
    let sides = Side::BOTH.into_iter().filter_map(|side| segment.side(side));
    sides.filter(|side| side.off != Some(true)).for_each(|side| add(side, &mut ids));
    sorted(ids)
}

fn referred(node: &Node) -> Option<String> {
    match source(node)? {
        ListSource::Segment(id) => Some(id.clone()),
        ListSource::File(_) | ListSource::Query(_) => None,
    }
}

fn source(node: &Node) -> Option<&ListSource> {
    let Node::Condition(condition) = node else { return None };
    let ConditionKind::List(list) = &condition.kind else { return None };
    Some(&list.source)
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids.dedup();
    ids
}
