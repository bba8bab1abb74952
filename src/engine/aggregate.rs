//! Aggregate conditions: customers by a value worked out over their rows.

use polars::prelude::{Column, DataType as Held, NamedFrom, PolarsResult, Series, TimeUnit};

use super::codes::{Codes, NULL};
use super::column_test::ColumnMatcher;
use super::index::RowIndex;
use super::row_test::RowMatcher;
use super::scan::scan;
use super::sum::{Sum, amounts};
use super::truth::{Customers, Truth};
use super::{Cancel, EngineError};
use crate::catalog::Table;
use crate::segment::{Aggregate, ColumnTest, DataType, Number, Predicate};

/// Decimals to which sums and averages are rounded.
const DECIMALS: u32 = 6;

/// For whom the condition holds. It is unknown where the result is NULL although there are rows.
pub fn evaluate(
    table: &Table,
    asked: (&Aggregate, &Predicate, &[ColumnTest]),
    index: &RowIndex,
    universe_size: usize,
    cancel: &Cancel,
) -> Result<Truth, EngineError> {
    let (aggregate, predicate, filters) = asked;
    let matcher = ColumnMatcher::new(predicate);
    let mut rows = Rows {
        table,
        filters: RowMatcher::new(filters),
        index,
        cancel,
        seen: Customers::with_capacity(universe_size),
    };
    let results: Vec<Option<bool>> = match aggregate {
        Aggregate::Rows => rows.count(None)?.into_iter().map(|count| passes(&matcher, count)).collect(),
        Aggregate::Count(column) => {
            rows.count(Some(column))?.into_iter().map(|count| passes(&matcher, count)).collect()
        }
        Aggregate::CountDistinct(column) => {
            rows.count_distinct(column)?.into_iter().map(|count| passes(&matcher, count)).collect()
        }
        Aggregate::Sum(column) => {
            let sums = rows.sums(column)?.into_iter();
            sums.map(|(sum, _)| matcher.number(sum.rounded(DECIMALS))).collect()
        }
        Aggregate::Average(column) => {
            let sums = rows.sums(column)?.into_iter();
            let average = |(sum, count): (Sum, u64)| (count > 0).then(|| sum.average(count, DECIMALS));
            sums.map(|sum| matcher.number(average(sum).flatten())).collect()
        }
        Aggregate::Minimum(column) => rows.extremes(column, false, &matcher)?,
        Aggregate::Maximum(column) => rows.extremes(column, true, &matcher)?,
    };
    let mut holds = Customers::with_capacity(universe_size);
    let mut unknown = holds.clone();
    for (customer, result) in results.into_iter().enumerate() {
        match result {
            Some(true) => holds.insert(customer),
            None if rows.seen.contains(customer) => unknown.insert(customer),
            _ => {}
        }
    }
    Ok(Truth { holds, unknown })
}

fn passes(matcher: &ColumnMatcher, count: u64) -> Option<bool> {
    matcher.number(Some(Number::Integer(i64::try_from(count).unwrap_or(i64::MAX))))
}

/// The rows on which all filters hold.
struct Rows<'a> {
    table: &'a Table,
    filters: RowMatcher<'a>,
    index: &'a RowIndex,
    cancel: &'a Cancel,
    /// The customers with such a row.
    seen: Customers,
}

