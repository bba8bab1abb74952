//! What a database is, as plain data: tables, columns, types, roles, activation IDs, lookups.
//!
//! A [`DatabaseView`] is what the language sees of one through an activation ID. There are no rows here and no
//! files are read: a backend does that.

mod change;
mod columns;
mod database;
mod error;
mod note;
mod roles;
mod table;
mod usual_attributes;
mod view;

pub use change::{Change, ChangeKind};
pub(crate) use columns::shown_name;
pub use columns::{Column, Columns};
pub use database::{ActivationId, Database};
pub use error::{DatabaseError, TableError};
pub use note::Note;
pub use roles::{ItemsColumns, Roles};
pub(crate) use table::Lookup;
pub use table::{Content, Origin, Table};
pub use view::DatabaseView;

pub(crate) use error::{did_you_mean, quoted_list};
pub(crate) use note::{joined, setting, toml_key, toml_text};
pub(crate) use roles::STANDARD_ITEMS;
