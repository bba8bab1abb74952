//! The names of a file's columns.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::blocks::{BlockReader, RecordBlock};
use super::dialect::SEPARATORS;
use super::error::{CsvError, CsvLine};
use super::records::{CsvField, RecordReader};
use super::settings::{self, CsvSettings};
use super::text::utf8;
use crate::diagnostic::{Diagnostic, shortened};
use crate::local::files::read_task::{ReadError, ReadProgress};
use crate::local::files::value_parser::looks_like;
use crate::segment::DataType;

/// How long a name may be.
const LONGEST_NAME: usize = 1000;
/// How many rows are compared with the names.
const COMPARED: usize = 20;

/// What the first record of a file says, and the manifest.
#[derive(Debug)]
pub(crate) struct FileHeader {
    /// The columns, each with a name of its own.
    pub names: Vec<String>,
    /// Columns whose name was taken, or that have none: what they were called, what they are called.
    pub renamed: Vec<(String, String)>,
    /// How many fields without a name stand behind the last column.
    pub nameless: usize,
    /// Whether there is one column, in whose name or values separators stand.
    pub may_be_more: bool,
}

/// The first record of a file, and what it says or why it cannot be understood.
type FirstRecord = (RecordBlock, Result<FileHeader, CsvError>);

impl FileHeader {
    /// Reads the first record of a file, in which the names stand if the settings do not say otherwise; `None` where
    /// there is no record. Fields without a name at the end are columns only where `has_nameless`.
    pub fn read(
        blocks: &mut BlockReader<'_>,
        settings: &CsvSettings,
        table: Option<&str>,
        has_nameless: bool,
        progress: &ReadProgress<'_>,
    ) -> Result<Option<FirstRecord>, ReadError> {
        let is_in_file = matches!(settings.header, None | Some(settings::Header::InFile(true)));
        let Some(first) = blocks.first(is_in_file, progress)? else {
            return Ok(None);
        };
        let header = Self::of(&first, blocks, settings, table, has_nameless);
        Ok(Some((first, header)))
    }

    fn of(
        first: &RecordBlock,
        blocks: &BlockReader<'_>,
        settings: &CsvSettings,
        table: Option<&str>,
        has_nameless: bool,
    ) -> Result<Self, CsvError> {
        let text = utf8(&first.bytes, first.line, table)?;
        let (mut records, mut fields) = (RecordReader::new(text, first.line, &blocks.dialect), Vec::new());
        records.next(&mut fields)?;
        first.check_end()?;
        let separates = |bytes: &[u8]| bytes.iter().any(|byte| SEPARATORS.contains(byte));
        let may_be_more = fields.len() == 1 && (separates(text.as_bytes()) || separates(blocks.ahead()));
        let stated = match &settings.header {
            Some(settings::Header::Names(names)) => names.clone(),
            Some(settings::Header::InFile(false)) => vec![String::new(); fields.len()],
            _ => fields.iter().map(|field| name(field)).collect(),
        };
        let named = stated.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
        let width = if has_nameless || named == 0 { stated.len() } else { named };
        let nameless = stated.len() - width;
        if let Some(long) = stated.iter().find(|name| name.chars().nth(LONGEST_NAME).is_some()) {
            let message =
                format!("a column's name is longer than {LONGEST_NAME} letters: {:?}", shortened(long));
            return Err(Diagnostic::new(message)
                .with_help("write the names of the columns into the first line, and every row into its own")
                .at(CsvLine(first.line)));
        }
        if stated.iter().any(|name| name.contains('\0')) {
            return Err(Diagnostic::new("NUL stands in the name of a column")
                .with_help("save the file as UTF-8; if it is UTF-16, let it begin with a byte order mark")
                .at(CsvLine(first.line)));
        }
        let (names, mut renamed) = unique(stated.into_iter().take(width));
        // Where no line has names, the made-up ones are as they are meant to be.
        renamed.retain(|(name, _)| {
            !name.is_empty() || !matches!(settings.header, Some(settings::Header::InFile(false)))
        });
        Ok(Self { names, renamed, nameless, may_be_more })
    }
}

/// The name of a column, around which blanks are no part of it.
fn name(field: &CsvField<'_>) -> String {
    field.value().unwrap_or(Cow::Borrowed("")).trim().to_owned()
}

