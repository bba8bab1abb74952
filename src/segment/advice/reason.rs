//! Why nobody, or everybody, passes a condition by itself.

use super::finding::Reason;
use super::rows::RowSet;
use super::values::{ValueSet, amounts};
use crate::segment::checked::{ColumnTest, Criterion, PurchaseTest};
use crate::segment::place::ConditionPart;
use crate::segment::schema::Schema;

/// The part of a condition that no row passes, else the number that it asks for.
pub fn reason(criterion: &Criterion, schema: &dyn Schema) -> (Reason, ConditionPart) {
    let number = (Reason::Number, ConditionPart::Whole);
    match criterion {
        Criterion::Attribute { table, test, filters, .. } => {
            rows(table, filters, Some(test), schema).unwrap_or(number)
        }
        Criterion::Aggregate { table, filters, .. } => rows(table, filters, None, schema).unwrap_or(number),
        Criterion::Purchase { table, test, when, filters } => {
            if when.as_ref().is_some_and(|when| ValueSet::dates(when).is_empty()) {
                return (Reason::Window, ConditionPart::When);
            }
            let number = match test {
                PurchaseTest::Orders(amount)
                    if amounts(amount).whole().intersect(&super::fact::at_least(1)).is_empty() =>
                {
                    (Reason::Orders, ConditionPart::Whole)
                }
                _ => number,
            };
            rows(table, filters, None, schema).unwrap_or(number)
        }
    }
}

/// The first test that no row passes with those before it.
fn rows(
    table: &str,
    filters: &[ColumnTest],
    test: Option<&ColumnTest>,
    schema: &dyn Schema,
) -> Option<(Reason, ConditionPart)> {
    let of = |tests: &[&ColumnTest]| RowSet::from_tests(table, tests.iter().copied(), schema).is_empty();
    if test.is_some_and(|test| of(&[test])) {
        return Some((Reason::Test, ConditionPart::Whole));
    }
    let mut before: Vec<&ColumnTest> = Vec::new();
    for (at, filter) in filters.iter().enumerate() {
        if of(&[filter]) {
            return Some((Reason::Filter, ConditionPart::Where(at)));
        }
        before.push(filter);
        if of(&before) {
            return Some((Reason::Filters, ConditionPart::Where(at)));
        }
    }
    before.extend(test);
    of(&before).then_some((Reason::TestAndFilters, ConditionPart::Whole))
}
