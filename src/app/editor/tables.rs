//! The tree of what can be asked: tables with their attributes, purchase behaviours, customer lists.

use std::collections::HashSet;

use crate::app::field::Field;
use crate::app::fuzzy;
use crate::app::overlay::lists::ListKind;
use crate::database::Database;
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
        trouble: Option<String>,
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
    /// A purchase behaviour.
    Behaviour(Behaviour),
    /// A kind of customer lists, and how many there are.
    List(ListKind, Option<usize>),
}

/// The leaves that a search means: by their own names, else all of a branch by its name, else by both
/// together.
fn matching<'a>(query: &str, branch: &str, leaves: impl Iterator<Item = &'a str> + Clone) -> Vec<usize> {
    let by_leaf = fuzzy::search(query, leaves.clone());
    if !by_leaf.is_empty() {
        return by_leaf;
    }
    if !fuzzy::search(query, std::iter::once(branch)).is_empty() {
        return (0..leaves.count()).collect();
    }
    let both: Vec<String> = leaves.map(|leaf| format!("{branch} {leaf}")).collect();
    fuzzy::search(query, both.iter().map(String::as_str))
}

impl Tables {
    /// The lines of the tree. While something is searched for, the attributes and behaviours that
    /// match stand under their branches, which are all open.
    #[must_use]
    pub fn entries(
        &self,
        database: &Database,
        listing: Option<&Listing>,
        activation_id: &str,
    ) -> Vec<TreeLine> {
        let query = self.find.text().trim();
        let mut entries = Vec::new();
        for table in database.tables.iter().filter(|table| table.is_offered(activation_id)) {
            let branch = Branch::Table(table.name.clone());
            let (trouble, rows, columns) = match &table.content {
                Err(error) => (Some(error.to_string()), None, &[][..]),
                Ok(content) if table.id_column(activation_id).is_none() => {
                    (Some(format!("has no {activation_id}")), content.rows, &[][..])
                }
                Ok(content) => (None, content.rows, content.columns.as_slice()),
            };
            let found = matching(query, table.title(), columns.iter().map(|column| column.label.as_str()));
            if !query.is_empty() && found.is_empty() {
                continue;
            }
            let open = !query.is_empty() || self.open.contains(&branch);
            let label = table.title().to_owned();
            entries.push(TreeLine::Branch { branch, label, rows, trouble, open });
            if open {
                let found = found.into_iter().filter_map(|index| columns.get(index));
                entries.extend(found.map(|column| TreeLine::Attribute {
                    table: table.name.clone(),
                    column: column.name.clone(),
                    label: column.label.clone(),
                    data_type: column.data_type,
                }));
            }
        }
        let trouble = database.roles.items.is_none().then(|| "needs an items table".to_owned());
        let found = fuzzy::search(query, Behaviour::ALL.iter().map(|behaviour| behaviour.label()));
        if !found.is_empty() {
            let open = !query.is_empty() || self.open.contains(&Branch::Behaviours);
            let label = "Purchase behaviours".to_owned();
            entries.push(TreeLine::Branch { branch: Branch::Behaviours, label, rows: None, trouble, open });
            if open {
                let found = found.into_iter().filter_map(|index| Behaviour::ALL.get(index));
                entries.extend(found.map(|behaviour| TreeLine::Behaviour(*behaviour)));
            }
        }
        let label = "Customer lists".to_owned();
        let kinds = matching(query, &label, ListKind::ALL.iter().map(|kind| kind.label()));
        if !kinds.is_empty() {
            let open = !query.is_empty() || self.open.contains(&Branch::Lists);
            entries.push(TreeLine::Branch { branch: Branch::Lists, label, rows: None, trouble: None, open });
            if open {
                let kinds = kinds.into_iter().filter_map(|index| ListKind::ALL.get(index));
                let count = |kind: ListKind| listing.map(|listing| kind.count(listing));
                entries.extend(kinds.map(|kind| TreeLine::List(*kind, count(*kind))));
            }
        }
        entries
    }

    /// Moves the cursor by whole lines.
    pub fn step(&mut self, count: usize, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(count.saturating_sub(1));
    }

    /// Opens or closes the branch at the cursor; closing a leaf goes to its branch.
    pub fn fold(&mut self, entries: &[TreeLine], fold: bool) {
        match entries.get(self.cursor) {
            Some(TreeLine::Branch { branch, open, .. }) => match (fold, open) {
                (true, true) => drop(self.open.remove(branch)),
                (false, false) => drop(self.open.insert(branch.clone())),
                (true, false) | (false, true) => {}
            },
            Some(_) if fold => {
                let above = entries
                    .iter()
                    .take(self.cursor)
                    .rposition(|entry| matches!(entry, TreeLine::Branch { .. }));
                self.cursor = above.unwrap_or(0);
            }
            _ => {}
        }
    }
}
