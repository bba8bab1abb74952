//! CSV tables: read exactly, typed by what their values look like (`docs/reference/database.md`, Types).

mod blocks;
mod csv_files;
mod decompress;
mod error;
mod header;
mod parallel_pass;
mod record_boundary;
mod records;
mod settings;
mod text;
mod type_inference;
mod typed_csv;

pub use header::{first_type, header};
pub(crate) use settings::CsvSettings;
pub use text::text;
pub use typed_csv::read;
pub(crate) use typed_csv::{CsvRequest, STAGES, TypedCsv};
