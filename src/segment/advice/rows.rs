//! The rows of a table on which several tests hold.

use std::collections::BTreeMap;

use super::values::ValueSet;
use crate::segment::checked::{ColumnTest, DateTest};
use crate::segment::schema::Schema;
use crate::segment::vocabulary::DataType;

/// What a test looks at: a column, or the order date of a window, whose column this module does not know.
type ColumnKey<'c> = Option<&'c str>;

/// Rows by the values of their columns; a column that is not named may hold anything.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct RowSet<'c>(BTreeMap<ColumnKey<'c>, ValueSet<'c>>);

impl<'c> RowSet<'c> {
    /// The rows of `table` on which all tests hold.
    pub(crate) fn from_tests(
        table: &str,
        tests: impl IntoIterator<Item = &'c ColumnTest>,
        schema: &dyn Schema,
    ) -> Self {
        let mut rows = Self::default();
        for test in tests {
            // The type only tells whole numbers from others; without it none are left out.
            let data_type = schema.column_type(table, &test.column).unwrap_or(DataType::Decimal);
            rows.narrow(Some(&test.column), ValueSet::from_predicate(&test.predicate, data_type));
        }
        rows
    }

    /// Those within a window of order dates.
    pub(crate) fn within_window(mut self, when: Option<&DateTest>) -> Self {
        if let Some(when) = when.filter(|when| !matches!(when, DateTest::Anniversary { .. })) {
            self.narrow(None, ValueSet::dates(when));
        }
        self
    }

    /// Leaves the rows with one of these values.
    pub(crate) fn narrow(&mut self, column: ColumnKey<'c>, values: ValueSet<'c>) {
        let narrowed = self.values(column).intersect(&values);
        self.0.insert(column, narrowed);
    }

    /// The rows in both.
    pub(crate) fn intersect(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (column, values) in &other.0 {
            both.narrow(*column, values.clone());
        }
        both
    }

    /// What a column may hold.
    pub fn values(&self, column: ColumnKey<'c>) -> ValueSet<'c> {
        self.0.get(&column).cloned().unwrap_or_else(ValueSet::all)
    }

    /// Whether all columns but this one may hold anything.
    pub(crate) fn is_only(&self, column: &str) -> bool {
        self.0.iter().all(|(key, values)| *key == Some(column) || values.is_all())
    }

    /// Whether certainly no row is in.
    pub fn is_empty(&self) -> bool {
        self.0.values().any(ValueSet::is_empty)
    }

    /// Whether certainly every row is in.
    pub(crate) fn is_all(&self) -> bool {
        self.0.values().all(ValueSet::is_all)
    }

    /// Whether certainly every row of these is in `other` too.
    pub fn is_subset(&self, other: &Self) -> bool {
        let values = |column: &ColumnKey<'c>| self.0.get(column);
        let within = |(column, other): (&ColumnKey<'c>, &ValueSet<'c>)| {
            values(column).map_or_else(|| other.is_all(), |own| own.is_subset(other))
        };
        self.is_empty() || other.0.iter().all(within)
    }

    /// Whether certainly no row is in both.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.intersect(other).is_empty()
    }

    /// The rows in either, where the two differ in one column only, and that column.
    pub fn union(&self, other: &Self) -> Option<(Self, &'c str)> {
        let columns = self.0.keys().chain(other.0.keys());
        let mut different = columns.filter(|column| self.values(**column) != other.values(**column));
        let column = (*different.next()?)?;
        if different.any(|another| *another != Some(column)) {
            return None;
        }
        let union = self.values(Some(column)).union(&other.values(Some(column)))?;
        let mut rows = self.clone();
        rows.0.insert(Some(column), union);
        Some((rows, column))
    }
}
