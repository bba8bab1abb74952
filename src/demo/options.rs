//! What is to be generated.

use std::path::PathBuf;

/// File format of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TableFormat {
    /// Parquet, compressed with zstd.
    Parquet {
        /// 1 (fast) to 22 (small).
        zstd_level: i32,
    },
    /// CSV with a header line.
    Csv,
}

impl Default for TableFormat {
    fn default() -> Self {
        Self::Parquet { zstd_level: 3 }
    }
}

/// In which order the rows of a table stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RowOrder {
    /// All tables by customer.
    Customer,
    /// Orders and items by time, as shops record them; all other tables by customer.
    #[default]
    Time,
    /// All tables at random.
    Random,
}

/// What to generate.
#[derive(Clone, Debug)]
pub(crate) struct DemoOptions {
    /// Folder of the new database; it must not exist, or be empty.
    pub out: PathBuf,
    /// Number of customers.
    pub customers: u32,
    /// Same seed, same data.
    pub seed: u64,
    /// File format of the tables.
    pub format: TableFormat,
    /// Order of the rows.
    pub order: RowOrder,
}

/// How far the generator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DemoProgress {
    /// Steps done.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
}
