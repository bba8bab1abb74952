//! What a segment means on one database and day: every part typed, dates resolved, nothing missing.
//!
//! Everything here is `Eq` and `Hash`: a [`Criterion`] is the key under which its set is cached.

use std::sync::Arc;

use chrono::NaiveDate;

use super::date::Moment;
use super::place::NodePath;
use super::problem::Problem;
use super::vocabulary::Match;

/// A checked segment. Nodes that are off, empty or have a problem are left out.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Who is in; without nodes it is the universe.
    pub include: CheckedGroup,
    /// Who is taken out; without nodes it is nobody.
    pub exclude: CheckedGroup,
    /// What was left out because of an error, and advice, in document order.
    pub problems: Vec<Problem>,
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
}

impl CheckedNode {
    /// Where it stands.
    #[must_use]
    pub fn path(&self) -> &NodePath {
        match self {
            Self::Group(group) => &group.path,
            Self::Condition(path, _) => path,
        }
    }
}

/// A condition whose every part is there and fits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Criterion {
    /// Customers with a row of `table` where `predicate` holds of `column`.
    Attribute {
        /// The table.
        table: String,
        /// What must hold.
        test: ColumnTest,
    },
    /// Customers by their orders in the items table.
    Purchase {
        /// The items table.
        table: String,
        /// How many orders.
        orders: OrderTest,
        /// Which order dates count.
        when: Option<DateTest>,
        /// What must hold on the same row.
        filters: Vec<ColumnTest>,
    },
}

/// A predicate on a column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ColumnTest {
    /// The column.
    pub column: String,
    /// What must hold of it.
    pub predicate: Predicate,
}

/// What a purchase condition asks of the orders that are left.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OrderTest {
    /// The number of distinct orders, at least 1.
    Count(AmountTest),
    /// There is no row.
    None,
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
    /// Whether a whole number passes.
    #[must_use]
    pub fn holds(&self, amount: i64) -> bool {
        use std::cmp::Ordering;
        let order = |number: &Number| number.cmp_integer(amount);
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
        numbers: Vec<Number>,
        /// None of them.
        negated: bool,
    },
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
    Like(Vec<LikePiece>),
    /// Is one of these, sorted, without doubles.
    In(Vec<String>),
}

/// A piece of a LIKE pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LikePiece {
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
    Compare(Comparison, Moment),
    /// low < x < high, or with the ends; each end by its own kind.
    Between {
        /// The lower end.
        low: Moment,
        /// The upper end.
        high: Moment,
        /// Whether the ends are in.
        inclusive: bool,
    },
    /// x < low or x > high.
    NotBetween {
        /// The lower end.
        low: Moment,
        /// The upper end.
        high: Moment,
    },
    /// Month and day fall on a day from `first` to `last`, ends included; 29 February falls on
    /// 1 March in other years.
    Anniversary {
        /// The first day.
        first: NaiveDate,
        /// The last day, at most 366 days later.
        last: NaiveDate,
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

    /// How a whole number stands to this one.
    #[must_use]
    pub fn cmp_integer(&self, integer: i64) -> std::cmp::Ordering {
        Self::Integer(integer).cmp(self)
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
