//! The rows that decide a purchase condition.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::distance::{Gap, Steps, of_amount};
use super::own_rows::OwnRows;
use super::rows::{Judged, Shown, evidence, no_row, worked_out};
use super::tested_rows::{TestedRows, nearest_row, only_failing};
use super::totals::{number_text, own_total};
use crate::backend::{BackendError, Distance, DroppedBy, NearestMiss, RowEvidence};
use crate::local::cache_key::CacheKey;
use crate::local::columns::{Bitmap, Chunk, Value};
use crate::local::condition::most_frequent::most_orders;
use crate::local::condition::value_ids::ValueIds;
use crate::local::index::orders::OrderIndex;
use crate::local::index::row_map_chunk::{NO_ID, RowMapChunk};
use crate::local::members::text::exact_text;
use crate::local::sets::insights::InsightTables as _;
use crate::local::view::View;
use crate::segment::{ColumnTest, DateTest, Number, Predicate, PurchaseTest};

/// The rows of a customer in the items table.
struct OwnPurchases<'a> {
    own: &'a OwnRows<'a>,
    index: Arc<OrderIndex>,
    /// The order of each row, if it has one.
    orders: Arc<RowMapChunk>,
    /// Where they are true, the row is dropped.
    flags: Vec<Arc<Chunk>>,
    /// Whether the first of the tests is that of the window.
    has_window: bool,
    /// The window and the filters.
    tests: Vec<TestedRows<'a>>,
}

/// What a purchase test came to.
struct Outcome {
    /// `None` is NULL.
    computed: Option<String>,
    /// Where it does not hold.
    nearest: Option<NearestMiss>,
}

impl View<'_> {
    /// Why a purchase condition came to `result`.
    pub(super) fn purchase(
        &self,
        own: &OwnRows<'_>,
        (test, when, filters): (&PurchaseTest, Option<&DateTest>, &[ColumnTest]),
        result: Option<bool>,
    ) -> Result<RowEvidence, BackendError> {
        let columns = &self.engine.database.roles.items_columns;
        let window = when.map(|when| Predicate::Date(when.clone()));
        let window = window.as_ref().map(|window| (columns.order_datetime.as_str(), window));
        let filters = filters.iter().map(|filter| (filter.column.as_str(), &filter.predicate));
        let tests: Vec<(&str, &Predicate)> = window.into_iter().chain(filters).collect();
        let flags = [columns.is_return.as_str(), &columns.is_cancellation];
        let flags: Vec<&str> = flags.into_iter().filter(|name| own.table.column(name).is_some()).collect();
        let purchases = OwnPurchases {
            own,
            index: self.orders(own.table)?,
            orders: self.own_orders(own)?,
            flags: own.columns(&flags)?,
            has_window: window.is_some(),
            tests: TestedRows::all(&tests, own)?,
        };
        let holds = result == Some(true);
        let judged: Vec<Judged> = (0..own.len()).map(|at| purchases.judged(test, holds, at)).collect();
        let counted: Vec<bool> = judged.iter().map(|row| row.dropped.is_none()).collect();
        let counted = Bitmap::from_values(&counted, |is_counted| is_counted);
        let outcome = match test {
            PurchaseTest::First | PurchaseTest::Repeat => {
                let order_id = own.columns(&[&columns.order_id])?;
                purchases.of_first(test, order_id.first(), &columns.order_id)
            }
            PurchaseTest::MostFrequent => purchases.of_most_frequent(self)?,
            PurchaseTest::Total { column, amount } => {
                let total = own_total(own, column, &counted)?;
                let sum = (counted.count_ones() > 0).then(|| total.rounded(2)).flatten();
                let gap = sum.map(|sum| of_amount(amount, sum, Steps::Of(2), None));
                let nearest = match gap {
                    Some(gap) => worked_out(sum.map(number_text), gap.distance),
                    None => purchases.near(|_| true).unwrap_or_else(no_row),
                };
                Outcome { computed: sum.map(number_text), nearest: Some(nearest) }
            }
            PurchaseTest::Orders(_) | PurchaseTest::None => purchases.of_count(test, &counted),
        };
        let keys = self.keys(own.table);
        let totalled = match test {
            PurchaseTest::Total { column, .. } => Some(column.as_str()),
            _ => None,
        };
        let looked_at = tests.iter().map(|(column, _)| *column);
        let columns = keys.into_iter().chain(totalled).chain(looked_at).collect();
        let nearest = outcome.nearest.filter(|_| !holds);
        evidence(own, &Shown { columns, flags }, &judged, Some(outcome.computed), nearest)
    }

    /// The orders of a customer's rows in the items table.
    fn own_orders(&self, own: &OwnRows<'_>) -> Result<Arc<RowMapChunk>, BackendError> {
        let key = CacheKey::OwnOrders { id: self.activation_id.to_owned(), customer: own.customer };
        self.engine.memory.get_or_make(key, self.cancel, || {
            let index = self.orders(own.table)?;
            let mut ids = Vec::with_capacity(own.len());
            let mut last: Option<(usize, Arc<RowMapChunk>)> = None;
            for (number, row) in own.places() {
                let chunk = match last.take().filter(|(known, _)| *known == number) {
                    Some((_, chunk)) => chunk,
                    None => index.orders.chunk(number, self.reader())?,
                };
                let order = chunk.get(row).map_or(Ok(NO_ID), u32::try_from);
                ids.push(order.unwrap_or(NO_ID));
                last = Some((number, chunk));
            }
            Ok(RowMapChunk::from_ids(&ids))
        })
    }
}