impl Rows<'_> {
    /// Goes through a column piece by piece, with the customer of each row that counts.
    fn scan(
        &mut self,
        column: &str,
        mut piece: impl FnMut(&Column, &[Option<usize>]) -> PolarsResult<()>,
    ) -> Result<(), EngineError> {
        let Self { table, filters, index, cancel, seen } = self;
        let unreadable = EngineError::unreadable(&table.name);
        let columns: Vec<&str> = filters.columns().chain([column]).collect();
        scan(table, &columns, cancel, |first, frame| {
            let counts = filters.rows(&table.name, frame, cancel)?.into_iter().zip(index.from(first));
            let customers: Vec<Option<usize>> =
                counts.map(|(counts, customer)| customer.filter(|_| counts)).collect();
            seen.extend(customers.iter().flatten().copied());
            frame.column(column).and_then(|column| piece(column, &customers)).map_err(&unreadable)
        })
    }

    /// The number of rows, or of values in a column.
    fn count(&mut self, column: Option<&str>) -> Result<Vec<u64>, EngineError> {
        let table = self.table;
        let any = table.columns().next().map_or("", |column| column.name.as_str());
        let mut counts = vec![0; self.seen.len()];
        self.scan(column.unwrap_or(any), |values, customers| {
            for (is_value, customer) in values.is_not_null().iter().zip(customers) {
                let counts_here = column.is_none() || is_value == Some(true);
                if let Some(count) = customer.filter(|_| counts_here).and_then(|at| counts.get_mut(at)) {
                    *count += 1;
                }
            }
            Ok(())
        })?;
        Ok(counts)
    }

    fn count_distinct(&mut self, column: &str) -> Result<Vec<u64>, EngineError> {
        let mut codes = Codes::default();
        let mut pairs: Vec<(usize, u32)> = Vec::new();
        self.scan(column, |values, customers| {
            let coded = codes.rows(values)?.into_iter().zip(customers);
            let coded = coded.filter(|(code, _)| *code != NULL);
            pairs.extend(coded.filter_map(|(code, customer)| Some(((*customer)?, code))));
            Ok(())
        })?;
        pairs.sort_unstable();
        pairs.dedup();
        let mut counts = vec![0; self.seen.len()];
        for (customer, _) in pairs {
            if let Some(count) = counts.get_mut(customer) {
                *count += 1;
            }
        }
        Ok(counts)
    }

    /// The sum of a column and its number of values.
    fn sums(&mut self, column: &str) -> Result<Vec<(Sum, u64)>, EngineError> {
        let mut sums = vec![(Sum::default(), 0); self.seen.len()];
        self.scan(column, |values, customers| {
            for (amount, customer) in amounts(values)?.zip(customers) {
                let Some((amount, (sum, count))) = amount.zip(customer.and_then(|at| sums.get_mut(at)))
                else {
                    continue;
                };
                *sum += amount;
                *count += 1;
            }
            Ok(())
        })?;
        Ok(sums)
    }

    /// Whether the least or the greatest value of a column passes.
    fn extremes(
        &mut self,
        column: &str,
        greatest: bool,
        matcher: &ColumnMatcher,
    ) -> Result<Vec<Option<bool>>, EngineError> {
        let data_type = self.table.column(column).map(|column| column.data_type);
        let held = match data_type {
            Some(DataType::Date) => Held::Date,
            Some(DataType::Datetime) => Held::Datetime(TimeUnit::Microseconds, None),
            _ => Held::Null,
        };
        let name = column.into();
        let best = match data_type {
            Some(DataType::Decimal) => {
                let decimals = |values: &Column| Ok(values.f64()?.iter().collect());
                Series::new(name, self.best(column, greatest, decimals)?)
            }
            Some(DataType::String) => {
                let texts =
                    |values: &Column| Ok(values.str()?.iter().map(|text| text.map(str::to_owned)).collect());
                Series::new(name, self.best(column, greatest, texts)?)
            }
            Some(DataType::Date) => {
                let days = |values: &Column| Ok(values.date()?.physical().iter().collect());
                Series::new(name, self.best(column, greatest, days)?)
            }
            Some(DataType::Datetime) => {
                let instants = |values: &Column| Ok(values.datetime()?.physical().iter().collect());
                Series::new(name, self.best(column, greatest, instants)?)
            }
            _ => {
                let integers = |values: &Column| Ok(values.i64()?.iter().collect());
                Series::new(name, self.best(column, greatest, integers)?)
            }
        };
        let unreadable = EngineError::unreadable(&self.table.name);
        let best = if held == Held::Null { Ok(best) } else { best.cast(&held) };
        let best = Column::from(best.map_err(&unreadable)?);
        Ok(matcher.rows(&best).map_err(&unreadable)?.iter().collect())
    }

    /// The least or the greatest value of each customer.
    fn best<T: PartialOrd + Clone>(
        &mut self,
        column: &str,
        greatest: bool,
        values: impl Fn(&Column) -> PolarsResult<Vec<Option<T>>>,
    ) -> Result<Vec<Option<T>>, EngineError> {
        let mut best: Vec<Option<T>> = vec![None; self.seen.len()];
        self.scan(column, |column, customers| {
            for (value, customer) in values(column)?.into_iter().zip(customers) {
                let Some((value, best)) = value.zip(customer.and_then(|at| best.get_mut(at))) else {
                    continue;
                };
                let is_better = match best {
                    None => true,
                    Some(best) if greatest => value > *best,
                    Some(best) => value < *best,
                };
                if is_better {
                    *best = Some(value);
                }
            }
            Ok(())
        })?;
        Ok(best)
    }
}
