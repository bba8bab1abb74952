//! The codes of a piece whose values pass a predicate.

use super::column_predicate::ColumnPredicate;
use super::date_predicate::DatePredicate;
use super::interval::Interval;
use crate::local::columns::{
    Bitmap, Chunk, Code as _, Dictionary, Keys, LogicalType, Value, add, all, bits, remove, with_keys, zeros,
};
use crate::local::values::{DAY, Timestamp, compare};
use crate::segment::NumberTest;

/// Up to here every code is tried by itself.
const FEW: u64 = u16::MAX as u64;
/// Up to here the codes of listed numbers are looked for, and not the numbers of all rows in the list.
const SHORT: usize = 4096;

/// Which codes pass.
#[derive(Debug, PartialEq)]
pub enum KeySet {
    None,
    All,
    /// Those from `first` to `last`.
    Within {
        first: u64,
        last: u64,
    },
    /// All others.
    Outside {
        first: u64,
        last: u64,
    },
    /// Those that are true here.
    Table(Vec<bool>),
}

impl KeySet {
    /// What is true of each code, as simple as it can be said.
    fn of_table(table: Vec<bool>) -> Self {
        let ends = |wanted: bool| {
            let first = table.iter().position(|passes| *passes == wanted)?;
            let last = table.iter().rposition(|passes| *passes == wanted)?;
            let is_all =
                table.get(first..=last).is_some_and(|within| within.iter().all(|passes| *passes == wanted));
            Some((first as u64, last as u64, is_all))
        };
        match (ends(true), ends(false)) {
            (None, _) => Self::None,
            (_, None) => Self::All,
            (Some((first, last, true)), _) => Self::Within { first, last },
            (_, Some((first, last, true))) => Self::Outside { first, last },
            _ => Self::Table(table),
        }
    }

    /// Whether a code passes.
    #[inline]
    pub fn has(&self, code: u64) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Within { first, last } => (*first..=*last).contains(&code),
            Self::Outside { first, last } => !(*first..=*last).contains(&code),
            Self::Table(table) => {
                let passes = usize::try_from(code).ok().and_then(|code| table.get(code));
                passes.copied().unwrap_or_default()
            }
        }
    }

    /// The rows with a code that passes, whether or not their value is NULL.
    fn rows(&self, codes: &Keys) -> Bitmap {
        match self {
            Self::None => zeros(codes.len()),
            Self::All => all(codes.len()),
            Self::Within { first, last } => codes.within(*first, *last),
            Self::Outside { first, last } => {
                let mut rows = all(codes.len());
                remove(&mut rows, &codes.within(*first, *last));
                rows
            }
            Self::Table(table) => codes.among(table),
        }
    }
}

/// The rows of a piece by what a predicate says of them.
pub struct Tested {
    /// Where it is true.
    pub holds: Bitmap,
    /// Where it is unknown; `None` if nowhere.
    pub unknown: Option<Bitmap>,
}

/// Tests all rows of a piece.
pub fn tested(matcher: &ColumnPredicate<'_>, piece: &Chunk) -> Tested {
    let mut holds = holding(matcher, piece);
    let Some(nulls) = &piece.nulls else { return Tested { holds, unknown: None } };
    remove(&mut holds, nulls);
    match matcher.of_null() {
        Some(true) => add(&mut holds, nulls),
        Some(false) => {}
        None => return Tested { holds, unknown: Some(nulls.clone()) },
    }
    Tested { holds, unknown: None }
}

/// The rows whose value passes; rows with a NULL may be among them.
fn holding(matcher: &ColumnPredicate<'_>, piece: &Chunk) -> Bitmap {
    let (domain, last) = (&piece.domain, piece.domain.last());
    let ranged = match (matcher, domain) {
        (_, Dictionary::Strings(_)) => None,
        (ColumnPredicate::Number(test), _) => Interval::of_number(test).map(|interval| {
            interval.codes(last, |code, other| match domain.value(code).number() {
                Some(number) => number.cmp(other),
                // Checking has compared the types.
                None => std::cmp::Ordering::Less,
            })
        }),
        (ColumnPredicate::Date(DatePredicate::Range(test)), _) => Interval::of_date(test).map(|interval| {
            interval.codes(last, |code, date| compare(timestamp(domain.value(code)), date.at))
        }),
        _ => None,
    };
    if let Some(passing) = ranged {
        return passing.rows(&piece.codes);
    }
    let mut buffer = String::new();
    let mut holds = |code| matcher.holds(domain.value(code), &mut buffer);
    match (matcher, domain) {
        (ColumnPredicate::Null(_), _) => {
            if holds(0) {
                all(piece.rows())
            } else {
                zeros(piece.rows())
            }
        }
        (ColumnPredicate::Number(NumberTest::In { numbers, negated }), Dictionary::Range { .. })
            if last > FEW && numbers.len() <= SHORT =>
        {
            let mut listed: Vec<u64> = numbers.iter().filter_map(|number| code_of(domain, *number)).collect();
            listed.sort_unstable();
            each(&piece.codes, |code| listed.binary_search(&code).is_ok() != *negated)
        }
        (ColumnPredicate::Date(matcher), Dictionary::Range { kind: LogicalType::Datetime, .. })
            if last > FEW =>
        {
            let day = |code| domain.whole(code).div_euclid(DAY);
            let (first, last) = (day(0), day(last));
            let days: Vec<bool> =
                (first..=last).map(|day| matcher.holds(Timestamp { day, micros: 0 })).collect();
            each(&piece.codes, |code| {
                usize::try_from(day(code) - first)
                    .ok()
                    .and_then(|day| days.get(day))
                    .copied()
                    .unwrap_or_default()
            })
        }
        (_, Dictionary::Range { .. }) if last > FEW => {
            each(&piece.codes, |code| matcher.holds(domain.value(code), &mut String::new()))
        }
        _ => KeySet::of_table((0..=last).map(holds).collect()).rows(&piece.codes),
    }
}

/// The code of a number among steps.
fn code_of(domain: &Dictionary, number: crate::segment::Number) -> Option<u64> {
    let test = NumberTest::Compare(crate::segment::Comparison::Equal, number);
    let order = |code: u64, other: &crate::segment::Number| {
        domain.value(code).number().map_or(std::cmp::Ordering::Less, |number| number.cmp(other))
    };
    match Interval::of_number(&test)?.codes(domain.last(), order) {
        KeySet::Within { first, .. } => Some(first),
        _ => None,
    }
}

fn each(codes: &Keys, passes: impl Fn(u64) -> bool) -> Bitmap {
    with_keys!(codes, codes => bits(codes, |code| passes(code.wide())))
}

/// A date as a point on the calendar; of another value, any point.
pub fn timestamp(value: Value<'_>) -> Timestamp {
    match value {
        Value::Date(day) => Timestamp { day, micros: 0 },
        Value::Datetime(micros) => Timestamp::of_micros(micros),
        Value::Text(_) | Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_) => {
            Timestamp { day: 0, micros: 0 }
        }
    }
}
