//! Numbers and dates in equal steps.

use super::plain::{Plain, PlainType, day_of, instant_text};
use crate::backend::HistogramBin;
use crate::local::condition::sort_keys::{to_double, to_whole};
use crate::local::values::day_text;
use crate::segment::Number;

/// The most steps.
const STEPS: i128 = 20;

/// Rows in equal steps from the least value to the greatest.
pub(super) struct Histogram {
    scale: Scale,
    greatest: String,
    rows: Vec<u64>,
}

/// Where steps begin.
enum Scale {
    /// Whole numbers, parts of one, days or microseconds: the first, and how many a step is.
    Whole { plain: PlainType, first: i128, step: i128 },
    /// Where each step of doubles begins, and with how many decimals it is written.
    Doubles(Vec<f64>),
}

impl Histogram {
    /// Of values from one to another, which are no texts; `None` where there are no steps between them.
    pub fn new(plain: PlainType, least: Plain<'_>, greatest: Plain<'_>) -> Option<Self> {
        let text = plain.text(greatest);
        let (scale, steps) = match (plain, least, greatest) {
            (PlainType::Text | PlainType::Boolean, ..) => return None,
            (PlainType::Double, Plain::Short(least), Plain::Short(greatest)) => {
                let starts = starts(to_double(least), to_double(greatest))?;
                let steps = starts.len();
                (Scale::Doubles(starts), steps)
            }
            (PlainType::Datetime, Plain::Short(least), Plain::Short(greatest))
                if to_whole(day_of(greatest)) - to_whole(day_of(least)) >= 2 =>
            {
                let days = |bits| Plain::Short(day_of(bits));
                return Self::new(PlainType::Date, days(least), days(greatest))
                    .map(|of_days| Self { greatest: day_text(to_whole(day_of(greatest))), ..of_days });
            }
            _ => {
                let (first, last) = (whole(least)?, whole(greatest)?);
                let count = last.checked_sub(first)?.checked_add(1)?;
                let step = (count / STEPS + i128::from(count % STEPS != 0)).max(1);
                let steps = usize::try_from((count - 1) / step + 1).ok()?;
                (Scale::Whole { plain, first, step }, steps)
            }
        };
        Some(Self { scale, greatest: text, rows: vec![0; steps] })
    }

    /// Adds rows of a value from the least to the greatest; infinite ones are in no step.
    pub fn add(&mut self, plain: PlainType, value: Plain<'_>, rows: u64) {
        let step = match (&self.scale, value) {
            (Scale::Doubles(starts), Plain::Short(bits)) => {
                let number = to_double(bits);
                if !number.is_finite() {
                    return;
                }
                starts.partition_point(|start| *start <= number).saturating_sub(1)
            }
            (Scale::Whole { plain: scale, first, step }, value) => {
                let value = match (plain, scale, value) {
                    (PlainType::Datetime, PlainType::Date, Plain::Short(bits)) => Plain::Short(day_of(bits)),
                    (_, _, value) => value,
                };
                let Some(whole) = whole(value) else { return };
                usize::try_from((whole - first) / step).unwrap_or(usize::MAX)
            }
            (Scale::Doubles(_), _) => return,
        };
        self.rows.get_mut(step).into_iter().for_each(|known| *known += rows);
    }

    /// All steps in order.
    pub fn finish(self) -> Vec<HistogramBin> {
        let start = |step: usize| match &self.scale {
            Scale::Doubles(starts) => starts.get(step).map(f64::to_string),
            Scale::Whole { plain, first, step: width } => {
                let parts =
                    i128::try_from(step).ok().and_then(|step| first.checked_add(step.checked_mul(*width)?));
                parts.map(|parts| text(*plain, parts))
            }
        };
        let last = self.rows.len().saturating_sub(1);
        let bin = |(step, rows): (usize, &u64)| HistogramBin {
            from: start(step).unwrap_or_default(),
            to: if step == last { self.greatest.clone() } else { start(step + 1).unwrap_or_default() },
            rows: *rows,
        };
        self.rows.iter().enumerate().map(bin).collect()
    }
}

fn text(plain: PlainType, parts: i128) -> String {
    match (plain, i64::try_from(parts)) {
        (PlainType::Exact(decimals), _) => Number::text_of_parts(parts, decimals),
        (PlainType::Date, Ok(day)) => day_text(day),
        (PlainType::Datetime, Ok(micros)) => instant_text(micros),
        _ => parts.to_string(),
    }
}

/// A value as a whole number.
fn whole(value: Plain<'_>) -> Option<i128> {
    match value {
        Plain::Text(_) => None,
        Plain::Short(bits) => Some(to_whole(bits).into()),
        Plain::Long(parts) => Some(parts),
    }
}

