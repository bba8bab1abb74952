//! The rows of a table in Parquet files, of which the wanted columns are read, a row group at a time.

use std::any::Any;
use std::ops::Range;
use std::sync::Arc;

use polars::prelude::*;
use rayon::prelude::*;

use super::columns::{PartColumn, TableColumn};
use super::convert::convert;
use super::file::{GroupRows, ParquetFile, quietly};
use crate::database::TableError;
use crate::diagnostic::Diagnostic;
use crate::local::files::carried_error::carry;

/// Fewer rows than this are not worth another thread.
const FEW: u64 = 1 << 14;

/// The rows of a table.
pub(crate) struct ParquetRows {
    parts: Vec<Part>,
    columns: Vec<TableColumn>,
    schema: SchemaRef,
    height: u64,
}

/// The rows of one of its files.
pub(super) struct Part {
    pub file: ParquetFile,
    /// For each of the table's columns.
    pub columns: Vec<PartValues>,
}

/// Where a file's values of a column are.
pub(super) enum PartValues {
    /// In this column of the file.
    Stored(PartColumn),
    /// They are all this one.
    Same(Series),
    /// The file has no such column.
    Missing,
}

/// A column of some rows in one row group.
struct Piece<'a> {
    part: &'a Part,
    column: &'a TableColumn,
    values: &'a PartValues,
    rows: GroupRows,
}

impl ParquetRows {
    pub(super) fn new(parts: Vec<Part>, columns: Vec<TableColumn>) -> Self {
        let types =
            columns.iter().map(|column| Field::new(column.name.as_str().into(), column.held.polars_type()));
        let schema = Arc::new(types.collect());
        let height = parts.iter().map(|part| part.file.footer.rows).sum();
        Self { parts, columns, schema, height }
    }

    /// How many there are.
    pub fn height(&self) -> u64 {
        self.height
    }

    /// For queries: all of them, or some.
    pub fn lazy(self: &Arc<Self>, range: Option<Range<u64>>) -> PolarsResult<LazyFrame> {
        let range = range.unwrap_or(0..self.height);
        let scan = RowScan { rows: Arc::clone(self), range };
        let schema = Some(Arc::clone(&self.schema));
        LazyFrame::anonymous_scan(
            Arc::new(scan),
            ScanArgsAnonymous { schema, ..ScanArgsAnonymous::default() },
        )
    }

    /// Some columns of a range of rows.
    ///
    /// # Errors
    /// A file has changed, is damaged there, or cannot be read.
    pub fn read(&self, names: &[&str], range: Range<u64>) -> Result<DataFrame, TableError> {
        let height = range.end - range.start;
        let groups = self.groups(&range);
        let mut pieces = Vec::new();
        for name in names {
            let number = self.columns.iter().position(|column| column.name == **name);
            let Some((number, column)) = number.and_then(|number| Some((number, self.columns.get(number)?)))
            else {
                return Err(self.fault(&format!("it has no column {name:?}")));
            };
            pieces.extend(groups.iter().map(|(part, rows)| {
                let values = part.columns.get(number).unwrap_or(&PartValues::Missing);
                Piece { part, column, values, rows: *rows }
            }));
        }
        let read: Vec<Result<Column, TableError>> = match height < FEW || pieces.len() < 2 {
            true => pieces.iter().map(Piece::read).collect(),
            false => pieces.par_iter().with_max_len(1).map(Piece::read).collect(),
        };
        let mut read = read.into_iter();
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let first = read.next().filter(|_| !groups.is_empty());
            let mut whole = match first {
                Some(first) => first?,
                None => Column::new_empty((*name).into(), self.schema.get(name).unwrap_or(&DataType::Null)),
            };
            for _ in 1..groups.len() {
                if let Some(more) = read.next() {
                    whole.append_owned(more?).map_err(|error| self.fault(&error.to_string()))?;
                }
            }
            columns.push(whole);
        }
        let height = usize::try_from(height).map_err(|_| self.fault("it has too many rows"))?;
        DataFrame::new(height, columns).map_err(|error| self.fault(&error.to_string()))
    }

    /// The row groups that have some of the rows.
    fn groups(&self, range: &Range<u64>) -> Vec<(&Part, GroupRows)> {
        let mut start = 0;
        let mut groups = Vec::new();
        for part in &self.parts {
            let (first, last) = (range.start.max(start), range.end.min(start + part.file.footer.rows));
            if first < last {
                groups.extend(
                    part.file.groups(first - start..last - start).into_iter().map(|rows| (part, rows)),
                );
            }
            start += part.file.footer.rows;
        }
        groups
    }

    fn fault(&self, message: &str) -> TableError {
        let file = self.parts.first().map(|part| part.file.path.clone());
        Diagnostic::new(message).in_file(file.unwrap_or_default())
    }
}

impl Piece<'_> {
    fn read(&self) -> Result<Column, TableError> {
        let (file, TableColumn { name, held }) = (&self.part.file, self.column);
        let count = usize::try_from(self.rows.count).unwrap_or_default();
        let stored = match self.values {
            PartValues::Stored(stored) => stored,
            PartValues::Same(value) => return Ok(value.new_from_index(0, count).into_column()),
            PartValues::Missing => {
                return Ok(Column::full_null(name.as_str().into(), count, &held.polars_type()));
            }
        };
        let values = file.values(stored.number, &stored.column_type.declared(), self.rows)?;
        let column = values.with_name(name.as_str().into()).into_column();
        let converted = quietly(|| convert(&column, stored.column_type, *held));
        let failed = |message: String| file.fault(name, Diagnostic::new(message));
        converted.map_err(failed)?.map_err(|error| failed(error.to_string()))
    }
}

/// The rows as polars asks for them.
struct RowScan {
    rows: Arc<ParquetRows>,
    range: Range<u64>,
}

impl AnonymousScan for RowScan {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn scan(&self, wanted: AnonymousScanArgs) -> PolarsResult<DataFrame> {
        let names: Vec<&str> = match &wanted.with_columns {
            Some(names) => names.iter().map(PlSmallStr::as_str).collect(),
            None => self.rows.columns.iter().map(|column| column.name.as_str()).collect(),
        };
        let Range { start, end } = self.range;
        let end = wanted.n_rows.map_or(end, |most| end.min(start.saturating_add(most as u64)));
        self.rows.read(&names, start..end).map_err(carry)
    }

    fn schema(&self, _: Option<usize>) -> PolarsResult<SchemaRef> {
        Ok(Arc::clone(&self.rows.schema))
    }

    fn allows_projection_pushdown(&self) -> bool {
        true
    }
}
