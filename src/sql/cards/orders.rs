//! The orders that figures are about (`docs/reference/insights.md`, Pages of a saved segment).

use super::audiences::CardWriter;
use crate::backend::DayRange;
use crate::segment::{Comparison, DataType, DateTest, DateUnit, RelativeDate, ResolvedDate, TimePoint};
use crate::sql::layout::{Fragment, Select, sql};
use crate::sql::predicate::{DateOperand, date_test};
use crate::sql::query::TableSource;
use crate::sql::unsupported::Unsupported;

/// The column of the channel of a purchase.
const CHANNEL: &str = "purchase_channel";

/// The orders of some days, one row or more for each.
pub(super) struct Orders {
    pub table: Fragment,
    pub has_revenue: bool,
    pub has_quantity: bool,
}

impl<'a> CardWriter<'a> {
    /// The orders of the past year.
    pub fn past_year(&mut self) -> Result<Orders, Unsupported> {
        let year = self.year();
        self.orders(&year, "The orders of the past year")
    }

    /// What the insights count of the past year: the orders, or of the items table each row by its own day.
    pub fn active_year(&mut self) -> Result<Orders, Unsupported> {
        if self.orders_table(&[])?.is_some() {
            return self.past_year();
        }
        let own = self.query.request.view.database.roles.items_columns.clone();
        let source = self.items(&[&own.item_revenue])?;
        let (dialect, names) = (self.query.dialect, &self.names);
        let columns = vec![source.aliased_id()?, sql![source.column(&own.order_id), " AS ", &names.order]];
        let has_revenue = is_number(&source, &own.item_revenue);
        let amount =
            dialect.exact_decimal(&source.column(&own.item_revenue), source.data_type(&own.item_revenue));
        let amount = has_revenue.then(|| sql![amount, " AS ", &names.revenue]);
        let time = source.column(&own.order_datetime);
        let mut filters = self.query.is_purchase(&source);
        filters.extend(self.tests(&time, is_timed(&source, &own.order_datetime), &self.year())?);
        let columns = columns.into_iter().chain(amount).collect();
        let body = Select { filters, ..Select::new(columns, source.from()) };
        let table = self.add("orders", "The purchases of the past year", body);
        Ok(Orders { table, has_revenue, has_quantity: false })
    }

    /// The orders of a range of days.
    pub fn within(&mut self, range: DayRange) -> Result<Orders, Unsupported> {
        let day = |day| ResolvedDate { at: TimePoint::Day(day), relative: None };
        let test = DateTest::Between { low: day(range.from), high: day(range.to), inclusive: true };
        self.orders(&[test], &format!("The orders from {} to {}", range.from, range.to))
    }

    /// All orders up to the day of evaluation.
    pub fn ever(&mut self) -> Result<Orders, Unsupported> {
        let [_, until] = self.year();
        self.orders(&[until], "All orders up to the day")
    }

    /// After the same day a year ago, and not after the day of evaluation.
    fn year(&self) -> [DateTest; 2] {
        let as_of = self.query.request.as_of;
        let before = DayRange::past_year(as_of).from.pred_opt().unwrap_or(as_of);
        let day = |at, n, unit| ResolvedDate {
            at: TimePoint::Day(at),
            relative: Some(RelativeDate::Shift(n, unit)),
        };
        [
            DateTest::Compare(Comparison::Greater, day(before, -1, DateUnit::Year)),
            DateTest::Compare(Comparison::LessOrEqual, day(as_of, 0, DateUnit::Day)),
        ]
    }

