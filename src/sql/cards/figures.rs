//! Figures with a row for each audience.

use super::audiences::CardWriter;
use super::orders::{Orders, is_number, missing};
use crate::backend::{Metric, MetricFunction, MetricKind};
use crate::sql::layout::{Fragment, Select, sql};
use crate::sql::query::TableSource;
use crate::sql::unsupported::Unsupported;

impl<'a> CardWriter<'a> {
    /// How many, how many are active, what they spent, how many can be reached.
    pub fn insights(&mut self) -> Result<Fragment, Unsupported> {
        let id = self.id();
        let mut figures = vec![sql!["count(", Self::column(&self.audiences, &id), ") AS unique_customers"]];
        let mut joined = Vec::new();
        if let Ok(year) = self.active_year() {
            let spent = self.spent(&year);
            figures.push(sql!["count(", Self::column(&spent, &id), ") AS active_customers_1y"]);
            if year.has_revenue {
                let revenue = Self::column(&spent, &self.names.revenue);
                figures.push(sql!["coalesce(sum(", revenue, "), 0) AS revenue_1y"]);
            }
            joined.push(spent);
        }
        if let Ok(contacts) = self.contacts() {
            let ways: Vec<Fragment> = contacts.ways.iter().take(3).flatten().cloned().collect();
            if !ways.is_empty() {
                let filters = vec![Fragment::any(ways)];
                let body =
                    Select { filters, distinct: true, ..Select::new(vec![id.clone()], contacts.table) };
                let reachable = self.add("reachable", "Who can be reached by any means", body);
                figures.push(sql!["count(", Self::column(&reachable, &id), ") AS reachable_customers"]);
                joined.push(reachable);
            }
        }
        Ok(self.by_audience(figures, &joined.iter().collect::<Vec<_>>()))
    }

    /// The figures of the revenue tree over some orders, with the number of customers.
    pub fn revenue_tree(&mut self, orders: &Orders) -> Result<Fragment, Unsupported> {
        let (id, spent) = (self.id(), self.spent(orders));
        let of = |column: &Fragment| Self::column(&spent, column);
        let customers = sql!["count(", of(&id), ")"];
        let count = sql!["sum(", of(&self.names.orders), ")"];
        let revenue = sql!["coalesce(sum(", of(&self.names.revenue), "), 0)"];
        let units = sql!["coalesce(sum(", of(&self.names.quantity), "), 0)"];
        let named = |figure: Fragment, name: &'static str| sql![figure, " AS ", name];
        let mut figures = vec![
            sql!["count(", Self::column(&self.audiences, &id), ") AS unique_customers"],
            named(customers.clone(), "customers"),
        ];
        figures.push(named(self.ratio(&count, &customers), "orders_per_customer"));
        if orders.has_revenue {
            figures.push(named(revenue.clone(), "net_revenue"));
            figures.push(named(self.ratio(&revenue, &customers), "revenue_per_customer"));
            figures.push(named(self.ratio(&revenue, &count), "average_order_value"));
        }
        if orders.has_quantity {
            figures.push(named(self.ratio(&units, &count), "units_per_transaction"));
            if orders.has_revenue {
                figures.push(named(self.ratio(&revenue, &units), "average_unit_revenue"));
            }
        }
        Ok(self.by_audience(figures, &[&spent]))
    }

    /// Averages over the rows with a value.
    pub fn predicted(&mut self) -> Result<Fragment, Unsupported> {
        let database = self.query.request.view.database;
        let table = database.roles.predicted.clone();
        let table = table.ok_or_else(|| missing("the database has no predictions"))?;
        let columns = [
            ("predicted_clv_next_365d", "clv"),
            ("predicted_average_order_revenue_next_365d", "average_order_revenue"),
            ("predicted_order_frequency_next_365d", "order_frequency"),
        ];
        let source = self.source(&table, &columns.map(|(column, _)| column))?;
        let known: Vec<_> = columns.into_iter().filter(|(column, _)| is_number(&source, column)).collect();
        let mut selected = vec![source.aliased_id()?];
        for (column, name) in &known {
            let exact = self.query.dialect.exact_decimal(&source.column(column), source.data_type(column));
            selected.push(sql![exact, " AS ", *name]);
        }
        let body = Select::new(selected, source.from());
        let predictions = self.add("predictions", "What is predicted of each customer", body);
        let average = |name: &'static str| {
            let value = Self::column(&predictions, &name.into());
            let (sum, count) = (sql!["sum(", &value, ")"], sql!["count(", &value, ")"]);
            sql![self.ratio(&sum, &count), " AS ", name]
        };
        let figures = known.iter().map(|(_, name)| average(name)).collect();
        Ok(self.by_audience(figures, &[&predictions]))
    }

    /// Customers who can be contacted each way.
    pub fn reachability(&mut self) -> Result<Fragment, Unsupported> {
        let (id, contacts) = (self.id(), self.contacts()?);
        let names = ["email", "phone", "address", "paid_social"];
        let known = contacts.ways.iter().zip(names).filter_map(|(way, name)| Some((way.as_ref()?, name)));
        let customer = Self::column(&contacts.table, &id);
        let figures = known
            .map(|(way, name)| sql!["count(DISTINCT CASE WHEN ", way, " THEN ", &customer, " END) AS ", name])
            .collect();
        Ok(self.by_audience(figures, &[&contacts.table]))
    }

    /// A custom metric.
    pub fn metric(&mut self, metric: &Metric) -> Result<Fragment, Unsupported> {
        let column = metric.column.as_deref();
        let source = self.source(&metric.table, &column.into_iter().collect::<Vec<_>>())?;
        if metric.kind == MetricKind::Bars {
            let column = column.ok_or_else(|| missing("the metric names no column"))?;
            return self.customers_by_value(&source, column);
        }
        let (id, value) = (self.id(), self.names.value.clone());
        let (dialect, mut columns) = (self.query.dialect, vec![source.aliased_id()?]);
        let is_sum = matches!(metric.function, MetricFunction::Sum | MetricFunction::Avg);
        if let Some(column) = column {
            let stored = source.column(column);
            let exact = dialect.exact_decimal(&stored, source.data_type(column));
            columns.push(sql![if is_sum { exact } else { stored }, " AS ", &value]);
        }
        let rows = self.add("metric_rows", "The rows of the metric", Select::new(columns, source.from()));
        let (row, value) = (Self::column(&rows, &id), Self::column(&rows, &value));
        let of_value = |function: &'static str| sql![function, "(", &value, ")"];
        let figure = match metric.function {
            MetricFunction::Rows => sql!["count(", row, ")"],
            MetricFunction::Count => of_value("count"),
            MetricFunction::Distinct => sql!["count(DISTINCT ", &value, ")"],
            MetricFunction::Sum => of_value("sum"),
            MetricFunction::Avg => self.ratio(&of_value("sum"), &of_value("count")),
            MetricFunction::Min => of_value("min"),
            MetricFunction::Max => of_value("max"),
        };
        let figures = vec![sql![figure, " AS metric"]];
        Ok(self.by_audience(figures, &[&rows]))
    }

    /// A table of the database with some columns in use.
    pub fn source(&self, table: &str, columns: &[&str]) -> Result<TableSource<'a>, Unsupported> {
        let known = self.query.request.view.database.table(table);
        let known = known.ok_or_else(|| missing(&format!("there is no table {table:?}")))?;
        let source = self.query.table(&known.key(), columns)?;
        match columns.iter().find(|column| !source.has(column)) {
            Some(column) if columns.len() == 1 => {
                Err(missing(&format!("table {table:?} has no column {column:?}")))
            }
            _ => Ok(source),
        }
    }
}
