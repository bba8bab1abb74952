//! Who counts as a customer (`database.md`, The universe).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::scan::scan;
use super::truth::{Customers, everybody};
use super::values::is_blank;
use super::{Cancel, EngineError};
use crate::catalog::{Database, Origin, Table, id_texts};

/// All customers of a database by one activation ID, numbered in the order of their ids.
pub struct Universe {
    ids: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Universe {
    /// The distinct ids of the customers table, where that has the activation ID; otherwise those of
    /// all tables that have it.
    pub fn read(database: &Database, activation_id: &str, cancel: &Cancel) -> Result<Self, EngineError> {
        let with_id = |table: &'_ Table| table.id_column(activation_id).map(str::to_owned);
        let own = |table: &&Table| table.origin == Origin::Database;
        let customers = database.roles.customers.as_deref().and_then(|name| database.table(name));
        let customers = customers.filter(|table| with_id(table).is_some());
        let tables: Vec<&Table> =
            customers.map_or_else(|| database.tables.iter().filter(own).collect(), |one| vec![one]);
        let mut ids: HashSet<Arc<str>> = HashSet::new();
        for table in tables {
            let Some(column) = with_id(table) else { continue };
            scan(table, &[&column], cancel, |_, frame| {
                let unreadable = EngineError::unreadable(&table.name);
                let values = id_texts(frame.column(&column).map_err(&unreadable)?).map_err(&unreadable)?;
                for id in values.iter().flatten().filter(|id| !is_blank(id)) {
                    if !ids.contains(id) {
                        ids.insert(id.into());
                    }
                }
                Ok(())
            })?;
        }
        let mut ids: Vec<Arc<str>> = ids.into_iter().collect();
        // The bytes of UTF-8 sort as code points do.
        ids.sort_unstable();
        let numbers = (0..).zip(&ids).map(|(number, id)| (Arc::clone(id), number)).collect();
        Ok(Self { ids, numbers })
    }

    /// How many customers there are.
    pub fn size(&self) -> usize {
        self.ids.len()
    }

    /// All of them.
    pub fn everybody(&self) -> Customers {
        everybody(self.size())
    }

    /// The number of a customer; `None` if the id is none of the universe.
    pub fn number(&self, id: &str) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    /// The ids of some customers, sorted by code point.
    pub fn ids(&self, of: &Customers) -> Vec<String> {
        of.ones().filter_map(|number| self.ids.get(number)).map(|id| String::from(&**id)).collect()
    }
}
