//! The seam between whoever shows or prints numbers and whoever works them out.
//!
//! [`Backend`] is all that can be asked of a database. A question is a value, and so is its answer; each takes a
//! [`Task`], through which it is cancelled and tells how far it is. What a backend cannot do it says with a reason,
//! it never approximates. Nothing here knows how a backend works.

mod answer;
mod backend;
mod case;
mod data_steps;
mod error;
mod explain;
mod explain_words;
mod idle_lines;
mod membership;
mod pages;
mod question;
mod reason;
mod run_tests;
mod steps;
mod task;
mod test_report;
mod workspace;

pub use answer::*;
pub use backend::Backend;
pub use case::*;
pub use data_steps::*;
pub use error::BackendError;
pub use explain::*;
pub use explain_words::*;
pub(crate) use idle_lines::changes_nothing;
pub use membership::*;
pub use pages::*;
pub use question::*;
pub use run_tests::run_tests;
pub use steps::*;
pub use task::{Cancel, Progress, ReadTask, Task};
pub use test_report::*;
pub(crate) use workspace::{ListFile, WorkspaceFiles};
