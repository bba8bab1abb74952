//! The impure rim: terminal, event loop, background jobs, signals.

mod all_tests;
mod case;
mod clean_up;
mod clipboard;
mod documents;
mod event_loop;
mod export;
mod failures;
mod folders;
mod jobs;
pub(crate) mod keymap_file;
mod launch;
mod list_preview;
mod lock_wait;
mod look;
pub mod open;
mod open_backends;
mod other_drafts;
mod panic_report;
mod preparation;
mod questions;
pub mod services;
mod signals;
mod sql_export;
pub mod state_file;
mod terminal;
mod theme_files;
mod watcher;
mod writer;

pub(crate) use case::{SaveCaseError, save_case};
pub(crate) use launch::run;
pub(crate) use launch::{Launch, today};
pub(crate) use look::AskedLook;
pub(crate) use preparation::Steps;
pub(crate) use theme_files::read_themes;
