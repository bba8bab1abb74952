//! The rows that are said to have decided a condition, and what is worked out over them.

use std::collections::BTreeSet;

use segtui::backend::{DroppedBy, ExplainedRow, MOST_ROWS, RowEvidence};
use segtui::segment::{
    AggregateCondition, AttributeCondition, Behaviour, Condition, ConditionKind, Filter, PurchaseCondition,
    RowQuantifier, Test,
};

use super::nearest::{self, Candidate};
use super::{Checked, ensure, same};
use crate::slow::exact::units;
use crate::slow::{Cell, Rows, Slow, passes};

/// What there is to say of a row of the customer.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    pub row: usize,
    pub result: Option<bool>,
    pub dropped: Option<DroppedBy>,
    /// Whether it tells why the condition came to what it did.
    pub decides: bool,
}

impl Judged {
    /// Whether it is one of those that count.
    pub fn counts(&self) -> bool {
        self.dropped.is_none()
    }
}

/// Whether the evidence is what plain loops find.
pub fn check(
    slow: &Slow,
    id: &str,
    condition: &Condition,
    result: Option<bool>,
    evidence: &RowEvidence,
) -> Checked {
    match &condition.kind {
        ConditionKind::Attribute(attribute) => {
            let judged = slow.rows_of_attribute(attribute, id, result);
            let filters = columns(attribute.filters.as_deref());
            let shown = [filters, vec![attribute.column.as_str()]].concat();
            rows_are(slow, &attribute.table, &judged, &shown, evidence)?;
            same("what was worked out", &evidence.computed, &None)?;
            nearest::of_attribute(slow, attribute, id, result, &judged, &evidence.nearest)
        }
        ConditionKind::Aggregate(aggregate) => {
            let judged = slow.rows_of_aggregate(aggregate, id);
            let filters = columns(aggregate.filters.as_deref());
            let shown: Vec<&str> = filters.into_iter().chain(aggregate.column.as_deref()).collect();
            rows_are(slow, &aggregate.table, &judged, &shown, evidence)?;
            let computed = slow.aggregated(aggregate, id);
            is_said(evidence.computed.as_ref(), &computed)?;
            nearest::of_aggregate(slow, aggregate, result, (&judged, &computed), &evidence.nearest)
        }
        ConditionKind::Purchase(purchase) => {
            let table = slow.items.clone().unwrap();
            let judged = slow.rows_of_purchase(purchase, id, result);
            let columns_of = &slow.items_columns;
            let mut shown = columns(purchase.filters.as_deref());
            shown.extend([columns_of.order_id.as_str(), &columns_of.order_datetime]);
            match purchase.behaviour {
                Behaviour::TotalValueOfOrders => shown.push(&columns_of.item_revenue),
                Behaviour::TotalQuantityOfItems => shown.push(&columns_of.item_quantity),
                _ => {}
            }
            rows_are(slow, &table, &judged, &shown, evidence)?;
            let computed = slow.purchased(purchase, &judged);
            is_said(evidence.computed.as_ref(), &computed)?;
            nearest::of_purchase(slow, purchase, result, (&judged, &computed), &evidence.nearest)
        }
        ConditionKind::List(_) => Err("a list has no rows".to_owned()),
    }
}

fn columns(filters: Option<&[Filter]>) -> Vec<&str> {
    filters.unwrap_or_default().iter().map(|filter| filter.column.as_str()).collect()
}

/// The rows are those that decided, then those that were dropped, each as it is in the table.
fn rows_are(slow: &Slow, table: &str, judged: &[Judged], shown: &[&str], evidence: &RowEvidence) -> Checked {
    same("table", evidence.table.as_str(), table)?;
    let deciding = judged.iter().filter(|row| row.counts() && row.decides);
    let dropped = judged.iter().filter(|row| !row.counts());
    let expected: Vec<&Judged> = deciding.chain(dropped).collect();
    same("number of rows", evidence.rows.len() as u64 + evidence.rows_left_out, expected.len() as u64)?;
    same("rows that are named", evidence.rows.len(), expected.len().min(MOST_ROWS))?;
    for (found, expected) in evidence.rows.iter().zip(expected) {
        row_is(&slow.tables[table], found, expected, shown)
            .map_err(|error| format!("row {}: {error}", expected.row))?;
    }
    Ok(())
}

fn row_is(rows: &Rows, found: &ExplainedRow, expected: &Judged, shown: &[&str]) -> Checked {
    same("its number", found.row, expected.row as u64)?;
    same("its result", found.result, expected.result)?;
    same("why it was dropped", found.dropped, expected.dropped)?;
    for (column, value) in &found.values {
        let cell = rows.cell(expected.row, column);
        ensure(says(value.as_deref(), cell), || format!("{column} is {value:?}, not {cell:?}"))?;
    }
    let named: BTreeSet<&str> = found.values.iter().map(|(column, _)| column.as_str()).collect();
    same("columns that are named twice", found.values.len() - named.len(), 0)?;
    let missing = shown.iter().find(|column| !named.contains(**column));
    ensure(missing.is_none(), || format!("{missing:?} is not shown"))
}

