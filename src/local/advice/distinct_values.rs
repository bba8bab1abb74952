//! The different values of a column, read once and kept.

use std::collections::{HashMap, HashSet};

use crate::backend::BackendError;
use crate::database::Table;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::{Chunk, Dictionary, Value};
use crate::local::memory::MemorySize;
use crate::segment::{DataType, Number};

/// Columns with more values are not looked through.
const MOST_VALUES: usize = 200_000;

/// The different values of a column, in order.
pub(crate) enum DistinctValues {
    Texts(DistinctTexts),
    Numbers(Vec<Number>),
    /// There are too many of them, or they are of another type.
    Unknown,
}

impl MemorySize for DistinctValues {
    fn memory_size(&self) -> usize {
        match self {
            // Each text twice, with what it takes to find it.
            Self::Texts(texts) => texts.values.iter().map(|text| 2 * text.len() + 100).sum(),
            Self::Numbers(numbers) => size_of_val(numbers.as_slice()),
            Self::Unknown => size_of::<Self>(),
        }
    }
}

/// Texts, and what they are without what is easily overlooked.
pub(crate) struct DistinctTexts {
    /// In order.
    pub values: Vec<String>,
    by_plain: HashMap<String, Vec<usize>>,
}

impl DistinctTexts {
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
        // Every place in the map is one of a value.
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
pub(crate) fn read_distinct_values(
    table: &Table,
    column: &str,
    reader: ChunkReader,
) -> Result<DistinctValues, BackendError> {
    let none = || Some(Values::default());
    // Once there are too many values, or they are of another type, none are collected any more.
    let found = reader.fold(ReadableTable::new(table)?, [column], none, |values, _, [chunk]| {
        let known = values.take().filter(|values| values.len() <= MOST_VALUES);
        *values = known.and_then(|known| known.with_chunk(&chunk));
        Ok(())
    })?;
    let all: Option<Vec<Values>> = found.into_iter().collect();
    let Some(values) = all.map(|all| all.into_iter().fold(Values::default(), Values::merge)) else {
        return Ok(DistinctValues::Unknown);
    };
    if values.len() > MOST_VALUES {
        return Ok(DistinctValues::Unknown);
    }
    if values.texts.is_empty() && !values.numbers.is_empty() {
        let mut numbers: Vec<Number> = values.numbers.into_iter().collect();
        numbers.sort_unstable();
        return Ok(DistinctValues::Numbers(numbers));
    }
    let is_number = table
        .column(column)
        .is_some_and(|column| matches!(column.data_type, DataType::Integer | DataType::Decimal));
    Ok(match is_number {
        true => DistinctValues::Numbers(Vec::new()),
        false => DistinctValues::Texts(DistinctTexts::new(values.texts.into_iter().collect())),
    })
}

#[derive(Default)]
struct Values {
    texts: HashSet<String>,
    numbers: HashSet<Number>,
}

impl Values {
    fn len(&self) -> usize {
        self.texts.len() + self.numbers.len()
    }

    fn merge(mut self, other: Self) -> Self {
        self.texts.extend(other.texts);
        self.numbers.extend(other.numbers);
        self
    }

    /// With the values of a chunk; `None` for a column of another type.
    fn with_chunk(mut self, chunk: &Chunk) -> Option<Self> {
        let mut add = |value: Value<'_>| match value {
            Value::Text(text) => {
                if !self.texts.contains(text) {
                    self.texts.insert(text.to_owned());
                }
                true
            }
            Value::Integer(number) => {
                self.numbers.insert(Number::Integer(number));
                true
            }
            Value::Decimal(number) => {
                self.numbers.insert(Number::Decimal(number));
                true
            }
            Value::Exact { parts, decimals } => {
                self.numbers.insert(Number::from_parts(parts, decimals));
                true
            }
            Value::Boolean(_) | Value::Date(_) | Value::Datetime(_) => false,
        };
        let fits = match chunk.dictionary() {
            // Every key is on a row.
            Dictionary::Strings(texts) => texts.iter().all(|text| add(Value::Text(text))),
            Dictionary::Doubles(numbers) => numbers.iter().all(|number| add(Value::Decimal(*number))),
            Dictionary::Range { .. } | Dictionary::Exact { .. } => {
                (0..chunk.rows()).filter(|row| !chunk.is_null(*row)).all(|row| add(chunk.value(row)))
            }
        };
        fits.then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_case_are_overlooked() {
        let stored = ["Chicago ", "chicago", "New\u{a0}York", "Oslo"].map(str::to_owned).to_vec();
        let texts = DistinctTexts::new(stored);
        assert_eq!(texts.like("CHICAGO").collect::<Vec<_>>(), ["Chicago ", "chicago"]);
        assert_eq!(texts.like(" new  york").collect::<Vec<_>>(), ["New\u{a0}York"]);
        assert_eq!(texts.like("Rome").count(), 0);
    }
}
