//! The editor of the open segment: what can be asked, what is asked, the answer.

mod act;
mod completion;
mod conditions;
pub mod criteria;
mod disabled;
mod edits;
mod file;
mod filters;
mod hints;
pub mod live;
mod numbers;
mod operators;
pub(crate) mod sql_actions;
pub(crate) mod sql_text;
pub mod state;
pub mod tables;
mod tests_of_segment;
mod writing;
