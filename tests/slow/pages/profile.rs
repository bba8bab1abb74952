//! What tables and columns hold.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use segtui::segment::{DataType, Number};

use super::Pages;
use super::customers::{order, written};
use super::exactly::{ONE, amount, ratio};
use crate::slow::{Cell, Rows};

/// What a table holds; what depends on the ids is `None` without them.
#[derive(Debug, PartialEq)]
pub struct SlowTable {
    pub rows: u64,
    pub customers: Option<u64>,
    pub rows_without_id: Option<u64>,
    pub orphan_rows: Option<u64>,
    pub most_rows: Option<u64>,
    pub newest_day: Option<NaiveDate>,
}

/// What a column holds.
#[derive(Debug, PartialEq)]
pub struct SlowColumn {
    pub data_type: DataType,
    pub non_null: u64,
    pub blank: u64,
    pub distinct: u64,
    pub min: Option<String>,
    pub max: Option<String>,
    pub mean: Option<Number>,
    /// All values, each once.
    pub texts: BTreeSet<String>,
    /// Rows and customers of each value; instants count by day.
    pub values: BTreeMap<String, (u64, Option<u64>)>,
}

impl Pages<'_> {
    pub fn table_profile(&self, rows: &Rows, has_ids: bool) -> SlowTable {
        let mut of_customer: BTreeMap<&String, u64> = BTreeMap::new();
        let (mut without, mut orphans) = (0, 0);
        for id in &rows.ids {
            match id.as_ref().filter(|id| !id.trim().is_empty()) {
                None => without += 1,
                Some(id) if self.all.contains(id) => *of_customer.entry(id).or_default() += 1,
                Some(_) => orphans += 1,
            }
        }
        let mut newest = None;
        for (column, _) in
            rows.columns().iter().filter(|(_, of)| matches!(of, DataType::Date | DataType::Datetime))
        {
            let cells = (0..rows.len()).map(|row| rows.cell(row, column));
            newest = newest.max(cells.filter(|cell| **cell != Cell::Null).map(Cell::day).max());
        }
        SlowTable {
            rows: rows.len() as u64,
            customers: has_ids.then_some(of_customer.len() as u64),
            rows_without_id: has_ids.then_some(without),
            orphan_rows: has_ids.then_some(orphans),
            most_rows: has_ids.then(|| of_customer.values().copied().max().unwrap_or_default()),
            newest_day: newest,
        }
    }

    pub fn column_profile(&self, rows: &Rows, column: &str, has_ids: bool) -> SlowColumn {
        let data_type = rows.type_of(column).unwrap();
        let values: Vec<(usize, &Cell)> = (0..rows.len())
            .map(|row| (row, rows.cell(row, column)))
            .filter(|(_, cell)| **cell != Cell::Null)
            .collect();
        let mut with: BTreeMap<String, (u64, BTreeSet<&String>)> = BTreeMap::new();
        let texts: BTreeSet<String> = values.iter().filter_map(|(_, cell)| written(cell)).collect();
        for (row, cell) in &values {
            let value = match cell {
                Cell::Time(time) => time.date().to_string(),
                other => written(other).unwrap(),
            };
            let (count, ids) = with.entry(value).or_default();
            *count += 1;
            ids.extend(self.customer(rows, *row));
        }
        let is_blank = |cell: &Cell| matches!(cell, Cell::Text(text) if text.trim().is_empty());
        let is_number = matches!(data_type, DataType::Integer | DataType::Decimal);
        let cells = || values.iter().map(|(_, cell)| *cell).filter(|_| data_type != DataType::Boolean);
        SlowColumn {
            data_type,
            non_null: values.len() as u64,
            blank: values.iter().filter(|(_, cell)| is_blank(cell)).count() as u64,
            distinct: texts.len() as u64,
            texts,
            min: cells().min_by(|a, b| order(a, b)).and_then(written),
            max: cells().max_by(|a, b| order(a, b)).and_then(written),
            mean: is_number.then(|| ratio(cells().map(amount).sum(), values.len() as i128 * ONE)).flatten(),
            values: with
                .into_iter()
                .map(|(value, (count, ids))| (value, (count, has_ids.then_some(ids.len() as u64))))
                .collect(),
        }
    }
}
