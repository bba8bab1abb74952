//! Who counts as a customer (`docs/reference/database.md`, The universe).

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::backend::BackendError;
use crate::local::cache::CacheSlot;
use crate::local::columns::{StringArray, StringIndex};
use crate::local::consistency::check_length;
use crate::local::memory::MemorySize;
use crate::local::sets::customer_set::CustomerSet;

/// All customers of a database by one activation ID, numbered as they appear first.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Universe {
    /// How many there are.
    pub size: usize,
    /// Whether that was found in the tables, and not in the cache folder: the database is opened for the first time.
    #[serde(skip)]
    pub is_new: bool,
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
    are_new: bool,
}

/// How many ids are stored together.
const IDS_OF_PART: usize = 1 << 18;

impl CustomerIds {
    /// From ids of which no two are the same, and what finds them.
    pub(super) fn new(ids: StringArray, numbers: StringIndex) -> Self {
        Self { ids: Arc::new(ids), numbers: OnceLock::from(numbers), are_new: true }
    }

    /// What was stored of them before; `None` if not all of them are there.
    pub(super) fn load(slot: &CacheSlot, universe: &Universe) -> Option<Self> {
        let mut ids = StringArray::default();
        for part in 0..universe.size.div_ceil(IDS_OF_PART) {
            ids.append(&slot.load_part(part)?);
        }
        (ids.len() == universe.size).then(|| Self {
            ids: Arc::new(ids),
            numbers: OnceLock::new(),
            are_new: false,
        })
    }

    /// Stores them, and then how many there are.
    pub(super) fn store(&self, slot: &CacheSlot) {
        for part in 0..self.len().div_ceil(IDS_OF_PART) {
            let ids = Arc::clone(&self.ids);
            slot.store_part(part, move || ids.slice(part * IDS_OF_PART, IDS_OF_PART));
        }
        slot.store(Universe { size: self.len(), is_new: false });
    }

    /// Whether they were read from the tables, and not found in the cache folder.
    pub fn are_new(&self) -> bool {
        self.are_new
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
        self.index().find(&self.ids, id)
    }

    /// Adds the numbers of many customers; `None` for an id that is none of the universe.
    pub(crate) fn find_all(&self, ids: &[&str], numbers: &mut Vec<Option<u32>>) {
        self.index().find_all(&self.ids, ids, numbers);
    }

    fn index(&self) -> &StringIndex {
        self.numbers.get_or_init(|| StringIndex::from_strings(&self.ids))
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

impl MemorySize for CustomerIds {
    fn memory_size(&self) -> usize {
        // With the numbers, which may come later.
        self.ids.memory_size() + self.numbers.get().map_or(self.len() * 16, StringIndex::memory_size)
    }
}
