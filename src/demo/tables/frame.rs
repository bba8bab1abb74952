//! Columns from rows: a table is a list of names with what a row gives for each.

use polars::prelude::*;

use crate::demo::calendar::DAY;

/// A data frame in the making.
pub(crate) struct Frame<'r, R> {
    rows: &'r [R],
    columns: Vec<Column>,
}

impl<'r, R> Frame<'r, R> {
    /// A frame of these rows without columns.
    pub fn new(rows: &'r [R]) -> Self {
        Self { rows, columns: Vec::new() }
    }

    /// A column of borrowed text.
    pub fn text(mut self, name: impl Into<PlSmallStr>, value: impl Fn(&'r R) -> Option<&'r str>) -> Self {
        let values = StringChunked::from_iter_options(name.into(), self.rows.iter().map(value));
        self.columns.push(values.into_column());
        self
    }

    /// A column of text that is made for it.
    pub fn string(mut self, name: impl Into<PlSmallStr>, value: impl Fn(&'r R) -> Option<String>) -> Self {
        let values = StringChunked::from_iter_options(name.into(), self.rows.iter().map(value));
        self.columns.push(values.into_column());
        self
    }

    /// A column of integers.
    pub(crate) fn int(mut self, name: impl Into<PlSmallStr>, value: impl Fn(&'r R) -> Option<i64>) -> Self {
        let values = Int64Chunked::from_iter_options(name.into(), self.rows.iter().map(value));
        self.columns.push(values.into_column());
        self
    }

    /// A column of decimals with `places` decimal places, given as whole numbers of the last place.
    pub fn decimal(
        mut self,
        name: impl Into<PlSmallStr>,
        places: u32,
        value: impl Fn(&'r R) -> Option<i64>,
    ) -> Self {
        let scale = f64::from(10_u32.pow(places));
        // Dividing gives the number that the decimal text would be read as.
        let decimal = |row| value(row).map(|units| units as f64 / scale);
        let values = Float64Chunked::from_iter_options(name.into(), self.rows.iter().map(decimal));
        self.columns.push(values.into_column());
        self
    }

    /// A column of money, given in cents.
    pub(crate) fn money(self, name: impl Into<PlSmallStr>, value: impl Fn(&'r R) -> Option<i64>) -> Self {
        self.decimal(name, 2, value)
    }

    /// A column of booleans.
    pub fn flag(mut self, name: impl Into<PlSmallStr>, value: impl Fn(&'r R) -> Option<bool>) -> Self {
        let values = BooleanChunked::from_iter_options(name.into(), self.rows.iter().map(value));
        self.columns.push(values.into_column());
        self
    }

    /// A column of dates, given as day numbers.
    pub fn date(mut self, name: impl Into<PlSmallStr>, value: impl Fn(&'r R) -> Option<i64>) -> Self {
        let day = |row| value(row).and_then(|day| i32::try_from(day).ok());
        let values = Int32Chunked::from_iter_options(name.into(), self.rows.iter().map(day));
        self.columns.push(values.into_date().into_column());
        self
    }

    /// A column of timestamps, given in seconds.
    pub(crate) fn timestamp(
        mut self,
        name: impl Into<PlSmallStr>,
        value: impl Fn(&'r R) -> Option<i64>,
    ) -> Self {
        let micros = |row| value(row).map(|second| second * 1_000_000);
        let values = Int64Chunked::from_iter_options(name.into(), self.rows.iter().map(micros));
        self.columns.push(values.into_datetime(TimeUnit::Microseconds, None).into_column());
        self
    }

    /// A column of timestamps at midnight, given as day numbers.
    pub fn midnight(self, name: impl Into<PlSmallStr>, value: impl Fn(&'r R) -> Option<i64>) -> Self {
        self.timestamp(name, |row| value(row).map(|day| day * DAY))
    }

    pub fn finish(self) -> PolarsResult<DataFrame> {
        DataFrame::new(self.rows.len(), self.columns)
    }
}
