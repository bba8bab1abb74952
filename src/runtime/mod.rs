//! The impure rim: terminal, event loop, background jobs, signals.

mod clipboard;
mod documents;
mod event_loop;
mod failures;
mod folders;
mod jobs;
mod launch;
mod list_preview;
pub mod open;
mod open_backends;
mod questions;
pub mod services;
mod signals;
mod sql_export;
mod terminal;

pub(crate) use launch::Launch;
pub use launch::run;
