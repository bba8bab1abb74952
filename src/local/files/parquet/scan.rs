//! Opening the Parquet files of a table by their footers.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::{DataType, Series};

use super::columns::{LeftOut, NO_TEXT, PartColumns, TableColumn, TableColumns, Union, table_columns};
use super::convert::HeldType;
use super::file::ParquetFile;
use super::rows::{ParquetRows, Part, PartValues};
use super::types::ColumnType;
use crate::database::{Note, TableError};
use crate::local::files::carried_error::table_error;
use crate::local::files::key_columns::KeyColumns;
use crate::local::files::table_frame::TableFrame;
use crate::segment::DataType as Type;

/// A table whose rows are still in its files.
pub(crate) struct Scan {
    /// The rows, of the types documented on `Content::frame`.
    pub frame: TableFrame,
    /// The columns of types that segments know, in the order of the first file.
    pub columns: Vec<(String, Type)>,
    /// From the footers.
    pub rows: u64,
    /// What was left out, renamed or detected.
    pub notes: Vec<Note>,
    /// The columns that segments cannot use.
    pub left_out: Vec<LeftOut>,
}

/// Opens the parts of a table, with the keys in the names of their folders as columns. Their columns may differ in
/// order and width of type.
pub(crate) fn scan(files: &[PathBuf], union: Union<'_>, keys: &KeyColumns) -> Result<Scan, TableError> {
    let opened = files.iter().map(|file| OpenedPart::new(file)).collect::<Result<Vec<_>, _>>()?;
    let mut too_great = BTreeSet::new();
    for part in &opened {
        too_great.extend(part.too_great());
    }
    let parts: Vec<(&Path, PartColumns)> =
        opened.iter().map(|part| (part.file.path.as_path(), part.columns.clone())).collect();
    let table = table_columns(&parts, &too_great, union)?;
    assembled(files, opened, table, keys)
}

/// Opens a file that was written from rows of the types documented on `Content::frame`, as it is.
pub(crate) fn scan_as_written(file: &Path) -> Result<Scan, TableError> {
    let opened = ParquetFile::open(file)?;
    let columns = PartColumns::new(&opened.footer);
    let table = table_columns(&[(file, columns.clone())], &BTreeSet::new(), Union::default())?;
    if table.columns.len() != opened.footer.fields.len() {
        return Err(TableError::unreadable(file, &"its types are others than were written"));
    }
    assembled(&[file.to_owned()], vec![OpenedPart { file: opened, columns }], table, &KeyColumns::default())
}

/// The names of a file's columns, by its footer. Of those that cannot be used only `ids` are among them.
pub(crate) fn header(file: &Path, ids: &BTreeSet<&str>) -> Result<Vec<String>, TableError> {
    let columns = PartColumns::new(&ParquetFile::open(file)?.footer);
    let usable = columns.usable.into_iter().map(|column| column.name);
    let left_out = columns.left_out.into_iter().map(|column| column.name);
    Ok(usable.chain(left_out.filter(|name| ids.contains(name.as_str()))).collect())
}

fn assembled(
    files: &[PathBuf],
    opened: Vec<OpenedPart>,
    table: TableColumns,
    keys: &KeyColumns,
) -> Result<Scan, TableError> {
    let TableColumns { mut columns, notes, left_out } = table;
    for (name, data_type) in &keys.columns {
        let held = HeldType { data_type: *data_type, scale: None };
        match columns.iter_mut().find(|column| column.name == *name) {
            Some(column) => column.held = held,
            None => columns.push(TableColumn { name: name.clone(), held }),
        }
    }
    let parts = opened.into_iter().map(|OpenedPart { file, columns: stored }| {
        let values = |TableColumn { name, .. }: &TableColumn| {
            let same = keys.of(&file.path).iter().find(|value| value.name() == name).cloned();
            let find = || stored.usable.iter().find(|column| column.name == *name).cloned();
            let stored = || find().map_or(PartValues::Missing, PartValues::Stored);
            same.map_or_else(stored, PartValues::Same)
        };
        let columns = columns.iter().map(values).collect();
        Part { file, columns }
    });
    let parts: Vec<Part> = parts.collect();
    let types = columns.iter().map(|column| (column.name.clone(), column.held.data_type)).collect();
    let rows = ParquetRows::new(parts, columns);
    let height = rows.height();
    let first = files.first().map_or(Path::new(""), PathBuf::as_path);
    let frame = TableFrame::in_files(Arc::new(rows)).map_err(|error| table_error(first, &error))?;
    Ok(Scan { frame, columns: types, rows: height, notes, left_out })
}

/// A file of a table, and its columns that can be used.
struct OpenedPart {
    file: ParquetFile,
    columns: PartColumns,
}

impl OpenedPart {
    fn new(path: &Path) -> Result<Self, TableError> {
        let file = ParquetFile::open(path)?;
        let columns = PartColumns::new(&file.footer);
        let mut part = Self { columns: columns.clone(), file };
        for column in columns.unmarked() {
            if !part.all(column.number, column.column_type, is_text) {
                part.columns.leave_out(&column.name, NO_TEXT);
            }
        }
        Ok(part)
    }

    /// Unsigned columns with a number beyond 64 bits signed, such as hashes.
    fn too_great(&self) -> Vec<String> {
        let unsigned = self.columns.usable.iter().filter(|column| column.column_type == ColumnType::UInt64);
        let too_great = unsigned.filter(|column| !self.all(column.number, column.column_type, fits));
        too_great.map(|column| column.name.clone()).collect()
    }

    /// Whether the values of a column are such, as far as they can be read: what cannot is said where it is asked of.
    fn all(&self, column: usize, column_type: ColumnType, are_such: fn(&Series) -> bool) -> bool {
        let groups = self.file.groups(0..self.file.footer.rows);
        let mut values =
            groups.into_iter().map(|rows| self.file.values(column, &column_type.declared(), rows));
        values.all(|values| values.map_or(true, |values| are_such(&values)))
    }
}

fn is_text(values: &Series) -> bool {
    let texts = values.cast(&DataType::Binary).ok();
    let texts = texts.as_ref().and_then(|values| values.binary().ok());
    texts.is_none_or(|texts| texts.iter().flatten().all(|bytes| std::str::from_utf8(bytes).is_ok()))
}

fn fits(values: &Series) -> bool {
    let greatest = values.max::<u64>().ok().flatten();
    greatest.is_none_or(|greatest| i64::try_from(greatest).is_ok())
}
