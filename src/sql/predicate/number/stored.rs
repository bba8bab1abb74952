//! Columns of whole numbers and doubles, compared with any number.

use super::outcome::Outcome;
use crate::segment::{Comparison, Number};
use crate::sql::dialect::SqlDialect;
use crate::sql::layout::Fragment;

/// A whole number of 64 bits.
fn whole(number: i64) -> String {
    // Without its sign the least one is none of 64 bits.
    if number == i64::MIN { format!("({} - 1)", i64::MIN + 1) } else { number.to_string() }
}

/// The number as a whole one of 64 bits, if it is one.
pub fn integer(number: Number) -> Option<String> {
    match number {
        Number::Integer(number) => Some(whole(number)),
        Number::Decimal(number) => whole_double(number).map(whole),
        // What is neither said by 64 bits nor by a double.
        Number::Exact(_) => None,
    }
}

/// A whole double as the same number of 64 bits, if it is one.
#[allow(clippy::cast_possible_truncation)]
fn whole_double(number: f64) -> Option<i64> {
    let is_within = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number);
    (number.fract() == 0.0 && is_within).then_some(number as i64)
}

/// More decimals than these say nothing more of whole numbers.
const MOST_DECIMALS: usize = 15;

pub(crate) fn compare_integer(value: &Fragment, comparison: Comparison, number: Number) -> Outcome {
    let decimal = match number {
        Number::Integer(number) => return Outcome::of(value, comparison, whole(number)),
        Number::Decimal(decimal) => decimal,
        Number::Exact(_) => return compare_between(value, comparison, number),
    };
    if decimal.fract() == 0.0 {
        return match whole_double(decimal) {
            Some(number) => Outcome::of(value, comparison, whole(number)),
            None => Outcome::beyond(comparison, decimal > 0.0),
        };
    }
    match comparison {
        Comparison::Equal => Outcome::Never,
        Comparison::NotEqual => Outcome::Always,
        _ => {
            let text = decimal.to_string();
            let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            // Any fraction is as good as another.
            let short = || format!("{}", decimal.floor() + 0.5);
            Outcome::of(value, comparison, if decimals > MOST_DECIMALS { short() } else { text })
        }
    }
}

/// With a number that is no whole one of 64 bits, and that no double says.
fn compare_between(value: &Fragment, comparison: Comparison, number: Number) -> Outcome {
    let floor = number.floor();
    let Some((below, above)) = floor.and_then(|floor| Some((floor, floor.checked_add(1)?))) else {
        return Outcome::beyond(comparison, number > Number::Integer(0));
    };
    match comparison {
        Comparison::Equal => Outcome::Never,
        Comparison::NotEqual => Outcome::Always,
        Comparison::Less | Comparison::LessOrEqual => {
            Outcome::of(value, Comparison::LessOrEqual, whole(below))
        }
        Comparison::Greater | Comparison::GreaterOrEqual => {
            Outcome::of(value, Comparison::GreaterOrEqual, whole(above))
        }
    }
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
pub fn double(number: Number, dialect: &dyn SqlDialect) -> Option<String> {
    match number {
        Number::Decimal(number) => Some(dialect.double_literal(number)),
        Number::Integer(number) => {
            (number as f64 as i128 == i128::from(number)).then(|| dialect.double_literal(number as f64))
        }
        Number::Exact(_) => Some(dialect.double_literal(number.as_f64())),
    }
}

pub(crate) fn compare_double(
    value: &Fragment,
    comparison: Comparison,
    number: Number,
    dialect: &dyn SqlDialect,
) -> Outcome {
    if let Some(literal) = double(number, dialect) {
        return Outcome::of(value, comparison, literal);
    }
    // A whole number between two doubles.
    let nearest = number.as_f64();
    let is_below = Number::Decimal(nearest) < number;
    let (below, above) = if is_below { (nearest, nearest.next_up()) } else { (nearest.next_down(), nearest) };
    match comparison {
        Comparison::Equal => Outcome::Never,
        Comparison::NotEqual => Outcome::Always,
        Comparison::Less | Comparison::LessOrEqual => {
            Outcome::of(value, Comparison::LessOrEqual, dialect.double_literal(below))
        }
        Comparison::Greater | Comparison::GreaterOrEqual => {
            Outcome::of(value, Comparison::GreaterOrEqual, dialect.double_literal(above))
        }
    }
}
