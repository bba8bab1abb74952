//! What ids are in a database that are of no customer.

use std::collections::{HashMap, HashSet};

use crate::backend::{BackendError, IdStanding, MOST_SIMILAR};
use crate::database::{Origin, Table};
use crate::local::cache_key::CacheKey;
use crate::local::chunk_reader::ReadableTable;
use crate::local::error::unreadable;
use crate::local::files::id_texts;
use crate::local::index::customer_index::CustomerIndex;
use crate::local::index::universe::CustomerIds;
use crate::local::memory::MemorySize;
use crate::local::parallel::parallel_fold;
use crate::local::sets::insights::InsightTables as _;
use crate::local::values::is_blank;
use crate::local::view::View;

/// How many ids are compared in one go.
const IDS: usize = 1 << 14;

/// The ids in a table that are of no customer.
struct Orphans(HashSet<String>);

impl MemorySize for Orphans {
    fn memory_size(&self) -> usize {
        // A place in the set has a byte beside it, and is filled to seven eighths at most.
        self.0.iter().map(String::capacity).sum::<usize>() + self.0.capacity() * (size_of::<String>() + 2)
    }
}

impl View<'_> {
    /// The standing of ids that are of no customer.
    pub(super) fn standings(&self, ids: &[&str]) -> Result<HashMap<String, IdStanding>, BackendError> {
        // Blank is no id.
        let mut wanted: Vec<&str> = ids.iter().copied().filter(|id| !is_blank(id)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let orphans = self.tables_with_orphans(&wanted)?;
        let similar = self.similar(&wanted)?;
        let standing = |id: &str, tables: Vec<String>, similar: Vec<String>| {
            let standing = match tables.is_empty() {
                true => IdStanding::Unknown { similar },
                false => IdStanding::Orphan { tables },
            };
            (id.to_owned(), standing)
        };
        let known = wanted.iter().zip(orphans).zip(similar);
        Ok(known.map(|((id, tables), similar)| standing(id, tables, similar)).collect())
    }

    /// For each of some ids, in order, the tables that have rows with it. No customer has any.
    pub(crate) fn tables_with_orphans(&self, ids: &[&str]) -> Result<Vec<Vec<String>>, BackendError> {
        let mut found = vec![Vec::new(); ids.len()];
        if ids.is_empty() {
            return Ok(found);
        }
        let database = self.database();
        let is_one = |table: &&Table| table.origin == Origin::Database && table.content.is_ok();
        for table in database.tables.iter().filter(is_one) {
            let Some(column) = table.id_column(self.activation_id) else { continue };
            let (_, index) = self.table_and_index(&table.name)?;
            if index.counts(self.reader())?.orphan_rows == 0 {
                continue;
            }
            let key = CacheKey::Orphans { id: self.activation_id.to_owned(), table: table.name.clone() };
            let orphans = self
                .engine
                .memory
                .get_or_make(key, self.cancel, || self.orphans_in(table, column, &index))?;
            for (id, tables) in ids.iter().zip(&mut found) {
                if orphans.0.contains(*id) {
                    tables.push(table.name.clone());
                }
            }
        }
        Ok(found)
    }

    /// The ids on rows without a customer.
    fn orphans_in(
        &self,
        table: &Table,
        column: &str,
        index: &CustomerIndex,
    ) -> Result<Orphans, BackendError> {
        let (source, reader, unreadable) =
            (ReadableTable::new(table)?, self.reader(), unreadable(&table.name));
        let found = parallel_fold(index.customers.chunks(), self.cancel, HashSet::new, |found, number| {
            let customers = index.customers.chunk(number, reader)?;
            let Some(without) = customers.without() else { return Ok(()) };
            let mut first = 0;
            for frame in reader.frames(source, &[column], number) {
                let frame = frame?;
                let texts = id_texts(frame.column(column).map_err(&unreadable)?).map_err(&unreadable)?;
                for (row, id) in texts.iter().enumerate() {
                    if let Some(id) = id.filter(|_| without.get(first + row))
                        && !found.contains(id)
                    {
                        found.insert(id.to_owned());
                    }
                }
                first += frame.height();
            }
            Ok(())
        })?;
        let both = |mut one: HashSet<String>, other: HashSet<String>| {
            one.extend(other);
            one
        };
        Ok(Orphans(found.into_iter().reduce(both).unwrap_or_default()))
    }

    /// For each of some ids the customers whose ids differ from it only in blanks around it or in the case of letters.
    fn similar(&self, ids: &[&str]) -> Result<Vec<Vec<String>>, BackendError> {
        let mut found = vec![Vec::new(); ids.len()];
        if ids.is_empty() {
            return Ok(found);
        }
        let mut wanted: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, id) in ids.iter().enumerate() {
            let mut plain = String::new();
            make_plain(id, &mut plain);
            wanted.entry(plain).or_default().push(at);
        }
        let customers = self.ids()?;
        for (at, customer) in matches(&wanted, &customers, self)? {
            let id = customers.get(customer).unwrap_or_default();
            found.get_mut(at).into_iter().for_each(|similar| similar.push(id.to_owned()));
        }
        for similar in &mut found {
            similar.sort_unstable();
            similar.truncate(MOST_SIMILAR);
        }
        Ok(found)
    }
}

/// Which of the wanted ids which customers have, in plain form.
fn matches(
    wanted: &HashMap<String, Vec<usize>>,
    customers: &CustomerIds,
    view: &View<'_>,
) -> Result<Vec<(usize, usize)>, BackendError> {
    let jobs = customers.len().div_ceil(IDS);
    let found = parallel_fold(jobs, view.cancel, Vec::new, |found: &mut Vec<(usize, usize)>, job| {
        let mut plain = String::new();
        for customer in job * IDS..((job + 1) * IDS).min(customers.len()) {
            make_plain(customers.get(customer).unwrap_or_default(), &mut plain);
            let wanted = wanted.get(plain.as_str());
            found.extend(wanted.into_iter().flatten().map(|at| (*at, customer)));
        }
        Ok(())
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// An id without what similar ones may differ in; without new memory where that can be.
fn make_plain(id: &str, plain: &mut String) {
    plain.clear();
    let id = id.trim();
    if id.is_ascii() {
        plain.push_str(id);
        plain.make_ascii_lowercase();
    } else {
        plain.push_str(&id.to_lowercase());
    }
}
