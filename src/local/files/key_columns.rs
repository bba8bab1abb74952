//! The columns of a table whose values stand in the names of its folders.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use polars::prelude::{Column, PolarsResult, Series};

use super::column_builder::ColumnBuilder;
use super::sources::TableSource;
use super::value_parser::looks_like;
use crate::database::TableError;
use crate::diagnostic::{Diagnostic, shortened};
use crate::segment::{DataType, Keyword};

/// The types that keys may have, in order of preference, as those of CSV.
const ORDER: [DataType; 5] =
    [DataType::Boolean, DataType::Integer, DataType::Decimal, DataType::Date, DataType::Datetime];

/// The columns, and the value that each file has of each.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyColumns {
    /// In the order of the folders; none of most tables.
    pub columns: Vec<(String, DataType)>,
    /// Of each file one value a column, each as a series of one row.
    values: BTreeMap<PathBuf, Vec<Series>>,
}

impl KeyColumns {
    /// The keys of a table, with the types that are stated for them, or that all of their values look like.
    ///
    /// # Errors
    /// A value does not fit the type that is stated for it.
    pub fn new(source: &TableSource, stated: &BTreeMap<String, DataType>) -> Result<Self, TableError> {
        let keys = &source.keys;
        let mut this = Self::default();
        for (at, name) in keys.names.iter().enumerate() {
            let texts: Vec<&str> =
                keys.values.iter().filter_map(|values| values.get(at)?.as_deref()).collect();
            let data_type = stated.get(name).copied().unwrap_or_else(|| type_of(&texts));
            this.columns.push((name.clone(), data_type));
        }
        for (file, values) in source.files.iter().zip(&keys.values) {
            let series = this.columns.iter().zip(values).map(|((name, data_type), value)| {
                let mut cells = ColumnBuilder::new(name, *data_type, 1);
                if cells.push(value.as_deref()) {
                    return Ok(cells.finish());
                }
                let value = shortened(value.as_deref().unwrap_or_default());
                Err(Diagnostic::new(format!("{value:?} in the name of its folder is no {}", data_type.id()))
                    .with_help(format!("correct the name, or the type of {name:?} in database.toml"))
                    .in_file(file))
            });
            let series = series.collect::<Result<_, TableError>>()?;
            this.values.insert(file.clone(), series);
        }
        Ok(this)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The values of a file, each as a series of one row under its name.
    pub fn of(&self, file: &Path) -> &[Series] {
        self.values.get(file).map_or(&[], Vec::as_slice)
    }

    /// The types of a table's columns with these: in place of a column of the same name, else behind all.
    pub fn beside(&self, columns: &[(String, DataType)]) -> Vec<(String, DataType)> {
        let mut all = columns.to_vec();
        for (name, data_type) in &self.columns {
            match all.iter_mut().find(|(other, _)| other == name) {
                Some((_, other)) => *other = *data_type,
                None => all.push((name.clone(), *data_type)),
            }
        }
        all
    }

    /// The columns over rows of which so many after one another are of a file.
    pub fn over(&self, rows: &[(&Path, usize)]) -> PolarsResult<Vec<Column>> {
        let columns = self.columns.iter().enumerate().map(|(at, (name, data_type))| {
            let mut column = ColumnBuilder::new(name, *data_type, 0).finish();
            for (file, count) in rows {
                if let Some(value) = self.of(file).get(at) {
                    column.append_owned(value.new_from_index(0, *count))?;
                }
            }
            // Who writes rows of several columns wants them cut alike.
            Ok(column.rechunk().into())
        });
        columns.collect()
    }
}

/// The type that all values look like; string if there are none.
fn type_of(texts: &[&str]) -> DataType {
    let is_one = |data_type: &DataType| texts.iter().all(|text| looks_like(text, *data_type));
    ORDER.into_iter().find(is_one).filter(|_| !texts.is_empty()).unwrap_or(DataType::String)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_typed_as_csv_is() {
        for (texts, data_type) in [
            (&["2024", "2025"][..], DataType::Integer),
            (&["01", "11"], DataType::String),
            (&["1", "1.5"], DataType::Decimal),
            (&["2024-01-31"], DataType::Date),
            (&["true", "false"], DataType::Boolean),
            (&["1", "x"], DataType::String),
            (&[], DataType::String),
        ] {
            assert_eq!(type_of(texts), data_type, "{texts:?}");
        }
    }

    #[test]
    fn values_are_those_of_the_files() {
        let folder = Path::new("/db");
        let files: Vec<PathBuf> = ["t/y=1/a.csv", "t/y=2/a.csv", "t/y=__HIVE_DEFAULT_PARTITION__/a.csv"]
            .map(|file| folder.join(file))
            .to_vec();
        let source = TableSource::new(folder, files.clone(), Vec::new()).unwrap();
        let keys = KeyColumns::new(&source, &BTreeMap::new()).unwrap();
        let rows = [(files[1].as_path(), 2), (&files[2], 1), (&files[0], 1)];
        let columns = keys.over(&rows).unwrap();
        let values: Vec<_> = columns[0].i64().unwrap().iter().collect();
        assert_eq!(values, [Some(2), Some(2), None, Some(1)]);
        let stated = BTreeMap::from([("y".to_owned(), DataType::Boolean)]);
        let error = KeyColumns::new(&source, &stated).unwrap_err();
        assert!(error.message.contains("\"1\"") && error.place.file == files[0], "{error}");
    }
}
