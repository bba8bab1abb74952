//! What a segment means on one database and day: every part typed, dates resolved, nothing missing.
//!
//! Everything here is `Eq` and `Hash`: a [`Criterion`] is the key under which its set is cached.

use std::sync::Arc;

use chrono::NaiveDate;

use super::date::{ResolvedDate, TimePoint};
use super::lists::Ids;
use super::place::NodePath;
use super::problem::Problem;
use super::query::Query;
use super::value::Sorted;
use super::vocabulary::{Match, RowQuantifier};

/// A checked segment. Nodes that are off, empty or have a problem are left out.
#[derive(Clone, Debug)]
pub struct CheckedSegment {
    /// Whom it means.
    pub meaning: CheckedDefinition,
    /// What was left out because of an error, and advice, in document order.
    pub problems: Vec<Problem>,
}

/// Whom a segment means.
#[derive(Clone, Debug)]
pub enum CheckedDefinition {
    /// Customers by conditions.
    Visual {
        /// Who is in; without nodes it is the universe.
        include: CheckedGroup,
        /// Who is taken out; without nodes it is nobody.
        exclude: CheckedGroup,
    },
    /// Whom a query of the embedded engine returns.
    Query(Arc<Query>),
    /// It cannot be told: the problems say why.
    Unknown,
}

/// A group with at least one node, except for the two sides.
#[derive(Clone, Debug)]
pub struct CheckedGroup {
    /// Where it stands.
    pub path: NodePath,
    /// How its nodes combine.
    pub matching: Match,
    /// Its nodes.
    pub nodes: Vec<CheckedNode>,
}

/// A node of a checked segment.
#[derive(Clone, Debug)]
pub enum CheckedNode {
    /// Nodes that combine.
    Group(CheckedGroup),
    /// One criterion and where it stands.
    Condition(NodePath, Arc<Criterion>),
    /// A customer list and where it stands.
    List(NodePath, CheckedList),
}

impl CheckedNode {
    /// Where it stands.
    #[must_use]
    pub fn path(&self) -> &NodePath {
        match self {
            Self::Group(group) => &group.path,
            Self::Condition(path, _) | Self::List(path, _) => path,
        }
    }
}

/// A customer list that has been found. It is no [`Criterion`]: what it stands for is outside of the
/// database and changes on its own.
#[derive(Clone, Debug)]
pub struct CheckedList {
    /// Who is on it.
    pub members: ListMembers,
    /// Everybody else is wanted.
    pub negated: bool,
}

/// Who is on a list.
#[derive(Clone, Debug)]
pub enum ListMembers {
    /// The members of the segment with this id, on the same day and activation ID.
    Segment(String, Arc<CheckedSegment>),
    /// These ids, as they stand in a file.
    Ids(Ids),
    /// Whom the query in this file returns.
    Query(String, Arc<Query>),
}

/// A condition on a table whose every part is there and fits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Criterion {
    /// Customers by rows of `table` on which the filters and the test hold.
    Attribute {
        /// The table's key ([`Schema::table_key`](super::Schema::table_key)).
        table: String,
        /// What must hold.
        test: ColumnTest,
        /// On which of the rows where the filters hold.
        rows: RowQuantifier,
        /// What else must hold on the same row.
        filters: Vec<ColumnTest>,
    },
    /// Customers by their orders in the items table.
    Purchase {
        /// The items table.
        table: String,
        /// What is asked of the orders.
        test: PurchaseTest,
        /// Which order dates count.
        when: Option<DateTest>,
        /// What must hold on the same row.
        filters: Vec<ColumnTest>,
    },
    /// Customers by a value worked out over their rows.
    Aggregate {
        /// The table's key.
        table: String,
        /// What is worked out.
        aggregate: Aggregate,
        /// What must hold of the result.
        predicate: Predicate,
        /// Which rows count.
        filters: Vec<ColumnTest>,
    },
}

impl Criterion {
    /// The key of the table that it asks of.
    #[must_use]
    pub fn table(&self) -> &str {
        match self {
            Self::Attribute { table, .. } | Self::Purchase { table, .. } | Self::Aggregate { table, .. } => {
                table
            }
        }
    }
}

/// What is worked out over the rows of a customer. NULLs are left out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// The number of rows.
    Rows,
    /// The number of values of a column.
    Count(String),
    /// The number of different values, as they are stored.
    CountDistinct(String),
    /// The sum, rounded to six decimals; 0 without values.
    Sum(String),
    /// The average, rounded to six decimals; NULL without values.
    Average(String),
    /// The least value; NULL without values.
    Minimum(String),
    /// The greatest value; NULL without values.
    Maximum(String),
}

impl Aggregate {
    /// Whether the result is a number even without values.
    #[must_use]
    pub fn is_never_null(&self) -> bool {
        match self {
            Self::Rows | Self::Count(_) | Self::CountDistinct(_) | Self::Sum(_) => true,
            Self::Average(_) | Self::Minimum(_) | Self::Maximum(_) => false,
        }
    }

