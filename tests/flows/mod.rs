//! Key scripts: press these, expect that state, that screen, that file.

pub mod harness;
pub mod walk;
pub mod actions;
mod databases;
mod edits;
mod saving;
