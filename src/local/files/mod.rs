//! Databases: folders of Parquet and CSV with an optional manifest (`docs/reference/database.md`).
//!
//! [`open()`] reads a folder into a [`LocalDatabase`]: what it is, and the rows of its tables. Parquet is read in place; CSV is typed and kept as Parquet in the user's cache,
//! where there is one, else held in memory. A damaged table disables only itself. Nothing in this module ever
//! writes into a database folder.

mod activation_id;
mod carried_error;
mod cast;
mod column_builder;
mod csv;
mod csv_copy;
mod file_state;
mod file_states;
mod fingerprint;
mod id_file;
mod id_texts;
mod key_columns;
mod list_tables;
mod local_database;
mod local_table;
mod lookups;
mod manifest;
mod manifest_draft;
mod open;
mod parquet;
mod query_table;
mod read_task;
mod roles;
mod source_snapshot;
mod sources;
mod table;
mod table_frame;
mod text_rows;
mod type_mapping;
mod value_parser;

pub(crate) use carried_error::carried;
pub(crate) use file_states::file_state;
pub(crate) use fingerprint::Fingerprints;
pub use id_file::IdFile;
pub(crate) use id_file::{read_id_file, read_ids};
pub(crate) use id_texts::id_texts;
pub(crate) use list_tables::ListTables;
pub use local_database::LocalDatabase;
/// A Parquet file as the content of a table.
///
/// # Errors
/// It cannot be read.
pub(crate) fn read_parquet(file: &std::path::Path) -> Result<LocalContent, crate::database::TableError> {
    let files = [file.to_owned()];
    let scan = parquet::scan(&files, parquet::Union::default(), &key_columns::KeyColumns::default())?;
    Ok(LocalContent::of_scan(scan, &files))
}
pub use local_table::{LocalContent, LocalTable};
pub use manifest_draft::{ManifestDraft, draft_manifest};
pub use open::{OpenFilesError, open, open_with};
pub(crate) use parquet::nearest_doubles;
pub(crate) use query_table::query_table;
pub use table_frame::TableFrame;
