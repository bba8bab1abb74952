//! Attribute conditions.

use super::table::TableSource;
use super::writer::QueryWriter;
use crate::segment::{ColumnTest, ConditionPart, RowQuantifier};
use crate::sql::layout::{Fragment, Select, sql};
use crate::sql::predicate::{TypedExpr, predicate};
use crate::sql::unsupported::{Unsupported, UnsupportedPart};

impl QueryWriter<'_> {
    /// The ids for which an attribute condition holds.
    pub fn attribute(
        &self,
        table: &str,
        test: &ColumnTest,
        rows: RowQuantifier,
        filters: &[ColumnTest],
    ) -> Result<Fragment, UnsupportedPart> {
        let table = self.table(table, &columns_used(filters, Some(&test.column)))?;
        let passes = self.test(&table, test)?;
        let filters = self.filters(&table, filters)?;
        let ids = Select::new(vec![table.aliased_id()?], table.from());
        Ok(match rows {
            RowQuantifier::Any => Select { filters: with_test(passes, filters), ..ids }.into(),
            RowQuantifier::None => self.all_except(Select { filters: with_test(passes, filters), ..ids }),
            RowQuantifier::Every => {
                let all = sql!["count(CASE WHEN ", passes.indented(4), " THEN 1 END) = count(*)"];
                Select { filters, group_by: vec![table.raw_id()], having: vec![all], ..ids }.into()
            }
        })
    }

    fn test(&self, table: &TableSource, test: &ColumnTest) -> Result<Fragment, Unsupported> {
        let value = TypedExpr { sql: table.column(&test.column), data_type: table.data_type(&test.column) };
        predicate(&value, &test.predicate, self.dates, self.dialect)
    }

    /// Filters on columns of a table.
    pub fn filters(
        &self,
        table: &TableSource,
        filters: &[ColumnTest],
    ) -> Result<Vec<Fragment>, UnsupportedPart> {
        let tests = filters.iter().enumerate();
        tests
            .map(|(index, filter)| {
                self.test(table, filter)
                    .map_err(|unsupported| unsupported.in_part(ConditionPart::Where(index)))
            })
            .collect()
    }
}

/// The columns that filters and a condition itself look at.
pub(crate) fn columns_used<'a>(filters: &'a [ColumnTest], column: Option<&'a str>) -> Vec<&'a str> {
    filters.iter().map(|filter| filter.column.as_str()).chain(column).collect()
}

/// The test first, as it is said first.
fn with_test(test: Fragment, filters: Vec<Fragment>) -> Vec<Fragment> {
    std::iter::once(test).chain(filters).collect()
}
