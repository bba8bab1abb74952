//! Ids from a single file: an uploaded list.

use std::collections::BTreeMap;
use std::path::Path;

use super::carried_error::table_error;
use super::csv::CsvSettings;
use super::key_columns::KeyColumns;
use super::read_task::ReadProgress;
use super::sources::{FileFormat, TableSource, format_of};
use super::{csv, id_texts, parquet};
use crate::database::TableError;
use crate::database::quoted_list;
use crate::diagnostic::Diagnostic;
use crate::file_system::read_limited;
use crate::segment::DataType;

/// The most bytes of a text file, which is read as a whole.
const LARGEST_TEXT: u64 = 1_000_000_000;

/// What a file holds by way of ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdFile {
    /// The column that the ids stand in; `None` for a text file.
    pub column: Option<String>,
    /// Rows of the table, or lines of the text.
    pub rows: u64,
    /// The ids, in the order of the file, each as often as it stands there. NULLs and blanks are none.
    pub ids: Vec<String>,
}

/// The ids in a file: of a table those in the column named like the activation ID, else in its only
/// one; of any other file each line, trimmed.
///
/// # Errors
/// The file cannot be read, or is a table with several columns of which none is the activation ID.
pub(crate) fn read_id_file(file: &Path, activation_id: &str) -> Result<IdFile, TableError> {
    let Some(format) = format_of(file) else { return lines(file) };
    let files = [file.to_owned()];
    let (frame, column) = match TableSource::of_file(file, format)?.format {
        FileFormat::Csv => {
            let (settings, ids) = (CsvSettings::default(), [activation_id].into());
            let types = BTreeMap::new();
            let wanted = csv::CsvRequest {
                table: None,
                files: &files,
                types: &types,
                ids: &ids,
                settings: &settings,
                parts: None,
                keys: None,
            };
            let names = csv::header(&wanted)?;
            // Ids are text, whatever they look like; so is all the rest, which nobody looks at.
            let types = names.iter().map(|name| (name.clone(), DataType::String)).collect();
            let column = id_column(file, names, activation_id)?;
            (csv::read(&csv::CsvRequest { types: &types, ..wanted }, &mut ReadProgress::silent())?.0, column)
        }
        FileFormat::Parquet => {
            let scan = parquet::scan(&files, parquet::Union::default(), &KeyColumns::default())?;
            let column = id_column(file, scan.columns.into_iter().map(|(name, _)| name), activation_id)?;
            let frame = scan.frame.read(&[column.as_str()]);
            (frame.map_err(|error| table_error(file, &error))?, column)
        }
    };
    let texts = frame.column(&column).and_then(|column| Ok(id_texts(column)?.into_owned()));
    let texts = texts.map_err(|error| TableError::unreadable(file, &error))?;
    let ids = texts.iter().flatten().filter(|id| !id.trim().is_empty()).map(str::to_owned).collect();
    Ok(IdFile { column: Some(column), rows: frame.height() as u64, ids })
}

/// The ids alone, as [`read_id_file`].
///
/// # Errors
/// As [`read_id_file`].
pub(crate) fn read_ids(file: &Path, activation_id: &str) -> Result<Vec<String>, TableError> {
    read_id_file(file, activation_id).map(|read| read.ids)
}

fn id_column(
    file: &Path,
    columns: impl IntoIterator<Item = String>,
    activation_id: &str,
) -> Result<String, TableError> {
    let columns: Vec<String> = columns.into_iter().collect();
    match columns.as_slice() {
        [only] => Ok(only.clone()),
        several if several.iter().any(|column| column == activation_id) => Ok(activation_id.to_owned()),
        several => {
            Err(Diagnostic::new(format!("none of its columns is {activation_id:?}, the activation ID"))
                .with_help(match several.is_empty() {
                    true => "write the ids into a column".to_owned(),
                    false => {
                        let columns = quoted_list(several.iter().map(String::as_str));
                        format!(
                            "name the column of ids {activation_id:?}, or keep only that one of {columns}"
                        )
                    }
                })
                .in_file(file))
        }
    }
}

fn lines(file: &Path) -> Result<IdFile, TableError> {
    let bytes = read_limited(file, LARGEST_TEXT).map_err(|error| TableError::unreadable(file, &error))?;
    let text = csv::text(&bytes).map_err(|error| error.in_file(file))?;
    let lines = text.lines().map(str::trim);
    let rows = lines.clone().count() as u64;
    let ids = lines.filter(|id| !id.is_empty()).map(str::to_owned).collect();
    Ok(IdFile { column: None, rows, ids })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn ids(name: &str, content: &[u8]) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        fs::write(&file, content).unwrap();
        read_ids(&file, "id").map_err(|error| error.message)
    }

    #[test]
    fn tables_give_their_column_of_ids_as_it_stands() {
        let expected = Ok(["007", " C9 ", "7", "7"].map(str::to_owned).to_vec());
        assert_eq!(ids("a.csv", b"why,id\nx,007\ny,\" C9 \"\n,\nz,\" \"\nz,\"\"\nx,7\nx,7\n"), expected);
        assert_eq!(ids("a.CSV", b"\xEF\xBB\xBFwhatever\r\n007\r\n\" C9 \"\r\n7\r\n7\r\n"), expected);
        let error = ids("a.csv", b"a,b\n1,2\n").unwrap_err();
        assert_eq!(error, "none of its columns is \"id\", the activation ID");
        assert!(ids("a.csv", b"").is_err() && ids("a.parquet", b"no").is_err());
    }

    #[test]
    fn what_was_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let read = |name: &str, content: &str| {
            let file = folder.path().join(name);
            fs::write(&file, content).unwrap();
            let read = read_id_file(&file, "id").unwrap();
            (read.column, read.rows, read.ids.len())
        };
        assert_eq!(read("a.csv", "why,id\nx,007\ny,\nz,7\n"), (Some("id".to_owned()), 3, 2));
        assert_eq!(read("a.txt", "007\n\n7\n"), (None, 3, 2));
    }

    #[test]
    fn text_gives_its_lines_trimmed() {
        let expected = Ok(["007", "C9", "a,b"].map(str::to_owned).to_vec());
        assert_eq!(ids("a.txt", b"\xEF\xBB\xBF007\r\n  C9 \t\n\n \na,b"), expected);
        assert_eq!(ids("a", b""), Ok(Vec::new()));
        assert!(ids("a.txt", b"a\n\xFF\n").is_err());
    }

    #[test]
    fn numbers_in_parquet_are_ids_by_their_digits() {
        use polars::prelude::{DataFrame, ParquetWriter, df};
        let folder = tempfile::tempdir().unwrap();
        let write = |mut frame: DataFrame| {
            let file = folder.path().join("list.parquet");
            ParquetWriter::new(fs::File::create(&file).unwrap()).finish(&mut frame).unwrap();
            read_ids(&file, "id").unwrap()
        };
        assert_eq!(write(df!("id" => [Some(7_i32), None, Some(-1)], "x" => [1, 2, 3]).unwrap()), ["7", "-1"]);
        assert_eq!(write(df!("other" => [7.0, 7.5]).unwrap()), ["7", "7.5"]);
    }
}
