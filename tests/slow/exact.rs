//! Sums as people work them out: digit by digit.

use super::Cell;

/// Decimals that count.
const DECIMALS: usize = 12;

/// A sum in units of the last decimal that counts, beside the numbers too great for that.
#[derive(Default)]
pub struct Exact {
    units: i128,
    beyond: f64,
}

impl Exact {
    /// Adds a number; NULL is nothing.
    pub fn add(&mut self, cell: &Cell) {
        match cell {
            Cell::Null => {}
            Cell::Whole(whole) => self.units += units(&whole.to_string()),
            Cell::Decimal(decimal) if decimal.abs() >= 1e20 => self.beyond += decimal,
            Cell::Decimal(decimal) => self.units += units(&decimal.to_string()),
            other => panic!("{other:?} is no number"),
        }
    }

    /// One part of so many, rounded half away from zero; NULL if it is no number.
    pub fn rounded(&self, decimals: usize, parts: usize) -> Cell {
        if self.beyond.is_nan() {
            return Cell::Null;
        }
        if self.beyond != 0.0 {
            return Cell::Decimal((self.beyond + self.units as f64 / 1e12) / parts as f64);
        }
        let unit = 10_i128.pow((DECIMALS - decimals) as u32) * parts as i128;
        let rounded = (self.units.abs() * 2 + unit) / (unit * 2);
        let digits = format!("{rounded:0>width$}", width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let sign = if self.units < 0 { "-" } else { "" };
        let text = format!("{sign}{whole}.{fraction}");
        match text.trim_end_matches('0').strip_suffix('.').map(str::parse) {
            Some(Ok(whole)) => Cell::Whole(whole),
            _ if digits.len() > 15 => {
                let units = rounded * 10_i128.pow((DECIMALS - decimals) as u32);
                Cell::Exact(if self.units < 0 { -units } else { units })
            }
            _ => Cell::Decimal(text.parse().unwrap()),
        }
    }
}

/// A number in decimal notation, rounded to the decimals that count.
pub fn units(text: &str) -> i128 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction: String = format!("{fraction:0<13}").chars().take(DECIMALS + 1).collect();
    let tenths: i128 = format!("{whole}{fraction}").parse().unwrap();
    sign * ((tenths + 5) / 10)
}
