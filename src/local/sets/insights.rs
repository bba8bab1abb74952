//! The four insights (`docs/reference/insights.md`, Insights), prepared for each customer so that those of a segment
//! are a sum over its members.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::block::{Block, and, count_and, count_ones};
use super::customer_set::{CustomerSet, full_set, union};
pub(crate) use super::insight_tables::{InsightTables, is_dated, is_numeric, role};
use super::reachable::{Way, reachable};
use super::sum::Sum;
use super::totals::Totals;
use crate::backend::{BackendError, DayRange, Insights, Money};
use crate::database::{Database, Table};
use crate::local::cache::persisted::bitmap;
use crate::local::chunk_reader::ReadableTable;
use crate::local::consistency::{check_length, inconsistent};
use crate::local::index::customer_index::CustomerIndex;
use crate::local::index::orders::OrderIndex;
use crate::local::memory::MemorySize;
use crate::local::predicate::column_predicate::{ColumnPredicate, NumberPredicate};
use crate::local::predicate::date_predicate::DatePredicate;
use crate::local::predicate::row_mask::RowMask;
use crate::segment::{Comparison, DateTest, Number, NumberTest, ResolvedDate, TimePoint};

/// Billionths in a cent.
const CENT: i128 = 10_000_000;

/// What each customer adds to the insights of one day.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct PreparedInsights {
    #[serde(with = "bitmap::option")]
    active: Option<CustomerSet>,
    revenue: Option<Totals>,
    #[serde(with = "bitmap::option")]
    reachable: Option<CustomerSet>,
    /// Of all customers.
    pub all: Insights,
}

impl PreparedInsights {
    /// From its parts, for so many customers.
    ///
    /// # Errors
    /// They are of another number of customers.
    pub fn new(
        universe_size: usize,
        (active, revenue): Activity,
        reachable: Option<CustomerSet>,
    ) -> Result<Self, BackendError> {
        let all = Insights { unique_customers: universe_size as u64, ..Insights::default() };
        let mut prepared = Self { active, revenue, reachable, all };
        prepared.all = prepared.insights(&full_set(universe_size))?;
        Ok(prepared)
    }

    /// Of so many customers how many they are, and nothing else.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(crate) fn of_members_alone(universe_size: usize) -> Result<Self, BackendError> {
        Self::new(universe_size, Activity::default(), None)
    }

    /// Those of some customers.
    ///
    /// # Errors
    /// They are of another universe.
    pub(crate) fn insights(&self, members: &CustomerSet) -> Result<Insights, BackendError> {
        self.check_size(members.len())?;
        let mut sums = InsightSums::default();
        for block in (0..Block::count(members.len())).map(Block::new) {
            sums.add(self, block.words(members), block);
        }
        Ok(sums.insights(self))
    }

    /// Who can be reached; `None` where the data cannot say.
    pub fn reachable(&self) -> Option<&CustomerSet> {
        self.reachable.as_ref()
    }

    /// Checks that it is of so many customers.
    pub(crate) fn check_size(&self, universe_size: usize) -> Result<(), BackendError> {
        let sets = [&self.active, &self.reachable].into_iter().flatten().map(|set| set.len());
        sets.chain(self.revenue.as_ref().map(Totals::customers))
            .try_for_each(|customers| check_length("prepared insights", customers, universe_size))?;
        let all = self.all.unique_customers == universe_size as u64;
        if all { Ok(()) } else { Err(inconsistent("prepared insights are of other customers")) }
    }
}

/// The insights of some customers, as they are added up.
#[derive(Clone, Copy, Default)]
pub(crate) struct InsightSums {
    pub customers: u64,
    active: u64,
    revenue: Sum,
    reachable: u64,
}

impl InsightSums {
    pub fn add(&mut self, prepared: &PreparedInsights, members: &[usize], block: Block) {
        self.customers += count_ones(members);
        if let Some(active) = &prepared.active {
            let mut active = block.words(active).to_vec();
            and(&mut active, members);
            self.active += count_ones(&active);
            if let Some(revenue) = &prepared.revenue {
                self.revenue += revenue.total(&active, block);
            }
        }
        if let Some(reachable) = &prepared.reachable {
            self.reachable += count_and(members, block.words(reachable));
        }
    }