    /// The column, but for the number of rows.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Rows => None,
            Self::Count(column)
            | Self::CountDistinct(column)
            | Self::Sum(column)
            | Self::Average(column)
            | Self::Minimum(column)
            | Self::Maximum(column) => Some(column),
        }
    }
}

/// A predicate on a column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ColumnTest {
    /// The column.
    pub column: String,
    /// What must hold of it.
    pub predicate: Predicate,
}

/// What a purchase condition asks of the rows within its window on which its filters hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PurchaseTest {
    /// The number of their orders, at least 1.
    Orders(AmountTest),
    /// There is none.
    None,
    /// One belongs to the customer's first order of all.
    First,
    /// One belongs to another order than the customer's first of all.
    Repeat,
    /// The filters hold for a most frequent combination of values in the filters' columns. There is
    /// at least one filter.
    MostFrequent,
    /// The sum of a column over them, rounded to cents; there is at least one row.
    Total {
        /// Of amounts or of numbers of pieces.
        column: String,
        /// How the sum compares.
        amount: AmountTest,
    },
}

/// A comparison of a number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AmountTest {
    /// With one number.
    Compare(Comparison, Number),
    /// With two ends, which are in or out.
    Between {
        /// The lower end.
        low: Number,
        /// The upper end.
        high: Number,
        /// Whether the ends are in.
        inclusive: bool,
    },
}

impl AmountTest {
    /// Whether a number passes.
    #[must_use]
    pub fn holds(&self, amount: Number) -> bool {
        use std::cmp::Ordering;
        let order = |number: &Number| amount.cmp(number);
        match self {
            Self::Compare(comparison, number) => comparison.holds(order(number)),
            Self::Between { low, high, inclusive } => match (order(low), order(high)) {
                (Ordering::Greater, Ordering::Less) => true,
                (above, below) => *inclusive && above != Ordering::Less && below != Ordering::Greater,
            },
        }
    }
}

/// What must hold of a value. No predicate but the NULL ones holds of a NULL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Predicate {
    /// The value is NULL.
    Null,
    /// The value is not NULL.
    NotNull,
    /// NULL, or nothing left after trimming.
    Empty,
    /// The rest.
    NotEmpty,
    /// A boolean is this.
    Boolean(bool),
    /// A number.
    Number(NumberTest),
    /// A string.
    Text(TextTest),
    /// A date or a date and time.
    Date(DateTest),
}

/// What must hold of a number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NumberTest {
    /// Compares with one number.
    Compare(Comparison, Number),
    /// low < x < high, or with the ends.
    Between {
        /// The lower end.
        low: Number,
        /// The upper end.
        high: Number,
        /// Whether the ends are in.
        inclusive: bool,
    },
    /// x < low or x > high.
    NotBetween {
        /// The lower end.
        low: Number,
        /// The upper end.
        high: Number,
    },
    /// Is one of these, or none of them.
    In {
        /// The numbers, sorted, without doubles.
        numbers: Sorted<Number>,
        /// None of them.
        negated: bool,
    },
}

impl NumberTest {
    /// Whether a number passes. Whole numbers compare exactly, beyond what a double can hold too.
    #[must_use]
    pub fn holds(&self, value: Number) -> bool {
        let is = |comparison: Comparison, other: &Number| comparison.holds(value.cmp(other));
        match self {
            Self::Compare(comparison, other) => is(*comparison, other),
            Self::Between { low, high, inclusive: true } => {
                is(Comparison::GreaterOrEqual, low) && is(Comparison::LessOrEqual, high)
            }
            Self::Between { low, high, inclusive: false } => {
                is(Comparison::Greater, low) && is(Comparison::Less, high)
            }
            Self::NotBetween { low, high } => is(Comparison::Less, low) || is(Comparison::Greater, high),
            Self::In { numbers, negated } => numbers.binary_search(&value).is_ok() != *negated,
        }
    }
}

/// What must hold of a string.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextTest {
    /// How the string compares.
    pub kind: TextKind,
    /// The opposite.
    pub negated: bool,
    /// Compare as stored; otherwise both sides in Unicode lower case. Then the texts in `kind` are
    /// in lower case already.
    pub match_case: bool,
}

/// How a string compares.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TextKind {
    /// Is this.
    Exactly(String),
    /// Has this in it.
    Contains(String),
    /// Starts with this.
    StartsWith(String),
    /// Ends with this.
    EndsWith(String),
    /// Matches this LIKE pattern as a whole.
    Like(Vec<LikeToken>),
    /// Is one of these, sorted, without doubles.
    In(Sorted<String>),
}

/// A piece of a LIKE pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LikeToken {
    /// This text.
    Literal(String),
    /// `%`: any text, line breaks included.
    AnyText,
    /// `_`: one code point.
    AnyCharacter,
}

