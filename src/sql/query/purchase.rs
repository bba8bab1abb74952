//! Purchase conditions.

use super::aggregate;
use super::purchases::Purchases;
use super::writer::QueryWriter;
use crate::segment::{AmountTest, ColumnTest, ConditionPart, DataType, DateTest, Number, PurchaseTest};
use crate::sql::layout::{Fragment, Select, sql};
use crate::sql::predicate::NumericOperand;
use crate::sql::predicate::{DateOperand, date_test};
use crate::sql::predicate::{TypedExpr, predicate};
use crate::sql::unsupported::UnsupportedPart;

/// Decimals of money.
const CENTS: u32 = 2;

impl QueryWriter<'_> {
    /// The ids for which a purchase condition holds.
    pub fn purchase(
        &self,
        purchases: &Purchases,
        test: &PurchaseTest,
        when: Option<&DateTest>,
        filters: &[ColumnTest],
    ) -> Result<Fragment, UnsupportedPart> {
        let window = self.window(purchases, when)?;
        let tests = self.purchase_filters(purchases, filters)?;
        let rows = |more: Option<Fragment>| Select {
            filters: more.into_iter().chain(window.clone()).chain(tests.clone()).collect(),
            ..self.select_ids(&purchases.name)
        };
        let (order, first) = (&purchases.order, &purchases.first_order);
        let grouped = |having: Fragment| -> Fragment {
            Select { group_by: vec![self.id_column()], having: vec![having], ..rows(None) }.into()
        };
        Ok(match test {
            PurchaseTest::Orders(amount) => {
                let orders = NumericOperand::Integer(sql!["count(DISTINCT ", order, ")"]);
                grouped(orders.amount(amount, self.dialect))
            }
            PurchaseTest::None => self.all_except(rows(None)),
            PurchaseTest::First => rows(Some(sql![order, " = ", first])).into(),
            PurchaseTest::Repeat => rows(Some(sql![order, " <> ", first])).into(),
            PurchaseTest::MostFrequent => self.most_frequent(purchases, window, tests, filters),
            PurchaseTest::Total { column, amount } => grouped(self.total(purchases, column, amount)),
        })
    }

    fn window(
        &self,
        purchases: &Purchases,
        when: Option<&DateTest>,
    ) -> Result<Option<Fragment>, UnsupportedPart> {
        let Some(when) = when else { return Ok(None) };
        let column = &self.request.view.database.roles.items_columns.order_datetime;
        let TypedExpr { sql, data_type } = purchases.column(column);
        let operand = DateOperand { value: &sql, has_time: data_type == DataType::Datetime };
        let test = date_test(operand, when, self.dates, self.dialect);
        test.map(Some).map_err(|unsupported| unsupported.in_part(ConditionPart::When))
    }

    fn purchase_filters(
        &self,
        purchases: &Purchases,
        filters: &[ColumnTest],
    ) -> Result<Vec<Fragment>, UnsupportedPart> {
        let tests = filters.iter().enumerate().map(|(index, filter)| {
            predicate(&purchases.column(&filter.column), &filter.predicate, self.dates, self.dialect)
                .map_err(|unsupported| unsupported.in_part(ConditionPart::Where(index)))
        });
        tests.collect()
    }

    /// That a sum over the rows passes. NULL counts as nothing.
    fn total(&self, purchases: &Purchases, column: &str, amount: &AmountTest) -> Fragment {
        let TypedExpr { sql: value, data_type } = purchases.column(column);
        let sum = sql!["sum(", self.dialect.exact_decimal(&value, data_type), ")"];
        // Rows without any value add up to 0.
        let sum = if amount.holds(Number::Integer(0)) { sql!["coalesce(", sum, ", 0)"] } else { sum };
        let decimals = aggregate::decimals(data_type).min(CENTS);
        NumericOperand::Sum(sum, decimals).amount(amount, self.dialect)
    }

    /// Combinations of the filters' columns, ranked by their number of orders.
    fn most_frequent(
        &self,
        purchases: &Purchases,
        window: Option<Fragment>,
        tests: Vec<Fragment>,
        filters: &[ColumnTest],
    ) -> Fragment {
        let id = self.id_column();
        let mut columns = vec![id.clone()];
        for filter in filters {
            let column = purchases.column(&filter.column).sql;
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        let rank = rank_column(&columns);
        let orders = sql!["count(DISTINCT ", &purchases.order, ")"];
        let ranked = |orders: &Fragment| {
            sql!["rank() OVER (PARTITION BY ", &id, " ORDER BY ", orders, " DESC) AS ", &rank]
        };
        let with = |column: Fragment| columns.iter().cloned().chain([column]).collect();
        let counted = |column: Fragment| Select {
            filters: window.iter().cloned().collect(),
            group_by: columns.clone(),
            ..Select::new(with(column), self.dialect.identifier(&purchases.name))
        };
        let inner = if self.dialect.computes_within_groups() {
            counted(ranked(&orders))
        } else {
            let frequency = Fragment::from(format!("{rank}_orders"));
            let counted = counted(sql![orders, " AS ", &frequency]);
            Select::new(with(ranked(&frequency)), counted.into_table("counted"))
        };
        let filters = std::iter::once(sql![&rank, " = 1"]).chain(tests).collect();
        Select { filters, ..Select::new(vec![id], inner.into_table("ranked")) }.into()
    }
}

/// A name for the rank that none of the columns has.
fn rank_column(columns: &[Fragment]) -> String {
    columns.iter().fold("frequency_rank".to_owned(), |rank, column| {
        let is_taken = column.layout().trim_matches('"').eq_ignore_ascii_case(&rank);
        if is_taken { format!("{rank}_2") } else { rank }
    })
}
