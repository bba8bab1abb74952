//! Parquet tables: read in place. Opening one reads only the footers of its files.

use std::fs::File;
use std::path::{Path, PathBuf};

use polars::prelude::*;

use super::TableError;
use crate::segment::DataType as Type;

/// A table whose rows are still in its files.
pub struct Scan {
    /// The rows, of the types documented on `Content::frame`.
    pub frame: LazyFrame,
    /// The columns of types that segments know, in the order of the first file.
    pub columns: Vec<(String, Type)>,
    /// From the footers.
    pub rows: u64,
}

/// Opens the parts of a table. Their columns may differ in order and width of type.
pub fn scan(files: &[PathBuf]) -> Result<Scan, TableError> {
    let footers = files.iter().map(|file| Footer::read(file)).collect::<Result<Vec<_>, _>>()?;
    let Some((first, others)) = footers.split_first() else {
        return Ok(Scan { frame: LazyFrame::default(), columns: Vec::new(), rows: 0 });
    };
    for other in others {
        TableError::check_same_columns(first.file, &first.names(), other.file, &other.names())?;
        other.check_same_types(first)?;
    }
    let is_uniform = others.iter().all(|other| other.schema == first.schema);
    let scan = |files: &[PathBuf]| first.scan_with(files);
    let frame = if is_uniform {
        scan(files)?
    } else {
        let parts = footers.iter().map(|part| part.scan_as(&first.columns)).collect::<Result<Vec<_>, _>>()?;
        let union = UnionArgs { rechunk: false, maintain_order: true, ..UnionArgs::default() };
        concat(parts, union).map_err(|error| TableError::unreadable(first.file, &error))?
    };
    let rows = footers.iter().map(|footer| footer.rows).sum();
    Ok(Scan { frame, columns: first.columns.clone(), rows })
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
        let opened = File::open(file).map_err(|error| TableError::unreadable(file, &error))?;
        let mut reader = ParquetReader::new(opened);
        let schema = reader.schema().map_err(unreadable)?;
        let schema = Schema::from_arrow_schema(schema.as_ref());
        let rows = reader.num_rows().map_err(unreadable)?;
        let columns = schema
            .iter()
            .filter_map(|(name, held)| known(held).map(|data_type| (name.to_string(), data_type)))
            .collect();
        Ok(Self { file, schema, columns, rows: u64::try_from(rows).unwrap_or(u64::MAX) })
    }

    fn names(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }

    fn check_same_types(&self, first: &Footer<'_>) -> Result<(), TableError> {
        use crate::segment::Word as _;
        for (name, data_type) in &self.columns {
            let other = first.columns.iter().find(|(other, _)| other == name);
            if let Some((_, other)) = other.filter(|(_, other)| other != data_type) {
                let first = first.file.file_name().unwrap_or_default().to_string_lossy();
                let (ours, theirs) = (data_type.id(), other.id());
                return Err(TableError {
                    file: self.file.to_owned(),
                    line: None,
                    message: format!("column {name:?} is {ours}, but {theirs} in {first}"),
                    help: "write the parts of one table with the same types".to_owned(),
                });
            }
        }
        Ok(())
    }

    fn scan_as(&self, columns: &[(String, Type)]) -> Result<LazyFrame, TableError> {
        self.select(&[self.file.to_owned()], columns)
    }

    fn scan_with(&self, files: &[PathBuf]) -> Result<LazyFrame, TableError> {
        self.select(files, &self.columns)
    }

    /// Files of this footer's schema as rows of the given columns.
    fn select(&self, files: &[PathBuf], columns: &[(String, Type)]) -> Result<LazyFrame, TableError> {
        let unreadable = |error: PolarsError| TableError::unreadable(self.file, &error);
        let paths = files
            .iter()
            .map(|file| PlRefPath::try_from_path(file))
            .collect::<PolarsResult<_>>()
            .map_err(unreadable)?;
        // File names may hold letters that would be a pattern.
        let args = ScanArgsParquet { glob: false, ..ScanArgsParquet::default() };
        let frame = LazyFrame::scan_parquet_files(paths, args).map_err(unreadable)?;
        let columns = columns.iter().map(|(name, _)| {
            let held = self.schema.get(name.as_str());
            held.map_or_else(|| col(name.as_str()), |held| normal(name, held))
        });
        Ok(frame.select(columns.collect::<Vec<_>>()))
    }
}

/// The type that segments know a Parquet column by, if any.
fn known(held: &DataType) -> Option<Type> {
    Some(match held {
        DataType::String | DataType::Categorical(..) | DataType::Enum(..) | DataType::Null => Type::String,
        DataType::Float32 | DataType::Float64 | DataType::Decimal(..) => Type::Decimal,
        DataType::Boolean => Type::Boolean,
        DataType::Date => Type::Date,
        DataType::Datetime(..) => Type::Datetime,
        held if held.is_integer() => Type::Integer,
        _ => return None,
    })
}

/// A column in the type that `Content::frame` documents.
fn normal(name: &str, held: &DataType) -> Expr {
    let column = col(name);
    match held {
        DataType::Categorical(..) | DataType::Enum(..) | DataType::Null => column.cast(DataType::String),
        DataType::Float32 | DataType::Float64 => {
            let number = column.clone().cast(DataType::Float64);
            when(column.is_not_nan()).then(number).otherwise(lit(NULL)).alias(name)
        }
        DataType::Decimal(..) => column.cast(DataType::Float64),
        // Going through the bare number keeps the instant, whatever zone it is shown in.
        DataType::Datetime(unit, Some(_)) => column
            .cast(DataType::Int64)
            .cast(DataType::Datetime(*unit, None))
            .cast(DataType::Datetime(TimeUnit::Microseconds, None)),
        DataType::Datetime(TimeUnit::Microseconds, None) | DataType::Int64 => column,
        DataType::Datetime(..) => column.cast(DataType::Datetime(TimeUnit::Microseconds, None)),
        // Strict, so that an unsigned number too great for it is an error rather than a NULL.
        held if held.is_integer() => column.strict_cast(DataType::Int64),
        _ => column,
    }
}
