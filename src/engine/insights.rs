//! The four insights (`insights.md`, Insights), prepared for each customer so that those of a segment
//! are a sum over its members.

use chrono::{Months, NaiveDate};
use polars::prelude::{Column, DataFrame};

use super::index::RowIndex;
use super::orders::OrderIndex;
use super::scan::scan;
use super::truth::{Customers, count};
use super::values::{billionths, day_number, is_blank, points};
use super::{Cancel, EngineError, Insights, Money};
use crate::catalog::{Database, Table};
use crate::segment::DataType;

/// Billionths in a cent.
const CENT: i128 = 10_000_000;

/// What each customer adds to the insights of one day.
pub struct Prepared {
    active: Option<Customers>,
    /// In billionths, by customer.
    revenue: Option<Vec<i128>>,
    reachable: Option<Customers>,
}

impl Prepared {
    /// The insights of some customers.
    pub fn of(&self, members: &Customers) -> Insights {
        let within = |set: &Customers| members.intersection_count(set) as u64;
        Insights {
            unique_customers: count(members),
            active_customers_1y: self.active.as_ref().map(within),
            revenue_1y: self.revenue.as_ref().map(|revenue| {
                let amounts = members.ones().filter_map(|customer| revenue.get(customer));
                cents(amounts.fold(0, |sum, amount| sum.saturating_add(*amount)))
            }),
            reachable_customers: self.reachable.as_ref().map(within),
        }
    }
}

/// Rounds half away from zero.
fn cents(billionths: i128) -> Money {
    let rounded = (billionths.abs().saturating_add(CENT / 2)) / CENT * billionths.signum();
    Money(i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX }))
}

/// What preparing needs of the engine: the tables with the activation ID, and their indexes.
pub trait Tables {
    /// A table with the activation ID, by name, and its index.
    fn table(&self, name: &str) -> Option<Result<(&Table, std::sync::Arc<RowIndex>), EngineError>>;
    /// The purchases of the items table.
    fn orders(&self, items: &Table) -> Result<std::sync::Arc<OrderIndex>, EngineError>;
}

/// Prepares the insights at the day `as_of`. `data_day` is the day the data stands at.
pub fn prepare(
    database: &Database,
    tables: &dyn Tables,
    universe_size: usize,
    as_of: NaiveDate,
    data_day: NaiveDate,
    cancel: &Cancel,
) -> Result<Prepared, EngineError> {
    let preparing = Preparing { database, tables, universe_size, cancel };
    let year = Year::until(as_of);
    let (active, revenue) = match preparing.by_orders(&year)? {
        Some(found) => found,
        None => match preparing.by_items(&year)? {
            Some(found) => found,
            None if as_of == data_day => preparing.by_attributes()?.unwrap_or_default(),
            None => (None, None),
        },
    };
    let reachable = match preparing.by_contact()? {
        Some(found) => Some(found),
        None => preparing.by_customers()?,
    };
    Ok(Prepared { active, revenue, reachable })
}

/// The days of a year that ends on a day: after the same day a year ago, and not after it.
struct Year {
    before: i64,
    last: i64,
}

impl Year {
    fn until(last: NaiveDate) -> Self {
        let before = last.checked_sub_months(Months::new(12)).unwrap_or(NaiveDate::MIN);
        Self { before: day_number(before), last: day_number(last) }
    }

    fn contains(&self, day: i64) -> bool {
        self.before < day && day <= self.last
    }
}

/// Who is active, and for how much; each `None` where the table cannot say.
type Activity = (Option<Customers>, Option<Vec<i128>>);

struct Preparing<'a> {
    database: &'a Database,
    tables: &'a dyn Tables,
    universe_size: usize,
    cancel: &'a Cancel,
}

