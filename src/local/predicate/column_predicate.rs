//! Predicates over the values of a column: true, false, or unknown where the value is NULL.

use super::date_predicate::DatePredicate;
use super::text_predicate::TextPredicate;
use crate::local::columns::{Dictionary, LogicalType, Value};
use crate::local::values::is_blank;
use crate::segment::{Number, NumberTest, Predicate};

/// A predicate made ready for many values.
pub(crate) enum ColumnPredicate<'a> {
    /// The value is NULL, or is not.
    Null(bool),
    /// The value is blank or NULL, or is not.
    Empty(bool),
    Boolean(bool),
    Number(NumberPredicate<'a>),
    Text(TextPredicate<'a>),
    Date(DatePredicate<'a>),
}

/// A test on numbers.
pub(crate) struct NumberPredicate<'a> {
    exact: &'a NumberTest,
    /// Where it is another one for doubles.
    nearest: Option<NumberTest>,
}

impl<'a> NumberPredicate<'a> {
    pub(crate) fn new(test: &'a NumberTest) -> Self {
        Self { exact: test, nearest: test.nearest() }
    }

    /// For numbers that are said exactly.
    pub fn of_exact(&self) -> &NumberTest {
        self.exact
    }

    /// For the numbers of a dictionary.
    pub fn of_dictionary(&self, dictionary: &Dictionary) -> &NumberTest {
        match dictionary {
            Dictionary::Doubles(_) | Dictionary::Range { logical_type: LogicalType::Decimal(_), .. } => {
                self.of_doubles()
            }
            Dictionary::Exact { .. } | Dictionary::Range { .. } | Dictionary::Strings(_) => self.exact,
        }
    }

    fn of_doubles(&self) -> &NumberTest {
        self.nearest.as_ref().unwrap_or(self.exact)
    }

    fn holds(&self, value: Value<'_>) -> bool {
        let test = if matches!(value, Value::Decimal(_)) { self.of_doubles() } else { self.exact };
        value.number().is_some_and(|number| test.holds(number))
    }
}

impl<'a> ColumnPredicate<'a> {
    pub fn new(predicate: &'a Predicate) -> Self {
        match predicate {
            Predicate::Null => Self::Null(true),
            Predicate::NotNull => Self::Null(false),
            Predicate::Empty => Self::Empty(true),
            Predicate::NotEmpty => Self::Empty(false),
            Predicate::Boolean(wanted) => Self::Boolean(*wanted),
            Predicate::Number(test) => Self::Number(NumberPredicate::new(test)),
            Predicate::Text(test) => Self::Text(TextPredicate::new(test)),
            Predicate::Date(test) => Self::Date(DatePredicate::new(test)),
        }
    }

    /// Whether the predicate holds of a number, or of NULL; `None` where that is unknown.
    pub fn number(&self, number: Option<Number>) -> Option<bool> {
        match self {
            Self::Null(wanted) => Some(number.is_none() == *wanted),
            Self::Number(test) => number.map(|number| test.of_exact().holds(number)),
            Self::Empty(_) | Self::Boolean(_) | Self::Text(_) | Self::Date(_) => None,
        }
    }

    /// Whether the predicate holds of NULL; `None` where that is unknown.
    pub(crate) fn of_null(&self) -> Option<bool> {
        match self {
            Self::Null(wanted) | Self::Empty(wanted) => Some(*wanted),
            Self::Boolean(_) | Self::Number(_) | Self::Text(_) | Self::Date(_) => None,
        }
    }

    /// Whether it says something of the values of a dictionary: no other value may be asked of.
    pub(crate) fn is_for(&self, dictionary: &Dictionary) -> bool {
        let is = |wanted: &[LogicalType]| match dictionary {
            Dictionary::Range { logical_type, .. } => wanted.contains(logical_type),
            Dictionary::Strings(_) | Dictionary::Doubles(_) | Dictionary::Exact { .. } => false,
        };
        match self {
            Self::Null(_) | Self::Empty(_) => true,
            Self::Boolean(_) => is(&[LogicalType::Boolean]),
            Self::Number(_) => match dictionary {
                Dictionary::Range { logical_type, .. } => {
                    use LogicalType as T;
                    matches!(logical_type, T::Integer | T::Decimal(_) | T::Exact(_))
                }
                Dictionary::Doubles(_) | Dictionary::Exact { .. } => true,
                Dictionary::Strings(_) => false,
            },
            Self::Text(_) => matches!(dictionary, Dictionary::Strings(_)),
            Self::Date(_) => is(&[LogicalType::Date, LogicalType::Datetime]),
        }
    }

    /// Whether the predicate holds of a value. `buffer` is memory for the lower case of texts.
    pub fn holds(&self, value: Value<'_>, buffer: &mut String) -> bool {
        match (self, value) {
            (Self::Null(wanted), _) => !*wanted,
            (Self::Empty(wanted), Value::Text(text)) => is_blank(text) == *wanted,
            (Self::Empty(wanted), _) => !*wanted,
            (Self::Boolean(wanted), Value::Boolean(value)) => value == *wanted,
            (Self::Number(test), value) => test.holds(value),
            (Self::Text(predicate), Value::Text(text)) => predicate.holds(text, buffer),
            (Self::Date(predicate), value) => value.timestamp().is_some_and(|time| predicate.holds(time)),
            // Not of this type: [`Self::is_for`] says so before.
            (Self::Boolean(_) | Self::Text(_), _) => false,
        }
    }
}
