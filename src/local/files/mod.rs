//! Databases: folders of Parquet and CSV with an optional manifest (`database.md`).
//!
//! [`open`] reads a folder into a [`Database`]; a [`DatabaseView`] is what the language sees of one
//! through an activation ID. Parquet is read in place; CSV is typed and kept as Parquet in the user's cache,
//! where there is one, else held in memory. A damaged table disables only itself. Nothing in this module ever
//! writes into a database folder.

mod cells;
mod change;
mod copy;
mod csv;
mod database;
mod discover;
mod error;
mod files;
mod fingerprint;
mod held;
mod id_file;
mod id_texts;
mod ids;
mod list_tables;
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
mod view;
mod work;

pub use change::{Change, Fate};
pub use database::*;
pub use error::{DatabaseError, TableError};
pub use files::file_state;
pub use fingerprint::Fingerprints;
pub use id_file::{IdFile, read_id_file, read_ids};
pub use id_texts::id_texts;
pub use list_tables::{ListFile, ListFiles, ListTables};
pub use open::{NotOpened, open, open_with};
pub use returned::returned;
pub use texts::text_rows;
pub use view::DatabaseView;
pub use work::Work;
