//! Purchase behaviours, one customer at a time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use segtui::segment::{AmountOperator, Behaviour, Filter, Operator, PurchaseCondition, Test, WhenOperator};
use serde_json::Value;

use super::exact::Exact;
use super::{Cell, Slow, compare_numbers, passes};

impl Slow {
    pub fn purchase(&self, purchase: &PurchaseCondition, id: &str) -> bool {
        let table = self.items.as_ref().unwrap();
        let (rows, columns) = (&self.tables[table], &self.items_columns);
        let cell = |row: usize, column: &str| rows.cell(row, column);
        let is_flagged = |row, column: &str| rows.has(column) && *cell(row, column) == Cell::Flag(true);
        let order = |row: usize| cell(row, &columns.order_id).text().unwrap();
        let purchases: Vec<usize> = self
            .rows_of(table, id, None)
            .into_iter()
            .filter(|row| {
                !is_flagged(*row, &columns.is_return) && !is_flagged(*row, &columns.is_cancellation)
            })
            .filter(|row| *cell(*row, &columns.order_id) != Cell::Null)
            .filter(|row| *cell(*row, &columns.order_datetime) != Cell::Null)
            .collect();
        let within: Vec<usize> =
            purchases.iter().copied().filter(|row| self.is_within(purchase, *row)).collect();
        let filters: &[Filter] = purchase.filters.as_deref().unwrap_or_default();
        let passes_all = |row: usize| {
            filters
                .iter()
                .all(|filter| passes(cell(row, &filter.column), &filter.test, self.as_of) == Some(true))
        };
        let left: Vec<usize> = within.iter().copied().filter(|row| passes_all(*row)).collect();
        let orders: BTreeSet<String> = left.iter().map(|row| order(*row)).collect();
        let first = || {
            let mut dates: BTreeMap<String, NaiveDateTime> = BTreeMap::new();
            for row in &purchases {
                let date = cell(*row, &columns.order_datetime).instant();
                let known = dates.entry(order(*row)).or_insert(date);
                *known = date.min(*known);
            }
            dates.into_iter().map(|(order, date)| (date, order)).min().map(|(_, order)| order)
        };
        let total = |column: &str| {
            let mut sum = Exact::default();
            left.iter().for_each(|row| sum.add(cell(*row, column)));
            let sum = sum.rounded(2, 1);
            !left.is_empty() && sum != Cell::Null && amount_passes(&sum, purchase)
        };
        match purchase.behaviour {
            Behaviour::HasPurchased => {
                !orders.is_empty() && amount_passes(&Cell::Whole(orders.len() as i64), purchase)
            }
            Behaviour::HasNotPurchased => left.is_empty(),
            Behaviour::FirstPurchase => first().is_some_and(|first| orders.contains(&first)),
            Behaviour::RepeatPurchase => orders.iter().any(|order| Some(order) != first().as_ref()),
            Behaviour::TotalValueOfOrders => total(&columns.item_revenue),
            Behaviour::TotalQuantityOfItems => total(&columns.item_quantity),
            Behaviour::MostFrequentOrder => {
                let values = |row: usize| -> Vec<&Cell> {
                    filters.iter().map(|filter| cell(row, &filter.column)).collect()
                };
                let frequency = |combination: &[&Cell]| {
                    let having = within.iter().filter(|row| values(**row) == combination);
                    having.map(|row| order(*row)).collect::<BTreeSet<String>>().len()
                };
                let most = within.iter().map(|row| frequency(&values(*row))).max();
                left.iter().any(|row| Some(frequency(&values(*row))) == most)
            }
        }
    }

    /// Whether a row with a date is within the window.
    pub fn is_within(&self, purchase: &PurchaseCondition, row: usize) -> bool {
        let Some(when) = &purchase.when else { return true };
        let Some(op) = when_operator(when.op.unwrap()) else { return true };
        let test = Test { inclusive: when.inclusive, ..Test::new(op, when.value.clone()) };
        let rows = &self.tables[self.items.as_ref().unwrap()];
        let time = rows.cell(row, &self.items_columns.order_datetime).at_midnight();
        passes(&time, &test, self.as_of) == Some(true)
    }
}

pub fn when_operator(op: WhenOperator) -> Option<Operator> {
    Some(match op {
        WhenOperator::AnyTime => return None,
        WhenOperator::On => Operator::Is,
        WhenOperator::NotOn => Operator::IsNot,
        WhenOperator::Before => Operator::IsBefore,
        WhenOperator::After => Operator::IsAfter,
        WhenOperator::OnOrBefore => Operator::IsOnOrBefore,
        WhenOperator::OnOrAfter => Operator::IsOnOrAfter,
        WhenOperator::Between => Operator::IsBetween,
        WhenOperator::NotBetween => Operator::IsNotBetween,
    })
}

pub fn amount_passes(amount: &Cell, purchase: &PurchaseCondition) -> bool {
    let value = purchase.value.as_ref().unwrap();
    let order = |value: &Value| compare_numbers(amount, value);
    match purchase.op.unwrap() {
        AmountOperator::MoreThan => order(value).is_gt(),
        AmountOperator::LessThan => order(value).is_lt(),
        AmountOperator::Exactly => order(value).is_eq(),
        AmountOperator::AtLeast => order(value).is_ge(),
        AmountOperator::AtMost => order(value).is_le(),
        AmountOperator::Between if purchase.inclusive == Some(true) => {
            order(&value[0]).is_ge() && order(&value[1]).is_le()
        }
        AmountOperator::Between => order(&value[0]).is_gt() && order(&value[1]).is_lt(),
    }
}
