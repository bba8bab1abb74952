//! Whether what is to be written has room.

use std::io::{self, Write};
use std::path::Path;

use super::format::{Format, Packing, Shape};
use super::packing::Packer;
use super::rows::write_rows;
use crate::backend::{ColumnValues, MemberTable, ValueColumn};
use crate::file_system::{free_space, parent};

/// How many rows are written to find out how long they are.
const SAMPLE: usize = 1000;

/// Finds out before anything is written whether a file has room on its disk, where the system says how much there is.
///
/// # Errors
/// It has not (`StorageFull`).
pub(crate) fn check_space(table: &MemberTable, path: &Path, format: Format) -> io::Result<()> {
    match free_space(&parent(path)) {
        Ok(Some(free)) => has_room(estimate(table, format)?, free),
        // Whoever writes will see.
        Ok(None) | Err(_) => Ok(()),
    }
}

fn has_room(needed: u64, free: u64) -> io::Result<()> {
    if needed <= free {
        return Ok(());
    }
    let size = |bytes| bytesize::ByteSize(bytes).display().si();
    let message = format!("the disk has {} left, and about {} are needed", size(free), size(needed));
    Err(io::Error::new(io::ErrorKind::StorageFull, message))
}

/// About how many bytes a file takes, from rows of all of it. What is compressed can be much shorter as a whole.
fn estimate(table: &MemberTable, format: Format) -> io::Result<u64> {
    let sample = sample(table);
    let mut bytes = Packer::new(Count(0), format.packing)?;
    write_rows(&sample, &mut bytes, format.shape, &|_| Ok(()))?;
    let Count(bytes) = bytes.finish()?;
    let all = bytes.saturating_mul(table.rows as u64).checked_div(sample.rows as u64).unwrap_or(bytes);
    let is_compressed = format.packing != Packing::None || format.shape == Shape::Parquet;
    Ok(if is_compressed { all / 4 } else { all })
}

/// Rows from all of a table.
fn sample(table: &MemberTable) -> MemberTable {
    let step = table.rows.div_ceil(SAMPLE).max(1);
    fn take<T: Clone>(values: &[T], step: usize) -> Vec<T> {
        values.iter().step_by(step).cloned().collect()
    }
    let values = |values: &ColumnValues| match values {
        ColumnValues::String(values) => ColumnValues::String(take(values, step)),
        ColumnValues::Integer(values) => ColumnValues::Integer(take(values, step)),
        ColumnValues::Decimal(values) => ColumnValues::Decimal(take(values, step)),
        ColumnValues::Exact { parts, decimals } => {
            ColumnValues::Exact { parts: take(parts, step), decimals: *decimals }
        }
        ColumnValues::Boolean(values) => ColumnValues::Boolean(take(values, step)),
        ColumnValues::Date(values) => ColumnValues::Date(take(values, step)),
        ColumnValues::Datetime(values) => ColumnValues::Datetime(take(values, step)),
    };
    let column =
        |column: &ValueColumn| ValueColumn { name: column.name.clone(), values: values(&column.values) };
    MemberTable { columns: table.columns.iter().map(column).collect(), rows: table.rows.div_ceil(step) }
}

/// Counts the bytes that are written to it.
struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_is_near_what_is_written() {
        let rows = 12_345;
        let ids = (0..rows).map(|row| Some(format!("id-{row:05}"))).collect();
        let columns = vec![ValueColumn { name: "id".to_owned(), values: ColumnValues::String(ids) }];
        let table = MemberTable { columns, rows };
        let estimate = estimate(&table, Format::CSV).unwrap();
        assert!(estimate.abs_diff(rows as u64 * 9) < 1000, "{estimate}");
        let none = MemberTable { columns: table.columns.clone(), rows: 0 };
        assert!(super::estimate(&none, Format::JSON_LINES).unwrap() < 100);
    }

    #[test]
    fn too_little_room_is_said_before() {
        assert!(has_room(1000, 1000).is_ok());
        let error = has_room(2_000_000, 1000).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(error.to_string(), "the disk has 1.0 kB left, and about 2.0 MB are needed");
    }
}
