//! Custom metrics.

use chrono::NaiveDate;

use super::both::{Both, Members};
use super::predicted::averages;
use crate::backend::{Available, BackendError, Metric, MetricFunction, MetricKind, MetricValue};
use crate::database::Table;
use crate::diagnostic::Diagnostic;
use crate::local::engine::Engine;
use crate::local::index::customer_index::CustomerIndex;
use crate::local::query_scope::key;
use crate::local::sets::insights::is_numeric;
use crate::local::sets::sum::Sum;
use crate::local::view::View;
use crate::segment::Number;

/// The most decimals that a sum has.
const DECIMALS: u32 = 9;

impl Engine {
    /// What a metric comes to. What is wrong with it is told in its place.
    pub(super) fn metric(
        &self,
        metric: &Metric,
        view: &View<'_>,
        as_of: NaiveDate,
        members: &Members<'_>,
    ) -> Result<Available<MetricValue>, BackendError> {
        let found = match self.database.table(&metric.table) {
            Some(_) => view.metric(metric, members),
            None => self.metric_of_workspace(metric, view, as_of, members),
        };
        match found {
            Err(BackendError::Missing(wrong)) => Ok(Err(wrong)),
            found => found.map(Ok),
        }
    }

    /// Of an uploaded list, or of what a saved query returns.
    fn metric_of_workspace(
        &self,
        metric: &Metric,
        view: &View<'_>,
        as_of: NaiveDate,
        members: &Members<'_>,
    ) -> Result<MetricValue, BackendError> {
        let scope = self.tables_with(&metric.table, as_of);
        let database = scope.reading(view.cancel).table(&metric.table)?.database();
        self.view(database, view.activation_id, view.cancel)?.metric(metric, members)
    }
}

impl View<'_> {
    fn metric(&self, metric: &Metric, members: &Members<'_>) -> Result<MetricValue, BackendError> {
        let (table, index) = self.table_and_index(&key(&self.database, &metric.table))?;
        let column = || {
            let name = metric.column.as_deref().ok_or_else(|| wrong("no column is named", "choose one"))?;
            let message = || format!("table {:?} has no column {name:?}", table.name);
            table.column(name).map(|_| name).ok_or_else(|| wrong(message(), "choose another column"))
        };
        if metric.kind == MetricKind::Bars {
            let values = self.values_by_customer((table, &index), column()?)?;
            return values.listed(&members.segment, members.cancel).map(MetricValue::Bars);
        }
        let number = match metric.function {
            MetricFunction::Rows => {
                counts(self.column_sums((table, &index), None)?.of(members)?.map(|of| of.count))
            }
            _ => self.number_of_column((table, &index), column()?, metric.function, members)?,
        };
        Ok(MetricValue::Number(number))
    }

    fn number_of_column(
        &self,
        (table, index): (&Table, &CustomerIndex),
        column: &str,
        function: MetricFunction,
        members: &Members<'_>,
    ) -> Result<Both<Option<Number>>, BackendError> {
        let needs_numbers = match function {
            MetricFunction::Rows | MetricFunction::Count | MetricFunction::Distinct => false,
            MetricFunction::Sum | MetricFunction::Avg | MetricFunction::Min | MetricFunction::Max => true,
        };
        if needs_numbers && !is_numeric(table, column) {
            return Err(wrong(
                format!("column {column:?} of table {:?} has no numbers", table.name),
                "choose a column of numbers; of other columns there are count, distinct and bars",
            ));
        }
        let sums = || self.column_sums((table, index), Some(column))?.of(members);
        Ok(match function {
            MetricFunction::Rows | MetricFunction::Count => counts(sums()?.map(|of| of.count)),
            MetricFunction::Distinct => counts(self.distinct((table, index), column, members)?),
            MetricFunction::Sum => sums()?
                .map(|of| Some(of.sum).filter(|_| of.count > 0).and_then(|sum: Sum| sum.rounded(DECIMALS))),
            MetricFunction::Avg => averages(sums()?),
            MetricFunction::Min => self.extremes((table, index), column, members)?.map(|(least, _)| least),
            MetricFunction::Max => {
                self.extremes((table, index), column, members)?.map(|(_, greatest)| greatest)
            }
        })
    }
}

fn counts(of: Both<u64>) -> Both<Option<Number>> {
    of.map(|count| Some(i64::try_from(count).map_or(Number::Decimal(f64::MAX), Number::Integer)))
}

fn wrong(message: impl Into<String>, help: &str) -> BackendError {
    BackendError::Missing(Diagnostic::new(message).with_help(help))
}
