//! Customers by any text about them: their id, an email address, a phone number, a name.
//!
//! Each different value of a chunk is looked at once; only where one matches are the rows gone through.

use std::collections::HashMap;
use std::sync::Arc;

use crate::backend::{BackendError, FindCustomers, FoundCustomer, FoundCustomers, Task};
use crate::database::{Origin, Table};
use crate::local::chunk_reader::ReadableTable;
use crate::local::columns::{Chunk, Dictionary, Value};
use crate::local::engine::Engine;
use crate::local::index::customer_index::CustomerIndex;
use crate::local::index::universe::CustomerIds;
use crate::local::parallel::parallel_fold;
use crate::local::sets::customer_set::{CustomerSet, count};
use crate::local::sets::insights::InsightTables as _;
use crate::local::text_search::{Match, TextSearch};
use crate::local::view::View;
use crate::segment::DataType;

/// How many ids are looked at in one go.
const IDS: usize = 1 << 16;
/// All ways to match, the best first.
const RANKS: [Match; 3] = [Match::Whole, Match::Start, Match::Within];

impl Engine {
    /// Customers by any text about them. Saved queries are not run for it.
    ///
    /// # Errors
    /// Cancelled; a table cannot be read, or has changed.
    pub(crate) fn find_customers(
        &self,
        question: &FindCustomers,
        task: Task<'_>,
    ) -> Result<FoundCustomers, BackendError> {
        let text = question.text.trim().to_lowercase();
        if text.is_empty() {
            return Ok(FoundCustomers::default());
        }
        self.answer(|| {
            let database = self.with_workspace(question.as_of).database;
            let view = self.view(database, &question.activation_id, task.cancel)?;
            let search = Search { view: &view, text: TextSearch::with_phones(&text), ids: &*view.ids()? };
            let columns = text_columns(&view)?;
            let found = search.find(&columns)?;
            let wanted = first_by_id(&found.customers, search.ids, question.limit);
            let left_out = found.customers.iter().map(count).sum::<u64>() - wanted.len() as u64;
            let customers = search.reasons(&columns, &found.hits, wanted)?;
            Ok(FoundCustomers { customers, left_out })
        })
    }
}

/// A column of texts.
struct TextColumn<'a> {
    table: ReadableTable<'a>,
    index: Arc<CustomerIndex>,
    name: &'a str,
}

/// A chunk with values that match, and how well the value of each key does.
struct Hit {
    /// Which column, by its position.
    column: usize,
    number: usize,
    ranks: Vec<Option<Match>>,
}

/// Those who are found, by how well they match, and where.
struct Found {
    /// At last each at her best alone.
    customers: [CustomerSet; 3],
    /// By column and chunk.
    hits: Vec<Hit>,
}

/// A customer who is answered with, and how well she matches.
struct Wanted<'a> {
    id: &'a str,
    customer: usize,
    rank: Match,
}

struct Search<'a> {
    view: &'a View<'a>,
    text: TextSearch<'a>,
    ids: &'a CustomerIds,
}

/// The columns of texts of the tables with one row for each customer, and of the customers table.
fn text_columns<'a>(view: &'a View<'_>) -> Result<Vec<TextColumn<'a>>, BackendError> {
    let customers = view.database().roles.customers.as_deref();
    let mut found = Vec::new();
    for table in &view.database().tables {
        let Some(id) = table.id_column(view.activation_id).filter(|_| table.content.is_ok()) else {
            continue;
        };
        if matches!(table.origin, Origin::Query(_)) {
            continue;
        }
        let (_, index) = view.table_and_index(&table.key())?;
        if index.counts(view.reader())?.is_multi_row && customers != Some(table.name.as_str()) {
            continue;
        }
        for name in names_of_texts(table).filter(|name| *name != id) {
            found.push(TextColumn { table: ReadableTable::new(table)?, index: Arc::clone(&index), name });
        }
    }
    Ok(found)
}

fn names_of_texts(table: &Table) -> impl Iterator<Item = &str> {
    let columns = table.content.as_ref().map(|content| &content.columns);
    let texts = columns.into_iter().flat_map(|columns| columns.iter());
    texts.filter(|column| column.data_type == DataType::String).map(|column| column.name.as_str())
}

