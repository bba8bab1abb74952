//! Numbers compared in SQL exactly as they are compared here: whole numbers beyond what a double holds,
//! doubles as they are stored, sums as they are rounded.

use super::piece::{all, any, is_in};
use super::tongue::SqlDialect;
use crate::segment::{AmountTest, Comparison, Number, NumberTest};

/// What is compared.
#[derive(Clone, Debug)]
pub enum Measure {
    /// A whole number of 64 bits.
    Integer(String),
    /// A double, which is no NaN.
    Double(String),
    /// A sum, before it is rounded to so many decimals.
    Sum(String, u32),
    /// A sum divided by a number of rows, before it is rounded to so many decimals.
    Average {
        /// The sum.
        sum: String,
        /// The number of rows.
        count: String,
        /// Decimals.
        decimals: u32,
    },
}

/// What a comparison comes to.
enum Compared {
    /// It holds of every number.
    Always,
    /// It holds of none.
    Never,
    /// It holds where this does.
    Where(String),
}

impl Measure {
    /// A test as a condition that is true where the test holds; elsewhere it is false or unknown.
    pub fn test(&self, test: &NumberTest, tongue: &dyn SqlDialect) -> String {
        match test {
            NumberTest::Compare(comparison, number) => self.is(*comparison, number, tongue),
            NumberTest::Between { low, high, inclusive } => self.between(low, high, *inclusive, tongue),
            NumberTest::NotBetween { low, high } => {
                any([self.is(Comparison::Less, low, tongue), self.is(Comparison::Greater, high, tongue)])
            }
            NumberTest::In { numbers, negated } => self.listed(numbers, *negated, tongue),
        }
    }

    /// The same of an amount.
    pub fn amount(&self, test: &AmountTest, tongue: &dyn SqlDialect) -> String {
        match test {
            AmountTest::Compare(comparison, number) => self.is(*comparison, number, tongue),
            AmountTest::Between { low, high, inclusive } => self.between(low, high, *inclusive, tongue),
        }
    }

    fn between(&self, low: &Number, high: &Number, inclusive: bool, tongue: &dyn SqlDialect) -> String {
        if inclusive {
            return all([
                self.is(Comparison::GreaterOrEqual, low, tongue),
                self.is(Comparison::LessOrEqual, high, tongue),
            ]);
        }
        all([self.is(Comparison::Greater, low, tongue), self.is(Comparison::Less, high, tongue)])
    }

    fn is(&self, comparison: Comparison, number: &Number, tongue: &dyn SqlDialect) -> String {
        match self.compared(comparison, *number, tongue) {
            Compared::Where(condition) => condition,
            Compared::Always => format!("{} IS NOT NULL", self.value()),
            Compared::Never => "FALSE".to_owned(),
        }
    }

    fn listed(&self, numbers: &[Number], negated: bool, tongue: &dyn SqlDialect) -> String {
        let plain = |number: &Number| match self {
            Self::Integer(_) => integer(*number),
            Self::Double(_) => double(*number, tongue),
            Self::Sum(..) | Self::Average { .. } => None,
        };
        // What is written as a difference is nothing that engines take in a list.
        let least = Number::Integer(i64::MIN);
        let by_itself = |number: &Number| match self {
            Self::Integer(_) => *number == least,
            Self::Double(_) => false,
            Self::Sum(..) | Self::Average { .. } => true,
        };
        let listed = numbers.iter().filter(|number| !by_itself(number));
        let items: Vec<String> = listed.filter_map(plain).collect();
        let comparison = if negated { Comparison::NotEqual } else { Comparison::Equal };
        let others = numbers.iter().filter(|number| by_itself(number));
        let others = others.map(|number| self.is(comparison, number, tongue));
        let (operator, one) = if negated { ("NOT IN", "<>") } else { ("IN", "=") };
        let listed = match items.as_slice() {
            [] => None,
            [only] => Some(format!("{} {one} {only}", self.value())),
            items => Some(is_in(self.value(), operator, items)),
        };
        let conditions: Vec<String> = listed.into_iter().chain(others).collect();
        match (conditions.is_empty(), negated) {
            (true, true) => format!("{} IS NOT NULL", self.value()),
            (_, true) => all(conditions),
            (_, false) => any(conditions),
        }
    }