    /// The orders of the past year with the channel of each row.
    pub fn channels_of_year(&mut self) -> Result<Fragment, Unsupported> {
        let (id, names) = (self.id(), &self.names);
        let (order, value) = (names.order.clone(), names.value.clone());
        match self.orders_table(&[CHANNEL])? {
            Some(source) if source.has(CHANNEL) => {
                let year = self.tests(
                    &source.column("order_datetime"),
                    is_timed(&source, "order_datetime"),
                    &self.year(),
                )?;
                let columns = vec![source.aliased_id()?, sql![self.listed(&source, CHANNEL), " AS ", &value]];
                let body = Select { distinct: true, filters: year, ..Select::new(columns, source.from()) };
                Ok(self.add("channels", "The channels of each customer's orders of the past year", body))
            }
            Some(_) => Err(missing("the orders table has no column purchase_channel")),
            None => {
                let source = self.items(&[CHANNEL])?;
                if !source.has(CHANNEL) {
                    return Err(missing("the items table has no column purchase_channel"));
                }
                let own = &self.query.request.view.database.roles.items_columns;
                let columns = vec![
                    source.aliased_id()?,
                    sql![source.column(&own.order_id), " AS ", &order],
                    sql![self.listed(&source, CHANNEL), " AS ", &value],
                ];
                let filters = self.query.is_purchase(&source);
                let rows = Select { filters, ..Select::new(columns, source.from()) };
                let rows = self.add("purchase_rows", "The channel of each row", rows);
                let orders = self.past_year()?.table;
                let of_rows = |column: &Fragment| Self::column(&rows, column);
                let equal = |column: &Fragment| sql![of_rows(column), " = ", Self::column(&orders, column)];
                let on = Fragment::all([equal(&id), equal(&order)]);
                let from = sql![&rows, Fragment::LineBreak, "JOIN ", &orders, " ON ", on];
                let columns = vec![of_rows(&id), of_rows(&value)];
                let body = Select { distinct: true, ..Select::new(columns, from) };
                Ok(self.add("channels", "The channels of each customer's orders of the past year", body))
            }
        }
    }

    fn tests(
        &self,
        value: &Fragment,
        has_time: bool,
        tests: &[DateTest],
    ) -> Result<Vec<Fragment>, Unsupported> {
        let (dates, dialect) = (self.query.dates, self.query.dialect);
        tests.iter().map(|test| date_test(DateOperand { value, has_time }, test, dates, dialect)).collect()
    }

    /// The orders whose day passes.
    fn orders(&mut self, days: &[DateTest], comment: &str) -> Result<Orders, Unsupported> {
        match self.orders_table(&["order_id", "order_revenue", "order_quantity"])? {
            Some(source) => self.stored_orders(&source, days, comment),
            None => self.orders_of_items(days, comment),
        }
    }