    /// Both together.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.customers += other.customers;
        self.active += other.active;
        self.revenue += other.revenue;
        self.reachable += other.reachable;
        self
    }

    /// What they come to; what is not prepared is not known.
    pub fn insights(&self, prepared: &PreparedInsights) -> Insights {
        Insights {
            unique_customers: self.customers,
            active_customers_1y: prepared.active.as_ref().map(|_| self.active),
            revenue_1y: prepared
                .active
                .as_ref()
                .and(prepared.revenue.as_ref())
                .and_then(|_| cents(self.revenue)),
            reachable_customers: prepared.reachable.as_ref().map(|_| self.reachable),
        }
    }
}

impl MemorySize for PreparedInsights {
    fn memory_size(&self) -> usize {
        let set = |set: &Option<CustomerSet>| set.as_ref().map_or(0, |set| size_of_val(set.as_slice()));
        set(&self.active) + set(&self.reachable) + self.revenue.as_ref().map_or(0, Totals::memory_size)
    }
}

/// Rounds half away from zero; `None` of what no amount of money says: infinity, or more than 64 bits of cents.
pub(crate) fn cents(sum: Sum) -> Option<Money> {
    if !sum.parts().1.is_finite() {
        return None;
    }
    let billionths = sum.billionths();
    let rounded = (billionths.abs().saturating_add(CENT / 2)) / CENT * billionths.signum();
    i64::try_from(rounded).ok().map(Money)
}

/// The rows that say who has bought when, and for how much.
pub(crate) struct OrderRows<'a> {
    pub table: &'a Table,
    pub index: Arc<CustomerIndex>,
    /// In the items table only some rows are purchases.
    pub purchases: Option<Arc<OrderIndex>>,
    /// The column of the days.
    pub day: &'a str,
    /// The column of the amounts; `None` where there is none, or it has no numbers.
    pub revenue: Option<&'a str>,
}

/// The orders; without them the purchases, as the language defines them; `None` without either.
pub(crate) fn order_rows<'a>(
    database: &'a Database,
    tables: &'a dyn InsightTables,
) -> Result<Option<OrderRows<'a>>, BackendError> {
    let (roles, columns) = (&database.roles, &database.roles.items_columns);
    let revenue = |table, column: &'a str| is_numeric(table, column).then_some(column);
    if let Some((table, index)) = role(tables, roles.orders.as_ref())?
        && is_dated(table, "order_datetime")
    {
        let revenue = revenue(table, "order_revenue");
        return Ok(Some(OrderRows { table, index, purchases: None, day: "order_datetime", revenue }));
    }
    let Some((table, index)) = role(tables, roles.items.as_ref())? else { return Ok(None) };
    if table.column(&columns.order_id).is_none() || !is_dated(table, &columns.order_datetime) {
        return Ok(None);
    }
    let (purchases, revenue) = (Some(tables.orders(table)?), revenue(table, &columns.item_revenue));
    Ok(Some(OrderRows { table, index, purchases, day: &columns.order_datetime, revenue }))
}

/// Prepares the insights at the day `as_of`. `data_day` is the day the data stands at.
pub(crate) fn prepare(
    database: &Database,
    tables: &dyn InsightTables,
    universe_size: usize,
    as_of: NaiveDate,
    data_day: NaiveDate,
) -> Result<PreparedInsights, BackendError> {
    let preparing = Preparation { database, tables, universe_size };
    let activity = match order_rows(database, tables)? {
        Some(rows) => preparing.by_orders(&rows, &year_until(as_of))?,
        None if as_of == data_day => preparing.by_attributes()?.unwrap_or_default(),
        None => (None, None),
    };
    let ways = reachable(database, tables, &[Way::Email, Way::Phone, Way::Address], universe_size)?;
    let reachable = ways.into_iter().map(|(_, customers)| customers).reduce(|one, other| union(one, &other));
    PreparedInsights::new(universe_size, activity, reachable)
}

/// The days of the year that ends on a day.
fn year_until(last: NaiveDate) -> DateTest {
    within(DayRange::past_year(last))
}

/// Whether a date is one of a range of days.
pub(crate) fn within(range: DayRange) -> DateTest {
    let day = |day| ResolvedDate { at: TimePoint::Day(day), relative: None };
    DateTest::Between { low: day(range.from), high: day(range.to), inclusive: true }
}

/// Who is active, and the revenue of each; each `None` where the table cannot say.
pub(crate) type Activity = (Option<CustomerSet>, Option<Totals>);

struct Preparation<'a> {
    database: &'a Database,
    tables: &'a dyn InsightTables,
    universe_size: usize,
}

