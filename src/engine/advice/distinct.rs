//! The different values of a column, read once and kept.

use std::collections::{HashMap, HashSet};

use polars::prelude::{Column, DataType, PolarsResult};

use crate::catalog::Table;
use crate::engine::scan::scan;
use crate::engine::{Cancel, EngineError};
use crate::segment::Number;

/// Columns with more values are not looked through.
const MOST_VALUES: usize = 200_000;

/// The different values of a column, in order.
pub enum Distinct {
    /// Of texts.
    Texts(Texts),
    /// Of numbers.
    Numbers(Vec<Number>),
    /// There are too many of them, or they are of another type.
    Unknown,
}

/// Texts, and what they are without what is easily overlooked.
pub struct Texts {
    /// In order.
    pub values: Vec<String>,
    by_plain: HashMap<String, Vec<usize>>,
}

impl Texts {
    fn new(mut values: Vec<String>) -> Self {
        values.sort_unstable();
        let mut by_plain: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, value) in values.iter().enumerate() {
            by_plain.entry(plain(value)).or_default().push(at);
        }
        Self { values, by_plain }
    }

    /// The values that differ from `text` in case and blanks only, `text` among them.
    pub fn like(&self, text: &str) -> impl Iterator<Item = &str> {
        let at = self.by_plain.get(&plain(text)).into_iter().flatten();
        at.filter_map(|at| self.values.get(*at)).map(String::as_str)
    }
}

/// A text in lower case, with single blanks between its words. Blanks that do not break and characters
/// without width are blanks as well, or nothing.
fn plain(text: &str) -> String {
    let visible: String =
        text.chars().filter(|letter| !matches!(letter, '\u{200b}'..='\u{200d}' | '\u{feff}')).collect();
    visible.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads the different values of a column.
pub fn distinct(table: &Table, column: &str, cancel: &Cancel) -> Result<Distinct, EngineError> {
    let unreadable = EngineError::unreadable(&table.name);
    let mut values = Some(Values::default());
    scan(table, &[column], cancel, |_, frame| {
        let read = values.take().filter(|values| values.len() <= MOST_VALUES);
        let column = frame.column(column).map_err(&unreadable)?;
        values = read.map(|read| read.and(column)).transpose().map_err(&unreadable)?.flatten();
        Ok(())
    })?;
    Ok(match values {
        Some(values) if values.len() > MOST_VALUES => Distinct::Unknown,
        Some(Values { texts, numbers, is_number: true }) => {
            drop(texts);
            let mut numbers: Vec<Number> = numbers.into_values().collect();
            numbers.sort_unstable();
            Distinct::Numbers(numbers)
        }
        Some(values) => Distinct::Texts(Texts::new(values.texts.into_iter().collect())),
        None => Distinct::Unknown,
    })
}

#[derive(Default)]
struct Values {
    texts: HashSet<String>,
    /// By their bits.
    numbers: HashMap<u64, Number>,
    is_number: bool,
}

impl Values {
    fn len(&self) -> usize {
        self.texts.len() + self.numbers.len()
    }

    /// The values of one piece more; `None` for a column of another type.
    fn and(mut self, column: &Column) -> PolarsResult<Option<Self>> {
        match column.dtype() {
            DataType::String => {
                for text in column.str()?.iter().flatten() {
                    if !self.texts.contains(text) {
                        self.texts.insert(text.to_owned());
                    }
                }
            }
            DataType::Int64 => {
                self.is_number = true;
                let numbers = column.i64()?.iter().flatten();
                self.numbers.extend(numbers.map(|number| (number.cast_unsigned(), Number::Integer(number))));
            }
            DataType::Float64 => {
                self.is_number = true;
                // Adding zero turns -0 into 0, the same number.
                let numbers = column.f64()?.iter().flatten().map(|number| number + 0.0);
                self.numbers.extend(numbers.map(|number| (number.to_bits(), Number::Decimal(number))));
            }
            _ => return Ok(None),
        }
        Ok(Some(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_case_are_overlooked() {
        let stored = ["Chicago ", "chicago", "New\u{a0}York", "Oslo"].map(str::to_owned).to_vec();
        let texts = Texts::new(stored);
        assert_eq!(texts.like("CHICAGO").collect::<Vec<_>>(), ["Chicago ", "chicago"]);
        assert_eq!(texts.like(" new  york").collect::<Vec<_>>(), ["New\u{a0}York"]);
        assert_eq!(texts.like("Rome").count(), 0);
    }
}
