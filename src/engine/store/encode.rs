//! Columns as polars reads them to pieces.

use std::collections::HashMap;

use polars::prelude::{Column, DataType, PolarsResult, StringChunked, polars_err};

use super::bits::{Words, bits};
use super::codes::Codes;
use super::domain::{Domain, Kind};
use super::piece::Piece;
use super::texts::{TextNumbers, Texts};

/// The steps between instants that are tried, in microseconds: days and seconds.
const INSTANT_STEPS: [i64; 2] = [86_400_000_000, 1_000_000];
/// The numbers of decimals that are tried: most decimals are money or percentages.
const DECIMALS: [u32; 2] = [2, 6];

/// The rows of a column of a type that `Content::frame` may have.
///
/// # Errors
/// A column of another type.
pub fn encode(column: &Column) -> PolarsResult<Piece> {
    Ok(match column.dtype() {
        DataType::String => texts(column.str()?),
        DataType::Int64 => wholes(Kind::Integer, &[], column.i64()?.iter()),
        DataType::Boolean => {
            wholes(Kind::Boolean, &[], column.bool()?.iter().map(|value| value.map(i64::from)))
        }
        DataType::Date => {
            wholes(Kind::Day, &[], column.date()?.physical().iter().map(|value| value.map(i64::from)))
        }
        DataType::Datetime(..) => wholes(Kind::Instant, &INSTANT_STEPS, column.datetime()?.physical().iter()),
        // Adding zero turns -0 into 0, the same number.
        DataType::Float64 => {
            decimals(column.f64()?.iter().map(|value| value.map(|value| value + 0.0)).collect())
        }
        DataType::Null => wholes(Kind::Integer, &[], (0..column.len()).map(|_| None)),
        other => return Err(polars_err!(SchemaMismatch: "{} is {other}", column.name())),
    })
}

fn texts(column: &StringChunked) -> Piece {
    let (mut texts, mut numbers) = (Texts::default(), TextNumbers::default());
    let mut nulls = Vec::new();
    // Rows that follow one another often have the same text.
    let mut before: Option<(&str, u32)> = None;
    let codes: Vec<u32> = column
        .iter()
        .map(|text| {
            nulls.push(text.is_none());
            let Some(text) = text else { return 0 };
            match before {
                Some((known, code)) if known == text => code,
                _ => {
                    let code = numbers.find_or_add(&mut texts, text);
                    before = Some((text, code));
                    code
                }
            }
        })
        .collect();
    texts.shrink();
    let domain = Domain::Texts(texts);
    let codes = match u16::try_from(domain.last()) {
        Ok(last) => Codes::collect(u64::from(last), codes.into_iter().map(u64::from)),
        Err(_) => Codes::U32(codes),
    };
    Piece { domain, codes, nulls: null_rows(&nulls) }
}

/// Whole numbers, of which all may be multiples of one of some steps from the first one on.
fn wholes(kind: Kind, steps: &[i64], values: impl Iterator<Item = Option<i64>>) -> Piece {
    let values: Vec<Option<i64>> = values.collect();
    let present = || values.iter().flatten().copied();
    let (start, end) = present()
        .fold(None, |range, value| {
            let (low, high) = range.unwrap_or((value, value));
            Some((value.min(low), value.max(high)))
        })
        .unwrap_or_default();
    // The distance from the least value always fits without a sign.
    let above = |value: i64| value.wrapping_sub(start).cast_unsigned();
    let fits =
        |step: &&i64| present().all(|value| above(value).is_multiple_of(step.cast_unsigned().get_or_one()));
    let step = steps.iter().find(fits).copied().unwrap_or(1);
    let code = |value: i64| above(value) / step.cast_unsigned().get_or_one();
    let last = code(end);
    let codes = Codes::collect(last, values.iter().map(|value| value.map_or(0, code)));
    let nulls: Vec<bool> = values.iter().map(Option::is_none).collect();
    Piece { domain: Domain::Steps { kind, start, step, last }, codes, nulls: null_rows(&nulls) }
}

trait NotZero {
    fn get_or_one(self) -> Self;
}

impl NotZero for u64 {
    /// Steps are never zero.
    fn get_or_one(self) -> Self {
        self.max(1)
    }
}