/// What was worked out is said exactly.
fn is_said(said: Option<&Option<String>>, computed: &Cell) -> Checked {
    let said = said.ok_or("nothing was worked out")?;
    ensure(says(said.as_deref(), computed), || format!("{said:?} was worked out, not {computed:?}"))
}

/// Whether a text says a value exactly.
pub fn says(text: Option<&str>, cell: &Cell) -> bool {
    match (text, cell) {
        (Some(text), Cell::Exact(expected)) => units(text) == *expected,
        (Some(text), Cell::Decimal(decimal)) => text.parse::<f64>().is_ok_and(|said| said == *decimal),
        (text, cell) => text.map(str::to_owned) == exact_text(cell),
    }
}

/// A value as answers say it.
pub fn exact_text(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Decimal(f64::INFINITY) => Some("Infinity".to_owned()),
        Cell::Decimal(f64::NEG_INFINITY) => Some("-Infinity".to_owned()),
        Cell::Decimal(decimal) => Some(decimal.to_string()),
        Cell::Time(time) => Some(time.format("%Y-%m-%d %H:%M:%S%.6f").to_string()),
        other => other.text(),
    }
}

impl Slow {
    /// Whether a test holds on a row.
    pub fn holds(&self, table: &str, row: usize, column: &str, test: &Test) -> Option<bool> {
        passes(self.tables[table].cell(row, column), test, self.as_of)
    }

    fn first_failing(&self, table: &str, row: usize, filters: Option<&[Filter]>) -> Option<DroppedBy> {
        let holds = |filter: &Filter| self.holds(table, row, &filter.column, &filter.test) == Some(true);
        let failing = filters.unwrap_or_default().iter().position(|filter| !holds(filter));
        failing.map(DroppedBy::Filter)
    }

    fn rows_of_attribute(
        &self,
        attribute: &AttributeCondition,
        id: &str,
        result: Option<bool>,
    ) -> Vec<Judged> {
        let judge = |row: usize| {
            let on_row = self.holds(&attribute.table, row, &attribute.column, &attribute.test);
            let decides = match (attribute.rows.unwrap_or(RowQuantifier::Any), result) {
                // One row is enough, so those that do are the reason.
                (RowQuantifier::Any, Some(true)) | (RowQuantifier::None, Some(false)) => on_row == Some(true),
                (RowQuantifier::Every, Some(false)) => on_row == Some(false),
                (RowQuantifier::Any | RowQuantifier::Every, None) => on_row.is_none(),
                // No row is otherwise.
                (RowQuantifier::Any, Some(false)) => true,
                (RowQuantifier::None, _) | (RowQuantifier::Every, Some(true)) => true,
            };
            let dropped = self.first_failing(&attribute.table, row, attribute.filters.as_deref());
            Judged { row, result: on_row, dropped, decides }
        };
        self.rows_of(&attribute.table, id, None).into_iter().map(judge).collect()
    }

    fn rows_of_aggregate(&self, aggregate: &AggregateCondition, id: &str) -> Vec<Judged> {
        let judge = |row: usize| {
            let dropped = self.first_failing(&aggregate.table, row, aggregate.filters.as_deref());
            Judged { row, result: Some(true), dropped, decides: true }
        };
        self.rows_of(&aggregate.table, id, None).into_iter().map(judge).collect()
    }

    fn rows_of_purchase(&self, purchase: &PurchaseCondition, id: &str, result: Option<bool>) -> Vec<Judged> {
        let (table, columns) = (self.items.as_ref().unwrap(), &self.items_columns);
        let rows = &self.tables[table];
        let all = self.rows_of(table, id, None);
        let is_flagged =
            |row: usize, column: &str| rows.has(column) && *rows.cell(row, column) == Cell::Flag(true);
        let unusable = |row: usize| {
            if is_flagged(row, &columns.is_return) || is_flagged(row, &columns.is_cancellation) {
                Some(DroppedBy::Return)
            } else if *rows.cell(row, &columns.order_id) == Cell::Null
                || *rows.cell(row, &columns.order_datetime) == Cell::Null
            {
                Some(DroppedBy::NoOrder)
            } else {
                None
            }
        };
        let order = |row: usize| rows.cell(row, &columns.order_id).text();
        let first =
            self.first_order(&all.iter().copied().filter(|row| unusable(*row).is_none()).collect::<Vec<_>>());
        let judge = |row: usize| {
            let is_outside = || (!self.is_within(purchase, row)).then_some(DroppedBy::Window);
            let dropped = unusable(row)
                .or_else(is_outside)
                .or_else(|| self.first_failing(table, row, purchase.filters.as_deref()));
            let is_purchase = unusable(row).is_none();
            let of_test = match purchase.behaviour {
                Behaviour::FirstPurchase => is_purchase && order(row) == first,
                Behaviour::RepeatPurchase => is_purchase && order(row) != first,
                _ => true,
            };
            // Where the condition does not hold, each row that counts tells why.
            Judged { row, result: Some(of_test), dropped, decides: of_test || result != Some(true) }
        };
        all.iter().copied().map(judge).collect()
    }

