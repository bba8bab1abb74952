//! The terminal program as a pure state machine: an event goes in, the state changes, effects come out.
//!
//! Nothing here does I/O, starts a thread, reads a clock or runs a query. The day, the size of the
//! terminal and the seed of new ids come in as data.

pub mod action;
pub mod action_use;
mod answers;
mod app;
pub mod available_lists;
mod case_request;
mod cases;
mod chosen_day;
mod command;
mod context;
mod copying;
mod databases;
mod day;
mod documents;
mod drafts;
pub mod effect;
pub mod event;
mod examples;
mod exporting;
mod exports;
pub mod field;
mod file_path;
pub(crate) mod fuzzy;
mod globals;
mod graphemes;
pub mod keymap;
mod keys;
mod layer;
pub mod layers;
mod leaving;
mod lifecycle;
pub mod message;
mod name_search;
pub mod number;
pub mod pasted;
pub mod pick;
pub(crate) mod prompt;
mod remembered;
mod requests;
mod route;
mod segment_file;
mod session;
mod subject_search;
pub mod test_kind;
mod test_results;
pub mod theme_choice;
mod theme_picker;
mod typed;
mod view;
pub(crate) mod what_if;

pub use app::{App, Start};
pub(crate) use command::Naming;
pub use databases::DatabaseState;
pub use layers::stack::Screen;
