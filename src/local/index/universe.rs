//! Who counts as a customer (`docs/reference/database.md`, The universe).

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::row_map_chunk::NO_ID;
use crate::backend::BackendError;
use crate::database::{Database, Origin, Table};
use crate::local::cache::CacheSlot;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::{StringArray, StringIndex};
use crate::local::consistency::{check_length, inconsistent};
use crate::local::error::unreadable;
use crate::local::files::id_texts;
use crate::local::memory::MemorySize;
use crate::local::sets::customer_set::CustomerSet;
use crate::local::values::is_blank;

/// All customers of a database by one activation ID, numbered as they appear first.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Universe {
    /// How many there are.
    pub size: usize,
}

impl MemorySize for Universe {
    fn memory_size(&self) -> usize {
        size_of::<Self>()
    }
}

/// The ids of all customers, by number. Only who looks for an id, or wants to know it, needs them.
#[derive(Debug)]
pub(crate) struct CustomerIds {
    ids: Arc<StringArray>,
    /// Made when an id is looked for.
    numbers: OnceLock<StringIndex>,
}

/// How many ids are stored together.
const IDS_OF_PART: usize = 1 << 18;
/// After how many rows work looks whether it should stop.
pub(crate) const ROWS_BETWEEN_CHECKS: usize = 1 << 16;

impl CustomerIds {
    /// The distinct ids of the customers table, where that has the activation ID; otherwise those of
    /// all tables that have it.
    pub fn read(activation_id: &str, reader: ChunkReader<'_>) -> Result<Self, BackendError> {
        let (mut ids, mut numbers) = (StringArray::default(), StringIndex::default());
        for table in tables(reader.database, activation_id) {
            let Some(column) = table.id_column(activation_id) else { continue };
            let unreadable = unreadable(&table.name);
            let source = ReadableTable::new(table)?;
            let columns = [column];
            let frames = |number| reader.frames(source, &columns, number);
            for frame in (0..reader.chunk_count(source)).flat_map(frames) {
                let frame = frame?;
                if (NO_ID as usize).saturating_sub(ids.len()) < frame.height() {
                    return Err(inconsistent(format!("more than {NO_ID} ids are not counted")));
                }
                let values = id_texts(frame.column(column).map_err(&unreadable)?).map_err(&unreadable)?;
                for (row, id) in values.iter().enumerate() {
                    if row % ROWS_BETWEEN_CHECKS == 0 {
                        reader.cancel.check()?;
                    }
                    if let Some(id) = id.filter(|id| !is_blank(id)) {
                        numbers.find_or_add(&mut ids, id);
                    }
                }
            }
        }
        ids.shrink_to_fit();
        Ok(Self { ids: Arc::new(ids), numbers: OnceLock::from(numbers) })
    }

    /// What was stored of them before; `None` if not all of them are there.
    pub fn load(slot: &CacheSlot, universe: &Universe) -> Option<Self> {
        let mut ids = StringArray::default();
        for part in 0..universe.size.div_ceil(IDS_OF_PART) {
            ids.append(&slot.load_part(part)?);
        }
        (ids.len() == universe.size).then(|| Self { ids: Arc::new(ids), numbers: OnceLock::new() })
    }

    /// Stores them, and then how many there are.
    pub fn store(&self, slot: &CacheSlot) {
        for part in 0..self.len().div_ceil(IDS_OF_PART) {
            let ids = Arc::clone(&self.ids);
            slot.store_part(part, move || ids.slice(part * IDS_OF_PART, IDS_OF_PART));
        }
        slot.store(Universe { size: self.len() });
    }

    /// How many customers there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The id of a customer; `None` if there is none of this number.
    pub fn id(&self, number: u32) -> Option<&str> {
        self.ids.get(number as usize)
    }

    /// All of them, by number.
    pub fn texts(&self) -> &StringArray {
        &self.ids
    }

    /// All of them, by number.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|number| self.ids.get(number))
    }

    /// The id of a customer.
    #[inline]
    pub fn get(&self, customer: usize) -> Option<&str> {
        self.ids.get(customer)
    }

    /// The number of a customer; `None` if the id is none of the universe.
    pub fn number(&self, id: &str) -> Option<u32> {
        self.numbers.get_or_init(|| StringIndex::from_strings(&self.ids)).find(&self.ids, id)
    }

    /// The same, quicker if it is the customer `before` or the one after: most tables are in one order.
    pub(crate) fn number_after(&self, before: Option<u32>, id: &str) -> Option<u32> {
        let is = |number: u32| self.ids.get(number as usize) == Some(id);
        let next = before.map_or(0, |before| before.saturating_add(1));
        match before.filter(|before| is(*before)).or_else(|| is(next).then_some(next)) {
            Some(found) => Some(found),
            None => self.number(id),
        }
    }

    /// The ids of some customers, sorted by code point.
    ///
    /// # Errors
    /// They are of another universe.
    pub fn sorted(&self, customers: &CustomerSet) -> Result<Vec<String>, BackendError> {
        check_length("a set of customers", customers.len(), self.len())?;
        // Every member has an id, as there are as many.
        let mut ids: Vec<&str> = customers.ones().filter_map(|number| self.ids.get(number)).collect();
        // The bytes of UTF-8 sort as code points do.
        ids.sort_unstable();
        Ok(ids.into_iter().map(str::to_owned).collect())
    }
}

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

impl MemorySize for CustomerIds {
    fn memory_size(&self) -> usize {
        // With the numbers, which may come later.
        self.ids.memory_size() + self.numbers.get().map_or(self.len() * 16, StringIndex::memory_size)
    }
}