/// What must hold of a date.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DateTest {
    /// Compares with one moment: a day with the UTC calendar day, an instant with the instant.
    Compare(Comparison, ResolvedDate<TimePoint>),
    /// low < x < high, or with the ends; each end by its own kind.
    Between {
        /// The lower end.
        low: ResolvedDate<TimePoint>,
        /// The upper end.
        high: ResolvedDate<TimePoint>,
        /// Whether the ends are in.
        inclusive: bool,
    },
    /// x < low or x > high.
    NotBetween {
        /// The lower end.
        low: ResolvedDate<TimePoint>,
        /// The upper end.
        high: ResolvedDate<TimePoint>,
    },
    /// Month and day fall on a day from `first` to `last`, ends included; 29 February falls on
    /// 1 March in other years.
    Anniversary {
        /// The first day.
        first: ResolvedDate<NaiveDate>,
        /// The last day, at most 366 days later.
        last: ResolvedDate<NaiveDate>,
    },
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// =
    Equal,
    /// ≠
    NotEqual,
    /// <
    Less,
    /// ≤
    LessOrEqual,
    /// \>
    Greater,
    /// ≥
    GreaterOrEqual,
}

impl Comparison {
    /// Whether it holds of a value that stands so to the other.
    #[must_use]
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// A number of a document: whole where it can be, otherwise the nearest double, never NaN.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Decimal(f64),
}

impl Number {
    /// Reads a JSON number. `2.0` is the whole number 2.
    #[must_use]
    pub fn from_json(number: &serde_json::Number) -> Option<Self> {
        if let Some(integer) = number.as_i64() {
            return Some(Self::Integer(integer));
        }
        let decimal = number.as_f64().filter(|decimal| decimal.is_finite())?;
        // Below 2^53 every whole double is exactly one integer.
        let is_exact = decimal.fract() == 0.0 && decimal.abs() < 9_007_199_254_740_992.0;
        #[allow(clippy::cast_possible_truncation)]
        Some(if is_exact { Self::Integer(decimal as i64) } else { Self::Decimal(decimal) })
    }

    /// So many parts of a whole that has 10^`decimals` of them: 1250 with 2 decimals is 12.5.
    #[must_use]
    pub fn from_parts(parts: i128, decimals: u32) -> Self {
        let whole = 10_i128.pow(decimals);
        if let (0, Ok(integer)) = (parts % whole, i64::try_from(parts / whole)) {
            return Self::Integer(integer);
        }
        // Dividing rounds once, to the nearest double, as long as both are exactly doubles.
        const EXACT: i128 = 1 << 53;
        #[allow(clippy::cast_precision_loss)]
        if parts.abs() < EXACT && whole < EXACT {
            return Self::Decimal(parts as f64 / whole as f64);
        }
        let sign = if parts < 0 { "-" } else { "" };
        let (parts, whole) = (parts.unsigned_abs(), whole.unsigned_abs());
        let width = decimals as usize;
        let text = format!("{sign}{}.{:0width$}", parts / whole, parts % whole);
        Self::Decimal(text.parse().unwrap_or(f64::MAX))
    }

    /// The nearest double.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn as_f64(&self) -> f64 {
        match *self {
            Self::Integer(integer) => integer as f64,
            Self::Decimal(decimal) => decimal,
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        /// A whole number against a finite double, without rounding the former.
        #[allow(clippy::cast_possible_truncation)]
        fn mixed(integer: i64, decimal: f64) -> std::cmp::Ordering {
            let floor = decimal.floor() as i128;
            i128::from(integer).cmp(&floor).then(if decimal.fract() == 0.0 {
                std::cmp::Ordering::Equal
            } else {
                std::cmp::Ordering::Less
            })
        }
        match (*self, *other) {
            (Self::Integer(a), Self::Integer(b)) => a.cmp(&b),
            (Self::Decimal(a), Self::Decimal(b)) => a.total_cmp(&b),
            (Self::Integer(a), Self::Decimal(b)) => mixed(a, b),
            (Self::Decimal(a), Self::Integer(b)) => mixed(b, a).reverse(),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl std::hash::Hash for Number {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_f64().to_bits().hash(state);
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Integer(integer) => integer.fmt(f),
            Self::Decimal(decimal) => decimal.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_do_not_lose_digits() {
        let big = Number::Integer(9_007_199_254_740_993);
        let equal = |other| NumberTest::Compare(Comparison::Equal, other).holds(big);
        assert!(equal(big));
        assert!(!equal(Number::Decimal(9_007_199_254_740_992.0)));
        assert!(!equal(Number::Integer(9_007_199_254_740_992)));
    }

    #[test]
    fn whole_numbers_stand_between_decimals() {
        let between =
            NumberTest::Between { low: Number::Decimal(1.5), high: Number::Decimal(2.5), inclusive: false };
        assert!(between.holds(Number::Integer(2)) && !between.holds(Number::Integer(3)));
        let list = NumberTest::In {
            numbers: Sorted::from(vec![Number::Integer(0), Number::Decimal(2.5)]),
            negated: false,
        };
        assert!(list.holds(Number::Decimal(2.5)) && list.holds(Number::Decimal(-0.0)));
        assert!(!list.holds(Number::Integer(2)));
    }
}