    /// The orders table, with these columns in use, where it can say when.
    fn orders_table(&self, columns: &[&str]) -> Result<Option<TableSource<'a>>, Unsupported> {
        let database = self.query.request.view.database;
        let table = database.roles.orders.as_deref().and_then(|name| database.table(name));
        let is_dated = |source: &TableSource<'_>| {
            matches!(source.data_type("order_datetime"), DataType::Date | DataType::Datetime)
                && source.has("order_datetime")
        };
        let Some(table) = table.filter(|table| {
            table.id_column(self.query.request.view.activation_id).is_some() && table.content.is_ok()
        }) else {
            return Ok(None);
        };
        let in_use: Vec<&str> = columns.iter().copied().chain(["order_datetime"]).collect();
        let source = self.query.table(&table.key(), &in_use)?;
        Ok(Some(source).filter(is_dated))
    }

    fn stored_orders(
        &mut self,
        source: &TableSource<'a>,
        days: &[DateTest],
        comment: &str,
    ) -> Result<Orders, Unsupported> {
        let dialect = self.query.dialect;
        let time = source.column("order_datetime");
        let has_time = is_timed(source, "order_datetime");
        let names = &self.names;
        let order = if source.has("order_id") { source.column("order_id") } else { "NULL".into() };
        let day = if has_time { dialect.date_of(&time) } else { time.clone() };
        let mut columns =
            vec![source.aliased_id()?, sql![order, " AS ", &names.order], sql![day, " AS ", &names.day]];
        let [has_revenue, has_quantity] =
            ["order_revenue", "order_quantity"].map(|column| is_number(source, column));
        let amount = |column: &str| dialect.exact_decimal(&source.column(column), source.data_type(column));
        columns.extend(has_revenue.then(|| sql![amount("order_revenue"), " AS ", &names.revenue]));
        columns.extend(has_quantity.then(|| sql![amount("order_quantity"), " AS ", &names.quantity]));
        let filters = self.tests(&time, has_time, days)?;
        let body = Select { filters, ..Select::new(columns, source.from()) };
        Ok(Orders { table: self.add("orders", comment, body), has_revenue, has_quantity })
    }

    fn items(&self, more: &[&str]) -> Result<TableSource<'a>, Unsupported> {
        let database = self.query.request.view.database;
        let own = &database.roles.items_columns;
        let table = database.roles.items.as_deref().and_then(|name| database.table(name));
        let table = table.filter(|table| table.id_column(self.query.request.view.activation_id).is_some());
        let table = table.ok_or_else(|| missing("the database has neither orders nor items"))?;
        let in_use = [own.order_id.as_str(), &own.order_datetime, &own.is_return, &own.is_cancellation];
        let in_use: Vec<&str> = in_use.into_iter().chain(more.iter().copied()).collect();
        let source = self.query.table(&table.key(), &in_use)?;
        if source.has(&own.order_id)
            && source.has(&own.order_datetime)
            && matches!(source.data_type(&own.order_datetime), DataType::Date | DataType::Datetime)
        {
            return Ok(source);
        }
        Err(missing("the items table has no order id or no order date"))
    }

    /// An order is of the day of its earliest row.
    fn orders_of_items(&mut self, days: &[DateTest], comment: &str) -> Result<Orders, Unsupported> {
        let own = self.query.request.view.database.roles.items_columns.clone();
        let source = self.items(&[&own.item_revenue, &own.item_quantity])?;
        let (dialect, names) = (self.query.dialect, &self.names);
        let (order, time) = (source.column(&own.order_id), source.column(&own.order_datetime));
        let first = sql!["min(", &time, ")"];
        let day = if is_timed(&source, &own.order_datetime) { dialect.date_of(&first) } else { first };
        let mut columns =
            vec![source.aliased_id()?, sql![&order, " AS ", &names.order], sql![day, " AS ", &names.day]];
        let [has_revenue, has_quantity] =
            [&own.item_revenue, &own.item_quantity].map(|column| is_number(&source, column));
        let sum = |column: &str| {
            let exact = dialect.exact_decimal(&source.column(column), source.data_type(column));
            sql!["sum(", exact, ")"]
        };
        columns.extend(has_revenue.then(|| sql![sum(&own.item_revenue), " AS ", &names.revenue]));
        columns.extend(has_quantity.then(|| sql![sum(&own.item_quantity), " AS ", &names.quantity]));
        let group_by = vec![source.raw_id(), order];
        let filters = self.query.is_purchase(&source);
        let grouped = Select { filters, group_by, ..Select::new(columns, source.from()) };
        let day = self.names.day.clone();
        let filters = self.tests(&day, false, days)?;
        let all = self.add("orders_of_items", "Each order, from the rows that are purchases", grouped);
        let body = Select { filters, ..Select::new(vec!["*".into()], all) };
        Ok(Orders { table: self.add("orders", comment, body), has_revenue, has_quantity })
    }

    /// What each customer has ordered: how often, for how much, how many units.
    pub fn spent(&mut self, orders: &Orders) -> Fragment {
        let (id, names) = (self.id(), &self.names);
        let order = &names.order;
        let count = sql![
            "count(DISTINCT ",
            order,
            ") + count(CASE WHEN ",
            order,
            " IS NULL THEN 1 END) AS ",
            &names.orders
        ];
        let mut columns = vec![id.clone(), count];
        let sum = |column: &Fragment| sql!["coalesce(sum(", column, "), 0) AS ", column];
        columns.extend(orders.has_revenue.then(|| sum(&names.revenue)));
        columns.extend(orders.has_quantity.then(|| sum(&names.quantity)));
        let body = Select { group_by: vec![id], ..Select::new(columns, orders.table.clone()) };
        self.add("spent", "What each customer has ordered", body)
    }
}

pub(super) fn is_number(source: &TableSource, column: &str) -> bool {
    source.has(column) && matches!(source.data_type(column), DataType::Integer | DataType::Decimal)
}

fn is_timed(source: &TableSource, column: &str) -> bool {
    source.data_type(column) == DataType::Datetime
}

pub(super) fn missing(message: &str) -> Unsupported {
    Unsupported::new(message, "add the table or column, or name it in database.toml")
}
