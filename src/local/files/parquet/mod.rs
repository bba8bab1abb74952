//! Parquet tables: read in place. Opening one reads only the footers of its files.

mod arrow;
#[allow(dead_code)] // until rows are read by it
mod columns;
#[allow(dead_code)]
mod convert;
#[allow(dead_code)]
mod exact;
#[allow(dead_code)] // until rows are read by it
mod footer;
#[allow(dead_code)]
mod read_at;
#[allow(dead_code)]
mod schema;
#[allow(dead_code)]
mod thrift;
#[allow(dead_code)]
mod types;

use std::collections::BTreeSet;
use std::panic::{UnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use polars::prelude::*;

use super::column_builder::polars_type;
use super::type_mapping::{normalized, segment_type};
use crate::database::{Note, TableError};
use crate::diagnostic::Diagnostic;
use crate::file_system::open_regular;
use crate::segment::DataType as Type;

/// A table whose rows are still in its files.
pub(crate) struct Scan {
    /// The rows, of the types documented on `Content::frame`.
    pub frame: LazyFrame,
    /// The columns of types that segments know, in the order of the first file.
    pub columns: Vec<(String, Type)>,
    /// From the footers.
    pub rows: u64,
    /// What was left out, renamed or detected.
    pub notes: Vec<Note>,
}

/// Opens the parts of a table. Their columns may differ in order and width of type.
pub(crate) fn scan(files: &[PathBuf]) -> Result<Scan, TableError> {
    guarded(files.first().map_or(Path::new(""), PathBuf::as_path), || scan_parts(files))
}

/// Opens a file that was written from rows of the types documented on `Content::frame`, as it is.
pub(crate) fn scan_as_written(file: &Path) -> Result<Scan, TableError> {
    guarded(file, || {
        let footer = Footer::read(file)?;
        let is_as_stored = |(name, data_type): &(String, Type)| {
            footer.schema.get(name).is_some_and(|stored| *stored == polars_type(*data_type))
        };
        if footer.schema.len() != footer.columns.len() || !footer.columns.iter().all(is_as_stored) {
            return Err(TableError::unreadable(file, &"its types are others than were written"));
        }
        let frame = footer.scan(&[file.to_owned()]);
        let frame = frame.map_err(|error| TableError::unreadable(file, &error))?;
        Ok(Scan { frame, columns: footer.columns, rows: footer.rows, notes: Vec::new() })
    })
}

/// polars panics over some damaged footers where it should give an error.
fn guarded(
    file: &Path,
    scan: impl FnOnce() -> Result<Scan, TableError> + UnwindSafe,
) -> Result<Scan, TableError> {
    catch_unwind(scan).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(TableError::unreadable(file, &text.unwrap_or("its footer makes no sense")))
    })
}

fn scan_parts(files: &[PathBuf]) -> Result<Scan, TableError> {
    let mut footers = files.iter().map(|file| Footer::read(file)).collect::<Result<Vec<_>, _>>()?;
    let mut too_great = BTreeSet::new();
    for footer in &footers {
        too_great.extend(footer.too_great()?);
    }
    for (name, data_type) in footers.iter_mut().flat_map(|footer| &mut footer.columns) {
        if too_great.contains(name) {
            *data_type = Type::String;
        }
    }
    let Some((first, others)) = footers.split_first() else {
        return Ok(Scan { frame: LazyFrame::default(), columns: Vec::new(), rows: 0, notes: Vec::new() });
    };
    for other in others {
        TableError::check_same_columns(first.file, &first.names(), other.file, &other.names())?;
        other.check_same_types(first)?;
    }
    let is_uniform = others.iter().all(|other| other.schema == first.schema);
    let frame = if is_uniform {
        first.select(files, &first.columns)?
    } else {
        let parts = footers
            .iter()
            .map(|part| part.select(&[part.file.to_owned()], &first.columns))
            .collect::<Result<Vec<_>, _>>()?;
        let union = UnionArgs { rechunk: false, maintain_order: true, ..UnionArgs::default() };
        concat(parts, union).map_err(|error| TableError::unreadable(first.file, &error))?
    };
    let rows = footers.iter().map(|footer| footer.rows).sum();
    Ok(Scan { frame, columns: first.columns.clone(), rows, notes: Vec::new() })
}

/// What the end of a file says of the rest.
struct Footer<'a> {
    file: &'a Path,
    schema: Schema,
    columns: Vec<(String, Type)>,
    rows: u64,
}

