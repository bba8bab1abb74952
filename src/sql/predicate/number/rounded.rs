//! Sums and averages, which are rounded before they are compared.

use super::outcome::{Outcome, compare};
use crate::segment::{Comparison, Number};
use crate::sql::dialect::SqlDialect;
use crate::sql::layout::{Fragment, sql};

/// Beyond what sums can be.
const GREATEST: f64 = 1e28;

/// Parts of a whole, 10^`decimals` to one: the greatest that are less than a number, and the least that
/// are greater. `None` beyond all sums.
#[allow(clippy::cast_possible_truncation)]
fn neighbours(number: Number, decimals: u32) -> Option<(i128, i128)> {
    let nearest = number.as_f64();
    if nearest.abs() > GREATEST {
        return None;
    }
    let middle = (nearest * 10_f64.powi(i32::try_from(decimals).unwrap_or(0))) as i128;
    let reach = (middle.abs() >> 50) + 4;
    let first_where = |holds: &dyn Fn(Number) -> bool| {
        let (mut low, mut high) = (middle - reach, middle + reach);
        while low < high {
            let half = low + (high - low) / 2;
            if holds(Number::from_parts(half, decimals)) { high = half } else { low = half + 1 }
        }
        low
    };
    let below = first_where(&|parts| parts >= number) - 1;
    let above = first_where(&|parts| parts > number);
    Some((below, above))
}

/// So many parts of a whole as a decimal.
fn decimal(parts: i128, decimals: u32) -> String {
    let (whole, sign) = (10_u128.pow(decimals), if parts < 0 { "-" } else { "" });
    let (parts, width) = (parts.unsigned_abs(), decimals as usize);
    let text = format!("{sign}{}.{:0width$}", parts / whole, parts % whole);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    // A whole number that some engines would not take for one has decimals.
    if text.len() > 18 && !text.contains('.') { format!("{text}.0") } else { text.to_owned() }
}

/// A sum that the engine rounds as it is rounded here.
pub(crate) fn compare_rounded(
    sum: &Fragment,
    decimals: u32,
    comparison: Comparison,
    number: Number,
    dialect: &dyn SqlDialect,
) -> Outcome {
    let Some((below, above)) = neighbours(number, decimals) else {
        return Outcome::beyond(comparison, number.as_f64() > 0.0);
    };
    let rounded = if decimals == 0 { sum.clone() } else { sql!["round(", sum, format!(", {decimals})")] };
    let bound = |parts: i128| {
        let text = decimal(parts, decimals);
        // More digits than a double has.
        if text.len() > 15 { dialect.decimal_literal(&text) } else { text }
    };
    if above - below == 2 {
        return Outcome::of(&rounded, comparison, bound(below + 1));
    }
    // The number is none that a rounded sum can be, or stands for several of them.
    let (below, above) = (bound(below), bound(above));
    let is = |comparison, literal: &String| compare(&rounded, comparison, literal);
    Outcome::Where(match comparison {
        Comparison::Less => is(Comparison::LessOrEqual, &below),
        Comparison::LessOrEqual => is(Comparison::Less, &above),
        Comparison::Greater => is(Comparison::GreaterOrEqual, &above),
        Comparison::GreaterOrEqual => is(Comparison::Greater, &below),
        Comparison::Equal => Fragment::all([is(Comparison::Greater, &below), is(Comparison::Less, &above)]),
        Comparison::NotEqual => {
            Fragment::any([is(Comparison::LessOrEqual, &below), is(Comparison::GreaterOrEqual, &above)])
        }
    })
}

/// A sum before it is rounded: what is rounded half away from zero is at least m where it is at least m - ½
/// before. An average is not worked out, as engines round when they divide: the sum is compared with as many
/// times the bound as there are rows.
pub(crate) fn compare_unrounded(
    sum: &Fragment,
    bound: &dyn Fn(&str) -> Fragment,
    decimals: u32,
    comparison: Comparison,
    number: Number,
) -> Outcome {
    let Some((below, above)) = neighbours(number, decimals) else {
        return Outcome::beyond(comparison, number.as_f64() > 0.0);
    };
    let half = |parts: i128| bound(&decimal(parts * 10 - 5, decimals + 1));
    let at_least = |parts: i128| {
        let comparison = if parts > 0 { Comparison::GreaterOrEqual } else { Comparison::Greater };
        compare(sum, comparison, half(parts))
    };
    let less_than = |parts: i128| {
        let comparison = if parts > 0 { Comparison::Less } else { Comparison::LessOrEqual };
        compare(sum, comparison, half(parts))
    };
    Outcome::Where(match comparison {
        Comparison::Less => less_than(below + 1),
        Comparison::LessOrEqual => less_than(above),
        Comparison::Greater => at_least(above),
        Comparison::GreaterOrEqual => at_least(below + 1),
        Comparison::Equal if above - below < 2 => "FALSE".into(),
        Comparison::Equal => Fragment::all([at_least(below + 1), less_than(above)]),
        Comparison::NotEqual if above - below < 2 => return Outcome::Always,
        Comparison::NotEqual => Fragment::any([less_than(below + 1), at_least(above)]),
    })
}
