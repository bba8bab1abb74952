//! CSV tables: read exactly, typed by what their values look like (`docs/reference/database.md`, Types).

mod blocks;
mod csv_files;
mod currency;
mod date_format;
mod decompress;
mod error;
mod header;
mod number_marks;
mod open_types;
mod parallel_pass;
mod record_boundary;
mod records;
mod settings;
mod suggestions;
mod text;
mod type_inference;
mod typed_csv;
mod usual_dates;
mod usual_words;
mod value_rules;

pub use header::{first_type, header};
pub(crate) use settings::CsvSettings;
pub use text::text;
pub use typed_csv::read;
pub(crate) use typed_csv::{CsvRequest, STAGES, TypedCsv};
pub(crate) use value_rules::{DateReading, ValueRules};