impl Search<'_> {
    fn find(&self, columns: &[TextColumn<'_>]) -> Result<Found, BackendError> {
        let (reader, cancel, size) = (self.view.reader(), self.view.cancel, self.view.size());
        let jobs: Vec<(usize, usize)> = (0..)
            .zip(columns)
            .flat_map(|(at, column)| (0..reader.chunk_count(column.table)).map(move |number| (at, number)))
            .collect();
        let of_ids = self.ids.len().div_ceil(IDS);
        let new = || Found { customers: RANKS.map(|_| CustomerSet::with_capacity(size)), hits: Vec::new() };
        let parts = parallel_fold(of_ids + jobs.len(), cancel, new, |found, job| {
            let Some(job) = job.checked_sub(of_ids) else {
                let ids = job * IDS..((job + 1) * IDS).min(self.ids.len());
                return self.text.each(self.ids.texts(), ids, cancel, |customer, rank| {
                    found.insert(customer, rank);
                });
            };
            let Some((at, number)) = jobs.get(job).copied() else { return Ok(()) };
            let Some(column) = columns.get(at) else { return Ok(()) };
            let chunk = reader.chunk(column.table, column.name, number)?;
            if let Some(ranks) = self.values(&chunk)? {
                let hit = Hit { column: at, number, ranks };
                self.rows(column, &hit, &chunk, |customer, _, rank| found.insert(customer, rank))?;
                found.hits.push(hit);
            }
            Ok(())
        })?;
        let mut whole = parts.into_iter().fold(new(), Found::merge);
        let [best, start, within] = &mut whole.customers;
        start.difference_with(best);
        within.difference_with(best);
        within.difference_with(start);
        whole.hits.sort_unstable_by_key(|hit| (hit.column, hit.number));
        Ok(whole)
    }

    /// How well the value of each key matches, if any does.
    fn values(&self, chunk: &Chunk) -> Result<Option<Vec<Option<Match>>>, BackendError> {
        let Dictionary::Strings(values) = chunk.dictionary() else { return Ok(None) };
        let mut ranks = Vec::new();
        self.text.each(values, 0..values.len(), self.view.cancel, |key, rank| {
            if ranks.is_empty() {
                ranks = vec![None; values.len()];
            }
            if let Some(best) = ranks.get_mut(key) {
                *best = best.map_or(Some(rank), |best: Match| Some(best.min(rank)));
            }
        })?;
        Ok((!ranks.is_empty()).then_some(ranks))
    }

    /// The rows of a chunk whose value matches: the customer, the row and how well.
    fn rows(
        &self,
        column: &TextColumn<'_>,
        hit: &Hit,
        chunk: &Chunk,
        mut act: impl FnMut(usize, usize, Match),
    ) -> Result<(), BackendError> {
        let customers = column.index.customers.chunk(hit.number, self.view.reader())?;
        let is_found: Vec<bool> = hit.ranks.iter().map(Option::is_some).collect();
        let rank = |row| usize::try_from(chunk.keys().get(row)).ok().and_then(|key| *hit.ranks.get(key)?);
        customers.for_each(&chunk.keys().among(&is_found), |row, customer| {
            if let Some(rank) = rank(row).filter(|_| !chunk.is_null(row)) {
                act(customer, row, rank);
            }
        })?;
        Ok(())
    }

    /// By which value each of these is found: her id, else the first that matches as well as any.
    fn reasons(
        &self,
        columns: &[TextColumn<'_>],
        hits: &[Hit],
        wanted: Vec<Wanted<'_>>,
    ) -> Result<Vec<FoundCustomer>, BackendError> {
        let mut buffer = String::new();
        let mut open: HashMap<usize, (usize, Match)> = HashMap::new();
        let mut found = Vec::new();
        for (at, Wanted { id, customer, rank }) in wanted.into_iter().enumerate() {
            if self.text.look(id, &mut buffer) != Some(rank) {
                open.insert(customer, (at, rank));
            }
            found.push(FoundCustomer { id: id.to_owned(), by: None });
        }
        for hit in hits {
            let Some(column) = columns.get(hit.column).filter(|_| !open.is_empty()) else { break };
            self.view.cancel.check()?;
            let chunk = self.view.reader().chunk(column.table, column.name, hit.number)?;
            self.rows(column, hit, &chunk, |customer, row, rank| {
                let Some((at, _)) = open.get(&customer).filter(|(_, best)| *best == rank) else { return };
                if let (Some(found), Value::Text(value)) = (found.get_mut(*at), chunk.value(row)) {
                    found.by =
                        Some((column.table.table.name.clone(), column.name.to_owned(), value.to_owned()));
                }
                open.remove(&customer);
            })?;
        }
        Ok(found)
    }
}

impl Found {
    fn insert(&mut self, customer: usize, rank: Match) {
        if let Some(set) = self.customers.get_mut(rank as usize) {
            set.insert(customer);
        }
    }

    fn merge(mut self, other: Self) -> Self {
        self.hits.extend(other.hits);
        for (set, others) in self.customers.iter_mut().zip(&other.customers) {
            set.union_with(others);
        }
        self
    }
}

/// So many of those who match best, those who match alike by id.
fn first_by_id<'a>(found: &[CustomerSet; 3], ids: &'a CustomerIds, limit: usize) -> Vec<Wanted<'a>> {
    let mut wanted: Vec<Wanted<'a>> = Vec::new();
    for (rank, set) in RANKS.into_iter().zip(found) {
        let room = limit.saturating_sub(wanted.len());
        let mut of_rank: Vec<(&str, usize)> =
            set.ones().filter_map(|customer| Some((ids.get(customer)?, customer))).collect();
        if room < of_rank.len() {
            of_rank.select_nth_unstable(room);
            of_rank.truncate(room);
        }
        of_rank.sort_unstable();
        wanted.extend(of_rank.into_iter().map(|(id, customer)| Wanted { id, customer, rank }));
    }
    wanted
}