impl<'a> Footer<'a> {
    fn read(file: &'a Path) -> Result<Self, TableError> {
        let unreadable = |error: PolarsError| TableError::unreadable(file, &error);
        let opened = open_regular(file).map_err(|error| TableError::unreadable(file, &error))?;
        let mut reader = ParquetReader::new(opened);
        let schema = reader.schema().map_err(unreadable)?;
        if let Some(name) =
            schema.iter_values().find(|field| is_beyond(&field.dtype)).map(|field| &field.name)
        {
            return Err(Diagnostic::new(format!("column {name:?} is of a type that cannot be read"))
                .with_help("write lists as lists of any length and half precision as float, or leave it out")
                .in_file(file));
        }
        let schema = Schema::from_arrow_schema(schema.as_ref());
        let rows = reader.num_rows().map_err(unreadable)?;
        let columns = schema
            .iter()
            .filter_map(|(name, stored)| segment_type(stored).map(|data_type| (name.to_string(), data_type)))
            .collect();
        Ok(Self { file, schema, columns, rows: u64::try_from(rows).unwrap_or(u64::MAX) })
    }

    /// Unsigned columns with a number beyond 64 bits signed, such as hashes. They are strings, by their
    /// decimal text: exact as ids, and nobody reckons with them.
    fn too_great(&self) -> Result<Vec<String>, TableError> {
        let unsigned = self.schema.iter().filter(|(_, stored)| **stored == DataType::UInt64);
        let names: Vec<_> = unsigned.map(|(name, _)| name.clone()).collect();
        if names.is_empty() {
            return Ok(names.into_iter().map(String::from).collect());
        }
        let greatest = self
            .scan(&[self.file.to_owned()])
            .and_then(|frame| {
                frame.select(names.iter().map(|name| col(name.clone()).max()).collect::<Vec<_>>()).collect()
            })
            .map_err(|error| TableError::unreadable(self.file, &error))?;
        let is_too_great = |column: &Column| {
            column
                .u64()
                .ok()
                .and_then(|greatest| greatest.get(0))
                .is_some_and(|greatest| i64::try_from(greatest).is_err())
        };
        let columns = greatest.columns().iter().filter(|column| is_too_great(column));
        Ok(columns.map(|column| column.name().to_string()).collect())
    }

    fn names(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }

    fn check_same_types(&self, first: &Footer<'_>) -> Result<(), TableError> {
        use crate::segment::Keyword as _;
        for (name, data_type) in &self.columns {
            let other = first.columns.iter().find(|(other, _)| other == name);
            if let Some((_, other)) = other.filter(|(_, other)| other != data_type) {
                let first = first.file.file_name().unwrap_or_default().to_string_lossy();
                let (ours, theirs) = (data_type.id(), other.id());
                return Err(Diagnostic::new(format!("column {name:?} is {ours}, but {theirs} in {first}"))
                    .with_help("write the parts of one table with the same types")
                    .in_file(self.file));
            }
        }
        Ok(())
    }

    /// Files of this footer's schema as they are.
    fn scan(&self, files: &[PathBuf]) -> PolarsResult<LazyFrame> {
        let paths = files.iter().map(|file| PlRefPath::try_from_path(file)).collect::<PolarsResult<_>>()?;
        // File names may hold letters that would be a pattern.
        let args = ScanArgsParquet { glob: false, ..ScanArgsParquet::default() };
        LazyFrame::scan_parquet_files(paths, args)
    }

    /// Files of this footer's schema as rows of the given columns.
    fn select(&self, files: &[PathBuf], columns: &[(String, Type)]) -> Result<LazyFrame, TableError> {
        let frame = self.scan(files).map_err(|error| TableError::unreadable(self.file, &error))?;
        let columns = columns.iter().map(|(name, data_type)| {
            let stored = self.schema.get(name.as_str());
            stored.map_or_else(|| col(name.as_str()), |stored| normalized(name, stored, *data_type))
        });
        Ok(frame.select(columns.collect::<Vec<_>>()))
    }
}

/// Types for which polars, as it is built here, has no name at all: it would panic.
fn is_beyond(stored: &ArrowDataType) -> bool {
    match stored {
        ArrowDataType::Float16
        | ArrowDataType::UInt128
        | ArrowDataType::FixedSizeList(..)
        | ArrowDataType::Union(_)
        | ArrowDataType::Extension(_) => true,
        ArrowDataType::List(of) | ArrowDataType::LargeList(of) | ArrowDataType::Map(of, _) => {
            is_beyond(&of.dtype)
        }
        ArrowDataType::Struct(fields) => fields.iter().any(|field| is_beyond(&field.dtype)),
        _ => false,
    }
}
