//! Tables to files: row groups are encoded by many threads and appended in order.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::Path;

use anyhow::{Context, Result};
use polars::io::parquet::write::BatchedWriter;
use polars::polars_utils::compression::ZstdLevel;
use polars::prelude::{
    CsvWriter, DataFrame, ParquetCompression, ParquetWriter, PolarsError, RowGroupIterColumns, Schema,
    SerWriter,
};

use super::options::TableFormat;

/// A table file that grows by row groups.
pub(crate) enum TableFile {
    Parquet(Box<BatchedWriter<BufWriter<File>>>),
    /// CSV with a header line.
    Csv(BufWriter<File>),
}

/// Rows in the form in which they are written.
pub(crate) enum Encoded {
    /// Column chunks of row groups.
    Parquet(Vec<RowGroupIterColumns<'static, PolarsError>>),
    /// Lines.
    Csv(Vec<u8>),
}

impl TableFile {
    /// Creates the file of a table in a folder.
    pub fn create(folder: &Path, name: &str, format: TableFormat, schema: &Schema) -> Result<Self> {
        let extension = match format {
            TableFormat::Parquet { .. } => "parquet",
            TableFormat::Csv => "csv",
        };
        let path = folder.join(format!("{name}.{extension}"));
        let file = File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
        let file = BufWriter::new(file);
        Ok(match format {
            TableFormat::Parquet { zstd_level } => {
                let writer = ParquetWriter::new(file)
                    .with_compression(ParquetCompression::Zstd(Some(ZstdLevel::try_new(zstd_level)?)));
                Self::Parquet(Box::new(writer.batched(schema)?))
            }
            TableFormat::Csv => {
                let mut header = Vec::new();
                csv(&mut header, true).finish(&mut DataFrame::empty_with_schema(schema))?;
                let mut file = file;
                file.write_all(&header)?;
                Self::Csv(file)
            }
        })
    }

    /// Encodes rows; may be called by many threads.
    pub(crate) fn encode(&self, mut rows: DataFrame) -> Result<Encoded> {
        Ok(match self {
            Self::Parquet(writer) => {
                Encoded::Parquet(writer.encode_and_compress(&rows).collect::<Result<_, _>>()?)
            }
            Self::Csv(_) => {
                let mut lines = Vec::new();
                csv(&mut lines, false).finish(&mut rows)?;
                Encoded::Csv(lines)
            }
        })
    }

    pub fn append(&mut self, rows: Encoded) -> Result<()> {
        match (self, rows) {
            (Self::Parquet(writer), Encoded::Parquet(groups)) => writer.write_row_groups(groups)?,
            (Self::Csv(file), Encoded::Csv(lines)) => file.write_all(&lines)?,
            _ => anyhow::bail!("rows of another format"),
        }
        Ok(())
    }

    /// Completes the file.
    pub fn finish(self) -> Result<()> {
        match self {
            Self::Parquet(writer) => {
                writer.finish()?;
            }
            Self::Csv(mut file) => file.flush()?,
        }
        Ok(())
    }
}

fn csv(lines: &mut Vec<u8>, header: bool) -> CsvWriter<&mut Vec<u8>> {
    let batch = NonZeroUsize::new(4096).unwrap_or(NonZeroUsize::MIN);
    CsvWriter::new(lines)
        .include_header(header)
        .with_batch_size(batch)
        .with_datetime_format(Some("%Y-%m-%d %H:%M:%S".into()))
        .n_threads(1)
}
