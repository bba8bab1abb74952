//! Who has bought when, and for how much: the rows of the orders table, or what the items table has in their place.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, Months, NaiveDate};
use segtui::backend::DayRange;
use segtui::segment::DataType;

use super::Pages;
use super::exactly::amount;
use crate::slow::{Cell, Rows};

/// A row of the orders table, or an order of the items table.
pub struct Bought {
    pub customer: String,
    /// Without one it is an order of its own.
    pub order: Option<String>,
    pub day: NaiveDate,
    pub revenue: i128,
    pub units: i128,
    pub channels: Vec<Cell>,
}

/// All of them.
pub struct Orders {
    pub bought: Vec<Bought>,
    pub has_revenue: bool,
    pub has_units: bool,
    pub has_channel: bool,
}

/// What some customers have bought within some days.
#[derive(Default)]
pub struct Sums {
    pub active: BTreeSet<String>,
    pub revenue: i128,
    pub units: i128,
    pub orders: i128,
}

impl Orders {
    pub fn sums(&self, members: &BTreeSet<String>, range: DayRange) -> Sums {
        let mut sums = Sums::default();
        let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
        for bought in self.within(range).filter(|bought| members.contains(&bought.customer)) {
            sums.active.insert(bought.customer.clone());
            sums.revenue += bought.revenue;
            sums.units += bought.units;
            let is_new = match &bought.order {
                None => true,
                Some(order) => seen.insert((&bought.customer, order)),
            };
            sums.orders += i128::from(is_new);
        }
        sums
    }

    pub fn within(&self, range: DayRange) -> impl Iterator<Item = &Bought> {
        self.bought.iter().filter(move |bought| range.from <= bought.day && bought.day <= range.to)
    }
}

/// After the same day a year before, up to this one.
pub fn past_year(day: NaiveDate) -> DayRange {
    DayRange { from: day - Months::new(12) + Days::new(1), to: day }
}

pub fn is_dated(rows: &Rows, column: &str) -> bool {
    matches!(rows.type_of(column), Some(DataType::Date | DataType::Datetime))
}

pub fn is_numeric(rows: &Rows, column: &str) -> bool {
    matches!(rows.type_of(column), Some(DataType::Integer | DataType::Decimal))
}

impl Pages<'_> {
    /// `None` without orders and items.
    pub fn orders(&self) -> Option<Orders> {
        match self.role(&self.database.roles.orders).filter(|rows| is_dated(rows, "order_datetime")) {
            Some(rows) => Some(self.of_orders(rows)),
            None => self.of_items(),
        }
    }

    fn of_orders(&self, rows: &Rows) -> Orders {
        let (revenue, units) = (is_numeric(rows, "order_revenue"), is_numeric(rows, "order_quantity"));
        let has_channel = rows.has("purchase_channel");
        let mut bought = Vec::new();
        for row in 0..rows.len() {
            let Some(customer) = self.customer(rows, row) else { continue };
            let time = rows.cell(row, "order_datetime");
            if *time == Cell::Null {
                continue;
            }
            bought.push(Bought {
                customer: customer.clone(),
                order: rows.has("order_id").then(|| rows.cell(row, "order_id").text()).flatten(),
                day: time.day(),
                revenue: if revenue { amount(rows.cell(row, "order_revenue")) } else { 0 },
                units: if units { amount(rows.cell(row, "order_quantity")) } else { 0 },
                channels: has_channel
                    .then(|| rows.cell(row, "purchase_channel").clone())
                    .into_iter()
                    .collect(),
            });
        }
        Orders { bought, has_revenue: revenue, has_units: units, has_channel }
    }

    /// The rows of the items table that are purchases.
    pub fn purchases(&self) -> Option<(&Rows, Vec<usize>)> {
        let columns = &self.database.roles.items_columns;
        let rows = self.role(&self.database.roles.items)?;
        let flagged =
            |row: usize, column: &String| rows.has(column) && *rows.cell(row, column) == Cell::Flag(true);
        if !rows.has(&columns.order_id) || !is_dated(rows, &columns.order_datetime) {
            return None;
        }
        let is_purchase = |row: &usize| {
            self.customer(rows, *row).is_some()
                && !flagged(*row, &columns.is_return)
                && !flagged(*row, &columns.is_cancellation)
                && *rows.cell(*row, &columns.order_id) != Cell::Null
                && *rows.cell(*row, &columns.order_datetime) != Cell::Null
        };
        Some((rows, (0..rows.len()).filter(is_purchase).collect()))
    }

    fn of_items(&self) -> Option<Orders> {
        let columns = &self.database.roles.items_columns;
        let (rows, purchases) = self.purchases()?;
        let has_revenue = is_numeric(rows, &columns.item_revenue);
        let has_units = is_numeric(rows, &columns.item_quantity);
        let has_channel = rows.has("purchase_channel");
        let mut orders: BTreeMap<(String, String), Bought> = BTreeMap::new();
        for row in purchases {
            let customer = self.customer(rows, row).unwrap().clone();
            let order = rows.cell(row, &columns.order_id).text().unwrap();
            let day = rows.cell(row, &columns.order_datetime).day();
            let bought = orders.entry((customer.clone(), order.clone())).or_insert(Bought {
                customer,
                order: Some(order),
                day,
                revenue: 0,
                units: 0,
                channels: Vec::new(),
            });
            bought.day = bought.day.min(day);
            if has_revenue {
                bought.revenue += amount(rows.cell(row, &columns.item_revenue));
            }
            if has_units {
                bought.units += amount(rows.cell(row, &columns.item_quantity));
            }
            if has_channel {
                bought.channels.push(rows.cell(row, "purchase_channel").clone());
            }
        }
        Some(Orders { bought: orders.into_values().collect(), has_revenue, has_units, has_channel })
    }
}
