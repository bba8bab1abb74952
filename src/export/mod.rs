//! Members handed on: as CSV, JSON lines or Parquet, text also compressed, in a file that appears when it is complete.
//!
//! [`Format`] is what the ending of a file says, `write_rows` writes members in it. An `ExportFile` is the file in the
//! making: a temporary one in the same folder, which takes its place at the end or is gone.

mod cells;
mod csv;
mod destination;
#[cfg(test)]
mod faults;
mod file;
mod format;
mod json_lines;
mod packing;
mod parquet;
mod rows;
mod space;

pub(crate) use destination::{follow, owner_of_folder};
pub(crate) use file::ExportFile;
pub use format::{Format, Packing, Shape};
pub(crate) use packing::Packer;
pub(crate) use rows::write_rows;
pub(crate) use space::check_space;
