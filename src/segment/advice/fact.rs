//! What holds of a customer for whom a condition holds.

use super::population::Population;
use super::ranges::{Cut, Ranges};
use super::rows::RowSet;
use super::values::{ValueSet, amounts};
use crate::segment::checked::{
    Aggregate, CheckedList, ColumnTest, Criterion, DateTest, ListMembers, Predicate, PurchaseTest,
};
use crate::segment::schema::Schema;
use crate::segment::vocabulary::{DataType, RowQuantifier};

/// Exactly what a condition asks of a customer.
#[derive(Clone, Debug)]
pub(crate) enum Fact<'c> {
    /// How many rows or orders there are.
    Count(Count<'c>),
    /// The value of something that every customer has one of.
    Value(Value<'c>),
    /// There is a row where the filters hold, and on all of them the test.
    Every(Every<'c>),
    /// A purchase behaviour that is no number, and the orders that it needs.
    Behaviour(&'c Criterion, Count<'c>),
    List(&'c CheckedList),
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Rows of the table.
    Rows,
    /// Orders of the items table.
    Orders,
}

/// The number of a customer's rows or orders.
#[derive(Clone, Debug)]
pub struct Count<'c> {
    pub table: &'c str,
    pub unit: Unit,
    /// Which rows count; an order counts with one of these rows.
    pub rows: RowSet<'c>,
    /// The numbers that any customer may have.
    pub possible: Ranges<i64>,
    /// Those that pass.
    pub counts: Ranges<i64>,
    /// Whether nobody has more than one row.
    pub is_single: bool,
    /// Whether everybody has a row of the table.
    pub covers_all_customers: bool,
}

/// A value that every customer has one of, or NULL.
#[derive(Clone, Debug)]
pub struct Value<'c> {
    measure: Measure<'c>,
    /// The values that pass.
    pub values: ValueSet<'c>,
    /// The rows that there are then.
    follows: Option<Count<'c>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Measure<'c> {
    Aggregate(&'c str, &'c Aggregate, &'c [ColumnTest]),
    /// A sum over purchases, which only customers with one have.
    Total(&'c str, &'c str, Option<&'c DateTest>, &'c [ColumnTest]),
}

/// A test on every row.
#[derive(Clone, Debug)]
pub struct Every<'c> {
    /// The rows where the filters hold.
    pub rows: RowSet<'c>,
    /// The column that is tested.
    pub column: &'c str,
    /// The values that pass.
    pub values: ValueSet<'c>,
    /// There is such a row.
    pub some: Count<'c>,
}

impl<'c> Fact<'c> {
    /// What a criterion asks.
    pub(crate) fn from_criterion(
        criterion: &'c Criterion,
        schema: &dyn Schema,
        population: &dyn Population,
    ) -> Self {
        match criterion {
            Criterion::Attribute { table, test, rows, filters } => {
                let filtered = RowSet::from_tests(table, filters, schema);
                let both = RowSet::from_tests(table, filters.iter().chain([test]), schema);
                let count = |counts| Count::of_rows(table, both.clone(), counts, population);
                match rows {
                    RowQuantifier::Any => Self::Count(count(at_least(1))),
                    RowQuantifier::None => Self::Count(count(at_least(1).complement())),
                    RowQuantifier::Every => {
                        let some = count(at_least(1));
                        // On the only row, every row is any row.
                        if some.is_single {
                            return Self::Count(some);
                        }
                        let column = test.column.as_str();
                        let values = RowSet::from_tests(table, [test], schema).values(Some(column));
                        Self::Every(Every { rows: filtered, column, values, some })
                    }
                }
            }
            Criterion::Purchase { table, test, when, filters } => {
                let rows = RowSet::from_tests(table, filters, schema).within_window(when.as_ref());
                let some = Count::of_orders(table, rows, at_least(1));
                match test {
                    PurchaseTest::Orders(amount) => {
                        let counts = amounts(amount).whole().intersect(&at_least(1));
                        Self::Count(Count { counts: counts.intersect(&some.possible), ..some })
                    }
                    PurchaseTest::None => Self::Count(Count {
                        counts: some.counts.complement().intersect(&some.possible),
                        ..some
                    }),
                    PurchaseTest::First | PurchaseTest::Repeat | PurchaseTest::MostFrequent => {
                        Self::Behaviour(criterion, some)
                    }
                    PurchaseTest::Total { column, amount } => Self::Value(Value {
                        measure: Measure::Total(table, column, when.as_ref(), filters),
                        values: ValueSet::amounts(amount),
                        follows: Some(some),
                    }),
                }
            }
            Criterion::Aggregate { table, aggregate, predicate, filters } => {
                aggregated(table, aggregate, predicate, filters, schema, population)
            }
        }
    }

    /// The numbers of rows or orders that follow.
    pub fn counts(&self) -> Option<&Count<'c>> {
        match self {
            Self::Count(count) | Self::Behaviour(_, count) => Some(count),
            Self::Value(value) => value.follows.as_ref(),
            Self::Every(every) => Some(&every.some),
            Self::List(_) => None,
        }
    }

    /// Whether it certainly holds of nobody.
    pub(crate) fn is_impossible(&self) -> bool {
        match self {
            Self::Value(value) if value.values.is_empty() => true,
            _ => self.counts().is_some_and(|count| count.counts.is_empty()),
        }
    }

    /// Whether it certainly holds of everybody.
    pub(crate) fn is_certain(&self) -> bool {
        match self {
            Self::Count(count) => count.possible.is_subset(&count.counts),
            Self::Value(value) => !value.is_total() && value.values.is_all(),
            Self::Every(_) | Self::Behaviour(..) | Self::List(_) => false,
        }
    }
}

fn aggregated<'c>(
    table: &'c str,
    aggregate: &'c Aggregate,
    predicate: &'c Predicate,
    filters: &'c [ColumnTest],
    schema: &dyn Schema,
    population: &dyn Population,
) -> Fact<'c> {
    let mut rows = RowSet::from_tests(table, filters, schema);
    if let Some(column) = aggregate.column() {
        rows.narrow(Some(column), ValueSet::all_values());
    }
    let data_type = match aggregate {
        Aggregate::Rows | Aggregate::Count(_) => {
            let counts = match predicate {
                Predicate::Number(test) => super::values::numbers(test).whole(),
                Predicate::Null => Ranges::empty(),
                _ => Ranges::all(),
            };
            return Fact::Count(Count::of_rows(table, rows, counts, population));
        }
        Aggregate::CountDistinct(_) => DataType::Integer,
        Aggregate::Sum(_) | Aggregate::Average(_) => DataType::Decimal,
        Aggregate::Minimum(column) | Aggregate::Maximum(column) => {
            schema.column_type(table, column).unwrap_or(DataType::Decimal)
        }
    };
    let values = ValueSet::from_predicate(predicate, data_type);
    let needs_rows = !aggregate.is_never_null() && !values.null;
    let follows = needs_rows.then(|| Count::of_rows(table, rows, at_least(1), population));
    Fact::Value(Value { measure: Measure::Aggregate(table, aggregate, filters), values, follows })
}