/// The names, those that are missing or taken made up.
fn unique(stated: impl Iterator<Item = String>) -> (Vec<String>, Vec<(String, String)>) {
    let named = stated.enumerate().map(|(position, name)| match name.is_empty() {
        // As exports of row numbers like to have it.
        true => (true, format!("column_{}", position + 1)),
        false => (false, name),
    });
    let named: Vec<(bool, String)> = named.collect();
    let all: HashSet<String> = named.iter().map(|(_, name)| name.clone()).collect();
    let (mut names, mut taken, mut renamed) = (Vec::new(), HashSet::new(), Vec::new());
    let mut next: HashMap<String, usize> = HashMap::new();
    for (is_made_up, name) in named {
        let mut own = name.clone();
        let number = next.entry(name.clone()).or_insert(2);
        while taken.contains(&own) || (own != name && all.contains(&own)) {
            own = format!("{name}_{number}");
            *number += 1;
        }
        if is_made_up {
            renamed.push((String::new(), own.clone()));
        } else if own != name {
            renamed.push((name, own.clone()));
        }
        taken.insert(own.clone());
        names.push(own);
    }
    (names, renamed)
}

/// Whether the names look like values that stand above values that look alike: then there is no header.
pub(crate) fn looks_like_values(names: &[String], blocks: &BlockReader<'_>) -> bool {
    if !names.iter().any(|name| is_like_a_value(name)) {
        return false;
    }
    let ahead = blocks.ahead();
    let text = match std::str::from_utf8(ahead) {
        Ok(text) => text,
        Err(error) => {
            std::str::from_utf8(ahead.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
        }
    };
    let (mut records, mut fields) = (RecordReader::new(text, 1, &blocks.dialect), Vec::new());
    let mut alike = vec![None; names.len()];
    for _ in 0..COMPARED {
        if !matches!(records.next(&mut fields), Ok(Some(_))) {
            break;
        }
        for ((alike, name), field) in alike.iter_mut().zip(names).zip(&fields) {
            let value = field.value().unwrap_or_default();
            if !value.is_empty() {
                *alike = Some(alike.unwrap_or(false) | (pattern(name) == pattern(&value)));
            }
        }
    }
    alike.iter().all(|alike| alike.unwrap_or(true))
        && names.iter().zip(&alike).any(|(name, alike)| *alike == Some(true) && is_like_a_value(name))
}

/// Whether hardly anybody would give a column such a name: a number that is no year, or a day.
pub(crate) fn is_like_a_value(name: &str) -> bool {
    let is_year = name.parse::<u16>().is_ok_and(|year| (1900..=2100).contains(&year));
    let typed = [DataType::Integer, DataType::Decimal, DataType::Date, DataType::Datetime];
    name.starts_with(|first: char| first.is_ascii_digit() || first == '-')
        && !is_year
        && typed.into_iter().any(|data_type| looks_like(name, data_type))
}

/// What texts have in common that look alike: the same kinds of letters in the same order.
fn pattern(text: &str) -> String {
    let mut pattern = String::new();
    for letter in text.chars() {
        let kind = match letter {
            letter if letter.is_ascii_digit() => '0',
            letter if letter.is_uppercase() => 'A',
            letter if letter.is_alphabetic() => 'a',
            other => other,
        };
        if kind == '0' || !pattern.ends_with(kind) {
            pattern.push(kind);
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let unique = |names: &[&str]| unique(names.iter().map(|name| (*name).to_owned()));
        let (names, renamed) = unique(&["a", "", "a", "a_2", "column_2", "a"]);
        assert_eq!(names, ["a", "column_2", "a_3", "a_2", "column_2_2", "a_4"]);
        assert_eq!(
            renamed.iter().map(|(from, _)| from.as_str()).collect::<Vec<_>>(),
            ["", "a", "column_2", "a"]
        );
    }

    #[test]
    fn what_looks_alike_has_one_pattern() {
        assert_eq!(pattern("Ada Brandt"), pattern("Bo Lindqvist"));
        assert_eq!(pattern("2023-04-01"), pattern("2024-02-29"));
        assert_ne!(pattern("1001"), pattern("12"));
        assert!(is_like_a_value("1001") && is_like_a_value("2023-04-01") && is_like_a_value("-2.5"));
        assert!(!is_like_a_value("2024") && !is_like_a_value("customer_id") && !is_like_a_value("3d"));
    }
}
