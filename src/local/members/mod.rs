//! Members in an order, with columns about them: as a whole, or a window of them.
//!
//! For each customer it is known which row of a table counts ([`picked_rows`]); orders of all customers
//! ([`order`]) and who has a text ([`search`]) are kept, too, so that a window has to look at its own rows alone.

mod column;
mod only_row;
mod order;
mod picked_rows;
mod search;
pub(crate) mod text;
mod values;
mod window;

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::cache::CacheSlot;
use super::cache_key::CacheKey;
use super::engine::Engine;
use super::refuse::refuse_errors;
use super::sets::customer_set::{CustomerSet, union};
use super::sets::insights::InsightTables as _;
use super::view::View;
use crate::backend::{
    BackendError, Cancel, MemberColumn, MemberTable, Members, RowPick, SortBy, ValueColumn,
};
use crate::diagnostic::Diagnostic;
use crate::segment::{CheckedSegment, Problem, Segment};

use column::FoundColumn;
use order::CustomerOrder;
use search::{FoundCustomers, Search};

impl Engine {
    /// The ids of the members with columns about them, sorted as asked.
    ///
    /// # Errors
    /// As [`Engine::members`]; [`BackendError::Missing`] if a table has no such column or activation ID;
    /// [`BackendError::Data`] if there is to be one row for a member, and there are several which differ.
    pub(crate) fn member_table(
        &self,
        question: &Members,
        cancel: &Cancel,
    ) -> Result<MemberTable, BackendError> {
        let Members { segment, as_of, columns, sort, search } = question;
        self.answer(|| {
            let (checked, view) = self.prepare_with(columns, segment, *as_of, refuse_errors, cancel)?;
            let members = view.sides(&checked)?.members(cancel)?;
            let found = find_columns(columns, &view)?;
            let listed = list(&view, &found, members, *sort, search.as_deref())?;
            let customers: Vec<u32> = listed.customers().collect();
            let ids = view.ids()?;
            let reader = view.reader();
            let chunks: Vec<_> =
                found.iter().map(|column| column.chunks(reader)).collect::<Result<_, BackendError>>()?;
            for table in columns.iter().map(|column| column.table.as_str()).collect::<HashSet<_>>() {
                let of_table = columns.iter().zip(found.iter().zip(&chunks));
                let of_table = of_table
                    .filter(|(column, _)| column.table == table && column.pick == RowPick::Only)
                    .map(|(_, (found, chunks))| (found, chunks.as_slice()));
                only_row::check(&of_table.collect::<Vec<_>>(), &listed.members, &ids, reader)?;
            }
            let id_values = values::ids(&customers, |customer| ids.get(customer), cancel)?;
            let mut table = vec![ValueColumn { name: view.activation_id.to_owned(), values: id_values }];
            for ((column, found), chunks) in columns.iter().zip(&found).zip(&chunks) {
                let values = values::typed(found, chunks, &customers, cancel)?;
                table.push(ValueColumn { name: column.title.clone(), values });
            }
            Ok(MemberTable { columns: table, rows: customers.len() })
        })
    }

    /// As [`Engine::prepare`], with the rows of the tables of columns.
    fn prepare_with<'a>(
        &'a self,
        columns: &[MemberColumn],
        segment: &'a Segment,
        as_of: NaiveDate,
        refuse: impl Fn(&[Problem]) -> Result<(), BackendError>,
        cancel: &'a Cancel,
    ) -> Result<(CheckedSegment, View<'a>), BackendError> {
        let is_own = columns.iter().all(|column| self.database.table(&column.table).is_some());
        let scope = if is_own { self.tables_of(segment, as_of) } else { self.with_workspace(as_of) };
        let checked = self.check_on(&scope.database, segment, as_of);
        refuse(&checked.problems)?;
        let mut reading = scope.reading(cancel);
        for column in columns {
            reading = reading.table(&column.table)?;
        }
        let database = reading.segment(&checked)?.database();
        let view = self.view(database, self.database.activation_id(segment), cancel)?;
        Ok((checked, view))
    }
}

fn find_columns<'a>(
    columns: &[MemberColumn],
    view: &'a View<'_>,
) -> Result<Vec<FoundColumn<'a>>, BackendError> {
    columns.iter().map(|column| FoundColumn::find(column, view)).collect()
}

