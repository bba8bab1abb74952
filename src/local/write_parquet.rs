//! Members as a Parquet file.

use std::io::{self, Write};

use polars::prelude::{
    Column, DataFrame, DataType, Int128Chunked, IntoColumn, IntoSeries, NamedFrom, ParquetWriter,
    PolarsResult, Series, TimeUnit,
};

use crate::backend::{ColumnValues, MemberTable, ValueColumn};

/// Of a decimal number.
const MOST_DIGITS: usize = 38;

/// Writes members as a Parquet file, each column in the type that it has in its table.
///
/// # Errors
/// The writer fails.
pub fn write_parquet(table: &MemberTable, writer: &mut impl Write) -> io::Result<()> {
    let columns = table.columns.iter().map(column).collect::<PolarsResult<Vec<Column>>>();
    let frame = columns.and_then(|columns| DataFrame::new(table.rows, columns));
    let written = frame.and_then(|mut frame| ParquetWriter::new(writer).finish(&mut frame));
    written.map(drop).map_err(io::Error::other)
}

fn column(column: &ValueColumn) -> PolarsResult<Column> {
    let name = column.name.as_str().into();
    Ok(match &column.values {
        ColumnValues::String(values) => Series::new(name, values).into_column(),
        ColumnValues::Integer(values) => Series::new(name, values).into_column(),
        ColumnValues::Decimal(values) => Series::new(name, values).into_column(),
        ColumnValues::Exact { parts, decimals } => {
            let parts: Int128Chunked = parts.iter().copied().collect();
            parts.with_name(name).into_decimal(MOST_DIGITS, *decimals as usize)?.into_series().into_column()
        }
        ColumnValues::Boolean(values) => Series::new(name, values).into_column(),
        ColumnValues::Date(values) => Series::new(name, values).cast(&DataType::Date)?.into_column(),
        ColumnValues::Datetime(values) => {
            let data_type = DataType::Datetime(TimeUnit::Microseconds, None);
            Series::new(name, values).cast(&data_type)?.into_column()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parquet_is_parquet() {
        let ids = ColumnValues::String(vec![Some("7".to_owned()), None]);
        let table =
            MemberTable { columns: vec![ValueColumn { name: "id".to_owned(), values: ids }], rows: 2 };
        let mut bytes = Vec::new();
        write_parquet(&table, &mut bytes).unwrap();
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    }

    #[test]
    fn decimals_stay_as_written() {
        let values = ColumnValues::Exact { parts: vec![Some(9_999_999_999_999_999_999), None], decimals: 2 };
        let column = column(&ValueColumn { name: "n".to_owned(), values }).unwrap();
        assert_eq!(column.dtype(), &DataType::Decimal(38, 2));
        assert_eq!(column.get(0).unwrap().to_string(), "99999999999999999.99");
    }
}
