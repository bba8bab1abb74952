//! The seam between whoever shows or prints numbers and whoever works them out.
//!
//! [`Backend`] is all that can be asked of a database. A question is a value, and so is its answer; each takes a
//! [`Task`], through which it is cancelled and tells how far it is. What a backend cannot do it says with a reason,
//! it never approximates. Nothing here knows how a backend works.

mod answer;
mod backend;
mod case;
mod error;
mod explain;
mod pages;
mod question;
mod task;
mod workspace;

pub use answer::*;
pub use backend::Backend;
pub use case::*;
pub use error::BackendError;
pub use explain::*;
pub use pages::*;
pub use question::*;
pub use task::{Cancel, Progress, ReadTask, Task};
pub(crate) use workspace::{ListFile, WorkspaceFiles};
