//! Attribute conditions in SQL.

use super::piece::hung;
use super::predicate::{Value, predicate};
use super::select::Select;
use super::table::Source;
use super::tongue::Unsupported;
use super::writer::Writer;
use crate::segment::{ColumnTest, ConditionPart, RowQuantifier};

/// What cannot be said, and in which part of a condition.
pub type Refusal = (ConditionPart, Unsupported);

/// A refusal of the condition as a whole.
pub fn whole(unsupported: Unsupported) -> Refusal {
    (ConditionPart::Whole, unsupported)
}

impl Writer<'_> {
    /// The ids for which an attribute condition holds.
    pub fn attribute(
        &self,
        table: &str,
        test: &ColumnTest,
        rows: RowQuantifier,
        filters: &[ColumnTest],
    ) -> Result<String, Refusal> {
        let table = self.table(table, &used(filters, Some(&test.column))).map_err(whole)?;
        let passes = self.test(&table, test).map_err(whole)?;
        let filters = self.filters(&table, filters)?;
        let ids = Select {
            columns: vec![table.named_id().map_err(whole)?],
            from: table.from(),
            ..Select::default()
        };
        Ok(match rows {
            RowQuantifier::Any => Select { filters: with(filters, passes), ..ids }.to_string(),
            RowQuantifier::None => self.everybody_but(&Select { filters: with(filters, passes), ..ids }),
            RowQuantifier::Every => {
                let all = format!("count(CASE WHEN {} THEN 1 END) = count(*)", hung(&passes, 4));
                Select { filters, group_by: vec![table.raw_id()], having: vec![all], ..ids }.to_string()
            }
        })
    }

    /// A test on a column of a table.
    pub fn test(&self, table: &Source, test: &ColumnTest) -> Result<String, Unsupported> {
        let value = Value { sql: table.column(&test.column), data_type: table.data_type(&test.column) };
        predicate(&value, &test.predicate, self.dates, self.tongue)
    }

    /// Filters on columns of a table.
    pub fn filters(&self, table: &Source, filters: &[ColumnTest]) -> Result<Vec<String>, Refusal> {
        let tests = filters.iter().enumerate();
        tests
            .map(|(index, filter)| {
                self.test(table, filter).map_err(|unsupported| (ConditionPart::Where(index), unsupported))
            })
            .collect()
    }
}

/// The columns that filters and a condition itself look at.
pub fn used<'a>(filters: &'a [ColumnTest], column: Option<&'a str>) -> Vec<&'a str> {
    filters.iter().map(|filter| filter.column.as_str()).chain(column).collect()
}

/// The test first, as it is said first.
fn with(filters: Vec<String>, test: String) -> Vec<String> {
    std::iter::once(test).chain(filters).collect()
}
