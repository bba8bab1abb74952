//! The first line of a CSV file.

use std::path::Path;

use super::blocks::{BlockReader, RecordBlock};
use super::error::{CsvError, CsvLine};
use super::records::RecordReader;
use super::type_inference::TypeInference;
use super::value_rules::ValueRules;
use crate::database::TableError;
use crate::diagnostic::Diagnostic;
use crate::local::files::read_task::ReadProgress;
use crate::segment::DataType;

/// The names of a file's columns, read without the rest of the file.
pub fn header(path: &Path) -> Result<Vec<String>, TableError> {
    let first = BlockReader::open(path)?.first(&ReadProgress::silent())?;
    names(first.as_ref()).map_err(|error| error.in_file(path))
}

/// What type a column has, as far as the first rows of a file tell.
pub fn first_type(path: &Path, column: &str) -> Option<DataType> {
    const ENOUGH: usize = 1 << 16;
    let rules = ValueRules::default();
    let progress = ReadProgress::silent();
    let mut blocks = BlockReader::open(path).ok()?;
    let names = names(blocks.first(&progress).ok()?.as_ref()).ok()?;
    let position = names.iter().position(|name| name == column)?;
    let mut inferred = TypeInference::new(&rules);
    if let Some(block) = blocks.next(ENOUGH, &progress).ok()? {
        // What is wrong in them is said when they are read.
        let _ = block.for_each(names.len(), |_, fields| {
            fields.get(position).into_iter().for_each(|field| inferred.observe(field, &rules));
            Ok(())
        });
    }
    Some(inferred.column_type(&rules).data_type)
}

/// The names that the first record of a file gives its columns.
pub fn names(first: Option<&RecordBlock>) -> Result<Vec<String>, CsvError> {
    let Some(first) = first else {
        return Err(Diagnostic::new("the file is empty")
            .with_help("write the names of the columns into the first line")
            .at(CsvLine(1)));
    };
    let (mut records, mut fields) = (RecordReader::new(first.text()?, first.line), Vec::new());
    records.next(&mut fields)?;
    first.check_end()?;
    let named = fields.iter().enumerate().map(|(position, field)| match field.value() {
        Some(name) if !name.is_empty() => name.into_owned(),
        // As exports of row numbers like to have it.
        _ => format!("column_{}", position + 1),
    });
    let names: Vec<String> = named.collect();
    let mut seen = std::collections::HashSet::new();
    if let Some(twice) = names.iter().find(|name| !seen.insert(name.as_str())) {
        return Err(Diagnostic::new(format!("two columns are named {twice:?}"))
            .with_help("give every column a name of its own")
            .at(CsvLine(1)));
    }
    Ok(names)
}