/// Numbers from `least` on.
pub fn at_least(least: i64) -> Ranges<i64> {
    Ranges::between(Cut::Before(least), Cut::End)
}

/// The number 0.
pub fn none() -> Ranges<i64> {
    Ranges::between(Cut::Before(0), Cut::Before(1))
}

impl<'c> Count<'c> {
    fn of_rows(table: &'c str, rows: RowSet<'c>, counts: Ranges<i64>, population: &dyn Population) -> Self {
        let known = population.rows(table).unwrap_or_default();
        let mut possible = at_least(0);
        if known.at_most_one {
            possible = possible.intersect(&at_least(2).complement());
        }
        if known.at_least_one && rows.is_all() {
            possible = possible.intersect(&at_least(1));
        }
        let count = Self::new(table, Unit::Rows, rows, possible, counts);
        Self { is_single: known.at_most_one, covers_all_customers: known.at_least_one, ..count }
    }

    fn of_orders(table: &'c str, rows: RowSet<'c>, counts: Ranges<i64>) -> Self {
        Self::new(table, Unit::Orders, rows, at_least(0), counts)
    }

    fn new(table: &'c str, unit: Unit, rows: RowSet<'c>, possible: Ranges<i64>, counts: Ranges<i64>) -> Self {
        let possible = if rows.is_empty() { none() } else { possible };
        let counts = counts.intersect(&possible);
        Self { table, unit, rows, possible, counts, is_single: false, covers_all_customers: false }
    }

    /// Whether the same is counted, of the same or of other rows.
    pub(crate) fn is_comparable(&self, other: &Self) -> bool {
        self.table == other.table && self.unit == other.unit
    }

    /// Whether there is at least one for certain.
    pub fn is_some(&self) -> bool {
        self.counts.is_subset(&at_least(1))
    }
}

impl<'c> Value<'c> {
    /// Whether it is a value of the same.
    pub(crate) fn is_comparable(&self, other: &Self) -> bool {
        self.measure == other.measure
    }

    /// Whether customers without purchases have none.
    pub(crate) fn is_total(&self) -> bool {
        matches!(self.measure, Measure::Total(..))
    }

    /// The same with other values; what follows from these does not follow from those.
    pub fn with(&self, values: ValueSet<'c>) -> Self {
        Self { measure: self.measure, values, follows: None }
    }
}

/// Whether two lists are of the same customers.
pub(crate) fn is_same_list(a: &CheckedList, b: &CheckedList) -> bool {
    match (&a.members, &b.members) {
        (ListMembers::Segment(a, _), ListMembers::Segment(b, _)) => a == b,
        (ListMembers::Ids(_, a), ListMembers::Ids(_, b)) => a == b,
        (ListMembers::Query(_, a), ListMembers::Query(_, b)) => a == b,
        _ => false,
    }
}