/// Members in an order, as far as a search leaves them.
struct Listed {
    order: Arc<CustomerOrder>,
    is_reversed: bool,
    /// All members.
    members: CustomerSet,
    /// Those of them that the search leaves.
    matches: CustomerSet,
}

impl Listed {
    /// In their order.
    fn customers(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        let all = self.order.customers().iter().copied();
        let is_wanted = |customer: &u32| self.matches.contains(*customer as usize);
        // To skip rows of everybody takes no time.
        let is_everybody = self.matches.count_ones(..) == self.order.customers().len();
        match (is_everybody, self.is_reversed) {
            (true, false) => Box::new(all),
            (true, true) => Box::new(all.rev()),
            (false, false) => Box::new(all.filter(is_wanted)),
            (false, true) => Box::new(all.rev().filter(is_wanted)),
        }
    }
}

/// Brings members into an order and searches them.
fn list(
    view: &View<'_>,
    columns: &[FoundColumn<'_>],
    members: CustomerSet,
    sort: Option<SortBy>,
    search: Option<&str>,
) -> Result<Listed, BackendError> {
    let matches = match search.filter(|text| !text.is_empty()) {
        None => members.clone(),
        Some(text) => {
            let mut matches = find(view, columns, text)?;
            matches.intersect_with(&members);
            matches
        }
    };
    let by_id = id_order(view)?;
    let Some(sort) = sort.filter(|sort| sort.column > 0) else {
        let is_reversed = sort.is_some_and(|sort| sort.is_descending);
        return Ok(Listed { order: by_id, is_reversed, members, matches });
    };
    let column = columns.get(sort.column - 1).ok_or_else(|| {
        let message = format!("there is no column {} to sort by", sort.column);
        BackendError::Missing(Diagnostic::new(message).with_help("choose another column"))
    })?;
    let key = CacheKey::ColumnOrder {
        id: view.activation_id.to_owned(),
        column: column.key.clone(),
        is_descending: sort.is_descending,
    };
    let order = view.engine.memory.get_or_make(key, view.cancel, || {
        let chunks = column.chunks(view.reader())?;
        CustomerOrder::by_column(column, &by_id, sort.is_descending, &chunks, view.cancel)
    })?;
    Ok(Listed { order, is_reversed: false, members, matches })
}

/// All customers by id, kept between runs where there are many.
fn id_order(view: &View<'_>) -> Result<Arc<CustomerOrder>, BackendError> {
    const MANY: usize = 1 << 16;
    let engine = view.engine;
    let key = CacheKey::IdOrder { id: view.activation_id.to_owned() };
    engine.memory.get_or_make(key, view.cancel, || {
        let slot = (view.size() >= MANY)
            .then(|| engine.disk_cache.id_order(&engine.database, view.activation_id))
            .flatten();
        let stored = slot.as_ref().and_then(CacheSlot::load::<CustomerOrder>);
        if let Some(stored) = stored.filter(|stored| stored.is_whole(view.size())) {
            return Ok(stored);
        }
        let order = CustomerOrder::by_id(&*view.ids()?, view.cancel)?;
        slot.iter().for_each(|slot| slot.store(order.clone()));
        Ok(order)
    })
}

/// All customers with a text in their id or in one of the columns.
fn find(view: &View<'_>, columns: &[FoundColumn<'_>], text: &str) -> Result<CustomerSet, BackendError> {
    let text = text.to_lowercase();
    let search = Search::new(&text);
    let (memory, cancel) = (&view.engine.memory, view.cancel);
    let key = |column: Option<&FoundColumn<'_>>| CacheKey::Found {
        id: view.activation_id.to_owned(),
        text: text.clone(),
        column: column.map(|column| column.key.clone()),
    };
    let in_ids = memory.get_or_make(key(None), cancel, || search.ids(&*view.ids()?, cancel))?;
    let mut all = in_ids.0.clone();
    for column in columns {
        let found: Arc<FoundCustomers> = memory.get_or_make(key(Some(column)), cancel, || {
            search.column(column, &column.chunks(view.reader())?, cancel)
        })?;
        all = union(all, &found.0);
    }
    Ok(all)
}
