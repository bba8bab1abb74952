//! CSV tables: read exactly, typed by what their values look like (`docs/reference/database.md`, Types).

mod blocks;
mod csv_files;
mod currency;
mod date_format;
mod decompress;
mod detect;
mod dialect;
mod encoding;
mod error;
mod head;
mod header;
mod line_ends;
mod notes;
mod number_marks;
mod open_types;
mod parallel_pass;
mod record_boundary;
mod records;
mod request;
mod settings;
mod shape;
mod suggestions;
mod text;
mod type_inference;
mod typed_csv;
mod usual_dates;
mod usual_words;
mod value_rules;

pub use head::{first_type, header};
pub(crate) use request::CsvRequest;
pub(crate) use settings::CsvSettings;
pub use text::text;
pub use typed_csv::read;
pub(crate) use typed_csv::{STAGES, TypedCsv};
pub(crate) use value_rules::{DateReading, ValueRules};
