//! The whole table of a card: what it opens to, and what is copied of it.

use crate::app::layers::pages::cards::CardKind;
use crate::backend::{
    Available, Insights, ListedValue, ListedValues, MetricFormat, MetricFunction, MetricValue, Money,
    SegmentAndAll, Summary, Trend,
};
use crate::diagnostic::Diagnostic;
use crate::segment::Number;

/// A cell of a card's table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A whole number.
    Count(u64),
    /// An amount, exact.
    Money(Money),
    /// A number that is written without decimals.
    Whole(Number),
    /// An amount that is no whole number of cents.
    Amount(Number),
    /// Any other number.
    Number(Number),
    /// A share of one.
    Share(Number),
    /// There is none.
    None,
}

/// A card as a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CardTable {
    /// What stands over its columns.
    pub heads: Vec<String>,
    /// Its rows, each with a cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// What there is to say of it.
    pub note: Option<String>,
    /// The columns of a figure of the segment and of the same figure of all.
    pub pairs: Vec<(usize, usize)>,
    /// Whether its figures are parts of those of all; where it is not said, counts and exact amounts are.
    pub are_parts: Option<bool>,
}

impl CardTable {
    fn new<const COLUMNS: usize>(heads: [&str; COLUMNS]) -> Self {
        let pairs = if COLUMNS == 3 { vec![(1, 2)] } else { Vec::new() };
        Self { heads: heads.map(str::to_owned).to_vec(), pairs, ..Self::default() }
    }

    /// Whether a figure of the segment has a share of that of all; the others differ from it.
    pub(crate) fn is_part(&self, cell: &Cell) -> bool {
        self.are_parts.unwrap_or(matches!(cell, Cell::Count(_) | Cell::Money(_)))
    }

    fn row<const COLUMNS: usize>(&mut self, cells: [Cell; COLUMNS]) {
        self.rows.push(cells.to_vec());
    }

    /// As text: a line for each row, with tabs between cells.
    #[must_use]
    pub(crate) fn text(&self) -> String {
        let heads = self.heads.iter().map(|head| plain(head)).collect::<Vec<_>>().join("\t");
        let rows = self.rows.iter().map(|row| row.iter().map(Cell::text).collect::<Vec<_>>().join("\t"));
        let lines = std::iter::once(heads).chain(rows);
        lines.map(|line| line + "\n").collect()
    }
}

impl Cell {
    fn of<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::None, cell)
    }

    fn text(&self) -> String {
        match self {
            Self::Text(text) => plain(text),
            Self::Count(count) => count.to_string(),
            Self::Money(Money(cents)) => {
                let sign = if *cents < 0 { "-" } else { "" };
                format!("{sign}{}.{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100)
            }
            Self::Amount(number) | Self::Number(number) | Self::Whole(number) | Self::Share(number) => {
                number.to_string()
            }
            Self::None => String::new(),
        }
    }
}

/// A tab or a line break in a cell would make other cells of it.
fn plain(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}

/// A value of a column in words.
pub(crate) fn value(value: &ListedValue) -> String {
    match value {
        ListedValue::Value(text) => text.clone(),
        ListedValue::Blank => "(blank)".to_owned(),
        ListedValue::Null => "(NULL)".to_owned(),
    }
}

/// The name of a band of lifetime spend.
pub(crate) fn band(at: usize) -> &'static str {
    ["top 20 %", "20 to 40 %", "40 to 60 %", "60 to 80 %", "lowest 20 %"].get(at).copied().unwrap_or("")
}

