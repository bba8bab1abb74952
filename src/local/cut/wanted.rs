//! Whom a cut is about.

use std::collections::HashSet;
use std::sync::Arc;

use crate::backend::BackendError;
use crate::local::sets::customer_set::CustomerSet;
use crate::local::view::View;

/// Whom a cut is about.
pub(super) struct Wanted {
    /// All ids, as they were asked for.
    pub ids: Arc<HashSet<String>>,
    /// Those that are customers, by number.
    pub customers: CustomerSet,
    /// Those that are none.
    pub others: HashSet<String>,
    /// The tables of the database that have rows of these.
    pub tables_of_others: HashSet<String>,
}

impl Wanted {
    pub fn new(view: &View<'_>, ids: &[String]) -> Result<Self, BackendError> {
        let known = view.ids()?;
        let (mut customers, mut others) = (CustomerSet::with_capacity(view.size()), HashSet::new());
        for id in ids {
            match known.number(id) {
                Some(customer) => customers.insert(customer as usize),
                None => drop(others.insert(id.clone())),
            }
        }
        let wanted: Vec<&str> = others.iter().map(String::as_str).collect();
        let tables_of_others = view.tables_with_orphans(&wanted)?.into_iter().flatten().collect();
        Ok(Self { ids: Arc::new(ids.iter().cloned().collect()), customers, others, tables_of_others })
    }
}
