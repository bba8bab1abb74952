//! The cells of a card's table, as people read them.

use super::number;
use crate::app::layers::pages::card_table::Cell;
use crate::backend::{Metric, MetricFormat};
use crate::segment::Number;

/// A cell in words.
#[must_use]
pub(crate) fn words(cell: &Cell, currency: &str) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Count(count) => number::whole(*count),
        Cell::Money(amount) => number::money(*amount, currency, true),
        Cell::Amount(amount) => number::money_of(amount.as_f64(), currency),
        Cell::Number(plain) => plain_number(*plain),
        Cell::Whole(number) => whole_number(*number),
        Cell::Share(share) => format!("{} %", number::decimal(100.0 * share.as_f64(), 1)),
        Cell::None => "–".to_owned(),
    }
}

/// The number of a cell, to be compared.
#[must_use]
pub(crate) fn value(cell: &Cell) -> Option<f64> {
    match cell {
        #[allow(clippy::cast_precision_loss)]
        Cell::Count(count) => Some(*count as f64),
        Cell::Money(amount) => Some(amount.as_f64()),
        Cell::Amount(number) | Cell::Number(number) | Cell::Whole(number) | Cell::Share(number) => {
            Some(number.as_f64())
        }
        Cell::Text(_) | Cell::None => None,
    }
}

/// An amount of the kind that a cell has.
#[must_use]
pub(crate) fn amount(cell: &Cell, amount: f64, currency: &str) -> String {
    match cell {
        Cell::Money(_) | Cell::Amount(_) => number::money_of(amount, currency),
        Cell::Share(_) => format!("{} %", number::decimal(100.0 * amount, 1)),
        Cell::Count(_) | Cell::Whole(_) => number::decimal(amount, 0),
        Cell::Number(_) | Cell::Text(_) | Cell::None => number::decimal(amount, 2),
    }
}

/// The number of a custom metric with its unit.
#[must_use]
pub(crate) fn of_metric(metric: &Metric, found: Option<Number>, currency: &str) -> String {
    let Some(found) = found else { return "–".to_owned() };
    let text = match (metric.format, found) {
        (MetricFormat::Integer, found) => whole_number(found),
        (MetricFormat::Money, found) => number::money_of(found.as_f64(), currency),
        (MetricFormat::Percent, found) => format!("{} %", number::decimal(100.0 * found.as_f64(), 1)),
    };
    if metric.unit.is_empty() { text } else { format!("{text} {}", metric.unit) }
}

/// Exact where it is whole, else rounded.
fn whole_number(number: Number) -> String {
    match number {
        Number::Integer(_) => plain_number(number),
        other => number::decimal(other.as_f64(), 0),
    }
}

/// Whole numbers are exact; others have two decimals.
fn plain_number(plain: Number) -> String {
    match plain {
        Number::Integer(whole) => {
            let sign = if whole < 0 { "−" } else { "" };
            format!("{sign}{}", number::whole(whole.unsigned_abs()))
        }
        other => number::decimal(other.as_f64(), 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::Money;

    #[test]
    fn cells_read_well() {
        let cells = [
            Cell::Count(1_234),
            Cell::Money(Money(-123_456)),
            Cell::Amount(Number::Decimal(184.885)),
            Cell::Number(Number::Decimal(4.7)),
            Cell::Number(Number::Integer(i64::MIN)),
            Cell::Share(Number::Decimal(0.086)),
            Cell::Whole(Number::Decimal(1_234.56)),
            Cell::None,
        ];
        assert_eq!(
            cells.map(|cell| words(&cell, "USD")),
            ["1,234", "−$1,234.56", "$184.89", "4.70", "−9,223,372,036,854,775,808", "8.6 %", "1,235", "–"]
        );
        assert_eq!(amount(&Cell::Amount(Number::Integer(1)), 1.4, "EUR"), "€1.40");
    }
}
