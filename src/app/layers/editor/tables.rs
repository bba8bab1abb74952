//! The tree of what can be asked: tables with their attributes, purchase behaviours, customer lists.

use std::collections::HashSet;
use std::sync::Arc;

use crate::app::available_lists::ListKind;
use crate::app::field::Field;
use crate::app::layers::explorer::Profiles;
use crate::app::layers::notes::sentence;
use crate::app::subject_search::{self, BEHAVIOURS, FoundSubject, LISTS, NO_ITEMS};
use crate::backend::ColumnName;
use crate::database::{Column, Database, Note, Table, shown_name};
use crate::segment::{Behaviour, DataType, Keyword};
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
        /// Its name on screens.
        table_label: String,
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

fn sentences(notes: &[Note]) -> Vec<String> {
    notes.iter().map(sentence).collect()
}

/// What lines are made of.
#[derive(Clone, Copy)]
struct TreeSource<'a> {
    database: &'a Database,
    listing: Option<&'a Listing>,
    activation_id: &'a str,
}

impl TreeSource<'_> {
    fn list_line(&self, kind: ListKind) -> TreeLine {
        TreeLine::List(kind, self.listing.map(|listing| kind.count(listing)))
    }
}

fn attribute_line(table: &Table, column: &Column) -> TreeLine {
    TreeLine::Attribute {
        table: table.name.clone(),
        table_label: table.title().to_owned(),
        column: column.name.clone(),
        label: shown_name(&column.label).to_owned(),
        data_type: column.data_type,
    }
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

    fn make_lines(
        &self,
        database: &Database,
        listing: Option<&Listing>,
        activation_id: &str,
    ) -> Vec<TreeLine> {
        let tree = TreeSource { database, listing, activation_id };
        let query = self.find.text().trim();
        if !query.is_empty() {
            let found = subject_search::find(query, database, activation_id, &[]);
            return found.into_iter().flat_map(|found| self.found_lines(found, tree)).collect();
        }
        let notes = (!database.notes.is_empty()).then(|| TreeLine::Notes(None, sentences(&database.notes)));
        let mut lines: Vec<TreeLine> = notes.into_iter().collect();
        for table in database.tables.iter().filter(|table| table.is_offered(activation_id)) {
            lines.extend(self.table_lines(table, tree));
        }
        lines.extend(self.branch_lines(Branch::Behaviours, tree));
        lines.extend(self.branch_lines(Branch::Lists, tree));
        lines
    }

    /// What was found stands by itself, the best first; a branch opens as it does in the tree.
    fn found_lines(&self, found: FoundSubject<'_>, tree: TreeSource<'_>) -> Vec<TreeLine> {
        match found {
            FoundSubject::Attribute(table, column) => vec![attribute_line(table, column)],
            FoundSubject::Behaviour(behaviour) => vec![TreeLine::Behaviour(behaviour)],
            FoundSubject::List(kind) => vec![tree.list_line(kind)],
            FoundSubject::Table(table) => self.table_lines(table, tree),
            FoundSubject::Behaviours => self.branch_lines(Branch::Behaviours, tree),
            FoundSubject::Lists => self.branch_lines(Branch::Lists, tree),
            // None were given.
            FoundSubject::Listed(_) => Vec::new(),
        }
    }

    /// The branch of the behaviours or lists, with its leaves where it is open.
    fn branch_lines(&self, branch: Branch, tree: TreeSource<'_>) -> Vec<TreeLine> {
        let open = self.open.contains(&branch);
        let lacks = || BranchProblem::Lacks(NO_ITEMS.to_owned());
        let (label, problem, leaves): (_, _, Vec<TreeLine>) = match branch {
            Branch::Behaviours => {
                let leaves = Behaviour::ALL.iter().map(|behaviour| TreeLine::Behaviour(*behaviour));
                (BEHAVIOURS, tree.database.roles.items.is_none().then(lacks), leaves.collect())
            }
            Branch::Lists => (LISTS, None, ListKind::ALL.map(|kind| tree.list_line(kind)).into()),
            Branch::Table(_) => return Vec::new(),
        };
        let label = label.to_owned();
        let line = TreeLine::Branch { branch, label, rows: None, problem, notes: Vec::new(), open };
        std::iter::once(line).chain(leaves.into_iter().filter(|_| open)).collect()
    }

    /// A table, with its attributes where it is open.
    fn table_lines(&self, table: &Table, tree: TreeSource<'_>) -> Vec<TreeLine> {
        let branch = Branch::Table(table.name.clone());
        let problem = BranchProblem::of_table(table, tree.activation_id);
        let content = table.content.as_ref().ok();
        let rows = content.and_then(|content| content.rows);
        let columns = content.map(|content| &content.columns).filter(|_| problem.is_none());
        let open = self.open.contains(&branch);
        let (label, notes) = (table.title().to_owned(), sentences(&table.notes));
        let has_line = open && problem.is_none() && !notes.is_empty();
        let line = has_line.then(|| TreeLine::Notes(Some(table.name.clone()), notes.clone()));
        let mut lines = vec![TreeLine::Branch { branch, label, rows, problem, notes, open }];
        lines.extend(line);
        let columns = columns.into_iter().flatten().filter(|_| open);
        lines.extend(columns.map(|column| attribute_line(table, column)));
        lines
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
