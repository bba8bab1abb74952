//! Which columns are compared with dates that move with the day.

use std::collections::{BTreeMap, HashSet};

use crate::database::ItemsColumns;
use crate::segment::{CheckedNode, CheckedSegment, ColumnTest, Criterion, DateTest, Predicate, RelativeDate};

/// How a relative date is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Moving {
    /// A date is compared with it.
    Compared(RelativeDate),
    /// It is the first or last day for anniversaries of a date.
    Anniversary(RelativeDate),
}

/// The relative dates that a column is compared with, by the key of its table and its name.
pub(super) type Uses = BTreeMap<(String, String), HashSet<Moving>>;

/// Those of a segment and of all that it refers to.
pub(super) fn uses_of(segment: &CheckedSegment, items_columns: &ItemsColumns) -> Uses {
    let mut collected = Collected { items_columns, uses: Uses::new() };
    for leaf in segment.with_nested().into_iter().flat_map(CheckedSegment::leaves) {
        if let CheckedNode::Condition(_, criterion) = leaf {
            collected.criterion(criterion);
        }
    }
    collected.uses
}

struct Collected<'a> {
    items_columns: &'a ItemsColumns,
    uses: Uses,
}

impl Collected<'_> {
    fn criterion(&mut self, criterion: &Criterion) {
        let filters = match criterion {
            Criterion::Attribute { table, test, filters, .. } => {
                self.column(table, test);
                filters
            }
            Criterion::Purchase { table, when, filters, .. } => {
                let column = &self.items_columns.order_datetime;
                when.iter().for_each(|when| self.date(table, column, when));
                filters
            }
            Criterion::Aggregate { table, aggregate, predicate, filters } => {
                // The least and the greatest date are dates of the rows.
                if let (Some(column), Predicate::Date(test)) = (aggregate.column(), predicate) {
                    self.date(table, column, test);
                }
                filters
            }
        };
        filters.iter().for_each(|filter| self.column(criterion.table(), filter));
    }

    fn column(&mut self, table: &str, test: &ColumnTest) {
        if let Predicate::Date(date) = &test.predicate {
            self.date(table, &test.column, date);
        }
    }

    fn date(&mut self, table: &str, column: &str, test: &DateTest) {
        let compared = |relative: Option<RelativeDate>| relative.map(Moving::Compared);
        let anniversary = |relative: Option<RelativeDate>| relative.map(Moving::Anniversary);
        let moving = match test {
            DateTest::Compare(_, date) => [compared(date.relative), None],
            DateTest::Between { low, high, .. } | DateTest::NotBetween { low, high } => {
                [low, high].map(|end| compared(end.relative))
            }
            DateTest::Anniversary { first, last } => [first, last].map(|end| anniversary(end.relative)),
        };
        for moving in moving.into_iter().flatten() {
            self.uses.entry((table.to_owned(), column.to_owned())).or_default().insert(moving);
        }
    }
}
