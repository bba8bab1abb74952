//! Figures with a row for each value, band or month.

use chrono::{Datelike, Months, NaiveDate};

use super::audiences::{ALL, CardWriter, SEGMENT};
use crate::backend::{ColumnName, DayRange};
use crate::segment::{DataType, DatePeriod};
use crate::sql::layout::{Fragment, Select, sql};
use crate::sql::query::TableSource;
use crate::sql::unsupported::Unsupported;

impl CardWriter<'_> {
    /// A value as it is listed: days without their times, all blank texts as one.
    pub fn listed(&self, source: &TableSource, column: &str) -> Fragment {
        let (value, dialect) = (source.column(column), self.query.dialect);
        match source.data_type(column) {
            DataType::String => {
                let is_text = dialect.is_not_blank(&value);
                sql!["CASE WHEN ", is_text, " THEN ", &value, " WHEN ", &value, " IS NOT NULL THEN '' END"]
            }
            DataType::Datetime => dialect.date_of(&value),
            DataType::Integer | DataType::Decimal | DataType::Boolean | DataType::Date => value,
        }
    }

    /// The number of customers of the segment and of all, for each value, most first.
    fn counted_by(&self, value: &Fragment, table: &Fragment) -> Fragment {
        let one = Fragment::from("1");
        let of_segment = sql!["count(", self.where_audience(SEGMENT, &one), ") AS segment_customers"];
        let of_all = sql!["count(", self.where_audience(ALL, &one), ") AS all_customers"];
        let from = self.audiences_with(&[table]);
        let columns = vec![value.clone(), of_segment, of_all];
        let select = Select { group_by: vec![value.clone()], ..Select::new(columns, from) };
        sql![Fragment::from(select), Fragment::LineBreak, "ORDER BY 2 DESC, 3 DESC, 1"]
    }

    /// Customers by the channels of their orders within the past year.
    pub fn channels(&mut self) -> Result<Fragment, Unsupported> {
        let channels = self.channels_of_year()?;
        Ok(self.counted_by(&self.names.value.clone(), &channels))
    }

    /// Customers by the values of a column.
    pub fn customers_by_value(
        &mut self,
        source: &TableSource,
        column: &str,
    ) -> Result<Fragment, Unsupported> {
        let values = self.values_of(source, column)?;
        Ok(self.counted_by(&self.names.value.clone(), &values))
    }

    fn values_of(&mut self, source: &TableSource, column: &str) -> Result<Fragment, Unsupported> {
        let columns =
            vec![source.aliased_id()?, sql![self.listed(source, column), " AS ", &self.names.value]];
        let body = Select { distinct: true, ..Select::new(columns, source.from()) };
        Ok(self.add("listed_values", &format!("The values of {column} of each customer"), body))
    }

    /// Purchasers and their revenue by the values of an attribute.
    pub fn breakdown(&mut self, attribute: &ColumnName, range: DayRange) -> Result<Fragment, Unsupported> {
        let orders = self.within(range)?;
        let spent = self.spent(&orders);
        let source = self.source(&attribute.table, &[&attribute.column])?;
        let values = self.values_of(&source, &attribute.column)?;
        let (value, revenue) = (self.names.value.clone(), Self::column(&spent, &self.names.revenue));
        let one = Fragment::from("1");
        let count = |audience| sql!["count(", self.where_audience(audience, &one), ")"];
        let sum = |audience| sql!["coalesce(sum(", self.where_audience(audience, &revenue), "), 0)"];
        let mut columns = vec![
            value.clone(),
            sql![count(SEGMENT), " AS segment_purchasers"],
            sql![count(ALL), " AS all_purchasers"],
        ];
        if orders.has_revenue {
            columns.push(sql![sum(SEGMENT), " AS segment_revenue"]);
            columns.push(sql![sum(ALL), " AS all_revenue"]);
        }
        let from = self.audiences_with(&[&spent, &values]);
        let select = Select { group_by: vec![value], ..Select::new(columns, from) };
        Ok(sql![Fragment::from(select), Fragment::LineBreak, "ORDER BY 2 DESC, 3 DESC, 1"])
    }

    /// Five bands of all customers by what they have ever spent.
    pub fn lifetime_spend(&mut self) -> Result<Fragment, Unsupported> {
        let orders = self.ever()?;
        let (id, spent) = (self.id(), self.spent(&orders));
        let revenue = Self::column(&spent, &self.names.revenue);
        let universe = Fragment::from(self.query.dialect.identifier(&self.query.universe));
        let customer = Self::column(&universe, &id);
        let by_id = self.query.dialect.by_code_point(&customer);
        let band = sql!["ntile(5) OVER (ORDER BY ", &revenue, " DESC, ", by_id, ") AS band"];
        let on = sql![
            &spent,
            Fragment::LineBreak,
            "JOIN ",
            &universe,
            " ON ",
            &customer,
            " = ",
            Self::column(&spent, &id)
        ];
        let body = Select::new(
            vec![sql![&customer, " AS ", &id], sql![&revenue, " AS ", &self.names.revenue], band],
            on,
        );
        let bands = self.add("bands", "All who have ever bought, in five bands by what they spent", body);
        let (one, revenue) = (Fragment::from("1"), Self::column(&bands, &self.names.revenue));
        let count = |audience| sql!["count(", self.where_audience(audience, &one), ")"];
        let sum = |audience| sql!["coalesce(sum(", self.where_audience(audience, &revenue), "), 0)"];
        let columns = vec![
            "band".into(),
            sql![count(SEGMENT), " AS segment_customers"],
            sql![sum(SEGMENT), " AS segment_revenue"],
            sql![count(ALL), " AS all_customers"],
            sql![sum(ALL), " AS all_revenue"],
        ];
        let from = self.audiences_with(&[&bands]);
        let select = Select { group_by: vec!["band".into()], ..Select::new(columns, from) };
        Ok(sql![Fragment::from(select), Fragment::LineBreak, "ORDER BY 1"])
    }

    /// Customers by the month of their first order, of the past twelve months.
    pub fn new_purchasers(&mut self) -> Result<Fragment, Unsupported> {
        let orders = self.ever()?;
        let (id, day) = (self.id(), self.names.day.clone());
        let dialect = self.query.dialect;
        let first = sql!["min(", &day, ") AS first_day"];
        let body = Select { group_by: vec![id.clone()], ..Select::new(vec![id, first], orders.table) };
        let firsts = self.add("firsts", "The day of each customer's first order", body);
        let month = dialect.start_of(DatePeriod::Month, &"first_day".into());
        let one = Fragment::from("1");
        let count = |audience| sql!["count(", self.where_audience(audience, &one), ")"];
        let columns = vec![
            sql![&month, " AS month"],
            sql![count(SEGMENT), " AS segment_customers"],
            sql![count(ALL), " AS all_customers"],
        ];
        let since = dialect.date_literal(first_month(self.query.request.as_of));
        let from = self.audiences_with(&[&firsts]);
        let filters = vec![sql!["first_day >= ", since]];
        let select = Select { filters, group_by: vec![month], ..Select::new(columns, from) };
        Ok(sql![Fragment::from(select), Fragment::LineBreak, "ORDER BY 1"])
    }
}

/// The first day of the first of the twelve months that end with that of a day.
fn first_month(day: NaiveDate) -> NaiveDate {
    let month = day.with_day(1).unwrap_or(day);
    month.checked_sub_months(Months::new(11)).unwrap_or(month)
}