fn decimals(values: Vec<Option<f64>>) -> Piece {
    for decimals in DECIMALS {
        let wholes_of: Option<Vec<Option<i64>>> = values
            .iter()
            .map(|value| match value {
                None => Some(None),
                Some(value) => whole_of(*value, decimals).map(Some),
            })
            .collect();
        if let Some(found) = wholes_of {
            return wholes(Kind::Decimal(decimals), &[], found.into_iter());
        }
    }
    let mut numbers: Vec<f64> = values.iter().flatten().copied().collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.dedup_by(|a, b| a.to_bits() == b.to_bits());
    let by_bits: HashMap<u64, u64> =
        (0..).zip(&numbers).map(|(code, number)| (number.to_bits(), code)).collect();
    let code =
        |value: &Option<f64>| value.and_then(|value| by_bits.get(&value.to_bits())).copied().unwrap_or(0);
    let codes = Codes::collect(numbers.len() as u64, values.iter().map(code));
    let nulls: Vec<bool> = values.iter().map(Option::is_none).collect();
    Piece { domain: Domain::Doubles(numbers), codes, nulls: null_rows(&nulls) }
}

/// How many of the last of so many decimals a number is, if it is a number of so many decimals and of at
/// most 15 digits.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // within 15 digits, checked
fn whole_of(value: f64, decimals: u32) -> Option<i64> {
    const MOST: f64 = 1e15;
    let unit = 10_f64.powi(decimals.cast_signed());
    let whole = (value * unit).round();
    (whole.abs() < MOST && whole / unit == value).then_some(whole as i64)
}

fn null_rows(nulls: &[bool]) -> Option<Words> {
    nulls.contains(&true).then(|| bits(nulls, |is_null| is_null))
}

#[cfg(test)]
mod tests {
    use polars::prelude::{NamedFrom, Series, TimeUnit};
    use proptest::prelude::*;

    use super::super::{Value, is_set};
    use super::*;

    fn encoded(series: Series) -> Piece {
        encode(&Column::from(series)).unwrap()
    }

    fn values(piece: &Piece) -> Vec<Option<Value<'_>>> {
        let is_null = |row| piece.nulls.as_ref().is_some_and(|nulls| is_set(nulls, row));
        (0..piece.rows()).map(|row| (!is_null(row)).then(|| piece.value(row))).collect()
    }

    #[test]
    fn numbers_take_the_smallest_type() {
        let of = |numbers: &[i64]| encoded(Series::new("n".into(), numbers)).codes;
        assert_eq!(of(&[1000, 1255]), Codes::U8(vec![0, 255]));
        assert_eq!(of(&[1000, 1256]), Codes::U16(vec![0, 256]));
        assert_eq!(of(&[i64::MIN, i64::MAX]), Codes::U64(vec![0, u64::MAX]));
        let money = encoded(Series::new("n".into(), [Some(1.1), None, Some(3.65)]));
        assert_eq!(money.codes, Codes::U8(vec![0, 0, 255]));
        let instants =
            Series::new("n".into(), [Some(1_700_000_000_000_000_i64), Some(1_700_000_009_000_000)]);
        let instants = encoded(instants.cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap());
        assert_eq!(instants.codes, Codes::U8(vec![0, 9]));
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_read_again(
            texts in prop::collection::vec(prop::option::of("[ab]{0,2}"), 0..300),
            wholes in prop::collection::vec(prop::option::of(prop_oneof![any::<i64>(), 0_i64..100]), 0..200),
            numbers in prop::collection::vec(
                prop::option::of(prop_oneof![
                    any::<f64>().prop_filter("NaN is NULL", |number| !number.is_nan()),
                    (-10_000_i32..10_000).prop_map(|cents| f64::from(cents) / 100.0),
                ]),
                0..200,
            ),
            money in prop::collection::vec((0_i64..10_000_000).prop_map(|cents| cents as f64 / 100.0), 0..200),
        ) {
            let piece = encoded(Series::new("t".into(), &texts));
            let expected: Vec<_> = texts.iter().map(|text| text.as_deref().map(Value::Text)).collect();
            prop_assert_eq!(values(&piece), expected);
            let piece = encoded(Series::new("i".into(), &wholes));
            let expected: Vec<_> = wholes.iter().map(|whole| whole.map(Value::Integer)).collect();
            prop_assert_eq!(values(&piece), expected);
            let instants = Series::new("d".into(), &wholes);
            let piece = encoded(instants.cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap());
            let expected: Vec<_> = wholes.iter().map(|whole| whole.map(Value::Instant)).collect();
            prop_assert_eq!(values(&piece), expected);
            for numbers in [numbers, money.into_iter().map(Some).collect()] {
                let piece = encoded(Series::new("f".into(), &numbers));
                let expected: Vec<_> = numbers.iter().map(|number| number.map(Value::Decimal)).collect();
                prop_assert_eq!(values(&piece), expected);
            }
        }
    }
}
