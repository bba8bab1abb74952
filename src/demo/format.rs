//! How the tables of a demo database are written.

/// File format of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Parquet, compressed with zstd.
    Parquet {
        /// 1 (fast) to 22 (small).
        zstd_level: i32,
    },
    /// CSV with a header line.
    Csv,
}

impl Default for Format {
    fn default() -> Self {
        Self::Parquet { zstd_level: 3 }
    }
}