/// The table of a card, or what the data lacks for it; `None` while there are no figures.
pub(crate) fn table(
    card: &CardKind,
    insights: Option<SegmentAndAll<Insights>>,
    summary: Option<&Summary>,
    trend: Option<&Trend>,
) -> Option<Available<CardTable>> {
    Some(match card {
        CardKind::Definition => return None,
        CardKind::Insights => Ok(of_insights(&insights?)),
        CardKind::Trend => Ok(of_trend(trend?)),
        CardKind::RevenueTree => summary?.revenue_tree.as_ref().map(of_tree).map_err(Diagnostic::clone),
        CardKind::Historical => summary?.revenue_tree.as_ref().map(of_history).map_err(Diagnostic::clone),
        CardKind::Predicted => summary?.predicted.as_ref().map(of_predicted).map_err(Diagnostic::clone),
        CardKind::Reachability => {
            summary?.reachability.as_ref().map(of_reachability).map_err(Diagnostic::clone)
        }
        CardKind::Channels => {
            let of_channels = |values: &ListedValues<u64>| of_values("channel", values);
            summary?.channels.as_ref().map(of_channels).map_err(Diagnostic::clone)
        }
        CardKind::LifetimeSpend => summary?.lifetime_spend.as_ref().map_err(Diagnostic::clone).map(|bands| {
            let heads = ["band", "segment revenue", "all revenue", "customers", "all customers"];
            let mut table = CardTable { pairs: vec![(1, 2), (3, 4)], ..CardTable::new(heads) };
            for (at, SegmentAndAll { segment, all }) in bands.iter().enumerate() {
                let [ours, theirs] = [segment, all].map(|band| Cell::of(band.revenue, Cell::Money));
                let [part, whole] = [segment, all].map(|band| Cell::Count(band.customers));
                table.row([Cell::Text(band(at).to_owned()), ours, theirs, part, whole]);
            }
            table
        }),
        CardKind::NewPurchasers => {
            summary?.new_purchasers.as_ref().map_err(Diagnostic::clone).map(|months| {
                let mut table = CardTable::new(["month", "segment", "all"]);
                for count in months {
                    let month = count.month.format("%Y-%m").to_string();
                    let SegmentAndAll { segment, all } = count.customers;
                    table.row([Cell::Text(month), Cell::Count(segment), Cell::Count(all)]);
                }
                table
            })
        }
        CardKind::Metric(metric) => {
            let (_, found) = summary?.metrics.iter().find(|(name, _)| *name == metric.name)?;
            found.as_ref().map_err(Diagnostic::clone).map(|found| match found {
                MetricValue::Bars(values) => of_values(metric.column.as_deref().unwrap_or("value"), values),
                MetricValue::Number(both) => {
                    let mut table = CardTable::new(["metric", "segment", "all"]);
                    table.are_parts = Some(is_part(metric.function));
                    let [segment, all] = [both.segment, both.all]
                        .map(|number| Cell::of(number, |number| formatted(metric.format, number)));
                    let unit = if metric.unit.is_empty() { "" } else { &format!(" ({})", metric.unit) };
                    table.row([Cell::Text(format!("{}{unit}", metric.name)), segment, all]);
                    table
                }
            })
        }
    })
}

/// Whether a card has figures, or what the data lacks for them; `None` while they are being worked out.
pub(crate) fn availability(
    card: &CardKind,
    summary: Option<&Summary>,
    trend: Option<&Trend>,
) -> Option<Available<()>> {
    fn of<T>(part: &Available<T>) -> Available<()> {
        part.as_ref().map(|_| ()).map_err(Diagnostic::clone)
    }
    Some(match card {
        CardKind::Definition => Ok(()),
        CardKind::Insights => summary.map(|_| Ok(()))?,
        CardKind::Trend => trend.map(|_| Ok(()))?,
        CardKind::RevenueTree | CardKind::Historical => of(&summary?.revenue_tree),
        CardKind::Predicted => of(&summary?.predicted),
        CardKind::Reachability => of(&summary?.reachability),
        CardKind::Channels => of(&summary?.channels),
        CardKind::LifetimeSpend => of(&summary?.lifetime_spend),
        CardKind::NewPurchasers => of(&summary?.new_purchasers),
        CardKind::Metric(metric) => {
            of(summary?.metrics.iter().find(|(name, _)| *name == metric.name).map(|(_, found)| found)?)
        }
    })
}

/// Whether a number of this kind is a part of that of all customers.
pub(crate) fn is_part(function: MetricFunction) -> bool {
    use MetricFunction as F;
    matches!(function, F::Rows | F::Count | F::Distinct | F::Sum)
}

/// A number of a metric.
pub(crate) fn formatted(format: MetricFormat, number: Number) -> Cell {
    match format {
        MetricFormat::Integer => Cell::Whole(number),
        MetricFormat::Money => Cell::Amount(number),
        MetricFormat::Percent => Cell::Share(number),
    }
}

fn of_insights(both: &SegmentAndAll<Insights>) -> CardTable {
    let mut table = CardTable::new(["insight", "segment", "all"]);
    let mut row = |name: &str, cell: &dyn Fn(&Insights) -> Cell| {
        table.row([Cell::Text(name.to_owned()), cell(&both.segment), cell(&both.all)]);
    };
    row("Unique", &|of| Cell::Count(of.unique_customers));
    row("Active, 1 year", &|of| Cell::of(of.active_customers_1y, Cell::Count));
    row("Revenue, 1 year", &|of| Cell::of(of.revenue_1y, Cell::Money));
    row("Reachable", &|of| Cell::of(of.reachable_customers, Cell::Count));
    table
}

