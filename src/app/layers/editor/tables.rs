//! The tree of what can be asked: tables with their attributes, purchase behaviours, customer lists.

use std::collections::HashSet;
use std::sync::Arc;

use crate::app::available_lists::ListKind;
use crate::app::field::Field;
use crate::app::fuzzy::{self, Search};
use crate::app::layers::explorer::Profiles;
use crate::app::layers::notes::sentence;
use crate::backend::ColumnName;
use crate::database::{Database, Note, Table, shown_name};
use crate::segment::{Behaviour, ColumnNames, DataType, Keyword, Letters};
use crate::workspace::Listing;

/// The tree and its cursor.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// What is searched for.
    pub find: Field,
    /// Whether keys go into the search.
    pub finding: bool,
    /// Branches that are open.
    pub open: HashSet<Branch>,
    /// The line of the cursor.
    pub cursor: usize,
    lines: Vec<TreeLine>,
    /// What the lines were made of.
    source: Option<LinesSource>,
    /// What is known of columns.
    pub profiles: Profiles,
}

/// What the lines of the tree are made of.
#[derive(Clone, Debug)]
struct LinesSource {
    database: Arc<Database>,
    listing: Option<Arc<Listing>>,
    activation_id: String,
    query: String,
    open: HashSet<Branch>,
}

/// A branch of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Branch {
    /// A table, by name.
    Table(String),
    /// What customers bought.
    Behaviours,
    /// Who stands on a list.
    Lists,
}

/// Why nothing can be asked of a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BranchProblem {
    /// The table cannot be read.
    Damaged(String),
    /// What it lacks, in words.
    Lacks(String),
}

impl BranchProblem {
    /// What a table has, if it has one.
    pub(crate) fn of_table(table: &Table, activation_id: &str) -> Option<Self> {
        match &table.content {
            Err(error) => Some(Self::Damaged(error.to_string())),
            Ok(_) if table.id_column(activation_id).is_none() => {
                Some(Self::Lacks(format!("no {activation_id}")))
            }
            Ok(_) => None,
        }
    }
}

/// A line of the tree.
#[derive(Clone, Debug, PartialEq)]
pub enum TreeLine {
    /// A branch.
    Branch {
        /// Which.
        branch: Branch,
        /// Its name on screens.
        label: String,
        /// Rows, for a table.
        rows: Option<u64>,
        /// Why it cannot be used.
        problem: Option<BranchProblem>,
        /// What was noticed about it, which does not keep it from being used.
        notes: Vec<String>,
        /// Whether its leaves are shown.
        open: bool,
    },
    /// An attribute of a table.
    Attribute {
        /// The table's name.
        table: String,
        /// The column's name.
        column: String,
        /// The column's name on screens.
        label: String,
        /// Its type.
        data_type: DataType,
    },
    /// What was noticed about the files of a table, or of the database as a whole: each in a sentence.
    Notes(Option<String>, Vec<String>),
    /// A purchase behaviour.
    Behaviour(Behaviour),
    /// A kind of customer lists, and how many there are.
    List(ListKind, Option<usize>),
}

/// How many attributes a search shows at most; typing finds the others.
const MOST_FOUND: usize = 2_000;

/// The leaves that a search means: by their own names, else all of a branch by its name, else by both
/// together.
fn matching(search: Option<&mut Search>, branch: &str, leaves: &[&str]) -> Vec<usize> {
    let Some(search) = search else { return (0..leaves.len()).collect() };
    matching_columns(search, branch, leaves, &|at| Letters::of(leaves.get(at).copied().unwrap_or_default()))
}

/// The same of the columns of a table. Where there is no room for them it is enough to know whether there are any.
fn matching_names(
    search: &mut Search,
    branch: &str,
    names: &ColumnNames,
    leaves: &[&str],
    room: usize,
) -> Vec<usize> {
    if room > 0 {
        return matching_columns(search, branch, leaves, &|at| names.letters(at));
    }
    let needed = search.needed;
    let mut like =
        leaves.iter().enumerate().filter(|(at, _)| names.letters(*at).may_have(Letters::default(), needed));
    let any = like.find(|(_, leaf)| search.matches(leaf)).map(|(at, _)| at);
    any.or_else(|| search.matches(branch).then_some(0)).into_iter().collect()
}

