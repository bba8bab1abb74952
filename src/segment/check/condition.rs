//! Conditions on tables: attributes, purchases, aggregates.

use super::checker::Checker;
use super::error::CheckError;
use super::predicate::{date_test, number, number_ends, one, predicate};
use crate::segment::checked::*;
use crate::segment::node::*;
use crate::segment::place::{ConditionPart, NodePath, Place};
use crate::segment::problem::Problem;
use crate::segment::vocabulary::*;

/// Collects the problems of the parts of one condition.
struct Parts<'a> {
    path: &'a NodePath,
    problems: Vec<Problem>,
}

impl Parts<'_> {
    /// What a part comes to, or `None` and a problem at its place.
    fn take<T>(&mut self, part: ConditionPart, result: Result<T, CheckError>) -> Option<T> {
        let place = || Place::Node(self.path.clone(), part);
        result.map_err(|error| self.problems.push(error.at(place()))).ok()
    }

    /// A criterion all of whose parts are right.
    fn finish(self, criterion: Option<Criterion>) -> Result<Criterion, Vec<Problem>> {
        criterion.filter(|_| self.problems.is_empty()).ok_or(self.problems)
    }
}

impl Checker<'_, '_> {
    pub(super) fn attribute(
        &self,
        attribute: &AttributeCondition,
        path: &NodePath,
    ) -> Result<Criterion, Vec<Problem>> {
        let table = &attribute.table;
        let mut parts = self.parts(table, path)?;
        let test =
            parts.take(ConditionPart::Whole, self.column_test(table, &attribute.column, &attribute.test));
        let filters = self.filters(attribute.filters.as_deref(), table, &mut parts);
        let rows = attribute.rows.unwrap_or(RowQuantifier::Any);
        let table = self.schema.table_key(table);
        parts.finish(test.map(|test| Criterion::Attribute { table, test, rows, filters }))
    }

    pub(super) fn purchase(
        &self,
        purchase: &PurchaseCondition,
        path: &NodePath,
    ) -> Result<Criterion, Vec<Problem>> {
        let mut parts = Parts { path, problems: Vec::new() };
        let Some(table) =
            parts.take(ConditionPart::Whole, self.schema.items_table().map_err(CheckError::from))
        else {
            return Err(parts.problems);
        };
        let test = parts.take(ConditionPart::Whole, self.behaviour(purchase));
        let when = purchase.when.as_ref().map_or(Ok(None), |when| self.when(when));
        let when = parts.take(ConditionPart::When, when);
        let filters = self.filters(purchase.filters.as_deref(), &table, &mut parts);
        let both = test.zip(when);
        parts.finish(both.map(|(test, when)| Criterion::Purchase { table, test, when, filters }))
    }

    pub(super) fn aggregate(
        &self,
        aggregate: &AggregateCondition,
        path: &NodePath,
    ) -> Result<Criterion, Vec<Problem>> {
        let table = &aggregate.table;
        let mut parts = self.parts(table, path)?;
        let tested = self.function(aggregate).and_then(|(function, data_type)| {
            Ok((function, predicate(data_type, &aggregate.test, self.as_of)?))
        });
        let tested = parts.take(ConditionPart::Whole, tested);
        let filters = self.filters(aggregate.filters.as_deref(), table, &mut parts);
        parts.finish(tested.map(|(aggregate, predicate)| Criterion::Aggregate {
            table: self.schema.table_key(table),
            aggregate,
            predicate,
            filters,
        }))
    }

