//! Which files make up which table, and what each of them is: names, folders, first bytes.

mod discover;
mod file_kind;
mod file_names;
mod other_files;
mod partition_keys;
mod table_files;
mod table_folder;

pub(crate) use discover::discover;
pub(crate) use file_kind::Packing;
pub(crate) use file_names::{FileFormat, format_of, stem};
pub(crate) use other_files::notes;
pub(crate) use table_files::{TableSource, TableSources, settle};
pub(crate) use table_folder::refuse_log;