impl Preparation<'_> {
    fn by_orders(&self, rows: &OrderRows<'_>, year: &DateTest) -> Result<Activity, BackendError> {
        let within = ColumnPredicate::Date(DatePredicate::new(year));
        let of = (rows.table, &*rows.index, rows.purchases.as_deref());
        self.activity(of, (rows.day, &within), rows.revenue)
    }

    /// What somebody worked out for each customer on the data's own day.
    fn by_attributes(&self) -> Result<Option<Activity>, BackendError> {
        const FREQUENCY: &str = "l12m_order_frequency";
        const REVENUE: &str = "l12m_order_revenue";
        let Some((table, index)) = role(self.tables, self.database.roles.attributes.as_ref())? else {
            return Ok(None);
        };
        if !is_numeric(table, FREQUENCY) {
            return Ok(None);
        }
        let some = NumberTest::Compare(Comparison::Greater, Number::Integer(0));
        let (active, _) = self.activity(
            (table, &index, None),
            (FREQUENCY, &ColumnPredicate::Number(NumberPredicate::new(&some))),
            None,
        )?;
        // A customer with several rows is active by one of them and has the revenue of all.
        let any = ColumnPredicate::Null(false);
        let (_, revenue) = match is_numeric(table, REVENUE) {
            true => self.activity((table, &index, None), (REVENUE, &any), Some(REVENUE))?,
            false => (None, None),
        };
        Ok(Some((active, revenue)))
    }

    /// Customers with a row that passes, and the sum of an amount over those rows. With orders only rows
    /// that are purchases count.
    fn activity(
        &self,
        (table, index, orders): (&Table, &CustomerIndex, Option<&OrderIndex>),
        (column, predicate): (&str, &ColumnPredicate<'_>),
        amount: Option<&str>,
    ) -> Result<Activity, BackendError> {
        index.customers.check_ids(self.universe_size)?;
        let (source, reader) = (ReadableTable::new(table)?, self.tables.reader());
        let none = || (self.empty_set(), Totals::new(self.universe_size));
        let found = reader.fold(source, [column], none, |(active, revenue), number, [column]| {
            let mut rows = RowMask::new(predicate, &column)?.trues;
            // Where rows stand by time, of most chunks nothing else is read.
            if rows.is_zero() {
                return Ok(());
            }
            if let Some(orders) = orders {
                let orders = orders.orders.chunk(number, reader)?;
                if let Some(without) = orders.without() {
                    rows.and_not(without)?;
                }
            }
            let customers = index.customers.chunk_with(number, &rows, reader)?;
            match amount {
                Some(amount) => {
                    revenue.add(&*reader.chunk(source, amount, number)?, &rows, &customers, active)
                }
                None => Ok(customers.add_to(&rows, active)?),
            }
        })?;
        let both =
            found.into_iter().reduce(|(set, sums), (others, more)| (union(set, &others), sums.merge(more)));
        let (active, revenue) = both.unwrap_or_else(none);
        Ok((Some(active), amount.map(|_| revenue)))
    }

    fn empty_set(&self) -> CustomerSet {
        CustomerSet::with_capacity(self.universe_size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_rounds_half_away_from_zero() {
        let cents = |billionths: i128| cents(Sum::new(billionths, 0.0)).map(|money| money.0);
        assert_eq!(cents(1_005_000_000), Some(101));
        assert_eq!(cents(-1_005_000_000), Some(-101));
        assert_eq!(cents(1_004_999_999), Some(100));
        assert_eq!(cents(-4_999_999), Some(0));
        assert_eq!(cents(i128::from(i64::MAX) * CENT), Some(i64::MAX));
    }

    #[test]
    fn what_no_amount_says_is_not_known() {
        assert_eq!(cents(Sum::new(i128::MAX, 0.0)), None);
        assert_eq!(cents(Sum::new(i128::from(i64::MAX) * CENT + CENT, 0.0)), None);
        assert_eq!(cents(Sum::from(1e30)), None);
        assert_eq!([f64::INFINITY, f64::NAN].map(|beyond| cents(Sum::new(0, beyond))), [None; 2]);
    }

    #[test]
    fn a_year_moves_by_the_calendar() {
        let has = |last: &str, day: &str| {
            let year = year_until(last.parse().unwrap());
            let day = crate::local::values::day_number(day.parse().unwrap());
            DatePredicate::new(&year).holds(crate::local::values::Timestamp { day, micros: 0 })
        };
        assert!(!has("2024-02-29", "2023-02-28") && !has("2024-02-29", "2024-03-01"));
        assert!(has("2024-02-29", "2023-03-01") && has("2024-02-29", "2024-02-29"));
    }
}
