//! Puts the rows of a table into another order than that of the customers.
//!
//! Rows are made customer by customer. A table in another order is first dealt out to slices, each a temporary
//! file with a range of the wanted order; at the end one slice after the other is sorted and written. Memory
//! depends on the size of a slice, not on that of the population.

use std::fs::{self, File};
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use polars::prelude::*;
use rayon::prelude::*;

use super::calendar::{DAY, FIRST_DAY, LAST_SECOND};
use super::options::{RowOrder, TableFormat};
use super::random::mix;
use super::write::TableFile;

/// The column that stands for time where rows are in order of it.
const TIME: &str = "order_datetime";
/// The column of a slice that it is sorted by.
const KEY: &str = "sort key";
/// Rows that a slice holds back before it writes them.
const HELD_ROWS: usize = 1 << 14;
/// Rows of a row group of the table.
const GROUP_ROWS: usize = 1 << 17;

/// What the rows of a table are sorted by.
#[derive(Clone, Copy)]
enum SortKey {
    Time,
    /// A number drawn for each row from this seed.
    Random(u64),
}

/// The rows of one table on their way into another order.
pub(crate) struct Reordered {
    key: SortKey,
    slices: Vec<Slice>,
    /// Rows so far.
    rows: u64,
}

/// The rows of a range of keys.
struct Slice {
    path: PathBuf,
    file: TableFile,
    held: Option<DataFrame>,
}

impl Reordered {
    /// For a table of this name and schema; `None` where it stays in the order of the customers. `folder` is for
    /// temporary files.
    pub fn new(
        folder: &Path,
        (name, schema): (&str, &Schema),
        (order, seed): (RowOrder, u64),
        slices: u32,
    ) -> Result<Option<Self>> {
        let key = match order {
            RowOrder::Time if schema.contains(TIME) => SortKey::Time,
            RowOrder::Random => {
                SortKey::Random(name.bytes().fold(seed, |seed, byte| mix(seed ^ u64::from(byte))))
            }
            RowOrder::Time | RowOrder::Customer => return Ok(None),
        };
        let mut schema = schema.clone();
        schema.with_column(KEY.into(), DataType::Int64);
        let slice = |number: u32| -> Result<Slice> {
            let name = format!("{name}.{number}");
            let file = TableFile::create(folder, &name, TableFormat::Parquet { zstd_level: 1 }, &schema)?;
            Ok(Slice { path: folder.join(format!("{name}.parquet")), file, held: None })
        };
        let slices = (0..slices.max(1)).map(slice).collect::<Result<_>>()?;
        Ok(Some(Self { key, slices, rows: 0 }))
    }

    /// Takes the next rows in the order of the customers.
    pub fn append(&mut self, mut rows: DataFrame) -> Result<()> {
        let keys = self.keys(&rows)?;
        self.rows += rows.height() as u64;
        let whole = self.range();
        let of_slice = |number: usize| -> Vec<IdxSize> {
            let mine =
                (0..).zip(&keys).filter(|(_, key)| slice_of(**key, &whole, self.slices.len()) == number);
            mine.map(|(row, _)| row).collect()
        };
        let mine: Vec<Vec<IdxSize>> = (0..self.slices.len()).into_par_iter().map(of_slice).collect();
        rows.with_column(Column::new(KEY.into(), &keys))?;
        self.slices
            .par_iter_mut()
            .zip(mine)
            .try_for_each(|(slice, mine)| slice.append(rows.take(&IdxCa::from_vec(KEY.into(), mine))?))
    }

    /// Writes all rows in order.
    pub fn finish(self, to: &mut TableFile) -> Result<()> {
        for slice in self.slices {
            let rows = slice.sorted()?;
            let starts: Vec<usize> = (0..rows.height()).step_by(GROUP_ROWS).collect();
            let group = |start: &usize| to.encode(rows.slice(i64::try_from(*start)?, GROUP_ROWS));
            let groups: Vec<_> = starts.par_iter().map(group).collect::<Result<_>>()?;
            groups.into_iter().try_for_each(|group| to.append(group))?;
        }
        Ok(())
    }

    /// What the next rows are sorted by.
    fn keys(&self, rows: &DataFrame) -> Result<Vec<i64>> {
        Ok(match self.key {
            SortKey::Time => {
                let times = rows.column(TIME)?.datetime()?.physical();
                times.iter().map(Option::unwrap_or_default).collect()
            }
            SortKey::Random(seed) => (self.rows..)
                .take(rows.height())
                .map(|row| i64::from_ne_bytes((mix(seed.wrapping_add(row)) >> 1).to_ne_bytes()))
                .collect(),
        })
    }

    /// Between which numbers keys lie.
    fn range(&self) -> Range<i64> {
        match self.key {
            SortKey::Time => FIRST_DAY * DAY * 1_000_000..(LAST_SECOND + 1) * 1_000_000,
            SortKey::Random(_) => 0..i64::MAX,
        }
    }
}

impl Slice {
    fn append(&mut self, rows: DataFrame) -> Result<()> {
        let mut rows = match self.held.take() {
            Some(held) => held.vstack(&rows)?,
            None => rows,
        };
        if rows.height() < HELD_ROWS {
            self.held = Some(rows);
            return Ok(());
        }
        rows.rechunk_mut();
        let encoded = self.file.encode(rows)?;
        self.file.append(encoded)
    }

    /// All its rows in order, those of the same key as they came. The file is gone then.
    fn sorted(mut self) -> Result<DataFrame> {
        if let Some(mut held) = self.held.take() {
            held.rechunk_mut();
            let encoded = self.file.encode(held)?;
            self.file.append(encoded)?;
        }
        self.file.finish()?;
        let file = File::open(&self.path).with_context(|| format!("cannot read {}", self.path.display()))?;
        let rows = ParquetReader::new(file).finish()?;
        fs::remove_file(&self.path)?;
        let mut keys: Vec<(i64, IdxSize)> = Vec::with_capacity(rows.height());
        for (key, row) in rows.column(KEY)?.i64()?.iter().zip(0..) {
            let Some(key) = key else { bail!("a row without a key in {}", self.path.display()) };
            keys.push((key, row));
        }
        keys.par_sort_unstable();
        let order = IdxCa::from_vec(KEY.into(), keys.into_iter().map(|(_, row)| row).collect());
        Ok(rows.drop(KEY)?.take(&order)?)
    }
}

/// In which of so many slices of a range a key is.
fn slice_of(key: i64, whole: &Range<i64>, slices: usize) -> usize {
    let length = i128::from(whole.end) - i128::from(whole.start);
    let slice = (i128::from(key) - i128::from(whole.start)) * slices as i128 / length.max(1);
    usize::try_from(slice.max(0)).unwrap_or_default().min(slices.saturating_sub(1))
}
