//! Aggregate conditions in SQL.

use super::attribute::{Refusal, used, whole};
use super::number::Measure;
use super::piece::hung;
use super::predicate::{Value, predicate};
use super::select::Select;
use super::table::Source;
use super::tongue::Unsupported;
use super::writer::Writer;
use crate::segment::{Aggregate, ColumnTest, DataType, Number, Predicate};

/// Decimals to which sums and averages are rounded.
const DECIMALS: u32 = 6;

impl Writer<'_> {
    /// The ids for which an aggregate condition holds.
    pub fn aggregate(
        &self,
        table: &str,
        aggregate: &Aggregate,
        asked: &Predicate,
        filters: &[ColumnTest],
    ) -> Result<String, Refusal> {
        let table = self.table(table, &used(filters, aggregate.column())).map_err(whole)?;
        let passes = self.result(&table, aggregate, asked).map_err(whole)?;
        let ids = Select {
            columns: vec![table.named_id().map_err(whole)?],
            from: table.from(),
            filters: self.filters(&table, filters)?,
            group_by: vec![table.raw_id()],
            ..Select::default()
        };
        if matches!(asked, Predicate::Date(_)) && !self.tongue.reckons_in_groups() {
            return self.of_groups(&table, aggregate, asked, ids).map_err(whole);
        }
        // Who has no rows is in no group.
        if holds_of_nothing(aggregate, asked) {
            let fails = vec![format!("NOT ({})", hung(&passes, 4))];
            return Ok(self.everybody_but(&Select { having: fails, ..ids }));
        }
        Ok(Select { having: vec![passes], ..ids }.to_string())
    }

    /// The ids of groups whose result passes, which is looked at from outside.
    fn of_groups(
        &self,
        table: &Source,
        aggregate: &Aggregate,
        asked: &Predicate,
        mut groups: Select,
    ) -> Result<String, Unsupported> {
        let column = aggregate.column().unwrap_or_default();
        let function = if matches!(aggregate, Aggregate::Minimum(_)) { "min" } else { "max" };
        groups.columns.push(format!("{function}({}) AS result", table.column(column)));
        let value = Value { sql: "result".to_owned(), data_type: table.data_type(column) };
        let passes = predicate(&value, asked, self.dates, self.tongue)?;
        let from = format!("(\n    {}\n) AS grouped", hung(&groups.to_string(), 4));
        Ok(Select { columns: vec![self.id()], from, filters: vec![passes], ..Select::default() }.to_string())
    }

    /// That the result passes: true or false where the condition holds of customers without rows.
    fn result(
        &self,
        table: &Source,
        aggregate: &Aggregate,
        asked: &Predicate,
    ) -> Result<String, Unsupported> {
        let (tongue, column) = (self.tongue, aggregate.column().map(|column| table.column(column)));
        let column = column.unwrap_or_else(|| "*".to_owned());
        let data_type = aggregate.column().map_or(DataType::Integer, |column| table.data_type(column));
        let exact = || format!("sum({})", tongue.exact(&column, data_type));
        let count = || format!("count({column})");
        let integer = |sql: String| (Measure::Sum(sql.clone(), 0), sql);
        let (measure, sql) = match aggregate {
            Aggregate::Rows | Aggregate::Count(_) => integer(count()),
            Aggregate::CountDistinct(_) => integer(format!("count(DISTINCT {column})")),
            Aggregate::Sum(_) => {
                let sum = exact();
                // Nothing adds up to 0.
                let sum =
                    if holds_of_nothing(aggregate, asked) { format!("coalesce({sum}, 0)") } else { sum };
                (Measure::Sum(sum.clone(), decimals(data_type)), sum)
            }
            Aggregate::Average(_) => (
                Measure::Average { sum: exact(), count: tongue.factor(&count()), decimals: DECIMALS },
                exact(),
            ),
            Aggregate::Minimum(_) | Aggregate::Maximum(_) => {
                let function = if matches!(aggregate, Aggregate::Minimum(_)) { "min" } else { "max" };
                let column =
                    if data_type == DataType::String { tongue.by_code_point(&column) } else { column };
                let value = Value { sql: format!("{function}({column})"), data_type };
                return predicate(&value, asked, self.dates, tongue);
            }
        };
        Ok(match asked {
            Predicate::Number(test) => measure.test(test, tongue),
            Predicate::Null => format!("{sql} IS NULL"),
            Predicate::NotNull if aggregate.is_never_null() => "TRUE".to_owned(),
            _ => format!("{sql} IS NOT NULL"),
        })
    }
}

/// Whole numbers add up to whole numbers.
pub fn decimals(data_type: DataType) -> u32 {
    if data_type == DataType::Integer { 0 } else { DECIMALS }
}

/// Whether the condition holds of a customer without rows.
fn holds_of_nothing(aggregate: &Aggregate, asked: &Predicate) -> bool {
    match (aggregate.is_never_null(), asked) {
        (true, Predicate::Number(test)) => test.holds(Number::Integer(0)),
        (true, Predicate::NotNull) | (false, Predicate::Null | Predicate::Empty) => true,
        _ => false,
    }
}
