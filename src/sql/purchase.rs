//! Purchase conditions in SQL.

use super::aggregate;
use super::attribute::Refusal;
use super::date::{Point, date_test};
use super::number::Measure;
use super::piece::hung;
use super::predicate::{Value, predicate};
use super::purchases::Purchases;
use super::select::Select;
use super::writer::Writer;
use crate::segment::{AmountTest, ColumnTest, ConditionPart, DataType, DateTest, Number, PurchaseTest};

/// Decimals of money.
const CENTS: u32 = 2;

impl Writer<'_> {
    /// The ids for which a purchase condition holds.
    pub fn purchase(
        &self,
        purchases: &Purchases,
        test: &PurchaseTest,
        when: Option<&DateTest>,
        filters: &[ColumnTest],
    ) -> Result<String, Refusal> {
        let window = self.window(purchases, when)?;
        let tests = self.purchase_filters(purchases, filters)?;
        let rows = |more: Option<String>| Select {
            filters: more.into_iter().chain(window.clone()).chain(tests.clone()).collect(),
            ..self.ids_of(&purchases.name)
        };
        let (order, first) = (&purchases.order, &purchases.first_order);
        let grouped = |having: String| {
            Select { group_by: vec![self.id()], having: vec![having], ..rows(None) }.to_string()
        };
        Ok(match test {
            PurchaseTest::Orders(amount) => {
                grouped(Measure::Integer(format!("count(DISTINCT {order})")).amount(amount, self.tongue))
            }
            PurchaseTest::None => self.everybody_but(&rows(None)),
            PurchaseTest::First => rows(Some(format!("{order} = {first}"))).to_string(),
            PurchaseTest::Repeat => rows(Some(format!("{order} <> {first}"))).to_string(),
            PurchaseTest::MostFrequent => self.most_frequent(purchases, window, tests, filters),
            PurchaseTest::Total { column, amount } => grouped(self.total(purchases, column, amount)),
        })
    }

    fn window(&self, purchases: &Purchases, when: Option<&DateTest>) -> Result<Option<String>, Refusal> {
        let Some(when) = when else { return Ok(None) };
        let column = &self.asked.view.database.roles.items_columns.order_datetime;
        let Value { sql, data_type } = purchases.column(column);
        let point = Point { value: &sql, has_time: data_type == DataType::Datetime };
        let test = date_test(point, when, self.dates, self.tongue);
        test.map(Some).map_err(|unsupported| (ConditionPart::When, unsupported))
    }

    fn purchase_filters(
        &self,
        purchases: &Purchases,
        filters: &[ColumnTest],
    ) -> Result<Vec<String>, Refusal> {
        let tests = filters.iter().enumerate().map(|(index, filter)| {
            predicate(&purchases.column(&filter.column), &filter.predicate, self.dates, self.tongue)
                .map_err(|unsupported| (ConditionPart::Where(index), unsupported))
        });
        tests.collect()
    }

    /// That a sum over the rows passes. NULL counts as nothing.
    fn total(&self, purchases: &Purchases, column: &str, amount: &AmountTest) -> String {
        let Value { sql, data_type } = purchases.column(column);
        let sum = format!("sum({})", self.tongue.exact(&sql, data_type));
        // Rows without any value add up to 0.
        let sum = if amount.holds(Number::Integer(0)) { format!("coalesce({sum}, 0)") } else { sum };
        Measure::Sum(sum, aggregate::decimals(data_type).min(CENTS)).amount(amount, self.tongue)
    }

    /// Combinations of the filters' columns, ranked by their number of orders.
    fn most_frequent(
        &self,
        purchases: &Purchases,
        window: Option<String>,
        tests: Vec<String>,
        filters: &[ColumnTest],
    ) -> String {
        let id = self.id();
        let mut columns = vec![id.clone()];
        for filter in filters {
            let column = purchases.column(&filter.column).sql;
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        let rank = columns.iter().fold("frequency_rank".to_owned(), |rank, column| {
            if column.trim_matches('"').eq_ignore_ascii_case(&rank) { format!("{rank}_2") } else { rank }
        });
        let orders = format!("count(DISTINCT {})", purchases.order);
        let ranked =
            |orders: &str| format!("rank() OVER (PARTITION BY {id} ORDER BY {orders} DESC) AS {rank}");
        let counted = |column: String| Select {
            columns: columns.iter().cloned().chain([column]).collect(),
            from: self.tongue.name(&purchases.name),
            filters: window.iter().cloned().collect(),
            group_by: columns.clone(),
            ..Select::default()
        };
        let inner = if self.tongue.reckons_in_groups() {
            counted(ranked(&orders))
        } else {
            let frequency = format!("{rank}_orders");
            let counted = counted(format!("{orders} AS {frequency}"));
            let from = format!("(\n    {}\n) AS counted", hung(&counted.to_string(), 4));
            let columns = columns.iter().cloned().chain([ranked(&frequency)]).collect();
            Select { columns, from, ..Select::default() }
        };
        let filters = std::iter::once(format!("{rank} = 1")).chain(tests).collect();
        let from = format!("(\n    {}\n) AS ranked", hung(&inner.to_string(), 4));
        Select { columns: vec![id], from, filters, ..Select::default() }.to_string()
    }
}