    /// For a condition on a table that can be used; otherwise there is no more to say of it.
    fn parts<'p>(&self, table: &str, path: &'p NodePath) -> Result<Parts<'p>, Vec<Problem>> {
        let mut parts = Parts { path, problems: Vec::new() };
        match parts.take(ConditionPart::Whole, self.schema.table(table).map_err(CheckError::from)) {
            Some(()) => Ok(parts),
            None => Err(parts.problems),
        }
    }

    fn filters(&self, filters: Option<&[Filter]>, table: &str, parts: &mut Parts) -> Vec<ColumnTest> {
        let filters = filters.unwrap_or_default().iter().enumerate();
        let tests = filters.filter_map(|(index, filter)| {
            parts.take(ConditionPart::Where(index), self.column_test(table, &filter.column, &filter.test))
        });
        tests.collect()
    }

    fn column_test(&self, table: &str, column: &str, test: &Test) -> Result<ColumnTest, CheckError> {
        let data_type = self.schema.column_type(table, column)?;
        Ok(ColumnTest { column: column.to_owned(), predicate: predicate(data_type, test, self.as_of)? })
    }

    fn behaviour(&self, purchase: &PurchaseCondition) -> Result<PurchaseTest, CheckError> {
        let schema = self.schema;
        Ok(match purchase.behaviour {
            Behaviour::HasPurchased => PurchaseTest::Orders(amount(purchase)?),
            Behaviour::HasNotPurchased => PurchaseTest::None,
            Behaviour::FirstPurchase => PurchaseTest::First,
            Behaviour::RepeatPurchase => PurchaseTest::Repeat,
            Behaviour::MostFrequentOrder if purchase.filters.as_ref().is_none_or(Vec::is_empty) => {
                return Err(CheckError::incomplete("the most frequent order needs at least one filter")
                    .with_help("say of what, such as product category is exactly socks"));
            }
            Behaviour::MostFrequentOrder => PurchaseTest::MostFrequent,
            Behaviour::TotalValueOfOrders => {
                PurchaseTest::Total { column: schema.item_revenue()?, amount: amount(purchase)? }
            }
            Behaviour::TotalQuantityOfItems => {
                PurchaseTest::Total { column: schema.item_quantity()?, amount: amount(purchase)? }
            }
        })
    }

    fn when(&self, when: &When) -> Result<Option<DateTest>, CheckError> {
        use WhenOperator as W;
        let op = when.op.ok_or_else(|| CheckError::incomplete("the window has no operator"))?;
        let inclusive = when.inclusive == Some(true);
        let operator = match op {
            W::AnyTime => return Ok(None),
            W::On => Operator::Is,
            W::NotOn => Operator::IsNot,
            W::Before => Operator::IsBefore,
            W::After => Operator::IsAfter,
            W::OnOrBefore => Operator::IsOnOrBefore,
            W::OnOrAfter => Operator::IsOnOrAfter,
            W::Between => Operator::IsBetween,
            W::NotBetween => Operator::IsNotBetween,
        };
        // A null is no value, as everywhere.
        let value = when.value.as_ref().filter(|value| !value.is_null());
        date_test(operator, value, inclusive, DataType::Datetime, self.as_of).map(Some)
    }

    fn function(&self, aggregate: &AggregateCondition) -> Result<(Aggregate, DataType), CheckError> {
        let Some(column) = aggregate.column.clone() else {
            return match aggregate.function {
                AggregateFunction::Count => Ok((Aggregate::Rows, DataType::Integer)),
                _ => Err(CheckError::incomplete("the aggregate has no column")),
            };
        };
        let data_type = self.schema.column_type(&aggregate.table, &column)?;
        let is_number = matches!(data_type, DataType::Integer | DataType::Decimal);
        let misfit = |what: &str| {
            let message = format!("there is no {what} of {column:?}, which is {}", data_type.id());
            Err(CheckError::invalid(message).with_help("choose another function or another column"))
        };
        Ok(match aggregate.function {
            AggregateFunction::Count => (Aggregate::Count(column), DataType::Integer),
            AggregateFunction::CountDistinct => (Aggregate::CountDistinct(column), DataType::Integer),
            AggregateFunction::Sum if !is_number => return misfit("sum"),
            AggregateFunction::Sum => (Aggregate::Sum(column), DataType::Decimal),
            AggregateFunction::Average if !is_number => return misfit("average"),
            AggregateFunction::Average => (Aggregate::Average(column), DataType::Decimal),
            AggregateFunction::Minimum if data_type == DataType::Boolean => return misfit("least value"),
            AggregateFunction::Minimum => (Aggregate::Minimum(column), data_type),
            AggregateFunction::Maximum if data_type == DataType::Boolean => return misfit("greatest value"),
            AggregateFunction::Maximum => (Aggregate::Maximum(column), data_type),
        })
    }
}

fn amount(purchase: &PurchaseCondition) -> Result<AmountTest, CheckError> {
    let op = purchase.op.ok_or_else(|| CheckError::incomplete("the condition has no operator"))?;
    let value = purchase.value.as_ref().filter(|value| !value.is_null());
    let compare = |comparison| Ok(AmountTest::Compare(comparison, number(one(value)?)?));
    match op {
        AmountOperator::MoreThan => compare(Comparison::Greater),
        AmountOperator::LessThan => compare(Comparison::Less),
        AmountOperator::Exactly => compare(Comparison::Equal),
        AmountOperator::AtLeast => compare(Comparison::GreaterOrEqual),
        AmountOperator::AtMost => compare(Comparison::LessOrEqual),
        AmountOperator::Between => {
            let (low, high) = number_ends(value)?;
            Ok(AmountTest::Between { low, high, inclusive: purchase.inclusive == Some(true) })
        }
    }
}
