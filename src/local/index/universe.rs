//! Who counts as a customer (`database.md`, The universe).

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::backend::BackendError;
use crate::database::{Database, Origin, Table};
use crate::local::cache::CacheSlot;
use crate::local::chunk_reader::{ChunkReader, content};
use crate::local::columns::{StringArray, StringIndex};
use crate::local::error::unreadable;
use crate::local::files::id_texts;
use crate::local::memory::MemorySize;
use crate::local::sets::customer_set::CustomerSet;
use crate::local::values::is_blank;

/// All customers of a database by one activation ID, numbered as they appear first.
#[derive(Debug, Deserialize, Serialize)]
pub struct Universe {
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
pub struct CustomerIds {
    texts: Arc<StringArray>,
    /// WrittenChunk when an id is looked for.
    numbers: OnceLock<StringIndex>,
}

/// How many ids are stored together.
const PART: usize = 1 << 18;
/// After how many rows it is looked whether the work should stop.
pub const CHECKED: usize = 1 << 16;

impl CustomerIds {
    /// The distinct ids of the customers table, where that has the activation ID; otherwise those of
    /// all tables that have it.
    pub fn read(activation_id: &str, pieces: ChunkReader<'_>) -> Result<Self, BackendError> {
        let (mut texts, mut numbers) = (StringArray::default(), StringIndex::default());
        for table in tables(pieces.database, activation_id) {
            let Some(column) = table.id_column(activation_id) else { continue };
            let unreadable = unreadable(&table.name);
            let content = content(table)?;
            let columns = [column];
            let frames = |number| pieces.frames(table, content, &columns, number);
            for frame in (0..pieces.of(content)).flat_map(frames) {
                let frame = frame?;
                let values = id_texts(frame.column(column).map_err(&unreadable)?).map_err(&unreadable)?;
                for (row, id) in values.iter().enumerate() {
                    if row % CHECKED == 0 {
                        pieces.cancel.check()?;
                    }
                    if let Some(id) = id.filter(|id| !is_blank(id)) {
                        numbers.find_or_add(&mut texts, id);
                    }
                }
            }
        }
        texts.shrink();
        Ok(Self { texts: Arc::new(texts), numbers: OnceLock::from(numbers) })
    }

    /// What was stored of them.
    pub fn load(slot: &CacheSlot, universe: &Universe) -> Option<Self> {
        let mut texts = StringArray::default();
        for part in 0..universe.size.div_ceil(PART) {
            texts.append(&slot.load_part(part)?);
        }
        (texts.len() == universe.size).then(|| Self { texts: Arc::new(texts), numbers: OnceLock::new() })
    }

    /// DiskCache them, and then how many there are.
    pub fn store(&self, slot: &CacheSlot) {
        for part in 0..self.len().div_ceil(PART) {
            let texts = Arc::clone(&self.texts);
            slot.store_part(part, move || texts.part(part * PART, PART));
        }
        slot.store(Universe { size: self.len() });
    }

    /// How many customers there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// The number of a customer; `None` if the id is none of the universe.
    pub fn number(&self, id: &str) -> Option<u32> {
        self.numbers.get_or_init(|| StringIndex::of(&self.texts)).find(&self.texts, id)
    }

    /// The same, quicker if it is the customer `before` or the one after: most tables are in one order.
    pub fn number_after(&self, before: Option<u32>, id: &str) -> Option<u32> {
        let is = |number: u32| self.texts.get(number as usize) == id && !id.is_empty();
        let next = before.map_or(0, |before| before.saturating_add(1));
        match before.filter(|before| is(*before)).or_else(|| is(next).then_some(next)) {
            Some(found) => Some(found),
            None => self.number(id),
        }
    }

    /// The ids of some customers, sorted by code point.
    pub fn sorted(&self, of: &CustomerSet) -> Vec<String> {
        let mut ids: Vec<&str> = of.ones().map(|number| self.texts.get(number)).collect();
        // The bytes of UTF-8 sort as code points do.
        ids.sort_unstable();
        ids.into_iter().map(str::to_owned).collect()
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
        self.texts.memory_size() + self.numbers.get().map_or(self.len() * 16, StringIndex::memory_size)
    }
}
