//! The four insights.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use segtui::backend::Insights;

use super::Pages;
use super::exactly::{amount, money};
use super::orders::{is_dated, is_numeric, past_year};
use crate::slow::{Cell, Rows};

/// What says who is active.
enum Source {
    Orders,
    Items,
    Attributes,
}

impl Pages<'_> {
    pub fn insights(&self, members: &BTreeSet<String>, as_of: NaiveDate, data_day: NaiveDate) -> Insights {
        let year = past_year(as_of);
        let within = |cell: &Cell| *cell != Cell::Null && year.from <= cell.day() && cell.day() <= year.to;
        let activity = self.activity(within, as_of == data_day);
        let mut active: BTreeSet<&String> = BTreeSet::new();
        let mut revenue = 0;
        for (rows, row, column) in activity.iter().flatten() {
            if let Some(customer) = self.customer(rows, *row).filter(|id| members.contains(*id)) {
                active.insert(customer);
                revenue += column.as_ref().map_or(0, |column| amount(rows.cell(*row, column)));
            }
        }
        let reachable = self.reachable();
        Insights {
            unique_customers: members.len() as u64,
            active_customers_1y: activity.is_some().then_some(active.len() as u64),
            revenue_1y: (activity.is_some() && self.has_revenue()).then(|| money(revenue)),
            reachable_customers: reachable.map(|ids| ids.intersection(members).count() as u64),
        }
    }

    /// The table that says who is active, and its columns of time and revenue.
    fn source(&self) -> Option<(&Rows, Source, &str)> {
        let roles = &self.database.roles;
        if let Some(rows) = self.role(&roles.orders).filter(|rows| is_dated(rows, "order_datetime")) {
            return Some((rows, Source::Orders, "order_revenue"));
        }
        if let Some((rows, _)) = self.purchases() {
            return Some((rows, Source::Items, &roles.items_columns.item_revenue));
        }
        let rows = self.role(&roles.attributes).filter(|rows| is_numeric(rows, "l12m_order_frequency"))?;
        Some((rows, Source::Attributes, "l12m_order_revenue"))
    }

    fn has_revenue(&self) -> bool {
        self.source().is_some_and(|(rows, _, column)| is_numeric(rows, column))
    }

    /// The rows that make somebody active, with the column of the revenue.
    fn activity(
        &self,
        within: impl Fn(&Cell) -> bool,
        is_data_day: bool,
    ) -> Option<Vec<(&Rows, usize, Option<&str>)>> {
        let (rows, source, revenue) = self.source()?;
        let revenue = is_numeric(rows, revenue).then_some(revenue);
        let counts = |row: &usize| match source {
            Source::Orders => within(rows.cell(*row, "order_datetime")),
            Source::Items => within(rows.cell(*row, &self.database.roles.items_columns.order_datetime)),
            Source::Attributes => amount(rows.cell(*row, "l12m_order_frequency")) > 0,
        };
        let of = match source {
            Source::Items => self.purchases()?.1,
            Source::Attributes if !is_data_day => return None,
            _ => (0..rows.len()).collect(),
        };
        Some(of.into_iter().filter(counts).map(|row| (rows, row, revenue)).collect())
    }

    /// Who can be reached by any means.
    fn reachable(&self) -> Option<BTreeSet<String>> {
        let mut found: Option<BTreeSet<String>> = None;
        for way in ["email", "phone", "address"] {
            if let Some(ids) = self.reachable_by(way) {
                found.get_or_insert_default().extend(ids);
            }
        }
        found
    }

    /// Who can be reached by email, phone, address or paid_social; `None` where the data cannot say.
    pub fn reachable_by(&self, way: &str) -> Option<BTreeSet<String>> {
        let (rows, columns, is_contact) = match self.role(&self.database.roles.contact) {
            Some(rows) => (rows, vec![format!("contactable_{way}")], true),
            None => {
                let of_address = ["address", "city", "state", "postal"].map(str::to_owned).to_vec();
                let columns = if way == "address" { of_address } else { vec![way.to_owned()] };
                (self.role(&self.database.roles.customers)?, columns, false)
            }
        };
        if !columns.iter().all(|column| rows.has(column)) {
            return None;
        }
        let says = |cell: &Cell| match cell {
            Cell::Flag(flag) if is_contact => *flag,
            cell if is_contact => panic!("{cell:?} is no flag"),
            cell => cell.text().is_some_and(|text| !text.trim().is_empty()),
        };
        let is_reached = |row: &usize| {
            columns.iter().all(|column| match rows.cell(*row, column) {
                Cell::Null => false,
                cell => says(cell),
            })
        };
        let rows_reached = (0..rows.len()).filter(is_reached);
        Some(rows_reached.filter_map(|row| self.customer(rows, row).cloned()).collect())
    }
}
