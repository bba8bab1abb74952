//! Databases: folders of Parquet and CSV with an optional manifest (`docs/reference/database.md`).
//!
//! [`open`] reads a folder into a [`LocalDatabase`]: what it is, and the rows of its tables. Parquet is read in place; CSV is typed and kept as Parquet in the user's cache,
//! where there is one, else held in memory. A damaged table disables only itself. Nothing in this module ever
//! writes into a database folder.

mod cells;
mod copy;
mod csv;
mod discover;
mod files;
mod fingerprint;
mod held;
mod id_file;
mod id_texts;
mod ids;
mod list_tables;
mod local_database;
mod local_table;
mod lookups;
mod manifest;
mod open;
mod opened_on;
mod parquet;
mod returned;
mod retype;
mod roles;
mod table;
mod texts;
mod values;
mod work;

pub use files::file_state;
pub use fingerprint::Fingerprints;
pub use id_file::{IdFile, read_id_file, read_ids};
pub use id_texts::id_texts;
pub use list_tables::ListTables;
pub use local_database::LocalDatabase;
pub use local_table::{LocalContent, LocalTable};
pub use open::{NotOpened, open, open_with};
pub use returned::returned;
pub use work::Work;
