//! Aggregates, one customer at a time.

use std::cmp::Ordering;

use segtui::segment::{AggregateCondition, AggregateFunction};

use super::exact::Exact;
use super::{Cell, Slow, passes};

impl Slow {
    pub fn aggregate(&self, aggregate: &AggregateCondition, id: &str) -> Option<bool> {
        match passes(&self.aggregated(aggregate, id), &aggregate.test, self.as_of) {
            // Nothing is not known of nobody's rows.
            None if self.rows_of(&aggregate.table, id, aggregate.filters.as_deref()).is_empty() => {
                Some(false)
            }
            known => known,
        }
    }

    /// What is worked out over a customer's rows.
    pub fn aggregated(&self, aggregate: &AggregateCondition, id: &str) -> Cell {
        let table = &self.tables[&aggregate.table];
        let rows = self.rows_of(&aggregate.table, id, aggregate.filters.as_deref());
        let values: Vec<&Cell> = match &aggregate.column {
            None => Vec::new(),
            Some(column) => {
                rows.iter().map(|row| table.cell(*row, column)).filter(|cell| **cell != Cell::Null).collect()
            }
        };
        let sum = || {
            let mut sum = Exact::default();
            values.iter().for_each(|cell| sum.add(cell));
            sum
        };
        match aggregate.function {
            AggregateFunction::Count if aggregate.column.is_none() => Cell::Whole(rows.len() as i64),
            AggregateFunction::Count => Cell::Whole(values.len() as i64),
            AggregateFunction::CountDistinct => {
                let is_first = |(at, value): &(usize, &&Cell)| !values[..*at].contains(value);
                Cell::Whole(values.iter().enumerate().filter(is_first).count() as i64)
            }
            AggregateFunction::Sum => sum().rounded(6, 1),
            AggregateFunction::Average if values.is_empty() => Cell::Null,
            AggregateFunction::Average => sum().rounded(6, values.len()),
            AggregateFunction::Minimum => {
                values.iter().min_by(|a, b| order(a, b)).map_or(Cell::Null, |cell| (*cell).clone())
            }
            AggregateFunction::Maximum => {
                values.iter().max_by(|a, b| order(a, b)).map_or(Cell::Null, |cell| (*cell).clone())
            }
        }
    }
}

fn order(a: &Cell, b: &Cell) -> Ordering {
    match (a, b) {
        (Cell::Text(a), Cell::Text(b)) => a.chars().cmp(b.chars()),
        (Cell::Whole(a), Cell::Whole(b)) => a.cmp(b),
        (Cell::Decimal(a), Cell::Decimal(b)) => a.partial_cmp(b).unwrap(),
        _ => a.instant().cmp(&b.instant()),
    }
}
