//! Members in each of the formats.

use std::io::{self, Write};

use super::format::Shape;
use super::{csv, json_lines, parquet};
use crate::backend::MemberTable;

/// After how many rows it is told how many there are.
const ROWS_AT_A_TIME: usize = 1 << 13;

/// Writes all rows; `progress` is told how many are written, and says why it stops.
///
/// # Errors
/// Those of the writer and of `progress`.
pub(crate) fn write_rows(
    table: &MemberTable,
    to: &mut (impl Write + Send),
    shape: Shape,
    progress: &dyn Fn(usize) -> io::Result<()>,
) -> io::Result<()> {
    progress(0)?;
    if shape == Shape::Parquet {
        parquet::write(table, to)?;
        progress(table.rows)?;
        return to.flush();
    }
    let mut text = Vec::new();
    if shape == Shape::Csv {
        csv::header(table, &mut text);
    }
    for start in (0..table.rows).step_by(ROWS_AT_A_TIME) {
        let rows = start..(start + ROWS_AT_A_TIME).min(table.rows);
        let end = rows.end;
        match shape {
            Shape::Csv => csv::rows(table, rows, &mut text)?,
            Shape::JsonLines | Shape::Parquet => json_lines::rows(table, rows, &mut text)?,
        }
        to.write_all(&text)?;
        text.clear();
        progress(end)?;
    }
    to.write_all(&text)?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::backend::{ColumnValues, ValueColumn};

    fn table() -> MemberTable {
        let texts = |values: [Option<&str>; 3]| {
            ColumnValues::String(values.map(|value| value.map(str::to_owned)).to_vec())
        };
        let columns = [
            ("id", texts([Some("a,b"), Some(" c"), Some("d\"e")])),
            ("x", texts([Some(""), None, Some("line\nbreak")])),
            ("n", ColumnValues::Decimal(vec![Some(1.0), Some(1e300), None])),
        ];
        let columns = columns.map(|(name, values)| ValueColumn { name: name.to_owned(), values });
        MemberTable { columns: columns.to_vec(), rows: 3 }
    }

    fn written(shape: Shape) -> String {
        let mut out = Vec::new();
        write_rows(&table(), &mut out, shape, &|_| Ok(())).unwrap();
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn csv_tells_null_from_empty() {
        let expected = "id,x,n\n\"a,b\",\"\",1.0\n\" c\",,1e300\n\"d\"\"e\",\"line\nbreak\",\n";
        assert_eq!(written(Shape::Csv).replace("1e+300", "1e300"), expected);
    }

    #[test]
    fn json_lines_keep_the_order_of_columns() {
        let lines = written(Shape::JsonLines);
        assert_eq!(lines.lines().next().unwrap(), r#"{"id":"a,b","x":"","n":1.0}"#);
        assert_eq!(lines.lines().count(), 3);
    }

    #[test]
    fn parquet_is_parquet() {
        assert!(written(Shape::Parquet).starts_with("PAR1"));
    }

    #[test]
    fn progress_is_told_and_stops_it() {
        let told = RefCell::new(Vec::new());
        let rows = ROWS_AT_A_TIME + 1;
        let ids = ColumnValues::Integer((0..).map(Some).take(rows).collect());
        let table = MemberTable { columns: vec![ValueColumn { name: "id".to_owned(), values: ids }], rows };
        for shape in [Shape::Csv, Shape::JsonLines] {
            told.borrow_mut().clear();
            let tell = |rows| {
                told.borrow_mut().push(rows);
                Ok(())
            };
            write_rows(&table, &mut Vec::new(), shape, &tell).unwrap();
            assert_eq!(*told.borrow(), [0, ROWS_AT_A_TIME, rows]);
            let stop = |rows| if rows > 0 { Err(io::Error::other("stop")) } else { Ok(()) };
            let mut out = Vec::new();
            assert!(write_rows(&table, &mut out, shape, &stop).is_err());
            assert!(out.len() < rows * 12);
        }
    }
}