impl Preparing<'_> {
    /// The table of a role and its index, if it has the activation ID.
    fn role(&self, name: Option<&String>) -> Result<Option<(&Table, std::sync::Arc<RowIndex>)>, EngineError> {
        name.and_then(|name| self.tables.table(name)).transpose()
    }

    fn by_orders(&self, year: &Year) -> Result<Option<Activity>, EngineError> {
        let Some((table, index)) = self.role(self.database.roles.orders.as_ref())? else { return Ok(None) };
        if !is_dated(table, "order_datetime") {
            return Ok(None);
        }
        let customers = |first| Box::new(index.from(first)) as Box<dyn Iterator<Item = Option<usize>>>;
        self.activity(table, "order_datetime", "order_revenue", year, &customers).map(Some)
    }

    /// A purchase as the language defines it.
    fn by_items(&self, year: &Year) -> Result<Option<Activity>, EngineError> {
        let Some((table, _)) = self.role(self.database.roles.items.as_ref())? else { return Ok(None) };
        let columns = &self.database.roles.items_columns;
        if table.column(&columns.order_id).is_none() || !is_dated(table, &columns.order_datetime) {
            return Ok(None);
        }
        let orders = self.tables.orders(table)?;
        let customers = |first| {
            let customers = orders.from(first).map(|order| orders.customer(order?));
            Box::new(customers) as Box<dyn Iterator<Item = Option<usize>>>
        };
        self.activity(table, &columns.order_datetime, &columns.item_revenue, year, &customers).map(Some)
    }

    /// Customers with a row within the year, and the sum of an amount over those rows.
    fn activity<'i>(
        &self,
        table: &Table,
        datetime: &str,
        amount: &str,
        year: &Year,
        customers: &dyn Fn(usize) -> Box<dyn Iterator<Item = Option<usize>> + 'i>,
    ) -> Result<Activity, EngineError> {
        let unreadable = EngineError::unreadable(&table.name);
        let has_amount = is_numeric(table, amount);
        let mut wanted = vec![datetime];
        wanted.extend(has_amount.then_some(amount));
        let mut active = self.nobody();
        let mut revenue = has_amount.then(|| vec![0_i128; self.universe_size]);
        scan(table, &wanted, self.cancel, |first, frame| {
            let column = frame.column(datetime).map_err(&unreadable)?;
            let points = points(column).transpose().map_err(&unreadable)?.unwrap_or_default();
            let counts = points.into_iter().map(|point| point.is_some_and(|point| year.contains(point.day)));
            let counting: Vec<Option<usize>> =
                counts.zip(customers(first)).map(|(counts, customer)| customer.filter(|_| counts)).collect();
            active.extend(counting.iter().flatten().copied());
            if let Some(revenue) = &mut revenue {
                let amounts = amounts(table, frame, amount)?;
                add(
                    revenue,
                    counting
                        .iter()
                        .zip(amounts)
                        .filter_map(|(customer, amount)| Some(((*customer)?, amount))),
                );
            }
            Ok(())
        })?;
        Ok((Some(active), revenue))
    }

    /// What somebody worked out for each customer on the data's own day.
    fn by_attributes(&self) -> Result<Option<Activity>, EngineError> {
        const FREQUENCY: &str = "l12m_order_frequency";
        const REVENUE: &str = "l12m_order_revenue";
        let Some((table, index)) = self.role(self.database.roles.attributes.as_ref())? else {
            return Ok(None);
        };
        if !is_numeric(table, FREQUENCY) {
            return Ok(None);
        }
        let mut active = self.nobody();
        let mut revenue = is_numeric(table, REVENUE).then(|| vec![0_i128; self.universe_size]);
        let mut wanted = vec![FREQUENCY];
        wanted.extend(revenue.is_some().then_some(REVENUE));
        scan(table, &wanted, self.cancel, |first, frame| {
            let frequencies = amounts(table, frame, FREQUENCY)?;
            let active_here = frequencies.into_iter().zip(index.from(first));
            active.extend(active_here.filter_map(|(frequency, customer)| customer.filter(|_| frequency > 0)));
            if let Some(revenue) = &mut revenue {
                let amounts = amounts(table, frame, REVENUE)?;
                add(
                    revenue,
                    index.from(first).zip(amounts).filter_map(|(customer, amount)| Some((customer?, amount))),
                );
            }
            Ok(())
        })?;
        for (customer, revenue) in revenue.iter_mut().flatten().enumerate() {
            if !active.contains(customer) {
                *revenue = 0;
            }
        }
        Ok(Some((Some(active), revenue)))
    }

    fn by_contact(&self) -> Result<Option<Customers>, EngineError> {
        let Some((table, index)) = self.role(self.database.roles.contact.as_ref())? else { return Ok(None) };
        let means: Vec<&str> = ["contactable_email", "contactable_phone", "contactable_address"]
            .into_iter()
            .filter(|name| table.column(name).is_some_and(|column| column.data_type == DataType::Boolean))
            .collect();
        self.reachable(table, &index, &means, |frame| {
            let mut any = vec![false; frame.height()];
            for name in &means {
                let yes = frame.column(name)?.bool()?;
                any.iter_mut().zip(yes.iter()).for_each(|(any, yes)| *any |= yes == Some(true));
            }
            Ok(any)
        })
    }

    /// Without the contact table: an email, a phone, or a whole postal address.
    fn by_customers(&self) -> Result<Option<Customers>, EngineError> {
        let Some((table, index)) = self.role(self.database.roles.customers.as_ref())? else {
            return Ok(None);
        };
        let ways = [&["email"][..], &["phone"], &["address", "city", "state", "postal"]];
        let ways = ways.iter().filter(|way| way.iter().all(|name| table.column(name).is_some()));
        let ways: Vec<&[&str]> = ways.copied().collect();
        let wanted: Vec<&str> = ways.iter().copied().flatten().copied().collect();
        self.reachable(table, &index, &wanted, |frame| {
            let mut any = vec![false; frame.height()];
            for way in &ways {
                let mut whole = vec![true; frame.height()];
                for name in *way {
                    let filled = filled(frame.column(name)?)?;
                    whole.iter_mut().zip(filled).for_each(|(whole, filled)| *whole &= filled);
                }
                any.iter_mut().zip(whole).for_each(|(any, whole)| *any |= whole);
            }
            Ok(any)
        })
    }

    /// Customers with a row that `reaches`; `None` if there is no column to tell by.
    fn reachable(
        &self,
        table: &Table,
        index: &RowIndex,
        columns: &[&str],
        reaches: impl Fn(&DataFrame) -> polars::prelude::PolarsResult<Vec<bool>>,
    ) -> Result<Option<Customers>, EngineError> {
        if columns.is_empty() {
            return Ok(None);
        }
        let mut reachable = self.nobody();
        scan(table, columns, self.cancel, |first, frame| {
            let reaches = reaches(frame).map_err(EngineError::unreadable(&table.name))?;
            let rows = reaches.into_iter().zip(index.from(first));
            reachable.extend(rows.filter_map(|(reaches, customer)| customer.filter(|_| reaches)));
            Ok(())
        })?;
        Ok(Some(reachable))
    }

    fn nobody(&self) -> Customers {
        Customers::with_capacity(self.universe_size)
    }
}

