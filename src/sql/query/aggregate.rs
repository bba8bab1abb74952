//! Aggregate conditions.

use super::attribute::columns_used;
use super::table::TableSource;
use super::writer::QueryWriter;
use crate::segment::{Aggregate, ColumnTest, DataType, Number, Predicate};
use crate::sql::layout::{Fragment, Select, sql};
use crate::sql::predicate::NumericOperand;
use crate::sql::predicate::{TypedExpr, predicate};
use crate::sql::unsupported::{Unsupported, UnsupportedPart};

/// Decimals to which sums and averages are rounded.
const DECIMALS: u32 = 6;

impl QueryWriter<'_> {
    /// The ids for which an aggregate condition holds.
    pub fn aggregate(
        &self,
        table: &str,
        aggregate: &Aggregate,
        test: &Predicate,
        filters: &[ColumnTest],
    ) -> Result<Fragment, UnsupportedPart> {
        let table = self.table(table, &columns_used(filters, aggregate.column()))?;
        let passes = self.result_test(&table, aggregate, test)?;
        let ids = Select {
            filters: self.filters(&table, filters)?,
            group_by: vec![table.raw_id()],
            ..Select::new(vec![table.aliased_id()?], table.from())
        };
        if matches!(test, Predicate::Date(_)) && !self.dialect.computes_within_groups() {
            return Ok(self.tested_from_outside(&table, aggregate, test, ids)?);
        }
        // Who has no rows is in no group.
        if holds_without_rows(aggregate, test) {
            let fails = vec![sql!["NOT (", passes.indented(4), ")"]];
            return Ok(self.all_except(Select { having: fails, ..ids }));
        }
        Ok(Select { having: vec![passes], ..ids }.into())
    }

    /// The ids of groups whose result passes, which is looked at from outside.
    fn tested_from_outside(
        &self,
        table: &TableSource,
        aggregate: &Aggregate,
        test: &Predicate,
        mut groups: Select,
    ) -> Result<Fragment, Unsupported> {
        let column = aggregate.column().unwrap_or_default();
        groups.columns.push(sql![extreme(aggregate), "(", table.column(column), ") AS result"]);
        let value = TypedExpr { sql: "result".into(), data_type: table.data_type(column) };
        let passes = predicate(&value, test, self.dates, self.dialect)?;
        let from = groups.into_table("grouped");
        Ok(Select { filters: vec![passes], ..Select::new(vec![self.id_column()], from) }.into())
    }

    /// That the result passes: true or false where the condition holds of customers without rows.
    fn result_test(
        &self,
        table: &TableSource,
        aggregate: &Aggregate,
        test: &Predicate,
    ) -> Result<Fragment, Unsupported> {
        let (dialect, column) = (self.dialect, aggregate.column().map(|column| table.column(column)));
        let column = column.unwrap_or_else(|| "*".into());
        let data_type = aggregate.column().map_or(DataType::Integer, |column| table.data_type(column));
        let exact_sum = || sql!["sum(", dialect.exact_decimal(&column, data_type), ")"];
        let count = || sql!["count(", &column, ")"];
        let integer = |sql: Fragment| (NumericOperand::Sum(sql.clone(), 0), sql);
        let (operand, sql) = match aggregate {
            Aggregate::Rows | Aggregate::Count(_) => integer(count()),
            Aggregate::CountDistinct(_) => integer(sql!["count(DISTINCT ", &column, ")"]),
            Aggregate::Sum(_) => {
                let sum = exact_sum();
                // Nothing adds up to 0.
                let sum =
                    if holds_without_rows(aggregate, test) { sql!["coalesce(", sum, ", 0)"] } else { sum };
                (NumericOperand::Sum(sum.clone(), decimals(data_type)), sum)
            }
            Aggregate::Average(_) => {
                let (sum, count) = (exact_sum(), dialect.row_count_as_factor(count()));
                (NumericOperand::Average { sum: sum.clone(), count, decimals: DECIMALS }, sum)
            }
            Aggregate::Minimum(_) | Aggregate::Maximum(_) => {
                let column =
                    if data_type == DataType::String { dialect.by_code_point(&column) } else { column };
                let value = TypedExpr { sql: sql![extreme(aggregate), "(", column, ")"], data_type };
                return predicate(&value, test, self.dates, dialect);
            }
        };
        Ok(match test {
            Predicate::Number(test) => operand.test(test, dialect),
            Predicate::Null => sql![sql, " IS NULL"],
            Predicate::NotNull if aggregate.is_never_null() => "TRUE".into(),
            _ => sql![sql, " IS NOT NULL"],
        })
    }
}

/// The function of a minimum, or of a maximum.
fn extreme(aggregate: &Aggregate) -> &'static str {
    if matches!(aggregate, Aggregate::Minimum(_)) { "min" } else { "max" }
}

/// Whole numbers add up to whole numbers.
pub fn decimals(data_type: DataType) -> u32 {
    if data_type == DataType::Integer { 0 } else { DECIMALS }
}

/// Whether the condition holds of a customer without rows.
fn holds_without_rows(aggregate: &Aggregate, test: &Predicate) -> bool {
    match (aggregate.is_never_null(), test) {
        (true, Predicate::Number(test)) => test.holds(Number::Integer(0)),
        (true, Predicate::NotNull) | (false, Predicate::Null | Predicate::Empty) => true,
        _ => false,
    }
}
