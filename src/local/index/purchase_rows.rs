//! Which rows of the items table can be purchases, and when they were.

use std::sync::Arc;

use crate::backend::BackendError;
use crate::database::{ItemsColumns, Table};
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::{Bitmap, Chunk, Dictionary, LogicalType};
use crate::local::error::unreadable;
use crate::local::predicate::column_predicate::ColumnPredicate;
use crate::local::predicate::row_mask::RowMask;

/// The rows of a chunk that have a date and that no flag drops.
pub(crate) struct PurchaseRows {
    counted: Bitmap,
    dates: Arc<Chunk>,
}

impl PurchaseRows {
    /// # Errors
    /// A column holds something else than the manifest says of it; it cannot be read.
    pub fn read(
        source: ReadableTable<'_>,
        columns: &ItemsColumns,
        number: usize,
        reader: ChunkReader<'_>,
    ) -> Result<Self, BackendError> {
        let dates = reader.chunk(source, &columns.order_datetime, number)?;
        let mut counted = Bitmap::ones(dates.rows());
        if let Some(nulls) = dates.nulls() {
            counted.and_not(nulls)?;
        }
        if !is_dated(&dates) {
            return Err(no_dates(source.table, &columns.order_datetime));
        }
        for name in [&columns.is_return, &columns.is_cancellation] {
            if source.table.column(name).is_some() {
                let flags = reader.passing_chunk(source, name, number)?;
                counted.and_not(&dropped(source.table, name, &flags)?)?;
            }
        }
        Ok(Self { counted, dates })
    }

    /// Leaves only some of the rows.
    ///
    /// # Errors
    /// These are of another chunk.
    pub fn retain(&mut self, rows: &Bitmap) -> Result<(), BackendError> {
        Ok(self.counted.and(rows)?)
    }

    /// Leaves only the rows with an order id: the purchases, if their ids are of customers.
    ///
    /// # Errors
    /// The ids cannot be read.
    pub fn with_order_ids(
        mut self,
        source: ReadableTable<'_>,
        column: &str,
        number: usize,
        reader: ChunkReader<'_>,
    ) -> Result<Bitmap, BackendError> {
        let mut row = 0;
        for frame in reader.frames(source, &[column], number) {
            let frame = frame?;
            let ids = frame.column(column).map_err(unreadable(&source.table.name))?;
            if ids.null_count() > 0 {
                let nulls: Vec<bool> = ids.is_null().iter().map(|is_null| is_null == Some(true)).collect();
                let before = std::iter::repeat_n(false, row);
                let mut missing: Vec<bool> = before.chain(nulls).collect();
                missing.resize(self.counted.len(), false);
                self.counted.and_not(&Bitmap::from_values(&missing, |is_missing| is_missing))?;
            }
            row += frame.height();
        }
        Ok(self.counted)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.dates.rows()
    }

    /// Whether a row can be a purchase.
    #[inline]
    pub fn are_counted(&self, row: usize) -> bool {
        self.counted.get(row)
    }

    /// When they were; `None` if none of them can be a purchase.
    pub fn times(&self) -> Option<PurchaseTimes<'_>> {
        (self.counted.count_ones() > 0).then_some(PurchaseTimes { dates: &self.dates })
    }
}

/// The dates of the rows of a chunk.
#[derive(Clone, Copy)]
pub(crate) struct PurchaseTimes<'a> {
    dates: &'a Chunk,
}

impl PurchaseTimes<'_> {
    /// When a row with a date was, as the column counts: earlier is less.
    #[inline]
    pub fn get(self, row: usize) -> i64 {
        self.dates.dictionary().whole(self.dates.keys().get(row))
    }
}

fn is_dated(dates: &Chunk) -> bool {
    let is_dated = |logical_type| matches!(logical_type, LogicalType::Date | LogicalType::Datetime);
    match dates.dictionary() {
        Dictionary::Range { logical_type, .. } => is_dated(*logical_type) || is_all_null(dates),
        Dictionary::Strings(_) | Dictionary::Doubles(_) | Dictionary::Exact { .. } => false,
    }
}

fn is_all_null(chunk: &Chunk) -> bool {
    chunk.nulls().is_some_and(|nulls| nulls.count_ones() == nulls.len())
}

fn no_dates(table: &Table, column: &str) -> BackendError {
    BackendError::Unreadable {
        table: table.name.clone(),
        message: format!("column {column:?} holds no dates any more; open the database again"),
        help: None,
    }
}

/// The rows that a flag drops: true drops a row, false and NULL keep it. A flag that cannot be read must not pass for one
/// that keeps everything.
fn dropped(table: &Table, name: &str, flags: &Chunk) -> Result<Bitmap, BackendError> {
    let is_flag = ColumnPredicate::Boolean(true);
    match flags.dictionary() {
        // A column without any value has no type of its own.
        _ if is_all_null(flags) => Ok(Bitmap::zeros(flags.rows())),
        dictionary if is_flag.is_for(dictionary) => Ok(RowMask::new(&is_flag, flags)?.trues),
        dictionary => Err(BackendError::Unreadable {
            table: table.name.clone(),
            message: format!(
                "column {name:?} is {}, where purchases need true or false; \
                 correct it, or name another one under [roles.items_columns] in database.toml",
                type_name(dictionary)
            ),
            help: None,
        }),
    }
}

fn type_name(dictionary: &Dictionary) -> &'static str {
    match dictionary {
        Dictionary::Strings(_) => "string",
        Dictionary::Doubles(_) | Dictionary::Exact { .. } => "decimal",
        Dictionary::Range { logical_type, .. } => match logical_type {
            LogicalType::Integer => "integer",
            LogicalType::Decimal(_) | LogicalType::Exact(_) => "decimal",
            LogicalType::Boolean => "boolean",
            LogicalType::Date => "date",
            LogicalType::Datetime => "datetime",
        },
    }
}
