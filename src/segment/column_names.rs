//! The columns of a table as they are said: their names, indexed, with their types and the words that are written.

use std::sync::OnceLock;

use super::aggregate_words::{FUNCTION_WORDS, ROWS};
use super::letters::Letters;
use super::name_index::{NameIndex, TextPlace};
use super::name_matching::{Named, phrase_end, quote};
use super::vocabulary::DataType;

/// Words that an operator begins with: a longer name that goes on with one of them could be meant.
const BEGINNINGS: [&str; 7] = ["is", "has", "does", "starts", "ends", "anniversary", "was"];

/// The columns of a table.
#[derive(Debug, Default)]
pub struct ColumnNames {
    /// Their names and labels.
    pub index: NameIndex,
    types: Vec<Option<DataType>>,
    /// What is written for each, once it was asked for.
    words: Vec<OnceLock<String>>,
}

impl ColumnNames {
    /// Those of these columns, each with its type where conditions may use it.
    #[must_use]
    pub fn new(columns: impl IntoIterator<Item = (Named, Option<DataType>)>) -> Self {
        let (names, types): (Vec<Named>, Vec<Option<DataType>>) = columns.into_iter().unzip();
        let words = names.iter().map(|_| OnceLock::new()).collect();
        Self { index: NameIndex::new(names), types, words }
    }

    /// All of them, in order.
    #[must_use]
    pub fn names(&self) -> &[Named] {
        self.index.names()
    }

    /// The type of one.
    #[must_use]
    pub fn data_type(&self, at: usize) -> Option<DataType> {
        self.types.get(at).copied().flatten()
    }

    /// The letters of the label of one.
    pub(crate) fn letters(&self, at: usize) -> Letters {
        self.index.letters().get(at).copied().unwrap_or_default()
    }

    /// What to call a column where only columns of this table can be meant.
    pub(crate) fn words(&self, at: usize) -> String {
        let (Some(named), Some(words)) = (self.names().get(at), self.words.get(at)) else {
            return String::new();
        };
        words.get_or_init(|| self.words_for(&named.name, named.label.clone())).clone()
    }

    /// The same for any name: the column may be gone.
    pub(crate) fn words_for(&self, name: &str, label: String) -> String {
        let words = self.index.disambiguate(name, label);
        let is_unclear = self.begins_longer_name(&words) || self.is_like_aggregate(&words);
        if is_unclear { quote(&words) } else { written(&words) }
    }

    /// Whether the name and an operator after it begin like a longer name.
    fn begins_longer_name(&self, words: &str) -> bool {
        self.index
            .after(words)
            .map(str::trim_start)
            .any(|rest| BEGINNINGS.iter().any(|word| phrase_end(rest, 0, word).is_some()))
    }

    /// Whether the name reads as a number worked out over rows: "Average Order Value" beside "Order Value".
    fn is_like_aggregate(&self, words: &str) -> bool {
        let of = FUNCTION_WORDS.iter().filter_map(|(phrase, _)| phrase_end(words, 0, phrase));
        let mut operands = of.filter_map(|end| words.get(end..)).map(str::trim_start);
        operands.any(|operand| {
            phrase_end(operand, 0, ROWS).is_some()
                || !self.index.standing_at(&TextPlace::new(operand, 0)).is_empty()
        })
    }
}

/// A name as it is, or in quotes where it could be taken for something else.
pub(crate) fn written(name: &str) -> String {
    let is_plain = name.starts_with(char::is_alphanumeric)
        && name.split(' ').all(|word| !word.is_empty())
        && name.chars().all(|letter| letter.is_alphanumeric() || " _-/&.'".contains(letter));
    if is_plain { name.to_owned() } else { quote(name) }
}
