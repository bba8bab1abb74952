//! Members as a Parquet file.

use std::io::{self, Write};
use std::ops::Range;

use polars::prelude::{
    Column, DataFrame, DataType, Int128Chunked, IntoColumn, IntoSeries, NamedFrom, ParquetWriter,
    PolarsResult, Series, TimeUnit,
};
use rayon::prelude::*;

use crate::backend::{ColumnValues, MemberTable, ValueColumn};

/// Of a decimal number.
const MOST_DIGITS: usize = 38;
/// How many rows a row group has.
const ROWS_OF_GROUP: usize = 1 << 17;

/// Writes members as a Parquet file, each column in the type that it has in its table. As many row groups as there are
/// cores are made at a time; `progress` is told how many rows are written, and says why it stops.
///
/// # Errors
/// Those of the writer and of `progress`.
pub fn write_parquet(
    table: &MemberTable,
    to: &mut (impl Write + Send),
    progress: &dyn Fn(usize) -> io::Result<()>,
) -> io::Result<()> {
    let schema = frame(table, 0..0).map_err(io::Error::other)?.schema().clone();
    let writer = ParquetWriter::new(to).batched(&schema).map_err(io::Error::other)?;
    let at_once = rayon::current_num_threads().max(1);
    let groups = table.rows.div_ceil(ROWS_OF_GROUP);
    for first in (0..groups).step_by(at_once) {
        let last = (first + at_once).min(groups);
        let encoded = (first..last).into_par_iter().map(|group| {
            let start = group * ROWS_OF_GROUP;
            let frame = frame(table, start..(start + ROWS_OF_GROUP).min(table.rows))?;
            writer.encode_and_compress(&frame).collect::<PolarsResult<Vec<_>>>()
        });
        let encoded = encoded.collect::<PolarsResult<Vec<_>>>();
        let written = encoded.and_then(|groups| writer.write_row_groups(groups.into_iter().flatten().collect()));
        written.map_err(io::Error::other)?;
        progress((last * ROWS_OF_GROUP).min(table.rows))?;
    }
    writer.finish().map(drop).map_err(io::Error::other)
}

/// Some of the rows.
fn frame(table: &MemberTable, rows: Range<usize>) -> PolarsResult<DataFrame> {
    let columns = table.columns.iter().map(|values| column(values, rows.clone()));
    DataFrame::new(rows.len(), columns.collect::<PolarsResult<Vec<Column>>>()?)
}

/// Where a column is shorter than the table, no values: the frame has columns of one length, or is an error.
fn part<T>(values: &[T], rows: Range<usize>) -> &[T] {
    values.get(rows).unwrap_or_default()
}

fn column(column: &ValueColumn, rows: Range<usize>) -> PolarsResult<Column> {
    let name = column.name.as_str().into();
    Ok(match &column.values {
        ColumnValues::String(values) => {
            let texts: Vec<Option<&str>> = part(values, rows).iter().map(Option::as_deref).collect();
            Series::new(name, texts).into_column()
        }
        ColumnValues::Integer(values) => Series::new(name, part(values, rows)).into_column(),
        ColumnValues::Decimal(values) => Series::new(name, part(values, rows)).into_column(),
        ColumnValues::Exact { parts, decimals } => {
            let parts: Int128Chunked = part(parts, rows).iter().copied().collect();
            parts.with_name(name).into_decimal(MOST_DIGITS, *decimals as usize)?.into_series().into_column()
        }
        ColumnValues::Boolean(values) => Series::new(name, part(values, rows)).into_column(),
        ColumnValues::Date(values) => {
            Series::new(name, part(values, rows)).cast(&DataType::Date)?.into_column()
        }
        ColumnValues::Datetime(values) => {
            let data_type = DataType::Datetime(TimeUnit::Microseconds, None);
            Series::new(name, part(values, rows)).cast(&data_type)?.into_column()
        }
    })
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::Cursor;

    use polars::prelude::{ParquetReader, SerReader};

    use super::*;

    fn texts(values: Vec<Option<String>>) -> MemberTable {
        let rows = values.len();
        let values = ColumnValues::String(values);
        MemberTable { columns: vec![ValueColumn { name: "id".to_owned(), values }], rows }
    }

    fn read_back(table: &MemberTable) -> (DataFrame, Vec<usize>) {
        let (mut bytes, told) = (Vec::new(), RefCell::new(Vec::new()));
        let tell = |rows| {
            told.borrow_mut().push(rows);
            Ok(())
        };
        write_parquet(table, &mut bytes, &tell).unwrap();
        (ParquetReader::new(Cursor::new(bytes)).finish().unwrap(), told.into_inner())
    }

    #[test]
    fn rows_stay_in_their_order_over_all_groups() {
        let rows = ROWS_OF_GROUP * 3 + 5;
        let values: Vec<Option<String>> =
            (0..rows).map(|row| (row % 7 > 0).then(|| format!("id {row}"))).collect();
        let (frame, told) = read_back(&texts(values.clone()));
        assert_eq!(told.last(), Some(&rows));
        let read = frame.column("id").unwrap().str().unwrap();
        assert!(read.iter().eq(values.iter().map(Option::as_deref)));
    }

    #[test]
    fn nobody_is_a_file_with_columns() {
        let (frame, _) = read_back(&texts(Vec::new()));
        assert_eq!((frame.height(), frame.width()), (0, 1));
        assert_eq!(frame.column("id").unwrap().dtype(), &DataType::String);
    }

    #[test]
    fn a_column_that_is_too_short_is_an_error() {
        let table = MemberTable { rows: 3, ..texts(vec![None, None]) };
        assert!(write_parquet(&table, &mut Vec::new(), &|_| Ok(())).is_err());
    }

    #[test]
    fn decimals_stay_as_written() {
        let values = ColumnValues::Exact { parts: vec![Some(9_999_999_999_999_999_999), None], decimals: 2 };
        let column = column(&ValueColumn { name: "n".to_owned(), values }, 0..2).unwrap();
        assert_eq!(column.dtype(), &DataType::Decimal(38, 2));
        assert_eq!(column.get(0).unwrap().to_string(), "99999999999999999.99");
    }
}
