//! Values as small numbers, the same exactly where the stored values are the same.

use std::collections::HashMap;

use polars::prelude::{Column, DataType, PolarsResult, polars_err};

/// The code of a NULL.
pub const NULL: u32 = 0;

/// Numbers the values of a column, piece by piece.
#[derive(Default)]
pub struct Codes {
    texts: HashMap<String, u32>,
    others: HashMap<i64, u32>,
}

impl Codes {
    /// The code of each row.
    pub fn rows(&mut self, column: &Column) -> PolarsResult<Vec<u32>> {
        let others = &mut self.others;
        let mut code = |value: Option<i64>| value.map_or(NULL, |value| next(others, value));
        Ok(match column.dtype() {
            DataType::String => {
                let texts = &mut self.texts;
                let mut code = |text: &str| match texts.get(text) {
                    Some(code) => *code,
                    None => next(texts, text.to_owned()),
                };
                column.str()?.iter().map(|text| text.map_or(NULL, &mut code)).collect()
            }
            DataType::Int64 => column.i64()?.iter().map(code).collect(),
            // Adding zero turns -0 into 0, the same number.
            DataType::Float64 => column
                .f64()?
                .iter()
                .map(|value| code(value.map(|value| (value + 0.0).to_bits().cast_signed())))
                .collect(),
            DataType::Boolean => column.bool()?.iter().map(|value| code(value.map(i64::from))).collect(),
            DataType::Date => {
                column.date()?.physical().iter().map(|value| code(value.map(i64::from))).collect()
            }
            DataType::Datetime(..) => column.datetime()?.physical().iter().map(code).collect(),
            other => return Err(polars_err!(SchemaMismatch: "{} is {other}", column.name())),
        })
    }
}

/// Numbers combinations of codes.
#[derive(Default)]
pub struct Combinations(HashMap<(u32, u32), u32>);

impl Combinations {
    /// The code of a combination with one code more. Combinations of different lengths must not meet
    /// in one of these.
    pub fn with(&mut self, combination: u32, code: u32) -> u32 {
        next(&mut self.0, (combination, code))
    }
}

/// The code of a value: a new one for a value not seen before.
fn next<K: std::hash::Hash + Eq>(codes: &mut HashMap<K, u32>, value: K) -> u32 {
    // 0 is NULL's. A table has fewer rows than there are codes.
    let next = u32::try_from(codes.len()).unwrap_or(u32::MAX).saturating_add(1);
    *codes.entry(value).or_insert(next)
}