/// Where equal steps of doubles begin: at numbers of few digits.
fn starts(least: f64, greatest: f64) -> Option<Vec<f64>> {
    /// Doubles say so many digits in any case.
    const DIGITS: i32 = 15;
    if !least.is_finite() || !greatest.is_finite() {
        return None;
    }
    #[allow(clippy::cast_precision_loss)] // a small number
    let step = (greatest - least) / STEPS as f64;
    if !step.is_finite() {
        return None;
    }
    if step <= 0.0 {
        return Some(vec![least]);
    }
    // Two digits of a step are enough; more decimals than this are noise.
    #[allow(clippy::cast_possible_truncation)] // of a double there are few hundreds
    let (digits, of_all) = (
        1 - step.log10().floor() as i32,
        DIGITS - 1 - least.abs().max(greatest.abs()).log10().floor() as i32,
    );
    if digits > of_all {
        return Some(vec![least]);
    }
    let unit = 10_f64.powi(digits);
    let step = (step * unit).ceil() / unit;
    let decimals = usize::try_from(of_all.clamp(0, 300)).unwrap_or_default();
    let mut starts = vec![least];
    for number in 1..STEPS {
        #[allow(clippy::cast_precision_loss)] // a small number
        let start = least + number as f64 * step;
        let start: f64 = format!("{start:.decimals$}").parse().unwrap_or(start);
        if start > greatest {
            break;
        }
        starts.push(start);
    }
    Some(starts)
}

/// Whether a value is anywhere between others.
pub(super) fn is_finite(value: Plain<'_>, plain: PlainType) -> bool {
    match (plain, value) {
        (PlainType::Double, Plain::Short(bits)) => to_double(bits).is_finite(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::condition::sort_keys::{from_double, from_whole};
    use crate::local::values::DAY;

    fn bins(plain: PlainType, values: &[Plain<'_>]) -> Vec<(String, String, u64)> {
        let (least, greatest) = (values.iter().min().unwrap(), values.iter().max().unwrap());
        let mut histogram = Histogram::new(plain, *least, *greatest).unwrap();
        values.iter().for_each(|value| histogram.add(plain, *value, 1));
        histogram.finish().into_iter().map(|bin| (bin.from, bin.to, bin.rows)).collect()
    }

    #[test]
    fn whole_numbers_of_few_values_have_a_step_each() {
        let values: Vec<Plain<'_>> = [3, 5, 5, 4].map(|n| Plain::Short(from_whole(n))).to_vec();
        let expected = [("3", "4", 1), ("4", "5", 1), ("5", "5", 2)];
        assert_eq!(
            bins(PlainType::Integer, &values),
            expected.map(|(from, to, rows)| (from.to_owned(), to.to_owned(), rows))
        );
        let ends = [i64::MIN, i64::MAX].map(|n| Plain::Short(from_whole(n)));
        let wide = bins(PlainType::Integer, &ends);
        assert_eq!((wide.len(), wide[0].2, wide[wide.len() - 1].2), (20, 1, 1));
    }

    #[test]
    fn steps_of_doubles_are_numbers_of_few_digits() {
        let values: Vec<Plain<'_>> =
            (0..=100).map(|n| Plain::Short(from_double(f64::from(n) / 10.0))).collect();
        let bins = bins(PlainType::Double, &values);
        assert_eq!((bins.len(), bins[1].0.as_str(), bins[19].1.as_str()), (20, "0.5", "10"));
        assert!(bins.iter().take(19).all(|bin| bin.2 == 5) && bins[19].2 == 6, "{bins:?}");
        for ends in [[1e300, -1e300], [0.1, 0.1], [1.0, 1.000_000_000_000_000_2], [0.0, 5e-324], [-0.3, 0.7]]
        {
            let values = ends.map(|n| Plain::Short(from_double(n)));
            let rows: u64 = self::bins(PlainType::Double, &values).iter().map(|bin| bin.2).sum();
            assert_eq!(rows, 2, "{ends:?}");
        }
    }

    #[test]
    fn points_in_time_are_by_day_where_there_are_days() {
        let values = [0, 5 * DAY + 7, 40 * DAY].map(|n| Plain::Short(from_whole(n)));
        let bins = bins(PlainType::Datetime, &values);
        assert_eq!((bins[0].0.as_str(), bins[0].1.as_str()), ("1970-01-01", "1970-01-04"));
        assert_eq!(bins.last().unwrap().1, "1970-02-10");
        let values = [0, 7_000_000].map(|n| Plain::Short(from_whole(n)));
        assert_eq!(self::bins(PlainType::Datetime, &values)[0].0, "1970-01-01 00:00:00");
    }
}