    /// The number itself, as SQL.
    fn value(&self) -> &str {
        match self {
            Self::Integer(value) | Self::Double(value) | Self::Sum(value, _) => value,
            Self::Average { sum, .. } => sum,
        }
    }

    fn compared(&self, comparison: Comparison, number: Number, tongue: &dyn SqlDialect) -> Compared {
        match self {
            Self::Integer(value) => compared_integer(value, comparison, number),
            Self::Double(value) => compared_double(value, comparison, number, tongue),
            Self::Sum(value, decimals) if *decimals == 0 || tongue.rounds_half_away() => {
                compared_sum(value, *decimals, comparison, number, tongue)
            }
            Self::Sum(value, decimals) => {
                let bound = |bound: &str| tongue.decimal(bound);
                compared_unrounded(value, &bound, *decimals, comparison, number)
            }
            Self::Average { sum, count, decimals } => {
                let bound = |bound: &str| format!("{} * {count}", tongue.decimal(bound));
                compared_unrounded(sum, &bound, *decimals, comparison, number)
            }
        }
    }
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn compare(value: &str, comparison: Comparison, literal: &str) -> Compared {
    Compared::Where(format!("{value} {} {literal}", operator(comparison)))
}

/// What a comparison with a number beyond all numbers there are comes to.
fn beyond(comparison: Comparison, is_above: bool) -> Compared {
    let holds = match comparison {
        Comparison::Equal => false,
        Comparison::NotEqual => true,
        Comparison::Less | Comparison::LessOrEqual => is_above,
        Comparison::Greater | Comparison::GreaterOrEqual => !is_above,
    };
    if holds { Compared::Always } else { Compared::Never }
}

/// A whole number of 64 bits.
fn whole(number: i64) -> String {
    // Without its sign the least one is none of 64 bits.
    if number == i64::MIN { format!("({} - 1)", i64::MIN + 1) } else { number.to_string() }
}

/// The number as a whole one of 64 bits, if it is one.
fn integer(number: Number) -> Option<String> {
    match number {
        Number::Integer(number) => Some(whole(number)),
        Number::Decimal(number) => whole_double(number).map(whole),
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

fn compared_integer(value: &str, comparison: Comparison, number: Number) -> Compared {
    let Number::Decimal(decimal) = number else {
        return integer(number).map_or(Compared::Never, |literal| compare(value, comparison, &literal));
    };
    if decimal.fract() == 0.0 {
        return match whole_double(decimal) {
            Some(number) => compare(value, comparison, &whole(number)),
            None => beyond(comparison, decimal > 0.0),
        };
    }
    match comparison {
        Comparison::Equal => Compared::Never,
        Comparison::NotEqual => Compared::Always,
        _ => {
            let text = decimal.to_string();
            let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            // Any fraction is as good as another.
            let short = || format!("{}", decimal.floor() + 0.5);
            compare(value, comparison, &if decimals > MOST_DECIMALS { short() } else { text })
        }
    }
}

/// The number as a double, if it is one.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
fn double(number: Number, tongue: &dyn SqlDialect) -> Option<String> {
    match number {
        Number::Decimal(number) => Some(tongue.double(number)),
        Number::Integer(number) => {
            (number as f64 as i128 == i128::from(number)).then(|| tongue.double(number as f64))
        }
    }
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
fn compared_double(value: &str, comparison: Comparison, number: Number, tongue: &dyn SqlDialect) -> Compared {
    if let Some(literal) = double(number, tongue) {
        return compare(value, comparison, &literal);
    }
    // A whole number between two doubles.
    let nearest = number.as_f64();
    let is_below = Number::Decimal(nearest) < number;
    let (below, above) = if is_below { (nearest, nearest.next_up()) } else { (nearest.next_down(), nearest) };
    match comparison {
        Comparison::Equal => Compared::Never,
        Comparison::NotEqual => Compared::Always,
        Comparison::Less | Comparison::LessOrEqual => {
            compare(value, Comparison::LessOrEqual, &tongue.double(below))
        }
        Comparison::Greater | Comparison::GreaterOrEqual => {
            compare(value, Comparison::GreaterOrEqual, &tongue.double(above))
        }
    }
}

/// Beyond what sums can be.
const GREATEST: f64 = 1e28;

/// Parts of a whole, 10^`decimals` to one: the greatest that are less than a number, and the least that
/// are greater. `None` beyond all sums.
#[allow(clippy::cast_possible_truncation)]
fn around(number: Number, decimals: u32) -> Option<(i128, i128)> {
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

fn compared_sum(
    value: &str,
    decimals: u32,
    comparison: Comparison,
    number: Number,
    tongue: &dyn SqlDialect,
) -> Compared {
    let Some((below, above)) = around(number, decimals) else {
        return beyond(comparison, number.as_f64() > 0.0);
    };
    let rounded = if decimals == 0 { value.to_owned() } else { format!("round({value}, {decimals})") };
    let bound = |parts: i128| {
        let text = decimal(parts, decimals);
        // More digits than a double has.
        if text.len() > 15 { tongue.decimal(&text) } else { text }
    };
    if above - below == 2 {
        return compare(&rounded, comparison, &bound(below + 1));
    }
    // The number is none that a rounded sum can be, or stands for several of them.
    let (below, above) = (bound(below), bound(above));
    let is = |comparison, literal: &str| format!("{rounded} {} {literal}", operator(comparison));
    Compared::Where(match comparison {
        Comparison::Less => is(Comparison::LessOrEqual, &below),
        Comparison::LessOrEqual => is(Comparison::Less, &above),
        Comparison::Greater => is(Comparison::GreaterOrEqual, &above),
        Comparison::GreaterOrEqual => is(Comparison::Greater, &below),
        Comparison::Equal => all([is(Comparison::Greater, &below), is(Comparison::Less, &above)]),
        Comparison::NotEqual => {
            any([is(Comparison::LessOrEqual, &below), is(Comparison::GreaterOrEqual, &above)])
        }
    })
}

/// What is rounded half away from zero is at least m where it is at least m - ½ before. An average is not
/// worked out, as engines round when they divide: the sum is compared with as many times the bound as there
/// are rows.
fn compared_unrounded(
    sum: &str,
    bound: &dyn Fn(&str) -> String,
    decimals: u32,
    comparison: Comparison,
    number: Number,
) -> Compared {
    let Some((below, above)) = around(number, decimals) else {
        return beyond(comparison, number.as_f64() > 0.0);
    };
    let half = |parts: i128| bound(&decimal(parts * 10 - 5, decimals + 1));
    let at_least = |parts: i128| {
        let operator = if parts > 0 { ">=" } else { ">" };
        format!("{sum} {operator} {}", half(parts))
    };
    let less_than = |parts: i128| {
        let operator = if parts > 0 { "<" } else { "<=" };
        format!("{sum} {operator} {}", half(parts))
    };
    Compared::Where(match comparison {
        Comparison::Less => less_than(below + 1),
        Comparison::LessOrEqual => less_than(above),
        Comparison::Greater => at_least(above),
        Comparison::GreaterOrEqual => at_least(below + 1),
        Comparison::Equal if above - below < 2 => "FALSE".to_owned(),
        Comparison::Equal => all([at_least(below + 1), less_than(above)]),
        Comparison::NotEqual if above - below < 2 => return Compared::Always,
        Comparison::NotEqual => any([less_than(below + 1), at_least(above)]),
    })
}

#[cfg(test)]
mod tests {
    use super::super::tongue::DuckDb;
    use super::*;

    fn is(measure: &Measure, comparison: Comparison, number: Number) -> String {
        measure.is(comparison, &number, &DuckDb)
    }

    #[test]
    fn whole_numbers_keep_their_digits() {
        let points = Measure::Integer("points".to_owned());
        let double = Measure::Double("score".to_owned());
        let big = Number::Integer(9_007_199_254_740_993);
        assert_eq!(is(&points, Comparison::Greater, big), "points > 9007199254740993");
        assert_eq!(is(&points, Comparison::Equal, Number::Decimal(2.5)), "FALSE");
        assert_eq!(is(&points, Comparison::Less, Number::Decimal(2.5)), "points < 2.5");
        assert_eq!(is(&points, Comparison::Less, Number::Decimal(1e-30)), "points < 0.5");
        assert_eq!(is(&points, Comparison::Less, Number::Decimal(1e300)), "points IS NOT NULL");
        assert_eq!(is(&points, Comparison::LessOrEqual, Number::Decimal(-1e300)), "FALSE");
        assert_eq!(
            is(&points, Comparison::Equal, Number::Integer(i64::MIN)),
            "points = (-9223372036854775807 - 1)"
        );
        assert_eq!(is(&double, Comparison::Equal, big), "FALSE");
        assert_eq!(is(&double, Comparison::Less, big), "score <= 9.007199254740992e15");
        assert_eq!(is(&double, Comparison::GreaterOrEqual, big), "score >= 9.007199254740994e15");
        assert_eq!(is(&double, Comparison::Equal, Number::Decimal(0.1)), "score = 0.1");
        assert_eq!(
            is(&double, Comparison::Equal, Number::Decimal(0.300_000_000_000_000_04)),
            "score = 3.0000000000000004e-1"
        );
    }

    #[test]
    fn sums_are_rounded_before_they_are_compared() {
        let sum = Measure::Sum("sum(x)".to_owned(), 2);
        assert_eq!(is(&sum, Comparison::Greater, Number::Integer(500)), "round(sum(x), 2) > 500");
        assert_eq!(is(&sum, Comparison::Equal, Number::Decimal(-0.1)), "round(sum(x), 2) = -0.1");
        assert_eq!(is(&sum, Comparison::Greater, Number::Decimal(0.005)), "round(sum(x), 2) >= 0.01");
        assert_eq!(
            is(&sum, Comparison::Equal, Number::Decimal(0.005)),
            "round(sum(x), 2) > 0 AND round(sum(x), 2) < 0.01"
        );
        assert_eq!(is(&sum, Comparison::Less, Number::Decimal(1e300)), "sum(x) IS NOT NULL");
    }

    #[test]
    fn averages_are_compared_without_dividing() {
        let (sum, count) = ("sum(x)".to_owned(), "count(x)".to_owned());
        let average = Measure::Average { sum, count, decimals: 6 };
        let text = |comparison, number| is(&average, comparison, number);
        assert_eq!(text(Comparison::Greater, Number::Integer(50)), "sum(x) >= 50.0000005 * count(x)");
        assert_eq!(text(Comparison::GreaterOrEqual, Number::Integer(50)), "sum(x) >= 49.9999995 * count(x)");
        assert_eq!(text(Comparison::GreaterOrEqual, Number::Integer(0)), "sum(x) > -0.0000005 * count(x)");
        assert_eq!(text(Comparison::Less, Number::Integer(0)), "sum(x) <= -0.0000005 * count(x)");
        assert_eq!(
            text(Comparison::Equal, Number::Decimal(2.5)),
            "sum(x) >= 2.4999995 * count(x) AND sum(x) < 2.5000005 * count(x)"
        );
        assert_eq!(text(Comparison::Equal, Number::Decimal(0.000_000_1)), "FALSE");
    }
}
