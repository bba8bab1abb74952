//! Parquet tables: read in place, by positions in the file; nothing is mapped. Opening one reads only the footers of
//! its files. What stands between a file and polars: the footer and the headers of pages are checked before anything
//! is decoded, polars is handed some pages of one column at a time, and what still fails within it is an error of that
//! column.

mod arrow;
mod columns;
mod convert;
mod exact;
mod file;
mod footer;
mod pages;
mod read_at;
mod rows;
mod scan;
mod schema;
mod small_file;
#[cfg(test)]
mod tests;
mod thrift;
mod types;

pub(crate) use columns::{LeftOut, Union};
pub(crate) use convert::nearest_doubles;
pub(crate) use rows::ParquetRows;
pub(crate) use scan::{Scan, header, scan, scan_as_written};