fn of_tree(both: &SegmentAndAll<crate::backend::RevenueTree>) -> CardTable {
    let mut table = CardTable::new(["figure", "segment", "all"]);
    for (name, [segment, all]) in tree_rows(both) {
        table.row([Cell::Text(name.to_owned()), segment, all]);
    }
    table
}

/// The seven figures of the revenue tree, of the segment and of all.
pub(crate) fn tree_rows(both: &SegmentAndAll<crate::backend::RevenueTree>) -> [(&'static str, [Cell; 2]); 7] {
    let trees = [&both.segment, &both.all];
    let amount = Cell::Amount as fn(Number) -> Cell;
    let number = Cell::Number as fn(Number) -> Cell;
    [
        ("Net revenue", trees.map(|tree| Cell::of(tree.net_revenue, Cell::Money))),
        ("Customers", trees.map(|tree| Cell::Count(tree.customers))),
        ("Revenue per customer", trees.map(|tree| Cell::of(tree.revenue_per_customer, amount))),
        ("Orders per customer", trees.map(|tree| Cell::of(tree.orders_per_customer, number))),
        ("Average order value", trees.map(|tree| Cell::of(tree.average_order_value, amount))),
        ("Units per transaction", trees.map(|tree| Cell::of(tree.units_per_transaction, number))),
        ("Average unit revenue", trees.map(|tree| Cell::of(tree.average_unit_revenue, amount))),
    ]
}

/// The three figures of the historical revenue.
fn of_history(both: &SegmentAndAll<crate::backend::RevenueTree>) -> CardTable {
    let mut table = of_tree(both);
    let rows = [2, 4, 3].into_iter().filter_map(|at| table.rows.get(at).cloned()).collect();
    table.rows = rows;
    table
}

fn of_predicted(both: &SegmentAndAll<crate::backend::Predicted>) -> CardTable {
    let mut table = CardTable::new(["prediction", "segment", "all"]);
    let sides = [&both.segment, &both.all];
    let mut row = |name: &str, cells: [Cell; 2]| {
        let [segment, all] = cells;
        table.row([Cell::Text(name.to_owned()), segment, all]);
    };
    row("Revenue per customer", sides.map(|side| Cell::of(side.clv, Cell::Amount)));
    row("Average order value", sides.map(|side| Cell::of(side.average_order_revenue, Cell::Amount)));
    row("Orders per customer", sides.map(|side| Cell::of(side.order_frequency, Cell::Number)));
    table
}

fn of_reachability(both: &SegmentAndAll<crate::backend::Reachability>) -> CardTable {
    let mut table = CardTable::new(["by", "segment", "all"]);
    let sides = [&both.segment, &both.all];
    let mut row = |name: &str, cells: [Option<u64>; 2]| {
        let [segment, all] = cells.map(|count| Cell::of(count, Cell::Count));
        table.row([Cell::Text(name.to_owned()), segment, all]);
    };
    row("Email", sides.map(|side| side.email));
    row("Phone", sides.map(|side| side.phone));
    row("Direct mail", sides.map(|side| side.address));
    row("Paid social", sides.map(|side| side.paid_social));
    table.note = Some("reachable says nothing of consent".to_owned());
    table
}

fn of_values(head: &str, values: &ListedValues<u64>) -> CardTable {
    let mut table = CardTable::new([head, "segment", "all"]);
    for (of, SegmentAndAll { segment, all }) in &values.values {
        table.row([Cell::Text(value(of)), Cell::Count(*segment), Cell::Count(*all)]);
    }
    table.note = (values.left_out > 0).then(|| format!("{} more values are left out", values.left_out));
    table
}

fn of_trend(trend: &Trend) -> CardTable {
    let mut table = CardTable::new(["day", "unique", "active, 1 year", "revenue, 1 year", "reachable"]);
    for (day, of) in &trend.points {
        let count = |count: Option<u64>| Cell::of(count, Cell::Count);
        table.row([
            Cell::Text(day.to_string()),
            Cell::Count(of.unique_customers),
            count(of.active_customers_1y),
            Cell::of(of.revenue_1y, Cell::Money),
            count(of.reachable_customers),
        ]);
    }
    table.note = Some("attributes are what the tables say today, whatever the day".to_owned());
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_copied_with_tabs_between_cells() {
        let mut table = CardTable::new(["a\tb", "money"]);
        table.row([Cell::Text("x\ny".to_owned()), Cell::Money(Money(-1_205))]);
        table.row([Cell::Count(1_234), Cell::None]);
        table.row([Cell::Share(Number::from_parts(1_250, 4)), Cell::Amount(Number::Integer(3))]);
        assert_eq!(table.text(), "a b\tmoney\nx y\t-12.05\n1234\t\n0.125\t3\n");
    }
}