fn is_dated(table: &Table, column: &str) -> bool {
    let data_type = table.column(column).map(|column| column.data_type);
    matches!(data_type, Some(DataType::Date | DataType::Datetime))
}

fn is_numeric(table: &Table, column: &str) -> bool {
    let data_type = table.column(column).map(|column| column.data_type);
    matches!(data_type, Some(DataType::Integer | DataType::Decimal))
}

/// The amounts of a numeric column in billionths; NULL counts as nothing.
fn amounts(table: &Table, frame: &DataFrame, column: &str) -> Result<Vec<i128>, EngineError> {
    let unreadable = EngineError::unreadable(&table.name);
    let amounts = billionths(frame.column(column).map_err(&unreadable)?);
    let amounts = amounts.transpose().map_err(&unreadable)?.unwrap_or_default();
    Ok(amounts.into_iter().map(Option::unwrap_or_default).collect())
}

fn add(sums: &mut [i128], amounts: impl Iterator<Item = (usize, i128)>) {
    for (customer, amount) in amounts {
        if let Some(sum) = sums.get_mut(customer) {
            *sum = sum.saturating_add(amount);
        }
    }
}

/// Whether each value is there and is more than white space.
fn filled(column: &Column) -> polars::prelude::PolarsResult<Vec<bool>> {
    Ok(match column.dtype() {
        polars::prelude::DataType::String => {
            column.str()?.iter().map(|value| value.is_some_and(|value| !is_blank(value))).collect()
        }
        _ => column.is_not_null().iter().map(|value| value == Some(true)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_rounds_half_away_from_zero() {
        assert_eq!(cents(1_005_000_000), Money(101));
        assert_eq!(cents(-1_005_000_000), Money(-101));
        assert_eq!(cents(1_004_999_999), Money(100));
        assert_eq!(cents(-4_999_999), Money(0));
        assert_eq!(cents(i128::MAX), Money(i64::MAX));
    }

    #[test]
    fn a_year_moves_by_the_calendar() {
        let year = |day: &str| Year::until(day.parse().unwrap());
        let day = |day: &str| day_number(day.parse().unwrap());
        assert!(!year("2024-02-29").contains(day("2023-02-28")));
        assert!(
            year("2024-02-29").contains(day("2023-03-01")) && year("2024-02-29").contains(day("2024-02-29"))
        );
        assert!(!year("2024-02-29").contains(day("2024-03-01")));
    }
}
