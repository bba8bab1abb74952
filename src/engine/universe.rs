//! Who counts as a customer (`database.md`, The universe).

use std::sync::OnceLock;

use super::memory::Weigh;
use super::pieces::{content, pieces_of, rows};
use super::store::{TextNumbers, Texts};
use super::truth::Customers;
use super::values::is_blank;
use super::{Cancel, EngineError};
use crate::catalog::{Database, Origin, Table, id_texts};

/// All customers of a database by one activation ID, numbered as they appear first.
#[derive(Debug)]
pub struct Universe {
    ids: Texts,
    /// Made when an id is looked for.
    numbers: OnceLock<TextNumbers>,
}

impl Universe {
    /// The distinct ids of the customers table, where that has the activation ID; otherwise those of
    /// all tables that have it.
    pub fn read(database: &Database, activation_id: &str, cancel: &Cancel) -> Result<Self, EngineError> {
        let (mut ids, mut numbers) = (Texts::default(), TextNumbers::default());
        for table in tables(database, activation_id) {
            let Some(column) = table.id_column(activation_id) else { continue };
            let unreadable = EngineError::unreadable(&table.name);
            let content = content(table)?;
            for piece in 0..pieces_of(content) {
                cancel.check()?;
                let frame = rows(table, content, &[column], piece)?;
                let values = id_texts(frame.column(column).map_err(&unreadable)?).map_err(&unreadable)?;
                for (row, id) in values.iter().enumerate() {
                    if row % CHECKED == 0 {
                        cancel.check()?;
                    }
                    if let Some(id) = id.filter(|id| !is_blank(id)) {
                        numbers.find_or_add(&mut ids, id);
                    }
                }
            }
        }
        ids.shrink();
        Ok(Self { ids, numbers: OnceLock::from(numbers) })
    }

    /// Of ids of which no two are the same.
    pub fn of(ids: Texts) -> Self {
        Self { ids, numbers: OnceLock::new() }
    }

    /// The ids, by number.
    pub fn texts(&self) -> &Texts {
        &self.ids
    }

    /// How many customers there are.
    pub fn size(&self) -> usize {
        self.ids.len()
    }

    /// The number of a customer; `None` if the id is none of the universe.
    pub fn number(&self, id: &str) -> Option<u32> {
        self.numbers.get_or_init(|| TextNumbers::of(&self.ids)).find(&self.ids, id)
    }

    /// The same, quicker if it is the customer `before` or the one after: most tables are in one order.
    pub fn number_after(&self, before: Option<u32>, id: &str) -> Option<u32> {
        let is = |number: u32| self.ids.get(number as usize) == id && !id.is_empty();
        let next = before.map_or(0, |before| before.saturating_add(1));
        match before.filter(|before| is(*before)).or_else(|| is(next).then_some(next)) {
            Some(found) => Some(found),
            None => self.number(id),
        }
    }

    /// The ids of some customers, sorted by code point.
    pub fn ids(&self, of: &Customers) -> Vec<String> {
        let mut ids: Vec<&str> = of.ones().map(|number| self.ids.get(number)).collect();
        // The bytes of UTF-8 sort as code points do.
        ids.sort_unstable();
        ids.into_iter().map(str::to_owned).collect()
    }
}

/// After how many rows it is looked whether the work should stop.
pub const CHECKED: usize = 1 << 16;

/// The tables whose ids make up the universe.
fn tables<'a>(database: &'a Database, activation_id: &str) -> Vec<&'a Table> {
    let customers = database.roles.customers.as_deref().and_then(|name| database.table(name));
    match customers.filter(|table| table.id_column(activation_id).is_some()) {
        Some(customers) => vec![customers],
        None => {
            let is_one =
                |table: &&Table| table.origin == Origin::Database && table.id_column(activation_id).is_some();
            database.tables.iter().filter(is_one).collect()
        }
    }
}

impl Weigh for Universe {
    fn weight(&self) -> usize {
        // With the numbers, which may come later.
        self.ids.weight() + self.numbers.get().map_or(self.size() * 16, TextNumbers::weight)
    }
}