fn matching_columns(
    search: &mut Search,
    branch: &str,
    leaves: &[&str],
    letters: &dyn Fn(usize) -> Letters,
) -> Vec<usize> {
    let needed = search.needed;
    let like =
        |also: Letters| leaves.iter().enumerate().filter(move |(at, _)| letters(*at).may_have(also, needed));
    let by_leaf = search.ranked(like(Letters::default()).map(|(at, leaf)| (at, *leaf)));
    if !by_leaf.is_empty() {
        return by_leaf;
    }
    if search.matches(branch) {
        return (0..leaves.len()).collect();
    }
    let both: Vec<(usize, String)> =
        like(Letters::of(branch)).map(|(at, leaf)| (at, format!("{branch} {leaf}"))).collect();
    search.ranked(both.iter().map(|(at, text)| (*at, text.as_str())))
}

fn sentences(notes: &[Note]) -> Vec<String> {
    notes.iter().map(sentence).collect()
}

impl Tables {
    /// The lines of the tree, as they were made last.
    #[must_use]
    pub fn lines(&self) -> &[TreeLine] {
        &self.lines
    }

    /// The line of the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&TreeLine> {
        self.lines.get(self.cursor)
    }

    /// The attribute at the cursor.
    #[must_use]
    pub fn column(&self) -> Option<ColumnName> {
        match self.current() {
            Some(TreeLine::Attribute { table, column, .. }) => {
                Some(ColumnName { table: table.clone(), column: column.clone() })
            }
            _ => None,
        }
    }

    /// Makes the lines anew if something of what they are made of has changed.
    pub(super) fn refresh(
        &mut self,
        database: Option<&Arc<Database>>,
        listing: Option<&Arc<Listing>>,
        activation_id: &str,
    ) {
        let Some(database) = database else {
            (self.lines, self.source) = (Vec::new(), None);
            return;
        };
        let query = self.find.text().trim();
        let is_same = self.source.as_ref().is_some_and(|source| {
            Arc::ptr_eq(&source.database, database)
                && source.listing.as_ref().map(Arc::as_ptr) == listing.map(Arc::as_ptr)
                && source.activation_id == activation_id
                && source.query == query
                && source.open == self.open
        });
        if is_same {
            return;
        }
        self.lines = self.make_lines(database, listing.map(|listing| &**listing), activation_id);
        self.source = Some(LinesSource {
            database: Arc::clone(database),
            listing: listing.cloned(),
            activation_id: activation_id.to_owned(),
            query: query.to_owned(),
            open: self.open.clone(),
        });
    }

    /// While something is searched for, the attributes and behaviours that match stand under their branches,
    /// which are all open.
    fn make_lines(
        &self,
        database: &Database,
        listing: Option<&Listing>,
        activation_id: &str,
    ) -> Vec<TreeLine> {
        let query = self.find.text().trim();
        let mut search = (!query.is_empty()).then(|| Search::new(query));
        let mut lines = Vec::new();
        if search.is_none() && !database.notes.is_empty() {
            lines.push(TreeLine::Notes(None, sentences(&database.notes)));
        }
        for table in database.tables.iter().filter(|table| table.is_offered(activation_id)) {
            self.table_lines(table, activation_id, search.as_mut(), &mut lines);
        }
        let is_open = |branch: &Branch| !query.is_empty() || self.open.contains(branch);
        let lacks = || BranchProblem::Lacks("needs an items table".to_owned());
        let problem = database.roles.items.is_none().then(lacks);
        let found = fuzzy::search(query, Behaviour::ALL.iter().map(|behaviour| behaviour.label()));
        if !found.is_empty() {
            let (branch, label) = (Branch::Behaviours, "Purchase behaviours".to_owned());
            let open = is_open(&branch);
            lines.push(TreeLine::Branch { branch, label, rows: None, problem, notes: Vec::new(), open });
            let found = found.into_iter().filter_map(|index| Behaviour::ALL.get(index));
            lines.extend(found.filter(|_| open).map(|behaviour| TreeLine::Behaviour(*behaviour)));
        }
        let label = "Customer lists".to_owned();
        let kinds = matching(search.as_mut(), &label, &ListKind::ALL.map(|kind| kind.label()));
        if !kinds.is_empty() {
            let branch = Branch::Lists;
            let open = is_open(&branch);
            lines.push(TreeLine::Branch {
                branch,
                label,
                rows: None,
                problem: None,
                notes: Vec::new(),
                open,
            });
            let kinds = kinds.into_iter().filter_map(|index| ListKind::ALL.get(index));
            let count = |kind: ListKind| listing.map(|listing| kind.count(listing));
            lines.extend(kinds.filter(|_| open).map(|kind| TreeLine::List(*kind, count(*kind))));
        }
        lines
    }

    fn table_lines(
        &self,
        table: &Table,
        activation_id: &str,
        search: Option<&mut Search>,
        lines: &mut Vec<TreeLine>,
    ) {
        let branch = Branch::Table(table.name.clone());
        let problem = BranchProblem::of_table(table, activation_id);
        let content = table.content.as_ref().ok();
        let rows = content.and_then(|content| content.rows);
        let columns = content.map(|content| &content.columns).filter(|_| problem.is_none());
        let is_searched = search.is_some();
        let room = if is_searched { MOST_FOUND.saturating_sub(lines.len()) } else { usize::MAX };
        let labels: Vec<&str> = columns.into_iter().flatten().map(|column| column.label.as_str()).collect();
        let found = match (search, columns) {
            (None, _) => (0..labels.len()).collect(),
            (Some(search), Some(columns)) => {
                matching_names(search, table.title(), &columns.names(), &labels, room)
            }
            (Some(search), None) => matching(Some(search), table.title(), &labels),
        };
        if is_searched && found.is_empty() {
            return;
        }
        let open = is_searched || self.open.contains(&branch);
        let (label, notes) = (table.title().to_owned(), sentences(&table.notes));
        let has_line = open && problem.is_none() && !is_searched && !notes.is_empty();
        let line = has_line.then(|| TreeLine::Notes(Some(table.name.clone()), notes.clone()));
        lines.push(TreeLine::Branch { branch, label, rows, problem, notes, open });
        lines.extend(line);
        let shown = found.into_iter().filter(|_| open).take(room);
        let columns = shown.filter_map(|index| columns.and_then(|columns| columns.get(index)));
        lines.extend(columns.map(|column| TreeLine::Attribute {
            table: table.name.clone(),
            column: column.name.clone(),
            label: shown_name(&column.label).to_owned(),
            data_type: column.data_type,
        }));
    }

    /// Moves the cursor by whole lines.
    pub(super) fn step(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.lines.len().saturating_sub(1));
    }

    /// Opens or closes the branch at the cursor; closing a leaf goes to its branch.
    pub(super) fn fold(&mut self, fold: bool) {
        match self.lines.get(self.cursor) {
            Some(TreeLine::Branch { branch, open, .. }) => match (fold, open) {
                (true, true) => drop(self.open.remove(branch)),
                (false, false) => drop(self.open.insert(branch.clone())),
                (true, false) | (false, true) => {}
            },
            Some(_) if fold => {
                let above = self.lines.iter().take(self.cursor);
                let above = above.into_iter().rposition(|line| matches!(line, TreeLine::Branch { .. }));
                self.cursor = above.unwrap_or(0);
            }
            _ => {}
        }
    }

    /// The search ends.
    pub(super) fn stop_finding(&mut self) {
        self.finding = false;
        self.find = Field::default();
        self.cursor = 0;
    }
}