impl OwnPurchases<'_> {
    fn judged(&self, test: &PurchaseTest, holds: bool, at: usize) -> Judged {
        let (has_order, is_first) = (self.orders.get(at).is_some(), self.is_first(at));
        let of_test = match test {
            PurchaseTest::First => is_first,
            PurchaseTest::Repeat => has_order && !is_first,
            _ => true,
        };
        // Where it does not hold, each of the rows that count tells why.
        Judged { result: Some(of_test), dropped: self.dropped(at), decides: of_test || !holds }
    }

    fn dropped(&self, at: usize) -> Option<DroppedBy> {
        if self.orders.get(at).is_none() {
            let is_true = |flag: &Arc<Chunk>| !flag.is_null(at) && flag.value(at) == Value::Boolean(true);
            let is_return = self.flags.iter().any(is_true);
            return Some(if is_return { DroppedBy::Return } else { DroppedBy::NoOrder });
        }
        let failing = self.tests.iter().position(|test| !test.holds(at))?;
        Some(match (self.has_window, failing) {
            (true, 0) => DroppedBy::Window,
            (true, failing) => DroppedBy::Filter(failing - 1),
            (false, failing) => DroppedBy::Filter(failing),
        })
    }

    /// Whether a row is of the customer's first order of all.
    fn is_first(&self, at: usize) -> bool {
        self.orders.get(at).is_some_and(|order| self.index.firsts().contains(order))
    }

    /// Of some of the purchases the one that the window or a filter nearly keeps.
    fn near(&self, is_wanted: impl Fn(usize) -> bool) -> Option<NearestMiss> {
        let purchases = (0..self.own.len()).filter(|at| self.orders.get(*at).is_some() && is_wanted(*at));
        nearest_row(only_failing(&self.tests, purchases.collect::<Vec<_>>().into_iter()), self.own)
    }

    /// Of the number of orders.
    fn of_count(&self, test: &PurchaseTest, counted: &Bitmap) -> Outcome {
        let orders: BTreeSet<usize> = counted.iter_ones().filter_map(|at| self.orders.get(at)).collect();
        #[allow(clippy::cast_possible_wrap)] // no more than rows, which a u32 counts
        let count = orders.len() as i64;
        let computed = Some(count.to_string());
        let missing = |gap: Gap| worked_out(computed.clone(), gap.distance);
        let nearest = match test {
            _ if self.own.len() == 0 => no_row(),
            PurchaseTest::Orders(amount) => {
                // Where one order is enough, the row that is nearly of one tells more than the number.
                let near = (count == 0 && amount.holds(Number::Integer(1))).then(|| self.near(|_| true));
                near.flatten().unwrap_or_else(|| {
                    missing(of_amount(amount, Number::Integer(count), Steps::Of(0), Some(1)))
                })
            }
            _ => missing(Gap::count(-count)),
        };
        Outcome { computed, nearest: Some(nearest) }
    }

    /// Of the first order of all, and of others.
    fn of_first(&self, test: &PurchaseTest, order_ids: Option<&Arc<Chunk>>, column: &str) -> Outcome {
        let is_wanted = |at| self.is_first(at) == matches!(test, PurchaseTest::First);
        let first = (0..self.own.len()).find(|at| self.is_first(*at));
        let first = first.zip(order_ids).map(|(at, ids)| (at, exact_text(ids.value(at))));
        let of_first = || match (test, &first) {
            (PurchaseTest::First, Some((at, id))) => Some(NearestMiss {
                row: Some(self.own.row(*at) as u64),
                column: Some(column.to_owned()),
                value: Some(id.clone()),
                distance: Distance::Value,
            }),
            _ => None,
        };
        let nearest = self.near(is_wanted).or_else(of_first).unwrap_or_else(no_row);
        Outcome { computed: first.map(|(_, id)| id), nearest: Some(nearest) }
    }

    /// Of the most orders with a combination of values for which the filters hold.
    fn of_most_frequent(&self, view: &View<'_>) -> Result<Outcome, BackendError> {
        let (window, filters) = self.tests.split_at(usize::from(self.has_window));
        let mut names: Vec<&str> = filters.iter().map(|filter| filter.column).collect();
        names.sort_unstable();
        names.dedup();
        let mut combined: Option<ValueIds> = None;
        for column in self.own.columns(&names)? {
            let ids = ValueIds::from_chunks(&[column], view.reader().chunk_size, view.cancel)?;
            combined = Some(match combined {
                Some(others) => others.combine(&ids, view.cancel)?,
                None => ids,
            });
        }
        let id = |at: usize| match &combined {
            #[allow(clippy::cast_possible_truncation)] // ids are of 32 bits
            Some(ids) => ids.chunk(0).map(|ids| ids.get(at) as u32),
            None => Ok(0),
        };
        let (mut bought, mut passing) = (Vec::new(), BTreeSet::new());
        for at in 0..self.own.len() {
            if filters.iter().all(|filter| filter.holds(at)) {
                passing.insert(id(at)?);
            }
            if let Some(order) = self.orders.get(at).filter(|_| window.iter().all(|window| window.holds(at)))
            {
                bought.push((id(at)?, u32::try_from(order).unwrap_or(NO_ID)));
            }
        }
        let (most, best) = most_orders(&mut bought, |combination| passing.contains(&combination));
        let computed = Some(best.to_string());
        #[allow(clippy::cast_possible_wrap)] // no more than rows, which a u32 counts
        let missing = || worked_out(computed.clone(), Gap::count(most.max(1) as i64 - best as i64).distance);
        let nearest = match most {
            _ if self.own.len() == 0 => no_row(),
            0 => self.near(|_| true).unwrap_or_else(missing),
            _ => missing(),
        };
        Ok(Outcome { computed, nearest: Some(nearest) })
    }
}