    /// The first order of some purchases: by its earliest time, then by its id.
    pub fn first_order(&self, purchases: &[usize]) -> Option<String> {
        let (rows, columns) = (&self.tables[self.items.as_ref().unwrap()], &self.items_columns);
        let at = |row: &usize| {
            let time = rows.cell(*row, &columns.order_datetime).instant();
            (time, rows.cell(*row, &columns.order_id).text().unwrap())
        };
        purchases.iter().map(at).min().map(|(_, order)| order)
    }

    /// What was worked out over the rows of a purchase condition.
    fn purchased(&self, purchase: &PurchaseCondition, judged: &[Judged]) -> Cell {
        let (rows, columns) = (&self.tables[self.items.as_ref().unwrap()], &self.items_columns);
        let counting: Vec<usize> = judged.iter().filter(|row| row.counts()).map(|row| row.row).collect();
        let order = |row: &usize| rows.cell(*row, &columns.order_id).text().unwrap();
        let sum = |column: &str| {
            let mut sum = crate::slow::exact::Exact::default();
            counting.iter().for_each(|row| sum.add(rows.cell(*row, column)));
            if counting.is_empty() { Cell::Null } else { sum.rounded(2, 1) }
        };
        match purchase.behaviour {
            Behaviour::HasPurchased | Behaviour::HasNotPurchased => {
                Cell::Whole(counting.iter().map(order).collect::<BTreeSet<_>>().len() as i64)
            }
            Behaviour::TotalValueOfOrders => sum(&columns.item_revenue),
            Behaviour::TotalQuantityOfItems => sum(&columns.item_quantity),
            Behaviour::FirstPurchase | Behaviour::RepeatPurchase => {
                let purchases: Vec<usize> = purchases(judged).map(|row| row.row).collect();
                self.first_order(&purchases).map_or(Cell::Null, Cell::Text)
            }
            Behaviour::MostFrequentOrder => Cell::Whole(self.frequencies(purchase, judged).1),
        }
    }

    /// The most orders of any combination of values, and of one for which the filters hold.
    pub fn frequencies(&self, purchase: &PurchaseCondition, judged: &[Judged]) -> (i64, i64) {
        let (rows, columns) = (&self.tables[self.items.as_ref().unwrap()], &self.items_columns);
        let filters = purchase.filters.as_deref().unwrap_or_default();
        let values = |row: usize| -> Vec<&Cell> {
            filters.iter().map(|filter| rows.cell(row, &filter.column)).collect()
        };
        let within: Vec<&Judged> =
            purchases(judged).filter(|row| row.dropped != Some(DroppedBy::Window)).collect();
        let frequency = |of: &Judged| {
            let alike = within.iter().filter(|row| values(row.row) == values(of.row));
            let orders = alike.map(|row| rows.cell(row.row, &columns.order_id).text().unwrap());
            orders.collect::<BTreeSet<_>>().len() as i64
        };
        let most = within.iter().map(|row| frequency(row)).max().unwrap_or_default();
        let passing = within.iter().filter(|row| row.counts()).map(|row| frequency(row));
        (most, passing.max().unwrap_or_default())
    }

    /// Rows that only one of some tests drops, with that test.
    pub fn only_failing<'a>(&self, rows: &[usize], tests: &[Candidate<'a>]) -> Vec<(usize, Candidate<'a>)> {
        let failing = |row: usize| {
            let mut failing = tests.iter().filter(|test| test.holds(self, row) != Some(true));
            failing.next().filter(|_| failing.next().is_none()).map(|test| (row, test.clone()))
        };
        rows.iter().filter_map(|row| failing(*row)).collect()
    }
}

/// The rows that are purchases, whether within the window or not.
pub fn purchases(judged: &[Judged]) -> impl Iterator<Item = &Judged> {
    let is_one = |row: &&Judged| !matches!(row.dropped, Some(DroppedBy::Return | DroppedBy::NoOrder));
    judged.iter().filter(is_one)
}
